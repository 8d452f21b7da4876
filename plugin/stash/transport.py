"""GraphQL over HTTP with the standard library: for hooks and operations, and wherever stashapi is not there."""

from __future__ import annotations

import http.client
import json
import select
import ssl
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol

from plugin.interface.input import ServerConnection
from plugin.stash.errors import StashFault, StashRefused, StashUnavailable

TIMEOUT_S = 60.0
LARGEST_ANSWER = 256 * 1024 * 1024


class Transport(Protocol):
    """Carries one GraphQL document to Stash and its data back."""

    def call(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return `data`. Raises StashUnavailable, StashRefused, StashFault."""
        ...

    def use_api_key(self, api_key: str) -> None:
        """Send this key beside the cookie from now on: the key outlives it, the cookie carries the hook guard."""
        ...

    def close(self) -> None: ...


class HttpTransport:
    """One kept connection. Not thread-safe. The certificate of a local https Stash is not checked: it is its own."""

    def __init__(self, server: ServerConnection, timeout_s: float = TIMEOUT_S, path: str = "/graphql") -> None:
        self._server, self._timeout_s, self._path = server, timeout_s, path
        self._cookie = server.session_cookie
        self._api_key = ""
        self._connection: http.client.HTTPConnection | None = None

    def use_api_key(self, api_key: str) -> None:
        self._api_key = api_key

    def call(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        body = json.dumps({"query": document, "variables": variables or {}}).encode()
        try:
            status, answer = self._post(body, may_repeat=not document.lstrip().startswith("mutation"))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise StashUnavailable(f"Stash at {self._server.origin} does not answer ({_why(error)})") from error
        return read_answer(status, answer, self._server.origin)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _post(self, body: bytes, may_repeat: bool) -> tuple[int, bytes]:
        """may_repeat: what the body asks for may be done twice. A connection that breaks before the answer does not say
        whether it was done.
        """
        if self._connection is not None and _is_closed(self._connection):
            self.close()  # by the server, while it was not used
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._cookie:
            headers["Cookie"] = f"{self._server.cookie_name}={self._cookie}"
        if self._api_key:
            headers["ApiKey"] = self._api_key
        is_fresh = self._connection is None
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if is_fresh or not may_repeat:
                raise
            return self._post(body, may_repeat)
        answer = response.read(LARGEST_ANSWER)
        if response.length:
            raise http.client.IncompleteRead(answer, response.length)
        self._keep_cookie(response.headers.get_all("Set-Cookie") or [])
        if response.will_close:
            self.close()
        return response.status, answer

    def _connect(self) -> http.client.HTTPConnection:
        if self._server.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return http.client.HTTPSConnection(
                self._server.host, self._server.port, timeout=self._timeout_s, context=context
            )
        return http.client.HTTPConnection(self._server.host, self._server.port, timeout=self._timeout_s)

    def _keep_cookie(self, headers: list[str]) -> None:
        """Stash issues the session anew with each answer; the first one ends an hour after the plugin's start."""
        for header in headers:
            try:
                morsel = SimpleCookie(header).get(self._server.cookie_name)
            except CookieError:
                continue
            if morsel is not None and morsel.value:
                self._cookie = morsel.value


def read_answer(status: int, answer: bytes, origin: str) -> dict[str, Any]:
    """The data of Stash's answer. Raises StashUnavailable, StashRefused, StashFault."""
    if status in (401, 403):
        raise StashRefused(
            f"Stash at {origin} does not accept the plugin's session (HTTP {status}); run the task again. "
            "With a login, an API key (Settings > Security) lets long tasks go on."
        )
    try:
        document = json.loads(answer)
    except ValueError:
        raise StashUnavailable(f"Stash at {origin} answered HTTP {status} with no JSON") from None
    if not isinstance(document, dict):
        raise StashUnavailable(f"Stash at {origin} answered HTTP {status} with JSON that is no object")
    errors = document.get("errors")
    if errors:
        found = errors if isinstance(errors, list) else [errors]
        raise StashFault(
            tuple(str(error.get("message", error) if isinstance(error, dict) else error)[:500] for error in found)
        )
    data = document.get("data")
    if status >= 500 or not isinstance(data, dict):
        raise StashUnavailable(f"Stash at {origin} answered HTTP {status} without data")
    return data


def _is_closed(connection: http.client.HTTPConnection) -> bool:
    """Whether there is something to read where nothing was asked for: the end of the connection."""
    try:
        return connection.sock is None or bool(select.select([connection.sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
