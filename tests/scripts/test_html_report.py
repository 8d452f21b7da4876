"""The HTML report: hostile names stay text, nothing is fetched, and every span stands where its seconds say."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from scripts.commands.html_report import render

HOSTILE = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0 not decoded here").decode()
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Collects elements and checks that they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.setdefault(self._open[-1] if self._open else "", []).append(data)

    def having(self, kind: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if kind in attributes.get("class", "").split()]


def span(tag: str, start_s: float, end_s: float, **more: Any) -> dict[str, Any]:
    exact = {"start_uncertainty_s": 0.0, "end_uncertainty_s": 0.0, "peak_s": (start_s + end_s) / 2}
    return {"tag": tag, "category": "things", "start_s": start_s, "end_s": end_s, "score": 4.0, **exact, **more}


def medium(*spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    seconds = {
        entry["tag"]: sum(s["end_s"] - s["start_s"] for s in spans if s["tag"] == entry["tag"]) for entry in spans
    }
    tags = [
        {"tag": tag, "category": "things", "seconds": s, "share": s / 100, "score": 4.0} for tag, s in seconds.items()
    ]
    facts = {"decoder": "pyav", "frames_decoded": 30, "frames_embedded": 20, "from_cache": False}
    base = {"path": "/videos/a.mp4", "duration_s": 100.0, "spans": list(spans), "tags": tags, "warnings": []}
    return {**base, **facts, "error": None, **more}


def style_of(attributes: dict[str, str]) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"([\w-]+):([\d.]+)", attributes["style"])}


def test_hostile_names_and_messages_stay_text() -> None:
    said = {"code": HOSTILE, "message": HOSTILE}
    media = [
        medium(span(HOSTILE, 1, 2, category=HOSTILE), path=HOSTILE, warnings=[said], decoder=HOSTILE),
        medium(path=HOSTILE, error=said),
        medium(span(HOSTILE, 0, 0), duration_s=0),
    ]
    page = Page(render({"media": media}, title=HOSTILE))
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert HOSTILE in page.text["title"]
    assert {attributes["data-tag"] for attributes in page.having("span")} == {HOSTILE}


def test_nothing_is_fetched_and_only_the_stated_script_may_run() -> None:
    html = render({"media": [medium(span("cat", 1, 2), strip=[{"pts_s": 1.0, "jpeg": JPEG}])]})
    page = Page(html)
    assert "://" not in html
    sources = [
        a.get("src", "") + a.get("href", "") for tag, a in page.elements if tag in ("img", "a", "link", "script")
    ]
    assert all(source == "" or source.startswith(("data:image/jpeg;base64,", "#")) for source in sources)
    assert not [tag for tag, _ in page.elements if tag in ("link", "iframe", "object", "form", "base")]
    assert not re.search(r"url\(|@import|\beval\b", html)
    digest = base64.b64encode(hashlib.sha256("".join(page.text["script"]).encode()).digest()).decode()
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_a_picture_that_is_no_base64_is_left_out() -> None:
    strip = [{"pts_s": 1.0, "jpeg": '"><script>alert(1)</script>'}, {"pts_s": 2.0, "jpeg": JPEG}]
    page = Page(render({"media": [medium(span("cat", 1, 2), strip=strip)]}))
    assert [a["data-pts"] for tag, a in page.elements if tag == "img"] == ["2"]


def test_spans_stand_where_their_seconds_say_and_stronger_ones_are_stronger() -> None:
    page = Page(render({"media": [medium(span("cat", 10, 30, score=2.0), span("dog", 50, 100, score=4.0))]}))
    styles = {attributes["data-tag"]: style_of(attributes) for attributes in page.having("span")}
    assert (styles["cat"]["left"], styles["cat"]["width"]) == (10, 20)
    assert (styles["dog"]["left"], styles["dog"]["width"]) == (50, 50)
    assert styles["cat"]["--strength"] < styles["dog"]["--strength"] == 1.0
    assert [attributes["tabindex"] for attributes in page.having("span")] == ["0", "0"]
    assert page.having("span")[0]["aria-label"].startswith("dog, 0:50.0 to 1:40.0, score 4.00")


def test_an_uncertain_boundary_fades_over_what_it_may_be() -> None:
    uncertain = span("cat", 20, 40, start_uncertainty_s=2.0)
    page = Page(render({"media": [medium(uncertain, span("dog", 60, 61))]}))
    cat, dog = (next(a for a in page.having("span") if a["data-tag"] == tag) for tag in ("cat", "dog"))
    assert (style_of(cat)["left"], style_of(cat)["width"]) == (18, 22)
    assert style_of(cat)["--soft-start"] == pytest.approx(100 * 4 / 22, abs=0.1)
    assert "sharp" not in cat["class"].split()
    assert "sharp" in dog["class"].split()
    assert "± 2.0 s" in cat["data-when"]


def test_lanes_are_grouped_by_category_and_the_longest_come_first() -> None:
    media = [medium(span("short", 0, 1), span("long", 0, 50), span("middle", 0, 20, category="people"))]
    media[0]["tags"][2]["category"] = "people"
    page = Page(render({"media": media}))
    assert [a["data-tag"] for a in page.having("span")] == ["long", "short", "middle"]
    assert page.text["h3"] == ["things", "people"]


def test_failures_and_empty_results_are_said_honestly() -> None:
    error = {"code": "not_media", "message": "notes.mp4 is a text file; name a video or an image."}
    html = render({"media": [medium(error=error, path="/videos/notes.mp4"), medium()]})
    assert "2 files, 1 failed" in html
    assert "Failed: notes.mp4 is a text file" in html
    assert "No tags found." in html


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -5.0, "12", None, 1e300])
def test_odd_numbers_do_no_harm(odd: object) -> None:
    media = [medium(span("cat", 1, 2), duration_s=odd), medium(span("cat", 1, 2, score=odd, start_uncertainty_s=odd))]
    media[1]["spans"][0]["end_s"] = odd
    page = Page(render({"media": media}))
    for attributes in page.having("span"):
        assert 0 <= style_of(attributes)["left"] <= 100
        assert 0 <= style_of(attributes)["width"] <= 100


def test_a_name_that_is_no_unicode_can_be_written() -> None:
    html = render({"media": [medium(path=b"/videos/caf\xe9\x1b.mp4".decode("utf-8", "surrogateescape"))]})
    assert "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.mp4" in html.encode("utf-8").decode("utf-8")
