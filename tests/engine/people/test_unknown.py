"""Unknown people as the whole library has them: what a medium costs, and names that are given while others work."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.engine.people.gallery import Gallery
from sidecar.engine.people.known_model import ModelPeople
from sidecar.engine.people.naming import Naming
from sidecar.engine.people.reports import Reports
from sidecar.engine.people.unknown import UnknownPeople
from sidecar.engine.people.verdicts import Verdicts
from sidecar.store import FeatureStore
from sidecar.store.faces import PersonRow, StoredGroup, TrackVerdict
from sidecar.store.faces.groups import GroupTable
from tests.engine.people.faces import DIM, vector_of
from tests.engine.people.test_verdicts import KEY, MODEL, medium, seen

ADA = PersonRow("stash:1", "Ada")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def people(store: FeatureStore, tmp_path: Path) -> ModelPeople:
    gallery = Gallery(store.faces, tmp_path / "index", KEY, DIM, MODEL.rules)
    unknown = UnknownPeople(store.faces, KEY, MODEL.rules)
    reports = Reports(store.faces, gallery, unknown, "painted", MODEL.rules)
    return ModelPeople("painted", KEY, DIM, MODEL.rules, gallery, unknown, reports)


def looked_at(store: FeatureStore, people: ModelPeople, number: int, person: int, *views: int) -> str:
    """The id of a medium's only track, once it was told of."""
    track_id = seen(store, number, person, *views).track_id
    assert people.reports.of_medium(medium(number), KEY, "", newly_seen=True)
    return track_id


class TestOneMediumOfALargeLibrary:
    def test_matching_it_anew_reads_its_own_groups_alone(
        self, store: FeatureStore, people: ModelPeople, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        track_id = looked_at(store, people, 1, 1, 0, 10)
        looked_at(store, people, 2, 2, 0, 10)
        (before,) = [one.id for one in store.faces.groups.all(KEY) if track_id in one.track_ids]

        def refuse(self: GroupTable, model_key: str) -> tuple[StoredGroup, ...]:
            raise AssertionError("all groups of the library were read")

        monkeypatch.setattr(GroupTable, "all", refuse)
        report = people.reports.of_medium(medium(1), KEY, "")
        assert report is not None and report.tracks[0].group_id == before

    def test_who_is_named_by_now_leaves_the_group_and_an_empty_one_goes(
        self, store: FeatureStore, people: ModelPeople
    ) -> None:
        looked_at(store, people, 1, 1, 0, 10)
        others = looked_at(store, people, 2, 2, 0, 10)
        store.faces.people.save(ADA)
        verdict = TrackVerdict(medium(1), store.faces.tracks(medium(1), KEY)[0].id, ADA.key)
        store.faces.verdicts.say(verdict, KEY)
        report = people.reports.of_medium(medium(1), KEY, "")
        assert report is not None and report.tracks[0].group_id == ""
        assert [one.track_ids for one in store.faces.groups.all(KEY)] == [(others,)] and store.faces.groups.count(
            KEY
        ) == 1

    def test_who_was_refused_for_one_face_is_doubted_for_one_very_like_it(
        self, store: FeatureStore, people: ModelPeople
    ) -> None:
        Verdicts(store.faces).say([seen_as_ada(store, 1)], [ADA], KEY, MODEL.rules.match)
        refused = seen(store, 2, 1, 1, 11)
        store.faces.verdicts.say(TrackVerdict(medium(2), refused.track_id, "", (ADA.key,)), KEY)
        seen(store, 3, 1, 2, 12)
        report = people.reports.of_medium(medium(3), KEY, "")
        assert report is not None and "rejected" in " ".join(report.tracks[0].candidates[0].lowered)


def seen_as_ada(store: FeatureStore, number: int) -> TrackVerdict:
    return TrackVerdict(medium(number), seen(store, number, 1, 0, 10, 20).track_id, ADA.key)


class TestNamingWhileOthersWork:
    def test_tracks_that_leave_meanwhile_are_named_and_come_back_with_it(
        self, store: FeatureStore, people: ModelPeople, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tracks = {looked_at(store, people, 1, 1, 0, 10), looked_at(store, people, 2, 1, 1, 11)}
        (group,) = store.faces.groups.all(KEY)
        assert set(group.track_ids) == tracks
        naming = Naming(store.faces, Verdicts(store.faces))
        said = naming._say

        def others_match_meanwhile(*args: object) -> dict[str, str]:
            found = said(*args)  # type: ignore[arg-type]
            for number in (1, 2):
                people.reports.of_medium(medium(number), KEY, "")
            return found

        monkeypatch.setattr(naming, "_say", others_match_meanwhile)
        _, naming_id = naming.name(people, group.id, ADA, lambda: False)
        assert store.faces.groups.all(KEY) == ()
        monkeypatch.undo()
        naming.unname(people, naming_id, lambda: False)
        assert store.faces.groups.all(KEY) == (group,)

    def test_a_track_that_comes_meanwhile_is_not_lost(
        self, store: FeatureStore, people: ModelPeople, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_at(store, people, 1, 1, 0, 10)
        (group,) = store.faces.groups.all(KEY)
        late = seen(store, 2, 1, 1, 11).track_id
        naming = Naming(store.faces, Verdicts(store.faces))
        said = naming._say

        def one_more_meanwhile(*args: object) -> dict[str, str]:
            found = said(*args)  # type: ignore[arg-type]
            store.faces.groups.save(KEY, [StoredGroup(group.id, tuple(sorted((*group.track_ids, late))))])
            return found

        monkeypatch.setattr(naming, "_say", one_more_meanwhile)
        _, naming_id = naming.name(people, group.id, ADA, lambda: False)
        assert [one.track_ids for one in store.faces.groups.all(KEY)] == [(late,)]
        monkeypatch.undo()
        naming.unname(people, naming_id, lambda: False)
        assert [set(one.track_ids) for one in store.faces.groups.all(KEY)] == [{late, *group.track_ids}]


def test_the_index_of_faces_is_the_owners_alone(store: FeatureStore, people: ModelPeople, tmp_path: Path) -> None:
    index = people.gallery.index
    index._rebuild_least = 1
    index.apply([1, 2], [1, 2], [vector_of(1, 0), vector_of(2, 0)])  # type: ignore[arg-type]
    assert index.settle(10.0)
    folders = [tmp_path / "index", *(one for one in (tmp_path / "index").iterdir() if one.is_dir())]
    assert len(folders) == 2 and {stat.S_IMODE(one.stat().st_mode) for one in folders} == {0o700}
