"""The whole update: a stand-in for Stash, one for a stash-box, and a sidecar that notes what it is told."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from unittest import mock

import pytest

from plugin.context import FACES_IN_USE
from plugin.faces_client import Enrolment
from plugin.faces_values import Enrolled, Person, ReferenceImage, box_key, stash_key
from plugin.hooks.hints import read_hints
from plugin.locks import LockHeld
from plugin.people.box_states import box_states, want
from plugin.people.changed import changed, note_changed
from plugin.people.forgetting import forget_references
from plugin.people.keeper import image_id_of
from plugin.people.refresh import Refresh
from plugin.sidecar_values import SidecarError
from plugin.stash.errors import StashUnavailable
from plugin.stashbox.client import StashBoxClient
from plugin.store.store import open_store
from protos import faces_pb2
from tests.plugin.fake_faces import FakeFaces, faces_of, fake_faces
from tests.plugin.world import Doom, Killed, World
from tests.standin.samples import picture
from tests.standin.stashbox import Reply, StashBox, keys_sent


@pytest.fixture
def faces() -> FakeFaces:
    return fake_faces()


@pytest.fixture
def box(world: World) -> Iterator[StashBox]:
    """A stash-box that Stash knows."""
    with StashBox() as running:
        world.stash.add_stash_box(running.endpoint, running.api_key, "A box", 6000)
        yield running


def quick(*args: Any, **options: Any) -> StashBoxClient:
    """Waits for nothing."""
    return StashBoxClient(*args, **options, sleep=lambda seconds: None)


@contextlib.contextmanager
def refreshing(world: World, faces: FakeFaces) -> Iterator[Refresh]:
    with world.process() as context, faces_of(context, faces) as sidecar, Refresh(context, sidecar, quick) as refresh:
        yield refresh


def update(world: World, faces: FakeFaces) -> Refresh:
    with refreshing(world, faces) as refresh:
        shares = list(refresh.run())
        assert shares == sorted(shares) and shares[-1] == 1.0
        return refresh


def follow(world: World, faces: FakeFaces, *ids: int) -> None:
    with refreshing(world, faces) as refresh:
        refresh.follow(ids)


def box_state(world: World, box: StashBox) -> Any:
    store = open_store(str(world.data_dir))
    try:
        return box_states(store.meta)[box.endpoint]
    finally:
        store.close()


class TestStash:
    def test_performers_are_known_by_their_pictures(self, world: World, faces: FakeFaces) -> None:
        ada = world.stash.add_performer("Ada", image=picture(1), gender="FEMALE", birthdate="1815-12-10")
        tom = world.stash.add_performer("Tom", image=picture(2), alias_list=("Thomas",))
        nobody = world.stash.add_performer("Nobody")
        done = update(world, faces)
        assert faces.image_ids(stash_key(ada.id), "stash") == [image_id_of(picture(1))]
        assert faces.image_ids(stash_key(tom.id), "stash") == [image_id_of(picture(2))]
        # A placeholder is nobody's face, but whoever has none may be known by another name of theirs.
        assert faces.image_ids(stash_key(nobody.id), "stash") == []
        person = faces.people[stash_key(ada.id)].person
        assert (person.name, person.sex, person.birthdate) == ("Ada", faces_pb2.SEX_FEMALE, "1815-12-10")
        assert list(faces.people[stash_key(tom.id)].person.aliases) == ["Thomas"]
        assert done.tally.sentence() == "3 performers of Stash are up to date; 2 pictures were fetched"

    def test_a_second_time_nothing_is_fetched(self, world: World, faces: FakeFaces) -> None:
        world.stash.clock.advance(-60)  # what was changed in this very second is looked at twice
        world.stash.add_performer("Ada", image=picture(1))
        world.stash.add_performer("Tom", image=picture(2))
        update(world, faces)
        assert update(world, faces).tally.fetched == 0
        assert faces.handed_over()[-2:] == [("stash:1", 0), ("stash:2", 0)]

    def test_a_picture_that_changed_is_looked_at(self, world: World, faces: FakeFaces) -> None:
        ada = world.stash.add_performer("Ada", image=picture(1))
        update(world, faces)
        world.stash.clock.advance(5)
        world.stash.set_performer_image(ada, picture(2))
        update(world, faces)
        assert faces.image_ids("stash:1", "stash") == [image_id_of(picture(2))]

    def test_one_that_changed_twice_in_a_second_too(self, world: World, faces: FakeFaces) -> None:
        ada = world.stash.add_performer("Ada", image=picture(1))
        update(world, faces)
        with world.stash.library.transaction():
            world.stash.library.put(replace(ada, image=base64.b64encode(picture(2)).decode()))
        update(world, faces)
        assert faces.image_ids("stash:1", "stash") == [image_id_of(picture(2))]

    def test_a_name_that_changed_costs_no_picture(self, world: World, faces: FakeFaces) -> None:
        ada = world.stash.add_performer("Ada", image=picture(1))
        update(world, faces)
        world.stash.clock.advance(5)
        world.stash.change(ada, name="Ada King")
        update(world, faces)
        assert faces.people["stash:1"].person.name == "Ada King"
        assert faces.handed_over() == [("stash:1", 0), ("stash:1", 1), ("stash:1", 0)]

    def test_who_is_gone_is_forgotten(self, world: World, faces: FakeFaces) -> None:
        world.stash.add_performer("Ada", image=picture(1))
        tom = world.stash.add_performer("Tom", image=picture(2))
        update(world, faces)
        world.stash.graphql(
            "mutation($i: PerformerDestroyInput!) { performerDestroy(input: $i) }", {"i": {"id": tom.id}}
        )
        done = update(world, faces)
        assert list(faces.people) == ["stash:1"] and done.tally.forgotten == 1

    def test_who_is_known_for_nothing_of_ours_is_forgotten_too(self, world: World, faces: FakeFaces) -> None:
        """As after a store that was lost, or performers who were merged: no hook tells of that."""
        world.stash.add_performer("Ada", image=picture(1))
        ghost = faces_pb2.Person(key="stash:99", name="Ghost")
        faces.people["stash:99"] = replace(_person(ghost), images={"stash": ["x"]})
        update(world, faces)
        assert faces.forgotten == ["stash:99"]

    def test_killed_on_its_way_it_goes_on_there(self, world: World, faces: FakeFaces) -> None:
        for number in range(5):
            world.stash.add_performer(f"P{number}", image=picture(number))
        with refreshing(world, faces) as refresh:
            list(islice(refresh.run(), 3))
        told = [key for key, data in faces.handed_over() if data]
        assert told == ["stash:1", "stash:2", "stash:3"]
        update(world, faces)
        assert [key for key, data in faces.handed_over() if data] == [f"stash:{number}" for number in range(1, 6)]

    def test_a_sidecar_that_lost_everything_learns_it_again(self, world: World, faces: FakeFaces) -> None:
        world.stash.add_performer("Ada", image=picture(1))
        update(world, faces)
        faces.lose()
        update(world, faces)
        assert faces.image_ids("stash:1", "stash") == [image_id_of(picture(1))]

    def test_a_picture_that_is_none_harms_nobody_else(self, world: World, faces: FakeFaces) -> None:
        world.stash.add_performer("Text", image="bm90IGEgcGljdHVyZQ==")
        world.stash.add_performer("Ada", image=picture(1))
        update(world, faces)
        assert faces.image_ids("stash:1", "stash") == [] and faces.image_ids("stash:2", "stash") != []

    def test_one_person_that_cannot_be_taken_in_is_said_and_harms_nobody_else(
        self, world: World, faces: FakeFaces, capsys: pytest.CaptureFixture[str]
    ) -> None:
        faces.on_enrol = lambda request: "Ada has an odd name" if request.person.name == "Ada" else None
        world.stash.add_performer("Ada", image=picture(1))
        world.stash.add_performer("Tom", image=picture(2))
        done = update(world, faces)
        assert list(faces.people) == ["stash:2"] and done.tally.problems == 1
        assert "Ada has an odd name" in capsys.readouterr().err

    def test_two_at_once_leave_it_to_one(self, world: World, faces: FakeFaces) -> None:
        with refreshing(world, faces), pytest.raises(LockHeld), refreshing(world, faces):
            pass

    def test_where_stash_goes_away_it_ends_and_goes_on_later(self, world: World, faces: FakeFaces) -> None:
        for number in range(3):
            world.stash.add_performer(f"P{number}", image=picture(number))
        with refreshing(world, faces) as refresh:
            steps = refresh.run()
            next(steps)
            with world.stash.refusing(), pytest.raises(StashUnavailable):
                list(steps)
        update(world, faces)
        assert len(faces.people) == 3

    def test_where_the_sidecar_goes_away_it_ends_with_a_sentence(self, world: World, faces: FakeFaces) -> None:
        def broken(request: faces_pb2.EnrolRequest) -> str | None:
            raise RuntimeError("gone")

        faces.on_enrol = broken
        world.stash.add_performer("Ada", image=picture(1))
        with refreshing(world, faces) as refresh, pytest.raises(SidecarError):
            list(refresh.run())

    def test_from_then_on_hooks_follow_performers(self, world: World, faces: FakeFaces) -> None:
        with world.process() as context:
            assert context.config and not _follows(world)
        update(world, faces)
        with world.process() as context:
            assert context.store.meta.get(FACES_IN_USE) and context.config
        assert _follows(world)

    def test_only_those_whom_hooks_told_of(self, world: World, faces: FakeFaces) -> None:
        for number in range(3):
            world.stash.add_performer(f"P{number}", image=picture(number))
        update(world, faces)
        world.stash.set_performer_image(2, picture(9))
        tom = world.stash.add_performer("Tom", image=picture(7))
        world.stash.graphql('mutation { performerDestroy(input: {id: "3"}) }')
        store = open_store(str(world.data_dir))
        note_changed(store, [2, 3, tom.id, 2])
        assert changed(store) == [2, 3, 4]
        before = len(faces.requests)
        follow(world, faces, 2, 3, tom.id)
        assert {one.person.key for one in faces.requests[before:]} == {"stash:2", "stash:4"}
        assert faces.image_ids("stash:2", "stash") == [image_id_of(picture(9))] and faces.forgotten == ["stash:3"]
        assert changed(store) == []
        store.close()


class TestBoxes:
    def test_the_owners_performers_are_known_by_the_boxs_pictures_too(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        theirs = box.add_performer("Ada L.", [picture(2), picture(3)])
        box.add_performer("Somebody else", [picture(4)])
        ada = world.stash.add_performer("Ada", image=picture(1), stash_ids=[(box.endpoint, theirs.id)])
        done = update(world, faces)
        key = box_key(box.endpoint, theirs.id)
        assert faces.image_ids(key, "stash_box") == [image_id_of(picture(2)), image_id_of(picture(3))]
        assert list(faces.people[stash_key(ada.id)].person.same_as) == [key]
        assert set(faces.people) == {stash_key(ada.id), key}
        assert dict(faces.known(stash_key(ada.id)).references) == {"stash": 1, "stash_box": 2}
        assert "1 performers of Stash and 1 of stash-boxes are up to date; 3 pictures" in done.tally.sentence()
        state = box_state(world, box)
        assert (state.wanted, state.known, state.problem) == (1, 1, "") and state.synced_s

    def test_the_key_goes_to_the_endpoint_alone_and_into_no_log(
        self, world: World, faces: FakeFaces, box: StashBox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        theirs = box.add_performer("Ada", [picture(2)])
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        box.failures.append(Reply(b'{"errors": [{"message": "' + box.api_key.encode() + b'"}]}'))
        update(world, faces)
        update(world, faces)
        assert all(asked.method == "POST" for asked in keys_sent([box], box.api_key))
        out = capsys.readouterr()
        assert box.api_key not in out.err + out.out
        kept = b"".join(path.read_bytes() for path in world.data_dir.rglob("*") if path.is_file())
        assert box.api_key.encode() not in kept and box.endpoint.encode() in kept

    def test_only_so_many_of_their_pictures_the_largest(self, world: World, faces: FakeFaces, box: StashBox) -> None:
        world.set_up(box_images=2)
        sizes = [(10, 10), (40, 40), (20, 20), (30, 30)]
        theirs = box.add_performer("Ada", [picture(n, size) for n, size in enumerate(sizes)])
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        update(world, faces)
        wanted = [image_id_of(picture(n, sizes[n])) for n in (1, 3)]
        assert faces.image_ids(box_key(box.endpoint, theirs.id), "stash_box") == wanted and len(box.fetched()) == 2

    def test_a_second_time_only_new_pictures_are_fetched(self, world: World, faces: FakeFaces, box: StashBox) -> None:
        theirs = box.add_performer("Ada", [picture(2)])
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        update(world, faces)
        box.performers[theirs.id] = replace(theirs, images=(*theirs.images, box.add_image(picture(3))))
        update(world, faces)
        assert len(box.fetched()) == 2
        assert len(faces.image_ids(box_key(box.endpoint, theirs.id), "stash_box")) == 2

    def test_bad_pictures_are_left_out_and_not_fetched_again(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        theirs = box.add_performer("Ada", [picture(n) for n in range(5)])
        for image, reply in zip(
            theirs.images,
            [
                Reply(b"<html>", headers={"Content-Type": "text/html"}),
                Reply(status=302, headers={"Location": "http://127.0.0.2:1/a.png"}),
                Reply(b"x", headers={"Content-Type": "image/png"}, length=50 * 1024 * 1024),
                Reply(status=404),
            ],
            strict=False,
        ):
            box.pictures[image.id] = reply
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        for _ in range(2):
            update(world, faces)
        assert faces.image_ids(box_key(box.endpoint, theirs.id), "stash_box") == [image_id_of(picture(4))]
        assert len(box.fetched()) == 5

    def test_a_picture_that_does_not_come_is_tried_the_next_time(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        theirs = box.add_performer("Ada", [picture(1), picture(2)])
        shown = box.pictures[theirs.images[0].id]
        box.pictures[theirs.images[0].id] = Reply(status=503)
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        assert "1 did not come" in update(world, faces).tally.sentence()
        box.pictures[theirs.images[0].id] = shown
        update(world, faces)
        assert len(faces.image_ids(box_key(box.endpoint, theirs.id), "stash_box")) == 2 and len(box.fetched()) == 3

    def test_pictures_that_all_do_not_come_end_the_box_not_the_update(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        for number in range(9):
            theirs = box.add_performer(f"P{number}", [picture(number)])
            box.pictures[theirs.images[0].id] = Reply(status=502)
            world.stash.add_performer(f"P{number}", image=picture(number), stash_ids=[(box.endpoint, theirs.id)])
        update(world, faces)
        assert len(box.fetched()) == 5 and "do not come" in box_state(world, box).problem
        assert sum(key.startswith("stash:") for key in faces.people) == 9

    def test_a_box_that_is_away_is_no_reason_not_to_ask_the_next(
        self, world: World, faces: FakeFaces, box: StashBox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with StashBox() as other:
            world.stash.add_stash_box("http://127.0.0.1:9/graphql", "k", "Gone", 6000)
            world.stash.add_stash_box(other.endpoint, "a wrong key", "Other", 6000)
            theirs = box.add_performer("Ada", [picture(2)])
            ids = [("http://127.0.0.1:9/graphql", theirs.id), (other.endpoint, theirs.id), (box.endpoint, theirs.id)]
            world.stash.add_performer("Ada", stash_ids=ids)
            update(world, faces)
            assert "Metadata Providers" in box_state(world, other).problem
        assert box_key(box.endpoint, theirs.id) in faces.people
        assert "Gone: it cannot be reached" in capsys.readouterr().err

    def test_who_was_merged_there_is_who_they_were_merged_into(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        heir = box.add_performer("Ada", [picture(2)])
        old = box.add_performer("Ada?", deleted=True, merged_into_id=heir.id)
        gone = box.add_performer("Gone", deleted=True)
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, old.id)])
        world.stash.add_performer("Gone", stash_ids=[(box.endpoint, gone.id)])
        for _ in range(2):
            update(world, faces)
            assert set(faces.known("stash:1").keys) == {"stash:1"} | {
                box_key(box.endpoint, one.id) for one in (heir, old)
            }
            assert dict(faces.known("stash:1").references) == {"stash_box": 1}
        assert box_key(box.endpoint, gone.id) not in faces.people

    def test_whom_nobody_names_any_more_is_forgotten(self, world: World, faces: FakeFaces, box: StashBox) -> None:
        theirs, others = box.add_performer("Ada", [picture(2)]), box.add_performer("Tom", [picture(3)])
        ada = world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        tom = world.stash.add_performer("Tom", stash_ids=[(box.endpoint, others.id)])
        update(world, faces)
        faces.people[box_key(box.endpoint, others.id)].images["import"] = ["x"]
        for performer in (ada, tom):
            world.stash.change(performer, stash_ids=())
        assert update(world, faces).tally.forgotten == 2
        assert box_key(box.endpoint, theirs.id) not in faces.people
        # Who is known by a file that somebody gave stays known by that.
        assert faces.people[box_key(box.endpoint, others.id)].images == {"stash_box": [], "import": ["x"]}

    def test_a_box_that_is_not_wanted_is_not_asked_and_what_it_said_goes(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        theirs = box.add_performer("Ada", [picture(2)])
        world.stash.add_performer("Ada", image=picture(1), stash_ids=[(box.endpoint, theirs.id)])
        update(world, faces)
        asked = len(box.asked)
        world.set_up(face_sources=[])
        update(world, faces)
        assert len(box.asked) == asked and list(faces.people) == ["stash:1"]

    def test_a_whole_box_is_read_page_by_page_and_goes_on_where_it_was_killed(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        performers = [box.add_performer(f"P{number}", [picture(number)]) for number in range(95)]
        with world.process() as context:
            want(context.store.meta, box.endpoint, whole=True)
        with refreshing(world, faces) as refresh:
            for _ in refresh.run():
                if box_state(world, box).page == 2:
                    break
        assert len(faces.people) == 40
        update(world, faces)
        assert set(faces.people) == {box_key(box.endpoint, one.id) for one in performers}
        assert len(box.fetched()) == 95 and box.questions() == ["SensePage"] * 3
        state = box_state(world, box)
        assert state.whole and state.whole_s and state.page == 0 and state.known == 95
        # It is not read again by itself, and nobody of it is forgotten.
        update(world, faces)
        assert len(faces.people) == 95 and len(box.questions()) == 3

    def test_a_whole_box_can_be_given_back(self, world: World, faces: FakeFaces, box: StashBox) -> None:
        theirs = [box.add_performer(f"P{number}", [picture(number)]) for number in range(3)]
        world.stash.add_performer("P1", stash_ids=[(box.endpoint, theirs[1].id)])
        with world.process() as context:
            want(context.store.meta, box.endpoint, whole=True)
        update(world, faces)
        with world.process() as context:
            want(context.store.meta, box.endpoint, whole=False)
        update(world, faces)
        assert set(faces.people) == {"stash:1", box_key(box.endpoint, theirs[1].id)}

    def test_the_boxs_own_limit_and_its_wish_to_be_left_alone(
        self, world: World, faces: FakeFaces, box: StashBox
    ) -> None:
        theirs = box.add_performer("Ada", [picture(2)])
        world.stash.add_performer("Ada", stash_ids=[(box.endpoint, theirs.id)])
        box.failures.append(Reply(status=429, headers={"Retry-After": "3000"}))
        update(world, faces)
        assert "429" in box_state(world, box).problem
        update(world, faces)
        assert box_state(world, box).problem == "" and box_key(box.endpoint, theirs.id) in faces.people


def _follows(world: World) -> bool:
    hints = read_hints(str(world.data_dir))
    return hints is not None and hints.follow_performers


def _person(person: faces_pb2.Person) -> Any:
    from tests.plugin.fake_faces import FakePerson

    return FakePerson(person)


def test_killed_at_any_moment_the_next_update_ends_where_it_would_have(world: World, box: StashBox) -> None:
    theirs = box.add_performer("Ada", [picture(2), picture(3)])
    box.add_performer("Of the whole box", [picture(4)])
    world.stash.add_performer("Ada", image=picture(1), stash_ids=[(box.endpoint, theirs.id)])
    world.stash.add_performer("Tom", image=picture(5))

    def known(faces: FakeFaces) -> dict[str, dict[str, list[str]]]:
        return {key: dict(person.images) for key, person in sorted(faces.people.items())}

    def once(faces: FakeFaces, doom: Doom) -> None:
        def enrol(stream: Enrolment, person: Person, source: str, images: Sequence[ReferenceImage]) -> Enrolled:
            doom.pass_by(f"before {person.key} is handed over")
            answer = real(stream, person, source, images)
            doom.pass_by(f"after {person.key} was handed over")
            return answer

        real = Enrolment.enrol
        with (
            mock.patch.object(Enrolment, "enrol", enrol),
            world.process(doom) as context,
            faces_of(context, faces) as sidecar,
            Refresh(context, sidecar, quick) as refresh,
        ):
            list(refresh.run())

    def begin() -> FakeFaces:
        with world.process() as context:
            forget_references(context.store)
            want(context.store.meta, box.endpoint, whole=True)
        return fake_faces()

    doom, whole = Doom(), begin()
    once(whole, doom)
    assert len(known(whole)) == 4 and doom.count > 20
    for moment in range(0, doom.count, 3):
        faces = begin()
        with pytest.raises(Killed):
            once(faces, Doom(moment))
        once(faces, Doom())
        assert known(faces) == known(whole), doom.log[moment]
