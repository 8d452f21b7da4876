"""One client's stream of media: reads requests a little ahead, works on a few at once, hands events back in order."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from sidecar.engine.events import Event, Failed, Progress
from sidecar.engine.request import MediumRequest
from sidecar.values import Cancelled, IsCancelled


@dataclass(frozen=True, slots=True)
class CancelMedium:
    """Stop work on one medium of this stream."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that could not be understood; it is answered, and nothing else happens."""

    media_id: str
    message: str


Command: TypeAlias = MediumRequest | CancelMedium | Refused
Emit: TypeAlias = Callable[[Event], None]
Analyse: TypeAlias = Callable[[MediumRequest, Emit, IsCancelled], None]
"""Analyses one medium and emits its events; emits Done or Failed itself; raises only Cancelled."""

READ_AHEAD = 64
"""Requests read before a worker is free, so that a cancel behind them is seen. The rest waits in gRPC."""

EVENT_BACKLOG = 256
"""Events kept for a client that reads slowly. Then its own work waits; progress is dropped."""

_POLL_S = 0.1

log = logging.getLogger(__name__)


class Session:
    """Runs analyse over a stream of commands with `workers` threads, and yields events until all media are finished.

    is_cancelled: the client vanished; everything stops within a poll (100 ms) plus what the decoder needs.
    is_draining: the sidecar goes down; media in work are finished, all others fail with shutting_down.
    on_end: called once when the stream is over, before the workers are waited for.
    """

    def __init__(
        self,
        analyse: Analyse,
        workers: int,
        is_cancelled: IsCancelled,
        is_draining: IsCancelled = lambda: False,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._analyse = analyse
        self._workers = workers
        self._client_gone = is_cancelled
        self._is_draining = is_draining
        self._on_end = on_end
        self._closed = threading.Event()
        self._cancelled_ids: set[str] = set()
        self._todo: queue.Queue[MediumRequest | None] = queue.Queue(READ_AHEAD)
        self._events: queue.Queue[Event | None] = queue.Queue(EVENT_BACKLOG)

    def run(self, commands: Iterable[Command]) -> Generator[Event, None, None]:
        """Yield the events of all media. Closing the generator stops all work."""
        reader = threading.Thread(target=self._read, args=(commands,), name="session-reader", daemon=True)
        workers = [
            threading.Thread(target=self._work, name=f"session-worker-{n}", daemon=True) for n in range(self._workers)
        ]
        for thread in (reader, *workers):
            thread.start()
        running = len(workers)
        try:
            while running:
                try:
                    event = self._events.get(timeout=_POLL_S)
                except queue.Empty:
                    if self._is_stopped():
                        return
                    continue
                if event is None:
                    running -= 1
                else:
                    yield event
        finally:
            self._closed.set()
            self._on_end()
            for thread in workers:
                thread.join()

    def _is_stopped(self) -> bool:
        return self._closed.is_set() or self._client_gone()

    def _read(self, commands: Iterable[Command]) -> None:
        try:
            for command in commands:
                if isinstance(command, CancelMedium):
                    self._cancelled_ids.add(command.media_id)
                elif isinstance(command, Refused):
                    self._emit(Failed(command.media_id, "invalid_request", command.message))
                else:
                    self._put(self._todo, command)
            for _ in range(self._workers):
                self._put(self._todo, None)
        except Cancelled:
            return
        except Exception:  # the transport's own error when its client vanishes, or a defect of ours
            if not self._client_gone():
                log.exception("reading requests failed; the stream ends")
            self._closed.set()

    def _work(self) -> None:
        try:
            while (request := self._next()) is not None:
                self._analyse_one(request)
            self._put(self._events, None)
        except Cancelled:
            return

    def _analyse_one(self, request: MediumRequest) -> None:
        media_id = request.media_id
        if self._is_draining():
            self._emit(Failed(media_id, "shutting_down", "the sidecar is shutting down; ask again when it is back"))
            return
        try:
            self._analyse(request, self._emit, lambda: self._is_stopped() or media_id in self._cancelled_ids)
        except Cancelled:
            if self._is_stopped():
                raise
            self._emit(Failed(media_id, "cancelled", "cancelled as asked; what was stored until then stays"))

    def _next(self) -> MediumRequest | None:
        while not self._is_stopped():
            try:
                return self._todo.get(timeout=_POLL_S)
            except queue.Empty:
                continue
        raise Cancelled

    def _emit(self, event: Event) -> None:
        if isinstance(event, Progress):
            if self._events.qsize() < EVENT_BACKLOG // 2:
                self._put(self._events, event)
            return
        self._put(self._events, event)

    def _put(self, target: queue.Queue[MediumRequest | None] | queue.Queue[Event | None], item: object) -> None:
        while not self._is_stopped():
            try:
                target.put(item, timeout=_POLL_S)  # type: ignore[arg-type]
                return
            except queue.Full:
                continue
        raise Cancelled
