from __future__ import annotations

import pytest

from plugin.queue.requests import request_batch, request_writes
from plugin.queue.select import SelectionError
from plugin.store.jobs import PRIORITIES
from plugin.store.store import Store
from plugin.store.suggestions import Draft
from tests.plugin.store.samples import suggest

OPTIONS = {"which": "new", "kinds": ["scene"], "filters": {}, "fresh": False}


class TestBatches:
    def test_a_request_is_a_run_with_a_batch(self, store: Store) -> None:
        job_id = request_batch(store, "Analyse new", "task", OPTIONS, "low")
        job = store.jobs.get(job_id)
        assert job is not None
        assert (job.action, job.state, job.priority, job.options) == ("batch", "pending", PRIORITIES["low"], OPTIONS)
        run = store.runs.get(job.run_id)
        assert run is not None and (run.title, run.origin) == ("Analyse new", "task")

    def test_the_same_request_is_made_once_and_becomes_more_urgent(self, store: Store) -> None:
        first = request_batch(store, "Analyse new", "schedule", OPTIONS)
        assert request_batch(store, "Analyse new", "operation", OPTIONS, "high") == first
        assert store.jobs.get(first).priority == PRIORITIES["high"]  # type: ignore[union-attr]
        assert request_batch(store, "Analyse new", "task", OPTIONS, "low") == first
        assert store.jobs.get(first).priority == PRIORITIES["high"]  # type: ignore[union-attr]
        assert len(store.runs.summaries(9)) == 1

    def test_also_while_its_media_are_being_selected(self, store: Store) -> None:
        first = store.jobs.get(request_batch(store, "Analyse new", "task", OPTIONS))
        assert first is not None
        store.jobs.add_media(first, "analyse", (), parent_options={**OPTIONS, "cursor": {"scene": 500}})
        assert request_batch(store, "Analyse new", "task", OPTIONS) == first.id

    @pytest.mark.parametrize(
        "change", [{"fresh": True}, {"kinds": ["image"]}, {"filters": {"scene": {"organized": True}}}]
    )
    def test_another_request_is_another_one(self, store: Store, change: dict[str, object]) -> None:
        first = request_batch(store, "Analyse new", "task", OPTIONS)
        assert request_batch(store, "Analyse new", "task", {**OPTIONS, **change}) != first

    def test_one_that_is_under_way_does_not_stand_for_a_new_one(self, store: Store) -> None:
        first = request_batch(store, "Analyse new", "task", OPTIONS)
        store.jobs.wait_for_children(first, {**OPTIONS, "selected": True})
        assert request_batch(store, "Analyse new", "task", OPTIONS) != first

    def test_a_request_for_nothing_is_refused(self, store: Store) -> None:
        with pytest.raises(SelectionError):
            request_batch(store, "x", "task", {"which": "what"})
        assert store.runs.summaries(9) == []


class TestWrites:
    def test_media_with_accepted_suggestions(self, store: Store) -> None:
        run_id = store.runs.begin("x", "task")
        for media_id in (1, 2, 3):
            suggest(store, run_id, Draft("tag", "cat", 3.0), media_id=media_id)
        suggest(store, run_id, Draft("tag", "cat", 3.0), kind="image", media_id=1)
        store.suggestions.accept([one.id for one in store.suggestions.find() if one.media_id != 2])
        assert request_writes(store, "Apply accepted suggestions", "task", "high") == 3
        jobs = store.jobs.next_media(9)
        assert [(job.action, job.kind, job.media_id, job.priority) for job in jobs] == [
            ("apply", "image", 1, 0),
            ("apply", "scene", 1, 0),
            ("apply", "scene", 3, 0),
        ]
        assert request_writes(store, "Apply accepted suggestions", "task") == 3
        assert len(store.jobs.next_media(9)) == 3

    def test_nothing_to_write_is_no_run(self, store: Store) -> None:
        assert request_writes(store, "Apply accepted suggestions", "task") == 0
        assert store.runs.summaries(9) == []
