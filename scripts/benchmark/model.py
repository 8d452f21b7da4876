"""Images per second of a model, decoding excluded: the floor under everything that embeds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scripts.benchmark.measure import Stopwatch, serve
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.loading import load_embedder

SECONDS_EACH = 1.5


def rate(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Images per second in batches of 1 and of 8; wall_s and cpu_s are those of the batches of 8."""
    data_dir = Path(arguments["data"])
    options = EmbedderOptions(
        cache_dir=data_dir / "cache",
        models_dir=data_dir / "models",
        device="cpu",
        threads=arguments["threads"],
        runtime=arguments["runtime"],
    )
    began_s = time.perf_counter()
    embedder = load_embedder(arguments["model"], options)
    load_s = time.perf_counter() - began_s
    size = embedder.geometry.size_px
    images = np.random.default_rng(3).integers(0, 256, (8, size, size, 3), np.uint8)
    rates: dict[str, float] = {}
    for batch in (1, 8):
        embedder.embed_images(images[:batch])
        watch, done = Stopwatch(), 0
        while watch.read()["wall_s"] < SECONDS_EACH:
            embedder.embed_images(images[:batch])
            done += batch
        spent = watch.read()
        rates[f"images_per_s_b{batch}"] = done / spent["wall_s"]
        rates["cpu_s_per_image"] = spent["cpu_s"] / done
    return {**spent, **rates, "load_s": load_s, "runtime": embedder.runtime, "dim": embedder.dim}


def random_checkpoint(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Save an open_clip architecture with random weights, to measure speed where real weights are not at hand."""
    from sidecar.models.torchvision_compat import ensure_torchvision

    ensure_torchvision()
    import open_clip
    from safetensors.torch import save_file

    watch = Stopwatch()
    model = open_clip.create_model(arguments["architecture"])
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, arguments["path"])
    return watch.read()


WORKS = {"rate": rate, "random_checkpoint": random_checkpoint}

if __name__ == "__main__":
    serve(WORKS)
