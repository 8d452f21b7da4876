"""The sidecar's environment: only with consent, only where it can run, mended when its Python changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugin.installation import SetupError
from plugin.installation.requirements import EMBEDDED_FILE
from plugin.setup import dependencies, sidecar_environment
from plugin.setup.sidecar_environment import OVERRIDE_NAME, ConsentNeeded, install, python_of
from tests.setup.wheels import make_wheel

MODULES = ("grpc", "numpy", "av", "peewee", "filelock", "apscheduler")


@pytest.fixture
def plugin_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed plugin whose sidecar asks for small packages that pip finds without a network."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in (*MODULES, "weights"):
        weights = make_wheel(wheels, name, {f"{name}.py": ""})
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    folder = tmp_path / "plugins" / "stash-sense-native"
    (folder / EMBEDDED_FILE).parent.mkdir(parents=True)
    (folder / EMBEDDED_FILE).write_text(f"weights==1.0 --hash=sha256:{digest}\n")
    listed = ", ".join(f'"{name}"' for name in MODULES)
    (folder / "pyproject.toml").write_text(f"[project.optional-dependencies]\nsidecar = [{listed}]\nnvidia = []\n")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return str(folder)


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def test_nothing_is_downloaded_before_the_owner_agrees(plugin_dir: str, data: str) -> None:
    with pytest.raises(ConsentNeeded, match=r"1\.4 GB of disk, or 5\.2 GB with CUDA .* 'Install the sidecar'"):
        install(data, plugin_dir, False, print)
    assert not Path(data).exists()
    assert python_of(data, plugin_dir) is None


def test_it_is_installed_once_and_made_anew_when_its_python_is_another(
    plugin_dir: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    python = install(data, plugin_dir, True, said.append)
    assert Path(python).is_relative_to(Path(data) / "sidecar" / "env")
    assert said[0].startswith("installing the sidecar's environment (")
    assert python_of(data, plugin_dir) == python
    said.clear()
    assert install(data, plugin_dir, False, said.append) == python
    assert said == []

    # As after an image update: packages for one version lie beside a Python of another.
    [packages] = (Path(data) / "sidecar" / "env" / "lib").iterdir()
    packages.rename(packages.with_name("python3.1"))
    assert install(data, plugin_dir, True, said.append) == python
    assert "does not work any more" in said[0]
    assert subprocess.run([python, "-c", "import av, weights"], check=False).returncode == 0
    sidecar_environment.remove(data)
    assert python_of(data, plugin_dir) is None


def test_in_alpine_it_explains_the_container_way(plugin_dir: str, data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "abi_tag", lambda: "cpython-314-x86_64-linux-musl")
    with pytest.raises(SetupError, match=r"Alpine image.*--listen HOST:PORT --token-file.*Sidecar address"):
        install(data, plugin_dir, True, print)


def test_too_little_space_is_said_before_the_download(
    plugin_dir: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidecar_environment, "_free_gb", lambda folder: 0.3)
    with pytest.raises(SetupError, match=r"0\.3 GB are free"):
        install(data, plugin_dir, True, print)


def test_the_owners_own_python_is_used_as_it_is(plugin_dir: str, data: str, tmp_path: Path) -> None:
    override = Path(data) / "sidecar" / OVERRIDE_NAME
    override.parent.mkdir(parents=True)
    override.write_text(f"{sys.executable}\nanything else\n")
    assert python_of(data, plugin_dir) == sys.executable
    assert install(data, plugin_dir, False, print) == sys.executable

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    override.write_text(str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(SetupError, match="cannot import"):
        install(data, plugin_dir, True, print)
    override.write_text("/no/such/python")
    with pytest.raises(SetupError, match="names '/no/such/python', which is no file"):
        python_of(data, plugin_dir)


def test_the_owners_setup_succeeds_without_a_compiler(plugin_dir: str, data: str) -> None:
    project = Path(plugin_dir) / "pyproject.toml"
    project.write_text(project.read_text() + 'index = ["nowhere==1.17.3"]\n')
    said: list[str] = []
    python = install(data, plugin_dir, True, said.append)
    assert python_of(data, plugin_dir) == python
    assert [line for line in said if line.startswith("that is done without: faces are compared one by one")]
    said.clear()
    assert install(data, plugin_dir, True, said.append) == python
    assert said == []
