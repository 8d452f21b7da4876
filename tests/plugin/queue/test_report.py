from __future__ import annotations

import pytest

from plugin.queue.report import AtWork, Tally, detail, sentence


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(311, 4000, 0, 311, 3600.0, 136_800.0), "Medium 312 of 4 000 · 38× · about 12 h left"),
        (Tally(0, 1, 0, 0, 0.0, 0.0), "Medium 1 of 1"),
        (Tally(0, 1, 0, 0, 5.0, 0.0, 99.6), "Medium 1 of 1 · 100 frames/s"),
        (Tally(1, 12, 1, 1, 60.0, 90.0), "Medium 2 of 12 · 1.5× · 1 failed"),
        (Tally(2, 12, 0, 2, 20.0, 0.0), "Medium 3 of 12 · about 2 min left"),
        (Tally(10, 12, 2, 4, 20.0, 0.0), "Medium 11 of 12 · about 10 s left · 2 failed"),
        (Tally(12, 12, 0, 12, 60.0, 6000.0), "Medium 12 of 12 · 100×"),
        (Tally(2, 1_000_000, 0, 2, 60.0, 0.0), "Medium 3 of 1 000 000 · about 347 days left"),
        (Tally(5, 6, 0, 500, 0.001, 0.0), "Medium 6 of 6 · about 1 s left"),
    ],
)
def test_how_far_it_is(tally: Tally, said: str) -> None:
    assert sentence(tally).replace("\N{NO-BREAK SPACE}", " ") == said


def test_shares() -> None:
    assert [Tally(done, total, 0, 0, 0, 0).share for done, total in ((0, 0), (0, 4), (1, 4), (4, 4))] == [0, 0, 0.25, 1]


def test_what_is_in_work_is_kept_in_numbers() -> None:
    media = (
        AtWork("scene", 7, "<b>Seven</b>", "refine", 12.3456, 60.04, 30.55, 4.449),
        AtWork("image", 2, "Two"),
    )
    assert detail(Tally(3, 9, 1, 3, 10.0, 90.0, 30.55, media)) == {
        "done": 3,
        "total": 9,
        "failed": 1,
        "frames_per_s": 30.6,
        "media": [
            {
                "kind": "scene",
                "id": 7,
                "name": "<b>Seven</b>",
                "stage": "refine",
                "position_s": 12.3,
                "duration_s": 60.0,
                "frames_per_s": 30.6,
                "seconds_left": 4.4,
            },
            {
                "kind": "image",
                "id": 2,
                "name": "Two",
                "stage": "",
                "position_s": 0.0,
                "duration_s": 0.0,
                "frames_per_s": 0.0,
                "seconds_left": None,
            },
        ],
    }
