"""A Stash as a person at a terminal uses it: GraphQL over HTTP, tasks and operations of our plugin, its log."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plugin.interface.input import PLUGIN_ID, ServerConnection
from plugin.queue.asking import DESCRIPTION, DRAINING_TASKS
from plugin.stash.client import JOB_PREFIX
from plugin.stash.errors import StashError
from plugin.stash.transport import HttpTransport

UNFINISHED = ("READY", "RUNNING", "STOPPING")
POLL_S = 0.3
KINDS = ("scene", "image", "gallery")

_CONFIGURATION = """query { version { version } configuration { general {
  configFilePath pluginsPath stashes { path } pluginPackageSources { name url local_path }
} } }"""
_MEDIA = {
    "scene": "query Media($filter: FindFilterType) { found: findScenes(filter: $filter) { "
    "count media: scenes { id title files { path duration } tags { name } } } }",
    "image": "query Media($filter: FindFilterType) { found: findImages(filter: $filter) { "
    "count media: images { id title files: visual_files { ... on ImageFile { path } ... on VideoFile { path } } "
    "tags { name } } } }",
    "gallery": "query Media($filter: FindFilterType) { found: findGalleries(filter: $filter) { "
    "count media: galleries { id title files { path } tags { name } } } }",
}


class DemonstrationError(Exception):
    """Something is not as it should be. The message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What scripts/up needs of Stash's configuration. config_file and plugins_path: as Stash's machine names them."""

    version: str
    config_file: str
    plugins_path: str
    library: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One scene, image or gallery as Stash shows it. duration_s: 0 but for scenes."""

    kind: str
    id: int
    name: str
    tags: tuple[str, ...]
    duration_s: float = 0.0


class StashApi:
    """Every method raises StashError, or DemonstrationError where Stash answers something unexpected."""

    def __init__(self, url: str, api_key: str = "") -> None:
        address = urlsplit(url if "://" in url else f"http://{url}")
        if address.scheme not in ("http", "https") or not address.hostname:
            raise DemonstrationError(f"{url!r} is no address of a Stash; write http://HOST:9999")
        port = address.port or (443 if address.scheme == "https" else 80)
        server = ServerConnection(address.scheme, address.hostname, port, "", "", "")
        self.url = f"{server.origin}{address.path.rstrip('/')}"
        self._transport = HttpTransport(server, path=f"{address.path.rstrip('/')}/graphql")
        if api_key:
            self._transport.use_api_key(api_key)
        self._seen_log: set[tuple[str, str]] = set()

    def close(self) -> None:
        self._transport.close()

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data that a document gives."""
        return self._transport.call(document, variables)

    def configuration(self) -> Configuration:
        answer = self.ask(_CONFIGURATION)
        general = answer["configuration"]["general"]
        return Configuration(
            version=(answer.get("version") or {}).get("version") or "(a build without a version)",
            config_file=general["configFilePath"],
            plugins_path=general["pluginsPath"],
            library=tuple(stash["path"] for stash in general["stashes"]),
            sources=tuple(general["pluginPackageSources"]),
        )

    def scan(self) -> int:
        """Look for new files in all library folders. Returns the job's id."""
        return int(self.ask("mutation { metadataScan(input: {}) }")["metadataScan"])

    def ensure_performer(self, name: str, image: bytes) -> bool:
        """Make a performer with a picture, unless one of that name is there. True if it was made."""
        named = {"name": {"value": name, "modifier": "EQUALS"}}
        document = "query Find($filter: PerformerFilterType) { findPerformers(performer_filter: $filter) { count } }"
        if self.ask(document, {"filter": named})["findPerformers"]["count"]:
            return False
        kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
        url = f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
        make = "mutation Make($input: PerformerCreateInput!) { performerCreate(input: $input) { id } }"
        self.ask(make, {"input": {"name": name, "image": url}})
        return True

    def add_package_source(self, name: str, url: str) -> None:
        """Add a source of plugins to those that there are."""
        kept = [source for source in self.configuration().sources if source["url"] != url]
        document = "mutation Set($input: ConfigGeneralInput!) { configureGeneral(input: $input) { databasePath } }"
        wanted = [*kept, {"name": name, "url": url, "local_path": ""}]
        self.ask(document, {"input": {"pluginPackageSources": wanted}})

    def install_package(self, source_url: str) -> int:
        """Install our plugin from a source, over an older one. Returns the job's id."""
        document = """mutation Install($packages: [PackageSpecInput!]!) {
          installPackages(type: Plugin, packages: $packages) }"""
        return int(self.ask(document, {"packages": [{"id": PLUGIN_ID, "sourceURL": source_url}]})["installPackages"])

    def plugin_version(self) -> str | None:
        """Version of our plugin as Stash loaded it; None if it did not."""
        self.ask("mutation { reloadPlugins }")
        plugins = self.ask("query { plugins { id version } }")["plugins"] or []
        return next((str(row["version"]) for row in plugins if row["id"] == PLUGIN_ID), None)

    def run_task(self, name: str) -> int:
        """Start a task of our plugin as the Tasks page does. Returns the job's id."""
        document = "mutation Run($plugin: ID!, $task: String!) { runPluginTask(plugin_id: $plugin, task_name: $task) }"
        return int(self.ask(document, {"plugin": PLUGIN_ID, "task": name})["runPluginTask"])

    def operation(self, name: str, **arguments: Any) -> Any:
        """What an operation of our plugin gives."""
        document = "mutation Run($plugin: ID!, $args: Map) { runPluginOperation(plugin_id: $plugin, args: $args) }"
        return self.ask(document, {"plugin": PLUGIN_ID, "args": {"operation": name, **arguments}})["runPluginOperation"]

    def wait_for(self, job_id: int, say: Callable[[str], None]) -> None:
        """Wait until a job has ended, saying what our plugin logs meanwhile. Raises DemonstrationError if it failed."""
        document = "query Job($input: FindJobInput!) { findJob(input: $input) { status description error } }"
        while True:
            job = self.ask(document, {"input": {"id": str(job_id)}})["findJob"]
            self.say_new_log_lines(say)
            if job is None or job["status"] not in UNFINISHED:
                break
            time.sleep(POLL_S)
        if job is not None and job["status"] != "FINISHED":
            raise DemonstrationError(f"Stash says of {job['description']!r}: {job['status']} {job['error'] or ''}")

    def wait_until_idle(self, say: Callable[[str], None]) -> None:
        """Wait until none of our drains runs or waits in Stash's queue: one may have queued itself again."""
        while any(_drains(job["description"]) for job in self.ask(_JOBS)["jobQueue"] or ()):
            self.say_new_log_lines(say)
            time.sleep(POLL_S)
        self.say_new_log_lines(say)

    def say_new_log_lines(self, say: Callable[[str], None]) -> None:
        """Pass on what our plugin logged since the last time (Stash keeps the last lines only)."""
        rows = self.ask("query { logs { time level message } }")["logs"]
        for row in reversed(rows) if _newest_first(rows) else rows:
            key = (row["time"], row["message"])
            before, _, text = row["message"].partition("] ")
            if key in self._seen_log or "Stash Sense Native" not in before or row["level"] in ("Trace", "Debug"):
                continue
            self._seen_log.add(key)
            mark = {"Warning": "warning: ", "Error": "error: "}.get(row["level"], "")
            say(mark + text)

    def count(self, kind: str) -> int:
        return int(self.ask(_MEDIA[kind], {"filter": {"per_page": 1}})["found"]["count"])

    def media(self, kinds: Sequence[str] = KINDS, most: int = 200) -> Iterator[Shown]:
        """What is in the library, at most `most` of each kind."""
        for kind in kinds:
            found = self.ask(_MEDIA[kind], {"filter": {"per_page": most, "sort": "id", "direction": "ASC"}})["found"]
            for row in found["media"]:
                files = [file for file in row["files"] if file]
                path = str(files[0]["path"]) if files else ""
                name = row["title"] or path.replace("\\", "/").rpartition("/")[2] or f"{kind} {row['id']}"
                duration_s = float(files[0].get("duration") or 0) if files else 0.0
                yield Shown(kind, int(row["id"]), name, tuple(tag["name"] for tag in row["tags"]), duration_s)


_JOBS = "query { jobQueue { description } }"


def _drains(description: str) -> bool:
    plain = description.removeprefix(JOB_PREFIX)
    return plain.startswith(DESCRIPTION) or plain in DRAINING_TASKS


def _newest_first(rows: Sequence[Mapping[str, Any]]) -> bool:
    return len(rows) > 1 and rows[0]["time"] > rows[-1]["time"]


__all__ = ["Configuration", "DemonstrationError", "Shown", "StashApi", "StashError"]
