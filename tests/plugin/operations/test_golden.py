"""Every operation's answer to a known world, as files that the browser's tests read too.

UPDATE_GOLDEN=1 writes them anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.calls import load
from plugin.operations import sidecar as sidecar_operations
from plugin.operations.arguments import parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.setup import dependencies, self_test
from plugin.setup.whereabouts import Whereabouts
from plugin.version import VERSION
from tests.plugin.operations.golden_cases import CASES, Case
from tests.plugin.operations.golden_world import SELF_TEST, GoldenWorld, make
from tests.plugin.world import World

GOLDEN = Path(__file__).parents[2] / "golden"
UPDATES = bool(os.environ.get("UPDATE_GOLDEN"))


@pytest.fixture
def golden(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoldenWorld]:
    """The known world, on a machine that has everything, with a sidecar of the plugin's own."""
    monkeypatch.setattr(dependencies, "can_call_sidecar", lambda _: True)
    monkeypatch.setattr(self_test, "run", lambda *_: SELF_TEST)
    monkeypatch.setattr(sidecar_operations, "stop", lambda _: True)
    monkeypatch.setattr(sidecar_operations, "whereabouts", lambda *_: Whereabouts("unix:/run/s.sock", True))
    found = make(world)
    yield found
    found.context.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_answer_is_the_golden_one(golden: GoldenWorld, case: Case) -> None:
    operation = OPERATIONS[case.operation]
    with contextlib.ExitStack() as held:
        case.before(golden, held)
        output = load(operation.handler)(golden.context, parse_arguments(operation, case.args))
    told = _as_anywhere({"args": case.args, "output": output}, golden)
    path = GOLDEN / f"{case.name}.json"
    if UPDATES:
        path.write_text(json.dumps(told, indent=1) + "\n", "ascii")
    assert path.exists(), f"no golden answer of {case.name}: run this with UPDATE_GOLDEN=1, and read what it writes"
    assert told == json.loads(path.read_text("ascii"))


def test_every_operation_has_a_golden_answer() -> None:
    assert {case.name for case in CASES} >= set(OPERATIONS)
    assert {case.operation for case in CASES} == set(OPERATIONS)


def test_every_golden_answer_is_of_a_case() -> None:
    assert sorted(file.name for file in GOLDEN.iterdir()) == sorted(f"{case.name}.json" for case in CASES)


def _as_anywhere(told: Any, golden: GoldenWorld) -> Any:
    """As it is written to the browser, without what differs from machine to machine and from version to version."""
    text = json.dumps(told, allow_nan=False)
    text = text.replace(json.dumps(str(golden.world.stash.settings.config_dir))[1:-1], "/config")
    text = text.replace(golden.world.stash.url, "http://stash.example:9999")
    text = re.sub(rf'(the plugin |"version": "){re.escape(VERSION)}\b', r"\g<1>1.2.3", text)
    return json.loads(text)
