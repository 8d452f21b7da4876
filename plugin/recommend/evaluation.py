"""How well each recommender foretells an owner's own history, and what it shall weigh in the blend for that. Pure."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.recommend.blend import DEFAULT_WEIGHTS, floored, mix
from plugin.recommend.config import defaults
from plugin.recommend.metrics import TOP, Bootstrap, Known, Outcome, Quality, ndcg, quality
from plugin.recommend.registry import recommenders
from plugin.recommend.replay import Case, Moment, World, cases_of, moment_of
from plugin.recommend.values import Question, Ranking, Recommender

CONTEXTS = ("global_feed", "similar_scene")

MOST_CASES = 60
"""Per context."""

FEWEST_CASES = 4
"""With fewer, nothing is said and the blend stays as it was."""

MOST_CPU_S = 60.0

LEARN_TOP, LEARN_DEPTH = 30, 150
"""Weights are learned by more places than a page shows, so that near misses teach too, from this many of each source.
"""

SURE_AFTER = 10.0
"""Discoveries at which what was learned counts as much as the usual weights."""

STANDARD_ERRORS = 1.1
"""Of the gain, that a step must gain: one case alone, however much it gains, is one of them."""

Rank = Callable[[Moment], Sequence[int]]
"""Ordinals, best first. What the moment has seen is left out afterwards."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One recommender in one context. weight: in the blend, 0 where it is not part of it."""

    context: str
    recommender: str
    quality: Quality
    weight: float

    def metrics(self) -> dict[str, Any]:
        """As JSON: hit_rate and ndcg as [value, low, high], coverage, novelty, cases."""
        return {
            "hit_rate": [round(each, 4) for each in self.quality.hit_rate],
            "ndcg": [round(each, 4) for each in self.quality.ndcg],
            "coverage": round(self.quality.coverage.value, 4),
            "novelty": round(self.quality.novelty.value, 4),
            "cases": self.quality.cases,
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """What the sources of the blend said in one case."""

    rankings: Mapping[str, Ranking]
    relevant: frozenset[int]


def ask(recommender: Recommender, moment: Moment, shared: dict[Hashable, Any] | None = None) -> Ranking:
    """With its default configuration. shared: of the same moment."""
    return recommender.rank(
        Question(
            catalogue=moment.catalogue,
            history=moment.history,
            taste=moment.taste,
            context=moment.case.context,
            config=defaults(recommender.spec),
            seeds=moment.case.seeds,
            exclude=moment.seen,
            segments=moment.segments,
            spans=moment.spans,
            shared={} if shared is None else shared,
        )
    )


def outcome(ranked: Sequence[int], moment: Moment, known: Known, library: Hashable = 0) -> Outcome:
    """library: tells scenes of several libraries apart."""
    shown = [one for one in ranked if one not in moment.seen and moment.catalogue.alive[one]][:TOP]
    return Outcome(
        float(any(one in moment.case.relevant for one in shown)),
        ndcg(shown, moment.case.relevant),
        sum(known.novelty(one) for one in shown) / len(shown) if shown else 0.0,
        tuple((library, one) for one in shown),
    )


def sources_of(every: Mapping[str, Recommender], context: str) -> dict[str, Recommender]:
    """What the blend is made of."""
    return {name: every[name] for name in DEFAULT_WEIGHTS.get(context, {}) if name in every}


def learn_weights(samples: Sequence[Sample], usual: Mapping[str, float]) -> dict[str, float]:
    """What each source shall weigh so that the mix foretells best, all together 1 and none below the floor.

    Coordinate ascent on NDCG from the usual weights, in steps that are no chance; with few discoveries most of them
    stays. usual: of the same sources.
    """
    usual = floored(usual)
    taught = [sample for sample in samples if sample.relevant]
    if not taught:
        return usual

    def foretold(weights: Mapping[str, float]) -> list[float]:
        mixed = ([ordinal for ordinal, _ in mix(sample.rankings, weights)[:LEARN_TOP]] for sample in taught)
        return [ndcg(ranked, sample.relevant, LEARN_TOP) for ranked, sample in zip(mixed, taught, strict=True)]

    weights, best = dict(usual), foretold(usual)
    for factor in (3.0, 2.0, 1.4):
        for name in usual:
            for changed in (weights[name] * factor, weights[name] / factor):
                tried = floored({**weights, name: changed})
                if _is_surely_better(much := foretold(tried), best):
                    weights, best = tried, much
    discoveries = sum(len(sample.relevant) for sample in taught)
    sure = discoveries / (discoveries + SURE_AFTER)
    return floored({name: sure * weights[name] + (1 - sure) * usual[name] for name in usual})


def _head(ranking: Ranking) -> Ranking:
    return Ranking(ranking.scored[:LEARN_DEPTH])


def _is_surely_better(one: Sequence[float], other: Sequence[float]) -> bool:
    """By more than chance does, case by case."""
    gains = [a - b for a, b in zip(one, other, strict=True)]
    mean = sum(gains) / len(gains)
    squares = sum((gain - mean) ** 2 for gain in gains)
    return mean > 1e-6 and mean > STANDARD_ERRORS * math.sqrt(squares / max(1, len(gains) - 1) / len(gains))


def evaluate(
    world: World,
    context: str,
    cases: Sequence[Case],
    others: Mapping[str, Rank] | None = None,
    library: Hashable = 0,
    until: Callable[[], bool] = lambda: False,
) -> tuple[dict[str, list[Outcome]], dict[str, float]]:
    """(outcomes of every recommender of a context and of the others, one for each case; weights that were learned).

    The blend is measured with weights that were learned from other cases than the one that it is asked about: of two
    halves each is foretold with what the other taught. until: asked before each case; True stops, with fewer outcomes.
    """
    every = recommenders()
    sources = sources_of(every, context)
    usual = {name: DEFAULT_WEIGHTS[context][name] for name in sources}
    outcomes: dict[str, list[Outcome]] = {}
    samples: list[Sample] = []
    for case in cases:
        if until():
            break
        moment = moment_of(world, case)
        known = Known(world.catalogue, sorted(moment.seen))
        shared: dict[Hashable, Any] = {}
        rankings = {
            name: ask(each, moment, shared)
            for name, each in every.items()
            if context in each.spec.contexts and name != "blend"
        }
        for name, ranking in rankings.items():
            ranked = [ordinal for ordinal, _ in ranking.scored[: 4 * TOP]]
            outcomes.setdefault(name, []).append(outcome(ranked, moment, known, library))
        for name, rank in (others or {}).items():
            outcomes.setdefault(name, []).append(outcome(rank(moment), moment, known, library))
        samples.append(Sample({name: _head(rankings[name]) for name in sources}, case.relevant))
    taught = [learn_weights(samples[1 - half :: 2], usual) for half in range(2)]
    blends = [recommenders({context: weights})["blend"] for weights in taught]
    for number, case in enumerate(cases[: len(samples)]):
        moment = moment_of(world, case)
        ranked = [ordinal for ordinal, _ in ask(blends[number % 2], moment).scored[: 4 * TOP]]
        known = Known(world.catalogue, sorted(moment.seen))
        outcomes.setdefault("blend", []).append(outcome(ranked, moment, known, library))
    return outcomes, learn_weights(samples, usual)


def evaluate_owner(
    world: World,
    most_cases: int = MOST_CASES,
    most_cpu_s: float = MOST_CPU_S,
    cpu_s: Callable[[], float] = time.process_time,
) -> list[Evaluated]:
    """Every recommender in every context in which enough was watched to tell.

    Takes about most_cpu_s at most: cases come in an order that stays even wherever it is cut off.
    """
    found = []
    for context in CONTEXTS:
        cases = list(cases_of(world.history, context, most_cases))
        if len(cases) < FEWEST_CASES:
            continue
        random.Random(1).shuffle(cases)  # noqa: S311
        # The other half of the time is the blend's, which asks all others again.
        until = _after(cpu_s, most_cpu_s / len(CONTEXTS) / 2)
        outcomes, weights = evaluate(world, context, cases, until=until)
        bootstrap = Bootstrap(len(outcomes.get("blend", ())))
        scenes = sum(1 for alive in world.catalogue.alive if alive)
        if len(outcomes.get("blend", ())) >= FEWEST_CASES:
            found += [
                Evaluated(context, name, quality(each, scenes, bootstrap), weights.get(name, 0.0))
                for name, each in outcomes.items()
            ]
    return found


def _after(cpu_s: Callable[[], float], seconds: float) -> Callable[[], bool]:
    stop_s = cpu_s() + seconds
    return lambda: cpu_s() > stop_s
