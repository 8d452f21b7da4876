"""Task Set up: everything that analysis needs, step by step, and then a test of it all.

Runs before the plugin's packages are there: what needs them is imported after they were installed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugin.installation import SetupError
from plugin.interface import log
from plugin.interface.input import ServerConnection
from plugin.setup import dependencies, file_system, self_test
from plugin.setup.address import is_local
from plugin.setup.sidecar_environment import ConsentNeeded
from plugin.setup.sidecar_environment import install as install_sidecar

if TYPE_CHECKING:
    from plugin.context import Context

SELF_TEST = "self_test"
"""Where the store keeps the last results: {"at_s", "summary", "checks": [{"name", "level", "sentence", "remedy"}]}."""

_SAY = {"ok": log.info, "warn": log.warning, "fail": log.error}


def run_setup(server: ServerConnection, args: Mapping[str, Any]) -> tuple[object, str | None]:
    """The results as JSON, and the sentence of what is not ready, None if all is. Never raises for what can go wrong
    in the world. args: unused.
    """
    log.progress(0.01)
    try:
        dependencies.install(server.data_dir, server.plugin_dir, log.info)
    except SetupError as failure:
        log.error(str(failure))
        return {"ready": False, "instruction": str(failure)}, str(failure)
    log.progress(0.3)
    dependencies.activate(server.data_dir)
    _remember_journal_mode(server.data_dir)
    from plugin.context import Context
    from plugin.locks import LockHeld
    from plugin.setup.probes import WorldProbes
    from plugin.stash.errors import StashError
    from plugin.store.errors import StoreError

    log.use_stashapi()
    context = Context(server, is_task=True)
    try:
        _prepare_sidecar(context)
        log.progress(0.7)
        _make_wish_tags(context)
        log.progress(0.8)
        results = self_test.run(server.data_dir, WorldProbes(context))
        return _report(context, results)
    except (StashError, StoreError, LockHeld) as failure:
        log.error(str(failure))
        return {"ready": False, "instruction": str(failure)}, str(failure)
    finally:
        context.close()


def _prepare_sidecar(context: Context) -> None:
    """Install the sidecar where it is ours to install; what is in the way is said, and found again by the self-test."""
    from plugin.sidecar_health import SERVICE

    context.store.services.forget(SERVICE)
    settings, server = context.stash_settings, context.server
    if settings.sidecar_address and not is_local(settings.sidecar_address):
        log.info(f"The sidecar is elsewhere, at {settings.sidecar_address}: nothing is installed for it here.")
        return
    try:
        python = install_sidecar(server.data_dir, server.plugin_dir, settings.install_sidecar, log.info)
        log.info(f"The sidecar's environment is ready: {python}")
    except ConsentNeeded as question:
        log.warning(str(question))
    except SetupError as failure:
        log.error(str(failure))


def _make_wish_tags(context: Context) -> None:
    """The tags that ask for work, so that Stash's tag pickers offer them."""
    names = context.settings.workflow_tags
    run_id = context.store.runs.begin("Set up", "task")
    with context.writer.turn():
        for failure in context.writer.ensure_tags(run_id, [name for name in (names.tag_me, names.reprocess) if name]):
            log.warning(failure)
    context.store.runs.end(run_id)


def _report(context: Context, results: list[self_test.Result]) -> tuple[object, str | None]:
    for result in results:
        _SAY[result.level](f"{result.name}: {result.sentence} {result.remedy}".strip())
    answer = remember(context, results)
    (log.info if answer["ready"] else log.error)(answer["summary"])
    log.progress(1.0)
    return answer, None if answer["ready"] else answer["summary"]


def remember(context: Context, results: Sequence[self_test.Result]) -> dict[str, Any]:
    """Keep the results for whoever asks how things stand. Returns them, with "ready": whether nothing failed."""
    kept = {
        "at_s": context.clock(),
        "summary": self_test.summary(results),
        "checks": self_test.as_json(results),
    }
    context.store.meta.set(SELF_TEST, kept)
    return {"ready": not any(result.level == "fail" for result in results), **kept}


def _remember_journal_mode(data_dir: str) -> None:
    """Leave for the store which journal its folder bears, before the store is made."""
    from plugin.store.store import JOURNAL_MODE_NAME

    path = os.path.join(data_dir, JOURNAL_MODE_NAME)
    try:
        mode = file_system.judge(data_dir).journal_mode
        if mode == "WAL":
            if os.path.exists(path):
                os.unlink(path)
            return
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(mode + "\n")
        os.replace(path + ".new", path)
    except OSError as error:
        log.warning(f"{data_dir} could not be examined ({error.strerror}).")
