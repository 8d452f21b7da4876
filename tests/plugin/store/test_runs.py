from __future__ import annotations

from dataclasses import replace

from plugin.store.analyses import Failure
from plugin.store.jobs import NewMedium
from plugin.store.store import Store
from plugin.store.suggestions import Draft
from tests.plugin.clock import Hands
from tests.plugin.store.samples import add_tag_intent, analysis, suggest


def test_a_run_begins_and_ends_once(store: Store, clock: Hands) -> None:
    run_id = store.runs.begin("Analyse new", "task")
    clock.now_s += 10
    store.runs.end(run_id)
    clock.now_s += 10
    store.runs.end(run_id)
    run = store.runs.get(run_id)
    assert run is not None
    assert (run.title, run.origin, run.started_s, run.ended_s) == ("Analyse new", "task", 1e6, 1e6 + 10)
    assert store.runs.get(99) is None


def test_runs_end_with_their_last_job(store: Store) -> None:
    run_id = store.runs.begin("Analyse new", "task")
    batch = store.jobs.get(store.jobs.add_batch(run_id, "x", 10, {}))
    assert batch is not None
    store.jobs.add_media(batch, "analyse", [NewMedium("scene", 1)])
    store.jobs.wait_for_children(batch.id, {})
    store.runs.end_finished()
    assert store.runs.get(run_id).ended_s is None  # type: ignore[union-attr]
    store.jobs.complete(store.jobs.next_media(1)[0].id)
    store.runs.end_finished()
    assert store.runs.get(run_id).ended_s is not None  # type: ignore[union-attr]


def test_the_last_run_with_writes_is_the_newest_one_that_left_something(store: Store) -> None:
    assert store.runs.last_with_writes() is None
    one, two, three = (store.runs.begin(name, "task") for name in ("one", "two", "three"))
    (first,) = store.journal.intend(one, [add_tag_intent(None)])
    store.journal.settle(first.id, "done")
    assert store.runs.last_with_writes().id == one  # type: ignore[union-attr]
    (second,) = store.journal.intend(two, [add_tag_intent(None, tag_id=8)])
    assert store.runs.last_with_writes().id == two, "an intent may have reached Stash"  # type: ignore[union-attr]
    store.journal.settle(second.id, "void")
    assert store.runs.last_with_writes().id == one  # type: ignore[union-attr]
    store.journal.settle(second.id, "done")
    store.runs.mark_undone(two)
    assert store.runs.last_with_writes().id == one  # type: ignore[union-attr]
    assert three not in [row.run.id for row in store.runs.summaries(10) if row.written]


def test_summaries_say_what_came_of_runs(store: Store) -> None:
    run_id = store.runs.begin("Analyse new", "task")
    store.analyses.save(analysis(run_id))
    store.analyses.save_failure(Failure("scene", 2, "Two", run_id, "c", "broken", "no frames"))
    tag, _ = suggest(store, run_id, Draft("tag", "cat", 3.0), Draft("marker", "cat", 3.0, 1, 9))
    (entry,) = store.journal.intend(run_id, [add_tag_intent(tag.id)])
    store.journal.settle(entry.id, "done")
    other = store.runs.begin("Later", "task")
    (later, row) = store.runs.summaries(10)
    assert (later.run.id, later.analysed, later.written) == (other, 0, 0)
    assert (row.run.id, row.analysed, row.failed, row.suggested, row.written) == (run_id, 1, 1, 2, 1)
    assert [one.run.id for one in store.runs.summaries(1)] == [other]
    assert [one.run.id for one in store.runs.summaries(9, before_id=other)] == [run_id]


def test_summaries_say_what_could_be_undone(store: Store) -> None:
    run_id = store.runs.begin("Analyse new", "task")
    tag = add_tag_intent(None)
    marker = replace(tag, action="create_marker", marker_id=5, start_s=1.0, end_s=9.0)
    intents = [
        tag,
        replace(tag, media_id=2),
        replace(tag, kind="image", media_id=1),
        marker,
        replace(tag, action="remove_tag", purpose="workflow", tag_id=9),
        replace(tag, action="create_tag", kind="tag", media_id=0),
        replace(marker, marker_id=6),
    ]
    *done, void = store.journal.intend(run_id, intents)
    for entry in done:
        store.journal.settle(entry.id, "done")
    store.journal.settle(void.id, "void")
    undoing = store.runs.begin("Undo", "undo")
    (undo,) = store.journal.intend(undoing, [replace(tag, purpose="undo", action="remove_tag", undoes=done[1].id)])
    store.journal.settle(undo.id, "done")
    undone, run = store.runs.summaries(10)
    assert (run.undo_tags, run.undo_markers, run.undo_media) == (3, 1, 2)
    assert (undone.undo_tags, undone.undo_markers, undone.undo_media) == (0, 0, 0)
    assert store.runs.titles([run_id, 99]) == {run_id: "Analyse new"}


def test_old_runs_are_forgotten_but_for_those_that_something_refers_to(store: Store, clock: Hands) -> None:
    names = ("nothing", "job", "analysis", "failure", "suggestion", "journal", "unfinished", "new")
    runs = {name: store.runs.begin(name, "task") for name in names}
    store.jobs.add_batch(runs["job"], "x", 10, {})
    store.analyses.save(analysis(runs["analysis"]))
    store.analyses.save_failure(Failure("scene", 2, "Two", runs["failure"], "c", "broken", "no frames"))
    suggest(store, runs["suggestion"], Draft("tag", "cat", 3.0))
    store.journal.intend(runs["journal"], [add_tag_intent(None)])
    for name in names[:6]:
        store.runs.end(runs[name])
    clock.now_s += 100
    store.runs.end(runs["new"])
    assert store.runs.prune(clock.now_s - 50) == 1
    assert [name for name, run_id in runs.items() if store.runs.get(run_id) is None] == ["nothing"]
