"""How much the owner liked a scene, as far as watching shows it: above 0 for yes, below 0 for no.

Watching counts by how far it went, and less the longer ago it was; what is said on purpose (ratings, o-counter,
feedback) counts more than what happened, and fades more slowly or never.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from plugin.recommend.values import Catalogue, History, WatchedScene
from plugin.recommend.weights import average_length_s, norm, weigh

DAY_S = 86_400.0

HALF_WATCHED = 0.5
"""Share of a scene from which on it counts as watched wholly: few watch to the last second what they like."""

LONG_WATCH_S = 300.0
"""Seconds at which watching a part of a long scene counts half, however small a part it is."""

SAID_FADES = 4.0
"""Half-lives of watching in which what was said on purpose fades by half."""

AGAIN, O_COUNT, RATED, SKIPPED, TOLD = 0.15, 0.5, 0.8, 0.5, 1.5
"""Weights: of each doubling of visits, of each doubling of the o-counter, of the best and the worst rating, of leaving
early, of "more" and "less"; finishing a scene once, today, is 1. Chosen on generated histories, not fitted to one.
"""

MOST_VISITS = 12
"""The newest of a scene: more change next to nothing."""

FAIR_RATING = 55
"""Between what owners rate down and what they rate up."""


@dataclass(frozen=True, slots=True)
class Liked:
    """liking: see above. terms: what of it was seen, (term, weight), weights as in the catalogue but of unit length
    together. age_s: how long it had been in the library when it was first watched; None where nobody watched it.
    """

    ordinal: int
    liking: float
    terms: tuple[tuple[int, float], ...]
    age_s: float | None = None


def faded(age_s: float, half_life_days: float) -> float:
    """0.5 after a half-life; 1 for what lies ahead."""
    return float(0.5 ** (max(0.0, age_s) / (half_life_days * DAY_S)))


def liking(scene: WatchedScene, now_s: float, half_life_days: float) -> float:
    """Of what was watched and rated; feedback comes on top."""
    if scene.skipped:
        return -SKIPPED * faded(now_s - scene.last_s, half_life_days)
    went = min(1.0, max(scene.share / HALF_WATCHED, scene.watched_s / (scene.watched_s + LONG_WATCH_S)))
    visits = math.fsum(faded(now_s - visit.at_s, half_life_days) for visit in scene.visits[:MOST_VISITS])
    recent = faded(now_s - scene.last_s, half_life_days)
    again = max(0.0, visits - recent)
    said = O_COUNT * math.log2(1 + scene.o_count)
    if scene.rating100 is not None:
        above = scene.rating100 - FAIR_RATING
        said += RATED * above / (100 - FAIR_RATING if above > 0 else FAIR_RATING)
    watched = went * (recent + AGAIN * math.log2(1 + again))
    return watched + said * faded(now_s - scene.last_s, half_life_days * SAID_FADES)


def liked_scenes(catalogue: Catalogue, history: History, half_life_days: float) -> list[Liked]:
    """Everything that says what the owner likes, one for each scene, with what of it was seen."""
    average_s = average_length_s(sum(seconds for _, seconds in scene.terms) for scene in history.scenes)
    found = []
    known = set()
    for scene in history.scenes:
        known.add(scene.ordinal)
        much = liking(scene, history.now_s, half_life_days) + told(history.feedback.get(scene.ordinal))
        terms = weigh(dict(scene.terms), average_s) if scene.terms else catalogue.terms_of(scene.ordinal)
        age_s = max(0.0, scene.visits[-1].at_s - catalogue.created_s[scene.ordinal]) if scene.visits else None
        found.append(Liked(scene.ordinal, much, unit(terms), age_s))
    for ordinal, verdict in history.feedback.items():
        if ordinal not in known and (much := told(verdict)):
            found.append(Liked(ordinal, much, unit(catalogue.terms_of(ordinal))))
    return found


def told(verdict: str | None) -> float:
    """ "hide" is about one scene alone, and says nothing of others."""
    return {"more": TOLD, "less": -TOLD}.get(verdict or "", 0.0)


def unit(terms: Iterable[tuple[int, float, float]]) -> tuple[tuple[int, float], ...]:
    """terms: (term, weight, seconds). Terms and their weights, whose squares sum up to 1."""
    weights = [(term, weight) for term, weight, _ in terms]
    length = norm(weight for _, weight in weights)
    return tuple((term, weight / length) for term, weight in weights) if length else ()
