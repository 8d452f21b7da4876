"""Whether work goes on after a drain that did not end by itself, told from the stand-in's job queue and the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from plugin.locks import DRAIN_LOCK, exclusive
from plugin.queue.asking import drain_waits, is_drain, other_waits, own_job
from plugin.queue.reconcile import ASKED_JOB, PAUSED_BY_STOP, reconcile, wake
from plugin.queue.requests import request_batch
from plugin.stash.errors import StashError
from plugin.stash.values import StashJob
from plugin.store.jobs import NewMedium
from tests.plugin.world import WatchedContext, World
from tests.standin.samples import manifest, program

STOP = "mutation Stop($id: ID!) { stopJob(job_id: $id) }"


@pytest.fixture
def context(world: World) -> Iterator[WatchedContext]:
    """With a plugin whose tasks sleep instead of working."""
    body = "time.sleep(float(args.get('seconds', 30))); answer()"
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program(body)})
    with world.process() as found:
        yield found
    for job in world.stash.graphql("{ jobQueue { id } }")["jobQueue"] or ():
        world.stash.graphql(STOP, job)


def work(context: WatchedContext) -> None:
    request_batch(context.store, "Analyse new", "task", {"which": "new"})


def in_work(context: WatchedContext) -> int:
    run_id = context.store.runs.begin("x", "task")
    batch = context.store.jobs.get(context.store.jobs.add_batch(run_id, "x", 10, {"selected": True}))
    assert batch is not None
    context.store.jobs.add_media(batch, "analyse", [NewMedium("scene", 1)])
    context.store.jobs.wait_for_children(batch.id, batch.options)
    (job,) = context.store.jobs.next_media(1)
    context.store.jobs.start(job.id)
    return job.id


def state(context: WatchedContext) -> str:
    return context.store.drains.get().state


def settle(context: WatchedContext) -> str:
    return reconcile(context.store, context.stash, DRAIN_LOCK)


def stop(world: World, job_id: int) -> None:
    world.stash.graphql(STOP, {"id": str(job_id)})
    world.stash.app.jobs.wait_for(job_id, 10)


def asked(context: WatchedContext) -> list[int]:
    return [job.id for job in context.stash.jobs()]


def test_without_work_nobody_is_asked(context: WatchedContext) -> None:
    assert settle(context) == "idle" and asked(context) == []


def test_work_is_asked_for_once(context: WatchedContext) -> None:
    work(context)
    assert settle(context) == "asked" and settle(context) == "asked"
    # The first may have begun already, and then a second one waits behind it.
    assert 1 <= len(asked(context)) <= 2


def test_what_hooks_left_is_work(context: WatchedContext) -> None:
    context.store.db.run("INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (0, 'scene', 1, 'new')")
    assert settle(context) == "asked"


def test_what_waits_for_a_back_off_is_no_work_yet(context: WatchedContext) -> None:
    job_id = in_work(context)
    context.store.jobs.put_off(job_id, "http_error", "away", context.clock() + 60)
    assert settle(context) == "idle"


def test_one_that_works_is_left_alone(context: WatchedContext, world: World) -> None:
    work(context)
    context.store.drains.begin(1)
    with exclusive(str(world.data_dir / DRAIN_LOCK)):
        assert settle(context) == "works" and state(context) == "running" and asked(context) == []


class TestAfterAKill:
    def test_a_crash_goes_on(self, context: WatchedContext) -> None:
        job_id = in_work(context)
        context.store.drains.begin(77)  # of which Stash, started anew, knows nothing
        assert settle(context) == "asked"
        (again,) = context.store.jobs.next_media(1)
        assert (again.id, again.deaths) == (job_id, 1) and state(context) == "idle"

    def test_the_owners_stop_pauses_and_blames_nothing(self, context: WatchedContext, world: World) -> None:
        in_work(context)
        job_id = context.stash.run_task("Stash Sense: 1 of 9 done", {"mode": "drain"})
        context.store.drains.begin(job_id)
        stop(world, job_id)
        assert settle(context) == "paused"
        assert (state(context), context.store.drains.get().sentence) == ("paused", PAUSED_BY_STOP)
        assert context.store.jobs.next_media(1)[0].deaths == 0
        assert settle(context) == "paused" and asked(context) == []

    def test_who_asks_anew_ends_the_pause(self, context: WatchedContext, world: World) -> None:
        in_work(context)
        job_id = context.stash.run_task("Analyse new", {"mode": "drain"})
        context.store.drains.begin(job_id)
        stop(world, job_id)
        assert wake(context.store, context.stash, DRAIN_LOCK) == "asked"
        assert state(context) == "idle" and len(asked(context)) == 1

    def test_one_that_was_taken_out_of_the_queue_before_it_began(self, context: WatchedContext, world: World) -> None:
        blocker = context.stash.run_task("A scan", {})
        work(context)
        assert settle(context) == "asked"
        job_id = context.store.meta.get(ASKED_JOB)
        assert [job.status for job in context.stash.jobs() if job.id == job_id] == ["READY"]
        stop(world, job_id)
        assert settle(context) == "paused" and context.store.meta.get(ASKED_JOB) is None
        stop(world, blocker)

    def test_a_job_of_somebody_elses_that_has_the_number_is_no_stop(
        self, context: WatchedContext, world: World
    ) -> None:
        """Stash counts from one again after each start."""
        in_work(context)
        other = context.stash.run_task("Another plugin's task", {})
        context.store.drains.begin(other)
        stop(world, other)
        assert settle(context) == "asked"


def test_a_stash_that_does_not_answer_changes_nothing(context: WatchedContext, world: World) -> None:
    in_work(context)
    context.store.drains.begin(5)
    with world.stash.refusing(), pytest.raises(StashError):
        settle(context)
    assert state(context) == "running"


class TestJobs:
    def test_whose_they_are(self) -> None:
        ours = ["Stash Sense", "Stash Sense: 3 of 9 done", "Analyse new", "Apply accepted suggestions"]
        theirs = ["Scanning...", "Undo last run", "Maintenance", "analyse new", ""]
        assert all(is_drain(StashJob(1, "READY", text)) for text in ours)
        assert not any(is_drain(StashJob(1, "READY", text)) for text in theirs)

    @pytest.mark.parametrize(
        ("jobs", "drain", "other"),
        [
            ([], False, False),
            ([("RUNNING", "Stash Sense")], False, False),
            ([("RUNNING", "Stash Sense"), ("READY", "Scanning...")], False, True),
            ([("RUNNING", "Stash Sense"), ("READY", "Stash Sense")], True, False),
            ([("RUNNING", "Stash Sense"), ("READY", "Analyse new")], True, True),
            ([("RUNNING", "Scanning..."), ("READY", "Stash Sense: 3 of 9 done")], True, False),
            ([("STOPPING", "Stash Sense")], False, False),
        ],
    )
    def test_who_waits(self, jobs: list[tuple[str, str]], drain: bool, other: bool) -> None:
        found = [StashJob(number, status, text) for number, (status, text) in enumerate(jobs)]
        assert (drain_waits(found), other_waits(found)) == (drain, other)

    def test_our_own_is_the_one_that_runs(self) -> None:
        jobs: Callable[..., list[StashJob]] = lambda *statuses: [  # noqa: E731
            StashJob(number, status, "Stash Sense") for number, status in enumerate(statuses, 1)
        ]
        assert own_job(jobs("READY", "RUNNING", "READY")) == 2
        assert own_job(jobs("STOPPING", "READY")) == 1
        assert own_job(jobs("READY")) is None
        assert own_job([StashJob(4, "STOPPING", "Scanning..."), StashJob(5, "RUNNING", "Stash Sense")]) == 5
