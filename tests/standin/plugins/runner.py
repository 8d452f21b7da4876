"""Runs plugins: tasks in the queue, operations at once, hooks inside what triggered them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.standin.asker import Asker
from tests.standin.jobs import JobError, JobQueue, Progress
from tests.standin.log import Log
from tests.standin.plugins.manifest import Manifest, Task
from tests.standin.plugins.process import CannotStart, PluginProcess
from tests.standin.plugins.shelf import Shelf
from tests.standin.sessions import Sessions
from tests.standin.settings import Settings

KEPT_RUNS = 10_000
MAX_VISITS = 10
"""How often one plugin's hooks of one kind may lead to themselves (Stash's maxCyclicLoopDepth)."""


class PluginError(Exception):
    """What a plugin, or the lack of one, tells the caller of an operation."""


class Panic(Exception):
    """Where Stash's own code panics. The message is Go's."""


@dataclass(frozen=True)
class Run:
    """One process that was started, for tests to look at."""

    plugin: str
    kind: str
    """task, operation or hook"""
    document: Mapping[str, Any]
    """what its stdin got"""
    pid: int


class PluginRunner:
    def __init__(self, shelf: Shelf, settings: Settings, sessions: Sessions, jobs: JobQueue, log: Log) -> None:
        self._shelf = shelf
        self._settings = settings
        self._sessions = sessions
        self._jobs = jobs
        self._log = log
        self.port = 0
        self.runs: deque[Run] = deque(maxlen=KEPT_RUNS)

    def run_task(
        self, asker: Asker, plugin_id: str, task_name: str | None, description: str | None, args: dict[str, Any]
    ) -> int:
        """Queue a task; the id of its job. Whatever is wrong with it makes the job FAILED, later."""
        shown = description if description is not None else task_name if task_name is not None else plugin_id

        def work(progress: Progress) -> None:
            self._work_on_task(asker.inside(progress.stopped.is_set), plugin_id, task_name, args, progress)

        return self._jobs.add(f"Running plugin task: {shown}", work)

    def run_operation(self, asker: Asker, plugin_id: str, args: dict[str, Any]) -> Any:
        """What the plugin gives out. Killed when the client hangs up. Raises PluginError, Panic and CannotStart."""
        if plugin_id in self._settings.disabled_plugins:
            raise PluginError(f"plugin {plugin_id} is disabled")
        manifest = self._shelf.find(plugin_id)
        if manifest is None:
            raise Panic("runtime error: invalid memory address or nil pointer dereference")
        process = self._start("operation", manifest, None, asker, dict(args))
        output = process.wait(asker.is_gone)
        if output is None:
            raise PluginError("operation cancelled")
        if output.error is not None:
            raise PluginError(output.error)
        return output.output

    def run_hooks(
        self, asker: Asker, trigger: str, thing_id: int, input_value: Any, input_fields: list[str] | None
    ) -> None:
        """Run what listens to a trigger, one process after the other. Never raises: hooks cannot fail a mutation."""
        context: dict[str, Any] = {"id": thing_id, "type": trigger, "input": input_value}
        if input_fields:
            context["inputFields"] = input_fields
        try:
            for manifest in self._shelf.plugins:
                if manifest.id not in self._settings.disabled_plugins:
                    self._run_hooks_of(manifest, asker, trigger, context)
        except (CannotStart, PluginError) as error:
            # The plugins after this one do not hear of the event.
            self._log.error(f"error executing post hooks: {error}")

    def _run_hooks_of(self, manifest: Manifest, asker: Asker, trigger: str, context: dict[str, Any]) -> None:
        hooks = manifest.hooks_for(trigger)
        visit = (manifest.id, trigger)
        if hooks and asker.session.visits.count(visit) >= MAX_VISITS:
            self._log.debug(f"cyclic loop detected: plugin ID '{manifest.id}' hook {trigger}, not re-triggering")
            return
        inner = replace(asker, session=replace(asker.session, visits=(*asker.session.visits, visit)))
        for hook in hooks:
            args = {**dict(hook.task.default_args), "hookContext": context}
            output = self._start("hook", manifest, hook.task, inner, args).wait(asker.is_gone)
            if output is None:
                raise PluginError("operation cancelled")
            if output.error is not None:
                self._log.error(f"{trigger} [{manifest.name}]: returned error: {output.error}")
            elif output.output is not None:
                self._log.debug(f"{trigger} [{manifest.name}]: returned: {output.output}")

    def _work_on_task(
        self, asker: Asker, plugin_id: str, task_name: str | None, args: dict[str, Any], progress: Progress
    ) -> None:
        prefix = "Error creating plugin task: "
        if plugin_id in self._settings.disabled_plugins:
            raise JobError(f"{prefix}plugin {plugin_id} is disabled")
        manifest = self._shelf.find(plugin_id)
        if manifest is None:
            raise JobError(f"{prefix}no plugin with ID {plugin_id}")
        task = manifest.task(task_name) if task_name is not None else None
        if task_name is not None and task is None:
            raise JobError(f"{prefix}no task with name {task_name} in plugin {manifest.shown_name}")
        merged = {**dict(task.default_args if task else ()), **args}
        try:
            process = self._start("task", manifest, task, asker, merged, progress.set)
        except CannotStart as error:
            raise JobError(f"Error running plugin task: {error}") from error
        output = process.wait(asker.is_gone)
        if output is not None and output.error is not None:
            self._log.error(f"Plugin returned error: {output.error}")
        elif output is not None and output.output is not None:
            self._log.debug(f"Plugin returned: {output.output}")

    def _start(
        self,
        kind: str,
        manifest: Manifest,
        task: Task | None,
        asker: Asker,
        args: dict[str, Any],
        on_progress: Callable[[float], None] | None = None,
    ) -> PluginProcess:
        if manifest.interface != "raw":
            raise CannotStart(f"the stand-in cannot run interface {manifest.interface} (plugin {manifest.id})")
        document = {"server_connection": self._connection(manifest.folder, asker), "args": args}
        python = self._settings.python_path
        process = PluginProcess(manifest, task, document, python, self._log, on_progress)
        self.runs.append(Run(manifest.id, kind, document, process.pid))
        return process

    def _connection(self, folder: Path, asker: Asker) -> dict[str, Any]:
        return {
            "Scheme": "http",
            "Host": self._settings.host,
            "Port": self.port,
            "SessionCookie": self._sessions.plugin_cookie(asker.session),
            "Dir": str(self._settings.config_dir),
            "PluginDir": str(folder),
        }
