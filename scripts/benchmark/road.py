"""The whole road as a client sees it: a sidecar process of its own, asked over gRPC, watched from outside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import psutil

from protos import common_pb2, inference_pb2, models_pb2
from scripts.benchmark.measure import peak_bytes
from scripts.sidecar_client import SidecarClient, SidecarProcess
from sidecar.engine.stored import parse_content_key
from sidecar.store import Coverage, FeatureStore, PassState
from sidecar.values import ContentKey

HOUR_KEY = ContentKey("oshash", "00000000000000aa", 3_600_000_000)


@dataclass(frozen=True, slots=True)
class Trip:
    """One medium, asked for once."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    done: inference_pb2.Done
    spans: tuple[tuple[str, float, float], ...]


class Road:
    """A sidecar with a data folder of its own, its model loaded and its phrases known."""

    def __init__(self, roots: Sequence[Path], cache: Path, model: str, tags: Mapping[str, Sequence[str]]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="stash-sense-bench-")
        self.data_dir = Path(self._folder.name)
        cache.mkdir(parents=True, exist_ok=True)
        (self.data_dir / "cache").symlink_to(cache)  # compiled graphs are not what is measured
        self._roots, self._model = roots, model
        self.ask_for(tags)

    def __enter__(self) -> Road:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()

    def ask_for(self, tags: Mapping[str, Sequence[str]]) -> None:
        """Tags (name -> phrasings) of what is asked from now on."""
        self._query = common_pb2.TagQuery(
            model=self._model, tags=[common_pb2.TagDefinition(name=n, phrasings=p) for n, p in tags.items()]
        )

    def start(self, warm: bool = True) -> None:
        """Start the sidecar and load the model; warm also has the phrases embedded."""
        self._process = SidecarProcess(self.data_dir, self._roots)
        self._process.start()
        self.client: SidecarClient = self._process.client()
        assert self._process.process is not None
        self._watched = psutil.Process(self._process.process.pid)
        self.client.models.LoadModel(models_pb2.LoadModelRequest(id=self._model))
        if warm:
            self.score(["oshash-0-1"], self._query)

    def stop(self) -> None:
        """Stop the sidecar; what it stored stays until the block ends."""
        self.client.close()
        self._process.stop()

    def analyze(self, path: Path, refine: int = inference_pb2.REFINE_BUDGET, fresh: bool = True) -> Trip:
        """Ask for one medium and wait for its end. Raises RuntimeError where it fails."""
        request = inference_pb2.AnalyzeRequest()
        request.medium.media_id = "1"
        request.medium.location.path = str(path)
        request.medium.tags.CopyFrom(self._query)
        request.medium.sampling.refine = inference_pb2.Refine.Name(refine)  # type: ignore[assignment]
        request.medium.sampling.fresh = fresh
        before, began_s = self._cpu_s(), time.perf_counter()
        spans: list[tuple[str, float, float]] = []
        done = None
        for event in self.client.inference.Analyze(iter([request])):
            if event.HasField("spans"):
                spans += [(span.tag, span.start_s, span.end_s) for span in event.spans.spans]
            elif event.HasField("error"):
                raise RuntimeError(f"{path}: {event.error.message}")
            elif event.HasField("done"):
                done = event.done
        assert done is not None
        wall_s = time.perf_counter() - began_s
        return Trip(wall_s, self._cpu_s() - before, self.peak_bytes(), done, tuple(spans))

    def score_seconds(self, content_key: str) -> tuple[float, float]:
        """Wall seconds of scoring one stored medium with the road's tags, and those of it spent on unknown phrases."""
        began_s = time.perf_counter()
        (event,) = self.score([content_key], self._query)
        return time.perf_counter() - began_s, event.timeline.prompts_s

    def score(self, keys: Sequence[str], query: common_pb2.TagQuery) -> list[inference_pb2.ScoreEvent]:
        return list(self.client.inference.Score(inference_pb2.ScoreRequest(content_keys=keys, tags=query)))

    def resident_bytes(self) -> int:
        return int(self._watched.memory_info().rss)

    def peak_bytes(self) -> int:
        """Largest resident memory so far; the present one where the system does not tell."""
        return peak_bytes(self._watched.pid) or self.resident_bytes()

    def _cpu_s(self) -> float:
        times = self._watched.cpu_times()
        return float(times.user + times.system)


def refined_windows(data_dir: Path, content_key: str, refine_s: float = 0.5) -> list[tuple[float, float]]:
    """What a refinement decoded, read from the store of a sidecar that has stopped."""
    with FeatureStore.open(data_dir) as store:
        key = parse_content_key(content_key)
        found = [store.features(key, model_key) for model_key in store.model_keys()]
        coverage = [part for features in found if features for part in features.coverage]
        return [(part.start_s, part.end_s) for part in coverage if part.max_gap_s <= refine_s]


def store_an_hour(data_dir: Path, dim: int, step_s: float = 1.0) -> str:
    """Put an hour of made-up vectors into a store that knows one model and is not open elsewhere; its content key."""
    pts_s = np.arange(0, 3600, step_s, dtype=np.float64)
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(len(pts_s), dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with FeatureStore.open(data_dir) as store:
        model_key = next(key for key in store.model_keys() if not key.endswith(".knows"))
        store.remember_media(HOUR_KEY, "video", "an-hour.mp4", duration_s=3600.0)
        store.append(HOUR_KEY, model_key, dim, pts_s, None, vectors, [Coverage(0.0, 3600.0, step_s)])
        store.set_pass_state(HOUR_KEY, model_key, PassState(coarse_interval_s=4.0, seen_duration_s=3600.0))
    return str(HOUR_KEY)
