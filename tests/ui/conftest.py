"""The packaged plugin with its interface in the stand-in, and a real browser that looks at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import ui
from scripts.demonstration.library import make_library
from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import LABELS, NO_FACES
from tests.plugin.road.installed import PLUGIN_ID, ROOT, InstalledPlugin, installed
from tests.ui.waiting import OPEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
"""Two browsers, two sidecars and their plugins share two cores."""
SCREENSHOTS = ROOT / "screenshots"
README_SHOTS = "ui/screenshots"
UPDATE = "UPDATE_SCREENSHOTS"
"""Environment variable: set, screenshots that README shows are written to README_SHOTS as well."""

NOT_OURS = (
    "reading 'querySelector' of null",  # Stash itself, on leaving a scene
    "favicon",
    "_thumbs.vtt",  # no sprites were generated
)


@pytest.fixture(scope="session")
def built() -> None:
    """The plugin's script and the stand-in's page, as the sources are now."""
    ui.need_built(ROOT)


@pytest.fixture
def bare_sense(built: None, tmp_path: Path, media_dir: Path, sidecar: SidecarProcess) -> Iterator[InstalledPlugin]:
    """Set up, with an empty library at plugin.library_dir that nobody analysed."""
    with installed(tmp_path, library_dir=media_dir / "libraries" / f"bare-{tmp_path.name}") as plugin:
        prepare(plugin, sidecar)
        yield plugin


@pytest.fixture(scope="session")
def sense(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """A small library, all of it analysed; shared by the session, so leave it as it was found."""
    folder = media_dir / "libraries" / "shared"
    make_library(folder)
    with installed(tmp_path_factory.mktemp("sense"), library_dir=folder) as plugin:
        prepare(plugin, sidecar)
        plugin.stash.scan()
        plugin.task("Analyse new")
        yield plugin


def prepare(plugin: InstalledPlugin, sidecar: SidecarProcess) -> None:
    """Point it at the session's sidecar, and let it look for a handful of concrete things."""
    plugin.stash.configure_plugin(PLUGIN_ID, sidecarAddress=sidecar.address)
    plugin.task("Maintenance")
    plugin.set_settings(vocabulary=False, defaults={"required_s": 3.0, "min_marker_s": 3.0}, **NO_FACES)
    plugin.ask("policy.set", rows=[{"label": label, "phrasings": list(words)} for label, words in LABELS.items()])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page; what the browser complains about while the test runs fails it."""
    yield from _page(browser, DESKTOP)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as wide as a phone."""
    yield from _page(browser, PHONE)


def _page(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    from playwright.sync_api import expect

    context = browser.new_context(viewport=size, locale="en-GB", has_touch=size is PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    context.add_init_script("window.standinPatience = 5")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(_told(message)) if message.type == "error" else None)
    OPEN.append(opened)
    try:
        yield opened
    finally:
        OPEN.remove(opened)
        context.close()
    unexpected = [one for one in complaints if not any(known in one for known in (*NOT_OURS, *expected(opened)))]
    assert not unexpected, "\n".join(unexpected)


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location.get('url', '')})"


_EXPECTED: dict[int, list[str]] = {}


def expected(page: Page) -> list[str]:
    """Words of complaints that a test provokes: `expected(page).append("500")`."""
    return _EXPECTED.setdefault(id(page), [])


@pytest.fixture
def shot() -> Callable[[Page, str], Path]:
    """Writes screenshots/<name>.png, which git ignores."""
    readme = (ROOT / "README.md").read_text()

    def take(page: Page, name: str, full_page: bool = False) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=full_page, animations="disabled")
        shown = f"{README_SHOTS}/{name}.webp"
        if os.environ.get(UPDATE) and f"({shown})" in readme:
            from PIL import Image

            with Image.open(path) as picture:
                picture.save(ROOT / shown, quality=80, method=6)
        return path

    return take


def overflow_px(page: Page) -> int:
    """By how much the page is wider than the window; 0 or less is as it should be."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
