"""A browser is found where it lies, installed where that can be done, and else asked for in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import chromium


@pytest.fixture
def bin_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; playwright has no browser of its own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(chromium.OVERRIDE, raising=False)
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: None)
    return tmp_path


def program(path: Path, text: str = "exit 0") -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_environment_goes_first(bin_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = program(bin_dir / "chromium")
    assert chromium.find() == str(usual)
    own = program(bin_dir / "mine")
    monkeypatch.setenv(chromium.OVERRIDE, str(own))
    assert chromium.find() == str(own)
    monkeypatch.setenv(chromium.OVERRIDE, str(bin_dir / "nothing"))
    assert chromium.find() is None


def test_root_installs_it(bin_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(bin_dir / "apt-get", f'echo "$@" >> {bin_dir}/asked; cp "$0" {bin_dir}/chromium')
    (bin_dir / "cp").symlink_to("/bin/cp")
    assert chromium.ensure(lambda text: None) == str(bin_dir / "chromium")
    assert "install" in (bin_dir / "asked").read_text()


def test_where_nothing_helps_it_says_what_would(bin_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(program(bin_dir / "python", "echo no network; exit 1")))
    said: list[str] = []
    assert chromium.ensure(said.append) is None
    assert said[-1] == chromium.HOW
    assert any("no network" in line for line in said)
