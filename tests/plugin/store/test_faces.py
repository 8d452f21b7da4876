from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.store.faces import Candidate, FaceAnalysis, FaceReport, Track
from plugin.store.marks import Mark, pack, unpack
from plugin.store.store import Store
from plugin.store.suggestions import Draft, Outcome, Suggestion
from plugin.store.verdicts import Verdict

ADA, BO = "stash:1", "box:https://box.example/graphql|bo"
MARKS = tuple(Mark(n / 4, 0.1, 0.2, 0.3, 0.4) for n in range(10))
SEEN = Candidate((ADA,), "Ada", 0.75, 0.5, 2, 4, "stash", "0123", ("margin",), "match")
TRACK = Track("a" * 16, ((1.0, 9.0), (20.0, 30.0)), 10, 5, 0.9, MARKS[2], "match", (SEEN,), "", "", MARKS)
OTHER = Track("b" * 16, ((2.0, 3.0),), 1, 1, 0.5, MARKS[0], "unknown", (), "group-1")


@pytest.fixture
def run_id(store: Store) -> int:
    return store.runs.begin("Identify performers", "task")


def looked(
    run_id: int, media_id: int = 1, kind: str = "scene", tracks: tuple[Track, ...] = (TRACK, OTHER)
) -> FaceAnalysis:
    content = f"key-{kind}-{media_id}"
    return FaceAnalysis(
        kind, media_id, "One", run_id, "oshash-a-10", content, "whole", "dlib", "2020-05-01", 60.0, 15, 11, "g1", "r1",
        tracks=tracks,
    )  # fmt: skip


def plain(analysis: FaceAnalysis | None) -> FaceAnalysis | None:
    return replace(analysis, id=0, done_s=0.0) if analysis else None


class TestLooks:
    def test_a_look_comes_back_as_it_was(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))
        assert plain(store.faces.get("scene", 1, with_marks=True)) == looked(run_id, tracks=(TRACK, replace(OTHER)))
        without = store.faces.get("scene", 1)
        assert without is not None and without.tracks[0].marks == () and without.tracks[0].seconds == 18.0
        assert store.faces.get("image", 1) is None

    def test_a_newer_one_takes_its_place(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))
        store.faces.save(looked(run_id, tracks=(OTHER,)))
        known = store.faces.get("scene", 1)
        assert known is not None and [one.id for one in known.tracks] == [OTHER.id]
        assert store.db.number("SELECT count(*) FROM track") == 1 and store.faces.counts() == {"scene": 1}

    def test_another_match_changes_who_it_is_and_not_when_it_was_looked_at(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))
        before = store.faces.known("scene", [1])[1]
        store.faces.rematch(
            before, FaceReport("dlib", (replace(TRACK, decision="unknown", candidates=()),), 1, 1, "g2")
        )
        after = store.faces.get("scene", 1)
        assert after is not None and (after.gallery_version, after.done_s, after.frames) == ("g2", before.done_s, 15)
        assert [one.decision for one in after.tracks] == ["unknown"]

    def test_what_was_matched_with_other_references_is_found_page_by_page(self, store: Store, run_id: int) -> None:
        for media_id in range(1, 6):
            store.faces.save(looked(run_id, media_id))
        store.faces.save(looked(run_id, 1, "gallery", ()))
        store.faces.save(replace(looked(run_id, 6), gallery_version="g2"))
        first = store.faces.outdated("g2", 3)
        rest = store.faces.outdated("g2", 3, first[-1].id)
        assert [one.media_id for one in (*first, *rest)] == [1, 2, 3, 4, 5]
        assert [one.media_id for one in store.faces.outdated_galleries("g2")] == [1]
        store.faces.set_version("gallery", "g2")
        assert store.faces.outdated_galleries("g2") == []

    def test_one_file_may_be_of_several_media(self, store: Store, run_id: int) -> None:
        store.faces.save(replace(looked(run_id, 1), content_key="same"))
        store.faces.save(replace(looked(run_id, 2), content_key="same"))
        assert [one.media_id for one in store.faces.of_contents(["same", "other"])] == [1, 2]

    def test_groups_are_joined_and_set(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))
        store.faces.join_groups(["group-1", "group-9"], "group-2")
        assert store.faces.get("scene", 1).tracks[1].group_id == "group-2"  # type: ignore[union-attr]
        store.faces.set_groups({OTHER.id: ""})
        assert store.faces.get("scene", 1).tracks[1].group_id == ""  # type: ignore[union-attr]

    def test_a_medium_that_is_gone_takes_its_faces_along(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))
        store.analyses.forget("scene", 1)
        assert store.faces.get("scene", 1) is None and store.db.number("SELECT count(*) FROM track") == 0


SHARES = st.floats(0, 1)


@given(st.lists(st.builds(Mark, st.floats(0, 1e6), SHARES, SHARES, SHARES, SHARES), max_size=30))
def test_marks_keep_a_millisecond_and_a_pixel_of_a_large_picture(marks: list[Mark]) -> None:
    back = unpack(pack(marks))
    assert len(back) == len(marks) and len(pack(marks)) == 12 * len(marks)
    for one, other in zip(marks, back, strict=True):
        assert abs(one.pts_s - other.pts_s) <= 0.00051
        assert all(abs(a - b) <= 0.0001 for a, b in zip(one.box, other.box, strict=True))


@given(st.builds(Mark, st.floats(-1e12, 1e12), *[st.floats(-5, 5)] * 4), st.binary(max_size=11))
def test_marks_beyond_all_bounds_harm_nothing(mark: Mark, rest: bytes) -> None:
    (back,) = unpack(pack([mark]) + rest)
    assert all(0 <= share <= 1 for share in back.box) and back.pts_s >= 0


def suggest(store: Store, run_id: int, *tracks: str, keys: tuple[str, ...] = (ADA,), kind: str = "scene") -> Suggestion:
    draft = Draft("performer", "Ada", 0.75, reason={"track_ids": list(tracks)}, person_keys=keys, performer_id=1)
    store.suggestions.record(run_id, kind, 1, Outcome((draft,)), {})
    return store.suggestions.of_medium(kind, 1)[-1]


def said(store: Store) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.track_id[0]: (one.is_key, one.not_keys) for one in store.verdicts.of_medium("scene", 1).values()}


class TestVerdicts:
    @pytest.fixture(autouse=True)
    def _looked(self, store: Store, run_id: int) -> None:
        store.faces.save(looked(run_id))

    def test_a_decision_on_a_suggestion_is_one_on_its_tracks(self, store: Store, run_id: int) -> None:
        found = suggest(store, run_id, TRACK.id, OTHER.id)
        store.suggestions.accept([found.id])
        assert said(store) == {"a": (ADA, ())}, "the other one is no match: nobody looked at that"
        store.suggestions.reject([found.id])
        assert said(store) == {"a": ("", (ADA,)), "b": ("", (ADA,))}
        store.suggestions.reopen([found.id], held=True)
        assert said(store) == {"a": ("", ()), "b": ("", ())}

    def test_where_nothing_was_a_match_the_owner_saw_all_of_them(self, store: Store, run_id: int) -> None:
        store.suggestions.accept([suggest(store, run_id, OTHER.id).id])
        assert said(store) == {"b": (ADA, ())}

    def test_what_a_policy_accepts_confirms_nobody(self, store: Store, run_id: int) -> None:
        draft = Draft("performer", "Ada", 0.75, reason={"track_ids": [TRACK.id]}, person_keys=(ADA,), accept=True)
        store.suggestions.record(run_id, "scene", 1, Outcome((draft,)), {})
        assert said(store) == {} and store.verdicts.unsent() == []

    def test_a_gallery_says_nothing_of_its_images(self, store: Store, run_id: int) -> None:
        store.suggestions.accept([suggest(store, run_id, TRACK.id, kind="gallery").id])
        assert store.verdicts.unsent() == []

    def test_somebody_else_takes_the_place_of_who_it_was(self, store: Store) -> None:
        store.verdicts.confirm("scene", 1, [TRACK.id], [ADA], "Ada")
        store.verdicts.deny("scene", 1, [TRACK.id], [BO])
        assert said(store) == {"a": (ADA, (BO,))}
        store.verdicts.confirm("scene", 1, [TRACK.id], [BO], "Bo")
        assert said(store) == {"a": (BO, ())}
        store.verdicts.deny("scene", 1, [TRACK.id], [BO, ADA])
        assert said(store) == {"a": ("", tuple(sorted((ADA, BO))))}

    def test_what_changes_while_it_is_told_is_told_again(self, store: Store) -> None:
        store.verdicts.confirm("scene", 1, [TRACK.id], [ADA], "Ada")
        (told,) = store.verdicts.unsent()
        store.verdicts.deny("scene", 1, [TRACK.id], [ADA])
        store.verdicts.mark_sent([told])
        (again,) = store.verdicts.unsent()
        assert again.not_keys == (ADA,)
        store.verdicts.mark_sent([again])
        store.verdicts.deny("scene", 1, [TRACK.id], [ADA])
        assert store.verdicts.unsent() == [], "saying it twice is saying it once"
        store.verdicts.tell_again("key-scene-2")
        assert store.verdicts.unsent() == []
        store.verdicts.tell_again("key-scene-1")
        assert [one.track_id for one in store.verdicts.unsent()] == [TRACK.id]

    def test_a_track_that_is_not_there_is_said_nothing_of(self, store: Store) -> None:
        store.verdicts.confirm("scene", 1, ["f" * 16], [ADA], "Ada")
        store.verdicts.confirm("scene", 2, [TRACK.id], [ADA], "Ada")
        assert store.verdicts.unsent() == []

    def test_they_are_of_the_content_whatever_scene_shows_it(self, store: Store, run_id: int) -> None:
        store.faces.save(replace(looked(run_id, 2), content_key="key-scene-1"))
        store.verdicts.confirm("scene", 1, [TRACK.id], [ADA], "Ada")
        expected = Verdict("scene", 1, "key-scene-1", TRACK.id, ADA, "Ada", (ADA,), (), "owner", 1, 0)
        assert store.verdicts.of_medium("scene", 2) == {TRACK.id: expected}

    def test_erasing_forgets_faces_and_keeps_refusals(self, store: Store, run_id: int) -> None:
        waiting = suggest(store, run_id, TRACK.id)
        refused = suggest(store, run_id, OTHER.id, keys=(BO,))
        store.suggestions.reject([refused.id])
        assert store.faces.erase() == (1, 1)
        assert store.faces.erase() == (0, 0), "again is nothing new"
        assert [one.state for one in store.suggestions.get([waiting.id, refused.id])] == ["withdrawn", "rejected"]
        assert [one.person_keys for one in store.suggestions.refusals("scene", 1)] == [(BO,)]
        assert store.verdicts.unsent() == [] and store.db.number("SELECT count(*) FROM track") == 0


class TestLabelsOfPeople:
    def test_namesakes_and_tags_of_their_name_are_apart(self, store: Store, run_id: int) -> None:
        tag_ids = store.analyses.label_ids({"Ada": "names"})
        store.suggestions.record(run_id, "scene", 1, Outcome((Draft("tag", "Ada", 1.0),)), tag_ids)
        suggest(store, run_id)
        suggest(store, run_id, keys=(BO,))
        assert len(store.suggestions.group("label", type="performer")) == 2
        assert store.analyses.labels() == [("Ada", "names", 0)], "policies are for tags"
        assert [len(found) for found in store.suggestions.of_label("Ada").values()] == [1]
        assert store.suggestions.count(label="ada") == 3
        assert store.persons.scenes_of([ADA, BO, "stash:9"]) == {ADA: 1, BO: 1}

    def test_who_is_renamed_keeps_their_suggestions(self, store: Store, run_id: int) -> None:
        found = suggest(store, run_id)
        draft = Draft("performer", "Ada Lovelace", 0.8, reason={}, person_keys=(ADA,))
        store.suggestions.record(run_id, "scene", 1, Outcome(updates=((found.id, draft),)), {})
        (now,) = store.suggestions.get([found.id])
        assert (now.label, now.score) == ("Ada Lovelace", 0.8)

    def test_a_refusal_of_a_person_goes_by_any_of_their_keys(self, store: Store, run_id: int) -> None:
        found = suggest(store, run_id, keys=(BO,))
        store.suggestions.reject([found.id])
        linked = suggest(store, run_id, keys=(ADA, BO))
        store.suggestions.accept([linked.id])
        assert store.suggestions.refusals("scene", 1) == []
