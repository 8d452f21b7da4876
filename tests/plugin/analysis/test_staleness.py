from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugin.analysis.staleness import FacesWanted, Wanted, face_need_of, need_of
from plugin.stash.values import MediaRow
from plugin.store.faces import FaceAnalysis
from tests.plugin.store.samples import ANALYSIS

WANTED = Wanted("lite", "v1", "q1", 4.0, "p1")
ROW = MediaRow(1, ANALYSIS.content)


def test_what_is_up_to_date_needs_nothing() -> None:
    assert need_of(ROW, ANALYSIS, WANTED) == (None, "")


@pytest.mark.parametrize(
    ("wanted", "need", "why"),
    [
        ({"model": "better"}, "analyse", "analysed with lite, now better is used"),
        ({"interval_s": 2.0}, "analyse", "samples lie up to 4 s apart, 2 s are wanted"),
        ({"interval_s": 8.0}, None, ""),  # nearer samples than wanted are good enough
        ({"interval_s": 4.0000001}, None, ""),
        ({"vocabulary": "v2"}, "retag", "the vocabulary has changed"),
        ({"query": "q2"}, "retag", "tags or thresholds have changed"),
        ({"policy": "p2"}, "decide", "the policy has changed"),
        ({"model": ""}, None, ""),  # the sidecar is away: nothing is stale for that
        ({"vocabulary": ""}, None, ""),
        ({"model": "better", "query": "q2", "policy": "p2"}, "analyse", "analysed with lite, now better is used"),
        ({"query": "q2", "policy": "p2"}, "retag", "tags or thresholds have changed"),
    ],
)
def test_each_cause_asks_for_the_least_that_helps(wanted: dict[str, Any], need: str | None, why: str) -> None:
    assert need_of(ROW, ANALYSIS, replace(WANTED, **wanted)) == (need, why)


@pytest.mark.parametrize(
    ("content", "known_content", "need"),
    [
        ("oshash-b-10", "oshash-a-10", "analyse"),
        ("oshash-a-11", "oshash-a-10", "analyse"),
        ("", "oshash-a-10", None),  # a scene without a file just now
        ("oshash-a-10", "", None),
    ],
)
def test_another_content_is_another_medium(content: str, known_content: str, need: str | None) -> None:
    assert need_of(MediaRow(1, content), replace(ANALYSIS, content=known_content), WANTED)[0] == need


def test_what_was_never_analysed() -> None:
    assert need_of(ROW, None, WANTED) == ("analyse", "not analysed yet")


@pytest.mark.parametrize("kind", ["image", "gallery"])
def test_a_finer_interval_is_nothing_to_what_does_not_play(kind: str) -> None:
    known = replace(ANALYSIS, kind=kind, duration_s=0.0)
    assert need_of(ROW, known, replace(WANTED, interval_s=1.0)) == (None, "")


class TestFaces:
    ROW = MediaRow(1, "oshash-a-10")
    KNOWN = FaceAnalysis("scene", 1, "A", 1, "oshash-a-10", "key", "whole", "dlib", "", 60.0, 15, 3, "g1", "r1")
    WANTED = FacesWanted("dlib", "g1", "r1")

    def test_what_was_never_looked_at_is_looked_at(self) -> None:
        assert face_need_of(self.ROW, None, self.WANTED) == "look"

    def test_what_is_up_to_date_is_left(self) -> None:
        assert face_need_of(self.ROW, self.KNOWN, self.WANTED) is None
        assert face_need_of(MediaRow(1, ""), self.KNOWN, self.WANTED) is None, "Stash knows no fingerprint yet"

    @pytest.mark.parametrize(
        ("row", "wanted", "need"),
        [
            (MediaRow(1, "oshash-b-10"), WANTED, "look"),
            (ROW, FacesWanted("insightface/buffalo_l", "g1", "r1"), "look"),
            (ROW, FacesWanted("dlib", "g2", "r1"), "match"),
            (ROW, FacesWanted("dlib", "g2", "r2"), "match"),
            (ROW, FacesWanted("dlib", "g1", "r2"), "decide"),
        ],
    )
    def test_the_least_that_helps(self, row: MediaRow, wanted: FacesWanted, need: str) -> None:
        assert face_need_of(row, self.KNOWN, wanted) == need
