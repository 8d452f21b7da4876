"""References, what became of pictures, verdicts on tracks, and what each takes along when it goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sidecar.store import FeatureStore, PassState
from sidecar.store.faces import PersonRow, StoredGroup, TrackVerdict
from tests.store.faces.samples import MODEL, enrol, face, person_vector, reference, track
from tests.store.samples import content


def test_references_come_back_with_their_pictures(store: FeatureStore) -> None:
    enrol(store.faces, "stash:1", "Ada", reference(1, 1), reference(1, 2))
    one, two = store.faces.references.of(["stash:1"], MODEL)
    assert (one.key, one.source, one.image_id, one.imported) == ("stash:1", "stash", "sha256:stash:1.0", False)
    assert float(one.vector @ person_vector(1, 1)) > 0.99999
    assert store.faces.references.pictures([one.id, two.id]) == {one.id: b"jpeg 1.1", two.id: b"jpeg 1.2"}
    assert store.faces.references.counts(["stash:1"], MODEL) == {"stash:1": {"stash": 2}}
    assert store.faces.references.best(["stash:1"], MODEL) == {"stash:1": two.id}
    assert store.faces.references.of(["stash:1"], "other@1") == ()


def test_pictures_that_are_no_longer_listed_are_forgotten_and_other_sources_stay(store: FeatureStore) -> None:
    references = store.faces.references
    enrol(store.faces, "stash:1", "Ada", reference(1, 1), reference(1, 2))
    enrol(store.faces, "stash:1", "Ada", reference(1, 3, "folder", image_id="sha256:f"))
    references.take_in(PersonRow("stash:1", "Ada"), "stash", MODEL, [("sha256:stash:1.1", "enrolled")])
    assert [one.image_id for one in references.of(["stash:1"], MODEL)] == ["sha256:stash:1.1", "sha256:f"]
    assert references.outcomes("stash:1", "stash", MODEL) == {"sha256:stash:1.1": "enrolled"}
    assert references.outcomes("stash:1", "folder", MODEL) == {"sha256:f": "enrolled"}


def test_what_is_taken_away_stays_away_and_spare_pictures_may_be_looked_at_again(store: FeatureStore) -> None:
    references = store.faces.references
    enrol(store.faces, "box:a|1", "Ada", reference(1, 1, "stash_box", image_id="sha256:b"))
    references.take_in(PersonRow("stash:1", "Ada", same_as=("box:a|1",)), "stash", MODEL, [("sha256:s", "spare")])
    (there,) = references.of(["box:a|1"], MODEL)
    assert references.remove([there.id, 999]) == ("box:a|1",)
    assert references.refused("box:a|1") == {"sha256:b", f"uid:{there.uid}"}
    assert references.outcomes("box:a|1", "stash_box", MODEL) == {}
    assert references.outcomes("stash:1", "stash", MODEL) == {}
    store.faces.people.forget(["box:a|1"])
    assert "sha256:b" in references.refused("box:a|1")


def test_an_index_learns_what_changed_since_it_was_told(store: FeatureStore) -> None:
    references = store.faces.references
    enrol(store.faces, "stash:1", "Ada", reference(1, 1), reference(1, 2))
    all_of_it = references.changes(MODEL)
    assert (all_of_it.vectors.shape, all_of_it.vectors.dtype) == ((2, 32), np.dtype(np.float16))
    assert len(all_of_it.gone) == 0
    key_of = store.faces.people.identities().key_of_person
    assert [key_of[person] for person in all_of_it.people.tolist()] == ["stash:1", "stash:1"]
    assert len(references.changes(MODEL, all_of_it.generation).ids) == 0
    enrol(store.faces, "stash:2", "Bea", reference(2, 1))
    store.faces.people.forget(["stash:1"])
    since = references.changes(MODEL, all_of_it.generation)
    assert since.gone.tolist() == all_of_it.ids.tolist()
    assert len(since.ids) == 1 and since.ids[0] > max(all_of_it.ids)
    assert references.changes("other@1").ids.shape == (0,)


def two_tracks(store: FeatureStore, key: int = 1) -> tuple[str, str]:
    """A medium with a track of person 1 at 0-2 s and one of person 2 at 3-4 s."""
    seen = [face(0.0, 1, 1), face(1.0, 1, 2), face(2.0, 1, 3), face(3.0, 2, 1), face(4.0, 2, 2)]
    store.faces.add(content(key), MODEL, [0.0, 1.0, 2.0, 3.0, 4.0], seen)
    looked = store.faces.looked(content(key), MODEL)
    assert looked is not None
    tracks = track(10 * key, looked.faces[:3]), track(10 * key + 1, looked.faces[3:])
    store.faces.save_tracks(content(key), MODEL, tracks)
    return tracks[0].id, tracks[1].id


def from_track(track_id: str, source: str = "track", view: int = 1):  # type: ignore[no-untyped-def]
    return reference(1, view, source, content_key=content(1), track_id=track_id, pts_s=1.0)


def test_a_verdict_gives_references_and_revokes_them(store: FeatureStore) -> None:
    first, _ = two_tracks(store)
    faces = store.faces
    faces.people.save(PersonRow("stash:1", "Ada"))
    assert not faces.verdicts.say(TrackVerdict(content(1), "f" * 16, "stash:1"), MODEL)
    assert not faces.verdicts.say(TrackVerdict(content(9), first, "stash:1"), MODEL)
    concluded = TrackVerdict(content(1), first, "stash:1", bootstrap=True)
    assert faces.verdicts.say(concluded, MODEL, [from_track(first, "bootstrap")])
    assert faces.references.counts(["stash:1"], MODEL) == {"stash:1": {"bootstrap": 1}}
    confirmed = TrackVerdict(content(1), first, "stash:1", ("stash:2",))
    for added in ([from_track(first)], []):  # the second time nothing is new
        assert faces.verdicts.say(confirmed, MODEL, added)
        assert faces.references.counts(["stash:1"], MODEL) == {"stash:1": {"track": 1}}
    assert faces.verdicts.of(content(1)) == {first: confirmed}
    assert faces.verdicts.confirmed([MODEL]) == {first: "stash:1"}
    with pytest.raises(ValueError, match="no person is known under the key 'stash:7'"):
        faces.verdicts.say(TrackVerdict(content(1), first, "stash:7"), MODEL, [from_track(first)])
    assert faces.verdicts.of(content(1)) == {first: confirmed}
    assert faces.verdicts.say(TrackVerdict(content(1), first, ""), MODEL)
    assert faces.references.of(["stash:1"], MODEL) == ()
    assert faces.verdicts.of(content(1)) == {}


def test_a_rejection_is_of_its_track_alone(store: FeatureStore) -> None:
    first, second = two_tracks(store)
    store.faces.verdicts.say(TrackVerdict(content(1), first, not_keys=("stash:1", "stash:2")), MODEL)
    assert store.faces.verdicts.rejected(content(1), first) == {"stash:1", "stash:2"}
    assert store.faces.verdicts.rejected(content(1), second) == set()
    assert store.faces.verdicts.rejected(content(2), first) == set()


def test_a_rejection_goes_over_to_the_track_that_has_the_faces(store: FeatureStore) -> None:
    first, second = two_tracks(store)
    faces = store.faces
    faces.verdicts.say(TrackVerdict(content(1), first, not_keys=("stash:1",)), MODEL)
    looked = faces.looked(content(1), MODEL)
    assert looked is not None
    anew = track(77, looked.faces[:2]), track(11, looked.faces[2:])
    faces.save_tracks(content(1), MODEL, anew)
    assert faces.verdicts.rejected(content(1), anew[0].id) == {"stash:1"}
    assert faces.verdicts.rejected(content(1), second) == set()


def test_a_rejection_survives_that_the_medium_is_looked_at_anew(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        first, second = two_tracks(store)
        store.faces.people.save(PersonRow("stash:1", "Ada"))
        store.faces.verdicts.say(TrackVerdict(content(1), first, not_keys=("stash:1",)), MODEL)
        store.faces.forget(content(1), MODEL)
    with FeatureStore.open(data_dir) as store:
        assert two_tracks(store) == (first, second)
        assert store.faces.verdicts.rejected(content(1), first) == {"stash:1"}
        assert store.faces.verdicts.rejected(content(1), second) == set()
        looked = store.faces.looked(content(1), MODEL)
        assert looked is not None
        store.faces.forget(content(1), MODEL)
        # Under another model the tracks have other names: nobody can say which one it was.
        store.faces.add(content(1), "other@1", [0.0, 1.0], [face(0.0), face(1.0, 2)])
        looked = store.faces.looked(content(1), "other@1")
        assert looked is not None
        other, confirmed = track(5, looked.faces[:1]), track(6, looked.faces[1:])
        store.faces.save_tracks(content(1), "other@1", [other, confirmed])
        assert store.faces.verdicts.rejected(content(1), other.id) == {"stash:1"}
        store.faces.verdicts.say(TrackVerdict(content(1), confirmed.id, "stash:1"), "other@1")
        assert store.faces.verdicts.rejected(content(1), confirmed.id) == set()


def test_groups_are_kept_with_what_was_done_to_them(store: FeatureStore) -> None:
    groups = store.faces.groups
    a, b = StoredGroup("a" * 16, ("1", "2")), StoredGroup("b" * 16, ("3",), ignored=True)
    groups.save_all(MODEL, [a, b])
    assert groups.all(MODEL) == (a, b)
    assert groups.group_of(MODEL, ["1", "3", "9"]) == {"1": a.id, "3": b.id}
    merged = StoredGroup(a.id, ("1", "2", "3"))
    with store.faces.transaction():
        groups.save_all(MODEL, [merged])
        merge = groups.record(MODEL, "merge", a.id, [a, b], change_id="c" * 16)
        split = groups.record(MODEL, "split", a.id, [StoredGroup("", ("1",)), StoredGroup(a.id, ("2",))])
    assert groups.all(MODEL) == (merged,)
    assert groups.get(b.id) is None
    assert groups.changes(MODEL, "merge", "split") == (merge, split)
    found = groups.change("c" * 16)
    assert found is not None
    groups.save_all(MODEL, found.before)
    groups.take_back(found.id)
    assert groups.all(MODEL) == (a, b)
    assert groups.changes(MODEL, "merge") == ()
    groups.ignore([a.id], True)
    groups.forget_tracks(MODEL, ["3"])
    assert groups.all(MODEL) == (StoredGroup(a.id, a.track_ids, ignored=True),)
    naming = groups.record(MODEL, "naming", a.id, [a], "stash:1", {"1": "", "2": "stash:4"})
    assert groups.change(naming.id) == naming


def test_a_track_that_moves_leaves_its_group(store: FeatureStore) -> None:
    groups = store.faces.groups
    groups.save(MODEL, [StoredGroup("a", ("1", "2")), StoredGroup("b", ("3",))])
    groups.save(MODEL, [StoredGroup("c", ("2", "3"))])
    assert groups.all(MODEL) == (StoredGroup("a", ("1",)), StoredGroup("c", ("2", "3")))
    groups.save_all("other@1", [StoredGroup("d", ("1",))])
    assert groups.count(MODEL) == 2


def test_all_of_it_is_counted_and_can_be_erased_so_that_it_is_nowhere(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        store.remember_media(content(1), "video", "/one.mp4")
        store.append(content(1), "tags@1", 4, np.zeros(1), None, np.ones((1, 4), np.float32))
        first, _ = two_tracks(store)
        store.faces.set_state(content(1), MODEL, PassState(4.0))
        enrol(store.faces, "stash:1", "Unmistakable Name", reference(1, 1))
        store.faces.verdicts.say(TrackVerdict(content(1), first, "stash:1", ("stash:3",)), MODEL, [from_track(first)])
        store.faces.groups.save(MODEL, [StoredGroup("a", ("1",))])
        store.faces.groups.record(MODEL, "naming", "a", [], "stash:1", {})
        size = store.faces.size(MODEL)
        assert (size.people, size.references, size.references_by_source) == (1, 2, {"stash": 1, "track": 1})
        assert (size.media, size.faces, size.tracks, size.groups) == (1, 5, 2, 1)
        assert size.size_bytes > 5 * 64
        before, generation = store.faces.database_id, store.faces.references.generation()
        assert store.faces.erase() == (5, 1)
        assert store.faces.database_id != before and store.faces.references.generation() > generation
        gone = store.faces.size(MODEL)
        assert (gone.people, gone.references, gone.media, gone.faces, gone.groups, gone.size_bytes) == (0,) * 6
        assert store.pass_state(content(1), MODEL) is None
        assert store.features(content(1), "tags@1") is not None
        assert store.media(content(1)) is not None
    bytes_left = b"".join(path.read_bytes() for path in data_dir.glob("sidecar.db*"))
    assert b"Unmistakable Name" not in bytes_left
    assert b"jpeg of 1" not in bytes_left
    assert person_vector(1, 1).astype(np.float16).tobytes() not in bytes_left
