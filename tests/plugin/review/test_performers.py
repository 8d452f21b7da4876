"""Who is suggested for a medium, from its tracks and what their owner said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.review.decide import Before, Decision
from plugin.review.performers import FaceRules, Seen, decide_performers, ordered_keys, sightings, who_of
from plugin.stash.values import Medium
from plugin.store.faces import Candidate, FaceAnalysis, Track
from plugin.store.journal import Entry
from plugin.store.marks import Mark
from plugin.store.suggestions import Draft, Refusal, Suggestion
from plugin.store.verdicts import Verdict

BOX = "https://box.example/graphql"
ADA, ADA_BOX, BO_BOX = "stash:1", f"box:{BOX}|ada", f"box:{BOX}|bo"
MEDIUM = Medium("scene", 1, "One", {}, None)
NOTHING, SUGGEST = Before(), FaceRules()
ANALYSIS = FaceAnalysis("scene", 1, "One", 1, "oshash-a-1", "key", "whole", "dlib", "", 60.0, 30, 20, "g1", "")


def candidate(name: str, *keys: str, **fields: Any) -> Candidate:
    return replace(Candidate(keys, name, 0.75, 0.5, 2, 4, "stash", "0123", (), "match"), **fields)


def track(track_id: str, *candidates: Candidate, spans: Any = ((1.0, 9.0),), **fields: Any) -> Track:
    decision = candidates[0].decision if candidates else "unknown"
    best = Mark(spans[0][0] + 0.5, 0.1, 0.1, 0.2, 0.3)
    return replace(Track(track_id, spans, 8, 5, 0.9, best, decision, candidates), **fields)


ADAS = candidate("Ada", ADA, ADA_BOX)
BOS = candidate("Bo", BO_BOX, source="stash_box", references=1)
MAYBE_ADA = replace(ADAS, decision="maybe", similarity=0.5, margin=0.05, lowered=("margin",))


def decided(
    *tracks: Track, medium: Medium = MEDIUM, before: Before = NOTHING, rules: FaceRules = SUGGEST, **seen: Any
) -> Decision:
    return decide_performers(medium, Seen(replace(ANALYSIS, tracks=tracks), **seen), before, rules)


def suggestion(draft: Draft, **fields: Any) -> Suggestion:
    made = Suggestion(
        5, 1, "scene", 1, "performer", draft.label, "", 0, 0, 0, draft.score, draft.reason, "pending",
        performer_id=draft.performer_id, person_keys=draft.person_keys,
    )  # fmt: skip
    return replace(made, **fields)


def added(suggestion_id: int, performer_id: int = 1) -> Entry:
    return Entry(
        9, 1, suggestion_id, None, "suggestion", "add_performer", "scene", 1, None, "", None, "Ada", None, None, "done",
        "", 0.0, 0.0, performer_id, ADA,
    )  # fmt: skip


class TestOneSuggestionPerPerson:
    def test_of_several_tracks_with_their_time_together_and_the_best_numbers(self) -> None:
        weaker = replace(ADAS, similarity=0.7)
        (draft,) = decided(
            track("a", weaker, spans=((1.0, 9.0), (20.0, 30.0))), track("b", ADAS, spans=((8.0, 12.0),))
        ).outcome.new
        assert (draft.type, draft.label, draft.score, draft.performer_id) == ("performer", "Ada", 0.75, 1)
        assert draft.person_keys == (ADA, ADA_BOX) and draft.peak_s == 8.5
        assert draft.reason["spans"] == [[1.0, 12.0], [20.0, 30.0]] and draft.reason["seconds"] == 21.0
        assert draft.reason["track_ids"] == ["b", "a"] and draft.reason["views"] == 10
        assert draft.reason["box"] == {"endpoint": BOX, "id": "ada"} and not draft.accept

    def test_of_tracks_whose_identities_share_a_key(self) -> None:
        """Two of them are linked by a third that knows both names."""
        apart = track("a", candidate("Ada", ADA)), track("b", candidate("Ada L.", ADA_BOX))
        assert len(decided(*apart).outcome.new) == 2
        (draft,) = decided(*apart, track("c", candidate("Ada", ADA, ADA_BOX))).outcome.new
        assert set(draft.reason["track_ids"]) == {"a", "b", "c"}

    def test_a_match_speaks_louder_than_a_more_similar_maybe(self) -> None:
        (draft,) = decided(track("a", replace(MAYBE_ADA, similarity=0.9)), track("b", ADAS)).outcome.new
        assert (draft.reason["decision"], draft.score) == ("match", 0.75)

    def test_namesakes_are_others(self) -> None:
        drafts = decided(track("a", ADAS), track("b", candidate("Ada", BO_BOX))).outcome.new
        assert {one.person_keys[0] for one in drafts} == {ADA, BO_BOX}

    def test_of_a_stash_box_alone_they_are_new(self) -> None:
        (draft,) = decided(track("a", BOS)).outcome.new
        assert draft.performer_id is None and draft.reason["box"] == {"endpoint": BOX, "id": "bo"}

    def test_of_nobody_there_is_none(self) -> None:
        assert decided(track("a"), track("b", replace(ADAS, decision="unknown"))) == Decision(decided().outcome)

    def test_reasons_stay_small(self) -> None:
        (draft,) = decided(track("a", ADAS, spans=tuple((4.0 * n, 4.0 * n + 1) for n in range(500)))).outcome.new
        assert len(draft.reason["spans"]) == 20 and draft.reason["seconds"] == 500.0


class TestRules:
    def test_auto_writes_matches_and_asks_about_maybes(self) -> None:
        drafts = decided(
            track("a", ADAS), track("b", replace(BOS, decision="maybe")), rules=FaceRules("auto")
        ).outcome.new
        assert [(one.label, one.accept) for one in drafts] == [("Ada", True), ("Bo", False)]

    def test_maybes_are_left_out_where_their_owner_wants_none(self) -> None:
        assert decided(track("a", MAYBE_ADA), rules=FaceRules(maybes=False)).outcome.new == ()

    @pytest.mark.parametrize(("images", "needed"), [(1, 1), (2, 2), (10, 2), (40, 2), (41, 3), (100, 5), (1000, 50)])
    def test_a_gallery_needs_a_share_of_its_images(self, images: int, needed: int) -> None:
        assert FaceRules().needed_images(images) == needed
        gallery = Medium("gallery", 3, "Three", {}, None)

        def shown(times: int) -> tuple[Draft, ...]:
            looked = [
                replace(ANALYSIS, kind="image", media_id=n, tracks=(track(f"t{n}", ADAS),) if n < times else ())
                for n in range(images)
            ]
            return decided(medium=gallery, images=looked).outcome.new

        assert shown(needed - 1) == ()
        (draft,) = shown(needed)
        assert (draft.reason["images"], draft.reason["needed_images"]) == (needed, needed)
        assert draft.reason["share"] == round(needed / images, 4) and draft.reason["seconds"] == 0.0

    def test_two_faces_of_one_image_are_one_image(self) -> None:
        looked = [replace(ANALYSIS, kind="image", media_id=n) for n in range(4)]
        looked[0] = replace(looked[0], tracks=(track("a", ADAS), track("b", ADAS)))
        assert decided(medium=Medium("gallery", 3, "", {}, None), images=looked).outcome.new == ()

    def test_the_digest_changes_with_every_rule(self) -> None:
        others = [FaceRules("auto"), FaceRules(maybes=False), FaceRules(gallery_share=0.1), FaceRules(gallery_images=3)]
        assert len({FaceRules().digest, *(one.digest for one in others)}) == 5


class TestWhatWasBefore:
    (DRAFT,) = decided(track("a", ADAS)).outcome.new

    def test_who_is_on_the_medium_is_not_suggested(self) -> None:
        medium = replace(MEDIUM, performers={1: "Ada"})
        assert decided(track("a", ADAS), medium=medium).outcome == decided().outcome
        waiting = Before([suggestion(self.DRAFT)])
        assert decided(track("a", ADAS), medium=medium, before=waiting).outcome.withdraw == (5,)

    def test_a_pending_one_follows_what_is_seen(self) -> None:
        better = replace(ADAS, similarity=0.9)
        ((known, draft),) = decided(track("a", better), before=Before([suggestion(self.DRAFT)])).outcome.updates
        assert (known, draft.score) == (5, 0.9)
        assert decided(before=Before([suggestion(self.DRAFT)])).outcome.withdraw == (5,)

    def test_one_that_the_owner_accepted_stays(self) -> None:
        accepted = suggestion(self.DRAFT, state="accepted", decided_by="owner")
        assert decided(before=Before([accepted])).outcome == decided().outcome

    @pytest.mark.parametrize("key", [ADA, ADA_BOX])
    def test_who_was_refused_is_never_suggested_by_whichever_key(self, key: str) -> None:
        refused = Before(refusals=[Refusal("performer", "Ada", person_keys=(key,))])
        assert decided(track("a", ADAS), before=refused).outcome.new == ()

    def test_who_was_merged_into_another_performer_was_not_refused(self) -> None:
        applied = Before([suggestion(self.DRAFT, state="applied", decided_by="owner")], ours=[added(5)])
        medium = replace(MEDIUM, performers={7: "Ada"})
        said = Verdict("scene", 1, "key", "a", ADA, "Ada", (ADA, ADA_BOX))
        merged = track("a", candidate("Ada", "stash:7", ADA_BOX))
        for verdicts in ({}, {"a": said}):
            decision = decided(merged, medium=medium, before=applied, verdicts=verdicts)
            assert decision.outcome.removed_by_owner == () and decision.outcome.new == () and decision.theirs
            ((known, draft),) = decision.outcome.updates
            assert (known, draft.performer_id) == (5, 7)
        decision = decided(merged, before=applied)
        assert decision.outcome.removed_by_owner == (5,), "where neither is on the medium, they were taken from it"

    def test_who_the_owner_removed_was_refused(self) -> None:
        applied = suggestion(self.DRAFT, state="applied", decided_by="owner")
        decision = decided(track("a", ADAS), before=Before([applied], ours=[added(5)]))
        assert decision.outcome.removed_by_owner == (5,) and decision.outcome.new == ()
        assert [entry.id for entry in decision.theirs] == [9] and decision.retract == ()

    def test_what_a_policy_wrote_goes_when_nobody_is_seen_any_more(self) -> None:
        there = replace(MEDIUM, performers={1: "Ada"})
        applied = suggestion(self.DRAFT, state="applied", decided_by="policy")
        before = Before([applied], ours=[added(5)])
        assert [entry.id for entry in decided(medium=there, before=before).retract] == [9]
        assert decided(track("a", ADAS), medium=there, before=before).retract == ()

    def test_what_the_owner_confirmed_stays(self) -> None:
        applied = suggestion(self.DRAFT, state="applied", decided_by="owner")
        there = replace(MEDIUM, performers={1: "Ada"})
        assert decided(medium=there, before=Before([applied], ours=[added(5)])).retract == ()

    def test_what_was_undone_once_waits_for_its_owner(self) -> None:
        withdrawn = suggestion(self.DRAFT, state="withdrawn", held=True)
        (draft,) = decided(track("a", ADAS), before=Before([withdrawn]), rules=FaceRules("auto")).outcome.new
        assert draft.held and not draft.accept

    def test_two_suggestions_of_one_person_become_one(self) -> None:
        """They were two identities until somebody linked them."""
        other = suggestion(self.DRAFT, id=6, person_keys=(ADA_BOX,))
        first = suggestion(self.DRAFT, person_keys=(ADA,))
        outcome = decided(track("a", ADAS), before=Before([first, other])).outcome
        assert [known for known, _ in outcome.updates] == [5] and outcome.withdraw == (6,)


class TestVerdicts:
    def test_who_a_track_is_not_the_next_candidate_may_be(self) -> None:
        denied = Verdict("scene", 1, "key", "a", not_keys=(ADA,))
        who = who_of(track("a", ADAS, replace(BOS, decision="maybe")), denied)
        assert who is not None and (who.candidate.name, who.decision) == ("Bo", "maybe")
        assert who_of(track("a", ADAS), denied) is None

    def test_the_owners_word_counts_whatever_the_numbers_say(self) -> None:
        said = Verdict("scene", 1, "key", "a", BO_BOX, "Bo", (BO_BOX,))
        (draft,) = decided(track("a", ADAS), verdicts={"a": said}).outcome.new
        assert (draft.label, draft.person_keys, draft.reason["source"]) == ("Bo", (BO_BOX,), "owner")

    def test_a_confirmed_track_of_nobody_known(self) -> None:
        said = Verdict("scene", 1, "key", "a", ADA, "Ada", (ADA, ADA_BOX))
        (draft,) = decided(track("a"), verdicts={"a": said}).outcome.new
        assert draft.person_keys == (ADA, ADA_BOX) and draft.performer_id == 1


def test_keys_of_stash_come_first_the_oldest_performer_before_others() -> None:
    assert ordered_keys([ADA_BOX, "stash:12", "stash:9", ADA_BOX]) == ("stash:9", "stash:12", ADA_BOX)


KEYS = st.lists(st.sampled_from([f"stash:{n}" for n in range(1, 5)] + [ADA_BOX, BO_BOX]), min_size=1, max_size=3)
CANDIDATES = st.builds(
    lambda keys, similarity, decision: candidate("X", *keys, similarity=similarity, decision=decision),
    KEYS,
    st.floats(-1, 1),
    st.sampled_from(["unknown", "maybe", "match"]),
)
TRACKS = st.lists(st.lists(CANDIDATES, max_size=3), max_size=8).map(
    lambda rows: tuple(track(f"t{n}", *row) for n, row in enumerate(rows))
)


@given(TRACKS)
def test_every_track_belongs_to_at_most_one_person_and_persons_share_no_key(tracks: tuple[Track, ...]) -> None:
    found = sightings(Seen(replace(ANALYSIS, tracks=tracks)))
    ids = [one.id for sighting in found for one in sighting.tracks]
    assert len(ids) == len(set(ids))
    keys = [key for sighting in found for key in sighting.keys]
    assert len(keys) == len(set(keys)), "else one performer would be suggested twice"


@given(TRACKS, st.randoms(use_true_random=False))
def test_the_order_of_tracks_decides_nothing(tracks: tuple[Track, ...], random: Any) -> None:
    other = list(tracks)
    random.shuffle(other)
    one, two = (sightings(Seen(replace(ANALYSIS, tracks=tuple(each)))) for each in (tracks, other))
    assert {(s.keys[0], frozenset(s.keys), s.decision) for s in one} == {
        (s.keys[0], frozenset(s.keys), s.decision) for s in two
    }


@given(TRACKS)
def test_deciding_again_changes_nothing(tracks: tuple[Track, ...]) -> None:
    first = decided(*tracks).outcome.new
    before = Before([suggestion(draft, id=n + 1) for n, draft in enumerate(first)])
    again = decided(*tracks, before=before).outcome
    assert again.new == () and again.withdraw == ()
    assert sorted(known for known, _ in again.updates) == [n + 1 for n in range(len(first))]
