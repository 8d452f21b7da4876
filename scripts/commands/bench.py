"""Measure decoding, models, the whole road, people, recommending, the plugin's start and its interface on this machine.

One table per question on standard output, and the same figures as JSON. Without FILE, measures files that it makes.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from protos import inference_pb2
from scripts.benchmark.dense import temporal_iou
from scripts.benchmark.files import BenchFile, generated_files
from scripts.benchmark.measure import Cost, in_own_process
from scripts.benchmark.people_tables import identification_table, pixels_table, search_table
from scripts.benchmark.recommend import recommend_table
from scripts.benchmark.road import Road, Trip, refined_windows, store_an_hour
from scripts.benchmark.table import megabytes, ratio, seconds, table
from scripts.sample_video import Shot, VideoFormat, write_video
from sidecar.models.catalogue import resolve
from sidecar.settings import default_data_dir

TAGS = {
    "coffee": ("a cup of coffee",),
    "cat": ("a cat",),
    "rocket": ("a rocket launch", "a space rocket"),
    "motorcycle": ("a motorcycle",),
    "camera": ("a camera on a tripod", "a photographer with a camera"),
    "galaxy": ("stars in the night sky", "a galaxy"),
}
"""What the photos of the generated files show."""

RANDOM_ARCHITECTURE = "ViT-B-32-256"
INTERVAL_S = 4.0
WAYS = (
    ("floor", "floor: decode all"),
    ("sequential", "PyAV, every 0.5 s"),
    ("decord", "decord, every 0.5 s"),
    ("ffmpeg_pipe", "ffmpeg pipe, every 0.5 s"),
    ("ours", "ours: coarse plan"),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, and where its files lie."""

    files: tuple[BenchFile, ...]
    data_dir: Path
    model: str
    threads: int
    growth_files: int
    starts: int
    loads: int
    quick: bool

    @property
    def cache_dir(self) -> Path:
        return self.data_dir / "cache"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0, or 2 for wrong usage."""
    asked = _parser().parse_args(arguments)
    if asked.people:
        asked.only = [*(asked.only or ()), "people"]
    if asked.recommend:
        asked.only = [*(asked.only or ()), "recommend"]
    data_dir = Path(asked.data).expanduser().absolute()
    files = tuple(BenchFile(Path(name).name, Path(name).absolute(), "given") for name in asked.files)
    missing = [str(file.path) for file in files if not file.path.is_file()]
    if missing:
        print(f"bench: no such file: {', '.join(missing)}", file=sys.stderr)
        return 2
    if not files and (not asked.only or LOOKS_AT_FILES.intersection(asked.only)):
        files = tuple(generated_files(data_dir / "bench", asked.quick))
    growth = 0 if asked.no_growth else 40 if asked.quick else 200
    bench = Bench(
        files,
        data_dir,
        asked.model,
        asked.threads,
        growth,
        10 if asked.quick else 30,
        7 if asked.quick else 15,
        asked.quick,
    )
    results: dict[str, Any] = {"threads": asked.threads, "model": asked.model}
    for name, part in PARTS.items():
        if asked.only and name not in asked.only:
            continue
        text, results[name] = part(bench)
        print(text + "\n", flush=True)
    out = Path(asked.json) if asked.json else data_dir / "bench" / "bench.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"Figures: {out}")
    return 0


def decoding(bench: Bench) -> tuple[str, Any]:
    """Every way to get frames out of every file."""
    rows, figures = [], []
    for file in bench.files:
        length_s, floor_wall_s, floor_cpu_s = _duration_s(file.path), 0.0, 0.0
        for work, label in WAYS:
            cost = _decode(bench, work, file.path)
            if work == "floor":
                floor_wall_s, floor_cpu_s = cost.wall_s, cost.cpu_s
            figures.append({"file": file.name, "way": work, **_as_json(cost)})
            if cost.error:
                rows.append([file.name, label, "-", "-", "-", "-", "-", "-", cost.error[:40]])
                continue
            rows.append(
                [
                    file.name,
                    label,
                    seconds(cost.wall_s),
                    f"{length_s / cost.wall_s:.1f}",
                    f"{length_s / cost.cpu_s:.1f}",
                    ratio(floor_wall_s, cost.wall_s),
                    ratio(floor_cpu_s, cost.cpu_s),
                    megabytes(cost.peak_bytes),
                    f"{cost.result['frames']} frames {cost.result.get('plan', '')}".strip(),
                ]
            )
    head = ["file", "way", "wall s", "x real time", "per CPU-s", "vs floor", "CPU vs floor", "peak MB", ""]
    return table("Decoding to the model's size (each in a process of its own)", head, rows), figures


def models(bench: Bench) -> tuple[str, Any]:
    """Images per second of the embedded model and of an open_clip architecture, by runtime."""
    wanted = [(bench.model, runtime) for runtime in ("onnx-fp32", "torch-fp32")]
    checkpoint = bench.data_dir / "bench" / f"{RANDOM_ARCHITECTURE}-random.safetensors"
    if not checkpoint.exists():
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        saved = in_own_process(
            "scripts.benchmark.model",
            "random_checkpoint",
            {"architecture": RANDOM_ARCHITECTURE, "path": str(checkpoint)},
        )
        if saved.error:
            print(f"no random {RANDOM_ARCHITECTURE}: {saved.error}", file=sys.stderr)
    clip = f"open_clip/{RANDOM_ARCHITECTURE}@{checkpoint}"
    wanted += [(clip, runtime) for runtime in ("torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8", "auto")]
    rows, figures, floor = [], [], {}
    for model, runtime in wanted:
        cost = in_own_process(
            "scripts.benchmark.model",
            "rate",
            {"model": model, "runtime": runtime, "data": str(bench.data_dir), "threads": bench.threads},
        )
        shown = f"{RANDOM_ARCHITECTURE} (random weights)" if model == clip else model
        figures.append({"model": shown, "asked": runtime, **_as_json(cost)})
        if cost.error:
            rows.append([shown, runtime, "-", "-", "-", "-", "-", cost.error[:60]])
            continue
        b1, b8 = cost.result["images_per_s_b1"], cost.result["images_per_s_b8"]
        if runtime == "torch-fp32":
            floor[model] = b8
        rows.append(
            [
                shown,
                runtime,
                f"{b1:.1f}",
                f"{b8:.1f}",
                ratio(b8, floor.get(model, 0.0)),
                seconds(cost.result["load_s"]),
                megabytes(cost.peak_bytes),
                cost.result["runtime"],
            ]
        )
    head = ["model", "runtime", "img/s b1", "img/s b8", "vs torch fp32", "load s", "peak MB", ""]
    return table(f"Models alone, {bench.threads} threads", head, rows), figures


def road(bench: Bench) -> tuple[str, Any]:
    """End to end over gRPC against the dense pipeline: speed, CPU, memory, agreement."""
    rows, figures = [], []
    for file in bench.files:
        length_s = _duration_s(file.path)
        dense = in_own_process(
            "scripts.benchmark.dense",
            "dense",
            {
                "path": str(file.path),
                "data": str(bench.data_dir),
                "model": bench.model,
                "threads": bench.threads,
                "tags": list(TAGS.items()),
            },
        )
        dense_decode = _decode(bench, "sequential", file.path)
        reference = [(tag, start_s, end_s) for tag, start_s, end_s in dense.result.get("spans", ())]
        rows.append(
            _road_row(
                file,
                "dense 0.5 s",
                length_s,
                dense.wall_s,
                dense.cpu_s,
                dense.peak_bytes,
                dense,
                dense_decode,
                dense_decode,
                1.0,
            )
        )
        figures.append({"file": file.name, "way": "dense", **_as_json(dense)})
        for label, refine in (("ours", inference_pb2.REFINE_BUDGET), ("ours, refine full", inference_pb2.REFINE_FULL)):
            with Road([file.path.parent], bench.cache_dir, bench.model, TAGS) as sidecar:
                trip = sidecar.analyze(file.path, refine)
                cached = sidecar.analyze(file.path, refine, fresh=False)
                sidecar.stop()
                windows = refined_windows(sidecar.data_dir, trip.done.content_key)
                sidecar.start()
            decode = _decode(bench, "ours", file.path, windows=windows)
            iou = temporal_iou(list(trip.spans), reference)
            rows.append(
                _road_row(
                    file, label, length_s, trip.wall_s, trip.cpu_s, trip.peak_bytes, dense, dense_decode, decode, iou
                )
            )
            rows.append(
                [
                    file.name,
                    f"{label}, cached",
                    seconds(cached.wall_s),
                    f"{length_s / cached.wall_s:.0f}",
                    "",
                    ratio(dense.wall_s, cached.wall_s),
                    "",
                    "",
                    "",
                    f"{cached.done.frames_decoded} decoded",
                ]
            )
            figures.append(
                {
                    "file": file.name,
                    "way": label,
                    **_trip_json(trip),
                    "iou": iou,
                    "decode_cpu_s": decode.cpu_s,
                    "cached_wall_s": cached.wall_s,
                }
            )
    head = [
        "file",
        "way",
        "wall s",
        "x real time",
        "per CPU-s",
        "vs dense",
        "decode CPU vs dense",
        "IoU vs dense",
        "peak MB",
        "",
    ]
    return table(f"The whole road, model {bench.model}, {len(TAGS)} tags, model and phrases warm", head, rows), figures


def retag(bench: Bench) -> tuple[str, Any]:
    """An hour of stored video scored anew with 50 tags: phrases new, known, and known to a new sidecar."""
    from sidecar.tagging.vocabulary import shipped_vocabulary

    concrete = ("Animals", "Food and drink", "Vehicles", "Objects")
    chosen = [tag for tag in shipped_vocabulary().tags if tag.category in concrete][:50]
    tags = {tag.name: tag.phrasings for tag in chosen}
    spec = resolve(bench.model)
    rows, figures = [], []
    with Road([], bench.cache_dir, bench.model, {"cat": ("a cat",)}) as sidecar:
        sidecar.stop()
        key = store_an_hour(sidecar.data_dir, spec.dim)
        sidecar.start()
        sidecar.ask_for(tags)
        for label in ("phrases new", "phrases known, judge kept"):
            wall_s, prompts_s = sidecar.score_seconds(key)
            rows.append([label, f"{wall_s * 1000:.0f}", f"{prompts_s * 1000:.0f}"])
            figures.append({"case": label, "wall_s": wall_s, "prompts_s": prompts_s})
        sidecar.stop()
        sidecar.start(warm=False)
        wall_s, prompts_s = sidecar.score_seconds(key)
        rows.append(["phrases known, sidecar new", f"{wall_s * 1000:.0f}", f"{prompts_s * 1000:.0f}"])
        figures.append({"case": "phrases known, sidecar new", "wall_s": wall_s, "prompts_s": prompts_s})
    head = ["case", "wall ms", "of it phrases ms"]
    return table("An hour of stored video, 3600 samples, scored anew with 50 tags", head, rows), figures


def growth(bench: Bench) -> tuple[str, Any]:
    """Memory of one sidecar over many files."""
    if not bench.growth_files:
        return "Memory over many files: left out", []
    rows, figures = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = write_video(folder / "0.mp4", (Shot("coffee", 3), Shot("chelsea", 3)), VideoFormat(480, 270))
        with Road([folder], bench.cache_dir, bench.model, TAGS) as sidecar:
            for n, path in enumerate(_copies(first, bench.growth_files), start=1):
                sidecar.analyze(path)
                if n in (1, bench.growth_files // 10, bench.growth_files // 2, bench.growth_files):
                    rows.append([str(n), megabytes(sidecar.resident_bytes()), megabytes(sidecar.peak_bytes())])
                    figures.append({"files": n, "resident_bytes": sidecar.resident_bytes()})
    return table("Memory of the sidecar over many files", ["files", "resident MB", "peak MB"], rows), figures


def people(bench: Bench) -> tuple[str, Any]:
    """Searching references, being right about people, finding and embedding faces."""
    tables = {
        "search": search_table(bench.data_dir, bench.quick),
        "identification": identification_table(),
        "pixels": pixels_table(bench.data_dir, bench.threads),
    }
    return "\n\n".join(text for text, _ in tables.values()), {name: figures for name, (_, figures) in tables.items()}


def taste(bench: Bench) -> tuple[str, Any]:
    """What comparing all scenes of a library by their looks costs the sidecar."""
    from scripts.benchmark.taste import taste_table

    return taste_table(bench.quick, bench.threads)


def recommend(bench: Bench) -> tuple[str, Any]:
    """Recommendations, and what they rest on, in a large library."""
    return recommend_table(bench.quick)


def startup(bench: Bench) -> tuple[str, Any]:
    """What one call of the plugin costs: Stash starts a process for each."""
    from scripts.benchmark.startup import measure

    rows, figures = [], []
    for name, start in measure(bench.starts):
        figures.append({"call": name, **asdict(start)})
        rows.append(
            [name, *(f"{value * 1000:.0f}" for value in (start.wall_s, start.cpu_s, start.above_s)), start.error[:40]]
        )
    head = ["call", "wall ms", "CPU ms", "CPU ms above bare", ""]
    return table(f"One process of the plugin, as Stash starts it (median of {bench.starts})", head, rows), figures


def interface(bench: Bench) -> tuple[str, Any]:
    """What the interface adds to a page of Stash. The floor is the page without it."""
    from scripts.benchmark.interface import measure

    try:
        found = measure(bench.loads)
    except RuntimeError as error:
        return f"Interface: {error}", {"error": str(error)}
    rows = [
        [
            name,
            f"{part.without_ms:.0f}",
            f"{part.with_ms:.0f}",
            f"{part.with_ms - part.without_ms:+.0f}",
            ratio(part.with_ms, part.without_ms),
        ]
        for name, part in found.parts.items()
    ]
    rows.append(["evaluating the script", "", f"{found.evaluate_ms:.1f}", f"worst {found.evaluate_worst_ms:.1f}", ""])
    rows += [
        [name, "", f"{size.raw / 1000:.1f} kB", f"gzip {size.gzip / 1000:.1f}", ""]
        for name, size in found.sizes.items()
    ]
    head = ["until there, ms", "floor: without", "with", "added", "vs floor"]
    return table(f"A scene's page in Chromium (median of {bench.loads} loads each, in turns)", head, rows), asdict(
        found
    )


PARTS = {
    "decoding": decoding,
    "models": models,
    "road": road,
    "retag": retag,
    "growth": growth,
    "people": people,
    "recommend": recommend,
    "taste": taste,
    "startup": startup,
    "interface": interface,
}


LOOKS_AT_FILES = frozenset(("decoding", "road"))
"""Parts that need the files; making them takes minutes."""


def _copies(first: Path, count: int) -> Iterator[Path]:
    """The same film under other content keys: a free box of another content behind it."""
    content = first.read_bytes()
    for n in range(count):
        path = first.with_name(f"copy-{n}.mp4")
        path.write_bytes(content + struct.pack(">I4sQ", 16, b"free", n))
        yield path
        path.unlink()


def _decode(bench: Bench, work: str, path: Path, **more: Any) -> Cost:
    arguments = {"path": str(path), "threads": bench.threads, "interval_s": INTERVAL_S, **more}
    return in_own_process("scripts.benchmark.decode", work, arguments)


def _duration_s(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        return (container.duration or 0) / 1e6


def _road_row(
    file: BenchFile,
    label: str,
    length_s: float,
    wall_s: float,
    cpu_s: float,
    peak_bytes: int,
    dense: Cost,
    dense_decode: Cost,
    decode: Cost,
    iou: float,
) -> list[str]:
    return [
        file.name,
        label,
        seconds(wall_s),
        f"{length_s / wall_s:.1f}" if wall_s else "-",
        f"{length_s / cpu_s:.1f}" if cpu_s else "-",
        ratio(dense.wall_s, wall_s),
        ratio(decode.cpu_s, dense_decode.cpu_s),
        f"{iou:.3f}",
        megabytes(peak_bytes),
        file.note if label.startswith("dense") else str(decode.result.get("plan", "")),
    ]


def _as_json(cost: Cost) -> Mapping[str, Any]:
    return {
        "wall_s": cost.wall_s,
        "cpu_s": cost.cpu_s,
        "peak_bytes": cost.peak_bytes,
        "error": cost.error,
        **cost.result,
    }


def _trip_json(trip: Trip) -> Mapping[str, Any]:
    return {
        "wall_s": trip.wall_s,
        "cpu_s": trip.cpu_s,
        "peak_bytes": trip.peak_bytes,
        "frames_decoded": trip.done.frames_decoded,
        "frames_embedded": trip.done.frames_embedded,
        "coarse_s": trip.done.timings.coarse_s,
        "refine_s": trip.done.timings.refine_s,
        "plan": trip.done.plan,
        "spans": trip.spans,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE", help="videos to measure (default: made ones)")
    add("--quick", action="store_true", help="a third of the length, fewer files")
    add("--only", action="append", choices=tuple(PARTS), help="this part only; repeatable")
    add("--recommend", action="store_true", help="the part about recommending only: the same as --only recommend")
    add("--people", action="store_true", help="the part about people only: the same as --only people")
    add("--no-growth", action="store_true", help="leave out the 200 files")
    add("--model", default="lite", metavar="ID", help="the model of the whole road (default %(default)s)")
    add("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="CPU threads (default: all)")
    add("--json", metavar="FILE", help="where the figures go (default: bench/bench.json in the data folder)")
    add("--data", default=str(default_data_dir(os.environ)), metavar="DIR", help="where made files and models lie")
    return parser


if __name__ == "__main__":
    sys.exit(main())
