"""Faces of media and their tracks: what was added is there, once, and goes when it is told to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.store import Coverage, FeatureStore, PassState
from sidecar.store.faces import tracks
from sidecar.values import Note
from tests.store.faces.samples import MODEL, face, person_vector, track
from tests.store.samples import content


def test_nothing_is_known_of_a_medium_that_was_never_looked_at(store: FeatureStore) -> None:
    assert store.faces.looked(content(1), MODEL) is None
    assert store.faces.tracks(content(1), MODEL) == ()
    store.faces.forget(content(1), MODEL)
    store.faces.keep_pictures(content(1), MODEL, [])


def test_faces_come_back_as_they_were(store: FeatureStore) -> None:
    given_face = face(2.5, person=3)
    store.faces.add(content(1), MODEL, [0.0, 2.5, 5.0], [given_face], [Coverage(0.0, 5.0, 2.5)])
    found = store.faces.looked(content(1), MODEL)
    assert found is not None
    assert found.looked_s.tolist() == [0.0, 2.5, 5.0]
    assert found.coverage == (Coverage(0.0, 5.0, 2.5),)
    assert found.state is None
    (stored,) = found.faces
    back = stored.face
    assert (back.pts_s, back.box, back.quality) == (2.5, given_face.box, given_face.quality)
    assert (back.grade, back.traits, back.jpeg) == ("good", given_face.traits, b"")
    assert back.vector.dtype == np.float32
    assert abs(float(np.linalg.norm(back.vector)) - 1) < 1e-6
    assert float(back.vector @ given_face.vector) > 0.999999
    assert store.faces.face_pictures([stored.id]) == {stored.id: given_face.jpeg}
    assert store.faces.faces([stored.id, 999])[stored.id].face.box == given_face.box


def test_a_frame_is_looked_at_once(store: FeatureStore) -> None:
    for _ in range(2):
        store.faces.add(content(1), MODEL, [0.0, 1.0], [face(1.0), face(1.0, person=2)], [Coverage(0, 1, 1)])
    store.faces.add(content(1), MODEL, [1.0000001, 2.0, 2.0], [face(1.0000001), face(2.0)], [Coverage(1, 2, 1)])
    found = store.faces.looked(content(1), MODEL)
    assert found is not None
    assert found.looked_s.tolist() == [0.0, 1.0, 2.0]
    assert [stored.face.pts_s for stored in found.faces] == [1.0, 1.0, 2.0]
    assert found.coverage == (Coverage(0, 2, 1),)


def test_a_face_of_no_frame_and_a_vector_of_another_model_are_refused_whole(store: FeatureStore) -> None:
    store.faces.add(content(1), MODEL, [0.0], [face(0.0)])
    with pytest.raises(ValueError, match="1 faces are of moments that are not among those looked at"):
        store.faces.add(content(1), MODEL, [1.0], [face(2.0)])
    odd = face(3.0)
    object.__setattr__(odd, "vector", person_vector(1, dim=8))
    with pytest.raises(ValueError, match="have vectors of dim 32, got \\[8\\]"):
        store.faces.add(content(1), MODEL, [3.0], [odd])
    found = store.faces.looked(content(1), MODEL)
    assert found is not None and found.looked_s.tolist() == [0.0]


def test_models_and_contents_are_kept_apart_and_go_apart(store: FeatureStore) -> None:
    for key, model in ((content(1), MODEL), (content(1), "other@1"), (content(2), MODEL)):
        store.faces.add(key, model, [0.0], [face(0.0)])
        store.faces.set_state(key, model, PassState(4.0))
    store.faces.forget(content(1), MODEL)
    assert store.faces.looked(content(1), MODEL) is None
    assert store.pass_state(content(1), MODEL) is None
    assert store.faces.looked(content(1), "other@1") is not None
    store.forget(content(1))
    assert store.faces.looked(content(1), "other@1") is None
    assert store.faces.looked(content(2), MODEL) is not None


def test_how_far_the_passes_came_is_told_with_the_faces(store: FeatureStore) -> None:
    state = PassState(4.0, "budget", 0.5, 60.0, 15, 9, "pyav-cpu", (Note("truncated", "The end is missing."),))
    store.faces.set_state(content(1), MODEL, state)
    found = store.faces.looked(content(1), MODEL)
    assert found is not None and (found.state, found.faces) == (state, ())


def test_pictures_of_other_faces_of_the_medium_are_dropped(store: FeatureStore) -> None:
    for key in (content(1), content(2)):
        store.faces.add(key, MODEL, [0.0, 1.0], [face(0.0), face(1.0)])
    one, two = (store.faces.looked(content(n), MODEL) for n in (1, 2))
    assert one is not None and two is not None
    store.faces.keep_pictures(content(1), MODEL, [one.faces[1].id])
    ids = [stored.id for stored in (*one.faces, *two.faces)]
    assert list(store.faces.face_pictures(ids)) == ids[1:]


def test_tracks_are_replaced_and_remember_when_they_were_found(data_dir: Path) -> None:
    now = [1000.0]
    with FeatureStore.open(data_dir, clock=lambda: now[0]) as store:
        store.faces.add(content(1), MODEL, [0.0, 1.0, 2.0], [face(0.0), face(1.0), face(2.0, person=2)])
        looked = store.faces.looked(content(1), MODEL)
        assert looked is not None
        first, second = track(1, looked.faces[:2]), track(2, looked.faces[2:])
        store.faces.save_tracks(content(1), MODEL, [second, first])
        now[0] = 2000.0
        store.faces.save_tracks(content(1), MODEL, [first, track(3, looked.faces[2:])])
        one, three = store.faces.tracks(content(1), MODEL)
        assert (one.id, one.face_ids, one.spans, one.best_face) == (
            first.id,
            first.face_ids,
            ((0.0, 1.5),),
            first.best_face,
        )
        assert (one.found_at_s, three.found_at_s) == (1000.0, 2000.0)
        assert float(one.centroid @ first.centroid) > 0.99999
        found = store.faces.find_tracks([first.id, second.id])
        assert list(found) == [first.id]
        assert found[first.id][:2] == (content(1), MODEL)


def test_all_tracks_of_a_model_come_page_by_page(store: FeatureStore) -> None:
    for number in range(7):
        store.faces.add(content(number), MODEL, [0.0], [face(0.0)])
        looked = store.faces.looked(content(number), MODEL)
        assert looked is not None
        store.faces.save_tracks(content(number), MODEL, [track(number, looked.faces)])
    found = list(tracks.of_model(store.faces._db, [MODEL], page=2))
    assert [key for key, _ in found] == [content(number) for number in range(7)]
    assert [key for key, _ in store.faces.iter_tracks(MODEL, "other@1")] == [key for key, _ in found]
    assert list(store.faces.iter_tracks("other@1")) == []


def test_a_track_of_an_unknown_medium_and_ids_that_are_none_are_refused(store: FeatureStore) -> None:
    store.faces.add(content(1), MODEL, [0.0], [face(0.0)])
    looked = store.faces.looked(content(1), MODEL)
    assert looked is not None
    with pytest.raises(ValueError, match="was not looked at"):
        store.faces.save_tracks(content(2), MODEL, [track(1, looked.faces)])
    with pytest.raises(ValueError, match="16 hex digits"):
        store.faces.save_tracks(content(1), MODEL, [track(1, looked.faces), track(1, looked.faces)])


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(st.lists(st.integers(0, 40).map(lambda tick: tick / 4), max_size=8), min_size=1, max_size=5))
def test_however_frames_come_each_counts_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[float]]
) -> None:
    with FeatureStore.open(tmp_path_factory.mktemp("faces")) as store:
        for batch in batches:
            store.faces.add(content(1), MODEL, batch, [face(pts_s) for pts_s in dict.fromkeys(batch)])
        found = store.faces.looked(content(1), MODEL)
        assert found is not None
        expected = sorted({pts_s for batch in batches for pts_s in batch})
        assert found.looked_s.tolist() == expected
        assert [stored.face.pts_s for stored in found.faces] == expected
