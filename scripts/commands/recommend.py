"""Rank the scenes of small libraries by the three formulas that ours are measured against, and print them as JSON.

FILE is JSON: {"cases": [{"name", "library": {"scenes": {id: {"duration", "studio", "performers", "spans": {tag:
[[start_s, end_s], ...]}}}, "watch": [{"scene", "days_ago", "segs": [[start_s, end_s], ...]}], "stash": [{"scene",
"play_duration_s", "view_days_ago": [days, ...]}]}, "seeds": [[scene, ...], ...]}]}. "stash" may be left out. Asked is
each list under "seeds", and each key under "expected": {recommender: {"[1]": ..., "[1] full_scene": ...}}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.evaluation import compat
from scripts.evaluation.cases import BadCase, Case, read_cases


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 if the rankings were printed, 2 for wrong usage or a file that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="scripts/recommend",
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the libraries, as JSON")
    asked = parser.parse_args(arguments)
    try:
        cases = read_cases(Path(asked.file).expanduser())
    except BadCase as error:
        print(f"recommend: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"cases": [{"name": case.name, "compat": _rankings(case)} for case in cases]}))
    return 0


def _rankings(case: Case) -> dict[str, Any]:
    return {
        recommender: {key: _ranking(case, recommender, seeds, full) for key, seeds, full in questions}
        for recommender, questions in case.asked.items()
    }


def _ranking(case: Case, recommender: str, seeds: Sequence[int], full_scene: bool) -> compat.Scored:
    if recommender == "segment_similarity":
        return compat.segment_similarity(case.library, case.watched, seeds, full_scene)
    rank = compat.personalized_tfidf if recommender == "personalized_tfidf" else compat.performer_tag_hybrid
    return rank(case.library, case.watched, seeds)


if __name__ == "__main__":
    sys.exit(main())
