"""The schedule over the whole road: set by a client, kept over a restart, and never a secret in an answer or a log."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from protos import schedule_pb2, schedule_pb2_grpc
from scripts.sidecar_client import SidecarProcess
from sidecar.store import FeatureStore, Job, RunState, WakeTarget, owner_of
from sidecar.version import VERSION
from tests.schedule.conftest import KEY, Listener, listener

__all__ = ["listener"]


@contextlib.contextmanager
def schedule_of(process: SidecarProcess) -> Iterator[schedule_pb2_grpc.ScheduleStub]:
    with grpc.insecure_channel(process.address) as channel:
        yield schedule_pb2_grpc.ScheduleStub(channel)


def asked(listener: Listener, **job: Any) -> schedule_pb2.SetScheduleRequest:
    wake = schedule_pb2.WakeRequest(url=f"{listener.origin}/graphql?apikey={KEY}", headers={"ApiKey": KEY})
    what: dict[str, Any] = {
        "id": "nightly",
        "cron": "30 3 * * *",
        "timezone": "Europe/Berlin",
        "body": b"{}",
        "enabled": True,
        **job,
    }
    return schedule_pb2.SetScheduleRequest(wake=wake, jobs=[schedule_pb2.ScheduledJob(**what)])


def test_a_schedule_is_set_run_kept_and_cleared(data_dir: Path, listener: Listener) -> None:
    with SidecarProcess(data_dir, []) as process, schedule_of(process) as schedule:
        assert schedule.GetSchedule(schedule_pb2.GetScheduleRequest()).wake_url == ""
        state = schedule.SetSchedule(asked(listener))
        assert (state.wake_url, list(state.header_names)) == (f"{listener.origin}/graphql", ["ApiKey"])
        assert state.content_type == "application/json"
        assert state.machine_timezone
        (job,) = state.jobs
        assert time.time() < job.next_run_unix_s < time.time() + 25 * 3600
        assert (job.grace_s, job.body_bytes, job.HasField("last_outcome")) == (43_200, 2, False)
        with pytest.raises(grpc.RpcError) as refused:
            schedule.SetSchedule(asked(listener, cron="61 * * * *"))
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "'61' is no minute; allowed are 0-59" in str(refused.value.details())
        with pytest.raises(grpc.RpcError) as unknown:
            schedule.RunNow(schedule_pb2.RunNowRequest(id="other"))
        assert unknown.value.code() == grpc.StatusCode.NOT_FOUND
        listener.statuses = [401]
        outcome = schedule.RunNow(schedule_pb2.RunNowRequest(id="nightly")).outcome
        assert (outcome.ok, outcome.http_status, outcome.message) == (False, 401, "HTTP 401")
        set_at = job.next_run_unix_s
    with SidecarProcess(data_dir, []) as process, schedule_of(process) as schedule:
        (job,) = schedule.GetSchedule(schedule_pb2.GetScheduleRequest()).jobs
        assert (job.next_run_unix_s, job.last_outcome.http_status) == (set_at, 401)
        answers = str(schedule.GetSchedule(schedule_pb2.GetScheduleRequest()))
        assert list(schedule.ClearSchedule(schedule_pb2.ClearScheduleRequest()).jobs) == []
        log = process.log_file.read_text(encoding="utf-8")
        assert KEY not in log + answers
        assert "job nightly, as asked: HTTP 401" in log


def test_a_job_that_is_due_wakes_whom_it_should(data_dir: Path, listener: Listener) -> None:
    """It became due while the sidecar was down, as after a night's sleep."""
    due_s = time.time() - 3600
    with FeatureStore.open(data_dir) as store:
        job = Job("nightly", "30 3 * * *", "Europe/Berlin", b"{}", True, 0, 43_200)
        target = WakeTarget(f"{listener.origin}/graphql", {"ApiKey": KEY}, "application/json")
        store.schedule.replace(target, [(job, RunState(next_run_s=due_s))])
    with SidecarProcess(data_dir, []) as process, schedule_of(process) as schedule:
        deadline = time.monotonic() + 10
        while not listener.calls and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [call.body for call in listener.calls] == [b"{}"]
        time.sleep(0.3)
        (state,) = schedule.GetSchedule(schedule_pb2.GetScheduleRequest()).jobs
        assert (state.last_outcome.ok, state.last_outcome.message) == (True, "ok")
        assert state.next_run_unix_s > time.time()


def test_the_owners_note_is_enough_to_stop_it(data_dir: Path, listener: Listener) -> None:
    """Also while it waits for an answer to a wake request."""
    listener.holds.clear()
    with SidecarProcess(data_dir, [], ["--launch-id=roots-v1 7f3a"]) as process, schedule_of(process) as schedule:
        owner = owner_of(data_dir)
        assert owner is not None
        assert (owner.address, owner.version, owner.launch_id) == (process.address, VERSION, "roots-v1 7f3a")
        schedule.SetSchedule(asked(listener))
        waiting = schedule.RunNow.future(schedule_pb2.RunNowRequest(id="nightly"))
        while not listener.calls:
            time.sleep(0.05)
        begun = time.monotonic()
        os.kill(owner.pid, signal.SIGTERM)
        assert process.process is not None
        assert process.process.wait(10) == 0
        assert time.monotonic() - begun < 5.0
        assert waiting.exception() is not None
        assert owner_of(data_dir) is None
        assert not (data_dir / "sidecar.owner").exists()


def test_a_launch_id_that_would_break_the_note_is_refused(data_dir: Path) -> None:
    from sidecar.settings import SettingsError, parse_settings

    for bad in ("a\nb", "x" * 201, "ü"):
        with pytest.raises(SettingsError, match="--launch-id must be at most 200 printable ASCII characters"):
            parse_settings([f"--launch-id={bad}"], {})
    assert parse_settings(["--launch-id=a b"], {}).launch_id == "a b"
