"""One wake request: what is sent, what counts as success, and what is said when it fails."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from sidecar.schedule.wake import send
from sidecar.store import WakeTarget
from sidecar.values import Cancelled
from tests.schedule.conftest import KEY, Listener


def never() -> bool:
    return False


def target(url: str) -> WakeTarget:
    return WakeTarget(url, {"ApiKey": KEY}, "application/json")


def test_the_body_arrives_as_it_is_with_its_headers(listener: Listener) -> None:
    outcome = send(target(f"{listener.origin}/graphql?x=1"), b'{"a": "\xc3\xa4"}\0', never)
    assert (outcome.ok, outcome.http_status, outcome.message) == (True, 200, "ok")
    (call,) = listener.calls
    headers = {name.lower(): value for name, value in call.headers.items()}
    assert (call.path, call.body) == ("/graphql?x=1", b'{"a": "\xc3\xa4"}\0')
    assert (headers["apikey"], headers["content-type"]) == (KEY, "application/json")


@pytest.mark.parametrize("status", [204, 301, 302, 307, 401, 422, 500])
def test_only_success_is_success_and_no_redirect_is_followed(listener: Listener, status: int) -> None:
    listener.statuses = [status]
    outcome = send(target(listener.origin), b"", never)
    assert (outcome.ok, outcome.http_status) == (status == 204, status)
    assert outcome.message == ("ok" if status == 204 else f"HTTP {status}")
    assert len(listener.calls) == 1


def test_no_answer_is_told_without_secrets() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = send(target(f"http://127.0.0.1:{port}/graphql?apikey={KEY}"), b"", never)
    assert (outcome.ok, outcome.http_status) == (False, 0)
    assert outcome.message == f"http://127.0.0.1:{port} gave no answer: connection refused"


def test_a_proxy_of_the_environment_is_not_used(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert send(target(listener.origin), b"", never).ok


def test_what_does_not_answer_ends_in_time(listener: Listener) -> None:
    listener.holds.clear()
    begun = time.monotonic()
    outcome = send(target(listener.origin), b"", never, timeout_s=0.5)
    assert "it took too long" in outcome.message
    assert time.monotonic() - begun < 3.0


def test_what_answers_a_byte_at_a_time_ends_in_time_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40:
                    try:
                        connection.sendall(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        outcome = send(target(f"http://127.0.0.1:{server.getsockname()[1]}"), b"", never, timeout_s=1.0)
        assert outcome.message.endswith("nothing came within 1 s")
        assert time.monotonic() - begun < 4.0


def test_it_is_left_behind_at_once_when_nobody_waits(listener: Listener) -> None:
    listener.holds.clear()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        send(target(listener.origin), b"", lambda: time.monotonic() - begun > 0.2)
    assert time.monotonic() - begun < 1.0
