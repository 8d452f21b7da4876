"""One Analyze stream, with timeouts: a thread reads its answers, so that the drain can look up between them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from plugin.sidecar_client import AnalyzeCall
from plugin.sidecar_values import CancelWish, Event, MediumWish, Question, SidecarError, Wish

Open = Callable[[Iterator[Wish], Question], AnalyzeCall]


class SidecarStream:
    """Send wishes, take events. Made for one thread; its reader is its own."""

    def __init__(self, open_call: Open, question: Question) -> None:
        """open_call: SidecarClient.analyze, or a stand-in for tests."""
        self._wishes: queue.Queue[Wish | None] = queue.Queue()
        self._events: queue.Queue[Event | SidecarError | None] = queue.Queue()
        self._call = open_call(iter(self._wishes.get, None), question)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, wish: MediumWish | CancelWish) -> None:
        self._wishes.put(wish)

    def next_event(self, timeout_s: float) -> Event | None:
        """The next event, or None where none came in time. Raises SidecarError where the stream broke or ended."""
        try:
            event = self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if event is None:
            raise SidecarError("the sidecar ended the stream", passes=True)
        if isinstance(event, SidecarError):
            raise event
        return event

    def close(self) -> None:
        """Break it off; work in the sidecar stops within a second."""
        self._wishes.put(None)
        self._call.cancel()
        self._reader.join(5.0)

    def _read(self) -> None:
        try:
            for event in self._call:
                self._events.put(event)
            self._events.put(None)
        except SidecarError as error:
            self._events.put(error)
        except Exception as defect:  # whatever it is, the drain must not wait for ever
            self._events.put(SidecarError(f"reading the sidecar's answers failed: {defect}"))
