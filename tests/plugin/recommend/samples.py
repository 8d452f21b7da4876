"""A small library with tastes in it, and somebody who watches one of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin.recommend.config import parse_config
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.memory_taste import MemoryTaste
from plugin.recommend.registry import recommenders
from plugin.recommend.values import Centre, History, Question, Recommender, Term, Visit, WatchedScene

NOW_S = 1_700_000_000.0
DAY_S = 86_400.0
GUITAR, STAGE, BEACH, SAND, ROOM = range(1, 6)
TERMS = [Term(number, name, 100 + number) for number, name in enumerate(("guitar", "stage", "beach", "sand"), 1)]
TERMS.append(Term(ROOM, "room"))
NAMES = {("performer", n): f"Person {n}" for n in range(1, 9)} | {("studio", n): f"Studio {n}" for n in range(1, 4)}

ALL = recommenders()


def library(scenes: int = 60, seed: int = 1) -> list[CatalogueScene]:
    """Half of it shows concerts, half beaches, all of it rooms; ids from 11, ascending with age falling."""
    rng = random.Random(seed)
    found = []
    for number in range(scenes):
        main, other = (GUITAR, STAGE) if number % 2 else (BEACH, SAND)
        duration_s = rng.uniform(300, 3000)
        terms = {main: duration_s * rng.uniform(0.1, 0.5), ROOM: duration_s * rng.uniform(0.2, 0.9)}
        if rng.random() < 0.6:
            terms[other] = duration_s * rng.uniform(0.05, 0.3)
        found.append(
            CatalogueScene(
                11 + number,
                f"Scene {number}",
                duration_s,
                NOW_S - (scenes - number) * 5 * DAY_S,
                rng.randrange(4),
                tuple(sorted(rng.sample(range(1, 9), rng.choice((0, 1, 2))))),
                terms,
                rating100=rng.choice((-1, -1, 20, 80)),
                size_mb=duration_s / 4,
            )
        )
    return found


def watched(catalogue: MemoryCatalogue, ordinals: Sequence[int], share: float = 0.7) -> tuple[WatchedScene, ...]:
    """The first of them last, yesterday, the others a day earlier each."""
    found = []
    for days, ordinal in enumerate(ordinals, 1):
        seconds = share * catalogue.duration_s[ordinal]
        terms = tuple((term, share * shown) for term, _, shown in catalogue.terms_of(ordinal))
        at_s = NOW_S - days * DAY_S
        found.append(
            WatchedScene(
                ordinal, at_s, (Visit(at_s, seconds),), seconds, share, plays=1, skipped=share < 0.05, terms=terms
            )
        )
    return tuple(found)


CATALOGUE = MemoryCatalogue.build(library(), TERMS, NAMES, {"performer": [2]})
CONCERTS = tuple(range(1, 24, 2))
HISTORY = History(NOW_S, watched(CATALOGUE, CONCERTS))
SCORES = {ordinal: 0.9 - 0.01 * ordinal for ordinal in range(60)}
TASTE = MemoryTaste(
    (Centre(0, 1.0, (1,), SCORES, dict.fromkeys(range(60), 1), SCORES),),
    {ordinal: [((ordinal + step) % 60, 0.9 - 0.05 * step) for step in range(1, 15)] for ordinal in range(60)},
)


def asked(
    recommender: Recommender | str,
    context: str = "",
    config: Mapping[str, Any] | None = None,
    catalogue: MemoryCatalogue = CATALOGUE,
    history: History = HISTORY,
    **more: Any,
) -> Question:
    """context: "" for the recommender's first. similar_scene has the seed 1 unless seeds are given."""
    one = ALL[recommender] if isinstance(recommender, str) else recommender
    context = context or one.spec.contexts[0]
    if context == "similar_scene":
        more.setdefault("seeds", (1,))
    made, _ = parse_config(one.spec, config or {})
    return Question(catalogue, history, more.pop("taste", TASTE), context, made, **more)


def ranked(recommender: str, *args: Any, **more: Any) -> list[int]:
    """Ordinals, best first."""
    return [ordinal for ordinal, _ in ALL[recommender].rank(asked(recommender, *args, **more)).scored]


def without(catalogue: Sequence[CatalogueScene], *gone: int) -> MemoryCatalogue:
    """Scenes by ordinal that are gone from Stash."""
    made = MemoryCatalogue.build(catalogue, TERMS, NAMES)
    made.alive = bytearray(0 if ordinal in gone else one for ordinal, one in enumerate(made.alive))
    return made


def said(history: History, **feedback: Any) -> History:
    return replace(history, feedback={int(key[1:]): verdict for key, verdict in feedback.items()})


EVERY = [(name, context) for name, one in ALL.items() for context in one.spec.contexts]
"""Every recommender in every context that it works in."""
