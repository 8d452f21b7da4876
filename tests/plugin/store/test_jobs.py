from __future__ import annotations

import pytest

from plugin.store.analyses import Failure
from plugin.store.jobs import DEATHS_ALLOWED, PRIORITIES, Job, NewMedium
from plugin.store.store import Store
from tests.plugin.clock import Hands
from tests.plugin.store.samples import analysis

HIGH, NORMAL, LOW = PRIORITIES["high"], PRIORITIES["normal"], PRIORITIES["low"]


def batch(store: Store, priority: int = NORMAL, name: str = "A batch") -> Job:
    run_id = store.runs.begin(name, "task")
    made = store.jobs.get(store.jobs.add_batch(run_id, name, priority, {"which": "new"}))
    assert made is not None
    return made


def selected(store: Store, *media: NewMedium, priority: int = NORMAL, name: str = "A batch") -> tuple[Job, list[Job]]:
    """A batch whose media are selected, and the media, in their order."""
    parent = batch(store, priority, name)
    store.jobs.add_media(parent, "analyse", media)
    store.jobs.wait_for_children(parent.id, {**parent.options, "selected": True})
    return again(store, parent), store.jobs.find(parent_id=parent.id)[::-1]


def scenes(*ids: int) -> list[NewMedium]:
    return [NewMedium("scene", media_id, f"scene {media_id}") for media_id in ids]


def again(store: Store, job: Job) -> Job:
    found = store.jobs.get(job.id)
    assert found is not None
    return found


def gallery_with_images(store: Store, *image_ids: int) -> tuple[Job, Job, list[Job]]:
    """(batch, gallery, images): a gallery that was begun and now waits for its images."""
    parent, (gallery,) = selected(store, NewMedium("gallery", 1, "a gallery"))
    assert store.jobs.start(gallery.id)
    store.jobs.add_media(gallery, "analyse", [NewMedium("image", one) for one in image_ids])
    store.jobs.wait_for_children(gallery.id, {"phase": "images"})
    return parent, again(store, gallery), store.jobs.find(parent_id=gallery.id)[::-1]


class TestOrder:
    def test_what_is_urgent_comes_first_then_what_was_asked_for_first(self, store: Store) -> None:
        for priority, ids in ((LOW, (1, 2)), (NORMAL, (3, 4)), (HIGH, (5, 6))):
            selected(store, *scenes(*ids), priority=priority)
        assert [job.media_id for job in store.jobs.next_media(10)] == [5, 6, 3, 4, 1, 2]
        assert [job.media_id for job in store.jobs.next_media(3)] == [5, 6, 3]
        assert [job.media_id for job in store.jobs.next_media(10, above=NORMAL)] == [5, 6]
        assert store.jobs.next_media(10, only="apply") == []

    def test_the_most_urgent_batch_is_selected_first(self, store: Store) -> None:
        batch(store, LOW, "low")
        high = batch(store, HIGH, "high")
        batch(store, HIGH, "high, later")
        assert store.jobs.next_batch() == high

    def test_one_that_waits_knows_how_many_are_before_it(self, store: Store) -> None:
        _, (_, second) = selected(store, *scenes(1, 2))
        selected(store, *scenes(3), priority=HIGH)
        selected(store, *scenes(4), priority=LOW)
        assert store.jobs.ahead_of(second) == 2

    def test_only_one_process_begins_a_medium(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        assert store.jobs.start(job.id) and not store.jobs.start(job.id)
        assert store.jobs.next_media(10) == []


class TestMerging:
    def test_what_waits_is_not_added_twice_but_becomes_more_urgent(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1), priority=LOW)
        other = batch(store, HIGH)
        assert store.jobs.add_media(other, "analyse", scenes(1, 2), {"fresh": True}) == (1, 1)
        merged = again(store, job)
        assert (merged.priority, merged.options) == (HIGH, {"fresh": True})
        assert store.jobs.add_media(batch(store, LOW), "analyse", scenes(1), {"fresh": False}) == (0, 1)
        assert (again(store, job).priority, again(store, job).options) == (HIGH, {"fresh": True})

    def test_another_action_is_another_request(self, store: Store) -> None:
        parent, _ = selected(store, *scenes(1))
        assert store.jobs.add_media(batch(store), "apply", scenes(1)) == (1, 0)
        assert parent.state == "running"

    def test_who_asks_by_name_gets_it_done_whether_it_is_due_or_not(self, store: Store) -> None:
        parent = batch(store, LOW)
        store.jobs.add_media(parent, "analyse", scenes(1), {"if_due": True})
        store.jobs.add_media(batch(store), "analyse", scenes(1), {"if_due": True})
        assert store.jobs.next_media(1)[0].options == {"if_due": True}
        store.jobs.add_media(batch(store), "analyse", scenes(1), {})
        assert store.jobs.next_media(1)[0].options == {}

    def test_asking_again_ends_a_back_off(self, store: Store, clock: Hands) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        store.jobs.put_off(job.id, "io_error", "the disk is away", clock.now_s + 60)
        assert store.jobs.next_media(1) == []
        store.jobs.add_media(batch(store), "analyse", scenes(1))
        assert [one.id for one in store.jobs.next_media(1)] == [job.id]

    def test_what_is_in_work_is_not_added_unless_it_must_be_done_afresh(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        assert store.jobs.add_media(batch(store), "analyse", scenes(1)) == (0, 1)
        assert store.jobs.add_media(batch(store), "analyse", scenes(1), {"fresh": True}) == (1, 0)

    def test_what_is_being_cancelled_is_added_anew(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        store.jobs.cancel(job.id)
        assert store.jobs.add_media(batch(store), "analyse", scenes(1)) == (1, 0)

    def test_a_batch_of_what_waits_elsewhere_is_done_at_once(self, store: Store) -> None:
        selected(store, *scenes(1))
        other, jobs = selected(store, *scenes(1))
        assert (other.state, other.reason, jobs) == ("completed", "nothing to do", [])


class TestParents:
    def test_a_batch_ends_with_its_last_medium_and_says_how(self, store: Store, clock: Hands) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        for job in (one, two):
            store.jobs.start(job.id)
        store.jobs.complete(one.id)
        assert again(store, parent).state == "running"
        clock.now_s += 5
        store.jobs.fail(two.id, "broken", "no frames in it")
        ended = again(store, parent)
        assert (ended.state, ended.reason_code, ended.reason) == ("completed", "some_failed", "1 done, 1 failed")
        assert ended.ended_s == clock.now_s

    def test_a_batch_of_nothing_ends(self, store: Store) -> None:
        parent, _ = selected(store)
        assert (parent.state, parent.reason) == ("completed", "nothing to do")

    def test_a_batch_that_is_being_selected_does_not_end_between_two_pages(self, store: Store) -> None:
        parent = batch(store)
        store.jobs.add_media(parent, "analyse", scenes(1), parent_options={"cursor": {"scene": 1}})
        (job,) = store.jobs.next_media(1)
        store.jobs.start(job.id)
        store.jobs.complete(job.id)
        assert (again(store, parent).state, again(store, parent).options) == ("pending", {"cursor": {"scene": 1}})

    def test_a_gallery_goes_on_after_its_images(self, store: Store) -> None:
        parent, gallery, (one, two) = gallery_with_images(store, 1, 2)
        assert gallery.state == "running" and [job.media_id for job in store.jobs.next_media(9)] == [1, 2]
        for job in (one, two):
            store.jobs.start(job.id)
        store.jobs.complete(one.id)
        store.jobs.fail(two.id, "broken", "no picture")
        ready = again(store, gallery)
        assert (ready.state, ready.options["phase"]) == ("pending", "aggregate")
        store.jobs.start(gallery.id)
        store.jobs.complete(gallery.id)
        assert again(store, parent).reason == "1 done"

    def test_a_gallery_that_was_asked_for_afresh_meanwhile_is_done_once(self, store: Store) -> None:
        _, gallery, (one,) = gallery_with_images(store, 1)
        store.jobs.add_media(batch(store), "analyse", [NewMedium("gallery", 1)], {"fresh": True})
        store.jobs.start(one.id)
        store.jobs.complete(one.id)
        assert again(store, gallery).reason_code == "asked_anew"
        assert [(job.kind, job.state) for job in store.jobs.next_media(9)] == [("gallery", "pending")]

    def test_progress_counts_media_of_unfinished_batches(self, store: Store) -> None:
        _, (done,) = selected(store, *scenes(9))
        store.jobs.complete(done.id)
        _, (one, *_) = selected(store, *scenes(1, 2, 3))
        store.jobs.complete(one.id)
        assert store.jobs.progress() == {"completed": 1, "pending": 2}
        assert store.jobs.counts() == {"completed": 2, "pending": 2}


class TestBackOff:
    def test_what_is_put_off_waits_and_is_counted(self, store: Store, clock: Hands) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        store.jobs.put_off(job.id, "http_error", "Stash is away", clock.now_s + 60)
        put_off = again(store, job)
        assert (put_off.state, put_off.attempts, put_off.reason_code) == ("pending", 1, "http_error")
        assert store.jobs.next_media(1) == [] and store.jobs.has_work()
        assert not store.jobs.has_startable(clock.now_s)
        clock.now_s += 60
        assert store.jobs.next_media(1) != [] and store.jobs.has_startable(clock.now_s)

    def test_what_is_put_back_was_never_begun(self, store: Store) -> None:
        _, jobs = selected(store, *scenes(1, 2))
        for job in jobs:
            store.jobs.start(job.id)
        store.jobs.put_back([job.id for job in jobs])
        assert [(job.attempts, job.deaths, job.started_s) for job in store.jobs.next_media(9)] == [(0, 0, None)] * 2

    def test_what_has_ended_stays_so(self, store: Store, clock: Hands) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.complete(job.id, "done")
        store.jobs.put_off(job.id, "late", "late", clock.now_s)
        store.jobs.put_back([job.id])
        assert again(store, job).state == "completed"

    @pytest.mark.parametrize("way", ["put_off", "put_back", "recover"])
    def test_what_its_owner_has_cancelled_does_not_wait_again(self, store: Store, way: str) -> None:
        parent, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        store.jobs.cancel(job.id)
        self._back(store, job, way)
        assert again(store, job).state == "cancelled"
        assert again(store, parent).state == "completed"

    @pytest.mark.parametrize("way", ["put_off", "put_back", "recover"])
    def test_what_was_asked_for_anew_meanwhile_waits_once(self, store: Store, way: str) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.start(job.id)
        store.jobs.add_media(batch(store), "analyse", scenes(1), {"fresh": True})
        self._back(store, job, way)
        (waiting,) = store.jobs.next_media(9)
        assert waiting.id != job.id and waiting.options == {"fresh": True}
        assert (again(store, job).state, again(store, job).reason_code) == ("cancelled", "asked_anew")

    def _back(self, store: Store, job: Job, way: str) -> None:
        if way == "put_off":
            store.jobs.put_off(job.id, "io_error", "away", 0)
        elif way == "put_back":
            store.jobs.put_back([job.id])
        else:
            store.jobs.recover()


class TestRecovery:
    def test_what_was_in_work_waits_again(self, store: Store) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        store.jobs.start(one.id)
        assert store.jobs.recover() == (1, 0)
        found = again(store, one)
        assert (found.state, found.deaths, found.attempts) == ("pending", 1, 0)
        assert again(store, parent).state == "running" and again(store, two).deaths == 0

    def test_what_kills_its_process_every_time_is_given_up(self, store: Store) -> None:
        parent, (job,) = selected(store, *scenes(1))
        for death in range(1, DEATHS_ALLOWED):
            store.jobs.start(job.id)
            assert store.jobs.recover() == (1, 0), death
        store.jobs.start(job.id)
        assert store.jobs.recover() == (0, 1)
        assert (again(store, job).state, again(store, job).reason_code) == ("failed", "process_died")
        assert again(store, parent).reason == "0 done, 1 failed"
        failure = store.analyses.failures("scene", [1])[1]
        assert (failure.code, failure.content, failure.run_id) == ("process_died", "", parent.run_id)

    def test_what_was_only_to_be_written_is_no_failed_analysis(self, store: Store) -> None:
        parent = batch(store)
        store.jobs.add_media(parent, "apply", scenes(1))
        (job,) = store.jobs.next_media(1)
        for _ in range(DEATHS_ALLOWED):
            store.jobs.start(job.id)
            store.jobs.recover()
        assert again(store, job).state == "failed" and store.analyses.failure_count() == 0

    def test_a_process_that_its_owner_stopped_blames_nothing(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        for _ in range(2 * DEATHS_ALLOWED):
            store.jobs.start(job.id)
            assert store.jobs.recover(blame=False) == (1, 0)

    def test_causes_that_pass_are_no_deaths(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        for _ in range(4):
            store.jobs.start(job.id)
            store.jobs.put_off(job.id, "http_error", "away", 0)
        store.jobs.start(job.id)
        assert store.jobs.recover() == (1, 0)

    def test_a_gallery_that_waits_for_images_goes_on_waiting(self, store: Store) -> None:
        _, gallery, (one, _) = gallery_with_images(store, 1, 2)
        store.jobs.start(one.id)
        assert store.jobs.recover() == (1, 0)
        assert again(store, gallery).state == "running"

    def test_parents_whose_last_medium_ended_as_the_process_died_end(self, store: Store) -> None:
        parent, gallery, (one,) = gallery_with_images(store, 1)
        # As if the process had died between the two updates of a version that made two transactions of them.
        store.db.run("UPDATE job SET state = 'completed' WHERE id = ?", one.id)
        store.jobs.recover()
        assert again(store, gallery).options["phase"] == "aggregate"
        store.db.run("UPDATE job SET state = 'completed' WHERE id = ?", gallery.id)
        store.jobs.recover()
        assert again(store, parent).state == "completed"


class TestCancelling:
    def test_what_waits_ends_at_once_what_is_in_work_is_asked_to(self, store: Store) -> None:
        parent, (one, two, three) = selected(store, *scenes(1, 2, 3))
        store.jobs.start(one.id)
        store.jobs.complete(two.id)
        assert store.jobs.cancel(parent.id) == 3
        assert [again(store, job).state for job in (parent, one, two, three)] == [
            "cancelled",
            "running",
            "completed",
            "cancelled",
        ]
        assert store.jobs.cancel_asked() == {one.id}
        store.jobs.cancelled(one.id)
        assert store.jobs.cancel_asked() == set() and not store.jobs.has_work()
        assert again(store, parent).state == "cancelled"

    def test_it_reaches_images_below_a_gallery_below_a_batch(self, store: Store) -> None:
        parent, gallery, (one, two) = gallery_with_images(store, 1, 2)
        store.jobs.start(one.id)
        store.jobs.cancel(parent.id)
        assert [again(store, job).state for job in (parent, gallery, two)] == ["cancelled"] * 3
        assert store.jobs.cancel_asked() == {one.id}
        store.jobs.cancelled(one.id)
        assert again(store, gallery).state == "cancelled"

    def test_one_medium_of_a_batch(self, store: Store) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        assert store.jobs.cancel(one.id) == 1
        assert again(store, parent).state == "running"
        store.jobs.cancel(two.id, "not wanted")
        assert again(store, two).reason == "not wanted"
        assert again(store, parent).state == "completed"

    def test_a_batch_that_is_being_selected_gets_no_more_media(self, store: Store) -> None:
        parent = batch(store)
        store.jobs.add_media(parent, "analyse", scenes(1))
        store.jobs.cancel(parent.id)
        assert store.jobs.add_media(parent, "analyse", scenes(2), parent_options={"cursor": 2}) == (0, 0)
        store.jobs.wait_for_children(parent.id, {"selected": True})
        assert again(store, parent).state == "cancelled" and not store.jobs.has_work()

    def test_a_gallery_that_is_just_being_begun(self, store: Store) -> None:
        parent, (gallery,) = selected(store, NewMedium("gallery", 1))
        store.jobs.start(gallery.id)
        store.jobs.cancel(gallery.id)
        store.jobs.add_media(gallery, "analyse", [NewMedium("image", 1)])
        store.jobs.wait_for_children(gallery.id, {"phase": "images"})
        assert again(store, gallery).state == "cancelled" and not store.jobs.has_work()
        assert again(store, parent).state == "completed"

    def test_all_of_a_run_and_all_there_is(self, store: Store) -> None:
        one, _ = selected(store, *scenes(1))
        two, _ = selected(store, *scenes(2))
        assert store.jobs.cancel_run(one.run_id) == 2
        assert again(store, one).reason == "its run was undone"
        assert again(store, two).state == "running"
        assert store.jobs.cancel_all() == 2 and not store.jobs.has_work()

    def test_an_ended_job_is_not_cancelled(self, store: Store) -> None:
        _, (job,) = selected(store, *scenes(1))
        store.jobs.complete(job.id)
        assert store.jobs.cancel(job.id) == 0 and again(store, job).state == "completed"


class TestRetrying:
    def test_what_failed_below_a_batch_waits_again_and_the_batch_with_it(self, store: Store) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        store.jobs.complete(one.id)
        store.jobs.fail(two.id, "broken", "no frames")
        assert store.jobs.retry(parent.id) == 1
        found = again(store, two)
        assert (found.state, found.reason, found.ended_s, found.attempts) == ("pending", "", None, 0)
        assert (again(store, parent).state, again(store, parent).ended_s) == ("running", None)
        store.jobs.complete(two.id)
        assert again(store, parent).reason == "2 done"

    def test_one_medium(self, store: Store) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        for job in (one, two):
            store.jobs.fail(job.id, "broken", "no frames")
        assert store.jobs.retry(one.id) == 1
        assert again(store, two).state == "failed" and again(store, parent).state == "running"

    def test_an_image_below_a_gallery_below_a_batch(self, store: Store) -> None:
        parent, gallery, (one, two) = gallery_with_images(store, 1, 2)
        store.jobs.fail(one.id, "broken", "no picture")
        store.jobs.complete(two.id)
        store.jobs.start(gallery.id)
        store.jobs.complete(gallery.id)
        assert again(store, parent).state == "completed"
        assert store.jobs.retry(parent.id) == 1
        assert (again(store, gallery).state, again(store, gallery).options["phase"]) == ("running", "images")
        assert again(store, parent).state == "running"
        assert store.jobs.recover() == (0, 0)
        store.jobs.complete(one.id)
        assert (again(store, gallery).state, again(store, gallery).options["phase"]) == ("pending", "aggregate")
        store.jobs.complete(gallery.id)
        assert again(store, parent).state == "completed"

    def test_a_gallery_that_was_cancelled_with_its_images(self, store: Store) -> None:
        parent, gallery, images = gallery_with_images(store, 1, 2)
        store.jobs.cancel(parent.id)
        assert store.jobs.retry(parent.id) == 3
        assert again(store, gallery).state == "running" and again(store, gallery).options["phase"] == "images"
        for job in images:
            store.jobs.complete(job.id)
        assert again(store, gallery).state == "pending"
        store.jobs.complete(gallery.id)
        assert again(store, parent).state == "completed"

    def test_a_batch_that_was_cancelled_while_it_was_selected_is_selected_on(self, store: Store) -> None:
        parent = batch(store)
        store.jobs.add_media(parent, "analyse", scenes(1), parent_options={"which": "new", "cursor": {"scene": 1}})
        store.jobs.cancel(parent.id)
        assert store.jobs.retry(parent.id) == 2
        found = store.jobs.next_batch()
        assert found is not None and found.options["cursor"] == {"scene": 1}

    def test_a_batch_that_could_not_be_selected_is_tried_again(self, store: Store) -> None:
        parent = batch(store)
        store.jobs.fail(parent.id, "bad_selection", "no such filter")
        assert store.jobs.retry(parent.id) == 1 and store.jobs.next_batch() is not None

    def test_what_waits_under_another_request_already_stays(self, store: Store) -> None:
        parent, (one, two) = selected(store, *scenes(1, 2))
        for job in (one, two):
            store.jobs.fail(job.id, "broken", "no frames")
        selected(store, *scenes(1))
        assert store.jobs.retry(parent.id) == 1
        assert (again(store, one).state, again(store, two).state) == ("failed", "pending")

    def test_nothing_to_retry(self, store: Store) -> None:
        parent, (job,) = selected(store, *scenes(1))
        store.jobs.complete(job.id)
        assert store.jobs.retry(parent.id) == 0 and again(store, parent).state == "completed"


class TestHistory:
    def test_words_are_found_as_they_are(self, store: Store) -> None:
        for name in ("100% real", "100 real", "under_score", "underscore", "back\\slash"):
            batch(store, name=name)
        for words, found in (
            ("100%", ["100% real"]),
            ("r_s", ["under_score"]),
            ("\\", ["back\\slash"]),
            ("REAL", ["100 real", "100% real"]),
            ("'; DROP TABLE job; --", []),
        ):
            assert [job.name for job in store.jobs.find(words=words)] == found, words
            assert store.jobs.count(words=words) == len(found)

    def test_words_are_found_in_the_names_of_media(self, store: Store) -> None:
        parent, jobs = selected(store, *scenes(1, 2, 3))
        store.analyses.save(analysis(parent.run_id, 1, name="100% coffee"))
        store.analyses.save_failure(Failure("scene", 2, "No coffee", parent.run_id, "", "broken", "no frames"))
        store.analyses.save(analysis(parent.run_id, 3, "image", name="Coffee"))
        assert [job.id for job in store.jobs.find(words="coffee")] == [jobs[1].id, jobs[0].id]
        assert store.jobs.count(words="0%") == 1

    def test_by_reason_state_parent_and_page(self, store: Store) -> None:
        parent, jobs = selected(store, *scenes(1, 2, 3))
        store.jobs.fail(jobs[0].id, "broken", "no frames in it")
        assert [job.id for job in store.jobs.find(words="no frames")] == [jobs[0].id]
        assert [job.id for job in store.jobs.find(states=("failed",))] == [jobs[0].id]
        assert [job.id for job in store.jobs.find(roots_only=True)] == [parent.id]
        assert store.jobs.find(states=("cancelled",)) == []
        first = store.jobs.find(parent_id=parent.id, limit=2)
        assert [job.media_id for job in first] == [3, 2]
        assert [job.media_id for job in store.jobs.find(parent_id=parent.id, before_id=first[-1].id)] == [1]
        assert store.jobs.count(parent_id=parent.id) == 3
        assert (store.jobs.count(), store.jobs.count(roots_only=True), store.jobs.count(("failed",))) == (4, 1, 1)

    def test_a_mediums_job_is_the_unfinished_one_else_the_newest(self, store: Store) -> None:
        assert store.jobs.of_medium("scene", 1) is None
        _, (old,) = selected(store, *scenes(1))
        store.jobs.complete(old.id)
        _, (new,) = selected(store, *scenes(1))
        store.jobs.complete(new.id)
        assert store.jobs.of_medium("scene", 1) == again(store, new)
        store.jobs.fail(old.id, "", "")
        store.jobs.retry(old.id)
        assert store.jobs.of_medium("scene", 1) == again(store, old)

    def test_states_of_more_media_than_sqlite_has_parameters(self, store: Store) -> None:
        selected(store, *scenes(7, 39_999))
        assert store.jobs.unfinished("scene", range(40_000)) == {7: "pending", 39_999: "pending"}
        assert store.jobs.unfinished("image", [7]) == {}

    def test_old_jobs_are_forgotten_with_all_below_them(self, store: Store, clock: Hands) -> None:
        old, (one,) = selected(store, *scenes(1))
        store.jobs.complete(one.id)
        unfinished, _ = selected(store, *scenes(2))
        clock.now_s += 100
        new, (three,) = selected(store, *scenes(3))
        store.jobs.complete(three.id)
        assert store.jobs.prune(clock.now_s - 50) == 1
        assert store.jobs.get(one.id) is None and store.jobs.get(old.id) is None
        assert again(store, unfinished).state == "running" and again(store, new).state == "completed"
