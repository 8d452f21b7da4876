from __future__ import annotations

import pytest

from plugin.recommend.profile import Wish
from plugin.recommend.reasons import from_where, how_often, is_timed, shows, with_whom
from plugin.recommend.sentences import ago, duration, listed, sentence, size, times
from plugin.recommend.values import TagReason
from tests.plugin.recommend.samples import CATALOGUE


def reason(name: str, seconds: float, score: float) -> TagReason:
    return TagReason(1, name, None, seconds, 1.0, score, is_timed(seconds, CATALOGUE.duration_s[0]))


def test_clauses_become_one_sentence() -> None:
    assert sentence([], "Nothing.") == "Nothing."
    assert sentence(["is new"], "") == "Is new."
    assert sentence(["shows this", "is with her", "is new"], "") == "Shows this, is with her, and is new."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (59.9, "1 minute"),
        (361, "6 minutes"),
        (3599, "1 hour"),
        (3900, "1 hour and 5 minutes"),
        (7260, "2 hours and 1 minute"),
    ],
)
def test_how_long(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(-3, "today"), (0.9, "today"), (1, "1 day ago"), (59, "59 days ago"), (70, "2 months ago"), (800, "2 years ago")],
)
def test_how_long_ago(days: float, words: str) -> None:
    assert ago(days * 86_400) == words


def test_counts_and_sizes() -> None:
    assert [times(count) for count in (1, 2, 4)] == ["once", "twice", "4 times"]
    assert [listed(["a", "b", "c"][:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert [size(megabytes) for megabytes in (0.1, 900, 3210)] == ["1 MB", "900 MB", "3.2 GB"]


def test_what_is_shown() -> None:
    whole_s = CATALOGUE.duration_s[0]
    reasons = [reason("guitar", 120.4, 0.5), reason("stage", whole_s, 0.3), reason("mud", 9.0, 0.01)]
    assert shows(reasons, ", yes") == 'shows "guitar" for 2 minutes and "stage", yes'
    assert shows([reason("guitar", 60.0, 0.5)], "") == 'shows "guitar"'  # a tag without times
    assert shows([reason("mud", 9.0, -0.5)], "") == ""


@pytest.mark.parametrize(
    ("scenes", "words"), [(0, ", which you like"), (2, ", which you watch"), (5, ", which you watch a lot")]
)
def test_how_often_is_true_of_what_was_watched(scenes: int, words: str) -> None:
    assert how_often([reason("mud", 9.0, 0.1), reason("stage", 60.0, 0.3)], [Wish(1, 1.0, scenes)]) == words


def test_with_whom_and_from_where() -> None:
    anna, bo = (1, "Anna", 0.5), (2, "Bo", 0.4)
    assert with_whom([anna], [Wish(1, 0.5, 4)]) == "is with Anna, whom you watched 4 times"
    assert with_whom([anna], [Wish(1, 0.5, 0)]) == "is with Anna"
    assert with_whom([anna, bo], [Wish(1, 0.5, 9), Wish(2, 0.5, 7)]) == "is with Anna and Bo, whom you watch a lot"
    assert with_whom([(3, "", 0.5)], []) == ""
    assert from_where((5, "Mill", 0.2), [Wish(5, 0.2, 3)]) == "is from Mill, as are 3 that you watched"
    assert from_where((5, "Mill", 0.2), [Wish(5, 0.2, 1)]) == "is from Mill, as is one that you watched"
    assert from_where(None, []) == ""
