"""scripts/recommend: the formulas that ours are measured against, as their own functions answer them.

compat-cases.json holds what the three functions of the Stash AI Server 0.9.3 (and its plugins' commit 40092df)
returned over SQLite: the toy library, a history with Stash's views, one where Stash has durations alone, and one that
is large enough for the limit per tag. The rest was reckoned by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.commands import recommend
from scripts.evaluation.compat import (
    Library,
    Scene,
    StashRow,
    Watch,
    Watched,
    performer_tag_hybrid,
    personalized_tfidf,
    segment_similarity,
)

CASES = Path(__file__).parent / "compat-cases.json"
Run = Callable[[Any], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def said(document: Any) -> tuple[int, str, str]:
        path = tmp_path / "cases.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        status = recommend.main([str(path)])
        out, err = capsys.readouterr()
        return status, out, err

    return said


def test_all_answers_are_as_the_functions_themselves_gave_them(run: Run) -> None:
    document = json.loads(CASES.read_text())
    status, out, _ = run(document)
    expected = [{"name": case["name"], "compat": case["expected"]} for case in document["cases"]]
    assert (status, json.loads(out)) == (0, {"cases": expected})


def test_lists_of_seeds_are_asked_of_all_three(run: Run) -> None:
    case = json.loads(CASES.read_text())["cases"][0]
    expected = case.pop("expected")
    status, out, _ = run({"cases": [{**case, "seeds": [[], [1], [8], [1, 2]]}]})
    (answer,) = json.loads(out)["cases"]
    assert status == 0
    keys = ["[]", "[1]", "[8]", "[1, 2]"]
    assert list(answer["compat"]["personalized_tfidf"]) == keys
    assert list(answer["compat"]["performer_tag_hybrid"]) == keys
    assert sorted(answer["compat"]["segment_similarity"]) == sorted(
        f"{key}{more}" for key in keys for more in ("", " full_scene")
    )
    for key, ranking in expected["segment_similarity"].items():
        assert answer["compat"]["segment_similarity"][key] == ranking
    assert answer["compat"]["segment_similarity"]["[8]"] == []  # never watched


def scene(duration_s: float = 100, studio: int | None = None, performers: tuple[int, ...] = (), **tags: float) -> Scene:
    """tags: seconds that t1, t2, ... are shown, from the start."""
    spans = {int(name[1:]): ((0.0, seconds),) for name, seconds in tags.items()}
    return Scene(duration_s, studio, performers, spans)


def test_a_limit_per_tag_comes_before_the_watched_are_left_out() -> None:
    """Twelve tags share 200 places, 16 each. Scene 17 shows them too, only shorter: it is never looked at."""
    whole, shorter = (dict.fromkeys(range(1, 13), ((0.0, end),)) for end in (50.0, 49.0))
    library = Library({number: Scene(100, spans=whole if number < 17 else shorter) for number in range(1, 18)})
    one = Watched([Watch(16, 1, ((0.0, 100.0),))])
    assert [each for each, _ in personalized_tfidf(library, one, [])] == list(range(15, 0, -1))
    everything = Watched([Watch(number, 1, ((0.0, 100.0),)) for number in range(1, 17)])
    assert personalized_tfidf(library, everything, []) == []


def test_how_often_is_reckoned_from_the_sum_of_all_plays() -> None:
    """Both sources saw the same watching; it counts twice, and the sum of plays is taken for the scene's length:
    (50 + 400) / 400 times, at most 60 s of the tag, idf 1, 10 s in the other scene.
    """
    library = Library({1: scene(t1=60), 2: scene(t1=10)})
    watched = Watched([Watch(1, 2, ((0.0, 50.0),))], [StashRow(1, 400, (2.0,))])
    assert personalized_tfidf(library, watched, []) == [(2, 675.0)]


@pytest.mark.parametrize(
    ("row", "score"),
    [
        (StashRow(1, 0, (1.0, 80.0, 90.0)), 3 * 60 * 10),  # three views, two of them long ago: three whole scenes
        (StashRow(1, 50, (1.0, 2.0)), 0.5 * 50 * 10),  # its seconds are known, so views say nothing
        (StashRow(1, 29, (1.0,)), None),  # below 30 s
        (StashRow(1, 500, (46.0,)), None),  # too long ago
        (StashRow(1, 50, ()), 0.5 * 50 * 10),  # no views at all: seconds without a date
    ],
)
def test_what_stash_alone_knows(row: StashRow, score: float | None) -> None:
    library = Library({1: scene(t1=60), 2: scene(t1=10)})
    assert personalized_tfidf(library, Watched(stash=[row]), []) == ([] if score is None else [(2, score)])


def test_seeds_count_as_watched_for_as_long_as_their_tags_are_shown() -> None:
    """(60 + 30) / 100 of it, though only 40 s were watched: tf 54 and 27, idf 1 and ln(4 / 3) + 1."""
    library = Library({1: scene(t1=60, t2=30), 2: scene(t1=10), 3: scene()})
    watched = Watched([Watch(1, 1, ((0.0, 40.0),))])
    assert personalized_tfidf(library, watched, [1]) == [(2, 540.0)]
    assert personalized_tfidf(library, Watched(), [3]) == []
    assert personalized_tfidf(library, Watched(), []) == []


def test_similarity_by_seconds_watched_or_by_whole_scenes() -> None:
    library = Library(
        {1: scene(t1=60, t2=60), 2: scene(t1=80, t2=80), 3: scene(t1=30), 4: scene(t1=9), 5: scene(t1=30)}
    )
    watched = Watched([Watch(1, 300, ((0.0, 20.0), (10.0, 30.0)))])
    # 30 s of each tag in 30 s of watching: 60 / 30, clamped. Equal ones stay in their order; 9 s are too few.
    assert segment_similarity(library, watched, [1]) == [(2, 1.0), (3, 1.0), (5, 1.0)]
    assert segment_similarity(library, watched, [1], full_scene=True) == [(2, 1.0), (3, 1.0), (5, 1.0)]
    assert segment_similarity(library, Watched(), [1]) == []
    assert segment_similarity(library, Watched(), [1], full_scene=True) == [(2, 1.0), (3, 0.25), (5, 0.25)]
    assert segment_similarity(library, watched, []) == []


def test_performers_tags_and_studio() -> None:
    library = Library(
        {
            1: scene(studio=7, performers=(1, 2)),
            2: scene(performers=(1,)),
            3: scene(performers=(2,)),
            4: scene(studio=7),  # the studio alone: not even looked at
            5: scene(studio=7, performers=(1, 2), t1=200),
            6: scene(t1=40),
        }
    )
    nothing = performer_tag_hybrid(library, Watched(), [1])
    assert nothing == [(5, 0.65), (3, 0.3), (2, 0.3)]  # equal scores: the higher id first
    # What was watched is left out; its tag is worth 0.3 at 40 s.
    watched = Watched([Watch(6, 1, ((0.0, 40.0),))])
    assert performer_tag_hybrid(library, watched, [1]) == [(5, 0.95), (3, 0.3), (2, 0.3)]
    assert performer_tag_hybrid(library, watched, [99]) == [(5, 0.3)]
    assert performer_tag_hybrid(library, watched, []) == []


GOOD: dict[str, Any] = {"scenes": {"1": {"duration": 10, "studio": None, "performers": [], "spans": {}}}}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("{", "is no JSON"),
        ([], "the file is []; it must be an object"),
        ({}, '"cases" is missing; it must be a list'),
        ({"cases": [{"name": "A"}]}, "case A, library is missing; it must be an object"),
        ({"cases": [{"library": {}}]}, "case 1, scenes is missing; it must be an object"),
        ({"cases": [{"library": {"scenes": {"x": {}}}}]}, 'case 1, scenes: "x" is no id'),
        ({"cases": [{"library": {"scenes": {"1": {"duration": -1}}}}]}, "scene 1, duration is -1; it must be a number"),
        ({"cases": [{"library": {"scenes": {"1": {"duration": float("nan")}}}}]}, "scene 1, duration is NaN"),
        (
            {"cases": [{"library": {"scenes": {"1": {"duration": 1, "spans": {"5": [[2, 1]]}}}}}]},
            "scene 1, tag 5: [2, 1] ends before it starts",
        ),
        (
            {"cases": [{"library": {"scenes": {"1": {"duration": 1, "spans": {"5": [[2]]}}}}}]},
            "scene 1, tag 5: [2] is no [start_s, end_s]",
        ),
        (
            {"cases": [{"library": {**GOOD, "watch": [{"scene": 9, "days_ago": 1, "segs": []}]}}]},
            "case 1, watch 1: scene 9 is not in the library",
        ),
        (
            {"cases": [{"library": {**GOOD, "watch": [{"scene": 1, "segs": []}]}}]},
            "case 1, watch 1, days_ago is missing; it must be a number from 0",
        ),
        (
            {"cases": [{"library": {**GOOD, "stash": [{"scene": 1}, {"scene": 1}]}}]},
            "case 1, stash: a scene has two rows",
        ),
        ({"cases": [{"library": GOOD, "seeds": [["a"]]}]}, 'case 1, seeds: "a" is no id'),
        ({"cases": [{"library": GOOD, "expected": {"best": {}}}]}, "case 1, expected: best is none of"),
        (
            {"cases": [{"library": GOOD, "expected": {"personalized_tfidf": {"1": []}}}]},
            "expected, personalized_tfidf, 1: no list of seeds",
        ),
        (
            {"cases": [{"library": GOOD, "expected": {"personalized_tfidf": {"[1] full_scene": []}}}]},
            "what stands after the list is not known",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_sentence(run: Run, document: Any, sentence: str) -> None:
    status, out, err = run(document)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.startswith("recommend: ") and err.count("\n") == 1


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert recommend.main(["/nowhere/cases.json"]) == 2
    assert capsys.readouterr().err == "recommend: /nowhere/cases.json: No such file or directory\n"
