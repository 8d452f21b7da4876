"""The packaged plugin in a stand-in for Stash, with what Set up would have installed linked from the environment."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from plugin.setup.dependencies import READY, deps_dir
from plugin.setup.launch import stop
from plugin.setup.sidecar_environment import OVERRIDE_NAME, sidecar_dir
from scripts.commands.package import stage
from tests.standin import Standin

PLUGIN_ID = "stash-sense-native"
ROOT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "certifi",
    "charset_normalizer",
    "google",
    "grpc",
    "idna",
    "peewee",
    "playhouse",
    "requests",
    "stashapi",
    "typing_extensions",
    "urllib3",
)


class InstalledPlugin:
    """A running stand-in with the plugin in it. close() stops both it and the sidecar that the plugin started."""

    def __init__(
        self, folder: Path, model_cache: Path | None = None, library_dir: Path | None = None, **standin: Any
    ) -> None:
        self.config_dir, self.library_dir = folder / "config", library_dir or folder / "library"
        self.stash = Standin(self.config_dir, self.library_dir, **standin)
        stage(ROOT, self.stash.settings.plugins_path / PLUGIN_ID)
        self.data_dir = self.stash.settings.config_dir / PLUGIN_ID
        link_packages(self.data_dir)
        self.sidecar_dir = Path(sidecar_dir(str(self.data_dir)))
        self.sidecar_dir.mkdir(parents=True)
        (self.sidecar_dir / OVERRIDE_NAME).write_text(f"{sys.executable}\n")
        if model_cache is not None:
            (self.sidecar_dir / "cache").symlink_to(model_cache)
        self.stash.start()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            stop(str(self.sidecar_dir), timeout_s=20)
        self.stash.stop()

    def task(self, name: str, args: dict[str, Any] | None = None, timeout_s: float = 120) -> Any:
        """Run a task of the manifest to its end, and whatever it queues behind itself."""
        job = self.stash.run_task(PLUGIN_ID, name, args, timeout_s)
        self.stash.wait_for_jobs(timeout_s)
        return job

    def start(self, name: str, **args: Any) -> int:
        """Start a task of the manifest; the id of its job in Stash's queue."""
        document = (
            "mutation T($p: ID!, $t: String, $a: Map) { runPluginTask(plugin_id: $p, task_name: $t, args_map: $a) }"
        )
        return int(self.stash.graphql(document, {"p": PLUGIN_ID, "t": name, "a": args})["runPluginTask"])

    def ask(self, operation: str, **args: Any) -> Any:
        """An operation's output. Raises GraphQLFailed with its sentence."""
        return self.stash.run_operation(PLUGIN_ID, {"operation": operation, **args})

    def store(self, sql: str, *values: object) -> list[Any]:
        """Rows of the plugin's store."""
        with contextlib.closing(sqlite3.connect(self.data_dir / "store.db", timeout=10)) as db:
            rows = db.execute(sql, values).fetchall()
            db.commit()
            return rows

    def set_settings(self, **values: Any) -> None:
        self.ask("settings.set", values=values)

    def logged(self) -> str:
        """All that was logged, a line each."""
        return "\n".join(line.message for line in self.stash.log.lines())

    def drains(self) -> int:
        """How many processes that the plugin asked for itself worked on the queue."""
        runs = self.stash.runs("task", PLUGIN_ID)
        return sum(run.document["args"].get("mode") == "drain" for run in runs)

    def requests(self) -> list[str]:
        """Names of the plugin's own GraphQL documents that were sent."""
        return [one.operation for one in self.stash.requests.all() if one.operation.startswith("Sense")]


def link_packages(data_dir: Path) -> None:
    """What `pip install --target` would put there, linked from where the tests' own packages lie."""
    folder = Path(deps_dir(str(data_dir)))
    folder.mkdir(parents=True)
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        assert spec is not None, name
        places = list(spec.submodule_search_locations or [])
        source = Path(places[0]) if places else Path(str(spec.origin))
        (folder / source.name).symlink_to(source)
    (folder / READY).touch()


def until(
    condition: Callable[[], Any],
    timeout_s: float = 30,
    what: str = "",
    pause: Callable[[float], object] = time.sleep,
) -> Any:
    """Wait for a true value and return it. pause: for so many seconds."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        pause(0.05)
    raise AssertionError(f"not within {timeout_s} s: {what}")


@contextlib.contextmanager
def installed(
    folder: Path, model_cache: Path | None = None, library_dir: Path | None = None, **standin: Any
) -> Iterator[InstalledPlugin]:
    """folder: for Stash's configuration, and for the library where library_dir names none."""
    plugin = InstalledPlugin(folder, model_cache, library_dir, **standin)
    try:
        yield plugin
    finally:
        plugin.close()
