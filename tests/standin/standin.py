"""A running stand-in, and what tests do with it."""

from __future__ import annotations

import contextlib
import json
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tests.standin.api.execute import GraphQL
from tests.standin.app import App
from tests.standin.asker import Asker
from tests.standin.clock import Clock
from tests.standin.faults import Faults
from tests.standin.jobs import Job, JobQueue
from tests.standin.library.adding import Adder
from tests.standin.library.library import Library, tag_order
from tests.standin.library.scan import Generated, Scanner
from tests.standin.library.things import File, Gallery, Group, Image, Marker, Performer, Scene, Studio, Tag
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

T = TypeVar("T")


class GraphQLFailed(Exception):
    """The document was refused or something in it failed; status and errors as they came."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(error["message"] for error in errors) or f"HTTP {status}")
        self.status = status
        self.errors = errors


class Standin:
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

    @property
    def library(self) -> Library:
        """The library; `with standin.library.transaction():` makes many additions one."""
        return self._live.app.library

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

    # Adding. Paths may lie anywhere; a relative one lies in the library folder.

    def add_scene(
        self, path: Path | str | None = None, title: str = "", *, tags: Iterable[str] = (), **fields: Any
    ) -> Scene:
        """A scene over a real video file, or over none (then it needs a title). fields are Scene's."""
        with self.library.transaction():
            if path is None:
                now_s = self.library.now_s()
                scene = Scene(self.library.new_id(Scene), now_s, now_s)
            else:
                scene = self._added(Scene, path)
            return self.library.put(replace(scene, title=title, tag_ids=self._tag_ids(tags, scene), **fields))

    def add_scene_without_media(
        self,
        path: str,
        title: str = "",
        *,
        duration: float = 60.0,
        size: int = 1_000_000,
        tags: Iterable[str] = (),
        oshash: str | None = None,
        width: int = 1280,
        height: int = 720,
        **fields: Any,
    ) -> Scene:
        """A scene whose file is only claimed to be there: for many scenes fast, or for files that vanished."""
        library = self.library
        with library.transaction():
            now_s, file_id = library.now_s(), library.new_id(File)
            library.put(
                File(
                    id=file_id,
                    kind="video",
                    path=path,
                    size=size,
                    mod_time_s=float(now_s),
                    created_s=now_s,
                    updated_s=now_s,
                    oshash=oshash if oshash is not None else f"{file_id:016x}",
                    duration=duration,
                    width=width,
                    height=height,
                    frame_rate=25.0,
                    bit_rate=1_000_000,
                    format="mp4",
                    video_codec="h264",
                    audio_codec="aac",
                )
            )
            scene = Scene(library.new_id(Scene), now_s, now_s, file_ids=(file_id,), title=title)
            return library.put(replace(scene, tag_ids=self._tag_ids(tags, scene), **fields))

    def add_image(self, path: Path | str, title: str = "", *, tags: Iterable[str] = (), **fields: Any) -> Image:
        """An image over a real file."""
        with self.library.transaction():
            image: Image = self._added(Image, path)
            return self.library.put(replace(image, title=title, tag_ids=self._tag_ids(tags, image), **fields))

    def add_image_in_zip(self, zip_path: Path | str, member: str, data: bytes | Path) -> Image:
        """Put a file into a zip (made if need be) and the library; the zip becomes a gallery."""
        path = self._path(zip_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(member, data.read_bytes() if isinstance(data, Path) else data)
        adder = Adder(self.library, self.settings)
        with self.library.transaction():
            adder.add(path, rescan=True)
            adder.add_member(path, member)
            wanted = adder.known()[f"{path}/{member}"].id
            found: Image = next(image for image in self.library.all(Image) if wanted in image.file_ids)
            return found

    def add_gallery(
        self,
        title: str = "",
        images: Iterable[Image] = (),
        *,
        folder: str = "",
        tags: Iterable[str] = (),
        **fields: Any,
    ) -> Gallery:
        """A gallery of images, without a zip; with folder, one that Stash made of a folder."""
        library = self.library
        with library.transaction():
            now_s = library.now_s()
            gallery = Gallery(library.new_id(Gallery), now_s, now_s, title=title, folder=folder, **fields)
            for image in images:
                current = library.get(Image, image.id)
                library.put(replace(current, gallery_ids=(*current.gallery_ids, gallery.id)))
            return library.put(replace(gallery, tag_ids=self._tag_ids(tags, gallery)))

    def add_tag(self, name: str, *, aliases: Iterable[str] = (), parents: Iterable[str] = (), **fields: Any) -> Tag:
        """A tag; parents are names, made if need be."""
        library = self.library
        with library.transaction():
            parent_ids = tuple(self.tag(parent).id for parent in parents)
            now_s = library.now_s()
            tag = Tag(library.new_id(Tag), now_s, now_s, name, aliases=tuple(aliases), parent_ids=parent_ids, **fields)
            return library.put(tag)

    def tag(self, name: str) -> Tag:
        """The tag of exactly that name, made if need be."""
        found = next((tag for tag in self.library.all(Tag) if tag.name == name), None)
        return found or self.add_tag(name)

    def add_marker(
        self, scene: Scene | int, tag: str, seconds: float, end_seconds: float | None = None, title: str = ""
    ) -> Marker:
        library = self.library
        with library.transaction():
            now_s, primary = library.now_s(), self.tag(tag).id
            scene_id = scene if isinstance(scene, int) else scene.id
            marker = Marker(library.new_id(Marker), now_s, now_s, scene_id, primary, title, seconds, end_seconds)
            return library.put(marker)

    def add_performer(self, name: str, **fields: Any) -> Performer:
        return self._put_new(Performer, name=name, **fields)

    def add_studio(self, name: str, **fields: Any) -> Studio:
        return self._put_new(Studio, name=name, **fields)

    def add_group(self, name: str, **fields: Any) -> Group:
        return self._put_new(Group, name=name, **fields)

    def change(self, thing: Any, **fields: Any) -> Any:
        """Change a thing's fields behind the API's back; updated_at moves, no hooks run."""
        with self.library.transaction():
            current = self.library.get(type(thing), thing.id)
            return self.library.put(replace(current, **fields, updated_s=self.library.now_s()))

    def make_sprite(self, scene: Scene | int) -> Path:
        """Generate the scene's sprite and WebVTT as Stash does after a scan. The sprite's path."""
        found = self.scene(scene if isinstance(scene, int) else scene.id)
        self.app.generated.make_sprite(found)
        return self.app.generated.sprite(self.app.generated.hash_of(found))

    # Looking.

    def scene(self, scene_id: int) -> Scene:
        """Raises NotFound."""
        return self.library.get(Scene, scene_id)

    def image(self, image_id: int) -> Image:
        return self.library.get(Image, image_id)

    def gallery(self, gallery_id: int) -> Gallery:
        return self.library.get(Gallery, gallery_id)

    def file_of(self, thing: Scene | Image | Gallery) -> File:
        """The primary file."""
        file = self.library.file(self.library.get(type(thing), thing.id))
        assert file is not None, f"{thing} has no file"
        return file

    def tags_of(self, thing: Any) -> list[str]:
        """Names of the tags that a scene, image, gallery, performer, ... carries now, sorted. A number is a scene's."""
        current = self.scene(thing) if isinstance(thing, int) else self.library.get(type(thing), thing.id)
        return sorted(tag.name for tag in self.library.many(Tag, current.tag_ids))

    def markers_of(self, scene: Scene | int) -> list[tuple[str, float, float | None]]:
        """(name of the primary tag, start, end) by start."""
        scene_id = scene if isinstance(scene, int) else scene.id
        return [
            (self.library.get(Tag, marker.primary_tag_id).name, marker.seconds, marker.end_seconds)
            for marker in self.library.markers_of(scene_id)
        ]

    def tag_names(self) -> list[str]:
        """All tags, in Stash's order."""
        return [tag.name for tag in sorted(self.library.all(Tag), key=tag_order)]

    def snapshot(self, *, times: bool = True) -> dict[str, Any]:
        """All content of the library as JSON, for before and after; without times, created_at and updated_at are
        left out. Settings and jobs are not in it."""
        found = self.library.snapshot()
        if not times:
            for things in found.values():
                for fields in things.values():
                    fields.pop("created_s"), fields.pop("updated_s")
        return found

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

    def _path(self, path: Path | str) -> Path:
        return self.library_dir / path

    def _added(self, kind: type[Any], path: Path | str) -> Any:
        adder, place = Adder(self.library, self.settings), self._path(path)
        adder.add(place)
        file_id = adder.known()[str(place)].id
        return next(thing for thing in self.library.all(kind) if file_id in thing.file_ids)

    def _tag_ids(self, names: Iterable[str], thing: Any) -> tuple[int, ...]:
        return tuple(dict.fromkeys((*thing.tag_ids, *(self.tag(name).id for name in names))))

    def _put_new(self, kind: Callable[..., T], **fields: Any) -> T:
        with self.library.transaction():
            now_s = self.library.now_s()
            return self.library.put(kind(self.library.new_id(kind), now_s, now_s, **fields))  # type: ignore[arg-type]


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
