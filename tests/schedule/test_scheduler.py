"""When jobs run: on time, after a sleep, after a restart, again after a failure; and what stays of a schedule."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from sidecar.schedule.errors import InvalidSchedule, UnknownJob
from sidecar.schedule.request import DEFAULT_GRACE_S, Schedule
from sidecar.schedule.scheduler import RETRY_AFTER_S, JobView, Scheduler
from sidecar.store import FeatureStore, Job, Outcome, RunState, WakeTarget
from tests.schedule.conftest import KEY, Listener

NIGHTLY = Job("nightly", "30 3 * * *", "Europe/Berlin", b"wake up", True, 0, DEFAULT_GRACE_S)


def never() -> bool:
    return False


def target(listener: Listener) -> WakeTarget:
    return WakeTarget(f"{listener.origin}/graphql?apikey={KEY}", {"ApiKey": KEY}, "application/json")


@contextlib.contextmanager
def running(store: FeatureStore, **more: object) -> Iterator[Scheduler]:
    with contextlib.closing(Scheduler(store.schedule, **more)) as scheduler:  # type: ignore[arg-type]
        scheduler.start()
        yield scheduler


def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def only(scheduler: Scheduler) -> JobView:
    (view,) = scheduler.view().jobs
    return view


def due_at(store: FeatureStore, listener: Listener, state: RunState, job: Job = NIGHTLY) -> None:
    """Leave a schedule as a sidecar that stopped left it."""
    store.schedule.replace(target(listener), [(job, state)])


def test_a_job_runs_when_it_is_due_and_says_how_it_went(store: FeatureStore, listener: Listener) -> None:
    due_at(store, listener, RunState(next_run_s=time.time() + 0.5))
    with running(store) as scheduler:
        assert only(scheduler).state.last_outcome is None
        until(lambda: only(scheduler).state.last_outcome is not None)
        assert [call.body for call in listener.calls] == [b"wake up"]
        view = only(scheduler)
        assert view.state.last_outcome == Outcome(True, 200, "ok")
        assert view.state.last_run_s == pytest.approx(time.time(), abs=5)
        assert view.next_run_s is not None
        assert 0 < view.next_run_s - time.time() <= 25 * 3600


def test_a_run_that_was_missed_while_the_sidecar_was_down_is_made_up_for_once(
    store: FeatureStore, listener: Listener
) -> None:
    """Down from the evening on; several runs were missed, the first of them too long ago."""
    half_past = time.localtime(time.time() + 1800).tm_min
    hourly = replace(NIGHTLY, cron=f"{half_past} * * * *", timezone="", grace_s=7200)
    due_at(store, listener, RunState(next_run_s=time.time() - 9 * 3600), hourly)
    with running(store) as scheduler:
        until(lambda: only(scheduler).state.last_outcome == Outcome(True, 200, "ok"))
        time.sleep(0.5)
        assert len(listener.calls) == 1


def test_a_run_that_was_due_at_night_still_happens_at_breakfast(store: FeatureStore, listener: Listener) -> None:
    due_at(store, listener, RunState(next_run_s=time.time() - 5 * 3600))
    with running(store) as scheduler:
        until(lambda: only(scheduler).state.last_outcome == Outcome(True, 200, "ok"))


def test_a_run_that_is_too_late_is_told_and_not_made_up_for(store: FeatureStore, listener: Listener) -> None:
    due_s = time.time() - 3 * 24 * 3600
    job = replace(NIGHTLY, cron="0 0 1 1 *", timezone="UTC", grace_s=3600)
    due_at(store, listener, RunState(next_run_s=due_s), job)
    with running(store) as scheduler:
        time.sleep(0.3)
        view = only(scheduler)
        assert view.state.last_outcome is not None
        assert view.state.last_outcome.message.startswith("missed: the machine or the sidecar was not running at ")
        assert view.state.last_run_s == pytest.approx(due_s)
        assert view.next_run_s is not None
        assert view.next_run_s > time.time()
        assert listener.calls == []


def test_a_machine_that_slept_is_noticed(
    store: FeatureStore, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wall clock jumps while the clock that waiting goes by stands still: nobody wakes the thread that waits."""
    with running(store) as scheduler:
        scheduler.set(Schedule(target(listener), (NIGHTLY,)))
        time.sleep(0.3)
        job = scheduler._clock.get_job("run nightly")
        job.next_run_time = datetime.fromtimestamp(time.time() - 5 * 3600, timezone.utc)
        scheduler._clock._jobstores["default"].update_job(job)
        scheduler.sweep()
        time.sleep(0.3)
        assert listener.calls == []
        monkeypatch.setattr("sidecar.schedule.scheduler.LOOK_EVERY_S", 0.0)
        scheduler.sweep()
        until(lambda: len(listener.calls) == 1)


def test_a_failed_run_is_tried_again_three_times_and_then_given_up(store: FeatureStore, listener: Listener) -> None:
    assert RETRY_AFTER_S == (60, 300, 900)
    listener.statuses = [500]
    due_at(store, listener, RunState(next_run_s=time.time()))
    with running(store, retry_after_s=(0.3, 0.6, 0.9)) as scheduler:
        until(lambda: only(scheduler).state.failed_tries == 1)
        waiting = only(scheduler).state
        assert waiting.last_outcome == Outcome(False, 500, "HTTP 500")
        assert waiting.retry_at_s == pytest.approx(time.time() + 0.3, abs=0.3)
        until(lambda: len(listener.calls) == 4)
        until(lambda: only(scheduler).state.failed_tries == 0)
        time.sleep(0.5)
        given_up = only(scheduler)
        assert (given_up.state.retry_at_s, len(listener.calls)) == (None, 4)
        assert given_up.next_run_s is not None
        assert given_up.next_run_s > time.time()


def test_a_retry_that_succeeds_ends_the_run(store: FeatureStore, listener: Listener) -> None:
    listener.statuses = [503, 200]
    due_at(store, listener, RunState(next_run_s=time.time()))
    with running(store, retry_after_s=(0.2, 0.2, 0.2)) as scheduler:
        until(lambda: only(scheduler).state.last_outcome == Outcome(True, 200, "ok"))
        time.sleep(0.5)
        assert (only(scheduler).state.failed_tries, len(listener.calls)) == (0, 2)


def test_a_retry_that_waits_survives_a_restart(store: FeatureStore, listener: Listener) -> None:
    state = RunState(time.time() + 3600, time.time() - 60, Outcome(False, 503, "HTTP 503"), 1, time.time() - 5)
    due_at(store, listener, state)
    with running(store) as scheduler:
        until(lambda: only(scheduler).state.last_outcome == Outcome(True, 200, "ok"))
        assert only(scheduler).state.retry_at_s is None


def test_a_request_under_way_when_the_sidecar_stops_is_sent_again(folder: Path, listener: Listener) -> None:
    listener.holds.clear()
    with FeatureStore.open(folder) as store:
        due_at(store, listener, RunState(next_run_s=time.time()))
        with running(store):
            until(lambda: len(listener.calls) == 1)
            begun = time.monotonic()
        assert time.monotonic() - begun < 1.0, "stopping does not wait for an answer"
    listener.holds.set()
    with FeatureStore.open(folder) as store, running(store) as scheduler:
        until(lambda: only(scheduler).state.last_outcome == Outcome(True, 200, "ok"))
    assert len(listener.calls) == 2


def test_setting_the_same_again_keeps_what_is_known(store: FeatureStore, listener: Listener) -> None:
    jittery = replace(NIGHTLY, jitter_s=3600)
    with running(store) as scheduler:
        scheduler.set(Schedule(target(listener), (jittery,)))
        next_s = only(scheduler).next_run_s
        scheduler.run_now("nightly", never)
        known = only(scheduler).state.last_outcome
        assert known == Outcome(True, 200, "ok")
        scheduler.set(Schedule(target(listener), (replace(jittery, body=b"other"),)))
        assert (only(scheduler).next_run_s, only(scheduler).state.last_outcome) == (next_s, known)
        scheduler.set(Schedule(target(listener), (replace(jittery, cron="31 3 * * *"),)))
        assert only(scheduler).next_run_s != next_s
        assert only(scheduler).state.last_outcome == known
        scheduler.set(Schedule(target(listener), (replace(jittery, enabled=False),)))
        assert only(scheduler).next_run_s is None
        assert scheduler.run_now("nightly", never).ok
        assert listener.calls[-1].body == b"wake up"


def test_it_survives_a_restart_and_is_forgotten_when_cleared(folder: Path, listener: Listener) -> None:
    second = replace(NIGHTLY, id="second", timezone="", enabled=False, jitter_s=7)
    with FeatureStore.open(folder) as store, running(store) as scheduler:
        before = scheduler.set(Schedule(target(listener), (NIGHTLY, second)))
    with FeatureStore.open(folder) as store, running(store) as scheduler:
        assert scheduler.view() == before
        assert KEY not in repr(before)
        assert KEY.encode() in b"".join(file.read_bytes() for file in folder.glob("sidecar.db*"))
        assert scheduler.clear().jobs == ()
        assert scheduler.view().wake_url == ""
    for file in folder.glob("sidecar.db*"):
        assert KEY.encode() not in file.read_bytes(), file
        assert b"wake up" not in file.read_bytes(), file


def test_the_files_that_hold_keys_are_private(folder: Path, listener: Listener) -> None:
    folder.mkdir()
    (folder / "sidecar.db").touch(mode=0o644)
    with FeatureStore.open(folder) as store, running(store) as scheduler:
        scheduler.set(Schedule(target(listener), (NIGHTLY,)))
        modes = {file.name: file.stat().st_mode & 0o777 for file in folder.glob("sidecar.db*")}
    assert modes == {"sidecar.db": 0o600, "sidecar.db-wal": 0o600}


def test_what_is_refused_changes_nothing(store: FeatureStore, listener: Listener) -> None:
    with running(store) as scheduler:
        before = scheduler.set(Schedule(target(listener), (NIGHTLY,)))
        for zone in ("Mars/Olympus", "../etc/passwd", "Europe", "a\0b", "x" * 5000):
            with pytest.raises(InvalidSchedule, match=r"job 'nightly': the time zone '.*' is not known here"):
                scheduler.set(Schedule(target(listener), (replace(NIGHTLY, timezone=zone),)))
        with pytest.raises(UnknownJob, match="no job has the id 'other'"):
            scheduler.run_now("other", never)
        assert scheduler.view() == before


def test_a_time_zone_that_is_no_longer_known_harms_no_other_job(store: FeatureStore, listener: Listener) -> None:
    gone = replace(NIGHTLY, id="gone", timezone="Gone/Zone")
    store.schedule.replace(target(listener), [(gone, RunState()), (NIGHTLY, RunState())])
    with running(store) as scheduler:
        first, second = scheduler.view().jobs
        assert first.next_run_s is None
        assert first.state.last_outcome is not None
        assert "Gone/Zone" in first.state.last_outcome.message
        assert second.next_run_s is not None


def test_nothing_secret_is_logged(store: FeatureStore, listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    listener.statuses = [401]
    with caplog.at_level("DEBUG"), running(store) as scheduler:
        scheduler.set(Schedule(target(listener), (NIGHTLY,)))
        scheduler.run_now("nightly", never)
        due = replace(NIGHTLY, cron="* * * * *")
        scheduler.set(Schedule(target(listener), (due,)))
        scheduler.clear()
    assert "HTTP 401" in caplog.text
    assert KEY not in caplog.text
    assert "wake up" not in caplog.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "ftp://host/x"}, "wake.url 'ftp://host/x' cannot be used"),
        ({"url": "http:///x"}, "cannot be used"),
        ({"url": f"http://me:{KEY}@host/"}, "carries a user or password"),
        ({"url": f"http://me:{KEY}@host:99999999/"}, "cannot be used"),
        ({"url": "http://host/\r\nX: y"}, "cannot be used"),
        ({"url": f"gopher://host/?k={KEY}"}, "cannot be used"),
        ({"headers": {"Bad Name": "x"}}, "'Bad Name' is no header name"),
        ({"headers": {"ApiKey": f"{KEY}\r\nX: y"}}, "the header ApiKey has a value that cannot be sent"),
        ({"headers": {"content-LENGTH": "1"}}, "is set by the sidecar"),
        ({"headers": {"A": "1", "a": "2"}}, "header 'a' was given 2 times"),
        ({"headers": {f"h{n}": "" for n in range(51)}}, "51 headers were given; at most 50"),
        ({"content_type": "a\nb"}, "content_type has a value that cannot be sent"),
    ],
)
def test_targets_that_cannot_be_are_refused_without_secrets(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        Schedule(replace(WakeTarget("http://host/", {}, "application/json"), **change), ())  # type: ignore[arg-type]
    assert said in str(refused.value)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "job id '' cannot be used"),
        ({"id": "a\nb"}, "cannot be used"),
        ({"cron": "x"}, "job 'nightly': cron 'x' has 1 fields"),
        ({"body": bytes(1024 * 1024 + 1)}, "has 1048577 bytes; at most 1 MiB"),
        ({"jitter_s": 86_401}, "jitter_s of job 'nightly' is 86401; it must be from 0 to 86400"),
        ({"grace_s": 59}, "grace_s of job 'nightly' is 59; it must be from 60 to 604800"),
    ],
)
def test_jobs_that_cannot_be_are_refused(change: dict[str, object], said: str) -> None:
    to = WakeTarget("http://host/", {}, "application/json")
    with pytest.raises(InvalidSchedule) as refused:
        Schedule(to, (replace(NIGHTLY, **change),))  # type: ignore[arg-type]
    assert said in str(refused.value)


def test_a_schedule_is_whole() -> None:
    to = WakeTarget("http://host/", {}, "application/json")
    many = tuple(replace(NIGHTLY, id=str(n)) for n in range(101))
    for wake, jobs, said in (
        (None, (NIGHTLY,), "there are jobs but no wake request"),
        (to, (NIGHTLY, NIGHTLY), "job id 'nightly' was given 2 times"),
        (to, many, "at most 100"),
    ):
        with pytest.raises(InvalidSchedule, match=said):
            Schedule(wake, jobs)
