from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from plugin.review.decide import Before, Decision, Findings, decide
from plugin.review.policy import policy_book
from plugin.review.tag_index import TagIndex
from plugin.settings import Defaults
from plugin.stash.values import Marker, Medium, Tag
from plugin.store.analyses import Span, Total
from plugin.store.journal import Entry
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft, Refusal, Suggestion

CAT, DOG, TAGGED = 7, 8, 9
TAGS = (Tag(CAT, "cat"), Tag(DOG, "dog"), Tag(TAGGED, "AI_Tagged"))
AUTO = PolicyRow("cat", mode="auto")
PENDING = Suggestion(1, 1, "scene", 5, "tag", "cat", "", 0, 0, 0, 3.0, {}, "pending")
MARKER = Suggestion(2, 1, "scene", 5, "marker", "cat", "", 10.0, 30.0, 20.0, 3.0, {}, "pending")
OURS = Entry(
    id=1,
    run_id=1,
    suggestion_id=1,
    undoes=None,
    purpose="suggestion",
    action="add_tag",
    kind="scene",
    media_id=5,
    tag_id=CAT,
    tag_name="cat",
    marker_id=None,
    title="",
    start_s=None,
    end_s=None,
    state="done",
    note="",
    intent_s=1.0,
    settled_s=2.0,
)
OUR_MARKER = replace(
    OURS, id=2, suggestion_id=2, action="create_marker", marker_id=55, title="cat", start_s=10.0, end_s=30.0
)
STASH_MARKER = Marker(55, "cat", 10.0, 30.0, CAT)


def scene(*tag_ids: int, markers: Sequence[Marker] = (), kind: str = "scene") -> Medium:
    names = {tag.id: tag.name for tag in TAGS}
    return Medium(kind, 5, "A", {one: names.get(one, "?") for one in tag_ids}, None, markers=tuple(markers))  # type: ignore[arg-type]


def span(start_s: float, end_s: float, label: str = "cat", score: float = 3.0) -> Span:
    return Span(label, "", start_s, end_s, score, (start_s + end_s) / 2, score + 1)


def seen(*spans: Span, duration_s: float = 100.0) -> Findings:
    """What the sidecar says of spans: totals too."""
    seconds: dict[str, float] = {}
    for one in spans:
        seconds[one.label] = seconds.get(one.label, 0.0) + one.end_s - one.start_s
    totals = [Total(label, "", total_s, total_s / duration_s, 3.0) for label, total_s in seconds.items()]
    return Findings("lite", duration_s, spans, totals)


CAT_SEEN = seen(span(10, 30))


def decided(
    medium: Medium,
    findings: Findings = CAT_SEEN,
    suggestions: Sequence[Suggestion] = (),
    *,
    ours: Sequence[Entry] = (),
    refusals: Sequence[Refusal] = (),
    rows: Sequence[PolicyRow] = (),
    defaults: Mapping[str, Any] = {},
    tags: Sequence[Tag] = TAGS,
    suffix: str = "",
) -> Decision:
    book = policy_book(rows, replace(Defaults(), **defaults), 0.3)
    return decide(medium, findings, Before(suggestions, refusals, ours), book, TagIndex(tags, suffix))


def new(decision: Decision) -> list[tuple[str, str]]:
    return [(draft.type, draft.label) for draft in decision.outcome.new]


BOTH = [("tag", "cat"), ("marker", "cat")]


class TestNew:
    def test_what_is_seen_is_suggested_with_its_reasons(self) -> None:
        tag, marker = decided(scene()).outcome.new
        reason = {"model": "lite", "score": 3.0, "seconds": 20.0, "needed_s": 10.0, "share": 0.2}
        assert tag == Draft("tag", "cat", 3.0, peak_s=20.0, reason=reason)
        assert (marker.start_s, marker.end_s, marker.peak_s, marker.score) == (10, 30, 20, 3.0)
        assert marker.reason == {
            "model": "lite",
            "score": 3.0,
            "peak_s": 20.0,
            "peak_score": 4.0,
            "spans": 1,
            "uncertainty_s": 0.0,
        }
        assert not tag.accept and not marker.accept

    def test_nothing_seen_nothing_suggested(self) -> None:
        assert decided(scene(), seen()) == Decision(decided(scene(), seen()).outcome)
        assert new(decided(scene(), seen())) == []

    @pytest.mark.parametrize(
        ("row", "suggested", "accepted"),
        [
            (PolicyRow("cat", mode="suggest"), BOTH, False),
            (PolicyRow("CAT", mode="auto"), BOTH, True),
            (PolicyRow("cat", mode="off"), [], False),
            (PolicyRow("cat", marker=False), [("tag", "cat")], False),
            (PolicyRow("cat", required_s=20.0), BOTH, False),
            (PolicyRow("cat", required_s=20.1), [("marker", "cat")], False),
            (PolicyRow("cat", required_share=0.2), BOTH, False),
            (PolicyRow("cat", required_share=0.3), [("marker", "cat")], False),
            (PolicyRow("cat", min_marker_s=20.0), BOTH, False),
            (PolicyRow("cat", min_marker_s=20.5), [("tag", "cat")], False),
        ],
    )
    def test_the_policy_says_what(self, row: PolicyRow, suggested: list[tuple[str, str]], accepted: bool) -> None:
        decision = decided(scene(), rows=[row])
        assert new(decision) == suggested
        assert all(draft.accept == accepted for draft in decision.outcome.new)

    def test_near_ranges_become_one_marker(self) -> None:
        findings = seen(span(10, 14), span(17, 20), span(40, 46))
        assert [(draft.start_s, draft.end_s) for draft in decided(scene(), findings).outcome.new[1:]] == [
            (10, 20),
            (40, 46),
        ]
        assert [d.start_s for d in decided(scene(), findings, defaults={"max_gap_s": 1.0}).outcome.new[1:]] == [40]

    def test_what_was_seen_for_no_time_is_no_tag(self) -> None:
        findings = Findings("lite", 100.0, (), (Total("cat", "", 0.0, 0.0, 3.0),))
        assert new(decided(scene(), findings, defaults={"required_s": 0.0})) == []

    def test_an_image_that_shows_it_gets_the_tag_and_no_marker(self) -> None:
        findings = Findings("lite", 0.0, (span(0, 1),), (Total("cat", "", 0.0, 1.0, 3.0),))
        assert new(decided(scene(kind="image"), findings)) == [("tag", "cat")]

    @pytest.mark.parametrize(("share", "suggested"), [(0.29, []), (0.3, [("tag", "cat")])])
    def test_a_gallery_gets_what_enough_of_its_images_show(self, share: float, suggested: list[Any]) -> None:
        findings = Findings("lite", 0.0, (), (Total("cat", "", 0.0, share, 3.0),))
        decision = decided(scene(kind="gallery"), findings)
        assert new(decision) == suggested
        assert all(draft.reason["needed_share"] == 0.3 for draft in decision.outcome.new)


class TestThereAlready:
    def test_a_tag_that_was_set_by_hand_is_not_suggested(self) -> None:
        assert new(decided(scene(CAT))) == [("marker", "cat")]

    def test_by_the_policys_own_name_for_it(self) -> None:
        assert new(decided(scene(DOG), rows=[PolicyRow("cat", stash_tag="dog", marker=False)])) == []
        assert new(decided(scene(CAT), rows=[PolicyRow("cat", stash_tag="dog", marker=False)])) == [("tag", "cat")]

    def test_by_alias_and_suffix(self) -> None:
        tags = (Tag(CAT, "Feline", ("CAT",)), Tag(DOG, "cat_AI"))
        assert new(decided(scene(CAT), tags=tags, defaults={"marker": False})) == []
        assert new(decided(scene(DOG), tags=tags, suffix="_AI", defaults={"marker": False})) == []
        assert new(decided(scene(CAT), tags=tags, suffix="_AI", defaults={"marker": False})) == [("tag", "cat")]

    @pytest.mark.parametrize(
        ("marker", "suggested"),
        [
            (Marker(1, "mine", 12.0, 28.0, CAT), [("tag", "cat")]),
            (Marker(1, "mine", 12.0, 28.0, DOG, frozenset({CAT})), [("tag", "cat")]),
            (Marker(1, "mine", 15.0, None, CAT), [("tag", "cat")]),
            (Marker(1, "mine", 12.0, 28.0, DOG), BOTH),
            (Marker(1, "mine", 50.0, 70.0, CAT), BOTH),
        ],
    )
    def test_a_range_that_somebody_marked_is_not_suggested(
        self, marker: Marker, suggested: list[tuple[str, str]]
    ) -> None:
        assert new(decided(scene(markers=[marker]))) == suggested

    def test_what_was_added_by_hand_meanwhile_does_not_wait_any_more(self) -> None:
        decision = decided(scene(CAT, markers=[Marker(1, "mine", 10.0, 30.0, CAT)]), suggestions=[PENDING, MARKER])
        assert decision.outcome.withdraw == (1, 2) and new(decision) == [] and decision.outcome.updates == ()

    def test_what_the_owner_accepted_and_then_added_by_hand_stays_accepted(self) -> None:
        accepted = replace(PENDING, state="accepted", decided_by="owner")
        assert decided(scene(CAT), suggestions=[accepted]).outcome.withdraw == ()


class TestRefused:
    def test_never_again(self) -> None:
        refusals = [Refusal("tag", "CAT"), Refusal("marker", "cat", 29.0, 60.0)]
        assert new(decided(scene(), refusals=refusals)) == []

    def test_only_what_was_refused(self) -> None:
        assert new(decided(scene(), refusals=[Refusal("tag", "dog"), Refusal("marker", "cat", 30.0, 60.0)])) == BOTH
        assert new(decided(scene(), refusals=[Refusal("tag", "cat")])) == [("marker", "cat")]

    def test_a_tag_that_was_refused_is_refused_by_whatever_label(self) -> None:
        kitty = PolicyRow("kitty", mode="auto", stash_tag="cat")
        findings = seen(span(10, 30, "kitty"))
        refusals = [Refusal("tag", "cat"), Refusal("marker", "cat", 20.0, 25.0)]
        assert new(decided(scene(), findings, refusals=refusals, rows=[kitty])) == []
        waiting = replace(PENDING, label="kitty")
        assert decided(scene(), findings, [waiting], refusals=refusals, rows=[kitty]).outcome.withdraw == (1,)
        wanted = replace(waiting, state="accepted", decided_by="owner")
        assert decided(scene(), findings, [wanted], refusals=refusals, rows=[kitty]).outcome.withdraw == ()

    def test_a_rejected_suggestion_is_not_the_same_one_again(self) -> None:
        rejected = [replace(PENDING, state="rejected", decided_by="owner")]
        decision = decided(scene(), suggestions=rejected, refusals=[Refusal("tag", "cat")], defaults={"marker": False})
        assert decision == Decision(decided(scene(), seen()).outcome)


class TestOwnersWord:
    def test_a_tag_of_ours_that_the_owner_removed_is_a_rejection(self) -> None:
        applied = replace(PENDING, state="applied", decided_by="policy")
        decision = decided(scene(), suggestions=[applied], ours=[OURS], rows=[replace(AUTO, marker=False)])
        assert decision.outcome.removed_by_owner == (1,) and decision.theirs == (OURS,)
        assert new(decision) == [] and decision.retract == () and decision.outcome.updates == ()

    def test_a_marker_of_ours_that_the_owner_removed_is_a_rejection(self) -> None:
        applied = replace(MARKER, state="applied", decided_by="policy")
        decision = decided(scene(CAT), suggestions=[applied], ours=[OUR_MARKER], rows=[AUTO])
        assert decision.outcome.removed_by_owner == (2,) and decision.theirs == (OUR_MARKER,) and new(decision) == []

    @pytest.mark.parametrize(
        "edited",
        [
            replace(STASH_MARKER, start_s=11.0),
            replace(STASH_MARKER, end_s=29.0),
            replace(STASH_MARKER, end_s=None),
            replace(STASH_MARKER, title="my cat"),
            replace(STASH_MARKER, primary_tag_id=DOG),
            replace(STASH_MARKER, tag_ids=frozenset({DOG})),
        ],
    )
    def test_a_marker_of_ours_that_the_owner_edited_is_theirs(self, edited: Marker) -> None:
        applied = replace(MARKER, state="applied", decided_by="policy")
        medium = scene(CAT, markers=[edited])
        decision = decided(medium, suggestions=[applied], ours=[OUR_MARKER], rows=[AUTO])
        assert decision.theirs == (OUR_MARKER,) and decision.outcome.removed_by_owner == ()
        assert new(decision) == []
        gone = decided(medium, seen(), [applied], ours=[OUR_MARKER], rows=[AUTO])
        assert gone.retract == (), "not even if the findings do not support it any more"

    def test_times_that_stash_rounded_are_no_edit(self) -> None:
        applied = replace(MARKER, state="applied", decided_by="policy")
        rounded = replace(STASH_MARKER, start_s=10.0004)
        assert decided(scene(CAT, markers=[rounded]), suggestions=[applied], ours=[OUR_MARKER]).theirs == ()

    def test_a_tag_that_was_merged_into_another_is_no_rejection(self) -> None:
        applied = replace(PENDING, state="applied", decided_by="policy")
        merged = (Tag(DOG, "dog", ("cat",)),)
        decision = decided(
            scene(DOG), suggestions=[applied], ours=[OURS], tags=merged, rows=[replace(AUTO, marker=False)]
        )
        assert decision.outcome.removed_by_owner == () and decision.theirs == (OURS,)
        assert new(decision) == [] and [one for one, _ in decision.outcome.updates] == [1]

    def test_a_workflow_tag_that_the_owner_removed_is_theirs_and_rejects_nothing(self) -> None:
        ours = replace(OURS, suggestion_id=None, purpose="workflow", tag_id=TAGGED, tag_name="AI_Tagged")
        decision = decided(scene(CAT), seen(), ours=[ours])
        assert decision.theirs == (ours,) and decision.outcome.removed_by_owner == ()
        assert decided(scene(TAGGED), seen(), ours=[ours]).theirs == ()


class TestFollowing:
    def test_what_waits_follows_the_findings(self) -> None:
        decision = decided(scene(), seen(span(12, 34, score=5.0)), [PENDING, MARKER])
        (tag_id, tag), (marker_id, marker) = decision.outcome.updates
        assert (tag_id, marker_id) == (1, 2) and new(decision) == [] and decision.outcome.withdraw == ()
        assert (marker.start_s, marker.end_s, marker.score) == (12, 34, 5.0)
        assert tag.reason["seconds"] == 22

    def test_what_waits_is_withdrawn_with_its_support(self) -> None:
        assert decided(scene(), seen(), [PENDING, MARKER]).outcome.withdraw == (1, 2)
        far = decided(scene(), seen(span(60, 90)), [PENDING, MARKER])
        assert far.outcome.withdraw == (2,) and new(far) == [("marker", "cat")]

    def test_a_range_that_the_owner_has_set_is_kept_while_anything_in_it_is_seen(self) -> None:
        edited = replace(MARKER, start_s=28.0, end_s=30.0, edited=True)
        decision = decided(scene(), seen(span(5, 29)), [PENDING, edited])
        assert new(decision) == [] and decision.outcome.withdraw == ()
        _, (_, draft) = decision.outcome.updates
        assert (draft.start_s, draft.end_s) == (28.0, 30.0)
        assert decided(scene(), seen(span(60, 90)), [edited]).outcome.withdraw == (2,)

    def test_the_range_that_overlaps_most_is_the_same_one(self) -> None:
        other = replace(MARKER, id=3, start_s=26.0, end_s=50.0)
        decision = decided(scene(CAT), seen(span(10, 29), span(34, 50)), [MARKER, other])
        assert [(one, d.start_s) for one, d in decision.outcome.updates] == [(2, 10), (3, 34)]

    @pytest.mark.parametrize(
        ("state", "by", "withdrawn"),
        [
            ("pending", "", True),
            ("accepted", "policy", True),
            ("accepted", "owner", False),
            ("rejected", "owner", False),
            ("withdrawn", "", False),
        ],
    )
    def test_what_the_owner_decided_stays_decided(self, state: str, by: str, withdrawn: bool) -> None:
        one = replace(PENDING, state=state, decided_by=by)  # type: ignore[arg-type]
        assert decided(scene(), seen(), [one]).outcome.withdraw == ((1,) if withdrawn else ())

    def test_an_accepted_range_is_written_as_it_was_accepted(self) -> None:
        accepted = replace(MARKER, state="accepted", decided_by="owner")
        ((_, draft),) = decided(scene(CAT), seen(span(12, 34)), [accepted]).outcome.updates
        assert (draft.start_s, draft.end_s) == (10.0, 30.0)

    def test_a_label_in_another_case_is_the_same(self) -> None:
        decision = decided(scene(), seen(span(10, 30, "CAT")), [PENDING, MARKER])
        assert [one for one, _ in decision.outcome.updates] == [1, 2] and new(decision) == []

    def test_mode_off_withdraws_what_waits_and_takes_nothing_back(self) -> None:
        applied = replace(PENDING, state="applied", decided_by="policy")
        off = [PolicyRow("cat", mode="off")]
        decision = decided(scene(CAT), suggestions=[applied, MARKER], ours=[OURS], rows=off)
        assert decision.outcome.withdraw == (2,) and decision.retract == ()


class TestWritten:
    APPLIED = replace(PENDING, state="applied", decided_by="policy")
    APPLIED_MARKER = replace(MARKER, state="applied", decided_by="policy")

    def test_what_is_still_seen_stays(self) -> None:
        medium = scene(CAT, markers=[STASH_MARKER])
        decision = decided(
            medium, suggestions=[self.APPLIED, self.APPLIED_MARKER], ours=[OURS, OUR_MARKER], rows=[AUTO]
        )
        assert new(decision) == [] and decision.retract == () and decision.theirs == ()
        assert [one for one, _ in decision.outcome.updates] == [1, 2]

    def test_what_a_policy_wrote_and_is_not_seen_any_more_is_taken_back(self) -> None:
        medium = scene(CAT, markers=[STASH_MARKER])
        decision = decided(medium, seen(), [self.APPLIED, self.APPLIED_MARKER], ours=[OURS, OUR_MARKER], rows=[AUTO])
        assert decision.retract == (OURS, OUR_MARKER) and decision.outcome.withdraw == ()

    def test_what_the_owner_accepted_is_never_taken_back(self) -> None:
        accepted = replace(self.APPLIED, decided_by="owner")
        assert decided(scene(CAT), seen(), [accepted], ours=[OURS]).retract == ()

    def test_the_range_that_is_in_stash_is_not_moved(self) -> None:
        medium = scene(CAT, markers=[STASH_MARKER])
        decision = decided(medium, seen(span(14, 36)), [self.APPLIED_MARKER], ours=[OURS, OUR_MARKER])
        _, draft = decision.outcome.updates[-1]
        assert (draft.start_s, draft.end_s) == (10.0, 30.0) and new(decision) == []

    def test_a_tag_stays_while_another_label_that_means_it_is_seen(self) -> None:
        rows = [AUTO, PolicyRow("kitty", mode="auto", stash_tag="cat", marker=False)]
        decision = decided(scene(CAT), seen(span(0, 40, "kitty")), [self.APPLIED], ours=[OURS], rows=rows)
        assert decision.retract == () and new(decision) == []

    def test_a_tag_stays_while_the_owner_wants_it_for_another_label(self) -> None:
        rows = [AUTO, PolicyRow("kitty", stash_tag="cat")]
        wanted = replace(PENDING, id=3, label="kitty", state="accepted", decided_by="owner")
        decision = decided(scene(CAT), seen(), [self.APPLIED, wanted], ours=[OURS], rows=rows)
        assert decision.retract == ()

    def test_a_policy_that_became_careful_takes_nothing_back_that_is_seen(self) -> None:
        decision = decided(scene(CAT), suggestions=[self.APPLIED], ours=[OURS], rows=[PolicyRow("cat", mode="suggest")])
        assert decision.retract == ()


class TestHeld:
    def test_what_was_undone_is_never_accepted_by_a_policy_again(self) -> None:
        """Not even if it was withdrawn after the undo, and is found anew."""
        undone = [
            replace(PENDING, state="withdrawn", held=True),
            replace(MARKER, state="withdrawn", held=True),
        ]
        drafts = decided(scene(), suggestions=undone, rows=[AUTO]).outcome.new
        assert [(draft.accept, draft.held) for draft in drafts] == [(False, True), (False, True)]
        (_, elsewhere) = decided(scene(), seen(span(60, 90)), undone, rows=[AUTO]).outcome.new
        assert (elsewhere.type, elsewhere.accept, elsewhere.held) == ("marker", True, False)

    def test_what_was_withdrawn_without_an_undo_may_be_accepted_again(self) -> None:
        drafts = decided(scene(), suggestions=[replace(PENDING, state="withdrawn")], rows=[AUTO]).outcome.new
        assert all(draft.accept and not draft.held for draft in drafts)
