"""Which runtime runs an image tower: the fastest of those that give the same vectors, measured on this machine."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sidecar.models.embedder import Images
from sidecar.models.weights import write_atomically
from sidecar.values import Note, Vectors

RUNTIMES = ("torch-fp32", "torch-fp16", "torch-bf16", "onnx-fp32", "onnx-int8")
"""Names that `EmbedderOptions.runtime` takes beside "auto". fp16 is for GPUs; onnx runs on the CPU."""

MIN_COSINE = 0.999
"""How near the vectors must be to torch's fp32 on every probe: vectors of one model key must be interchangeable."""

PROBE_BATCH = 8
_ROUNDS = 3
_log = logging.getLogger(__name__)


class ImageRuntime(Protocol):
    """Rows (N, width) for uint8 frames (N, S, S, 3)."""

    name: str
    device: str
    notes: tuple[Note, ...]
    memory_bytes: int

    def run(self, images: Images) -> NDArray[np.float32]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A runtime that could be used. open: makes it; may raise where it does not work here."""

    name: str
    open: Callable[[], ImageRuntime]


@dataclass(frozen=True, slots=True)
class Measured:
    """One candidate on this machine. images_per_s at batches of 8; 0 where it did not run. failure: why, or ""."""

    name: str
    images_per_s: float
    min_cosine: float
    failure: str = ""

    @property
    def is_faithful(self) -> bool:
        return not self.failure and self.min_cosine >= MIN_COSINE


def probe_images(size_px: int) -> Images:
    """Eight images (8, S, S, 3) that look like what videos hold: gradients, shapes, texture, noise, and near-black."""
    rng = np.random.default_rng(20)
    y, x = np.mgrid[0:size_px, 0:size_px] / size_px
    blobs = np.zeros((size_px, size_px, 3))
    for _ in range(24):
        cx, cy, radius = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.02, 0.2)
        blobs[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] = rng.uniform(0, 255, 3)
    coarse = rng.uniform(0, 255, (8, 8, 3)).repeat(-(-size_px // 8), 0).repeat(-(-size_px // 8), 1)
    waves = 127 + 127 * np.sin(40 * x * (1 + y))[..., None] * np.array([1, 0.6, 0.2])
    gradient = np.stack([255 * x, 255 * y, 255 * (1 - x)], axis=-1)
    images = [
        gradient,
        blobs,
        coarse[:size_px, :size_px],
        waves,
        rng.normal(120, 50, (size_px, size_px, 3)),
        np.where(((x * 12).astype(int) + (y * 12).astype(int)) % 2 == 0, 235, 20)[..., None].repeat(3, axis=-1),
        0.5 * blobs + 0.5 * gradient + rng.normal(0, 12, blobs.shape),
        rng.normal(8, 4, (size_px, size_px, 3)),
    ]
    return np.clip(np.stack(images), 0, 255).astype(np.uint8)


def choose(
    candidates: Sequence[Candidate], reference: Vectors, probes: Images, clock: Callable[[], float]
) -> tuple[ImageRuntime, tuple[Measured, ...]]:
    """Open and time every candidate, and return the fastest faithful one, opened, with all measurements.

    reference: torch fp32's rows for probes. The best of three rounds counts: other programs only ever slow one down.
    A candidate that fails is left out. Raises RuntimeError where none is faithful, with what was measured.
    """
    best: ImageRuntime | None = None
    best_speed, measurements = 0.0, []
    for candidate in candidates:
        try:
            runtime = candidate.open()
            measured = _measure(candidate.name, runtime, reference, probes, clock)
        except Exception as error:  # a runtime that does not work here is one that is not chosen
            _log.warning("runtime %s does not work here: %s", candidate.name, error)
            measurements.append(Measured(candidate.name, 0.0, 0.0, str(error)[:300] or type(error).__name__))
            continue
        measurements.append(measured)
        loser: ImageRuntime | None = runtime
        if measured.is_faithful and measured.images_per_s > best_speed:
            best, loser, best_speed = runtime, best, measured.images_per_s
        if loser is not None:
            loser.close()
    if best is None:
        raise RuntimeError(f"no runtime gives the vectors that torch gives in fp32: {measurements}")
    return best, tuple(measurements)


def _measure(
    name: str, runtime: ImageRuntime, reference: Vectors, probes: Images, clock: Callable[[], float]
) -> Measured:
    rows = runtime.run(probes)
    cosine = float((rows * reference).sum(axis=1).min()) if np.isfinite(rows).all() else 0.0
    seconds = []
    for _ in range(_ROUNDS):
        started_s = clock()
        runtime.run(probes)
        seconds.append(clock() - started_s)
    return Measured(name, len(probes) / max(min(seconds), 1e-9), cosine)


class RuntimeMemory:
    """Remembers in a JSON file which runtime was chosen for a key (model, CPU, threads, versions)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> str | None:
        """The chosen runtime's name, or None where nothing was measured yet."""
        entry = self._read().get(_digest(key))
        chosen = entry.get("chosen") if isinstance(entry, dict) else None
        return chosen if chosen in RUNTIMES else None

    def put(self, key: str, chosen: str, measurements: Sequence[Measured]) -> None:
        """Remember a choice with what it was made from, for a person to read."""
        entry = {"key": key, "chosen": chosen, "measured": [asdict(one) for one in measurements]}
        content = {**self._read(), _digest(key): entry}
        write_atomically(self._path, json.dumps(content, indent=1).encode())

    def _read(self) -> dict[str, object]:
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
