"""README and ARCHITECTURE tell the truth: every script, option, rpc and version; one owner per heavy library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugin.operations.arguments import REQUIRED
from plugin.operations.table import OPERATIONS
from plugin.settings import STASH_SETTINGS, OwnerSettings, WorkflowTags, as_json
from plugin.tasks.table import TASKS
from plugin.version import VERSION as PLUGIN_VERSION
from protos import common_pb2, faces_pb2, inference_pb2, media_pb2, models_pb2, schedule_pb2, taste_pb2
from scripts.commands import analyze, bench
from sidecar import settings
from sidecar.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

OWNERS = {
    "PIL": "media/still.py models/face_picture.py",
    "PyNvVideoCodec": "media/nvdec.py",
    "apscheduler": "schedule/scheduler.py",
    "av": "media/ffmpeg.py",
    "cv2": "",
    "dlib": "models/dlib_library.py",
    "efficientnet_lite_pytorch": "models/efficientnet_lite.py",
    "insightface": "models/insightface_faces.py",
    "onnxruntime": "models/onnx_runtime.py",
    "open_clip": "models/open_clip_library.py",
    "peewee": "store/database.py",
    "safetensors": None,
    "torch": "models/torch_runtime.py",
    "torchvision": "models/torchvision_compat.py",
}
"""Library -> the files under sidecar/ that import it; None: one file, whichever; cv2 comes with insightface alone."""

PLUGIN_OWNERS = {
    "grpc": ["faces_client.py", "sidecar_client.py", "taste_client.py", "tracks_client.py"],
    "peewee": ["store/database.py"],
    "protos": ["face_messages.py", "faces_client.py", "sidecar_client.py", "taste_client.py", "tracks_client.py"],
    "requests": ["stash/stashapi_transport.py"],
    "stashapi": ["interface/log.py", "stash/stashapi_transport.py"],
}
"""Library -> the files under plugin/ that import it (stashapi is two libraries in one: log lines and GraphQL)."""


def options(parser: object) -> list[str]:
    return re.findall(r"(--[a-z][a-z-]+)", parser.format_help())  # type: ignore[attr-defined]


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / "scripts").iterdir() if p.is_file() and not p.suffix))
def test_every_script_is_in_the_readme_and_can_be_run(script: str) -> None:
    assert f"`scripts/{script}" in README
    assert (ROOT / "scripts" / script).stat().st_mode & 0o111


@pytest.mark.parametrize("option", sorted(set(options(analyze._parser())) - {"--help"}))
def test_every_option_of_analyze_is_in_the_readme(option: str) -> None:
    assert option in README


@pytest.mark.parametrize("option", sorted(set(options(settings._parser({}))) - {"--help"}))
def test_every_option_of_the_sidecar_is_in_the_readme(option: str) -> None:
    assert option in README


def test_bench_explains_its_options() -> None:
    for action in bench._parser()._actions:
        assert action.help, action.dest


@pytest.mark.parametrize(
    "method",
    [
        (service.name, method.name)
        for module in (faces_pb2, inference_pb2, media_pb2, models_pb2, schedule_pb2, taste_pb2)
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    ],
)
def test_every_rpc_is_in_the_readme(method: tuple[str, str]) -> None:
    assert all(f"`{name}`" in README for name in method)


def test_every_field_of_the_contract_is_explained() -> None:
    """A comment stands right above each field."""
    field = re.compile(r"\s+(optional |repeated )?[\w.]+(<[\w, ]+>)? \w+ = \d+;")
    unexplained = []
    for name in ("common", "faces", "inference", "media", "models", "schedule", "taste"):
        lines = (ROOT / "protos" / f"{name}.proto").read_text(encoding="utf-8").splitlines()
        unexplained += [
            f"{name}.proto:{number + 1}: {line.strip()}"
            for number, line in enumerate(lines)
            if field.match(line) and not lines[number - 1].strip().startswith("//")
        ]
    assert unexplained == []


def test_every_problem_code_is_one_that_the_rooms_use() -> None:
    """The enum and the rooms' own codes agree, so that convert never has to answer INTERNAL for a known error."""
    from typing import get_args

    from sidecar.media.errors import ErrorCode

    known = {name.lower() for name in common_pb2.ProblemCode.keys()}  # noqa: SIM118 (an enum wrapper)
    assert set(get_args(ErrorCode)) <= known
    assert {"store_error", "model_not_ready", "shutting_down", "cancelled", "invalid_request"} <= known


def test_versions_agree() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert VERSION in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("library", OWNERS)
def test_each_heavy_library_has_one_owner(library: str) -> None:
    pattern = re.compile(rf"^\s*(?:import|from) {library}(?:\.|\s|$)", re.M)
    files = sorted((ROOT / "sidecar").rglob("*.py"))
    importing = []
    for file in files:
        text = re.sub(r"\nif TYPE_CHECKING:\n(?:    .*\n|\n)+", "\n", file.read_text(encoding="utf-8"))
        if pattern.search(text):
            importing.append(file.relative_to(ROOT / "sidecar").as_posix())
    owners = OWNERS[library]
    assert len(importing) == 1 if owners is None else importing == owners.split(), importing


@pytest.mark.parametrize("library", PLUGIN_OWNERS)
def test_each_library_of_the_plugin_has_its_owner(library: str) -> None:
    pattern = re.compile(rf"^\s*(?:import|from) {library}(?:\.|\s|$)", re.M)
    files = sorted((ROOT / "plugin").rglob("*.py"))
    importing = [file for file in files if pattern.search(file.read_text(encoding="utf-8"))]
    assert [file.relative_to(ROOT / "plugin").as_posix() for file in importing] == PLUGIN_OWNERS[library]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_in_the_readme_with_its_arguments(name: str) -> None:
    operation = OPERATIONS[name]
    required = [f"`{key}`" for key, argument in operation.arguments.items() if argument.default is REQUIRED]
    optional = [f"*`{key}`*" for key, argument in operation.arguments.items() if argument.default is not REQUIRED]
    (row,) = re.findall(rf"^\| `{re.escape(name)}` \| (.*) \| (.*) \|$", README, re.M)
    assert set(filter(None, row[0].split(", "))) == {*required, *optional}
    assert row[1] == operation.about


def test_the_readme_knows_no_operation_that_is_not_there() -> None:
    section = README[README.index("### Operations") :].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z._]+)` \|", section, re.M)) == set(OPERATIONS)


@pytest.mark.parametrize("title", [task.title for task in TASKS.values() if task.title])
def test_every_task_is_in_the_readme(title: str) -> None:
    assert f"| *{title}* |" in README


@pytest.mark.parametrize("key", STASH_SETTINGS)
def test_every_setting_of_stashs_page_is_in_the_readme(key: str) -> None:
    assert f"| `{key}` |" in README


@pytest.mark.parametrize("key", as_json(OwnerSettings()))
def test_every_setting_of_the_store_is_in_the_readme_with_its_default(key: str) -> None:
    (default,) = re.findall(rf"^\| `{key}` \| (.*?) \|", README, re.M)
    value = as_json(OwnerSettings())[key]
    if isinstance(value, str | bool):
        shown = "true" if value is True else value
        assert default in (f"`{shown}`", f'`"{shown}"`')
    elif isinstance(value, int | float):
        assert float(default) == value


@pytest.mark.parametrize("name", WorkflowTags().names())
def test_every_workflow_tag_is_in_the_readme(name: str) -> None:
    assert f"| `{name}` |" in README


def test_the_plugins_version_agrees() -> None:
    assert PLUGIN_VERSION == VERSION
    assert f"\nversion: {PLUGIN_VERSION}\n" in (ROOT / "stash-plugin.yml").read_text(encoding="utf-8")


PAGES = re.findall(r'path: "(/sense/[a-z-]+)"', (ROOT / "ui/src/shared/pages.ts").read_text(encoding="utf-8"))
PICTURES = sorted(set(re.findall(r"\(ui/screenshots/([a-z-]+)\.webp\)", README)))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_the_readme(path: str) -> None:
    assert f"`{path}`" in README


def test_every_picture_of_the_readme_was_made_by_a_test_and_every_one_there_is_shown() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "ui").glob("test_*.py"))
    assert [name for name in PICTURES if f'"{name}"' not in tests] == []
    assert sorted(path.stem for path in (ROOT / "ui" / "screenshots").iterdir()) == PICTURES
