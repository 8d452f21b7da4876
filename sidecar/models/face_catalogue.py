"""The face models that are known by name, and how a local insightface pack is named."""

from __future__ import annotations

from pathlib import Path

from sidecar.models.errors import UnknownModel
from sidecar.models.spec import ModelFile, ModelSpec, SpeedClass
from sidecar.values import FrameGeometry

DLIB_ID = "dlib"
LOCAL_PACK = "insightface@"
"""Before the absolute path of a folder with an insightface pack: a detector and a recogniser as .onnx files."""

_MODELS_PACKAGE = "package:face-recognition-models==0.3.0/face_recognition_models/models"
_RELEASE = "https://github.com/deepinsight/insightface/releases/download/v0.7"

INSIGHTFACE_LICENCE = "non-commercial research only"
"""What insightface says of all its pretrained models, "whether downloaded automatically or manually"."""

_INSIGHTFACE_LICENCE_URL = "https://github.com/deepinsight/insightface#license"

DLIB = ModelSpec(
    id=DLIB_ID,
    family="dlib",
    name="dlib HOG detector x 5 landmarks x ResNet v1",
    pretrained=None,
    licence="CC0-1.0 (both files of weights); the library dlib: BSL-1.0",
    licence_url="https://github.com/davisking/dlib-models",
    source="https://github.com/davisking/dlib-models",
    revision="0.3.0",
    files=(
        ModelFile(
            "shape_predictor_5_face_landmarks.dat",
            f"{_MODELS_PACKAGE}/shape_predictor_5_face_landmarks.dat",
            9_150_489,
            "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
        ),
        ModelFile(
            "dlib_face_recognition_resnet_model_v1.dat",
            f"{_MODELS_PACKAGE}/dlib_face_recognition_resnet_model_v1.dat",
            22_466_066,
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        ),
    ),
    dim=128,
    geometry=FrameGeometry(150, "crop"),
    speed_class="medium",
    embedded=True,
    note=(
        "Works without any download. Finds faces that look at the camera, from about 35 pixels on; 99.38 % on LFW. An "
        "insightface pack finds smaller and turned faces and tells people apart far better."
    ),
    approximate_bytes=31_616_555,
    job="face",
)


def _pack(
    name: str, sha256: str, size_bytes: int | None, approximate_bytes: int, speed_class: SpeedClass, note: str
) -> ModelSpec:
    return ModelSpec(
        id=f"insightface/{name}",
        family="insightface",
        name=name,
        pretrained=None,
        licence=INSIGHTFACE_LICENCE,
        licence_url=_INSIGHTFACE_LICENCE_URL,
        source=f"{_RELEASE}/{name}.zip",
        revision="v0.7",
        files=(ModelFile(f"{name}.zip", f"{_RELEASE}/{name}.zip", size_bytes, sha256, unpack=True),),
        dim=512,
        geometry=FrameGeometry(112, "crop"),
        speed_class=speed_class,
        embedded=False,
        note=note,
        approximate_bytes=approximate_bytes,
        job="face",
    )


FACE_CATALOGUE: tuple[ModelSpec, ...] = (
    DLIB,
    _pack(
        "buffalo_l",
        "80ffe37d8a5940d59a7384c201a2a38d4741f2f3c51eef46ebb28218a7b0ca2f",
        288_621_354,
        288_621_354,
        "slow",
        "The usual choice: finds small and turned faces, guesses sex and age. Non-commercial research only: read the "
        "licence first.",
    ),
    _pack(
        "buffalo_s",
        "d85a87f503f691807cd8bb97128bdf7a0660326cd9cd02657127fa978bab8b5e",
        127_607_557,
        127_607_557,
        "fast",
        "Smaller and faster, misses more faces and people. Non-commercial research only: read the licence first.",
    ),
    _pack(
        "antelopev2",
        "8e182f14fc6e80b3bfa375b33eb6cff7ee05d8ef7633e738d1c89021dcf0c5c5",
        None,
        361_000_000,
        "slow",
        "The most accurate of this list; wants a GPU. Non-commercial research only: read the licence first.",
    ),
)
"""sha256 of the packs: of the releases' files, as several public projects that pin them state."""


def is_face_name(name: str) -> bool:
    """Say whether a name means a face model, known or not, rather than an image-text model."""
    return name == DLIB_ID or name.startswith(("insightface/", LOCAL_PACK))


def resolve_face(name: str) -> ModelSpec:
    """Find the face model that a name means. Raises UnknownModel with the allowed forms. Reads nothing."""
    for spec in FACE_CATALOGUE:
        if spec.id == name:
            return spec
    if name.startswith(LOCAL_PACK):
        return _local_pack(name)
    raise UnknownModel(
        f"no face model is called {name!r}. Allowed: {', '.join(spec.id for spec in FACE_CATALOGUE)}; or "
        f'"{LOCAL_PACK}<absolute path of a folder with an insightface pack>"'
    )


def _local_pack(name: str) -> ModelSpec:
    folder = Path(name.removeprefix(LOCAL_PACK))
    if not folder.is_absolute():
        raise UnknownModel(f'{name!r} does not name a folder by its absolute path: write "{LOCAL_PACK}/path/of/pack"')
    return ModelSpec(
        id=name,
        family="insightface",
        name=folder.name,
        pretrained=None,
        licence="not stated",
        licence_url=_INSIGHTFACE_LICENCE_URL,
        source=str(folder),
        revision="local",
        files=(),
        dim=0,
        geometry=FrameGeometry(112, "crop"),
        speed_class="unknown",
        embedded=False,
        note="A pack of the owner's own. insightface's own models are for non-commercial research only.",
        checkpoint=folder,
        job="face",
    )
