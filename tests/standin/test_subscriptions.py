"""Jobs over a WebSocket, as Stash's interface listens to them."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from typing import Any, BinaryIO

import pytest

from tests.standin import Standin
from tests.standin.samples import manifest, program
from tests.standin.web.websocket import accept_key


class Client:
    """A WebSocket client of a few lines."""

    def __init__(self, stash: Standin) -> None:
        self.connection = socket.create_connection(("127.0.0.1", stash.port), timeout=5)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        )
        self.connection.sendall(head.encode())
        self.reader: BinaryIO = self.connection.makefile("rb")
        lines = []
        while (line := self.reader.readline().strip()) != b"":
            lines.append(line.decode())
        self.status = lines[0].split()[1]
        if self.status == "101":
            assert f"Sec-WebSocket-Accept: {accept_key(key)}" in lines

    def send(self, message: dict[str, Any], kind: int = 1) -> None:
        data = json.dumps(message).encode()
        mask = os.urandom(4)
        size = struct.pack(">BBH", 0x80 | kind, 0x80 | 126, len(data))
        self.connection.sendall(size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))

    def receive(self) -> Any:
        head = self.reader.read(2)
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", self.reader.read(2))
        return json.loads(self.reader.read(size))


def test_accept_key_is_that_of_the_standard() -> None:
    assert accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_jobs_are_told_of(stash: Standin) -> None:
    stash.add_plugin("p", manifest(), {"main.py": program("say('0.5', 'p')")})
    client = Client(stash)
    client.send({"type": "connection_init"})
    assert client.receive() == {"type": "connection_ack"}
    client.send({"type": "ping"})
    assert client.receive() == {"type": "pong"}
    query = "subscription { jobsSubscribe { type job { id status progress } } }"
    client.send({"id": "1", "type": "subscribe", "payload": {"query": query}})
    client.send({"id": "2", "type": "subscribe", "payload": {"query": "{ version { version } }"}})
    assert client.receive()["payload"]["data"] == {"version": {"version": stash.settings.version}}
    assert client.receive() == {"id": "2", "type": "complete"}
    stash.run_task("p")
    events: list[dict[str, Any]] = []
    while not events or events[-1]["type"] != "REMOVE":
        message = client.receive()
        assert (message["id"], message["type"]) == ("1", "next")
        events.append(message["payload"]["data"]["jobsSubscribe"])
    assert [(event["type"], event["job"]["status"], event["job"]["progress"]) for event in events] == [
        ("ADD", "READY", 0.0),
        ("UPDATE", "RUNNING", 0.0),
        ("UPDATE", "RUNNING", 0.5),
        ("REMOVE", "FINISHED", 0.5),
    ]


def test_bad_documents_and_strangers(stash: Standin, tmp_path: Any) -> None:
    client = Client(stash)
    client.send({"id": "1", "type": "subscribe", "payload": {"query": "subscription { nonsense }"}})
    assert client.receive()["type"] == "error"
    with Standin(tmp_path / "c2", tmp_path / "l2", username="u", password="p") as locked:
        assert Client(locked).status == "401"


@pytest.mark.parametrize("field", ["loggingSubscribe { message }", "scanCompleteSubscribe"])
def test_other_subscriptions(stash: Standin, field: str) -> None:
    client = Client(stash)
    client.send({"type": "connection_init"})
    client.receive()
    client.send({"id": "1", "type": "subscribe", "payload": {"query": f"subscription {{ {field} }}"}})
    client.send({"type": "ping"})
    assert client.receive() == {"type": "pong"}, "the subscription stands"
    stash.scan()
    assert client.receive()["payload"]["data"][field.split()[0]]
