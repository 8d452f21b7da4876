"""GraphQL through stashapp-tools, for tasks. This file alone imports stashapi.stashapp."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from stashapi.stashapp import StashInterface

from plugin.interface import log
from plugin.interface.input import ServerConnection
from plugin.stash.errors import StashUnavailable
from plugin.stash.transport import TIMEOUT_S, read_answer


class _QuietInterface(StashInterface):  # type: ignore[misc]
    """StashInterface with our own documents: no introspection at start, and errors as values instead of log lines."""

    def stash_version(self) -> str:
        return ""  # asked for by our own client, once

    def call_GQL(  # noqa: N802 (their name)
        self, query: str, variables: Mapping[str, Any] | None = None, callback: object = None
    ) -> dict[str, Any]:
        if query.startswith("query getApiKey"):
            # The constructor's; our own client asks for it with everything else that it needs.
            return {"configuration": {"general": {"apiKey": ""}}}
        answer = self.s.post(self.url, json={"query": query, "variables": dict(variables or {})})
        return read_answer(answer.status_code, answer.content, self.url.removesuffix("/graphql"))

    def _get_fragments_introspection(self, *_: object, **__: object) -> dict[str, str]:
        return {}


class StashapiTransport:
    """One requests session. Not thread-safe."""

    def __init__(self, server: ServerConnection, timeout_s: float = TIMEOUT_S) -> None:
        connection = {"Scheme": server.scheme, "Host": server.host, "Port": server.port, "Logger": log}
        self._stash = _QuietInterface(connection, verify_ssl=False)
        # As in HttpTransport, the certificate of a local Stash is its own; that needs no line in its log per request.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session: requests.Session = self._stash.s
        session.request = functools.partial(session.request, timeout=timeout_s)  # type: ignore[method-assign]
        session.trust_env = False  # a proxy of the environment must not see a local Stash
        # With its domain, so that the cookie that Stash issues anew replaces it; stashapi's own keeps the first one.
        if server.session_cookie:
            domain = f"{server.host}.local" if "." not in server.host and ":" not in server.host else server.host
            session.cookies.set(server.cookie_name, server.session_cookie, domain=domain, path="/")
        self._session, self._origin = session, server.origin

    def use_api_key(self, api_key: str) -> None:
        self._session.headers["ApiKey"] = api_key

    def call(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            return dict(self._stash.call_GQL(document, variables))
        except (requests.RequestException, OSError) as error:
            raise StashUnavailable(f"Stash at {self._origin} does not answer ({type(error).__name__})") from error

    def close(self) -> None:
        self._session.close()
