"""What an owner says of faces, and what follows in Stash, in the store and in the sidecar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.analysis.record import face_analysis_of
from plugin.calls import load
from plugin.commands.people import PeopleError, accept_track, face_recorder, reject_track
from plugin.commands.undoing import undo_run
from plugin.face_messages import face_report
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.queue.drain import Drain
from plugin.review.performers import Seen as SeenFaces
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import SidecarError
from protos import faces_pb2
from tests.plugin.faces_server import JPEG, MAYBE, Seen, candidate, faces_sidecar, hex_id, report, track
from tests.plugin.world import WatchedContext, World
from tests.standin.stashbox import StashBox

BOX = "https://box.example/graphql"
ADA_KEYS = ("stash:1", f"box:{BOX}|ada")
ADA, BO = candidate("Ada", *ADA_KEYS), candidate("Bo", f"box:{BOX}|bo", decision=MAYBE)
A, B, C, D = map(hex_id, "abcd")


class Faces:
    """Two scenes whose faces were looked at: Ada twice and perhaps Bo in one, a stranger in both."""

    def __init__(self, world: World, context: WatchedContext, seen: Seen, client: SidecarClient) -> None:
        self.world, self.context, self.seen, self.client = world, context, seen, client
        stash = world.stash
        stash.add_performer("Ada", stash_ids=[(BOX, "ada")])
        stash.add_performer("Cleo")
        self.one = stash.add_scene_without_media("/one.mp4", "One").id
        self.two = stash.add_scene_without_media("/two.mp4", "Two").id
        seen.reports = {
            "key-1": report(track("a", ADA), track("b", BO), track("c", group_id="group-1")),
            "key-2": report(track("d", group_id="group-1")),
        }
        seen.groups = {"group-1": faces_pb2.Group(id="group-1", media=2, tracks=2, seconds=16.0, best_track=C)}
        seen.people = {ADA_KEYS[0]: _known("Ada", *ADA_KEYS), f"box:{BOX}|bo": _known("Bo", f"box:{BOX}|bo")}
        self.connect()
        run_id = context.store.runs.begin("Identify performers", "task")
        media = context.stash.media("scene", [self.one, self.two])
        for media_id, key in ((self.one, "key-1"), (self.two, "key-2")):
            told = face_report(seen.reports[key])
            looked = face_analysis_of(told, run_id, media[media_id], "whole", key)
            face_recorder(context).record(run_id, media[media_id], None, faces=SeenFaces(looked))

    def connect(self) -> None:
        self.context.connect_sidecar = lambda may_restart=False: self.client  # type: ignore[method-assign]

    def disconnect(self) -> None:
        def refuse(may_restart: bool = False) -> SidecarClient:
            raise SidecarError("the sidecar is away", passes=True)

        self.context.connect_sidecar = refuse  # type: ignore[method-assign]

    def ask(self, operation: str, **args: Any) -> Any:
        found = OPERATIONS[operation]
        return load(found.handler)(self.context, parse_arguments(found, args))

    def on(self, scene_id: int) -> list[str]:
        return sorted(self.world.stash.performers_of(self.world.stash.scene(scene_id)))

    def states(self, scene_id: int) -> dict[str, str]:
        return {one.label: one.state for one in self.context.store.suggestions.of_medium("scene", scene_id)}

    def told(self) -> dict[str, tuple[str, list[str]]]:
        """What the sidecar was told, by the tracks' letters."""
        return {key[1][-2:]: (one.is_key, list(one.not_keys)) for key, one in self.seen.verdicts.items()}

    def work(self) -> None:
        self.client.close = lambda: None  # type: ignore[method-assign]
        Drain(self.context, lambda: self.client).run()


def _known(name: str, *keys: str) -> faces_pb2.KnownPerson:
    return faces_pb2.KnownPerson(person=faces_pb2.Person(key=keys[0], name=name), keys=keys, references={"stash": 1})


@pytest.fixture
def faces(world: World) -> Iterator[Faces]:
    seen = Seen()
    with faces_sidecar(seen) as client, world.process() as context:
        yield Faces(world, context, seen, client)


class TestAccept:
    def test_a_suggested_person_is_written_and_confirmed(self, faces: Faces) -> None:
        done = accept_track(faces.context, "scene", faces.one, A, "stash:1")
        assert done.suggestion is not None and (done.suggestion.state, done.performer_id) == ("applied", 1)
        assert faces.on(faces.one) == ["Ada"] and not done.created
        assert faces.told() == {"61": ("stash:1", [])}

    def test_by_any_key_of_theirs(self, faces: Faces) -> None:
        accept_track(faces.context, "scene", faces.one, A, ADA_KEYS[1])
        assert faces.on(faces.one) == ["Ada"]

    def test_somebody_of_a_stash_box_is_made(self, faces: Faces) -> None:
        before = faces.world.library()
        done = accept_track(faces.context, "scene", faces.one, B, f"box:{BOX}|bo")
        assert done.created and done.performer_id == 3 and faces.on(faces.one) == ["Bo"]
        undo_run(faces.context, done.run_id)
        assert faces.world.library() == before and faces.states(faces.one)["Bo"] == "pending"

    def test_somebody_whom_no_number_suggested(self, faces: Faces) -> None:
        done = accept_track(faces.context, "scene", faces.two, D, "stash:2")
        assert done.suggestion is not None and done.suggestion.label == "Cleo"
        assert faces.on(faces.two) == ["Cleo"] and faces.states(faces.two) == {"Cleo": "applied"}
        assert faces.ask("people.medium", kind="scene", id=faces.two)["tracks"][0]["who"]["performer_id"] == 2

    def test_who_is_on_the_medium_already_is_confirmed_and_not_written(self, faces: Faces) -> None:
        faces.world.stash.change(faces.world.stash.scene(faces.two), performer_ids=(2,))
        done = accept_track(faces.context, "scene", faces.two, D, "stash:2")
        assert done.suggestion is None and done.performer_id == 2
        assert faces.told() == {"64": ("stash:2", [])} and faces.context.store.journal.of_run(done.run_id) == []

    def test_another_person_takes_the_place_of_a_wrong_one(self, faces: Faces) -> None:
        accept_track(faces.context, "scene", faces.one, A, "stash:2")
        assert faces.on(faces.one) == ["Cleo"]
        shown = faces.ask("people.medium", kind="scene", id=faces.one)["tracks"][0]
        assert (shown["who"]["name"], shown["confirmed"], shown["suggestion_state"]) == ("Cleo", True, "applied")

    def test_after_a_rejection(self, faces: Faces) -> None:
        reject_track(faces.context, "scene", faces.one, A, "stash:1")
        accept_track(faces.context, "scene", faces.one, A, "stash:1")
        assert faces.on(faces.one) == ["Ada"] and faces.told()["61"] == ("stash:1", [])
        assert faces.context.store.suggestions.refusals("scene", faces.one) == []

    def test_works_while_the_sidecar_is_away_and_is_told_later(self, faces: Faces) -> None:
        faces.disconnect()
        accept_track(faces.context, "scene", faces.one, A, "stash:1")
        assert faces.on(faces.one) == ["Ada"] and faces.told() == {}
        faces.work()
        assert faces.told() == {"61": ("stash:1", [])}

    @pytest.mark.parametrize(
        ("media_id", "track_id", "key", "said"),
        [
            (1, "f" * 16, "stash:1", "no track"),
            (9, A, "stash:1", "no track"),
            (1, C, "stash:77", "there is no performer 77"),
            (1, C, "box:x|y", "nobody is known as 'box:x|y'"),
        ],
    )
    def test_what_is_not_there_is_said(self, faces: Faces, media_id: int, track_id: str, key: str, said: str) -> None:
        with pytest.raises(PeopleError, match=said):
            accept_track(faces.context, "scene", media_id, track_id, key)
        assert faces.context.store.verdicts.unsent() == []

    def test_a_namesake_is_no_reason_to_link(self, faces: Faces) -> None:
        faces.world.stash.add_performer("Bo")
        with pytest.raises(ArgumentError, match=r"Bo could not be made in Stash: .*already exists"):
            faces.ask("people.accept", kind="scene", id=faces.one, track_id=B, key=f"box:{BOX}|bo")
        assert faces.on(faces.one) == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


class TestReject:
    def test_the_only_track_takes_the_suggestion_with_it(self, faces: Faces) -> None:
        suggestion_id, taken_back, _ = reject_track(faces.context, "scene", faces.one, A, "stash:1")
        assert faces.states(faces.one)["Ada"] == "rejected" and suggestion_id is not None and taken_back == 0
        assert faces.told() == {"61": ("", sorted(ADA_KEYS))}

    def test_what_was_written_leaves_stash(self, faces: Faces) -> None:
        accept_track(faces.context, "scene", faces.one, A, "stash:1")
        _, taken_back, _ = reject_track(faces.context, "scene", faces.one, A, "stash:1")
        assert taken_back == 1 and faces.on(faces.one) == [] and faces.states(faces.one)["Ada"] == "rejected"

    def test_another_track_of_theirs_keeps_it(self, faces: Faces) -> None:
        faces.seen.reports["key-1"] = report(track("a", ADA), track("b", candidate("Ada", *ADA_KEYS, similarity=0.625)))
        faces.seen.version = "g2"
        known = faces.context.store.faces.get("scene", faces.one)
        assert known is not None
        faces.context.store.faces.rematch(known, face_report(faces.seen.reports["key-1"]))
        medium = faces.context.stash.media("scene", [faces.one])[faces.one]
        face_recorder(faces.context).decide_again(1, medium, None)
        reject_track(faces.context, "scene", faces.one, A, "stash:1")
        assert faces.states(faces.one)["Ada"] == "pending"
        (now,) = [one for one in faces.context.store.suggestions.of_medium("scene", faces.one) if one.label == "Ada"]
        assert now.reason["track_ids"] == [B] and now.score == 0.625

    def test_one_of_several_stays_refused_when_the_rest_is_undone_and_accepted_again(self, faces: Faces) -> None:
        faces.seen.reports["key-1"] = report(track("a", ADA), track("b", ADA))
        known = faces.context.store.faces.get("scene", faces.one)
        assert known is not None
        faces.context.store.faces.rematch(known, face_report(faces.seen.reports["key-1"]))
        medium = faces.context.stash.media("scene", [faces.one])[faces.one]
        face_recorder(faces.context).decide_again(1, medium, None)
        (ada,) = [one.id for one in faces.context.store.suggestions.of_medium("scene", faces.one) if one.label == "Ada"]
        faces.ask("suggestions.accept", ids=[ada])
        reject_track(faces.context, "scene", faces.one, B, "stash:1")
        assert faces.on(faces.one) == ["Ada"], "another track shows them"
        faces.ask("suggestions.undo", ids=[ada])
        assert faces.told()["62"] == ("", sorted(ADA_KEYS))
        faces.ask("suggestions.accept", ids=[ada])
        assert faces.told() == {"61": ("stash:1", []), "62": ("", sorted(ADA_KEYS))}

    def test_nobody_is_suggested_again_by_a_newer_look(self, faces: Faces) -> None:
        reject_track(faces.context, "scene", faces.one, A, "stash:1")
        medium = faces.context.stash.media("scene", [faces.one])[faces.one]
        face_recorder(faces.context).decide_again(1, medium, None)
        assert faces.states(faces.one)["Ada"] == "rejected"


class TestSuggestionsOfTheInbox:
    def test_accepted_and_undone_there_they_say_the_same_of_tracks(self, faces: Faces) -> None:
        listed = faces.ask("suggestions.list", type="performer")
        assert {one["label"] for one in listed["suggestions"]} == {"Ada", "Bo"} and listed["count"] == 2
        ids = [one["id"] for one in listed["suggestions"] if one["label"] == "Ada"]
        answer = faces.ask("suggestions.accept", ids=ids)
        assert answer["written"]["performers"] == 1 and faces.on(faces.one) == ["Ada"]
        assert faces.told() == {"61": ("stash:1", [])}
        faces.ask("suggestions.undo", ids=ids)
        assert faces.on(faces.one) == [] and faces.told() == {"61": ("", [])}
        faces.ask("suggestions.reject", ids=ids)
        assert faces.told() == {"61": ("", sorted(ADA_KEYS))}

    def test_one_filter_means_matches_or_maybes(self, faces: Faces) -> None:
        for decision, names in (("match", ["Ada"]), ("maybe", ["Bo"]), ("", ["Bo", "Ada"])):
            found = faces.ask("people.suggestions", decision=decision)
            assert [one["who"]["name"] for one in found["suggestions"]] == names and found["count"] == len(names)


class TestNaming:
    def test_a_group_becomes_a_performer_everywhere_by_the_queue(self, faces: Faces) -> None:
        answer = faces.ask("people.name", id="group-1", performer_id=2)
        assert answer["performer_id"] == 2 and answer["suggested"] == 2
        assert {one["id"] for one in answer["media"]} == {faces.one, faces.two}
        assert faces.on(faces.one) == [], "nothing is written while the page waits"
        faces.work()
        assert faces.on(faces.one) == ["Cleo"] and faces.on(faces.two) == ["Cleo"]
        assert faces.states(faces.one)["Ada"] == "pending", "others are not decided by it"
        assert "Analyze" not in faces.seen.log

    def test_taken_back_it_is_as_if_it_had_never_been(self, faces: Faces) -> None:
        before = faces.world.library()
        naming = faces.ask("people.name", id="group-1", create={"name": "Dora"})["naming_id"]
        faces.work()
        assert faces.on(faces.two) == ["Dora"]
        media = faces.ask("people.unname", naming_id=naming)["media"]
        assert {one["id"] for one in media} == {faces.one, faces.two}
        assert faces.world.library() == before
        assert "Dora" not in {name for name, state in faces.states(faces.two).items() if state != "withdrawn"}
        assert {key: is_key for key, (is_key, _) in faces.told().items()} == {"63": "", "64": ""}

    def test_a_kill_between_the_sidecar_and_stash_is_made_good_by_asking_again(
        self, faces: Faces, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = faces.world.library()
        naming = faces.ask("people.name", id="group-1", create={"name": "Dora"})["naming_id"]
        faces.work()
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("plugin.commands.naming.undo_run", _killed)
            faces.ask("people.unname", naming_id=naming)
        assert faces.on(faces.two) == ["Dora"]
        media = faces.ask("people.unname", naming_id=naming)["media"]
        assert {one["id"] for one in media} == {faces.one, faces.two} and faces.world.library() == before
        assert {key: is_key for key, (is_key, _) in faces.told().items()} == {"63": "", "64": ""}
        with pytest.raises(PeopleError, match="there is no naming"):
            faces.ask("people.unname", naming_id=naming)

    def test_taken_back_before_the_queue_came_to_it(self, faces: Faces) -> None:
        before = faces.world.library()
        naming = faces.ask("people.name", id="group-1", performer_id=2)["naming_id"]
        faces.ask("people.unname", naming_id=naming)
        faces.work()
        assert faces.world.library() == before

    def test_somebody_of_a_stash_box_is_found_by_their_id_or_made_with_it(self, faces: Faces) -> None:
        answer = faces.ask("people.name", id="group-1", box={"endpoint": BOX, "id": "ada"})
        assert answer["performer_id"] == 1, "Ada, who has that id"

    def test_a_new_performer_of_a_stash_box_has_its_name_and_id(self, faces: Faces) -> None:
        answer = faces.ask("people.name", id="group-1", box={"endpoint": BOX, "id": "bo"})
        made = faces.world.stash.performer(answer["performer_id"])
        assert made.name == "Bo" and [one.stash_id for one in made.stash_ids] == ["bo"]

    def test_who_is_in_a_stash_box_alone_is_called_as_it_says(self, faces: Faces) -> None:
        with StashBox() as box:
            faces.world.stash.add_stash_box(box.endpoint, box.api_key, "The box")
            found = box.add_performer("Dora")
            answer = faces.ask("people.name", id="group-1", box={"endpoint": box.endpoint, "id": found.id})
        made = faces.world.stash.performer(answer["performer_id"])
        assert made.name == "Dora" and [one.stash_id for one in made.stash_ids] == [found.id]

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            ({}, "one of performer_id, create and box"),
            ({"performer_id": 1, "create": {"name": "X"}}, "one of performer_id, create and box"),
            ({"performer_id": 77}, "there is no performer 77"),
            ({"create": {"name": "Ada"}}, "Ada could not be made in Stash: .*choose them instead"),
            ({"box": {"endpoint": BOX, "id": "nobody"}}, "nobody is known as"),
        ],
    )
    def test_who_cannot_be_is_said_and_nothing_is_named(self, faces: Faces, args: dict[str, Any], said: str) -> None:
        before = faces.world.library()
        with pytest.raises((ArgumentError, PeopleError), match=said):
            faces.ask("people.name", id="group-1", **args)
        assert "NameGroup" not in faces.seen.log and faces.world.library() == before

    def test_a_group_that_is_gone(self, faces: Faces) -> None:
        with pytest.raises(PeopleError, match="there is no group"):
            faces.ask("people.name", id="group-9", performer_id=2)
        with pytest.raises(PeopleError, match="there is no naming 'other'"):
            faces.ask("people.unname", naming_id="other")


class TestGroups:
    def test_joined_and_taken_apart_the_store_follows(self, faces: Faces) -> None:
        faces.seen.reports["key-2"].tracks[0].group_id = "group-2"
        faces.seen.groups["group-2"] = faces_pb2.Group(id="group-2", media=1, tracks=1, best_track=D)
        faces.context.store.faces.set_groups({D: "group-2"})
        merge = faces.ask("people.merge", ids=["group-1", "group-2"])["merge_id"]
        assert self.group_of(faces, faces.two) == "group-1"
        faces.ask("people.unmerge", merge_id=merge)
        assert self.group_of(faces, faces.two) == "group-2"
        made = faces.ask("people.split", id="group-1", track_ids=[C])["group"]["id"]
        shown = faces.ask("people.medium", kind="scene", id=faces.one)["tracks"]
        assert [one["group_id"] for one in shown] == ["", "", made]

    def group_of(self, faces: Faces, scene_id: int) -> str:
        return str(faces.ask("people.medium", kind="scene", id=scene_id)["tracks"][0]["group_id"])

    def test_ignored_ones_are_shown_when_asked_for(self, faces: Faces) -> None:
        faces.ask("people.ignore", ids=["group-1"], ignored=True)
        assert faces.ask("people.groups")["groups"] == []
        assert [one["id"] for one in faces.ask("people.groups", ignored=True)["groups"]] == ["group-1"]

    def test_tracks_of_media_that_are_not_known_here_are_left_out(self, faces: Faces) -> None:
        faces.context.store.faces.forget("scene", faces.two)
        shown = faces.ask("people.group", id="group-1")["tracks"]
        assert [(one["media_id"], one["track_id"]) for one in shown] == [(faces.one, C)]
        with pytest.raises(ArgumentError, match="there is no group"):
            faces.ask("people.group", id="group-9")


class TestTasks:
    def task(self, faces: Faces, name: str) -> str:
        return str(load(f"tasks.people:{name}")(faces.context, {}))

    def test_grouping_reads_who_belongs_to_whom(self, faces: Faces) -> None:
        faces.seen.reports["key-2"].tracks[0].group_id = "group-7"
        assert self.task(faces, "group_unknown") == "1 unknown person in 2 media; see the page People"
        assert TestGroups().group_of(faces, faces.two) == "group-7"

    def test_an_export_is_the_owners_alone(self, faces: Faces) -> None:
        told = self.task(faces, "export_faces")
        path = faces.world.data_dir / "face-data.jsonl"
        assert str(path) in told and path.read_text() == '{"kind": "person"}\n{"kind": "face"}\n'
        assert path.stat().st_mode & 0o777 == 0o600

    def test_what_was_erased_is_in_no_byte_of_the_store(self, faces: Faces) -> None:
        naming = faces.ask("people.name", id="group-1", performer_id=2)["naming_id"]
        store, mark = faces.context.store, "written-in-a-track-alone"
        store.faces.set_groups({A: mark})
        assert mark.encode() in self.stored(store.db.path)
        assert mark.encode() in Path(store.db.back_up("before")).read_bytes()
        faces.ask("people.erase", confirmation="erase all faces")
        assert store.meta.get(f"naming:{naming}") is None and mark.encode() not in self.stored(store.db.path)
        (backup,) = (Path(store.db.path).parent / "backups").iterdir()
        assert mark.encode() not in backup.read_bytes()

    def stored(self, path: str) -> bytes:
        return b"".join(file.read_bytes() for file in (Path(path), Path(path + "-wal")) if file.exists())

    def test_erasing_leaves_what_is_in_stash_and_says_so(self, faces: Faces) -> None:
        accept_track(faces.context, "scene", faces.one, A, "stash:1")
        told = self.task(faces, "erase_faces")
        assert "1 suggestions were withdrawn" in told and "stay there" in told
        assert faces.on(faces.one) == ["Ada"] and faces.states(faces.one) == {"Ada": "applied", "Bo": "withdrawn"}
        assert faces.ask("people.medium", kind="scene", id=faces.one)["looked"] is False
        assert faces.seen.reports == {} and faces.context.store.verdicts.unsent() == []


class TestAnswers:
    def test_pictures_of_what_is_known(self, faces: Faces) -> None:
        found = faces.ask("people.pictures", ids=[A, A, "0123"])["pictures"]
        assert list(found) == [A] and found[A].startswith("data:image/jpeg;base64,")
        assert faces.ask("people.pictures", ids=[]) == {"pictures": {}} and len(JPEG) > 0

    def test_what_only_reads_the_store_needs_no_sidecar(self, faces: Faces) -> None:
        faces.disconnect()
        assert len(faces.ask("people.medium", kind="scene", id=faces.one)["tracks"]) == 3
        assert len(faces.ask("people.on_screen", kind="scene", id=faces.one)["marks"]) == 3
        assert faces.ask("people.suggestions")["count"] == 2
        assert faces.ask("people.state")["why"] == "the sidecar is away"
        with pytest.raises(SidecarError, match="away"):
            faces.ask("people.groups")

    def test_a_gallery_is_no_picture_and_a_broken_file_says_so(self, faces: Faces) -> None:
        with pytest.raises(ArgumentError, match="one of its images"):
            faces.ask("people.identify", kind="gallery", id=1)
        broken = faces.world.stash.add_scene_without_media("/cut off.mp4", "Cut off").id
        with pytest.raises(ArgumentError, match="the file ends after 3 of 61 s"):
            faces.ask("people.identify", kind="scene", id=broken)
        with pytest.raises(ArgumentError, match="Stash has no scene 99"):
            faces.ask("people.identify", kind="scene", id=99)

    def test_erasing_is_never_asked_for_by_accident(self, faces: Faces) -> None:
        with pytest.raises(ArgumentError, match='must be "erase all faces"'):
            faces.ask("people.erase", confirmation="yes")
        assert faces.seen.reports != {}


@pytest.mark.parametrize(
    ("operation", "args", "said"),
    [
        ("people.accept", {"kind": "scene", "id": 1, "track_id": "A" * 16, "key": "stash:1"}, "16 hex digits"),
        ("people.accept", {"kind": "scene", "id": 1, "track_id": "'; DROP TABLE", "key": "x"}, "16 hex digits"),
        ("people.accept", {"kind": "scene", "id": 1, "track_id": "a" * 16, "key": ""}, "1 to 300 printable"),
        ("people.accept", {"kind": "scene", "id": 1, "track_id": "a" * 16, "key": "stash:1\n"}, "printable"),
        ("people.accept", {"kind": "tag", "id": 1, "track_id": "a" * 16, "key": "x"}, "kind is 'tag'"),
        ("people.identify", {"kind": "scene", "id": 1, "box": [0, 0, 0, 1]}, "have an area"),
        ("people.identify", {"kind": "scene", "id": 1, "box": [0.5, 0, 0.6, 1]}, "inside the picture"),
        ("people.identify", {"kind": "scene", "id": 1, "box": [0, 0, float("nan"), 1]}, "number from 0 to 1"),
        ("people.identify", {"kind": "scene", "id": 1, "box": {"left": 0}}, "left, top, width and height"),
        ("people.identify", {"kind": "scene", "id": 1, "at_s": -1}, "number from 0"),
        ("people.pictures", {"ids": ["a"] * 201}, "list of at most 200"),
        ("people.name", {"id": "g", "create": {"name": " "}}, "can be printed"),
        ("people.name", {"id": "g", "create": {"name": "x", "gender": "y"}}, "a name, and nothing else"),
        ("people.name", {"id": "g", "box": {"endpoint": "file:///etc", "id": "x"}}, "stash-box's address"),
        ("people.name", {"id": "g", "box": {"endpoint": f"{BOX}|x", "id": "x"}}, "stash-box's address"),
        ("people.name", {"id": "g", "box": {"endpoint": BOX, "id": "../x"}}, "stash-box's address"),
        ("people.groups", {"limit": 0}, "whole number from 1 to 200"),
        ("people.split", {"id": "g", "track_ids": "a" * 16}, "must be a list"),
        ("people.suggestions", {"decision": "unknown"}, "one of , match, maybe"),
    ],
)
def test_hostile_arguments_are_refused(operation: str, args: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        parse_arguments(OPERATIONS[operation], args)
