"""What the owner wants to see, as a few weighed tags, performers and studios.

A tag's weight is how much of what was liked shows it, against how much of the library does: what everything shows says
nothing about anybody. What is skipped or rated low, and rarely liked, weighs against.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.recommend.liking import DAY_S, Liked, faded
from plugin.recommend.values import Catalogue

MOST_TERMS, MOST_PERFORMERS, MOST_STUDIOS = 30, 40, 20
CONSIDERED = 2
"""Terms whose background is looked at, for each that is kept."""

SURE_AFTER = 4.0
"""Scenes that the library's average counts for beside those that were liked."""

AGAINST = 0.5
"""What dislike weighs beside liking (Rocchio's gamma, over beta): leaving says less than staying."""

NEW_DAYS = 14.0
"""Days in the library after which a scene is half as new."""

LEAST_NEW = 0.01
"""Below this nothing is new: after about three months."""

DOUBLINGS = 4.0
"""Somebody who watches what is new 16 times as often as chance would watches what is new."""

EVIDENCE = 3.0
"""Times that somebody was liked beyond chance at which the liking counts half."""


@dataclass(frozen=True, slots=True)
class Wish:
    """id: of a term, performer or studio. weight: the greatest of terms is 1; of performers and studios -1 to 1.
    scenes: in how many scenes that were watched and liked.
    """

    id: int
    weight: float
    scenes: int


@dataclass(frozen=True, slots=True)
class Profile:
    """scenes: how many were liked. Each list: the heaviest first, whichever sign. newness: 0 to 1, how much more often
    than by chance something was watched while it was new.
    """

    terms: tuple[Wish, ...] = ()
    performers: tuple[Wish, ...] = ()
    studios: tuple[Wish, ...] = ()
    scenes: int = 0
    newness: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """What from_json() takes."""
        lists = {"terms": self.terms, "performers": self.performers, "studios": self.studios}
        found: dict[str, Any] = {
            name: [[wish.id, wish.weight, wish.scenes] for wish in wishes] for name, wishes in lists.items()
        }
        return {**found, "scenes": self.scenes, "newness": self.newness}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Profile:
        terms, performers, studios = (
            tuple(Wish(*each) for each in value[name]) for name in ("terms", "performers", "studios")
        )
        return cls(terms, performers, studios, value["scenes"], value["newness"])


def make_profile(catalogue: Catalogue, liked: Sequence[Liked], now_s: float) -> Profile:
    """Empty where nothing was liked or disliked."""
    above, below = [one for one in liked if one.liking > 0], [one for one in liked if one.liking < 0]
    if not above and not below:
        return Profile()
    scenes_of_performer, of_studio = catalogue.scenes_of_performer, Counter(catalogue.studio)
    alive = len(catalogue.scene_ids)
    return Profile(
        terms=_terms(catalogue, above, below),
        performers=_people(
            lambda one: catalogue.performers_of(one.ordinal),
            lambda key: len(scenes_of_performer(key)) / alive,
            above,
            below,
            MOST_PERFORMERS,
        ),
        studios=_people(
            lambda one: _studio(catalogue, one.ordinal),
            lambda key: of_studio[key] / alive,
            above,
            below,
            MOST_STUDIOS,
        ),
        scenes=len(above),
        newness=fondness_of_new(catalogue, above, now_s),
    )


def new_at(age_s: float, days: float = NEW_DAYS) -> float:
    """How new a scene is that came so long ago: 1 now, half after so many days, 0 when nobody would call it new."""
    newness = faded(age_s, days)
    return newness if newness >= LEAST_NEW else 0.0


def news(catalogue: Catalogue, now_s: float, days: float) -> list[float]:
    """By ordinal: new_at() of all scenes at once."""
    half_life_s = days * DAY_S
    oldest_s = now_s + half_life_s * math.log2(LEAST_NEW)
    return [
        (0.5 ** ((now_s - created_s) / half_life_s) if created_s < now_s else 1.0) if created_s >= oldest_s else 0.0
        for created_s in catalogue.created_s
    ]


def fondness_of_new(catalogue: Catalogue, liked: Sequence[Liked], now_s: float) -> float:
    """0 to 1: how much more often than by chance what was liked was watched while it was new."""
    above = [one for one in liked if one.liking > 0]
    ages = [(one.liking, one.age_s) for one in above if one.age_s is not None]
    weight = math.fsum(liking for liking, _ in ages)
    if not weight:
        return 0.0
    usual = max(LEAST_NEW, sum(news(catalogue, now_s, NEW_DAYS)) / len(catalogue.created_s))
    when_watched = math.fsum(liking * new_at(age_s) for liking, age_s in ages) / weight
    often = math.log2(when_watched / usual) / DOUBLINGS if when_watched > usual else 0.0
    return min(1.0, often) * _sureness(above)


def _terms(catalogue: Catalogue, above: Sequence[Liked], below: Sequence[Liked]) -> tuple[Wish, ...]:
    liked, disliked = _shown(above), _shown(below)
    described = max(1, catalogue.described)
    rare: dict[int, float] = {}
    for term in liked.keys() | disliked.keys():
        frequency = catalogue.document_frequency(term)
        if frequency:
            rare[term] = math.log(1 + described / frequency)
    considered = sorted(
        rare, key=lambda term: (-max(liked.get(term, 0.0), disliked.get(term, 0.0)) * rare[term], term)
    )[: CONSIDERED * MOST_TERMS]
    typical = _typical_norm(catalogue)
    sure_of_liked, sure_of_disliked = _sureness(above), AGAINST * _sureness(below)
    weights = {}
    for term in considered:
        usual = sum(catalogue.posting(term).weights) / (described * typical)
        fond = surprise(liked.get(term, 0.0), usual) * sure_of_liked
        averse = surprise(disliked.get(term, 0.0), max(usual, liked.get(term, 0.0))) * sure_of_disliked
        weights[term] = fond - max(0.0, averse)
    chosen = sorted(weights, key=lambda term: (-abs(weights[term]), term))[:MOST_TERMS]
    greatest = max((abs(weights[term]) for term in chosen), default=0.0)
    if not greatest:
        return ()
    times = _times((term for term, _ in one.terms) for one in above if one.age_s is not None)
    return tuple(Wish(term, weights[term] / greatest, times.get(term, 0)) for term in chosen if weights[term])


def surprise(shown: float, usual: float) -> float:
    """A term's part of the Kullback-Leibler divergence of what was liked from the library: how telling it is times how
    much it was there (Carpineto et al., An Information-Theoretic Approach to Automatic Query Expansion, 2001). Below 0
    where it was there less than usual.
    """
    if not shown:
        return 0.0
    return shown * math.log(shown / usual) if usual > 0 else 0.0


def _shown(scenes: Sequence[Liked]) -> dict[int, float]:
    """Mean weight of each term over scenes, by how much each is liked."""
    total: dict[int, float] = defaultdict(float)
    for one in scenes:
        much = abs(one.liking)
        for term, weight in one.terms:
            total[term] += much * weight
    much_in_all = math.fsum(abs(one.liking) for one in scenes if one.terms)
    return {term: much / much_in_all for term, much in total.items()} if much_in_all else {}


def _sureness(scenes: Sequence[Liked]) -> float:
    """0 for none, towards 1 for many: by Kish's effective number of scenes."""
    squares = math.fsum(one.liking**2 for one in scenes)
    if not squares:
        return 0.0
    effective = math.fsum(abs(one.liking) for one in scenes) ** 2 / squares
    return effective / (effective + SURE_AFTER)


def _typical_norm(catalogue: Catalogue) -> float:
    return sum(catalogue.norm) / max(1, catalogue.described) or 1.0


def _people(
    keys_of: Callable[[Liked], Iterable[int]],
    usual: Callable[[int], float],
    above: Sequence[Liked],
    below: Sequence[Liked],
    most: int,
) -> tuple[Wish, ...]:
    liked, disliked = _sums(keys_of, above), _sums(keys_of, below)
    likings = math.fsum(one.liking for one in above)
    weights = {}
    for key in liked.keys() | disliked.keys():
        beyond = max(0.0, liked.get(key, 0.0) - likings * usual(key))
        against = max(0.0, disliked.get(key, 0.0) - liked.get(key, 0.0))
        weights[key] = beyond / (beyond + EVIDENCE) - AGAINST * against / (against + EVIDENCE)
    times = _times(keys_of(one) for one in above if one.age_s is not None)
    chosen = sorted(weights, key=lambda key: (-abs(weights[key]), key))[:most]
    return tuple(Wish(key, weights[key], times.get(key, 0)) for key in chosen if weights[key])


def _sums(keys_of: Callable[[Liked], Iterable[int]], scenes: Sequence[Liked]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for one in scenes:
        for key in keys_of(one):
            found[key] += abs(one.liking)
    return found


def _times(keys: Iterable[Iterable[int]]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for each in keys:
        for key in each:
            found[key] += 1
    return found


def _studio(catalogue: Catalogue, ordinal: int) -> tuple[int, ...]:
    studio = catalogue.studio[ordinal]
    return (studio,) if studio else ()
