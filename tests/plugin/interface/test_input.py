from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.interface.input import HookContext, InputError, ServerConnection, parse_input

CONNECTION: dict[str, Any] = {
    "Scheme": "http",
    "Host": "0.0.0.0",
    "Port": 9999,
    "SessionCookie": {"Name": "session", "Value": "abc", "Path": "", "MaxAge": 0},
    "Dir": "/root/.stash",
    "PluginDir": "/root/.stash/plugins/stash-sense-native",
}


def parsed(args: Any = None, **changes: Any) -> Any:
    return parse_input({"server_connection": {**CONNECTION, **changes}, "args": args or {}}, "/fallback")


def test_what_stash_writes() -> None:
    found = parsed({"mode": "setup"})
    assert found.server == ServerConnection(
        "http", "127.0.0.1", 9999, "abc", "/root/.stash", "/root/.stash/plugins/stash-sense-native"
    )
    assert (found.args, found.hook) == ({"mode": "setup"}, None)
    assert found.server.data_dir == "/root/.stash/stash-sense-native"


@pytest.mark.parametrize(
    ("host", "scheme", "origin"),
    [
        ("0.0.0.0", "http", "http://127.0.0.1:9999"),
        ("", "http", "http://127.0.0.1:9999"),
        (None, "http", "http://127.0.0.1:9999"),
        ("::", "http", "http://127.0.0.1:9999"),
        ("[::]", "https", "https://127.0.0.1:9999"),
        ("::1", "http", "http://[::1]:9999"),
        ("[fe80::1]", "http", "http://[fe80::1]:9999"),
        ("stash.local", "https", "https://stash.local:9999"),
        ("192.168.1.5", "ftp", "http://192.168.1.5:9999"),
    ],
)
def test_where_stash_is(host: Any, scheme: str, origin: str) -> None:
    assert parsed(Host=host, Scheme=scheme).server.origin == origin


def test_relative_folders_count_from_where_stash_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    server = parsed(Dir=".", PluginDir="plugins/x").server
    monkeypatch.chdir("/")
    assert (server.config_dir, server.plugin_dir) == (str(tmp_path), str(tmp_path / "plugins" / "x"))
    assert parsed(PluginDir="").server.plugin_dir == str(Path("/fallback").absolute())
    assert parsed(PluginDir=None).server.plugin_dir == str(Path("/fallback").absolute())


@pytest.mark.parametrize("cookie", [None, {}, {"Value": None}, "abc", []])
def test_no_session(cookie: Any) -> None:
    server = parsed(SessionCookie=cookie).server
    assert (server.session_cookie, server.cookie_name) == ("", "session")


def test_the_session_is_in_no_representation() -> None:
    assert "abc" not in repr(parsed().server)


@pytest.mark.parametrize(
    ("context", "hook"),
    [
        ({"id": 5, "type": "Scene.Create.Post", "input": None}, HookContext(5, "Scene.Create.Post", None, ())),
        (
            {"id": 5, "type": "Scene.Update.Post", "input": {"id": "5"}, "inputFields": ["id", "title"]},
            HookContext(5, "Scene.Update.Post", {"id": "5"}, ("id", "title")),
        ),
        (
            {"id": 5, "type": "Tag.Destroy.Post", "input": ["5"], "inputFields": None},
            HookContext(5, "Tag.Destroy.Post", None, ()),
        ),
    ],
)
def test_hooks(context: Any, hook: HookContext) -> None:
    assert parsed({"hookContext": context, "mode": "x"}).hook == hook


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "standard input holds nothing"),
        ([], "standard input holds a list"),
        ("x", "standard input holds a text"),
        (5, "standard input holds a number"),
        ({}, "server_connection is missing; is this started by Stash?"),
        ({"server_connection": []}, "server_connection is missing"),
        ({"server_connection": CONNECTION, "args": []}, None),
        ({"server_connection": CONNECTION, "args": [1]}, "args is a list"),
        ({"server_connection": CONNECTION, "args": "x"}, "args is a text"),
        ({"server_connection": {**CONNECTION, "Dir": ""}}, r"server_connection.Dir is missing"),
        ({"server_connection": {**CONNECTION, "Dir": 5}}, r"server_connection.Dir is missing"),
        ({"server_connection": {**CONNECTION, "Port": None}}, "Port is None; it must be a port number"),
        ({"server_connection": {**CONNECTION, "Port": "9999"}}, "Port is '9999'"),
        ({"server_connection": {**CONNECTION, "Port": 0}}, "Port is 0"),
        ({"server_connection": {**CONNECTION, "Port": 65536}}, "Port is 65536"),
        ({"server_connection": {**CONNECTION, "Port": True}}, "Port is True"),
        ({"server_connection": CONNECTION, "args": {"hookContext": {}}}, "hookContext has no id and type"),
        ({"server_connection": CONNECTION, "args": {"hookContext": {"id": "5", "type": "x"}}}, "no id and type"),
        ({"server_connection": CONNECTION, "args": {"hookContext": {"id": 5, "type": None}}}, "no id and type"),
        ({"server_connection": CONNECTION, "args": {"hookContext": "x"}}, "no id and type"),
    ],
)
def test_what_stash_does_not_write(document: Any, said: str | None) -> None:
    if said is None:
        parse_input(document, "/fallback")
        return
    with pytest.raises(InputError, match=said):
        parse_input(document, "/fallback")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(CONNECTION, JSON)), JSON)
def test_any_document_is_read_or_refused(connection: dict[str, Any], args: Any) -> None:
    document = json.loads(json.dumps({"server_connection": {**CONNECTION, **connection}, "args": args}))
    try:
        assert parse_input(document, "/fallback").server.port
    except InputError as error:
        assert str(error)
