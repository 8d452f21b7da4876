"""A stream of media: answers for every one, order per medium, cancellation, back-pressure, draining."""

import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from sidecar.engine.events import Done, Event, Failed, Progress
from sidecar.engine.request import MediumRequest
from sidecar.engine.session import EVENT_BACKLOG, READ_AHEAD, CancelMedium, Command, Emit, Refused, Session
from sidecar.values import Cancelled, IsCancelled


def done(media_id: str) -> Done:
    return Done(media_id, "key", "video", 1.0, "pyav-cpu", 1, 1, 1, "lite", "", (), (), ())


def quick(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
    emit(done(request.media_id))


def until_cancelled(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
    while not is_cancelled():
        time.sleep(0.01)
    raise Cancelled


def ended(event: Event) -> Done | Failed:
    assert isinstance(event, Done | Failed)
    return event


def code(event: Event) -> str:
    assert isinstance(event, Failed)
    return event.code


def media(*ids: str) -> list[MediumRequest]:
    return [MediumRequest(i, f"/{i}.mp4") for i in ids]


def test_every_medium_ends_once() -> None:
    events = list(Session(quick, 2, lambda: False).run(media(*map(str, range(100)))))
    assert sorted(e.media_id for e in events) == sorted(map(str, range(100)))


def test_a_refused_request_is_answered_and_harms_no_neighbour() -> None:
    commands: list[Command] = [*media("a"), Refused("b", "no location"), *media("c")]
    events = {e.media_id: ended(e) for e in Session(quick, 1, lambda: False).run(commands)}
    assert isinstance(events["b"], Failed)
    assert code(events["b"]) == "invalid_request"
    assert isinstance(events["a"], Done)
    assert isinstance(events["c"], Done)


def test_one_medium_can_be_cancelled_within_a_second_while_others_go_on() -> None:
    def analyse(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
        (until_cancelled if request.media_id == "slow" else quick)(request, emit, is_cancelled)

    begun = time.monotonic()
    events = {
        e.media_id: e
        for e in Session(analyse, 2, lambda: False).run([*media("slow", "a"), CancelMedium("slow"), *media("b")])
    }
    assert time.monotonic() - begun < 1.0
    assert code(events["slow"]) == "cancelled"
    assert isinstance(events["b"], Done)


def test_a_vanished_client_stops_all_work_within_a_second() -> None:
    gone = threading.Event()
    stopped: list[str] = []

    def analyse(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
        try:
            until_cancelled(request, emit, is_cancelled)
        finally:
            stopped.append(request.media_id)

    endless = (MediumRequest(str(n), "/x.mp4") for n in itertools.count())
    threading.Timer(0.2, gone.set).start()
    begun = time.monotonic()
    assert list(Session(analyse, 2, gone.is_set).run(endless)) == []
    assert time.monotonic() - begun < 1.2
    assert len(stopped) == 2


def test_requests_are_read_ahead_only_so_far() -> None:
    read: list[int] = []

    def endless() -> Iterator[MediumRequest]:
        for n in itertools.count():
            read.append(n)
            yield MediumRequest(str(n), "/x.mp4")

    gone = threading.Event()
    threading.Timer(0.5, gone.set).start()
    list(Session(until_cancelled, 2, gone.is_set).run(endless()))
    assert len(read) <= READ_AHEAD + 2 + 1


def test_a_slow_reader_loses_progress_but_no_result() -> None:
    def chatty(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
        for n in range(EVENT_BACKLOG * 3):
            emit(Progress(request.media_id, "coarse", n, n, 1.0, 0.0, None))
        emit(done(request.media_id))

    events: list[Event] = []
    for event in Session(chatty, 1, lambda: False).run(media("a")):
        if not events:
            time.sleep(0.5)
        events.append(event)
    assert isinstance(events[-1], Done)
    assert len(events) < EVENT_BACKLOG * 3


def test_draining_finishes_what_is_in_work_and_refuses_the_rest() -> None:
    draining = threading.Event()

    def analyse(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
        draining.set()
        time.sleep(0.1)
        emit(done(request.media_id))

    events = {
        e.media_id: ended(e) for e in Session(analyse, 1, lambda: False, draining.is_set).run(media("a", "b", "c"))
    }
    assert isinstance(events["a"], Done)
    assert code(events["b"]) == code(events["c"]) == "shutting_down"


def test_closing_the_answers_stops_the_work() -> None:
    stopped = threading.Event()

    def analyse(request: MediumRequest, emit: Emit, is_cancelled: IsCancelled) -> None:
        emit(Progress(request.media_id, "coarse", 0, 0, 0.0, 0.0, None))
        try:
            until_cancelled(request, emit, is_cancelled)
        finally:
            stopped.set()

    answers = Session(analyse, 1, lambda: False).run(media("a"))
    next(answers)
    answers.close()
    assert stopped.is_set()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_empty_stream_ends(workers: int) -> None:
    assert list(Session(quick, workers, lambda: False).run([])) == []
