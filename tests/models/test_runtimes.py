"""The choice of a runtime, memory that runs out, and resizing where the frame lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sidecar.models.compiled_graph import compiled_graph
from sidecar.models.embedder import Images
from sidecar.models.errors import CompileFailed, RuntimeUnavailable
from sidecar.models.onnx_runtime import OnnxImageRuntime
from sidecar.models.runtime_choice import Candidate, RuntimeMemory, choose, probe_images
from sidecar.values import Note
from tests.models.conftest import Photo


class Timed:
    """A runtime that takes a known time on a clock of its own, and errs by a known angle."""

    now_s = 0.0
    device = "cpu"
    notes: tuple[Note, ...] = ()
    memory_bytes = 0

    def __init__(self, name: str, seconds: float, cosine: float = 1.0) -> None:
        self.name, self.seconds, self.cosine, self.closed = name, seconds, cosine, False

    def run(self, images: Images) -> NDArray[np.float32]:
        Timed.now_s += self.seconds
        row = [self.cosine, (1 - self.cosine**2) ** 0.5]
        return np.array([row] * len(images), np.float32)

    def close(self) -> None:
        self.closed = True


def test_the_fastest_faithful_runtime_wins() -> None:
    slow, fast = Timed("slow", 1.0), Timed("fast", 0.5)
    wrong, not_a_number = Timed("wrong", 0.1, cosine=0.99), Timed("nan", 0.1, cosine=float("nan"))
    candidates = [Candidate(one.name, lambda one=one: one) for one in (slow, wrong, fast, not_a_number)]  # type: ignore[misc]

    def broken() -> Timed:
        raise OSError("no such library")

    candidates.append(Candidate("broken", broken))
    probes = probe_images(32)
    reference = np.array([[1, 0]] * 8, np.float32)
    chosen, measured = choose(candidates, reference, probes, lambda: Timed.now_s)
    assert chosen is fast and not fast.closed
    assert slow.closed and wrong.closed and not_a_number.closed
    by_name = {one.name: one for one in measured}
    assert by_name["fast"].images_per_s == pytest.approx(16)
    assert by_name["wrong"].min_cosine == pytest.approx(0.99) and not by_name["wrong"].is_faithful
    assert not by_name["nan"].is_faithful and "no such library" in by_name["broken"].failure
    with pytest.raises(RuntimeError, match="wrong"):
        choose([Candidate("wrong", lambda: wrong)], reference, probes, lambda: Timed.now_s)


def test_the_choice_is_remembered_and_a_broken_memory_is_empty(tmp_path: Path) -> None:
    memory = RuntimeMemory(tmp_path / "runtimes.json")
    assert memory.get("a") is None
    memory.put("a", "onnx-int8", [])
    memory.put("b", "torch-fp32", [])
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == ("onnx-int8", "torch-fp32", None)
    (tmp_path / "runtimes.json").write_text('{"x": ')
    assert memory.get("a") is None
    memory.put("a", "no such runtime", [])
    assert memory.get("a") is None


def test_probes_are_varied_and_always_the_same() -> None:
    first, second = probe_images(70), probe_images(70)
    assert first.shape == (8, 70, 70, 3) and first.dtype == np.uint8
    assert (first == second).all()
    flat = first.reshape(8, -1).astype(float)
    assert np.abs(np.corrcoef(flat) - np.eye(8)).max() < 0.95


def test_a_compiler_that_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(CompileFailed, match="No module named"):
        compiled_graph(tmp_path, "x-1", "sidecar.models.no_such_module", [])
    assert not list(tmp_path.glob("*.onnx"))


def test_a_damaged_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(b"not a graph")
    with pytest.raises(RuntimeUnavailable, match="delete it"):
        OnnxImageRuntime(path, 1)


def test_gpu_memory_that_runs_out_halves_the_batch_and_then_moves_to_the_cpu() -> None:
    from sidecar.models.torchvision_compat import ensure_torchvision

    ensure_torchvision()
    import torch

    from sidecar.models.torch_runtime import TorchImageRuntime, image_module

    class SmallGpu(TorchImageRuntime):
        """Claims to be on a GPU that holds `room` images; the CPU holds any number."""

        room = 3

        def _forward(self, images: Images) -> NDArray[np.float32]:
            if self.device != "cpu" and len(images) > self.room:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return images[:, 0, 0, :].astype(np.float32)

    module = image_module(torch.nn.Flatten(), (0.5,) * 3, (0.5,) * 3, "l2")
    runtime = SmallGpu(module, "cpu", "fp32", 1)
    runtime.device = "cuda:0"
    images = np.arange(10, dtype=np.uint8)[:, None, None, None].repeat(3, axis=3)
    assert runtime.run(images)[:, 0].tolist() == list(range(10))
    assert runtime.notes == (Note("gpu_batch_halved", "GPU memory was short: batches are now 2 images"),)
    assert runtime.device == "cuda:0"
    runtime.room = 0
    assert runtime.run(images)[:, 0].tolist() == list(range(10))
    assert runtime.device == "cpu" and runtime.notes[0].code == "gpu_out_of_memory"


def test_frames_are_scaled_as_a_careful_scaler_does(photos: Mapping[str, Photo]) -> None:
    import torch

    from sidecar.models.torchvision_compat import resize_frame

    photo = photos["a cup of coffee"]  # 600 x 400
    for frame in (torch.from_numpy(photo), photo):
        result = resize_frame(frame, None, 180, 120)
        expected = np.asarray(Image.fromarray(photo).resize((180, 120), Image.Resampling.BICUBIC))
        assert result.dtype == np.uint8
        assert result.shape == (120, 180, 3)
        assert np.abs(result.astype(int) - expected).mean() < 1.0
        part = resize_frame(frame, (0, 0, 300, 400), 90, 120)
        expected = np.asarray(Image.fromarray(photo[:, :300]).resize((90, 120), Image.Resampling.BICUBIC))
        assert np.abs(part.astype(int) - expected).mean() < 1.0
    with pytest.raises(ValueError, match=r"uint8 \(H, W, 3\) is needed"):
        resize_frame(torch.zeros(3, 4, 4), None, 40, 40)
