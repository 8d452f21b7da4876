"""What the sidecar is compared with: decode all, embed a frame every 0.5 s, then the same scores and timeline."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from scripts.benchmark.decode import STEP_S
from scripts.benchmark.measure import Stopwatch, serve
from sidecar.engine.judges import Judges
from sidecar.engine.request import Tag, TagQuery
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.loading import load_embedder
from sidecar.store import FeatureStore
from sidecar.tagging.samples import Samples

BATCH = 16


def dense(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """wall_s and cpu_s exclude loading the model and its phrases; spans: [tag, start_s, end_s]."""
    data_dir = Path(arguments["data"])
    options = EmbedderOptions(data_dir / "cache", data_dir / "models", "cpu", arguments["threads"])
    embedder = load_embedder(arguments["model"], options)
    with tempfile.TemporaryDirectory() as folder, FeatureStore.open(Path(folder)) as store:
        query = TagQuery(vocabulary=False, tags=tuple(Tag(name, phrasings=tuple(p)) for name, p in arguments["tags"]))
        judge, _ = Judges(store, Path(folder)).judge(query, embedder, embedder.embed_texts)
    watch = Stopwatch()
    pts_s: list[float] = []
    vectors, batch = [], []
    size, next_s, end_s = embedder.geometry.size_px, 0.0, 0.0
    with av.open(arguments["path"]) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "AUTO", arguments["threads"]
        for frame in container.decode(stream):
            assert frame.time is not None
            end_s = frame.time
            if frame.time < next_s:
                continue
            batch.append(_fit(frame, size, embedder.geometry.fit))
            pts_s.append(frame.time)
            next_s = frame.time + STEP_S - 1e-3
            if len(batch) == BATCH:
                vectors.append(embedder.embed_images(np.stack(batch)))
                batch = []
        if batch:
            vectors.append(embedder.embed_images(np.stack(batch)))
        end_s += 1 / float(stream.average_rate or 25)
    times = np.array(pts_s)
    scores = judge.scores(np.concatenate(vectors))
    spans, _ = judge.timeline(Samples(times, np.zeros(len(times), bool), scores, end_s))
    spent = watch.read()
    found = [[span.tag, span.start_s, span.end_s] for span in spans]
    return {**spent, "frames": len(times), "duration_s": end_s, "spans": found}


def _fit(frame: av.VideoFrame, size: int, fit: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The frame as the model wants it, scaled by FFmpeg; square pixels are assumed."""
    if fit == "squash":
        return np.asarray(frame.to_ndarray(format="rgb24", width=size, height=size), np.uint8)
    scale = size / min(frame.width, frame.height)
    width, height = round(frame.width * scale), round(frame.height * scale)
    pixels = np.asarray(frame.to_ndarray(format="rgb24", width=width, height=height), np.uint8)
    left, top = (width - size) // 2, (height - size) // 2
    return np.ascontiguousarray(pixels[top : top + size, left : left + size])


def temporal_iou(one: list[tuple[str, float, float]], other: list[tuple[str, float, float]]) -> float:
    """Intersection over union of two timelines in seconds, summed over tags. 1.0 where both are empty."""
    edges = sorted({moment for _, start_s, end_s in (*one, *other) for moment in (start_s, end_s)})
    both = either = 0.0
    for tag in {tag for tag, _, _ in (*one, *other)}:
        for start_s, end_s in pairwise(edges):
            middle_s = (start_s + end_s) / 2
            inside = [any(t == tag and s <= middle_s < e for t, s, e in spans) for spans in (one, other)]
            both += (end_s - start_s) * all(inside)
            either += (end_s - start_s) * any(inside)
    return both / either if either else 1.0


WORKS = {"dense": dense}

if __name__ == "__main__":
    serve(WORKS)
