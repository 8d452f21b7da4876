"""The job queue and the log."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from typing import Any

from tests.standin.api.changes import Input
from tests.standin.api.registry import answers, to_int
from tests.standin.app import Ask
from tests.standin.jobs import Job
from tests.standin.log import LogLine

LOG_LINES = 30
LOG_LEVELS = {name.lower(): name for name in ("Trace", "Debug", "Info", "Progress", "Warning", "Error")}
WEIGHT = {"trace": 0, "debug": 1, "info": 2, "progress": 2, "warning": 3, "error": 4}


def job_fields(job: Job) -> dict[str, Any]:
    """A job as GraphQL shows it."""
    return {
        "id": job.id,
        "status": job.status,
        "description": job.description,
        "progress": job.progress,
        "subTasks": None if job.sub_tasks is None else list(job.sub_tasks),
        "addTime": job.add_time_s,
        "startTime": job.start_time_s,
        "endTime": job.end_time_s,
        "error": job.error,
    }


@answers("Query.jobQueue")
def job_queue(ask: Ask, source: None) -> list[dict[str, Any]] | None:
    """null when nothing runs or waits, as Go's nil slice is."""
    return [job_fields(job) for job in ask.app.jobs.queue()] or None


@answers("Query.findJob")
def find_job(ask: Ask, source: None, input: Input) -> dict[str, Any] | None:
    job = ask.app.jobs.find(to_int(input["id"]))
    return None if job is None else job_fields(job)


@answers("Mutation.stopJob")
def stop_job(ask: Ask, source: None, job_id: str) -> bool:
    ask.app.jobs.stop(to_int(job_id, "id"))
    return True


@answers("Mutation.stopAllJobs")
def stop_all_jobs(ask: Ask, source: None) -> bool:
    ask.app.jobs.stop_all()
    return True


@answers("Query.logs")
def logs(ask: Ask, source: None) -> list[dict[str, Any]]:
    """The last 30 lines at or above the configured level, newest first."""
    return log_fields(ask.app.settings.log_level, ask.app.log.lines())[: -LOG_LINES - 1 : -1]


def log_fields(least: str, lines: list[LogLine]) -> list[dict[str, Any]]:
    """Lines at or above a level, in their order."""
    floor = WEIGHT[least.lower()]
    shown = [line for line in lines if WEIGHT[line.level] >= floor]
    return [{"time": line.time_s, "level": LOG_LEVELS[line.level], "message": line.message} for line in shown]
