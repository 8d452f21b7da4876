"""The tables agree with each other, with the manifest, and with the code that they name."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest
import yaml

from plugin.calls import load
from plugin.interface.input import PLUGIN_ID
from plugin.known_errors import KNOWN_ERRORS
from plugin.operations.table import OPERATIONS
from plugin.queue.asking import DESCRIPTION, DRAINING_TASKS
from plugin.tasks.table import TASKS
from plugin.version import VERSION

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "stash-plugin.yml").read_text("utf-8"))


def test_every_task_of_the_manifest_is_one_of_ours_with_its_mode() -> None:
    in_manifest = {task["name"]: task["defaultArgs"]["mode"] for task in MANIFEST["tasks"]}
    assert in_manifest == {task.title: task.mode for task in TASKS.values() if task.title}


def test_hooks_are_those_that_the_code_understands() -> None:
    from plugin.hooks.wish import KIND_OF_TYPE

    (hook,) = MANIFEST["hooks"]
    events = ("Create.Post", "Update.Post")
    expected = {f"{subject}.{event}" for subject in KIND_OF_TYPE for event in events}
    assert set(hook["triggeredBy"]) == {*expected, "Performer.Destroy.Post"}
    assert "mode" not in hook.get("defaultArgs", {})


def test_the_manifest_runs_our_entry_and_has_our_version() -> None:
    assert MANIFEST["exec"][-1] == "{pluginDir}/plugin/main.py" and (ROOT / "plugin" / "main.py").exists()
    assert str(MANIFEST["version"]) == VERSION
    assert MANIFEST["interface"] == "raw" and PLUGIN_ID == "stash-sense-native"


def test_tasks_that_go_on_as_a_drain_are_known_by_their_titles() -> None:
    """Stash describes a job by its task's title: by that a drain is told from other jobs."""
    titles = {task.title for task in TASKS.values() if task.handler.startswith("tasks.analyse:") and task.title}
    assert titles == DRAINING_TASKS
    assert not any(task.title.startswith(DESCRIPTION) for task in TASKS.values())


@pytest.mark.parametrize("mode", TASKS)
def test_every_task_has_a_handler(mode: str) -> None:
    handler = load(TASKS[mode].handler)
    names = [name.strip("_") or "args" for name in inspect.signature(handler).parameters]
    # Set up runs before there is a context to be had; main calls it by itself.
    assert names == (["server", "args"] if mode == "setup" else ["context", "args"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_has_a_handler(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.name == name and operation.about
    handler = load(operation.handler)
    names = [one.strip("_") or "args" for one in inspect.signature(handler).parameters]
    assert names == ["context", "args"]
    assert handler.__module__ == f"plugin.{operation.handler.partition(':')[0]}"


def test_no_handler_stands_for_two_names() -> None:
    handlers = [operation.handler for operation in OPERATIONS.values()]
    assert len(set(handlers)) == len(handlers)


def test_every_error_that_is_a_sentence_is_known() -> None:
    """An exception class of the plugin's own is known, belongs to one that is, or is dealt with where it is raised."""
    inner = {"BadCursor", "CannotPrepare", "CutOff", "InputError", "InvalidEvent", "NotNow", "TooLarge"}
    found = set()
    for file in sorted((ROOT / "plugin").rglob("*.py")):
        if "setup" in file.parts or file.name == "main.py":
            continue
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for name, value in vars(module).items():
            if inspect.isclass(value) and issubclass(value, Exception) and value.__module__ == module.__name__:
                found.add((name, value))
    unknown = {name for name, value in found if not issubclass(value, KNOWN_ERRORS)}
    assert unknown == inner
