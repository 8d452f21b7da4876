"""Both transports, against the stand-in: sessions, keys, and every way in which an answer does not come."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.interface.input import ServerConnection, parse_input
from plugin.stash.documents import CREATE_TAG, JOBS, TAGS
from plugin.stash.errors import StashError, StashFault, StashRefused, StashUnavailable
from plugin.stash.stashapi_transport import StashapiTransport
from plugin.stash.transport import HttpTransport, Transport
from tests.plugin.world import World
from tests.standin import Standin

Make = Callable[..., Transport]

HOUR_S = 3600


@pytest.fixture(params=[HttpTransport, StashapiTransport], ids=["http.client", "stashapi"])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes transports of one kind, and closes them."""
    made: list[Transport] = []

    def build(server: ServerConnection, *args: Any) -> Transport:
        made.append(request.param(server, *args))
        return made[-1]

    yield build
    for transport in made:
        transport.close()


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[World]:
    """A stand-in with a login, and sessions that end after an hour."""
    with Standin(tmp_path / "config", tmp_path / "library", username="owner", password="secret") as stash:
        yield World(stash)


def server(stash: Standin, **changes: Any) -> ServerConnection:
    found = parse_input({"server_connection": stash.connection(), "args": {}}, "/plugin").server
    return replace(found, **changes)


def test_data_comes_back(world: World, make: Make) -> None:
    world.stash.add_tag("ä ☃", aliases=["x"])
    transport = make(world.server)
    assert transport.call(TAGS) == {"findTags": {"tags": [{"id": "1", "name": "ä ☃", "aliases": ["x"]}]}}
    created = transport.call(CREATE_TAG, {"input": {"name": "🐈 cat"}})
    assert created == {"tagCreate": {"id": "2"}}
    assert world.stash.tag_names() == ["ä ☃", "🐈 cat"]


def test_nothing_is_asked_but_what_we_ask(world: World, make: Make) -> None:
    """stashapi's own introspection and questions would cost as much as all of ours."""
    transport = make(world.server)
    transport.call(JOBS)
    assert [one.operation for one in world.stash.requests.all()] == ["SenseJobs"]


def test_one_connection_serves_all(world: World, make: Make) -> None:
    opened = []
    process = world.stash._live.web._server.process_request  # type: ignore[union-attr]

    def counting(request: Any, address: Any) -> None:
        opened.append(address)
        process(request, address)

    world.stash._live.web._server.process_request = counting  # type: ignore[union-attr, method-assign]
    transport = make(world.server)
    for _ in range(5):
        transport.call(JOBS)
    assert len(opened) == 1


class TestSessions:
    def test_a_session_that_is_issued_anew_is_kept(self, locked: World, make: Make) -> None:
        transport = make(locked.server)
        for _ in range(4):
            transport.call(JOBS)
            locked.stash.clock.advance(HOUR_S - 60)
        assert len(locked.stash.requests.all()) == 4

    def test_a_session_that_was_not_used_for_an_hour_has_ended(self, locked: World, make: Make) -> None:
        transport = make(locked.server)
        transport.call(JOBS)
        locked.stash.clock.advance(HOUR_S + 5)
        with pytest.raises(
            StashRefused, match=r"does not accept the plugin's session \(HTTP 401\); run the task again"
        ):
            transport.call(JOBS)

    def test_with_the_key_it_goes_on(self, tmp_path: Path, make: Make) -> None:
        options = {"username": "owner", "password": "secret", "api_key": "the key"}
        with Standin(tmp_path / "config", tmp_path / "library", **options) as stash:  # type: ignore[arg-type]
            transport = make(server(stash))
            transport.call(JOBS)
            transport.use_api_key("the key")
            stash.clock.advance(5 * HOUR_S)
            transport.call(JOBS)
            assert [one.api_key for one in stash.requests.all()] == [False, True]
            assert all(one.from_plugin for one in stash.requests.all()[:1]), "the cookie goes beside the key"

    def test_the_cookie_goes_beside_the_key(self, tmp_path: Path, make: Make) -> None:
        """It carries the hooks that led here: without it Stash's loop guard is off."""
        options = {"username": "owner", "password": "secret", "api_key": "the key"}
        with Standin(tmp_path / "config", tmp_path / "library", **options) as stash:  # type: ignore[arg-type]
            transport = make(server(stash))
            transport.use_api_key("the key")
            transport.call(JOBS)
            (request,) = stash.requests.all()
            assert request.api_key and request.from_plugin

    def test_a_wrong_key_or_cookie_is_refused_and_named_nowhere(self, locked: World, make: Make) -> None:
        transport = make(server(locked.stash, session_cookie="forged-cookie"))
        with pytest.raises(StashRefused) as caught:
            transport.call(JOBS)
        assert "forged" not in str(caught.value)
        transport = make(locked.server)
        transport.use_api_key("wrong-key")
        with pytest.raises(StashRefused) as caught:
            transport.call(JOBS)
        assert "wrong-key" not in str(caught.value) and caught.value.passes

    def test_without_a_login_no_cookie_is_needed(self, world: World, make: Make) -> None:
        make(server(world.stash, session_cookie="")).call(JOBS)

    def test_the_name_of_localhost(self, locked: World, make: Make) -> None:
        """A host without a dot is another domain to a jar of cookies."""
        transport = make(server(locked.stash, host="localhost"))
        for _ in range(3):
            transport.call(JOBS)
            locked.stash.clock.advance(HOUR_S - 60)


class TestFaults:
    def test_stashs_own_words(self, world: World, make: Make) -> None:
        world.stash.add_tag("cat")
        with pytest.raises(StashFault, match="Stash answered: tag with name 'CAT' already exists") as caught:
            make(world.server).call(CREATE_TAG, {"input": {"name": "CAT"}})
        assert caught.value.messages == ("tag with name 'CAT' already exists",) and not caught.value.passes

    def test_a_document_that_does_not_fit_is_a_fault(self, world: World, make: Make) -> None:
        with pytest.raises(StashFault, match="nonsense"):
            make(world.server).call("query SenseX { nonsense }")

    def test_a_database_that_is_locked_passes(self) -> None:
        assert StashFault(("database is locked",)).passes and not StashFault(("no such table",)).passes


class TestNoAnswer:
    def test_a_connection_that_is_refused(self, world: World, make: Make) -> None:
        transport = make(world.server)
        with world.stash.refusing(), pytest.raises(StashUnavailable, match=r"127\.0\.0\.1:\d+ does not answer"):
            transport.call(JOBS)
        transport.call(JOBS)

    def test_stash_that_was_started_anew(self, world: World, make: Make) -> None:
        transport = make(world.server)
        transport.call(JOBS)
        world.stash.restart()
        transport.call(CREATE_TAG, {"input": {"name": "cat"}})
        assert world.stash.tag_names() == ["cat"]

    @pytest.mark.parametrize("fault", ["drop_before", "drop_after", "drop_midway"])
    @pytest.mark.parametrize("kept", [False, True], ids=["first", "kept"])
    def test_a_mutation_whose_answer_is_lost_is_not_sent_twice(
        self, world: World, make: Make, fault: str, kept: bool
    ) -> None:
        transport = make(world.server)
        if kept:
            transport.call(JOBS)
        world.stash.faults.add(fault, field="tagCreate")
        with pytest.raises(StashUnavailable):
            transport.call(CREATE_TAG, {"input": {"name": "cat"}})
        assert len(world.stash.requests.all(field="tagCreate")) == (0 if fault == "drop_before" else 1)
        assert transport.call(JOBS) == {"jobQueue": None}, "the next question is answered at once"

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_an_answer_that_is_no_json(self, world: World, make: Make, status: int) -> None:
        world.stash.faults.add("status", status=status)
        with pytest.raises(StashUnavailable, match=f"answered HTTP {status} with no JSON"):
            make(world.server).call(JOBS)

    def test_an_answer_that_does_not_come_in_time(self, world: World, make: Make) -> None:
        world.stash.faults.add("delay", seconds=1.0)
        with pytest.raises(StashUnavailable, match=r"(?i)time"):
            make(world.server, 0.2).call(JOBS)

    def test_a_proxy_of_the_environment_does_not_see_it(
        self, world: World, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        make(world.server).call(JOBS)


ODD_ANSWERS: list[tuple[int, bytes, type[StashError], str]] = [
    (200, b"", StashUnavailable, "no JSON"),
    (200, b"<html>", StashUnavailable, "no JSON"),
    (200, b"\xff\xfe", StashUnavailable, "no JSON"),
    (200, b"[]", StashUnavailable, "no object"),
    (200, b"null", StashUnavailable, "no object"),
    (200, b"{}", StashUnavailable, "without data"),
    (200, b'{"data": null}', StashUnavailable, "without data"),
    (200, b'{"data": []}', StashUnavailable, "without data"),
    (500, b'{"data": {}}', StashUnavailable, "without data"),
    (200, b'{"errors": "no"}', StashFault, "Stash answered: no"),
    (200, b'{"errors": ["no", 5]}', StashFault, "Stash answered: no; 5"),
    (200, b'{"errors": [{}], "data": {}}', StashFault, "Stash answered: {}"),
    (422, b'{"errors": [{"message": "x", "path": 5}]}', StashFault, "Stash answered: x"),
    (401, b'{"data": {}}', StashRefused, "HTTP 401"),
    (403, b"", StashRefused, "HTTP 403"),
]


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers whatever it is told to."""

    protocol_version = "HTTP/1.1"
    answer: tuple[int, bytes, list[str]] = (200, b'{"data": {}}', [])
    cookies: list[str] = []  # noqa: RUF012 (of all that were sent)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).cookies.append(self.headers.get("Cookie", ""))
        status, body, set_cookies = self.answer
        self.send_response(status)
        for cookie in set_cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nobody reads it."""


@contextlib.contextmanager
def odd_stash(context: ssl.SSLContext | None = None) -> Iterator[ServerConnection]:
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    if context is not None:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield ServerConnection("https" if context else "http", "127.0.0.1", httpd.server_port, "first", "/", "/")
    finally:
        httpd.shutdown()
        httpd.server_close()


@pytest.fixture(scope="module")
def odd() -> Iterator[ServerConnection]:
    with odd_stash() as found:
        yield found


@pytest.mark.parametrize(("status", "body", "kind", "said"), ODD_ANSWERS)
def test_odd_answers(
    odd: ServerConnection,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: bytes,
    kind: type[StashError],
    said: str,
) -> None:
    monkeypatch.setattr(Odd, "answer", (status, body, []))
    with pytest.raises(kind) as caught:
        make(odd).call(JOBS)
    assert said in str(caught.value)


def test_other_cookies_and_broken_ones_are_no_session(
    odd: ServerConnection, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = make(odd)
    monkeypatch.setattr(Odd, "cookies", [])
    for set_cookies in (["other=1; Path=/"], [";;;=\x7f"], ["session=second; Path=/; Max-Age=3600"], []):
        monkeypatch.setattr(Odd, "answer", (200, b'{"data": {}}', set_cookies))
        transport.call(JOBS)
    sessions = [next(part for part in sent.split("; ") if part.startswith("session=")) for sent in Odd.cookies]
    assert sessions == ["session=first", "session=first", "session=first", "session=second"]


def test_a_certificate_that_nobody_signed_is_a_local_stashs_own(make: Make, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with odd_stash(context) as secure:
        transport = make(secure)
        assert transport.call(JOBS) == {} and transport.call(JOBS) == {}


def self_signed(folder: Path) -> tuple[Path, Path]:
    import shutil
    import subprocess

    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=elsewhere"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key
