"""Parts of a scene's score, computed anew for the few scenes that are shown, and said in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from plugin.recommend.profile import Wish, new_at
from plugin.recommend.scoring import SLOPE
from plugin.recommend.sentences import MANY, ago, duration, listed, times
from plugin.recommend.values import Catalogue, Question, TagReason
from plugin.recommend.weights import nominal_s

MOST_TAGS = 10
"""Of a scene, with their parts of its score."""

MOST_SHOWN = 3
"""Names of one kind in a sentence."""

WORTH_SAYING = 0.35
"""Of the greatest reason of its kind: smaller ones stay out of the sentence."""

THROUGHOUT = 0.95
"""Share of a scene from which on its seconds say nothing: it is that kind of scene."""


def tag_reasons(
    catalogue: Catalogue, wishes: Sequence[Wish], ordinal: int, detail: Mapping[str, Any]
) -> tuple[list[TagReason], float]:
    """The MOST_TAGS greatest, whichever sign, and the sum of all. detail: factor, by which dot() was multiplied for the
    score, and pivot.
    """
    weights = {wish.id: wish.weight for wish in wishes}
    factor = detail["factor"] / (detail["pivot"] + SLOPE * catalogue.norm[ordinal])
    found = [
        (factor * weights[each.term] * each.weight, each)
        for each in catalogue.terms_of(ordinal)
        if each.term in weights
    ]
    found.sort(key=lambda one: (-abs(one[0]), one[1].term))
    greatest = [
        TagReason(
            each.term,
            catalogue.name("term", each.term),
            catalogue.tag_id_of(each.term),
            each.seconds,
            weights[each.term],
            score,
            is_timed(each.seconds, catalogue.duration_s[ordinal]),
        )
        for score, each in found[:MOST_TAGS]
    ]
    return greatest, sum(score for score, _ in found)


def performer_reasons(
    catalogue: Catalogue, wishes: Sequence[Wish], ordinal: int, factor: float
) -> list[tuple[int, str, float]]:
    """Greatest first: id, name, part of the score."""
    there = set(catalogue.performers_of(ordinal))
    found = [
        (wish.id, catalogue.name("performer", wish.id), factor * wish.weight) for wish in wishes if wish.id in there
    ]
    return sorted(found, key=lambda reason: (-abs(reason[2]), reason[0]))


def studio_reason(
    catalogue: Catalogue, wishes: Sequence[Wish], ordinal: int, factor: float
) -> tuple[int, str, float] | None:
    studio = catalogue.studio[ordinal]
    for wish in wishes:
        if studio and wish.id == studio:
            return studio, catalogue.name("studio", studio), factor * wish.weight
    return None


def with_variety(parts: Mapping[str, float], detail: Mapping[str, Any], scene_id: int) -> dict[str, float]:
    """parts without those that are 0, and what the scene lost by being like others above it."""
    found = {name: value for name, value in parts.items() if value}
    lost = detail["lost"].get(str(scene_id), detail["strength"] if detail["lost"] else 0.0)
    if lost:
        found["variety"] = -lost * math.fsum(found.values())
    return found


def history_of(question: Question, ordinal: int) -> dict[str, Any]:
    """What the owner did with this very scene; {} where nothing."""
    found: dict[str, Any] = {}
    by_ordinal = question.shared.get("by_ordinal")
    if by_ordinal is None:
        by_ordinal = question.shared["by_ordinal"] = question.history.by_ordinal()
    scene = by_ordinal.get(ordinal)
    if scene:
        found = {
            "last_s": scene.last_s,
            "watched_s": scene.watched_s,
            "share": scene.share,
            "plays": scene.plays,
            "o_count": scene.o_count,
            "rating100": scene.rating100,
            "skipped": scene.skipped,
        }
    if verdict := question.history.feedback.get(ordinal):
        found["feedback"] = verdict
    return found


def shows(reasons: Sequence[TagReason], why: str) -> str:
    """A clause about what the scene shows: shows "guitar" for 6 minutes and "at night", which you watch a lot; "" for
    none. why: how it goes on.
    """
    above = _worth_saying([reason.score for reason in reasons])
    named = [reason for reason in reasons if reason.name and reason.score >= above > 0][:MOST_SHOWN]
    if not named:
        return ""
    words = [
        f'"{reason.name}" for {duration(reason.seconds)}' if reason.is_timed else f'"{reason.name}"' for reason in named
    ]
    return f"shows {listed(words)}{why}"


def how_often(reasons: Sequence[TagReason], wishes: Sequence[Wish]) -> str:
    """How shows() goes on about tags that the owner likes: ratings alone are no watching."""
    seen = {wish.id: wish.scenes for wish in wishes}
    often = seen.get(max(reasons, key=lambda reason: reason.score).term, 0) if reasons else 0
    if not often:
        return ", which you like"
    return ", which you watch a lot" if often >= MANY else ", which you watch"


def with_whom(reasons: Sequence[tuple[int, str, float]], wishes: Sequence[Wish]) -> str:
    """ "is with Anna, whom you watched 4 times"; "" for nobody."""
    seen = {wish.id: wish.scenes for wish in wishes}
    above = _worth_saying([score for _, _, score in reasons])
    named = [(key, name) for key, name, score in reasons if name and score >= above > 0][:MOST_SHOWN]
    if not named:
        return ""
    if len(named) == 1:
        key, name = named[0]
        return f"is with {name}, whom you watched {times(seen[key])}" if seen.get(key) else f"is with {name}"
    least = min(seen.get(key, 0) for key, _ in named)
    how = ", whom you watch a lot" if least >= MANY else ", whom you watch" if least else ""
    return f"is with {listed([name for _, name in named])}{how}"


def from_where(reason: tuple[int, str, float] | None, wishes: Sequence[Wish]) -> str:
    """ "is from Studio, as are 3 that you watched"; "" for no studio."""
    if reason is None or not reason[1] or reason[2] <= 0:
        return ""
    seen = next((wish.scenes for wish in wishes if wish.id == reason[0]), 0)
    if not seen:
        return f"is from {reason[1]}"
    return f"is from {reason[1]}, as {'is one' if seen == 1 else f'are {seen}'} that you watched"


def newness(question: Question, ordinal: int, share: float) -> float:
    """What a scene gains by being new."""
    return share * new_at(question.history.now_s - question.catalogue.created_s[ordinal])


def is_new(question: Question, ordinal: int, parts: Mapping[str, float]) -> str:
    """ "came 3 days ago, and you like what is new"; "" where that matters little."""
    if parts["new"] < WORTH_SAYING * max(parts.values()) or parts["new"] <= 0:
        return ""
    return f"came {ago(question.history.now_s - question.catalogue.created_s[ordinal])}"


def is_timed(seconds: float, length_s: float) -> bool:
    """Whether seconds say anything: not where they stand for a tag without times, nor for all of the scene."""
    return length_s > 0 and seconds < THROUGHOUT * length_s and abs(seconds - nominal_s(length_s)) > 0.01


def _worth_saying(scores: Sequence[float]) -> float:
    return WORTH_SAYING * max(scores, default=0.0)
