"""What the interface costs a page of Stash: bytes, evaluating the script, and how much later the page is there.

Against the stand-in for Stash, whose page is lighter than Stash's own: what is added is as it would be there, and its
share of the whole is larger than it would be there.
"""

from __future__ import annotations

import gzip
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugin.interface.input import PLUGIN_ID
from scripts import chromium, ui
from scripts.benchmark.installed import installed_standin
from scripts.commands.package import ROOT
from scripts.ui import PLUGIN_FILES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCRIPT = f"/plugin/{PLUGIN_ID}/javascript"
PARTS: Mapping[str, str] = {"navigation bar": ".top-nav", "tabs of the scene": ".scene-tabs"}
"""What people wait for -> a selector of it."""

ARGUMENTS = ("--disable-gpu", "--no-first-run", "--no-sandbox")
"""Of Chromium. The page is our own, and as root there is no sandbox."""

# Notes when each part is there first, milliseconds since the navigation began.
WATCH = """(parts) => {
  window.senseSeen = {};
  const look = () => {
    for (const [name, selector] of Object.entries(parts)) {
      if (!(name in window.senseSeen) && document.querySelector(selector)) window.senseSeen[name] = performance.now();
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}"""


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes, as they are and as a server may send them."""

    raw: int
    gzip: int


@dataclass(frozen=True, slots=True)
class Part:
    """Medians over loads of a scene's page, milliseconds since it was asked for."""

    without_ms: float
    with_ms: float


@dataclass(frozen=True, slots=True)
class Interface:
    """evaluate_ms: the script compiled and run, milliseconds of its thread (median, worst)."""

    sizes: Mapping[str, Size]
    evaluate_ms: float
    evaluate_worst_ms: float
    parts: Mapping[str, Part]


def measure(loads: int) -> Interface:
    """With the plugin and without it in turns, `loads` times each. Raises RuntimeError where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    program = chromium.find()
    if program is None:
        raise RuntimeError(chromium.HOW)
    ui.build_page(ROOT)
    with installed_standin() as (stash, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        scene = next(stash.media(("scene",)))
        url = f"{stash.url}/scenes/{scene.id}"
        seen: dict[bool, list[dict[str, float]]] = {True: [], False: []}
        evaluated = []
        for turn in range(loads + 1):
            for is_with in (True, False):
                document = "mutation Set($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }"
                stash.ask(document, {"map": {PLUGIN_ID: is_with}})
                times, evaluate_ms = _load(browser, url)
                if turn == 0:
                    continue  # The machine has read its files.
                seen[is_with].append(times)
                if is_with:
                    evaluated.append(evaluate_ms)
        browser.close()
    return Interface(
        dict(_sizes()),
        statistics.median(evaluated),
        max(evaluated),
        {
            name: Part(*(statistics.median(times[name] for times in seen[is_with]) for is_with in (False, True)))
            for name in PARTS
        },
    )


def _load(browser: Browser, url: str) -> tuple[dict[str, float], float]:
    """When each part was there, and how long the script took (0 where there is none), in a browser that knows nothing
    yet.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.add_init_script(f"({WATCH})({json.dumps(dict(PARTS))})")
        browser.start_tracing(page=page, categories=["devtools.timeline", "v8"])
        page.goto(url)
        page.wait_for_function(f"Object.keys(window.senseSeen).length === {len(PARTS)}")
        times = page.evaluate("window.senseSeen")
        trace = json.loads(browser.stop_tracing())
        return times, sum(_evaluations(trace["traceEvents"]))
    finally:
        context.close()


def _evaluations(events: Sequence[Mapping[str, Any]]) -> Iterator[float]:
    """Milliseconds of the page's thread, each time that our script was evaluated."""
    for event in events:
        url = event.get("args", {}).get("data", {}).get("url", "")
        if event.get("name") == "EvaluateScript" and SCRIPT in url:
            yield event.get("tdur", event.get("dur", 0)) / 1000


def _sizes() -> Iterator[tuple[str, Size]]:
    for name in PLUGIN_FILES:
        content = (ROOT / "ui" / "dist" / name).read_bytes()
        yield name, Size(len(content), len(gzip.compress(content)))
