"""What is said of tracks: few and different references from each, capped, and gone again with what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.engine.people.choice import (
    FROM_ONE_TRACK,
    MAX_BOOTSTRAPS,
    MAX_PICTURES,
    MAX_TRACKS,
    SAME_PICTURE,
    Offered,
    choose,
    outlived_bootstraps,
)
from sidecar.engine.people.enrolment import Enrolment, Picture
from sidecar.engine.people.verdicts import Verdicts
from sidecar.engine.request import InvalidRequest
from sidecar.faces import Face, FaceBox, FaceQuality
from sidecar.store import FeatureStore
from sidecar.store.faces import PersonRow, ReferenceRow, StoredTrack, TrackVerdict
from sidecar.values import ContentKey
from tests.engine.people.faces import PaintedFaces, portrait, vector_of

MODEL = PaintedFaces()
KEY, MATCH = MODEL.model_key, MODEL.rules.match
ADA = PersonRow("stash:1", "Ada")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(tmp_path / "data") as opened:
        yield opened


def medium(number: int) -> ContentKey:
    return ContentKey("oshash", f"{number:016x}", 100)


def seen(
    store: FeatureStore, number: int, person: int, *views: int, good: bool = True, model_key: str = KEY
) -> TrackVerdict:
    """A medium whose only track shows these views of a person; nothing said of it yet."""
    faces = [
        Face(
            pts_s=float(at),
            box=FaceBox(0.1, 0.1, 0.2, 0.2),
            quality=FaceQuality(100.0, 0.9, 0.0, 0.0, 1.0, 0.9 - 0.01 * at),
            grade="good" if good else "poor",
            vector=vector_of(person, view),
            jpeg=f"{number}.{view}".encode(),
        )
        for at, view in enumerate(views)
    ]
    store.faces.add(medium(number), model_key, [face.pts_s for face in faces], faces)
    looked = store.faces.looked(medium(number), model_key)
    assert looked is not None
    ids = tuple(found.id for found in looked.faces)
    track = StoredTrack(
        f"{number:016x}", ids, ((0.0, float(len(ids))),), vector_of(person, 0), len(ids), 1.0, 0.9, ids[0]
    )
    store.faces.save_tracks(medium(number), model_key, [track])
    return TrackVerdict(medium(number), track.id)


def sources(store: FeatureStore, key: str = "stash:1") -> dict[str, int]:
    return store.faces.references.counts([key], KEY).get(key, {})


def test_a_confirmed_track_gives_its_best_faces_that_look_different(store: FeatureStore) -> None:
    verdict = replace(seen(store, 1, 5, 0, 1, 10, 2, 20, 30), is_key="stash:1")
    verdicts = Verdicts(store.faces)
    for _ in range(2):
        assert verdicts.say([verdict], [ADA], KEY, MATCH) == (True,)
        rows = store.faces.references.of(["stash:1"], KEY)
        assert [row.pts_s for row in rows] == [0.0, 2.0, 4.0]  # views 0, 10, 20: 1 and 2 show what 0 shows
        assert len(rows) == FROM_ONE_TRACK
        assert {row.source for row in rows} == {"track"}
    assert list(store.faces.references.pictures([rows[0].id]).values()) == [b"1.0"]
    assert verdicts.say([replace(verdict, is_key="", not_keys=("stash:1",))], [], KEY, MATCH) == (True,)
    assert sources(store) == {}
    assert store.faces.verdicts.rejected(verdict.content_key, verdict.track_id) == {"stash:1"}


def test_a_track_that_is_somebody_else_after_all_gives_its_faces_to_them(store: FeatureStore) -> None:
    verdict = seen(store, 1, 5, 0)
    verdicts = Verdicts(store.faces)
    verdicts.say([replace(verdict, is_key="stash:1")], [ADA], KEY, MATCH)
    verdicts.say([replace(verdict, is_key="stash:2")], [PersonRow("stash:2", "Bea")], KEY, MATCH)
    assert (sources(store), sources(store, "stash:2")) == ({}, {"track": 1})


def test_poor_faces_tracks_of_other_models_and_unknown_tracks_give_nothing(store: FeatureStore) -> None:
    verdicts = Verdicts(store.faces)
    poor = seen(store, 1, 5, 0, good=False)
    other = seen(store, 2, 5, 0, model_key="other-1")
    half = seen(store, 3, 5, 0, model_key=f"{KEY}.view-left-eye")
    unknown = TrackVerdict(medium(4), "f" * 16)
    said = [replace(verdict, is_key="stash:1") for verdict in (poor, other, half, unknown)]
    assert verdicts.say(said, [ADA], KEY, MATCH) == (True, True, True, False)
    assert [row.content_key for row in store.faces.references.of(["stash:1"], KEY)] == [medium(3)]


def test_nobody_is_said_to_be_somebody_unknown(store: FeatureStore) -> None:
    verdict = seen(store, 1, 5, 0)
    with pytest.raises(InvalidRequest, match="no person is known under the key 'stash:9'; send them along"):
        Verdicts(store.faces).say([replace(verdict, is_key="stash:9")], [ADA], KEY, MATCH)
    assert store.faces.people.get(["stash:1"]) == {}
    assert store.faces.verdicts.of(medium(1)) == {}


def test_who_is_known_stays_as_they_are(store: FeatureStore) -> None:
    store.faces.people.save(PersonRow("stash:1", "Ada", birthdate="1815"))
    verdict = replace(seen(store, 1, 5, 0), is_key="stash:1")
    Verdicts(store.faces).say([verdict], [PersonRow("stash:1", "Somebody")], KEY, MATCH)
    assert store.faces.people.get(["stash:1"])["stash:1"].birthdate == "1815"


def test_conclusions_are_few_and_give_way_to_what_is_certain(store: FeatureStore) -> None:
    verdicts = Verdicts(store.faces)
    for number in range(5):
        concluded = replace(seen(store, number, 5, 10 * number), is_key="stash:1", bootstrap=True)
        verdicts.say([concluded], [ADA], KEY, MATCH)
    assert sources(store) == {"bootstrap": MAX_BOOTSTRAPS}
    Enrolment(store.faces).take_in(ADA, "stash", [Picture("a", portrait(5, 100))], MODEL)
    assert sources(store) == {"bootstrap": MAX_BOOTSTRAPS, "stash": 1}
    verdicts.say([replace(seen(store, 9, 5, 110), is_key="stash:1")], [ADA], KEY, MATCH)
    assert sources(store) == {"stash": 1, "track": 1}
    verdicts.say([replace(seen(store, 8, 5, 120), is_key="stash:1", bootstrap=True)], [ADA], KEY, MATCH)
    assert sources(store) == {"stash": 1, "track": 1}
    # What was concluded is confirmed.
    verdicts.say([TrackVerdict(medium(8), f"{8:016x}", "stash:1")], [ADA], KEY, MATCH)
    assert sources(store) == {"stash": 1, "track": 2}


def test_there_are_only_so_many_from_tracks(store: FeatureStore) -> None:
    verdicts = Verdicts(store.faces)
    for number in range(8):
        views = [100 * number + 10 * at for at in range(3)]
        verdicts.say([replace(seen(store, number, 5, *views), is_key="stash:1")], [ADA], KEY, MATCH)
    assert sources(store) == {"track": MAX_TRACKS}


def test_a_face_that_the_owner_took_away_does_not_come_back_with_the_same_word(store: FeatureStore) -> None:
    verdict = replace(seen(store, 1, 5, 0), is_key="stash:1")
    verdicts = Verdicts(store.faces)
    verdicts.say([verdict], [ADA], KEY, MATCH)
    store.faces.references.remove([row.id for row in store.faces.references.of(["stash:1"], KEY)])
    verdicts.say([verdict], [ADA], KEY, MATCH)
    assert sources(store) == {}
    assert store.faces.verdicts.confirmed([KEY]) == {verdict.track_id: "stash:1"}


def test_a_track_of_somebody_who_is_forgotten_is_nobodys(store: FeatureStore) -> None:
    verdict = replace(seen(store, 1, 5, 0), is_key="stash:1", not_keys=("stash:2",))
    Verdicts(store.faces).say([verdict], [ADA], KEY, MATCH)
    store.faces.people.forget(["stash:1"])
    assert store.faces.verdicts.confirmed([KEY]) == {}
    assert store.faces.verdicts.rejected(verdict.content_key, verdict.track_id) == {"stash:2"}


def held(number: int, source: str, person: int, view: int, quality: float) -> ReferenceRow:
    vector = vector_of(person, view)
    return ReferenceRow(number, "k", source, "", None, "", 0.0, quality, vector, "", False, number)


@given(
    here=st.lists(st.tuples(st.sampled_from(["stash", "track", "bootstrap"]), st.integers(0, 120)), max_size=25),
    coming=st.lists(st.tuples(st.integers(0, 250), st.integers(0, 100)), max_size=25),
    source=st.sampled_from(["stash", "track", "bootstrap"]),
)
def test_what_is_chosen_is_different_fits_and_is_chosen_again(
    here: list[tuple[str, int]], coming: list[tuple[int, int]], source: str
) -> None:
    rows = [held(at, kind, 5, view, 0.5) for at, (kind, view) in enumerate(here, 1)]
    offered = [Offered(vector_of(5, view), quality / 100) for view, quality in coming]
    mine = frozenset(row.id for row in rows if row.source == source)
    choice = choose(source, offered, rows, mine)
    kept = [row for row in rows if row.id not in choice.dropped]
    added = [held(100 + at, source, 5, coming[at][0], coming[at][1] / 100) for at in choice.taken]
    limit = {"track": MAX_TRACKS, "bootstrap": MAX_BOOTSTRAPS, "stash": MAX_PICTURES}[source]
    ours = [row for row in (*kept, *added) if row.source == source]
    assert len(ours) <= limit
    for at, row in enumerate(added):
        others = [*(one for one in kept if source == "bootstrap" or one.source != "bootstrap"), *added[:at]]
        assert all(float(row.vector @ other.vector) <= SAME_PICTURE for other in others)
    again = choose(source, offered, [*kept, *added], mine | {row.id for row in added})
    assert (again.taken, again.dropped) == ((), ()) or source == "bootstrap"
    assert set(outlived_bootstraps(rows)) <= {row.id for row in rows if row.source == "bootstrap"}


def test_the_made_up_faces_are_what_their_names_say() -> None:
    """Views of ten are one picture; others are one person's, and alike enough to be known."""
    pictures = np.array([vector_of(5, 10 * at) for at in range(12)])
    alike = pictures @ pictures.T - np.eye(12)
    assert alike.max() < SAME_PICTURE and alike[~np.eye(12, dtype=bool)].min() > MATCH
    assert float(vector_of(5, 0) @ vector_of(5, 9)) > SAME_PICTURE
