"""GraphQL over a WebSocket, protocol graphql-transport-ws: jobs, log lines, finished scans."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable
from typing import Any

from tests.standin.api.execute import GraphQL
from tests.standin.api.jobs import job_fields, log_fields
from tests.standin.app import App, Ask
from tests.standin.asker import Asker
from tests.standin.web.websocket import WebSocket

PROTOCOL = "graphql-transport-ws"
QUEUE_SIZE = 100
"""Events that wait for a slow client; more are dropped, as in Stash."""

Event = tuple[str, Any]
"""root field, its value"""


class Subscriber:
    """One connection: reads what the client says, sends events until it is gone."""

    def __init__(self, app: App, graphql: GraphQL, asker: Asker, channel: WebSocket) -> None:
        self._app = app
        self._graphql = graphql
        self._asker = asker
        self._socket = channel
        self._operations: dict[str, dict[str, Any]] = {}
        self._events: queue.Queue[Event | None] = queue.Queue(QUEUE_SIZE)

    def run(self) -> None:
        """Blocks until the client is gone."""
        detach = self._attach()
        sender = threading.Thread(target=self._send_events, daemon=True)
        sender.start()
        try:
            with contextlib.suppress(OSError):
                while (text := self._socket.receive()) is not None and self._hear(text):
                    pass
        finally:
            detach()
            with contextlib.suppress(queue.Full):
                self._events.put_nowait(None)

    def _attach(self) -> Callable[[], None]:
        def on_job(kind: str, job: Any) -> None:
            self._tell("jobsSubscribe", {"type": kind, "job": job_fields(job)})

        def on_line(line: Any) -> None:
            self._tell("loggingSubscribe", log_fields(self._app.settings.log_level, [line]))

        def on_scan() -> None:
            self._tell("scanCompleteSubscribe", True)

        places: list[tuple[list[Any], Any]] = [
            (self._app.jobs.listeners, on_job),
            (self._app.log.listeners, on_line),
            (self._app.scanner.listeners, on_scan),
        ]
        for listeners, listener in places:
            listeners.append(listener)

        def detach() -> None:
            for listeners, listener in places:
                listeners.remove(listener)

        return detach

    def _tell(self, field: str, value: Any) -> None:
        if value and self._operations:
            with contextlib.suppress(queue.Full):
                self._events.put_nowait((field, value))

    def _hear(self, text: str) -> bool:
        """Whether the conversation goes on."""
        try:
            message = json.loads(text)
            kind = message["type"]
        except (ValueError, KeyError, TypeError):
            self._socket.close(4400, "Invalid message")
            return False
        if kind == "connection_init":
            self._say({"type": "connection_ack"})
        elif kind == "ping":
            self._say({"type": "pong"})
        elif kind == "subscribe":
            self._subscribe(str(message["id"]), message.get("payload") or {})
        elif kind == "complete":
            self._operations.pop(str(message.get("id")), None)
        return True

    def _subscribe(self, operation_id: str, payload: dict[str, Any]) -> None:
        """A subscription is kept; a query or a mutation is answered at once."""
        if self._graphql.is_subscription(payload.get("query") or "", payload.get("operationName")):
            self._operations[operation_id] = payload
            return
        status, body = self._run(payload, None)
        if status != 200:
            self._say({"id": operation_id, "type": "error", "payload": body["errors"]})
            return
        self._say({"id": operation_id, "type": "next", "payload": body})
        self._say({"id": operation_id, "type": "complete"})

    def _send_events(self) -> None:
        with contextlib.suppress(OSError):
            while (event := self._events.get()) is not None:
                field, value = event
                for operation_id, payload in list(self._operations.items()):
                    if field in payload["query"]:
                        _, body = self._run(payload, {field: value})
                        self._say({"id": operation_id, "type": "next", "payload": body})

    def _run(self, payload: dict[str, Any], root: Any) -> tuple[int, dict[str, Any]]:
        ask = Ask(self._app, self._asker)
        query, variables, name = payload.get("query") or "", payload.get("variables"), payload.get("operationName")
        return self._graphql.run(ask, query, variables, name, root)

    def _say(self, message: dict[str, Any]) -> None:
        self._socket.send(json.dumps(message, ensure_ascii=False))
