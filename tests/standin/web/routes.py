"""From a request to its answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tests.standin.app import App
from tests.standin.asker import Asker
from tests.standin.plugins.manifest import Manifest
from tests.standin.web.authentication import Admitted, authenticate, log_in
from tests.standin.web.graphql_endpoint import GraphQLEndpoint
from tests.standin.web.media import NOT_FOUND, media
from tests.standin.web.messages import Request, Response
from tests.standin.web.security import page_headers
from tests.standin.web.websocket import WebSocket

Subscribe = Callable[[Asker, WebSocket], None]
"""Serves one WebSocket until its client is gone."""

PAGES = Path(__file__).parent / "pages"
BUILT = Path(__file__).parent / "built"
"""The page's script and style sheet, made of ../page by ui/build.mjs; git ignores them."""
MEDIA = ("scene", "image", "gallery", "tag", "performer", "studio")
RESERVED = (*MEDIA, "group", "plugin", "downloads", "custom", "playground")
"""First parts of paths that are never the page."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}


class Routes:
    def __init__(self, app: App, graphql: GraphQLEndpoint, subscribe: Subscribe) -> None:
        self._app = app
        self._graphql = graphql
        self._subscribe = subscribe

    def converse(self, request: Request, open_socket: Callable[[], WebSocket]) -> Response | None:
        """Subscriptions, until the client is gone; or the answer that turns it away before the socket is open."""
        admitted = authenticate(self._app, request)
        if isinstance(admitted, Response):
            return admitted
        if request.path != "/graphql":
            return NOT_FOUND
        self._subscribe(admitted.asker, open_socket())
        return None

    def answer(self, request: Request) -> Response:
        """Raises Dropped where a fault closes the connection."""
        if request.path == "/healthz":
            return Response.text(200, ".")
        if request.method == "OPTIONS":
            return Response(200, headers=_preflight(request))
        admitted = authenticate(self._app, request)
        if isinstance(admitted, Response):
            return admitted
        response = self._route(request, admitted)
        if admitted.set_cookie is None or response.cookies:
            return response
        cookies = (*response.cookies, admitted.set_cookie)
        return Response(response.status, response.body, response.content_type, response.headers, response.file, cookies)

    def _route(self, request: Request, admitted: Admitted) -> Response:
        path, method = request.path, request.method
        if path == "/graphql":
            return self._graphql.answer(request, admitted) if method in ("GET", "POST") else NOT_FOUND
        if path == "/login":
            return log_in(self._app, request) if method == "POST" else self._login_page(request)
        if path == "/logout":
            gone = "session=; Path=/; Max-Age=0"
            target = "/login" if self._app.settings.has_credentials else "/"
            return Response(302, headers=(("Location", target),), cookies=(gone,))
        parts = [part for part in path.split("/") if part]
        if parts and parts[0] in MEDIA:
            return media(self._app, request, parts)
        if parts and parts[0] == "plugin" and len(parts) > 2:
            return self._plugin(parts[1], parts[2], "/" + "/".join(parts[3:]))
        if path in ("/css", "/javascript"):
            return Response(200, b"", TYPES["." + {"css": "css", "javascript": "js"}[path[1:]]])
        if path == "/customlocales":
            return Response.json(200, {})
        return NOT_FOUND if parts and parts[0] in RESERVED else self._page(path)

    def _login_page(self, request: Request) -> Response:
        if not self._app.settings.has_credentials:
            return Response.redirect(request.parameter("returnURL") or "/")
        return Response.html((PAGES / "login.html").read_text("utf-8"))

    def _page(self, path: str) -> Response:
        """Whatever has no extension is the page; what has one is a file of the page's own."""
        suffix = PurePosixPath(path).suffix
        if suffix in ("", ".html"):
            headers = page_headers(self._app.shelf.plugins, self._app.settings.disabled_plugins)
            return Response.html(_index(), *headers)
        file = BUILT / path.removeprefix("/assets/")
        if not path.startswith("/assets/") or file.parent != BUILT or not file.is_file():
            return NOT_FOUND
        # The page names them with their version, so a copy is good for ever.
        lasting = (("Cache-Control", "public, max-age=31536000, immutable"),)
        return Response(file=file, content_type=TYPES.get(suffix, "application/octet-stream"), headers=lasting)

    def _plugin(self, plugin_id: str, what: str, rest: str) -> Response:
        manifest = self._app.shelf.find(plugin_id)
        if manifest is None:
            return NOT_FOUND
        if manifest.id in self._app.settings.disabled_plugins:
            return Response.text(400, "plugin disabled")
        if what == "javascript":
            return Response(200, self._joined(manifest, manifest.ui.javascript), "text/javascript")
        if what == "css":
            return Response(200, self._joined(manifest, manifest.ui.css), "text/css")
        return _asset(manifest, rest) if what == "assets" else NOT_FOUND

    def _joined(self, manifest: Manifest, names: tuple[str, ...]) -> bytes:
        """All local files, one after the other. A missing one is logged and leaves an empty line."""
        parts = []
        for name in names:
            if name.startswith(("http://", "https://")):
                continue
            try:
                parts.append((manifest.folder / name).read_bytes() + b"\n")
            except OSError as error:
                self._app.log.error(f"error serving file {manifest.folder / name}: {error}")
                parts.append(b"\n")
        return b"".join(parts)


def _index() -> str:
    """The page, or how to build it."""
    script = BUILT / "page.js"
    if not script.is_file():
        return (PAGES / "unbuilt.html").read_text("utf-8")
    return (PAGES / "index.html").read_text("utf-8").replace("VERSION", f"{script.stat().st_mtime_ns:x}")


def _asset(manifest: Manifest, url: str) -> Response:
    assets = dict(manifest.ui.assets)
    # Go walks its map in random order; the longest prefix is one of the orders it may take.
    for prefix in sorted(assets, key=len, reverse=True):
        if prefix != "/" and url.startswith(prefix):
            folder, rest = assets[prefix], url.removeprefix(prefix)
            break
    else:
        folder, rest = assets.get("/", ""), url
    if not folder:
        return NOT_FOUND
    root = (manifest.folder / folder).resolve()
    file = (root / rest.lstrip("/")).resolve()
    inside = root.is_relative_to(manifest.folder.resolve()) and file.is_relative_to(root)
    if not inside or not file.is_file():
        return NOT_FOUND
    return Response(file=file, content_type=TYPES.get(file.suffix, "application/octet-stream"))


def _preflight(request: Request) -> tuple[tuple[str, str], ...]:
    return (
        ("Access-Control-Allow-Methods", request.headers.get("access-control-request-method", "GET, POST")),
        ("Access-Control-Allow-Headers", request.headers.get("access-control-request-headers", "*")),
    )
