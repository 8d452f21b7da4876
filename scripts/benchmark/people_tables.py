"""The tables of `scripts/bench --people`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.benchmark import synthetic_people
from scripts.benchmark.measure import in_own_process
from scripts.benchmark.table import megabytes, table
from sidecar.people.calibration import OperatingPoints, calibrate

SIZES = ((10_000, 512), (100_000, 512), (500_000, 512), (100_000, 128))
QUICK_SIZES = SIZES[:2]
PEOPLE, DIM, TRACKS = 20_000, 128, 4_000
FACE_MODELS = ("dlib",)


def search_table(data_dir: Path, quick: bool) -> tuple[str, Any]:
    """Recall and time of the index by size; plain annoy beside it."""
    rows, figures = [], []
    folder = data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for count, dim in QUICK_SIZES if quick else SIZES:
        arguments = {"count": count, "dim": dim, "folder": str(folder)}
        cost = in_own_process("scripts.benchmark.people", "search", arguments)
        found: Mapping[str, Any] = cost.result
        figures.append({**arguments, "error": cost.error, "build_s": cost.wall_s, **found})
        name = f"{count:,} x {dim}".replace(",", " ")
        if cost.error:
            rows.append([name, *["-"] * 10, cost.error[:50]])
            continue
        exact = [f"{found['exact_ms']:.1f}", f"{found['exact_batch_ms']:.2f}"]
        vectors = megabytes(found["vectors_bytes"])
        if found["annoy"]:
            rows.append(
                [name, *exact, "-", "-", "-", "-", f"{cost.wall_s:.1f}", f"{found['open_s']:.2f}", vectors, "-"]
            )
            rows[-1].append(found["annoy"])
            continue
        rows.append(
            [
                name,
                *exact,
                f"{found['ms']:.1f}",
                f"{found['recall']:.3f}",
                f"{found['plain_ms']:.2f}",
                f"{found['plain_recall']:.3f}",
                f"{cost.wall_s:.1f}",
                f"{found['open_s']:.2f}",
                vectors,
                megabytes(found["annoy_bytes"]),
                "",
            ]
        )
    head = ["references", "exact ms", "of 64, ms", "annoy + exact ms", "recall@1", "plain annoy ms", "recall@1"]
    head += ["build s", "open s", "vectors MB", "annoy MB", ""]
    return table("Searching references, ms per query; recall against exact", head, rows), figures


def identification_table() -> tuple[str, Any]:
    """How often a hard library of people who do not exist is right and wrong."""
    people = synthetic_people.make(1, PEOPLE, DIM, TRACKS)
    points = calibrate(people.identities, lambda rows: people.vectors[rows], synthetic_people.rules(DIM))
    with tempfile.TemporaryDirectory() as folder:
        result = synthetic_people.identify(people, points, Path(folder))
    title = f"{PEOPLE} people, {len(people.vectors)} references, {TRACKS} tracks, half of them of strangers (95 %)"
    rows = [[name, value] for name, value in result.rows()]
    text = table(title, ["", "share (interval)"], rows)
    return f"{text}\n\n{_points_table(points)}", {**asdict(result), "points": asdict(points)}


def pixels_table(data_dir: Path, threads: int) -> tuple[str, Any]:
    """Face models on a real photo."""
    rows, figures = [], []
    for model in FACE_MODELS:
        arguments = {"model": model, "data": str(data_dir), "threads": threads}
        cost = in_own_process("scripts.benchmark.people", "pixels", arguments)
        figures.append({"model": model, "error": cost.error, **cost.result})
        if cost.error:
            rows.append([model, *["-"] * 6, f"cannot be loaded here: {cost.error}"])
            continue
        found = cost.result
        rows.append(
            [
                model,
                "{1} x {0}".format(*found["shape"]),
                str(found["faces"]),
                f"{found['detect_ms']:.0f}",
                f"{found['embed_ms']:.1f}",
                f"{found['load_s']:.1f}",
                megabytes(cost.peak_bytes),
                found["runtime"],
            ]
        )
    head = ["model", "picture", "faces", "detect ms", "embed ms a face", "load s", "peak MB", ""]
    return table(f"Face models on a photo, {threads} threads", head, rows), figures


def _points_table(points: OperatingPoints) -> str:
    rows = [
        [
            point.references,
            f"{point.match:.3f}",
            f"{100 * point.match_false_accepts:.2f} %",
            f"{point.maybe:.3f}",
            f"{100 * point.maybe_false_accepts:.1f} %",
            f"{point.still:.3f}",
            f"{point.basis}, {point.trials} trials",
        ]
        for point in (points.one, points.several)
    ]
    head = ["operating points", "match", "false accepts", "maybe", "false accepts", "still", ""]
    return table(f"Stated for a gallery of {points.identities}", head, rows)
