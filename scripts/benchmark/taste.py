"""What comparing a library's scenes costs the sidecar, once their vectors are summed up: exact, all pairs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from scripts.benchmark.measure import Stopwatch, in_own_process, serve
from scripts.benchmark.table import megabytes, table
from sidecar.blas import use_one_blas_thread
from sidecar.taste.centres import Watched, find_centres
from sidecar.taste.similarity import neighbours
from sidecar.taste.space import Space, unit

SIZES = ((5_000, 512), (20_000, 512))
KINDS = 40
"""Things that scenes of the generated library show."""
LIKED = 5
"""Of them, what is watched."""
WATCHED, PIECES = 400, 10
"""Scenes that were watched, and pieces of each."""
NEIGHBOURS = 50


def taste_table(quick: bool, threads: int) -> tuple[str, Any]:
    """Finding tastes, and everybody's neighbours, by the size of the library."""
    rows, figures = [], []
    for scenes, dim in SIZES[:1] if quick else SIZES:
        arguments = {"scenes": scenes, "dim": dim, "threads": threads}
        cost = in_own_process("scripts.benchmark.taste", "compare", arguments)
        figures.append({**arguments, "wall_s": cost.wall_s, "cpu_s": cost.cpu_s, "error": cost.error, **cost.result})
        name = f"{scenes:,} x {dim}".replace(",", " ")
        if cost.error:
            rows.append([name, "-", "-", "-", "-", "-", cost.error[:50]])
            continue
        found = cost.result
        times = [f"{found[part]:.2f}" for part in ("tastes_s", "neighbours_s")]
        rows.append([name, *times, f"{cost.cpu_s:.1f}", megabytes(cost.peak_bytes), str(found["tastes"]), ""])
    head = ["scenes", "tastes s", "neighbours s", "CPU s", "peak MB", "tastes found", ""]
    text = f"Comparing scenes by their looks: {WATCHED} watched in {WATCHED * PIECES} pieces, {LIKED} tastes planted"
    return table(text, head, rows), figures


def compare(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    count, dim = int(arguments["scenes"]), int(arguments["dim"])
    random = np.random.default_rng(1)
    kinds = unit(random.normal(size=(KINDS, dim)).astype(np.float32))
    shown = random.integers(0, KINDS, count)
    scenes = kinds[shown] + random.normal(size=(count, dim)).astype(np.float32) / np.sqrt(dim)
    liked = np.flatnonzero(shown < LIKED)[:WATCHED]
    place = np.repeat(liked, PIECES)
    pieces = scenes[place] + 0.5 * random.normal(size=(len(place), dim)).astype(np.float32) / np.sqrt(dim)
    use_one_blas_thread()
    watch, began_s = Stopwatch(), time.perf_counter()
    space = Space.of(scenes)
    directions = space.directions(scenes)
    centres = find_centres(Watched(unit(pieces - space.mean), np.ones(len(place)), place))
    tastes_s = time.perf_counter() - began_s
    for _ in neighbours(directions, NEIGHBOURS, int(arguments["threads"])):
        pass
    neighbours_s = time.perf_counter() - began_s - tastes_s
    return {"tastes_s": tastes_s, "neighbours_s": neighbours_s, "tastes": len(centres.vectors), **watch.read()}


WORKS = {"compare": compare}

if __name__ == "__main__":
    serve(WORKS)
