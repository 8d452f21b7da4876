"""What Stash writes to the plugin's standard input: one JSON document, then the end of the stream."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLUGIN_ID = "stash-sense-native"
"""The package id: the manifest's file name. The data folder and the plugin's settings in Stash have this name too."""

_ANY_ADDRESS = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 (compared with, never bound)


class InputError(Exception):
    """Standard input is not what Stash writes. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ServerConnection:
    """How this Stash is reached, and where its and our files lie.

    config_dir: absolute folder of Stash's configuration file. plugin_dir: absolute folder of the installed plugin.
    session_cookie: value of the cookie `session`, which carries the user and the hook loop guard; "" without a login.
    """

    scheme: str
    host: str
    port: int
    session_cookie: str = field(repr=False)
    config_dir: str
    plugin_dir: str
    cookie_name: str = "session"

    @property
    def origin(self) -> str:
        """scheme://host:port, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def data_dir(self) -> str:
        """Our data: outside the plugins folder, so that updates and uninstalls leave it and no asset publishes it."""
        return os.path.join(self.config_dir, PLUGIN_ID)


@dataclass(frozen=True, slots=True)
class HookContext:
    """One event. fields: input fields that the update named; input: the mutation's input, None for scans."""

    object_id: int
    type: str
    input: Mapping[str, Any] | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PluginInput:
    """One call of the plugin. hook is None for tasks and operations."""

    server: ServerConnection
    args: Mapping[str, Any] = field(default_factory=dict)
    hook: HookContext | None = None


def parse_input(document: object, plugin_dir: str) -> PluginInput:
    """Turn the decoded JSON document into values. plugin_dir: used where Stash names none. Raises InputError."""
    if not isinstance(document, dict):
        raise InputError(f"standard input holds {_kind(document)}; Stash writes an object")
    args = document.get("args") or {}
    if not isinstance(args, dict):
        raise InputError(f"args is {_kind(args)}; Stash writes an object")
    return PluginInput(
        _connection(document.get("server_connection"), plugin_dir), args, _hook_context(args.get("hookContext"))
    )


def _connection(value: object, plugin_dir: str) -> ServerConnection:
    if not isinstance(value, dict):
        raise InputError("server_connection is missing; is this started by Stash?")
    config_dir = value.get("Dir")
    if not isinstance(config_dir, str) or not config_dir:
        raise InputError("server_connection.Dir is missing; is this Stash v0.28 or newer?")
    host = str(value.get("Host") or "")
    cookie = value.get("SessionCookie")
    cookie = cookie if isinstance(cookie, dict) else {}
    # Stash may say a relative folder; it counts from the working directory that we share with it.
    return ServerConnection(
        scheme="https" if value.get("Scheme") == "https" else "http",
        host="127.0.0.1" if host in _ANY_ADDRESS else host.strip("[]"),
        port=_port(value.get("Port")),
        session_cookie=str(cookie.get("Value") or ""),
        cookie_name=str(cookie.get("Name") or "session"),
        config_dir=os.path.abspath(config_dir),
        plugin_dir=os.path.abspath(str(value.get("PluginDir") or plugin_dir)),
    )


def _port(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536:
        return value
    raise InputError(f"server_connection.Port is {value!r}; it must be a port number")


def _hook_context(value: object) -> HookContext | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("id"), int) or not isinstance(value.get("type"), str):
        raise InputError("args.hookContext has no id and type")
    hook_input = value.get("input")
    fields = value.get("inputFields")
    return HookContext(
        object_id=value["id"],
        type=value["type"],
        input=hook_input if isinstance(hook_input, dict) else None,
        fields=tuple(str(name) for name in fields) if isinstance(fields, list) else (),
    )


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", str: "a text", type(None): "nothing"}.get(type(value), "a number")
