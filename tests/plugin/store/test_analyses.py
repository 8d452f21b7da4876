from __future__ import annotations

from dataclasses import replace

from plugin.store.analyses import Failure
from plugin.store.store import Store
from plugin.store.suggestions import Draft
from tests.plugin.clock import Hands
from tests.plugin.store.samples import add_tag_intent, analysis, span, suggest, total

BROKEN = Failure("scene", 1, "A scene", 1, "oshash-a-10", "broken", "no frames in it")


def test_what_is_saved_is_what_is_read(store: Store, clock: Hands) -> None:
    run_id = store.runs.begin("x", "task")
    saved = analysis(
        run_id,
        spans=(span("cat", 5.0, 15.0), span("dog", 0.0, 3.0)),
        totals=(total("cat", 10.0), total("dog", 3.0)),
    )
    analysis_id = store.analyses.save(saved)
    assert store.analyses.get("scene", 1) == replace(saved, id=analysis_id, done_s=clock.now_s)
    assert store.analyses.get("image", 1) is None and store.analyses.get("scene", 2) is None


def test_a_newer_analysis_replaces_the_older_one_whole(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save(analysis(run_id, spans=(span("cat", 5.0, 15.0),), totals=(total("cat"),)))
    store.analyses.save(analysis(run_id, model="better", totals=(total("dog"),)))
    known = store.analyses.get("scene", 1)
    assert known is not None
    assert (known.model, known.spans, [one.label for one in known.totals]) == ("better", (), ["dog"])
    assert store.db.number("SELECT count(*) FROM span") == 0
    assert store.db.number("SELECT count(*) FROM tag_total") == 1


def test_success_clears_a_failure(store: Store, clock: Hands) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save_failure(replace(BROKEN, run_id=run_id))
    store.analyses.save_failure(replace(BROKEN, run_id=run_id, message="still none"))
    assert store.analyses.failure_count() == 1
    assert store.analyses.failures("scene", [1, 2])[1].message == "still none"
    assert store.analyses.failures("scene", [1])[1].failed_s == clock.now_s
    store.analyses.save(analysis(run_id, media_id=2))
    assert store.analyses.failure_count() == 1
    store.analyses.save(analysis(run_id))
    assert store.analyses.failure_count() == 0


def test_labels_are_one_whatever_their_case(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save(analysis(run_id, totals=(total("Cat"),)))
    store.analyses.save(analysis(run_id, media_id=2, totals=(total("cat"), total("dog"))))
    assert store.analyses.labels() == [("Cat", "things", 2), ("dog", "things", 1)]
    ids = store.analyses.label_ids({"CAT": "", "bird": "animals"})
    assert ids["CAT"] == store.analyses.label_ids({"cat": ""})["cat"]
    assert store.analyses.labels()[0] == ("Cat", "things", 2)
    store.analyses.label_ids({"cat": "animals"})
    assert store.analyses.labels()[0] == ("Cat", "animals", 2)


def test_one_analysis_may_name_a_label_in_two_cases(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save(analysis(run_id, spans=(span("Cat", 0, 1), span("cat", 2, 3)), totals=(total("Cat"),)))
    known = store.analyses.get("scene", 1)
    assert known is not None and [one.label for one in known.spans] == ["Cat", "Cat"]


def test_pages_and_counts_by_kind(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    for media_id in (5, 3, 9):
        store.analyses.save(analysis(run_id, media_id=media_id))
    store.analyses.save(analysis(run_id, media_id=4, kind="image"))
    assert [one.media_id for one in store.analyses.page("scene", 0, 2)] == [3, 5]
    assert [one.media_id for one in store.analyses.page("scene", 5, 2)] == [9]
    assert store.analyses.counts() == {"scene": 3, "image": 1}
    store.analyses.decided_by("scene", 3, "p2")
    assert [one.policy for one in store.analyses.page("scene", 0, 9)] == ["p2", "p1", "p1"]


def test_many_at_once(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save(analysis(run_id, media_id=7, kind="image", totals=(total("cat", 0.0, 1.0),)))
    store.analyses.save_failure(replace(BROKEN, kind="image", media_id=8, run_id=run_id))
    ids = range(40_000)
    assert list(store.analyses.known("image", ids)) == [7]
    assert list(store.analyses.failures("image", ids)) == [8]
    assert store.analyses.totals_of("image", ids) == {7: [total("cat", 0.0, 1.0)]}
    assert store.analyses.known("image", []) == {} and store.analyses.totals_of("scene", ids) == {}


def test_what_is_gone_from_stash_is_forgotten_but_for_what_was_written_there(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    store.analyses.save(analysis(run_id, spans=(span("cat", 0, 9),), totals=(total("cat"),)))
    store.analyses.save_failure(replace(BROKEN, run_id=run_id))
    tag, marker, refused = suggest(
        store, run_id, Draft("tag", "cat", 3.0), Draft("marker", "cat", 3.0, 0, 9), Draft("marker", "dog", 3.0, 0, 9)
    )
    store.suggestions.accept([tag.id, marker.id])
    store.suggestions.reject([refused.id])
    (entry, _) = store.journal.intend(run_id, [add_tag_intent(tag.id), add_tag_intent(marker.id, tag_id=8)])
    store.journal.settle(entry.id, "done")
    store.suggestions.mark_applied([tag.id])
    suggest(store, run_id, Draft("tag", "cat", 3.0), media_id=2)

    store.analyses.forget("scene", 1)
    assert store.analyses.get("scene", 1) is None and store.analyses.failure_count() == 0
    assert [one.id for one in store.suggestions.of_medium("scene", 1)] == [tag.id]
    assert store.suggestions.refusals("scene", 1) == []
    assert [one.suggestion_id for one in store.journal.ours("scene", 1)] == [tag.id]
    assert [one.suggestion_id for one in store.journal.unsettled()] == [None]
    assert len(store.suggestions.of_medium("scene", 2)) == 1


def test_names_are_of_the_analysis_else_of_the_failure(store: Store) -> None:
    store.analyses.save(analysis(store.runs.begin("Analyse new", "task"), 1, name="One"))
    store.analyses.save(analysis(1, 1, "image", name="Image one"))
    store.analyses.save_failure(replace(BROKEN, media_id=1, name="One, older"))
    store.analyses.save_failure(replace(BROKEN, media_id=2, name="Two"))
    store.analyses.save_failure(replace(BROKEN, media_id=3, name=""))
    assert store.analyses.names([("scene", 1), ("scene", 2), ("scene", 3), ("image", 1), ("gallery", 1)]) == {
        ("scene", 1): "One",
        ("scene", 2): "Two",
        ("image", 1): "Image one",
    }
