from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.interface.output import write_result

ROOT = Path(__file__).parents[3]


class Kept(io.BytesIO):
    """What was written, also after it was closed."""

    text = ""

    def close(self) -> None:
        self.text = self.getvalue().decode("utf-8")
        super().close()


def written(output: object, error: str | None = None) -> Any:
    stream = Kept()
    write_result(stream, output, error)
    assert stream.closed
    found = json.loads(stream.text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(found) == ["output", "error"]
    return found


def test_an_output_and_an_error() -> None:
    assert written({"a": [1, "ä ☃"]}) == {"output": {"a": [1, "ä ☃"]}, "error": None}
    assert written(None, "it went wrong") == {"output": None, "error": "it went wrong"}


def test_numbers_that_are_none_become_null() -> None:
    output = {"a": float("nan"), "b": [float("inf"), (1.5, -float("inf"))], "c": {"d": float("nan")}, "e": "nan"}
    assert written(output)["output"] == {"a": None, "b": [None, [1.5, None]], "c": {"d": None}, "e": "nan"}


def test_names_of_files_that_are_no_utf8() -> None:
    assert written({"path": "bad \udcff name"}, "\ud800")["output"] == {"path": "bad ? name"}


def test_what_json_has_no_form_for_is_its_text() -> None:
    output = {"set": {1}, "path": Path("/x"), "nan": [float("nan"), {2}]}
    assert written(output)["output"] == {"set": "{1}", "path": str(Path("/x")), "nan": [None, "{2}"]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.none() | st.text())
def test_whatever_is_answered_is_json(output: Any, error: str | None) -> None:
    written(output, error)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from plugin.interface.output import take_stdout, write_result
result = take_stdout()
print("a library that chats")
import os
os.write(1, b"and one that writes past Python\\n")
os.system("echo a child too")
write_result(result, {"a": 1})
print("and even later")
"""


def test_nothing_but_the_result_reaches_standard_output() -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"output": {"a": 1}, "error": None}
    for said in ("a library that chats", "past Python", "a child too", "even later"):
        assert said in done.stderr
