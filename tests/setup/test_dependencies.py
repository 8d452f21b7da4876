"""The plugin's own packages: installed whole or not at all, for this Python, beside the system's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.installation import SetupError
from plugin.setup import dependencies
from tests.setup.wheels import make_wheel

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGED = Path("/usr/bin/python3")
MODULES = {
    "grpcio": {"grpc/__init__.py": ""},
    "protobuf": {"google/protobuf/__init__.py": ""},
    "peewee": {"peewee.py": "here = __file__\n"},
    "stashapp_tools": {"stashapi/__init__.py": "", "stashapi/log.py": ""},
}
CALL = "import sys; sys.path[0] = sys.argv[1]; from plugin.setup import dependencies as d; d._SOURCES = sys.argv[2]; "


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with stand-ins for what the plugin needs, the only place where pip looks."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, modules in MODULES.items():
        make_wheel(folder, name, modules)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


@pytest.fixture
def sources(wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed plugin that asks for those."""
    monkeypatch.setattr(sys, "executable", getattr(sys, "_base_executable", sys.executable))  # It has a pip.
    folder = tmp_path / "plugins" / "stash-sense-native"
    (folder / "plugin" / "installation").mkdir(parents=True)
    (folder / "plugin" / "installation" / "embedded-models.txt").write_text("")
    ask_for(folder, "grpcio>=1", "protobuf", "peewee", "stashapp-tools")
    monkeypatch.setattr(dependencies, "_SOURCES", str(folder))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "config" / "stash-sense-native")


def ask_for(sources: Path, *lines: str) -> None:
    listed = ", ".join(f'"{line}"' for line in lines)
    (sources / "pyproject.toml").write_text(f"[project.optional-dependencies]\nplugin = [{listed}]\n")


def names(data: str) -> list[str]:
    return sorted(path.name for path in (Path(data) / "deps").iterdir())


def install(data: str, sources: Path) -> list[str]:
    said: list[str] = []
    dependencies.install(data, str(sources), said.append)
    return said


def test_set_up_installs_once_and_activate_finds_it(
    sources: Path, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not dependencies.is_installed(data)
    assert "not installed yet" in dependencies.missing_instruction(data)
    assert "Set up" in dependencies.missing_instruction()
    # Neighbours among the plugins, and whatever lies where Stash was started, are never run.
    stood = tmp_path / "stood"
    for folder in (sources.parent, stood):
        (folder / "pip").mkdir(parents=True)
        (folder / "pip" / "__init__.py").write_text("raise SystemExit('a neighbour was run')")
    monkeypatch.chdir(stood)
    monkeypatch.setenv("PYTHONPATH", str(sources.parent))

    install(data, sources)
    assert dependencies.is_installed(data)
    assert dependencies.can_call_sidecar(data)
    assert os.environ["PYTHONPATH"] == str(sources.parent)
    assert Path.cwd() == stood
    assert names(data) == [Path(dependencies.deps_dir(data)).name, "setup.lock"]
    monkeypatch.setattr(sys, "path", list(sys.path))
    dependencies.activate(data)
    dependencies.activate(data)
    assert sys.path[1] == dependencies.deps_dir(data)
    assert sys.path.count(sys.path[1]) == 1

    assert install(data, sources) == ["The plugin's Python packages are installed already."]


def test_other_requirements_and_another_python_ask_for_set_up_again(
    sources: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(data, sources)
    old = Path(dependencies.deps_dir(data))
    ask_for(sources, "grpcio>=1", "protobuf", "peewee>=1", "stashapp-tools")
    assert not dependencies.is_installed(data)
    assert "newer Python packages" in dependencies.missing_instruction(data)
    install(data, sources)
    assert dependencies.is_installed(data)
    assert (old / "peewee.py").exists()  # A process that began with it may still import from it.

    assert dependencies.prune(data) == []
    os.utime(old, (time.time() - 100_000,) * 2)
    assert dependencies.prune(data) == [old.name]
    assert dependencies.is_installed(data)

    monkeypatch.setattr(dependencies, "abi_tag", lambda: "cpython-399-x86_64-linux-musl")
    assert not dependencies.is_installed(data)
    assert "Python has changed" in dependencies.missing_instruction(data)
    assert dependencies.is_musl()


def test_damage_is_mended(sources: Path, data: str) -> None:
    install(data, sources)
    (Path(dependencies.deps_dir(data)) / "peewee.py").unlink()
    install(data, sources)
    assert (Path(dependencies.deps_dir(data)) / "peewee.py").exists()


def test_without_grpcio_the_rest_is_installed_and_said_plainly(sources: Path, wheels: Path, data: str) -> None:
    (wheels / "grpcio-1.0-py3-none-any.whl").unlink()
    make_wheel(wheels, "grpcio", MODULES["grpcio"], tag="cp310-cp310-musllinux_1_2_s390x")
    said = install(data, sources)
    assert dependencies.is_installed(data)
    assert not dependencies.can_call_sidecar(data)
    assert "64-bit image" in said[-1]
    assert "watch tracking" in said[-1]

    make_wheel(wheels, "grpcio", MODULES["grpcio"])
    install(data, sources)
    assert dependencies.can_call_sidecar(data)


def test_no_network_names_remedies_and_leaves_nothing_half_done(
    sources: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(SetupError, match=r"no package registry could be reached.*global\.index-url"):
        install(data, sources)
    assert not dependencies.is_installed(data)


def test_a_package_that_cannot_be_imported_is_never_used(sources: Path, wheels: Path, data: str) -> None:
    make_wheel(wheels, "peewee", {"peewee.py": "import no_such_library"}, version="2.0")
    with pytest.raises(SetupError, match="no_such_library"):
        install(data, sources)
    assert not dependencies.is_installed(data)


def test_a_folder_that_cannot_be_written_is_said_plainly(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be made"):
        install(str(tmp_path / "file" / "data"), sources)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("after_s", [0.3, 0.8, 1.2])
def test_killed_at_any_moment_it_is_not_there_or_whole(sources: Path, data: str, after_s: float) -> None:
    code = CALL + "d.install(sys.argv[3], sys.argv[2], lambda text: None)"
    child = subprocess.Popen([sys.executable, "-c", code, str(ROOT), str(sources), data])
    time.sleep(after_s)
    child.send_signal(signal.SIGKILL)
    child.wait()
    if dependencies.is_installed(data):
        assert dependencies._import_failure(dependencies.deps_dir(data), True) == ""
    install(data, sources)
    assert dependencies._import_failure(dependencies.deps_dir(data), True) == ""
    leftovers = [name for name in names(data) if name.startswith(".")]
    assert leftovers == []


def test_a_python_without_pip_gets_one_of_our_own(sources: Path, data: str, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = bare / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code = CALL + "d.install(sys.argv[3], sys.argv[2], print); print(d.is_installed(sys.argv[3]))"
    command = [str(python), "-c", code, str(ROOT), str(sources), data]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "True"


@pytest.mark.skipif(
    not list(Path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED")) or not MANAGED.exists(),
    reason="no externally managed Python here",
)
def test_an_externally_managed_python_installs_too(sources: Path, data: str) -> None:
    code = CALL + "d.install(sys.argv[3], sys.argv[2], print); print(d.is_installed(sys.argv[3]))"
    command = [str(MANAGED), "-I", "-S", "-c", code, str(ROOT), str(sources), data]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.stdout.splitlines()[-1:] == ["True"], answer.stdout + answer.stderr


def test_every_call_pays_less_than_5_ms() -> None:
    code = """import sys, time
sys.path.insert(0, sys.argv[1])
began = time.process_time()
from plugin.setup import dependencies
dependencies.is_installed("/nowhere"); dependencies.activate("/nowhere")
print(time.process_time() - began, [n for n in ("re", "json", "pathlib", "hashlib") if n in sys.modules])"""
    command = [sys.executable, "-I", "-S", "-c", code, str(ROOT)]
    answers = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(" ", 1) for _ in range(5)
    ]
    assert min(float(seconds) for seconds, _ in answers) < 0.005
    assert answers[0][1].strip() == "[]"
