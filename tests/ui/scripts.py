"""Other scripts in the place of the plugin's own, served to one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scripts import ui
from tests.plugin.road.installed import PLUGIN_ID, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = f"**/plugin/{PLUGIN_ID}/javascript*"
BUILT = ROOT / "ui" / "dist" / "stash-sense.js"


def build(entry: str, out: Path) -> str:
    """A script from ui/test, built as the plugin's own is."""
    ui.install_packages(ROOT)
    ui.run(ROOT, [ui.node()[0], "build.mjs", "--entry", f"test/{entry}", str(out)], f"{entry} cannot be built")
    return (out / "stash-sense.js").read_text(encoding="utf-8")


def serve(page: Page, script: str) -> None:
    """Give the page this script in place of the plugin's."""
    page.route(ADDRESS, lambda route: route.fulfill(body=script, content_type="text/javascript"))


def beside(page: Page, before: str = "", behind: str = "") -> None:
    """Let another plugin's script run before, or behind, the plugin's own."""
    serve(page, f"{before}\n{BUILT.read_text(encoding='utf-8')}\n{behind}")
