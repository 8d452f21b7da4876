"""Searching faces: how fast, and whether annoy's proposals lose anybody; and how fast faces are found and embedded."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.benchmark.measure import Stopwatch, serve
from scripts.benchmark.synthetic_people import unit
from sidecar.people.index import Known, ReferenceIndex, generations, proposals
from sidecar.values import Vectors

EACH = 5
COSINE = 0.6
"""References of each identity, and the cosine of any two of them: annoy needs to be asked for more the less alike the
right one is."""
QUERIES = 200
ONE_BY_ONE = 40
NEVER = 1 << 60


def search(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Build, open and search an index of arguments["count"] references of arguments["dim"] dimensions.

    wall_s and cpu_s are those of building. Times are milliseconds per query; recall is the share of queries whose best
    reference is that of the exact search.
    """
    count, dim = arguments["count"], arguments["dim"]
    halves, queries = _references(count, dim)
    ids = np.arange(count)
    with tempfile.TemporaryDirectory(dir=arguments["folder"], ignore_cleanup_errors=True) as name:
        folder = Path(name)
        index = ReferenceIndex(folder, dim, exact_limit=1, rebuild_least=1)
        watch = Stopwatch()
        index.sync(ids, ids // EACH, lambda some: halves[some])
        index.settle()
        spent = watch.read()
        began_s = time.perf_counter()
        exact = ReferenceIndex(folder, dim, exact_limit=NEVER, rebuild_least=NEVER)
        open_s = time.perf_counter() - began_s
        result = {
            "open_s": open_s,
            "vectors_bytes": (folder / "generation-1" / generations.VECTORS).stat().st_size,
            "exact_ms": _milliseconds(exact, queries[:ONE_BY_ONE], 1),
            "exact_batch_ms": _milliseconds(exact, queries[:64], 64),
        }
        if index.search_kind == "exact":
            return {**spent, **result, "annoy": index.note}
        truth = _best(exact.search(queries))
        near = proposals.Proposals(folder / "generation-1" / generations.ANNOY, dim)
        began_s = time.perf_counter()
        plain = [near.near(query, 1, -1) for query in queries]
        plain_ms = 1000 * (time.perf_counter() - began_s) / len(queries)
        return {
            **spent,
            **result,
            "annoy": "",
            "annoy_bytes": (folder / "generation-1" / generations.ANNOY).stat().st_size,
            "ms": _milliseconds(index, queries[:ONE_BY_ONE], 1),
            "recall": float(np.mean(_best([index.search(query[None])[0] for query in queries]) == truth)),
            "plain_ms": plain_ms,
            "plain_recall": float(
                np.mean([len(row) == 1 and row[0] == best for row, best in zip(plain, truth, strict=True)])
            ),
        }


def pixels(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find and embed the faces of real photos with a face model; wall_s and cpu_s are those of all of it."""
    from PIL import Image

    from scripts.sample_video import load_photo
    from sidecar.models.embedder import EmbedderOptions
    from sidecar.models.loading import load_face_model

    data_dir = Path(arguments["data"])
    options = EmbedderOptions(data_dir / "cache", data_dir / "models", "cpu", arguments["threads"])
    began_s = time.perf_counter()
    model = load_face_model(arguments["model"], options)
    load_s = time.perf_counter() - began_s
    whole = Image.fromarray(load_photo("astronaut"))
    scale = model.detect_px / max(whole.size)
    image = np.asarray(whole.resize((round(whole.width * scale), round(whole.height * scale))))
    faces = model.detect(image)
    watch = Stopwatch()
    detect_ms = _repeated_ms(lambda: model.detect(image))
    embed_ms = _repeated_ms(lambda: model.embed(image, faces)) / max(1, len(faces))
    spent = watch.read()
    return {
        **spent,
        "load_s": load_s,
        "detect_px": model.detect_px,
        "shape": image.shape[:2],
        "faces": len(faces),
        "detect_ms": detect_ms,
        "embed_ms": embed_ms,
        "dim": model.dim,
        "runtime": model.runtime,
    }


def _references(count: int, dim: int) -> tuple[NDArray[np.float16], Vectors]:
    """float16 (count, dim), EACH of one identity; and QUERIES further pictures of some of them."""
    rng = np.random.default_rng(11)
    halves = np.empty((count, dim), np.float16)
    people = np.sort(rng.choice(count // EACH, QUERIES, replace=False))
    asked = []
    for first in range(0, count // EACH, 2000):
        n = min(2000, count // EACH - first)
        centres = unit(rng.normal(size=(n, dim)))
        halves[first * EACH : (first + n) * EACH] = _pictures(rng, np.repeat(centres, EACH, axis=0))
        asked.append(_pictures(rng, centres[people[(people >= first) & (people < first + n)] - first]))
    return halves, np.concatenate(asked)


def _pictures(rng: np.random.Generator, centres: Vectors) -> Vectors:
    return unit(np.sqrt(COSINE) * centres + np.sqrt(1 - COSINE) * unit(rng.normal(size=centres.shape)))


def _best(found: Sequence[Sequence[Known]]) -> NDArray[np.int64]:
    """The most alike reference of each query, whoever's it is."""
    return np.array([max(of_query, key=lambda one: one.best).reference for of_query in found])


def _milliseconds(index: ReferenceIndex, queries: Vectors, at_once: int) -> float:
    index.search(queries[:at_once])
    began_s = time.perf_counter()
    for start in range(0, len(queries), at_once):
        index.search(queries[start : start + at_once])
    return 1000 * (time.perf_counter() - began_s) / len(queries)


def _repeated_ms(work: Any, least_s: float = 1.5) -> float:
    work()
    began_s, done = time.perf_counter(), 0
    while time.perf_counter() - began_s < least_s:
        work()
        done += 1
    return 1000 * (time.perf_counter() - began_s) / done


WORKS = {"search": search, "pixels": pixels}

if __name__ == "__main__":
    serve(WORKS)
