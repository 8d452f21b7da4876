"""Between the messages of the Schedule service and the scheduler's values."""

from __future__ import annotations

from protos import schedule_pb2
from sidecar.schedule.request import DEFAULT_CONTENT_TYPE, DEFAULT_GRACE_S, Schedule
from sidecar.schedule.scheduler import JobView, ScheduleView
from sidecar.store import Job, Outcome, WakeTarget


def to_schedule(message: schedule_pb2.SetScheduleRequest) -> Schedule:
    """Raises InvalidSchedule."""
    wake = message.wake
    target = WakeTarget(wake.url, dict(wake.headers), wake.content_type or DEFAULT_CONTENT_TYPE)
    return Schedule(target if message.HasField("wake") else None, tuple(map(_to_job, message.jobs)))


def _to_job(message: schedule_pb2.ScheduledJob) -> Job:
    return Job(
        id=message.id,
        cron=message.cron,
        timezone=message.timezone,
        body=message.body,
        enabled=message.enabled,
        jitter_s=message.jitter_s,
        grace_s=message.grace_s or DEFAULT_GRACE_S,
    )


def from_view(view: ScheduleView) -> schedule_pb2.ScheduleState:
    return schedule_pb2.ScheduleState(
        wake_url=view.wake_url,
        header_names=view.header_names,
        content_type=view.content_type,
        jobs=map(_from_job, view.jobs),
        machine_timezone=view.machine_timezone,
    )


def _from_job(view: JobView) -> schedule_pb2.JobState:
    job, state = view.job, view.state
    return schedule_pb2.JobState(
        id=job.id,
        cron=job.cron,
        timezone=job.timezone,
        enabled=job.enabled,
        jitter_s=job.jitter_s,
        grace_s=job.grace_s,
        body_bytes=len(job.body),
        next_run_unix_s=view.next_run_s,
        last_run_unix_s=state.last_run_s,
        last_outcome=None if state.last_outcome is None else from_outcome(state.last_outcome),
        retry_unix_s=state.retry_at_s,
        failed_tries=state.failed_tries,
    )


def from_outcome(outcome: Outcome) -> schedule_pb2.WakeOutcome:
    return schedule_pb2.WakeOutcome(ok=outcome.ok, http_status=outcome.http_status, message=outcome.message)
