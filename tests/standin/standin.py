"""A running stand-in, and what tests do with it."""

from __future__ import annotations

import contextlib
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.standin.api.execute import GraphQL
from tests.standin.app import App
from tests.standin.asker import Asker
from tests.standin.clock import Clock
from tests.standin.contents import Contents
from tests.standin.faults import Faults
from tests.standin.jobs import Job, JobQueue
from tests.standin.library.library import Library
from tests.standin.library.scan import Generated, Scanner
from tests.standin.log import Log
from tests.standin.plugins.packages import Packages
from tests.standin.plugins.runner import PluginRunner, Run
from tests.standin.plugins.shelf import Shelf
from tests.standin.query.kinds import Kinds
from tests.standin.requests_log import RequestsLog
from tests.standin.sessions import Session, Sessions
from tests.standin.settings import Settings
from tests.standin.web.graphql_endpoint import GraphQLEndpoint
from tests.standin.web.routes import Routes
from tests.standin.web.server import WebServer
from tests.standin.web.subscriptions import Subscriber
from tests.standin.web.websocket import WebSocket


class GraphQLFailed(Exception):
    """The document was refused or something in it failed; status and errors as they came."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(error["message"] for error in errors) or f"HTTP {status}")
        self.status = status
        self.errors = errors


class Standin(Contents):
    """Stash's stand-in over a config folder and a library folder.

    What it knows of the library lies in <config_dir>/standin.sqlite and outlives it; files stay where they are. Adding
    things through this handle fires no hooks; the API, and scan(), do.
    """

    def __init__(
        self,
        config_dir: Path,
        library_dir: Path,
        port: int = 0,
        *,
        plugins_path: Path | None = None,
        username: str = "",
        password: str = "",
        api_key: str = "",
        max_session_age_s: int | None = None,
        python_path: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Nothing runs before start(). Values left out are those of the last life, or Stash's defaults; python_path
        is this interpreter."""
        self.clock = clock or Clock()
        self.library_dir = library_dir.absolute()
        self.library_dir.mkdir(parents=True, exist_ok=True)
        self.settings = Settings(config_dir)
        self._set(plugins_path, username, password, api_key, max_session_age_s, python_path)
        self.log = Log(self.clock.now_s)
        self.requests = RequestsLog()
        self.faults = Faults()
        self._port = port
        self._running: _Running | None = None

    # Life.

    def start(self) -> Standin:
        """Listen and load plugins. Raises OSError if the port is taken."""
        assert self._running is None, "started already"
        self._running = _Running(self)
        self._running.web.start()
        self._running.app.runner.port = self._port = self._running.web.port
        return self

    def stop(self) -> None:
        """Stop jobs, close connections and the library. Safe to call twice; start() makes a new life."""
        if self._running is None:
            return
        self._running.web.stop()
        self._running.app.jobs.close()
        self._running.app.library.close()
        self._running = None

    def restart(self) -> None:
        """A new life on the same port: the library and cookies stay valid, the job queue does not."""
        self.stop()
        self.start()

    def __enter__(self) -> Standin:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Inside the block nobody can connect; the parts inside go on."""
        with self._live.web.refusing():
            yield

    @property
    def url(self) -> str:
        """http://127.0.0.1:<port>"""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def app(self) -> App:
        """The parts, for what the handle has no word for."""
        return self._live.app

    # Asking.

    def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The data that a document gives, asked over HTTP as a browser with the API key would. Raises GraphQLFailed."""
        body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
        key = {"ApiKey": self.settings.api_key} if self.settings.api_key else {}
        sent = {"Content-Type": "application/json", **key, **(headers or {})}
        request = urllib.request.Request(f"{self.url}/graphql", body, sent)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, found = answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            text = error.read()
            status, found = error.code, json.loads(text) if text.startswith(b"{") else {}
        if status != 200 or found.get("errors"):
            raise GraphQLFailed(status, found.get("errors") or [])
        data: dict[str, Any] = found["data"]
        return data

    def run_task(
        self, plugin_id: str, task: str | None = None, args: Mapping[str, Any] | None = None, timeout_s: float = 60
    ) -> Job:
        """Run a plugin's task to its end, as the Tasks page starts it. Raises TimeoutError."""
        asker = Asker(Session(self.settings.username), self.url)
        job_id = self.app.runner.run_task(asker, plugin_id, task, None, dict(args or {}))
        return self.app.jobs.wait_for(job_id, timeout_s)

    def run_operation(self, plugin_id: str, args: Mapping[str, Any] | None = None) -> Any:
        """What a plugin's operation gives, asked over HTTP. Raises GraphQLFailed."""
        query = "mutation RunPluginOperation($id: ID!, $args: Map) { runPluginOperation(plugin_id: $id, args: $args) }"
        return self.graphql(query, {"id": plugin_id, "args": dict(args or {})})["runPluginOperation"]

    def scan(self, timeout_s: float = 60, **options: Any) -> Job:
        """Scan the library folder to the end, hooks included; options are ScanMetadataInput's."""
        query = "mutation Scan($input: ScanMetadataInput!) { metadataScan(input: $input) }"
        return self.app.jobs.wait_for(int(self.graphql(query, {"input": options})["metadataScan"]), timeout_s)

    def wait_for_jobs(self, timeout_s: float = 60) -> None:
        """Block until the queue is empty. Raises TimeoutError."""
        self.app.jobs.wait_until_idle(timeout_s)

    def runs(self, kind: str | None = None, plugin_id: str | None = None) -> list[Run]:
        """Plugin processes that were started in this life: task, operation or hook."""
        return [
            run
            for run in list(self.app.runner.runs)
            if (kind is None or run.kind == kind) and (plugin_id is None or run.plugin == plugin_id)
        ]

    def connection(self, user: str | None = None) -> dict[str, Any]:
        """A server_connection as a plugin's stdin carries it, with a fresh session."""
        session = Session(self.settings.username if user is None else user)
        return {
            "Scheme": "http",
            "Host": self.settings.host,
            "Port": self.port,
            "SessionCookie": self.app.sessions.plugin_cookie(session),
            "Dir": str(self.settings.config_dir),
            "PluginDir": str(self.settings.plugins_path / "test"),
        }

    # Plugins.

    def add_plugin(self, plugin_id: str, manifest: str, files: Mapping[str, str] | None = None) -> Path:
        """Write <plugins>/<id>/<id>.yml and other files, and reload. The plugin's folder."""
        folder = self.settings.plugins_path / plugin_id
        for name, text in {f"{plugin_id}.yml": manifest, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.reload_plugins()
        return folder

    def link_plugin(self, folder: Path) -> None:
        """Put a plugin's folder below the plugins folder by a symbolic link, and reload."""
        self.settings.plugins_path.mkdir(parents=True, exist_ok=True)
        link = self.settings.plugins_path / folder.name
        if not link.exists():
            link.symlink_to(folder.absolute(), target_is_directory=True)
        self.reload_plugins()

    def reload_plugins(self) -> None:
        self.app.shelf.load(self.settings.plugins_path)

    def configure_plugin(self, plugin_id: str, **values: Any) -> None:
        """Set a plugin's settings; those that are not named become absent."""
        self.settings.set(plugins={**self.settings.plugins, plugin_id: values})

    def add_plugin_source(self, url: str, local_path: str = "", name: str = "") -> None:
        """Make an index.yml (file:// or http) a source of packages."""
        sources = [source for source in self.settings.plugin_sources if source["url"] != url]
        self.settings.set(plugin_sources=[*sources, {"name": name or url, "url": url, "local_path": local_path}])

    # Inside.

    @property
    def _live(self) -> _Running:
        assert self._running is not None, "the stand-in does not run: use start() or `with`"
        return self._running

    def _set(
        self,
        plugins_path: Path | None,
        username: str,
        password: str,
        api_key: str,
        max_session_age_s: int | None,
        python_path: str | None,
    ) -> None:
        values: dict[str, Any] = {}
        if str(self.library_dir) not in [stash["path"] for stash in self.settings.stashes]:
            own = {"path": str(self.library_dir), "excludeVideo": False, "excludeImage": False}
            values["stashes"] = [*self.settings.stashes, own]
        if python_path is None and self.settings.python_path and not Path(self.settings.python_path).is_file():
            values["python_path"] = sys.executable  # the environment of the last life has moved
        given = {
            "plugins_path": None if plugins_path is None else str(plugins_path),
            "username": username or None,
            "password": password or None,
            "api_key": api_key or None,
            "max_session_age_s": max_session_age_s,
            "python_path": python_path,
        }
        self.settings.set(**values, **{name: value for name, value in given.items() if value is not None})
        self.settings.plugins_path.mkdir(parents=True, exist_ok=True)


class _Running:
    """The parts of one life."""

    def __init__(self, standin: Standin) -> None:
        settings, log, clock = standin.settings, standin.log, standin.clock
        library = Library(settings.database_path, clock.now_s)
        jobs, sessions, shelf = JobQueue(log), Sessions(clock.now_s, bytes.fromhex(settings.session_key)), Shelf(log)
        generated = Generated(library, settings)
        self.app = App(
            settings=settings,
            clock=clock,
            log=log,
            library=library,
            kinds=Kinds(library),
            jobs=jobs,
            sessions=sessions,
            shelf=shelf,
            runner=PluginRunner(shelf, settings, sessions, jobs, log),
            packages=Packages(settings, log),
            scanner=Scanner(library, settings, generated, log),
            generated=generated,
        )
        shelf.load(settings.plugins_path)
        graphql = GraphQL(log)
        endpoint = GraphQLEndpoint(self.app, graphql, standin.requests, standin.faults)

        def subscribe(asker: Asker, channel: WebSocket) -> None:
            Subscriber(self.app, graphql, asker, channel).run()

        self.web = WebServer(Routes(self.app, endpoint, subscribe), log, standin.port)
