"""scripts/up: the plugin at work in a stand-in for Stash, and in an owner's Stash, which is asked for first."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.interface.input import PLUGIN_ID
from plugin.setup import launch
from plugin.setup.sidecar_environment import sidecar_dir
from scripts.commands import up
from scripts.demonstration.library import FILMS, PEOPLE_FILMS, PICTURES, ZIPPED, make_library
from scripts.demonstration.stash_api import DemonstrationError, StashApi
from tests.plugin.road.installed import link_packages
from tests.standin import Standin

ROOT = Path(__file__).resolve().parent.parent.parent
PLURAL = {"scene": len(FILMS) + len(PEOPLE_FILMS), "image": len(PICTURES) + len(ZIPPED), "gallery": 1}


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short enough for a socket below it."""
    return tmp_path_factory.mktemp("u")


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def share_models(config_dir: Path, model_cache: Path) -> None:
    sidecar = Path(sidecar_dir(str(config_dir / PLUGIN_ID)))
    sidecar.mkdir(parents=True)
    (sidecar / "cache").symlink_to(model_cache)


def test_once_prints_the_tags_of_everything_and_leaves_nothing_running(folder: Path, model_cache: Path) -> None:
    """With real packages from wherever pip looks."""
    share_models(folder / "stash", model_cache)
    command = [sys.executable, "-m", "scripts.commands.up", "--once", f"--data={folder}"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    blocks = {block.splitlines()[0]: block for block in answer.stdout.split("\n\n") if re.match(r"\w+ \d+: ", block)}
    for kind, count in PLURAL.items():
        assert len([title for title in blocks if title.startswith(f"{kind} ")]) == count
    assert not [block for block in blocks.values() if "not analysed" in block or "failed" in block]
    assert all("AI_Tagged" in block for block in blocks.values())
    (breakfast,) = (block for title, block in blocks.items() if "breakfast" in title)
    assert re.search(r"^    coffee +0:00-0:05", breakfast, re.M)
    assert re.search(r"^    cat +0:05-", breakfast, re.M)
    (pioneers,) = (block for title, block in blocks.items() if "pioneers" in title)
    assert re.search(r"^    Grace Hopper +0:00-0:04 +suggested as performer", pioneers, re.M)
    assert re.search(r"^    Eileen Collins +0:0[67]-0:12 +suggested as performer", pioneers, re.M)
    (again,) = (block for title, block in blocks.items() if "friends again" in title)
    assert "6 whom nobody named" in again
    assert "suggestions wait for a decision" in answer.stdout
    assert launch.current(sidecar_dir(str(folder / "stash" / PLUGIN_ID))) is None
    assert not launch.stop(sidecar_dir(str(folder / "stash" / PLUGIN_ID)))


def test_an_owners_stash_is_changed_only_after_a_yes(
    folder: Path, model_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config_dir = folder / "stash"
    for name in ("library", "stash"):
        (folder / name).mkdir()
    (config_dir / "config.yml").touch()  # As Stash has one; the stand-in only says where.
    film = make_library(folder / "made")[2]
    with Standin(config_dir, folder / "library", api_key="0123456789abcdef", username="me", password="x") as stash:
        stash.add_scene(film, "The cat")
        key = ["--stash", stash.url, "--api-key", "0123456789abcdef"]
        before, questions = stash.snapshot(), list[str]()

        def answering(*answers: str) -> up.Ask:
            waiting = list(answers)

            def ask(question: str) -> str:
                questions.append(question)
                return waiting.pop(0)

            return ask

        assert up.main(key, answering("n")) == 1
        assert questions == ["Do this? [y/N] "]
        said = capsys.readouterr().out
        assert "Nothing was changed." in said
        assert "add the package source file://" in said
        assert stash.snapshot() == before
        assert not list(config_dir.rglob(f"*{PLUGIN_ID}*"))
        assert stash.settings.plugin_sources == []

        share_models(config_dir, model_cache)
        link_packages(config_dir / PLUGIN_ID)
        try:
            assert up.main(key, answering("yes", "n")) == 0
            assert "It waits for you in Stash" in capsys.readouterr().out
            assert {**stash.snapshot(), "tag": {}} == {**before, "tag": {}}
            assert up.main(key, answering("y", "Y")) == 0
            assert re.search(r"^    cat +0:00-0:09", capsys.readouterr().out, re.M)
        finally:
            launch.stop(sidecar_dir(str(config_dir / PLUGIN_ID)))


def test_what_cannot_be_reached_or_is_wrong_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert up.main(["--stash", "http://127.0.0.1:9"]) == 1
    assert "Stash at http://127.0.0.1:9 does not answer" in capsys.readouterr().err
    assert up.main(["--api-key", "x"]) == 2
    assert "--stash" in capsys.readouterr().err
    with pytest.raises(DemonstrationError, match="no address of a Stash"):
        StashApi("ftp://stash")


def test_a_wrong_key_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Standin(folder / "c", folder / "l", api_key="0123456789abcdef", username="me", password="x") as stash:
        assert up.main(["--stash", stash.url, "--api-key", "wrong"]) == 1
    assert "API key" in capsys.readouterr().err


def test_a_stash_that_cannot_read_the_index_is_told_how(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Standin(folder / "c", folder / "l") as stash:
        wrong = ["--stash", stash.url, "--index", (folder / "nowhere" / "index.yml").as_uri()]
        assert up.main(wrong, lambda question: "y") == 1
    assert "python3 -m http.server -d dist" in capsys.readouterr().err
