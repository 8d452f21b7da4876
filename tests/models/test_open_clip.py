"""Any open_clip checkpoint loads from a local file, gives one set of vectors on every runtime, and cannot run code."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sidecar.models.catalogue import CATALOGUE, DEFAULT_PRODUCTION_ID, resolve
from sidecar.models.embedder import EmbedderOptions, Images, ImageTextEmbedder
from sidecar.models.errors import CheckpointRefused, RuntimeUnavailable, UnknownModel, WeightsMismatch, WeightsMissing
from sidecar.models.loading import load_embedder
from sidecar.models.open_clip_embedder import OpenClipEmbedder
from sidecar.models.spec import ModelFile
from sidecar.models.weights import RECORD_NAME, is_present
from sidecar.values import FrameGeometry
from tests.models.conftest import TINY_CONFIG, Photo, TinyClip, fitted


@pytest.fixture(scope="module")
def images(photos: Mapping[str, Photo]) -> Images:
    return np.stack([fitted(photo, 64) for photo in photos.values()])


@pytest.fixture(scope="module")
def tiny(tiny_clip: TinyClip, options: EmbedderOptions) -> OpenClipEmbedder:
    loaded = load_embedder(tiny_clip.name("safetensors"), replace(options, runtime="torch-fp32"))
    assert isinstance(loaded, OpenClipEmbedder)
    return loaded


def checkpoint(tiny_clip: TinyClip, form: str, folder: Path) -> Path:
    """A folder with the tiny model's configuration, and the path where a bad checkpoint is to be put."""
    config = (tiny_clip.folders["pt"] / "open_clip_config.json").read_bytes()
    (folder / "open_clip_config.json").write_bytes(config)
    return folder / form


def test_facts_come_from_the_model(tiny: OpenClipEmbedder) -> None:
    as_embedder: ImageTextEmbedder = tiny
    assert tiny.dim == 32
    assert tiny.geometry == FrameGeometry(64, "squash")
    assert tiny.scoring.kind == "background_softmax"
    assert tiny.scoring.logit_scale == pytest.approx(1 / 0.07, rel=1e-3)
    assert as_embedder.background_vectors() is None
    assert tiny.knows(["indoors", "a cat"]).all()
    assert tiny.device == "cpu" and tiny.runtime == "torch fp32"
    assert 6e6 < tiny.memory_bytes < 9e6  # 1.7 M parameters in fp32


def test_every_format_gives_the_same_vectors(
    tiny: OpenClipEmbedder, tiny_clip: TinyClip, options: EmbedderOptions, images: Images
) -> None:
    words = ["a cat", "indoors"]
    for form in ("bin", "pt", "training"):
        path = next(tiny_clip.folders[form].glob("*model.*"))
        named = tiny_clip.name(form) if form == "bin" else None
        spec = resolve(named) if named else replace(resolve(tiny_clip.name("bin")), checkpoint=path)
        other = OpenClipEmbedder(spec, replace(options, runtime="torch-fp32"))
        np.testing.assert_allclose(other.embed_images(images), tiny.embed_images(images), atol=1e-6)
        np.testing.assert_allclose(other.embed_texts(words), tiny.embed_texts(words), atol=1e-6)
        other.close()


def test_images_and_texts_equal_open_clip_itself(tiny: OpenClipEmbedder, tiny_clip: TinyClip, images: Images) -> None:
    import open_clip
    import torch

    model, _, preprocess = open_clip.create_model_and_transforms(tiny_clip.name("safetensors"))
    model.eval()
    from PIL import Image

    words = ["a photo of a cat.", "indoors"]
    with torch.inference_mode():
        pixels = torch.stack([preprocess(Image.fromarray(image)) for image in images])
        expected = model.encode_image(pixels, normalize=True).numpy()
        expected_words = model.encode_text(open_clip.get_tokenizer("ViT-B-32")(words), normalize=True).numpy()
    np.testing.assert_allclose(tiny.embed_images(images), expected, atol=1e-5)
    np.testing.assert_allclose(tiny.embed_texts(words), expected_words, atol=1e-5)


@pytest.mark.parametrize(("runtime", "least"), [("onnx-fp32", 0.99999), ("onnx-int8", 0.99), ("torch-bf16", 0.99)])
def test_runtimes_agree(
    tiny: OpenClipEmbedder, tiny_clip: TinyClip, options: EmbedderOptions, images: Images, runtime: str, least: float
) -> None:
    other = load_embedder(tiny_clip.name("safetensors"), replace(options, runtime=runtime))
    assert other.model_key == tiny.model_key
    assert other.runtime == runtime.replace("onnx-", "onnxruntime ").replace("torch-", "torch ")
    cosines = (other.embed_images(images) * tiny.embed_images(images)).sum(axis=1)
    assert cosines.min() > least
    for count in (0, 1, 3):
        assert other.embed_images(images[:count]).shape == (count, 32)
    np.testing.assert_allclose(other.embed_texts(["a cat"]), tiny.embed_texts(["a cat"]), atol=1e-6)
    other.close()


def test_auto_measures_once_and_remembers(
    tiny: OpenClipEmbedder, tiny_clip: TinyClip, options: EmbedderOptions, images: Images
) -> None:
    first = load_embedder(tiny_clip.name("safetensors"), options)
    (entry,) = json.loads((options.cache_dir / "runtimes.json").read_bytes()).values()
    measured = {one["name"]: one for one in entry["measured"]}
    assert {"torch-fp32", "onnx-fp32", "onnx-int8"} <= set(measured)
    assert measured[entry["chosen"]]["min_cosine"] >= 0.999
    assert (first.embed_images(images) * tiny.embed_images(images)).sum(axis=1).min() > 0.999
    content = (options.cache_dir / "runtimes.json").read_bytes()
    second = load_embedder(tiny_clip.name("safetensors"), options)
    assert second.runtime == first.runtime
    assert (options.cache_dir / "runtimes.json").read_bytes() == content
    first.close()
    second.close()


def test_other_weights_have_another_key(
    tiny: OpenClipEmbedder, tiny_clip: TinyClip, options: EmbedderOptions, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file, save_file

    path = checkpoint(tiny_clip, "open_clip_model.safetensors", tmp_path)
    state = load_file(tiny_clip.folders["safetensors"] / "open_clip_model.safetensors")
    state["visual.proj"] = state["visual.proj"] * 2
    save_file(state, path)
    other = load_embedder(f"local-dir:{tmp_path}", replace(options, runtime="torch-fp32"))
    assert other.model_key != tiny.model_key


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("bomb-went-off"),))


def test_pickles_and_torchscript_are_refused(
    tiny_clip: TinyClip, options: EmbedderOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.chdir(tmp_path)
    path = checkpoint(tiny_clip, "open_clip_pytorch_model.bin", tmp_path)
    torch.save({"state_dict": _Bomb()}, path)
    with pytest.raises(CheckpointRefused, match="could run code"):
        load_embedder(f"local-dir:{tmp_path}", options)
    path.write_bytes(pickle.dumps(_Bomb()))
    with pytest.raises(CheckpointRefused):
        load_embedder(f"local-dir:{tmp_path}", options)
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(path))  # type: ignore[no-untyped-call]
    with pytest.raises(CheckpointRefused, match="TorchScript"):
        load_embedder(f"local-dir:{tmp_path}", options)
    assert not (tmp_path / "bomb-went-off").exists()


def test_damaged_and_unfitting_checkpoints_are_refused(
    tiny_clip: TinyClip, options: EmbedderOptions, tmp_path: Path
) -> None:
    import torch
    from safetensors.numpy import save_file

    whole = (tiny_clip.folders["safetensors"] / "open_clip_model.safetensors").read_bytes()
    path = checkpoint(tiny_clip, "open_clip_model.safetensors", tmp_path)
    for content in (b"", b"\xff" * 64, whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(CheckpointRefused, match="cannot be read"):
            load_embedder(f"local-dir:{tmp_path}", options)
    save_file({"visual.proj": np.zeros((3, 3), np.float32)}, path)
    with pytest.raises(CheckpointRefused, match="architecture"):
        load_embedder(f"local-dir:{tmp_path}", options)
    path.unlink()
    torch.save([1, 2], tmp_path / "open_clip_pytorch_model.bin")
    with pytest.raises(CheckpointRefused):
        load_embedder(f"local-dir:{tmp_path}", options)


def test_a_missing_tokenizer_says_what_it_needs(tiny_clip: TinyClip, options: EmbedderOptions, tmp_path: Path) -> None:
    path = checkpoint(tiny_clip, "open_clip_model.safetensors", tmp_path)
    path.write_bytes((tiny_clip.folders["safetensors"] / "open_clip_model.safetensors").read_bytes())
    text = {**TINY_CONFIG["text_cfg"], "hf_tokenizer_name": "somebody/something"}  # type: ignore[dict-item]
    config = {"model_cfg": {**TINY_CONFIG, "text_cfg": text}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsMissing, match=r"tokenizer\.json"):
        load_embedder(f"local-dir:{tmp_path}", options)


def test_bad_configurations_are_refused(options: EmbedderOptions, tmp_path: Path) -> None:
    for content in (
        "",
        "[]",
        '{"model_cfg": {}}',
        '{"model_cfg": {"embed_dim": "x", "vision_cfg": {}, "text_cfg": {}}}',
    ):
        (tmp_path / "open_clip_config.json").write_text(content)
        with pytest.raises(CheckpointRefused, match="not an open_clip configuration"):
            load_embedder(f"local-dir:{tmp_path}", options)
    with pytest.raises(UnknownModel, match="does not exist"):
        load_embedder(f"local-dir:{tmp_path / 'nowhere'}", options)


def test_a_named_architecture_with_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.touch()
    spec = resolve(f"open_clip/ViT-B-16-SigLIP2@{path}")
    assert (spec.name, spec.checkpoint, spec.dim) == ("ViT-B-16-SigLIP2", path, 768)
    assert spec.geometry == FrameGeometry(224, "squash")
    with pytest.raises(UnknownModel, match="does not exist"):
        resolve(f"open_clip/ViT-B-32@{tmp_path / 'other.pt'}")
    with pytest.raises(UnknownModel, match=r"\.npz"):
        resolve(f"open_clip/ViT-B-32@{tmp_path / 'other.npz'}")
    with pytest.raises(UnknownModel, match="ViT-B-32"):
        resolve(f"open_clip/ViT-B-33@{path}")


def test_the_catalogue_says_what_open_clip_says() -> None:
    from sidecar.models import open_clip_library, open_clip_names

    for spec in CATALOGUE:
        if spec.family != "open_clip":
            continue
        resolved = open_clip_names.resolve_open_clip(spec.id)
        assert (spec.dim, spec.geometry, spec.source) == (resolved.dim, resolved.geometry, resolved.source), spec.id
        required = {file.source for file in resolved.files if file.required}
        assert {file.source for file in spec.files} == required, spec.id
        assert spec.pretrained in open_clip_library.tags(spec.name)


def test_tags_outside_the_catalogue_resolve_too() -> None:
    spec = resolve("open_clip/ViT-B-16/datacomp_xl_s13b_b90k")
    assert spec.dim == 512 and spec.files[0].source.startswith("https://huggingface.co/laion/")
    with pytest.raises(UnknownModel, match=r"allowed: .*openai"):
        resolve("open_clip/ViT-B-16/nonsense")
    hub = resolve("hf-hub:someone/some-clip")
    assert hub.files[0].name == "open_clip_config.json" and hub.dim == 0
    with pytest.raises(UnknownModel, match="hf-hub:<organisation>/<repository>"):
        resolve("hf-hub:../../etc")


def test_weights_that_are_not_here_say_what_to_run(options: EmbedderOptions) -> None:
    assert not is_present(resolve(DEFAULT_PRODUCTION_ID), options.models_dir)
    with pytest.raises(WeightsMissing, match=r"fetch_models --model open_clip/ViT-B-32-256"):
        load_embedder(DEFAULT_PRODUCTION_ID, options)


def test_fetched_weights_must_stay_what_they_were(
    tiny: OpenClipEmbedder, tiny_clip: TinyClip, options: EmbedderOptions, tmp_path: Path, images: Images
) -> None:
    spec = resolve("hf-hub:someone/tiny-clip")
    folder = tmp_path / spec.folder_name
    folder.mkdir()
    for file in tiny_clip.folders["safetensors"].iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    assert is_present(spec, tmp_path)
    here = replace(options, models_dir=tmp_path, runtime="torch-fp32")
    fetched = OpenClipEmbedder(spec, here)
    assert fetched.model_key == tiny.model_key
    np.testing.assert_allclose(fetched.embed_images(images), tiny.embed_images(images), atol=1e-6)
    record = {"open_clip_model.safetensors": {"sha256": "0" * 64}}
    (folder / RECORD_NAME).write_text(json.dumps(record))
    with pytest.raises(WeightsMismatch, match="delete it"):
        OpenClipEmbedder(spec, here)


def test_impossible_wishes_are_refused(tiny_clip: TinyClip, options: EmbedderOptions) -> None:
    name = tiny_clip.name("safetensors")
    with pytest.raises(RuntimeUnavailable, match="allowed: auto, torch-fp32"):
        load_embedder(name, replace(options, runtime="tensorrt"))
    from sidecar.models.torch_runtime import cuda_reason

    if cuda_reason() is not None:
        with pytest.raises(RuntimeUnavailable, match='device "cuda" cannot be used'):
            load_embedder(name, replace(options, device="cuda"))


@pytest.mark.parametrize("name", ["", "lit", "ViT-B-32", "../lite", "open-clip"])
def test_unknown_names_list_what_is_allowed(name: str) -> None:
    with pytest.raises(UnknownModel, match="Allowed: lite, open_clip/ViT-B-32-256"):
        resolve(name)


def test_every_row_of_the_catalogue_is_whole() -> None:
    ids = [spec.id for spec in CATALOGUE]
    assert len(set(ids)) == len(ids) and DEFAULT_PRODUCTION_ID in ids
    for spec in CATALOGUE:
        assert spec.licence and spec.licence_url.startswith("https://") and spec.files and spec.dim > 0
        assert resolve(spec.id) is spec
        assert all(isinstance(file, ModelFile) and (file.sha256 or not spec.embedded) for file in spec.files)
