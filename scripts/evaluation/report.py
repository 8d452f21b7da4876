"""What an evaluation found, as a table for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.recommend.metrics import Bootstrap, Interval, Outcome, Quality, quality

BASELINES = ("popularity", "random")
BLEND = "blend"

_MEASURES = ("hit_rate", "ndcg", "coverage", "novelty")
_HEADINGS = ("hit rate@10", "NDCG@10", "coverage", "novelty")


@dataclass(frozen=True, slots=True)
class Found:
    """One context. qualities: by recommender, best NDCG first. weights: what the blend learned, for each library."""

    context: str
    qualities: Mapping[str, Quality]
    weights: Sequence[Mapping[str, float]]
    relevant: int

    @property
    def cases(self) -> int:
        return max((each.cases for each in self.qualities.values()), default=0)


def found(
    context: str,
    outcomes: Mapping[str, Sequence[Outcome]],
    weights: Sequence[Mapping[str, float]],
    scenes: int,
    relevant: int,
) -> Found:
    """outcomes: one for each case, by recommender. scenes: of all libraries. relevant: discoveries of all cases."""
    bootstrap = Bootstrap(max((len(each) for each in outcomes.values()), default=0))
    qualities = {name: quality(each, scenes, bootstrap) for name, each in outcomes.items()}
    order = sorted(qualities, key=lambda name: (-qualities[name].ndcg.value, name))
    return Found(context, {name: qualities[name] for name in order}, weights, relevant)


def is_baseline(name: str) -> bool:
    return name in BASELINES or name.startswith("compat ")


def beaten(one: Found) -> dict[str, bool]:
    """Of each baseline, whether the blend is better on NDCG@10 beyond both intervals."""
    blend = one.qualities[BLEND].ndcg.low if BLEND in one.qualities else 0.0
    return {name: blend > each.ndcg.high for name, each in one.qualities.items() if is_baseline(name)}


def as_json(libraries: Mapping[str, Any], every: Sequence[Found]) -> dict[str, Any]:
    return {
        "libraries": dict(libraries),
        "contexts": {
            one.context: {
                "cases": one.cases,
                "relevant": one.relevant,
                "recommenders": {
                    name: {measure: [round(value, 4) for value in getattr(each, measure)] for measure in _MEASURES}
                    for name, each in one.qualities.items()
                },
                "blend_beats": beaten(one),
                "weights": [{name: round(weight, 3) for name, weight in each.items()} for each in one.weights],
            }
            for one in every
        },
    }


def as_text(title: str, every: Sequence[Found]) -> str:
    lines = [title]
    for one in every:
        lines += ["", f"{one.context}: {one.cases} questions, {one.relevant} discoveries"]
        if not one.cases:
            lines.append("  Too little was watched to tell.")
            continue
        lines.append(f"  {'':28}" + "".join(f"{heading:^22}" for heading in _HEADINGS).rstrip())
        for name, each in one.qualities.items():
            mark = " " if is_baseline(name) else "*"
            cells = "".join(f"{_cell(getattr(each, measure)):^22}" for measure in _MEASURES)
            lines.append(f"{mark} {name:28}{cells}".rstrip())
        for weights in one.weights[:1]:
            told = ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items())
            lines.append(f"  The blend learned{' of the first library' if len(one.weights) > 1 else ''}: {told}")
        not_beaten = sorted(name for name, is_beaten in beaten(one).items() if not is_beaten)
        if not_beaten:
            lines.append(f"  The blend is not surely better than {', '.join(not_beaten)}.")
        else:
            lines.append("  The blend beats every baseline on NDCG@10, and their 95 % intervals do not overlap.")
    lines += [
        "",
        "* ours; the others are what they must beat. In brackets: 95 % bootstrap intervals over the questions.",
    ]
    return "\n".join(lines)


def _cell(interval: Interval) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f} {interval.high:.3f}]"
