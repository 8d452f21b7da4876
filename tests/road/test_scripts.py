"""scripts/analyze and scripts/search as a person runs them, after the environment is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.sample_video import photo_path
from scripts.sidecar_client import REPO
from tests.conftest import CONCRETE_TAGS


def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", f"scripts.commands.{command}", *arguments]
    return subprocess.run(line, cwd=REPO, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cuts_video: Path) -> Path:
    """Good and broken files, one of them deeper, one that is no medium, and a loop of links."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "deep").mkdir()
    (folder / "deep" / "good.mp4").write_bytes(cuts_video.read_bytes())
    (folder / "cat <b>&.png").write_bytes(photo_path("chelsea").read_bytes())
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "concat.mkv").write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")
    (folder / "notes.txt").write_text("not a medium")
    (folder / "deep" / "loop").symlink_to(folder)
    return folder


def analyse(folder: Path, data_dir: Path, *more: str) -> tuple[int, dict[str, dict[str, Any]], str]:
    tags = ", ".join(phrases[0] for phrases in CONCRETE_TAGS.values())
    answer = run("analyze", str(folder), f"--data={data_dir}", "--json=-", f"--tags={tags}", *more)
    media = json.loads(answer.stdout)["media"]
    return answer.returncode, {Path(medium["path"]).name: medium for medium in media}, answer.stderr


def test_a_folder_with_good_and_broken_files(folder: Path, data_dir: Path) -> None:
    report = data_dir / "report.html"
    status, media, _ = analyse(folder, data_dir, "--refine=full", f"--html={report}")
    assert status == 1
    assert set(media) == {"good.mp4", "cat <b>&.png", "empty.mp4", "concat.mkv"}
    assert media["empty.mp4"]["error"]["code"] == "empty_file"
    assert media["concat.mkv"]["error"]["code"] == "unsupported_format"
    good = media["good.mp4"]
    assert good["error"] is None
    assert (good["decoder"], good["from_cache"]) == ("pyav-cpu", False)
    assert good["frames_decoded"] > good["frames_embedded"] > 0
    cat = next(span for span in good["spans"] if span["tag"] == "a cat")
    assert cat["start_s"] == pytest.approx(5.3, abs=0.6)
    assert cat["end_s"] == pytest.approx(13.2, abs=0.6)
    assert cat["start_s"] <= cat["peak_s"] < cat["end_s"]
    assert {row["tag"] for row in good["tags"]} >= {"a cat", "a motorcycle"}
    assert media["cat <b>&.png"]["tags"][0]["tag"] == "a cat"

    html = report.read_text(encoding="utf-8")
    assert html.count("data:image/jpeg;base64,") >= 20
    assert "cat <b>" not in html

    status, media, _ = analyse(folder / "deep" / "good.mp4", data_dir)
    assert status == 0
    assert media["good.mp4"]["from_cache"]

    found = run("search", "a cat", f"--data={data_dir}", "--limit=3")
    assert found.returncode == 0
    assert found.stdout.splitlines()[0].split()[0] == "1."


def test_without_json_a_timeline_is_printed(folder: Path, data_dir: Path) -> None:
    answer = run("analyze", str(folder / "deep" / "good.mp4"), f"--data={data_dir}", "--tags=a cat")
    assert answer.returncode == 0
    assert "a cat" in answer.stdout
    assert "0:10" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tags="], "holds no tag"),
        (["--tags=a\x01b"], "a\\x01b"),
        (["--refine=often"], "neither a number of seconds nor one of"),
        (["--interval=soon"], "invalid float value"),
        (["--interval=0.1"], "interval_s is 0.1; it must be from 0.25 to 60"),
        (["--refine=99"], "refine_s is 99.0"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], said: str, cuts_video: Path) -> None:
    answer = run("analyze", str(cuts_video), *arguments)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    answer = run("analyze", str(tmp_path))
    assert answer.returncode == 2
    assert "no media files" in answer.stderr


def test_a_missing_sidecar_is_said_plainly(cuts_video: Path) -> None:
    answer = run("analyze", str(cuts_video), "--address=127.0.0.1:9")
    assert answer.returncode == 1
    assert "no sidecar answers at 127.0.0.1:9" in answer.stderr


def test_a_search_over_nothing_says_what_to_do(data_dir: Path) -> None:
    answer = run("search", "cat", f"--data={data_dir}")
    assert answer.returncode == 1
    assert "scripts/analyze" in answer.stderr
