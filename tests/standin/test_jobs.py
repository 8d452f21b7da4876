"""The job queue: one at a time, Stash's states, ten that are remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.standin import Standin
from tests.standin.jobs import Job, JobError, JobQueue, Progress, Work
from tests.standin.log import Log
from tests.standin.samples import manifest, program


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def jobs(log: Log) -> Iterator[JobQueue]:
    queue = JobQueue(log)
    yield queue
    queue.close()


def running_job(jobs: JobQueue) -> int:
    """The id of a job that runs until it is stopped."""
    runs = threading.Event()

    def work(progress: Progress) -> None:
        runs.set()
        progress.stopped.wait(10)

    job_id = jobs.add("running", work)
    assert runs.wait(5)
    return job_id


def fails(progress: Progress) -> None:
    raise JobError("it could not begin")


def panics(progress: Progress) -> None:
    raise ValueError("surprise")


def nothing(progress: Progress) -> None:
    """Ends at once."""


def ended(jobs: JobQueue, work: Work) -> Job:
    return jobs.wait_for(jobs.add("x", work))


def test_states_and_errors(jobs: JobQueue, log: Log) -> None:
    assert ended(jobs, nothing).status == "FINISHED"
    failed = ended(jobs, fails)
    assert (failed.status, failed.error) == ("FAILED", "it could not begin")
    panicked = ended(jobs, panics)
    assert (panicked.status, panicked.error) == ("FAILED", None)
    assert log.has("surprise", "error")


def test_one_job_at_a_time_in_order(jobs: JobQueue) -> None:
    order: list[str] = []
    gate = threading.Event()

    def first(progress: Progress) -> None:
        gate.wait(5)
        order.append("first")

    jobs.add("first", first)
    second = jobs.add("second", lambda progress: order.append("second"))
    assert [job.status for job in jobs.queue()][1] == "READY"
    gate.set()
    jobs.wait_for(second)
    assert order == ["first", "second"]


def test_a_waiting_job_is_taken_away_a_running_one_is_told(jobs: JobQueue) -> None:
    running = running_job(jobs)
    waiting = jobs.add("waiting", nothing)
    jobs.stop(waiting)
    found = jobs.find(waiting)
    assert found is not None
    assert (found.status, found.start_time_s) == ("CANCELLED", None)
    jobs.stop(running)
    assert jobs.wait_for(running).status == "CANCELLED"
    jobs.stop(running)
    jobs.stop(12345)


def test_stopping_all_misses_every_second_waiting_job_as_stash_does(jobs: JobQueue) -> None:
    running = running_job(jobs)
    waiting = [jobs.add(f"waiting {n}", nothing) for n in range(5)]
    jobs.stop_all()
    jobs.wait_until_idle()
    states = [found.status for job_id in (running, *waiting) if (found := jobs.find(job_id))]
    assert states == ["CANCELLED", "CANCELLED", "FINISHED", "CANCELLED", "FINISHED", "CANCELLED"]


def test_ten_ended_jobs_are_remembered(jobs: JobQueue) -> None:
    ids = [jobs.add(str(n), nothing) for n in range(12)]
    jobs.wait_until_idle()
    assert [jobs.find(job_id) is not None for job_id in ids] == [False] * 2 + [True] * 10


def test_progress_is_zero_until_somebody_says_something(jobs: JobQueue) -> None:
    told: list[tuple[str, str, float | None]] = []
    jobs.listeners.append(lambda kind, job: told.append((kind, job.status, job.progress)))

    def work(progress: Progress) -> None:
        progress.set(0.5)
        progress.unknown()
        progress.set(7)

    job = ended(jobs, work)
    assert job.progress == 1.0
    assert told == [
        ("ADD", "READY", 0.0),
        ("UPDATE", "RUNNING", 0.0),
        ("UPDATE", "RUNNING", 0.5),
        ("UPDATE", "RUNNING", None),
        ("UPDATE", "RUNNING", 1.0),
        ("REMOVE", "FINISHED", 1.0),
    ]


def test_jobs_over_the_api(stash: Standin) -> None:
    assert stash.graphql("{ jobQueue { id } }") == {"jobQueue": None}
    stash.add_plugin("p", manifest(), {"main.py": program("say('0.5', 'p'); say('begun'); time.sleep(30)")})
    job_id = stash.graphql('mutation { runPluginTask(plugin_id: "p") }')["runPluginTask"]
    stash.log.wait_for("begun")
    fields = "id status description progress subTasks error addTime startTime endTime"
    (job,) = stash.graphql(f"{{ jobQueue {{ {fields} }} }}")["jobQueue"]
    assert (job["id"], job["status"], job["progress"], job["subTasks"]) == (job_id, "RUNNING", 0.5, None)
    assert job["startTime"] >= job["addTime"]
    assert job["endTime"] is None
    assert stash.graphql("mutation { stopAllJobs }") == {"stopAllJobs": True}
    stash.wait_for_jobs()
    query = "query($id: ID!) { findJob(input: {id: $id}) { status endTime } }"
    found = stash.graphql(query, {"id": job_id})["findJob"]
    assert found["status"] == "CANCELLED"
    assert found["endTime"] is not None
    assert stash.graphql(query, {"id": 99}) == {"findJob": None}
