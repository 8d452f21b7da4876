"""What is concluded from media of one performer, and what is taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugin.people.bootstrap_rules import best_of, dominant, may_be, real_references
from plugin.people.bootstraps import Bootstrapper
from plugin.people.refresh import Refresh
from plugin.stash.values import MediaKind
from plugin.store.faces import Candidate, FaceAnalysis, Track
from plugin.store.marks import Mark
from plugin.store.verdicts import Verdict
from tests.plugin.fake_faces import faces_of, fake_faces
from tests.plugin.world import World
from tests.standin.samples import picture, write_picture

BEST = Mark(1.0, 0.1, 0.1, 0.2, 0.2)


def track(track_id: str = "a" * 16, seconds: float = 10.0, views: int = 5, **fields: Any) -> Track:
    return Track(track_id, ((0.0, seconds),), views + 2, views, 0.8, BEST, "unknown", **fields)


def somebody(*keys: str, decision: Any = "match") -> tuple[Candidate, ...]:
    return (Candidate(keys, "Somebody", 0.7, 0.3, 3, 3, "stash", "r", (), decision),)


class TestRules:
    def test_one_face_that_is_there_most_of_the_time(self) -> None:
        main, extra = track(seconds=80.0), track("b" * 16, seconds=20.0)
        assert dominant("scene", [extra, main]) == main
        assert dominant("scene", [main, replace(extra, spans=((0.0, 21.0),))]) is None
        assert dominant("scene", [track(views=2)]) is None and dominant("scene", []) is None
        assert dominant("scene", [replace(main, spans=())]) is None

    def test_an_image_has_one_face_and_no_other(self) -> None:
        one = replace(track(views=1), spans=((0.0, 0.0),))
        assert dominant("image", [one]) == one
        assert dominant("image", [one, replace(one, id="b" * 16)]) is None
        assert dominant("image", [replace(one, views=0)]) is None

    def test_neither_the_owner_nor_a_well_known_face_speaks_against_it(self) -> None:
        said = Verdict("scene", 1, "c", "a" * 16)
        assert may_be(track(), ["stash:1"], None) and may_be(track(), ["stash:1"], said)
        assert not may_be(track(), ["stash:1", "box:x|y"], replace(said, not_keys=("box:x|y",)))
        assert may_be(track(), ["stash:1"], replace(said, not_keys=("stash:2",)))
        assert not may_be(track(), ["stash:1"], replace(said, is_key="stash:1"))
        assert not may_be(track(candidates=somebody("stash:2")), ["stash:1"], None)
        assert may_be(track(candidates=somebody("stash:2", decision="maybe")), ["stash:1"], None)
        assert may_be(track(candidates=somebody("box:x|y", "stash:1")), ["stash:1"], None)

    def test_conclusions_are_no_references(self) -> None:
        assert real_references({"stash": 1, "bootstrap": 3, "track": 2}) == 3 and real_references({}) == 0

    def test_the_best_seen_are_kept(self) -> None:
        found = [(track(views=views), f"content{views}") for views in (3, 9, 4, 7)]
        assert [content for _, content in best_of(found)] == ["content9", "content7", "content4"]


class Library:
    """A library whose media were looked at for faces."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faces = fake_faces()
        self.images = 0

    def scene(self, *performer_ids: int, tracks: tuple[Track, ...] | None = None) -> int:
        scene = self.world.stash.add_scene_without_media(
            f"/{self.world.stash.library_dir}/{len(self.world.stash.library.snapshot()['scene'])}.mp4",
            performer_ids=performer_ids,
        )
        self.look("scene", scene.id, tracks)
        return scene.id

    def image(self, *performer_ids: int, tracks: tuple[Track, ...] | None = None) -> int:
        self.images += 1
        path = write_picture(self.world.stash.library_dir / f"{self.images}.png", self.images)
        image = self.world.stash.add_image(path, performer_ids=performer_ids)
        self.look("image", image.id, tracks)
        return image.id

    def look(self, kind: MediaKind, media_id: int, tracks: tuple[Track, ...] | None = None) -> None:
        with self.world.process() as context:
            (medium,) = context.stash.media(kind, [media_id]).values()
            assert medium.file is not None
            own = f"{media_id:08x}{'5c' if kind == 'scene' else '1a'}000000"
            default = track(own) if kind == "scene" else replace(track(own, views=1), spans=((0.0, 0.0),))
            run_id = context.store.runs.begin("look", "task")
            context.store.faces.save(
                FaceAnalysis(
                    kind=kind,
                    media_id=media_id,
                    name=medium.name,
                    run_id=run_id,
                    content=medium.file.content,
                    content_key=f"key-{medium.file.content}",
                    view="whole",
                    model="dlib",
                    date="",
                    duration_s=60.0,
                    frames=20,
                    faces=10,
                    gallery_version="1",
                    rules="",
                    tracks=(default,) if tracks is None else tracks,
                )
            )

    def update(self) -> str:
        """References of Stash, then conclusions."""
        with self.world.process() as context, faces_of(context, self.faces) as sidecar:
            with Refresh(context, sidecar) as refresh:
                list(refresh.run())
            return Bootstrapper(context, sidecar).run()

    def concluded(self) -> dict[str, str]:
        """Content key -> person, as the sidecar has it now."""
        return {key: said.is_key for (key, _), said in self.faces.verdicts.items() if said.is_key and said.bootstrap}


@pytest.fixture
def library(world: World) -> Library:
    return Library(world)


def test_the_only_face_of_the_only_performer_is_theirs(world: World, library: Library) -> None:
    ada, tom = world.stash.add_performer("Ada"), world.stash.add_performer("Tom")
    library.scene(ada.id)
    library.scene(ada.id, tom.id)
    library.scene()
    library.image(tom.id)
    assert library.update() == "faces concluded from media of one performer: 2"
    assert sorted(library.concluded().values()) == ["stash:1", "stash:2"]
    assert dict(library.faces.known("stash:1").references) == {"bootstrap": 1}


def test_who_was_made_while_references_were_updated_waits_for_the_next_time(world: World, library: Library) -> None:
    library.scene(world.stash.add_performer("Ada").id)
    with world.process() as context, faces_of(context, library.faces) as sidecar:
        with Refresh(context, sidecar) as refresh:
            list(refresh.run())
        library.scene(world.stash.add_performer("Tom").id)
        assert Bootstrapper(context, sidecar).run() == "faces concluded from media of one performer: 1"
    assert list(library.concluded().values()) == ["stash:1"]
    library.update()
    assert sorted(library.concluded().values()) == ["stash:1", "stash:2"]


def test_it_is_concluded_once_and_told_each_time(world: World, library: Library) -> None:
    library.scene(world.stash.add_performer("Ada").id)
    library.update()
    assert library.update() == "" and len(library.faces.said) == 2
    library.faces.lose()
    library.update()
    assert list(library.concluded().values()) == ["stash:1"]


def test_who_has_references_needs_no_conclusions(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada", image=picture(1))
    library.scene(ada.id)
    library.update()
    assert library.concluded() != {}, "one picture is not enough"
    library.faces.people["stash:1"].images["import"] = ["x"]
    assert library.update() == "conclusions taken back: 1" and library.concluded() == {}
    assert library.update() == "" and len(library.faces.said) == 2


def test_what_holds_no_longer_is_taken_back(world: World, library: Library) -> None:
    ada, tom = world.stash.add_performer("Ada"), world.stash.add_performer("Tom")
    scenes = [library.scene(ada.id), library.scene(tom.id)]
    library.update()
    world.stash.change(world.stash.scene(scenes[0]), performer_ids=(ada.id, tom.id))
    world.stash.change(world.stash.scene(scenes[1]), performer_ids=(ada.id,))
    assert library.update() == "faces concluded from media of one performer: 1, conclusions taken back: 2"
    assert list(library.concluded().values()) == ["stash:1"], "the second scene is Ada's now"


def test_at_most_three_for_each(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada")
    for _ in range(5):
        library.scene(ada.id)
    assert library.update() == "faces concluded from media of one performer: 3"


def test_the_owners_word_stands(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada")
    scenes = [library.scene(ada.id), library.scene(ada.id)]
    library.update()
    with world.process() as context:
        for scene_id, say in zip(scenes, (context.store.verdicts.deny, context.store.verdicts.confirm), strict=True):
            known = context.store.faces.get("scene", scene_id)
            assert known is not None
            if say == context.store.verdicts.deny:
                say("scene", scene_id, [known.tracks[0].id], ["stash:1"])
            else:
                context.store.verdicts.confirm("scene", scene_id, [known.tracks[0].id], ["stash:1"], "Ada")
    assert library.update() == "conclusions taken back: 2"
    denied, confirmed = library.faces.said[-2:]
    by_key = {said.is_key: said for said in (denied, confirmed)}
    assert list(by_key[""].not_keys) == ["stash:1"] and not by_key["stash:1"].bootstrap


def test_what_we_wrote_ourselves_leads_to_nothing_until_its_owner_agrees(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada")
    scene_id = library.scene(ada.id)
    with world.process() as context:
        run_id = context.store.runs.begin("x", "task")
        wrote = context.store.db.run(
            "INSERT INTO journal (run_id, purpose, action, kind, media_id, performer_id, state, intent_s)"
            " VALUES (?, 'suggestion', 'add_performer', 'scene', ?, ?, 'done', 1)",
            run_id,
            scene_id,
            ada.id,
        )
    assert library.update() == ""
    with world.process() as context:
        label = context.store.db.run("INSERT INTO label (name, person_key) VALUES ('Ada', 'stash:1')")
        suggestion = context.store.db.run(
            "INSERT INTO suggestion (run_id, kind, media_id, type, label_id, score, reason, state, decided_by,"
            " created_s) VALUES (?, 'scene', ?, 'performer', ?, 0.7, '{}', 'applied', 'policy', 1)",
            run_id,
            scene_id,
            label,
        )
        context.store.db.run("UPDATE journal SET suggestion_id = ? WHERE id = ?", suggestion, wrote)
    assert library.update() == ""
    with world.process() as context:
        context.store.db.run("UPDATE suggestion SET decided_by = 'owner' WHERE id = ?", suggestion)
    assert library.update() == "faces concluded from media of one performer: 1"


def test_a_file_that_was_replaced_shows_nobody_yet(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada")
    scene_id = library.scene(ada.id)
    world.stash.change(world.stash.file_of(world.stash.scene(scene_id)), oshash="f" * 16)
    assert library.update() == ""


def test_one_file_of_two_people_says_nothing(world: World, library: Library) -> None:
    ada, tom = world.stash.add_performer("Ada"), world.stash.add_performer("Tom")
    same = (track("c" * 16),)
    scenes = [library.scene(ada.id, tracks=same), library.scene(tom.id, tracks=same)]
    with world.process() as context:
        for scene_id in scenes:
            context.store.db.run("UPDATE face_analysis SET content_key = 'same' WHERE media_id = ?", scene_id)
    assert library.update() == ""


def test_a_face_that_is_well_known_as_another_is_no_conclusion(world: World, library: Library) -> None:
    ada = world.stash.add_performer("Ada")
    library.scene(ada.id, tracks=(track(candidates=somebody("stash:9")),))
    assert library.update() == ""


def test_nobody_at_all(world: World, library: Library) -> None:
    assert library.update() == "" and library.faces.said == []
