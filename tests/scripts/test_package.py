"""The package: the same bytes for the same commit, everything that runs in it, and nothing else."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from plugin.interface.input import PLUGIN_ID
from plugin.version import VERSION
from scripts.commands import package
from scripts.commands.package import ROOT, Package, PackagingError, build

AT = 1_700_000_001
MANIFEST = """name: Shelf
description: Says "so".
version: 1.2.3
exec: [python, "{pluginDir}/plugin/main.py"]
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(built: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's files as Stash unpacks them."""
    folder = tmp_path_factory.mktemp("plugins") / PLUGIN_ID
    with zipfile.ZipFile(built.zip) as archive:
        archive.extractall(folder)
    return folder


def small_repository(root: Path) -> Path:
    """Just enough of a repository, in git."""
    for name, text in {
        "stash-plugin.yml": MANIFEST,
        "LICENSE": "free",
        "pyproject.toml": "",
        "plugin/main.py": "print()",
        "plugin/__pycache__/main.cpython-311.pyc": "",
        "plugin/notes.md": "not needed",
        "plugin/.hidden/x.py": "",
        "sidecar/__main__.py": "",
        "sidecar/words.txt": "cat",
        "protos/a.proto": "",
        "protos/a_pb2.pyi": "",
        "tests/test_a.py": "",
        "ui/src/main.ts": "",
        "ui/src/main.test.ts": "",
        "ui/README.md": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "one")
    return root


def git(root: Path, *arguments: str) -> None:
    dates = {"GIT_AUTHOR_DATE": f"{AT} +0200", "GIT_COMMITTER_DATE": f"{AT} +0200"}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, env={**os.environ, **dates})


def test_only_what_runs_is_packaged_under_the_plugins_id_with_mode_0644(tmp_path: Path) -> None:
    made = build(small_repository(tmp_path / "repository"), tmp_path / "dist")
    with zipfile.ZipFile(made.zip) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == [
        "LICENSE",
        "plugin/main.py",
        "protos/a.proto",
        "pyproject.toml",
        "sidecar/__main__.py",
        "sidecar/words.txt",
        "stash-sense-native.yml",
    ]
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.date_time for entry in entries} == {(2023, 11, 14, 22, 13, 20)}


def test_the_same_sources_give_the_same_bytes_elsewhere_and_later(tmp_path: Path) -> None:
    first = small_repository(tmp_path / "one")
    second = tmp_path / "elsewhere" / "two"
    shutil.copytree(first, second)
    for path in second.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    git(second, "config", "core.fileMode", "false")
    made = [build(root, root / "dist") for root in (first, second)]
    assert made[0].zip.read_bytes() == made[1].zip.read_bytes()
    assert made[0].index.read_bytes() == made[1].index.read_bytes()
    assert build(first, tmp_path / "again").sha256 == made[0].sha256


def test_the_index_is_what_stash_reads(tmp_path: Path) -> None:
    made = build(small_repository(tmp_path / "repository"), tmp_path / "dist")
    [entry] = yaml.safe_load(made.index.read_text())
    assert entry == {
        "id": "stash-sense-native",
        "name": "Shelf",
        "version": made.version,
        "date": "2023-11-14 22:13:20",
        "path": "stash-sense-native.zip",
        "sha256": hashlib.sha256(made.zip.read_bytes()).hexdigest(),
        "metadata": {"description": 'Says "so".'},
    }
    assert made.version.startswith("1.2.3-")
    assert len(made.version) == len("1.2.3-") + 7


def test_changes_that_are_not_committed_show_in_the_version(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "repository")
    (root / "tests" / "test_a.py").write_text("changed, but not packaged")
    assert not build(root, tmp_path / "dist").version.endswith("-dirty")
    (root / "plugin" / "main.py").write_text("changed")
    assert build(root, tmp_path / "dist").version.endswith("-dirty")


def test_changes_of_what_the_interface_is_built_from_show_too(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "repository")
    (root / "ui" / "README.md").write_text("changed, but not built")
    assert not build(root, tmp_path / "dist").version.endswith("-dirty")
    (root / "ui" / "src" / "main.ts").write_text("changed")
    assert build(root, tmp_path / "dist").version.endswith("-dirty")


def test_source_date_epoch_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_repository(tmp_path / "repository")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert "2020-09-13 12:26:40" in build(root, tmp_path / "dist").index.read_text()
    shutil.rmtree(root / ".git")
    assert build(root, tmp_path / "dist").version == "1.2.3"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(PackagingError, match="SOURCE_DATE_EPOCH is 'soon'"):
        build(root, tmp_path / "dist")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    with pytest.raises(PackagingError, match="no git repository"):
        build(root, tmp_path / "dist")


def test_a_built_user_interface_is_loaded(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "repository")
    for name in ("b.js", "a.js", "style.css", "icon.svg", "a.js.map"):
        (root / "ui" / "dist").mkdir(parents=True, exist_ok=True)
        (root / "ui" / "dist" / name).write_text("")
    package.stage(root, tmp_path / "staged")
    manifest = yaml.safe_load((tmp_path / "staged" / "stash-sense-native.yml").read_text())
    assert manifest["ui"] == {"javascript": ["ui/dist/a.js", "ui/dist/b.js"], "css": ["ui/dist/style.css"]}
    assert (tmp_path / "staged" / "ui" / "dist" / "icon.svg").exists()
    assert not (tmp_path / "staged" / "ui" / "dist" / "a.js.map").exists()


def test_what_stash_would_refuse_is_not_packaged(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "repository")
    (root / "stash-plugin.yml").write_text((root / "stash-plugin.yml").read_text() + "id: shelf\n")
    with pytest.raises(PackagingError, match="the top has the key 'id'"):
        build(root, tmp_path / "dist")


def test_our_own_package_is_one_that_stash_takes(built: Package, installed: Path) -> None:
    assert [path.name for path in installed.rglob("*.yml")] == [f"{PLUGIN_ID}.yml"]
    manifest = yaml.safe_load((installed / f"{PLUGIN_ID}.yml").read_text())
    assert manifest["version"] == VERSION
    assert built.version.startswith(VERSION)
    assert manifest["exec"] == ["python", "-X", "utf8", "-I", "-S", "{pluginDir}/plugin/main.py"]
    assert "csp" not in manifest.get("ui", {})
    assert all(setting["type"] in ("STRING", "BOOLEAN") for setting in manifest["settings"].values())
    assert all("Unset: " in setting["description"] for setting in manifest["settings"].values())


def test_nothing_in_it_names_this_machine(installed: Path) -> None:
    names = {str(ROOT), str(Path.home())} - {"/"}
    for path in installed.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if name + "/" in text], path


def test_everything_in_it_is_python_3_10(installed: Path) -> None:
    files = sorted(installed.rglob("*.py"))
    for path in files:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 10))
    oldest = shutil.which("python3.10")
    if oldest is not None and subprocess.run([oldest, "-c", ""], check=False, capture_output=True).returncode == 0:
        subprocess.run([oldest, "-m", "compileall", "-q", str(installed)], check=True)


def test_the_sidecar_in_it_starts_and_set_up_finds_what_to_install(installed: Path) -> None:
    command = [sys.executable, "-m", "sidecar", "--version"]
    assert subprocess.run(command, cwd=installed, capture_output=True, check=True).stdout
    code = """import sys; sys.path.insert(0, sys.argv[1])
from plugin.setup import dependencies
from plugin.installation.requirements import read_requirements
print(sorted(read_requirements(sys.argv[1])), dependencies.is_installed("/nowhere"))"""
    bare = [sys.executable, "-X", "utf8", "-I", "-S", "-c", code, str(installed)]
    answer = subprocess.run(bare, capture_output=True, text=True, check=True, cwd="/")
    assert "'embedded'" in answer.stdout
    assert "'sidecar'" in answer.stdout
