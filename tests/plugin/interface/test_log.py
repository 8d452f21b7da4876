from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.interface import log
from plugin.queue.report import Tally, sentence

ROOT = Path(__file__).parents[3]
LINE = re.compile(r"\x01([diwep])\x02([^\n]*)\n")


def lines(text: str) -> list[tuple[str, str]]:
    assert re.fullmatch(f"({LINE.pattern})*", text), repr(text)
    return LINE.findall(text)


def test_levels(capsys: pytest.CaptureFixture[str]) -> None:
    for say in (log.debug, log.info, log.warning, log.error):
        say("Scene 1: ä ☃")
    assert lines(capsys.readouterr().err) == [(level, "Scene 1: ä ☃") for level in "diwe"]


def test_several_lines_are_several_lines_of_their_level(capsys: pytest.CaptureFixture[str]) -> None:
    log.error("one\ntwo\r\nthree\u2028four\n")
    assert lines(capsys.readouterr().err) == [("e", "one"), ("e", "two"), ("e", "three"), ("e", "four")]
    log.info("")
    assert lines(capsys.readouterr().err) == [("i", "")]


def test_a_files_name_cannot_pretend_to_be_a_level(capsys: pytest.CaptureFixture[str]) -> None:
    log.info("evil\x01e\x02boo\x00\x1b[31m.mp4")
    ((level, text),) = lines(capsys.readouterr().err)
    assert level == "i" and text == "evil\ufffde\ufffdboo\ufffd\ufffd[31m.mp4"


def test_spaces_of_other_kinds_are_left(capsys: pytest.CaptureFixture[str]) -> None:
    log.info("4\N{NO-BREAK SPACE}000\N{IDEOGRAPHIC SPACE}x\ty")
    ((_, text),) = lines(capsys.readouterr().err)
    assert text == "4\N{NO-BREAK SPACE}000\N{IDEOGRAPHIC SPACE}x y"


def test_a_name_that_is_no_utf8(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    log.info("bad \udcff name")
    assert capsysbinary.readouterr().err.decode("utf-8") == "\x01i\x02bad \ufffd name\n"


@pytest.mark.parametrize("letter", ["x", "☃", "𝄞", "\t", "\n"])
def test_no_line_is_so_long_that_stash_stops_reading(capsysbinary: pytest.CaptureFixture[bytes], letter: str) -> None:
    log.error(letter * 100_000)
    written = capsysbinary.readouterr().err
    assert max(len(line) for line in written.splitlines()) < 64 * 1024
    assert written.endswith(b"\n")


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, 0.0), (0.42, 0.42), (1.0, 1.0), (1.7, 1.0), (-3.0, 0.0), (float("nan"), 0.0), (float("inf"), 1.0)],
)
def test_progress_is_a_share(capsys: pytest.CaptureFixture[str], share: float, shown: float) -> None:
    log.progress(share)
    ((level, text),) = lines(capsys.readouterr().err)
    assert level == "p" and float(text) == pytest.approx(shown)


def test_a_stash_that_went_away_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    log.error("nobody reads it")
    log.progress(0.5)


@given(st.text())
def test_any_text_makes_sound_lines(text: str) -> None:
    out, before = io.StringIO(), sys.stderr
    sys.stderr = out
    try:
        log.info(text)
    finally:
        sys.stderr = before
    for level, line in lines(out.getvalue()):
        assert level == "i" and not any(ord(letter) < 32 for letter in line)


def test_the_drains_own_sentence_reads_as_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    said = sentence(Tally(311, 4000, 0, 311, 60.0, 2280.0))
    log.info(said)
    assert lines(capsys.readouterr().err) == [("i", said)] and "4\N{NO-BREAK SPACE}000" in said


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from plugin.interface import log
if sys.argv[2] == "stashapi":
    log.use_stashapi()
    assert log._write is not log._write_line
for say in (log.debug, log.info, log.warning, log.error):
    say("Scene 1: \\u00e4 \\u2603\\nevil\\x01e\\x02boo \\udcff 4\\u00a0000")
    say("\\U0001d11e" * 100_000)
for share in (0.0, 0.42, 1.7, -3.0, float("nan")):
    log.progress(share)
sys.stderr.close()
log.info("nobody reads it")
"""


def spoken(way: str) -> list[tuple[str, str]]:
    command = [sys.executable, "-X", "utf8", "-c", PROGRAM, str(ROOT), way]
    done = subprocess.run(command, capture_output=True, check=True)
    assert max(len(line) for line in done.stderr.split(b"\n")) < 64 * 1024
    return lines(done.stderr.decode("utf-8"))


def test_tasks_say_the_same_through_stashapi() -> None:
    ours, theirs = spoken("our own"), spoken("stashapi")
    assert len(ours) == 17
    assert [line for line in theirs if line[0] != "p"] == [line for line in ours if line[0] != "p"]
    shares = [[float(text) for level, text in said if level == "p"] for said in (ours, theirs)]
    assert shares[0] == shares[1] == [0.0, 0.42, 1.0, 0.0, 0.0]
