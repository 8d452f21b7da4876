"""A real browser for tests of pages: found, started once, and looked over the shoulder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from scripts.chromium import HOW
from scripts.chromium import find as find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

DESKTOP = (1440, 900)
PHONE = (390, 844)

ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

KNOWN = ("reading 'querySelector' of null",)
"""What Stash itself throws on leaving a scene, with no plugin at all."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session. Skips where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"no browser. {HOW}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("no browser: the package playwright is not installed")
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if is_root else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


def new_context(browser: Browser, size: tuple[int, int] = DESKTOP) -> BrowserContext:
    """Cookies and cache of their own, and windows of this size."""
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, locale="en-GB", has_touch=size == PHONE)
    context.set_default_timeout(30_000)
    return context


class Tab:
    """A page of its own. Collects what goes wrong in it."""

    def __init__(
        self, browser: Browser, url: str, size: tuple[int, int] = DESKTOP, context: BrowserContext | None = None
    ) -> None:
        """url: where the stand-in is, without a slash at its end. In a context that is given, of its size, it shares
        cookies and cache.
        """
        self.url = url
        self.complaints: list[str] = []
        """Uncaught errors and lines that the console shows as errors, but for those that Stash itself is known for."""
        self._own = context is None
        self.context: BrowserContext = context or new_context(browser, size)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("console", self._hear)

    def open(self, path: str = "/") -> Page:
        """Go there, and wait until plugins are loaded and the page's frame stands."""
        self.page.goto(f"{self.url}{path}")
        self.wait_until_ready()
        return self.page

    def wait_until_ready(self) -> None:
        self.page.wait_for_selector(".top-nav, .error-boundary")

    def close(self) -> None:
        if self._own:
            self.context.close()
        else:
            self.page.close()

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self._complain(f"{message.text} ({place})" if place else message.text)

    def _complain(self, text: str) -> None:
        if not any(known in text for known in KNOWN):
            self.complaints.append(text)
