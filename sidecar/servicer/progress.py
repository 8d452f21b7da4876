"""Work that tells how far it is, as a stream: it runs in a thread, and its news is taken as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from sidecar.values import Cancelled, IsCancelled

Told = tuple[int, int]
Result = TypeVar("Result")

_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Step(Generic[Result]):
    """News: how far it is, and, last, the result."""

    told: Told
    result: Result | None = None


def as_stream(
    work: Callable[[Callable[[Told], None], IsCancelled], Result], is_cancelled: IsCancelled
) -> Iterator[Step[Result]]:
    """Steps of work(tell, is_cancelled), the latest where several came at once. Raises what the work raises."""
    news: queue.Queue[Told | None] = queue.Queue()
    ended: list[Result | BaseException] = []
    stopped = threading.Event()

    def run() -> None:
        try:
            ended.append(work(news.put, lambda: stopped.is_set() or is_cancelled()))
        except BaseException as error:
            ended.append(error)
        news.put(None)

    thread = threading.Thread(target=run, name="progress", daemon=True)
    thread.start()
    try:
        running = True
        while running:
            try:
                told = news.get(timeout=_POLL_S)
            except queue.Empty:
                if is_cancelled():
                    raise Cancelled from None
                continue
            while told is not None and not news.empty():
                told = news.get()
            running = told is not None
            if told is not None:
                yield Step(told)
        (end,) = ended
        if isinstance(end, BaseException):
            raise end
        yield Step((0, 0), end)
    finally:
        stopped.set()
        thread.join()
