from __future__ import annotations

import pytest

from plugin.analysis.record import Recorder, analysis_of
from plugin.analysis.staleness import Wanted, need_of
from plugin.review.policy import policy_book
from plugin.review.tag_index import TagIndex
from plugin.review.workflow import WorkflowChange
from plugin.settings import Defaults
from plugin.sidecar_values import Found
from plugin.stash.values import MediaFile, MediaRow, Medium, Tag
from plugin.store.analyses import Failure
from plugin.store.policies import PolicyRow
from plugin.store.store import Store
from tests.plugin.store.samples import add_tag_intent, span, total

WANTED = Wanted("lite", "v1", "q1", 4.0, "p1")
SCENE = Medium("scene", 1, "", {}, MediaFile("/a/film.mp4", 10, "oshash-a"))
FOUND = Found(
    media_id="5",
    content_key="key",
    duration_s=60.0,
    samples=15,
    decoder="cpu",
    plan="keyframes",
    model="lite-2",
    from_cache=False,
    total_s=1.0,
    spans=(span("cat", 10.0, 30.0),),
    totals=(total("cat", 20.0, 0.33),),
    warnings=(("truncated", "it ends early"),),
)


def recorder(store: Store, *rows: PolicyRow, tags: tuple[Tag, ...] = ()) -> Recorder:
    return Recorder(store, policy_book(rows, Defaults(), 0.3), TagIndex(tags), WANTED)


@pytest.fixture
def run_id(store: Store) -> int:
    return store.runs.begin("x", "task")


class TestAnalysis:
    def test_of_what_was_decoded(self, run_id: int) -> None:
        made = analysis_of(FOUND, run_id, SCENE, "whole", WANTED)
        assert (made.name, made.content, made.content_key, made.view) == ("film.mp4", "oshash-a-10", "key", "whole")
        assert (made.model, made.vocabulary, made.query, made.policy) == ("lite-2", "v1", "q1", "p1")
        assert (made.interval_s, made.duration_s, made.samples, made.plan) == (4.0, 60.0, 15, "keyframes")
        assert made.warnings == FOUND.warnings and made.spans == FOUND.spans and made.totals == FOUND.totals

    def test_of_stored_vectors_says_how_densely_they_were_looked_at(self, run_id: int) -> None:
        known = analysis_of(FOUND, run_id, SCENE, "whole", Wanted("lite", "v1", "q1", 2.0, "p1"))
        judged = Found("5", "key", 60.0, 0, "", "", "", True, 0.1, (), (), ())
        made = analysis_of(judged, run_id, SCENE, "whole", WANTED, known)
        assert (made.interval_s, made.samples, made.decoder, made.plan) == (2.0, 15, "cpu", "keyframes")
        assert made.model == "lite-2" and made.spans == ()

    def test_of_a_medium_without_a_file(self, run_id: int) -> None:
        assert analysis_of(FOUND, run_id, Medium("scene", 1, "One", {}, None), "whole", WANTED).content == ""


def test_all_of_it_is_remembered_at_once(store: Store, run_id: int) -> None:
    store.analyses.save_failure(Failure("scene", 1, "One", run_id, "c", "broken", "no frames"))
    made = analysis_of(FOUND, run_id, SCENE, "whole", WANTED)
    change = WorkflowChange(("AI_Tagged",))
    plan = recorder(store, PolicyRow("cat", mode="auto")).record(run_id, SCENE, made, change)
    assert (plan.run_id, plan.medium, plan.workflow, plan.retract) == (run_id, SCENE, change, ())
    assert [(one.type, one.state) for one in plan.accepted] == [("tag", "accepted"), ("marker", "accepted")]
    known = store.analyses.get("scene", 1)
    assert known is not None and known.spans == FOUND.spans
    assert store.analyses.failure_count() == 0
    assert store.suggestions.count(("accepted",)) == 2
    assert need_of(MediaRow(1, "oshash-a-10"), known, Wanted("lite-2", "v1", "q1", 4.0, "p1")) == (None, "")


def test_all_or_nothing(store: Store, run_id: int) -> None:
    made = analysis_of(FOUND, 99, SCENE, "whole", WANTED)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        recorder(store).record(99, SCENE, made)
    assert store.analyses.get("scene", 1) is None and store.suggestions.count() == 0


def test_deciding_again_changes_no_analysis_but_what_it_was_decided_by(store: Store, run_id: int) -> None:
    made = analysis_of(FOUND, run_id, SCENE, "whole", WANTED)
    recorder(store).record(run_id, SCENE, made)
    known = store.analyses.get("scene", 1)
    assert known is not None
    book = policy_book([PolicyRow("cat", mode="off")], Defaults(), 0.3)
    other = Recorder(store, book, TagIndex([]), Wanted("lite", "v1", "q1", 4.0, "p2"))
    plan = other.decide_again(run_id, SCENE, known)
    assert plan.accepted == [] and store.suggestions.count(("withdrawn",)) == 2
    after = store.analyses.get("scene", 1)
    assert after is not None and (after.policy, after.id, after.spans) == ("p2", known.id, known.spans)


def test_what_the_owner_did_is_noted(store: Store, run_id: int) -> None:
    """The tag that we wrote is gone from the scene."""
    made = analysis_of(FOUND, run_id, SCENE, "whole", WANTED)
    tags = (Tag(7, "cat"),)
    plan = recorder(store, PolicyRow("cat", mode="auto"), tags=tags).record(run_id, SCENE, made)
    (entry,) = store.journal.intend(run_id, [add_tag_intent(plan.accepted[0].id)])
    store.journal.settle(entry.id, "done")
    store.suggestions.mark_applied([plan.accepted[0].id])
    again = recorder(store, PolicyRow("cat", mode="auto"), tags=tags).record(run_id, SCENE, made)
    assert [one.type for one in again.accepted] == ["marker"]
    assert store.journal.ours("scene", 1) == []
    assert [one.type for one in store.suggestions.refusals("scene", 1)] == ["tag"]
