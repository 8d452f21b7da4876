"""Which recommender would have foretold what was watched: a history is gone through once more.

Its older half is known; in the newer half every recommender is asked at many moments, with nothing that came later, and
what counts is whether the next scenes that were watched for the first time (and not left at once) are among its first
ten. In similar_scene the question is about a scene that was just watched, and the answer what followed in that sitting.

Without --data or --store, libraries are generated whose owners have planted tastes: several tastes that drift,
performers, studios, filler tags, long scenes, browsing that shows a part of the library only, early skips, watching
again, noise. scripts/evaluation/planted.py tells every process. Beside ours stand chance, popularity (plays), and
`compat`: the formulas of the Stash AI Server, exactly (scripts/recommend).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugin.recommend.evaluation import CONTEXTS, MOST_CASES, Rank, evaluate
from plugin.recommend.metrics import Outcome
from plugin.recommend.replay import cases_of
from plugin.store.errors import StoreError
from plugin.store.store import STORE_NAME
from scripts.evaluation.baselines import at_random, by_popularity, compat_ranks
from scripts.evaluation.owner import OwnerWorld, owner_world
from scripts.evaluation.planted import plant
from scripts.evaluation.planted_world import PlantedWorld
from scripts.evaluation.report import Found, as_json, as_text, found


@dataclass(slots=True)
class _Gathered:
    """Of one context, over all libraries."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    weights: list[Mapping[str, float]] = field(default_factory=list)
    relevant: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 if something was measured, 1 if not, 2 for wrong usage."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    for name, low, high in (("cases", 1, 10_000), ("owners", 1, 100), ("scenes", 50, 20_000), ("days", 20, 2_000)):
        if not low <= getattr(asked, name) <= high:
            parser.error(f"--{name} is {getattr(asked, name)}; it must be from {low} to {high}")
    libraries: dict[str, Any]
    seeds = range(asked.seed, asked.seed + asked.owners)
    store = Path(asked.store or Path(asked.data or "") / STORE_NAME).expanduser()
    try:
        if asked.store or asked.data:
            title, libraries = str(store), {"store": str(store)}
            with owner_world(store) as world:
                every = measure([("", world)], asked.cases)
        else:
            title = f"{asked.scenes} scenes, {asked.days} days, planted with seeds {', '.join(map(str, seeds))}"
            libraries = {"seeds": list(seeds), "scenes": asked.scenes, "days": asked.days}
            planted = (plant(seed, asked.scenes, asked.days) for seed in seeds)
            every = measure(((str(one.seed), PlantedWorld(one)) for one in planted), asked.cases)
    except (StoreError, OSError) as error:
        print(f"evaluate_recommenders: {error}", file=sys.stderr)
        return 1
    if asked.json:
        print(json.dumps(as_json(libraries, every)))
    else:
        print(as_text(title, every))
    return 0 if any(one.cases for one in every) else 1


def measure(
    worlds: Iterable[tuple[str, PlantedWorld | OwnerWorld]], most_cases: int, contexts: Sequence[str] = CONTEXTS
) -> list[Found]:
    """worlds: with the name of each. most_cases: of each, per context. What was found, context by context."""
    gathered = {context: _Gathered() for context in contexts}
    scenes = 0
    for name, world in worlds:
        scenes += sum(1 for alive in world.world.catalogue.alive if alive)
        for context, one in gathered.items():
            cases = cases_of(world.world.history, context, most_cases)
            others: dict[str, Rank] = {"popularity": by_popularity, "random": at_random}
            others.update(compat_ranks(context, world.library, world.watched))
            outcomes, weights = evaluate(world.world, context, cases, others, name)
            for recommender, each in outcomes.items():
                one.outcomes.setdefault(recommender, []).extend(each)
            one.weights.append(weights)
            one.relevant += sum(len(case.relevant) for case in cases)
    return [found(context, one.outcomes, one.weights, scenes, one.relevant) for context, one in gathered.items()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/evaluate_recommenders",
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    own = parser.add_mutually_exclusive_group()
    own.add_argument(
        "--data", metavar="DIR", help="the plugin's data folder: your own history; its store stays as it is"
    )
    own.add_argument("--store", metavar="FILE", help="a store.db, or a backup of one")
    add("--seed", type=int, default=1, metavar="N", help="of the first generated library (default %(default)s)")
    add("--owners", type=int, default=12, metavar="N", help="libraries, with seeds that follow (default %(default)s)")
    add("--scenes", type=int, default=900, metavar="N", help="of each generated library (default %(default)s)")
    add("--days", type=int, default=365, metavar="N", help="that are watched in each (default %(default)s)")
    add(
        "--cases", type=int, default=MOST_CASES, metavar="N", help="questions per library at most (default %(default)s)"
    )
    add("--json", action="store_true", help="print JSON instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
