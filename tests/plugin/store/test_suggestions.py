from __future__ import annotations

from dataclasses import asdict

import pytest

from plugin.store.store import Store
from plugin.store.suggestion_query import BadCursor, Order, cursor_of
from plugin.store.suggestions import Draft, Outcome, Refusal, Suggestion
from tests.plugin.clock import Hands
from tests.plugin.store.samples import analysis, suggest

TAG = Draft("tag", "cat", 3.0, reason={"seconds": 12.0})
MARKER = Draft("marker", "cat", 3.5, 10.0, 20.0, 15.0)
LATER = Draft("marker", "cat", 3.5, 40.0, 50.0, 45.0)


@pytest.fixture
def run_id(store: Store) -> int:
    return store.runs.begin("Analyse new", "task")


def now(store: Store, one: Suggestion) -> Suggestion:
    (found,) = store.suggestions.get([one.id])
    return found


def update(store: Store, one: Suggestion, draft: Draft) -> Suggestion:
    store.suggestions.record(one.run_id, one.kind, one.media_id, Outcome(updates=((one.id, draft),)), {})
    return now(store, one)


class TestRecording:
    def test_new_ones_wait_or_are_accepted_by_their_policy(self, store: Store, run_id: int, clock: Hands) -> None:
        accepted = Draft("tag", "dog", 4.0, accept=True)
        tag, dog, marker = suggest(store, run_id, TAG, accepted, MARKER)
        assert (tag.state, tag.decided_by, tag.decided_s, tag.reason) == ("pending", "", None, {"seconds": 12.0})
        assert (dog.state, dog.decided_by, dog.decided_s) == ("accepted", "policy", clock.now_s)
        assert (marker.start_s, marker.end_s, marker.peak_s, marker.score) == (10.0, 20.0, 15.0, 3.5)
        assert store.suggestions.media_to_write() == [("scene", 1)]
        assert store.suggestions.media_to_write(run_id) == [("scene", 1)]
        assert store.suggestions.media_to_write(run_id + 1) == []

    def test_an_update_carries_new_numbers(self, store: Store, run_id: int) -> None:
        (marker,) = suggest(store, run_id, MARKER)
        moved = update(store, marker, Draft("marker", "cat", 4.0, 11.0, 21.0, 12.0, {"a": 1}))
        assert (moved.start_s, moved.end_s, moved.peak_s, moved.score) == (11.0, 21.0, 12.0, 4.0)
        assert (moved.reason, moved.state, moved.run_id) == ({"a": 1}, "pending", run_id)

    def test_it_follows_its_policy_until_it_is_written(self, store: Store, run_id: int, clock: Hands) -> None:
        (tag,) = suggest(store, run_id, TAG)
        auto = Draft("tag", "cat", 3.0, accept=True)
        accepted = update(store, tag, auto)
        assert (accepted.state, accepted.decided_by, accepted.decided_s) == ("accepted", "policy", clock.now_s)
        back = update(store, tag, TAG)
        assert (back.state, back.decided_by, back.decided_s) == ("pending", "", None)
        update(store, tag, auto)
        store.suggestions.mark_applied([tag.id])
        assert update(store, tag, TAG).state == "applied"

    def test_the_owners_word_counts_more_than_a_policy(self, store: Store, run_id: int) -> None:
        (tag,) = suggest(store, run_id, TAG)
        store.suggestions.accept([tag.id])
        assert (update(store, tag, TAG).state, now(store, tag).decided_by) == ("accepted", "owner")
        store.suggestions.reopen([tag.id], held=True)
        held = update(store, tag, Draft("tag", "cat", 3.0, accept=True))
        assert (held.state, held.held) == ("pending", True)

    def test_withdrawal_reaches_only_what_is_not_written(self, store: Store, run_id: int) -> None:
        tag, marker, later = suggest(store, run_id, TAG, MARKER, LATER)
        store.suggestions.accept([marker.id, later.id])
        store.suggestions.mark_applied([later.id])
        withdrawn = Outcome(withdraw=(tag.id, marker.id, later.id))
        store.suggestions.record(run_id, "scene", 1, withdrawn, {})
        assert [now(store, one).state for one in (tag, marker, later)] == ["withdrawn", "withdrawn", "applied"]

    def test_what_the_owner_removed_in_stash_is_a_rejection(self, store: Store, run_id: int) -> None:
        (tag,) = suggest(store, run_id, TAG)
        store.suggestions.accept([tag.id])
        store.suggestions.mark_applied([tag.id])
        store.suggestions.record(run_id, "scene", 1, Outcome(removed_by_owner=(tag.id,)), {})
        assert (now(store, tag).state, now(store, tag).decided_by) == ("rejected", "stash")
        assert store.suggestions.refusals("scene", 1) == [Refusal("tag", "cat")]


class TestDeciding:
    def test_acceptance(self, store: Store, run_id: int, clock: Hands) -> None:
        tag, marker = suggest(store, run_id, TAG, MARKER)
        clock.now_s += 5
        assert store.suggestions.accept([tag.id, tag.id, 99]) == [tag.id]
        found = now(store, tag)
        assert (found.state, found.decided_by, found.decided_s, found.held) == ("accepted", "owner", clock.now_s, False)
        assert now(store, marker).state == "pending"
        store.suggestions.mark_applied([tag.id, marker.id])
        assert (now(store, tag).state, now(store, marker).state) == ("applied", "pending")
        assert store.suggestions.accept([tag.id]) == []

    def test_rejection_is_remembered_and_can_be_taken_back(self, store: Store, run_id: int) -> None:
        tag, marker, later = suggest(store, run_id, TAG, MARKER, LATER)
        assert store.suggestions.reject([tag.id, marker.id, later.id]) == [tag.id, marker.id, later.id]
        assert store.suggestions.reject([tag.id]) == []
        assert store.suggestions.refusals("scene", 1) == [
            Refusal("tag", "cat"),
            Refusal("marker", "cat", 10.0, 20.0),
            Refusal("marker", "cat", 40.0, 50.0),
        ]
        assert store.suggestions.accept([marker.id]) == [marker.id]
        assert store.suggestions.refusals("scene", 1) == [
            Refusal("tag", "cat"),
            Refusal("marker", "cat", 40.0, 50.0),
        ]
        store.suggestions.reopen([tag.id, later.id], held=False)
        assert store.suggestions.refusals("scene", 1) == []
        assert now(store, tag).state == "pending"

    def test_a_refusal_is_of_one_medium(self, store: Store, run_id: int) -> None:
        (one,) = suggest(store, run_id, TAG)
        (two,) = suggest(store, run_id, TAG, media_id=2)
        store.suggestions.reject([one.id, two.id])
        store.suggestions.accept([two.id])
        assert store.suggestions.refusals("scene", 1) == [Refusal("tag", "cat")]
        assert store.suggestions.refusals("scene", 2) == []

    def test_only_markers_that_are_not_written_can_be_edited(self, store: Store, run_id: int) -> None:
        tag, marker, later = suggest(store, run_id, TAG, MARKER, LATER)
        store.suggestions.accept([later.id])
        store.suggestions.mark_applied([later.id])
        assert store.suggestions.edit(marker.id, 12.0, 13.5) == 1
        assert (now(store, marker).start_s, now(store, marker).end_s, now(store, marker).edited) == (12.0, 13.5, True)
        assert [store.suggestions.edit(one, 1.0, 2.0) for one in (tag.id, later.id, 99)] == [0, 0, 0]

    def test_what_a_policy_accepted_in_a_run_is_held_by_its_undoing(self, store: Store, run_id: int) -> None:
        auto = Draft("tag", "dog", 4.0, accept=True)
        tag, dog = suggest(store, run_id, TAG, auto)
        other = store.runs.begin("other", "task")
        (elsewhere,) = suggest(store, other, auto, media_id=2)
        store.suggestions.accept([tag.id])
        store.suggestions.hold_accepted(run_id)
        assert (now(store, dog).state, now(store, dog).held) == ("pending", True)
        assert (now(store, tag).state, now(store, elsewhere).state) == ("accepted", "accepted")
        assert store.suggestions.accept([dog.id]) == [dog.id] and not now(store, dog).held

    def test_a_withdrawal_can_be_undone(self, store: Store, run_id: int) -> None:
        tag, marker = suggest(store, run_id, TAG, MARKER)
        store.suggestions.withdraw([tag.id])
        store.suggestions.restore([tag.id, marker.id])
        assert (now(store, tag).state, now(store, marker).state) == ("applied", "pending")


class TestFinding:
    @pytest.fixture
    def inbox(self, store: Store, run_id: int) -> list[Suggestion]:
        store.analyses.save(analysis(run_id))
        other = store.runs.begin("Later", "task")
        suggest(store, run_id, TAG, MARKER, Draft("tag", "100% cotton", 1.0))
        suggest(store, other, Draft("tag", "dog", 2.0), kind="image", media_id=5)
        found = store.suggestions.find()
        store.suggestions.reject([found[0].id])
        return store.suggestions.find(())

    def test_the_newest_first_and_by_whatever_is_asked(self, store: Store, inbox: list[Suggestion]) -> None:
        assert [one.label for one in inbox] == ["dog", "100% cotton", "cat", "cat"]
        find = store.suggestions.find
        assert [one.label for one in find()] == ["100% cotton", "cat", "cat"]
        assert [one.type for one in find(label="CAT")] == ["marker", "tag"]
        assert [one.label for one in find(words="100%")] == ["100% cotton"]
        assert find(words="_") == [] and find(words="0%c") == []
        assert [one.label for one in find((), kind="image")] == ["dog"]
        assert [one.label for one in find((), media_id=5)] == ["dog"]
        assert [one.label for one in find(type="marker")] == ["cat"]
        assert [one.score for one in find(min_score=3.2)] == [3.5]
        assert [one.label for one in find((), run_id=inbox[0].run_id)] == ["dog"]
        assert find(("applied", "accepted")) == []

    def test_pages(self, store: Store, inbox: list[Suggestion]) -> None:
        first = store.suggestions.find((), limit=3)
        assert first == inbox[:3]
        assert store.suggestions.find((), limit=3, before_id=first[-1].id) == inbox[3:]

    def test_counts_agree_with_what_is_found(self, store: Store, inbox: list[Suggestion]) -> None:
        assert store.suggestions.count() == 3 and store.suggestions.count(()) == 4
        assert store.suggestions.count(label="cat") == 2
        assert store.suggestions.count((), kind="image", media_id=5, min_score=2.0) == 1
        assert store.suggestions.count(words="100%", type="tag") == 1

    def test_groups_of_what_waits(self, store: Store, inbox: list[Suggestion], run_id: int) -> None:
        group = store.suggestions.group
        assert group("label") == [("cat", "", 2, 3.5, 3.0), ("100% cotton", "", 1, 1.0, 1.0)]
        assert group("medium") == [("scene", 1, 3, 3.5, 1.0)]
        assert group("run") == [(run_id, "Analyse new", 3, 3.5, 1.0)]
        assert group("label", limit=1) == [("cat", "", 2, 3.5, 3.0)]
        assert group("label", type="tag", min_score=2.0) == [("cat", "", 1, 3.0, 3.0)]
        assert group("medium", words="cotton") == [("scene", 1, 1, 1.0, 1.0)]
        assert group("run", kind="image") == []
        assert [row[:3] for row in group("medium", states=())] == [("scene", 1, 3), ("image", 5, 1)]

    def test_pages_of_every_order_follow_each_other(self, store: Store, run_id: int) -> None:
        for media_id in (3, 1, 2):
            scores = (2.0, 5.0, 2.0)
            drafts = [Draft("marker", "cat", score, n * 10.0, n * 10.0 + 5) for n, score in enumerate(scores)]
            suggest(store, run_id, *drafts, media_id=media_id)
        orders: tuple[Order, ...] = ("newest", "score", "medium")
        for order in orders:
            whole = store.suggestions.find(order=order)
            pages: list[Suggestion] = []
            while len(pages) < len(whole):
                after = cursor_of(order, asdict(pages[-1])) if pages else ""
                pages += store.suggestions.find(limit=2, order=order, after=after)
            assert pages == whole
        assert [one.score for one in store.suggestions.find(order="score")][:4] == [5.0, 5.0, 5.0, 2.0]
        by_medium = store.suggestions.find(order="medium")
        assert [(one.media_id, one.start_s) for one in by_medium[:4]] == [(1, 0), (1, 10), (1, 20), (2, 0)]

    @pytest.mark.parametrize("cursor", ["x", "[]", "[1]", '{"a": 1}', "[[1], 2]", "[null, 1]", "[1, 2, 3, 4]"])
    def test_a_cursor_of_another_list_is_refused(self, store: Store, cursor: str) -> None:
        with pytest.raises(BadCursor):
            store.suggestions.find(order="score", after=cursor)

    def test_how_often_the_owner_agreed(self, store: Store, run_id: int) -> None:
        for media_id in range(1, 5):
            suggest(store, run_id, TAG, media_id=media_id)
        ids = sorted(one.id for one in store.suggestions.find())
        store.suggestions.accept(ids[:2])
        store.suggestions.mark_applied(ids[:1])
        store.suggestions.reject(ids[2:3])
        suggest(store, run_id, Draft("tag", "dog", 4.0, accept=True))
        assert store.suggestions.accepted_shares() == {("cat", ""): (2, 1)}

    def test_of_a_medium_by_state(self, store: Store, inbox: list[Suggestion]) -> None:
        assert [one.type for one in store.suggestions.of_medium("scene", 1)] == ["tag", "tag", "marker"]
        assert store.suggestions.of_medium("scene", 1, ("accepted",)) == []
        assert len(store.suggestions.of_medium("scene", 1, ("pending", "accepted"))) == 3

    def test_more_than_sqlite_has_parameters(self, store: Store, inbox: list[Suggestion]) -> None:
        assert len(store.suggestions.get(range(40_000))) == 4
