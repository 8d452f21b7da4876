"""The packages that the browser's part is built with: had once, whoever is killed or cut off in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import ui
from scripts.commands.package import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "ui"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (folder / name).write_bytes((ROOT / "ui" / name).read_bytes())
    return tmp_path


def stamp(root: Path) -> Path:
    return root / "ui" / "node_modules" / ui.STAMP


def test_without_the_registry_it_says_so_and_tries_again_next_time(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "registry": "http://127.0.0.1:9/",
        "fetch_retries": "0",
        "cache": str(tmp_path / "npm"),
    }.items():
        monkeypatch.setenv(f"npm_config_{name}", value)
    stamp(root).parent.mkdir()
    stamp(root).write_text("of another lock file")
    with pytest.raises(ui.UiError, match=r"cannot be had from npm's registry(?s:.*)ECONNREFUSED"):
        ui.build_plugin(root)
    assert not stamp(root).exists()


def test_who_is_killed_half_way_is_not_taken_for_done(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = []

    def run(root: Path, command: list[str], what: str) -> str:
        commands.append(command[2])
        stamp(root).parent.mkdir(exist_ok=True)
        if len(commands) == 1:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(ui, "run", run)
    with pytest.raises(KeyboardInterrupt):
        ui.install_packages(root)
    ui.install_packages(root)
    ui.install_packages(root)
    assert commands == ["ci", "ci"]


def test_a_checkout_that_cannot_be_written_is_a_sentence(root: Path) -> None:
    (root / "ui" / "node_modules.lock").mkdir()
    with pytest.raises(ui.UiError, match=r"cannot be installed: .* cannot be written"):
        ui.build_plugin(root)
