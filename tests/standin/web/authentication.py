"""Who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlencode

from tests.standin.app import App
from tests.standin.asker import Asker
from tests.standin.sessions import COOKIE, Session
from tests.standin.web.messages import Request, Response

OPEN_PATHS = ("/login", "/assets")


@dataclass(frozen=True)
class Admitted:
    """A request that may go on."""

    asker: Asker
    set_cookie: str | None
    """the session, stamped anew"""
    api_key: bool


def authenticate(app: App, request: Request) -> Admitted | Response:
    """Who asks, or the answer that turns them away. A key, right or wrong, wins over a cookie."""
    settings = app.settings
    max_age_s = int(settings.max_session_age_s)
    cookie = next(iter(request.cookies(COOKIE)), None)
    session = app.sessions.read(cookie, max_age_s)
    key = request.headers.get("apikey", "") or request.parameter("apikey")
    set_cookie = None
    if key:
        if key != settings.api_key:
            return _unauthorized()
        user = settings.username
    else:
        user = session.user or "" if session else ""
        set_cookie = app.sessions.set_cookie(session, max_age_s) if session else None
    if settings.has_credentials and not user and not _is_open(request.path):
        extension = PurePosixPath(request.path).suffix
        if request.path == "/graphql" or extension not in ("", ".html"):
            return _unauthorized()
        return Response.redirect("/login?" + urlencode({"returnURL": _address(request)}))
    visits = session.visits if session else ()
    asker = Asker(
        session=Session(user, visits),
        base_url=request.base_url,
        is_gone=request.is_gone,
        from_plugin=app.sessions.is_plugin(cookie),
    )
    return Admitted(asker, set_cookie, bool(key))


def log_in(app: App, request: Request) -> Response:
    """POST /login with a form: 200 and a session, or 401."""
    form = request.form()
    name, password = (next(iter(form.get(field, ())), "") for field in ("username", "password"))
    settings = app.settings
    if settings.has_credentials and (name, password) != (settings.username, settings.password):
        app.log.error("Error logging in: invalid credentials")
        return Response.text(401, "Username or password is invalid")
    app.log.info("User logged in")
    return Response(cookies=(app.sessions.set_cookie(Session(name), int(settings.max_session_age_s)),))


def _is_open(path: str) -> bool:
    return path.startswith(OPEN_PATHS) or path in ("/logout", "/css")


def _unauthorized() -> Response:
    return Response(401, headers=(("WWW-Authenticate", "FormBased"),))


def _address(request: Request) -> str:
    return request.path + (f"?{request.raw_query}" if request.raw_query else "")
