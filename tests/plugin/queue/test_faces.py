"""A drain that looks for tags and faces in one decode, against a sidecar that sees whom the test says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from plugin.commands.undoing import undo_run
from plugin.queue.drain import Drain
from plugin.queue.requests import request_batch
from plugin.sidecar_client import SidecarClient
from plugin.store.policies import PolicyRow
from protos import inference_pb2
from tests.plugin.faces_server import MAYBE, Seen, candidate, faces_sidecar, report, track
from tests.plugin.sidecars import pictures_server, said
from tests.plugin.world import WatchedContext, World
from tests.standin.samples import write_picture

BOX = "https://box.example/graphql"
ADA = candidate("Ada", "stash:1", f"box:{BOX}|ada")
BO = candidate("Bo", f"box:{BOX}|bo", reference_source="stash_box")
MAYBE_ADA = candidate("Ada", "stash:1", decision=MAYBE, similarity=0.5)


class Road:
    """A library of three scenes and a gallery of four images, with a sidecar that knows who is in them."""

    def __init__(self, world: World, client: SidecarClient, seen: Seen) -> None:
        self.world, self.client, self.seen = world, client, seen
        stash = world.stash
        stash.add_performer("Ada", stash_ids=[(BOX, "ada")])
        self.scenes = [
            stash.add_scene_without_media(f"/{n}.mp4", f"Scene {n}", date="2020-05-01").id
            for n in ("one", "two", "three")
        ]
        self.images = [
            stash.add_image(write_picture(stash.library_dir / f"{n}.png", n), f"Image {n}") for n in range(4)
        ]
        self.gallery = stash.add_gallery("Pictures", self.images)
        seen.content_of_path = {f"{name}.mp4": f"key-{name}" for name in ("one", "two", "three")}
        seen.content_of_path |= {f"{n}.png": f"key-image-{n}" for n in range(4)}
        world.set_up(PolicyRow("cat", mode="suggest"))

    def drain(self, which: str = "new", kinds: tuple[str, ...] = ("scene", "image", "gallery"), **options: Any) -> str:
        with self.world.process() as context:
            request_batch(context.store, f"Batch of {which}", "task", {"which": which, "kinds": list(kinds), **options})
            return self.work(context)

    def work(self, context: WatchedContext) -> str:
        self.seen.log.clear()
        self.seen.asked.clear()
        self.client.close = lambda: None  # type: ignore[method-assign]
        return Drain(context, lambda: self.client).run()

    def asked(self) -> list[inference_pb2.MediumRequest]:
        return [one for one in self.seen.asked if isinstance(one, inference_pb2.MediumRequest)]

    def waiting(self, kind: str, media_id: int) -> dict[str, str]:
        with self.world.process() as context:
            return {f"{one.type} {one.label}": one.state for one in context.store.suggestions.of_medium(kind, media_id)}

    def settings(self, **values: Any) -> None:
        with self.world.process() as context:
            context.store.meta.set("settings", values)


@pytest.fixture
def road(world: World) -> Iterator[Road]:
    seen = Seen(reports={"key-one": report(track("a", ADA), track("b")), "key-two": report(track("c", BO))})
    with faces_sidecar(seen) as client:
        yield Road(world, client, seen)


def test_tags_and_faces_come_of_one_look(road: Road) -> None:
    road.world.stash.change(road.world.stash.scene(road.scenes[0]), performer_ids=(1,))
    road.drain(kinds=("scene",))
    assert len(road.asked()) == 3 and not any(one.without_tags for one in road.asked())
    first = next(one for one in road.asked() if one.location.path.endswith("one.mp4"))
    assert (first.faces.date, list(first.faces.known_keys)) == ("2020-05-01", ["stash:1"])
    assert road.waiting("scene", road.scenes[0]) == {"tag cat": "pending"}, "Ada is there already"
    assert road.waiting("scene", road.scenes[1]) == {"tag cat": "pending", "performer Bo": "pending"}
    assert road.waiting("scene", road.scenes[2]) == {"tag cat": "pending"}
    road.drain(kinds=("scene",))
    assert road.asked() == [] and "Match" not in road.seen.log, "all is up to date"


def test_where_faces_are_off_only_the_task_looks_for_them(road: Road) -> None:
    road.settings(identify_performers="off")
    road.drain(kinds=("scene",))
    assert not any(one.HasField("faces") for one in road.asked())
    road.drain("faces", kinds=("scene",))
    assert len(road.asked()) == 3 and all(one.without_tags for one in road.asked())
    assert road.waiting("scene", road.scenes[0]) == {"tag cat": "pending", "performer Ada": "pending"}
    with road.world.process() as context:
        assert context.store.analyses.get("scene", road.scenes[0]).model == "lite"  # type: ignore[union-attr]
        assert "AI_Tagged" in road.world.stash.tags_of(road.world.stash.scene(road.scenes[0]))


def test_what_was_analysed_before_there_were_faces_gets_them_alone(road: Road) -> None:
    road.settings(identify_performers="off")
    road.drain(kinds=("scene",))
    road.settings(identify_performers="suggest")
    road.drain(kinds=("scene",))
    assert len(road.asked()) == 3 and all(one.without_tags for one in road.asked())


def test_new_references_are_matched_without_a_look(road: Road) -> None:
    road.drain(kinds=("scene",))
    road.seen.reports["key-three"] = report(track("d", MAYBE_ADA))
    road.seen.version = "g2"
    road.drain("faces", kinds=("scene",))
    assert road.asked() == [] and road.seen.log.count("Match") == 1
    assert road.waiting("scene", road.scenes[2]) == {"tag cat": "pending", "performer Ada": "pending"}
    with road.world.process() as context:
        jobs = context.store.jobs.find(roots_only=False)
        again = [job for job in jobs if job.action == "retag"]
        assert [job.media_id for job in again] == [road.scenes[2]], "nothing changed in the others"
    road.drain("faces", kinds=("scene",))
    assert "Match" not in road.seen.log


def test_faces_that_the_sidecar_lost_are_looked_at_again(road: Road) -> None:
    road.drain(kinds=("scene",))
    del road.seen.reports["key-two"]
    road.seen.version = "g2"
    road.drain("faces", kinds=("scene",))
    assert [one.location.path for one in road.asked()] == ["/two.mp4"]


def test_a_policy_writes_matches_and_an_undo_takes_them_back(road: Road) -> None:
    road.settings(identify_performers="auto", workflow_tags={"tagged": ""})
    road.seen.reports["key-three"] = report(track("d", MAYBE_ADA))
    before = road.world.library()
    road.drain("faces", kinds=("scene",))
    stash = road.world.stash
    assert stash.performers_of(stash.scene(road.scenes[0])) == ["Ada"]
    assert stash.performers_of(stash.scene(road.scenes[1])) == ["Bo"], "made, with the id that the stash-box gave"
    assert road.waiting("scene", road.scenes[2]) == {"performer Ada": "pending"}, "a maybe is never written by itself"
    with road.world.process() as context:
        assert context.store.verdicts.unsent() == [], "what a policy wrote confirms nobody"
        run = context.store.runs.last_with_writes()
        assert run is not None
        undo_run(context, run.id)
    assert road.world.library() == before


def test_what_a_newer_match_does_not_support_is_taken_back(road: Road) -> None:
    road.settings(identify_performers="auto")
    road.drain("faces", kinds=("scene",))
    road.seen.reports["key-one"] = report(track("a"))
    road.seen.version = "g2"
    road.drain("faces", kinds=("scene",))
    stash = road.world.stash
    assert stash.performers_of(stash.scene(road.scenes[0])) == []
    assert stash.performers_of(stash.scene(road.scenes[1])) == ["Bo"]


class TestGalleries:
    def test_need_a_share_of_their_images(self, road: Road) -> None:
        for n in (0, 1):
            road.seen.reports[f"key-image-{n}"] = report(track(f"i{n}", ADA, spans=((0.0, 0.0),)), frames=1)
        road.seen.reports["key-image-2"] = report(track("i2", BO, spans=((0.0, 0.0),)), frames=1)
        road.drain("faces", kinds=("gallery",))
        assert len(road.asked()) == 4, "its images, once each"
        assert road.waiting("image", road.images[0].id) == {"performer Ada": "pending"}
        assert road.waiting("image", road.images[2].id) == {"performer Bo": "pending"}
        assert road.waiting("gallery", road.gallery.id) == {"performer Ada": "pending"}, "Bo is in one of four images"
        road.drain("faces", kinds=("gallery",))
        assert road.asked() == []

    def test_follow_their_images_when_references_change(self, road: Road) -> None:
        road.drain(kinds=("image", "gallery"))
        assert road.waiting("gallery", road.gallery.id) == {"tag cat": "pending"}
        for n in (0, 1):
            road.seen.reports[f"key-image-{n}"] = report(track(f"i{n}", ADA, spans=((0.0, 0.0),)), frames=1)
        road.seen.version = "g2"
        road.drain("faces")
        assert road.waiting("gallery", road.gallery.id) == {"tag cat": "pending", "performer Ada": "pending"}
        assert not [one for one in road.asked() if one.location.path.endswith(".png")]

    def test_are_not_summed_up_for_nothing(self, road: Road) -> None:
        road.drain(kinds=("scene", "image", "gallery"))
        road.seen.version = "g2"
        road.drain("faces")
        with road.world.process() as context:
            assert context.store.faces.outdated_galleries("g2") == []
            assert [job for job in context.store.jobs.find() if job.action == "retag"] == []


def test_what_was_said_while_the_sidecar_was_away_is_told_by_the_next_drain(road: Road) -> None:
    road.drain(kinds=("scene",))
    with road.world.process() as context:
        (found,) = context.store.suggestions.find(type="performer", label="Bo")
        context.store.suggestions.accept([found.id])
        assert len(context.store.verdicts.unsent()) == 1
        road.work(context)
        assert road.seen.log[0] == "SetVerdicts"
        assert "GetFaceState" not in road.seen.log, "nobody wants faces: no model is loaded for that"
        ((key, verdict),) = road.seen.verdicts.items()
        assert key[0] == "key-two" and verdict.is_key == f"box:{BOX}|bo"
        assert context.store.verdicts.unsent() == []


def test_a_sidecar_that_lost_everything_is_told_again_what_was_said(road: Road) -> None:
    road.drain(kinds=("scene",))
    with road.world.process() as context:
        (found,) = context.store.suggestions.find(type="performer", label="Bo")
        context.store.suggestions.reject([found.id])
    road.drain(kinds=("scene",))
    assert len(road.seen.verdicts) == 1
    road.seen.verdicts.clear()
    road.drain("faces", kinds=("scene",), fresh=True)
    assert road.waiting("scene", road.scenes[1])["performer Bo"] == "rejected", "the store knows it all the same"
    road.drain(kinds=("scene",))
    assert [one.not_keys for one in road.seen.verdicts.values()] == [[f"box:{BOX}|bo"]]


def test_a_sidecar_that_knows_no_faces_still_finds_tags(world: World) -> None:
    scene = world.stash.add_scene_without_media("/one.mp4", "One")
    with said(pictures_server()) as address, contextlib.closing(_client(address)) as client, world.process() as context:
        request_batch(context.store, "Identify performers", "task", {"which": "faces", "kinds": ["scene"]})
        Drain(context, lambda: client).run()
        (batch,) = context.store.jobs.find()
        assert batch.state == "failed" and "performers cannot be identified: the sidecar" in batch.reason
        assert "older than the plugin" in batch.reason and context.store.faces.get("scene", scene.id) is None


def test_a_face_model_that_fails_keeps_no_tags_waiting(road: Road) -> None:
    road.seen.model_fails = True
    assert road.drain(kinds=("scene",)).startswith("done")
    assert [one.HasField("faces") for one in road.asked()].count(False) == 3
    assert road.waiting("scene", road.scenes[0]) == {"tag cat": "pending"}
    with road.world.process() as context:
        assert context.store.jobs.counts() == {"completed": 3}
    road.drain("faces", kinds=("scene",))
    with road.world.process() as context:
        failed = context.store.jobs.find(("failed",))
        assert {job.reason for job in failed} == {"faces cannot be looked for: the face model's file is damaged"}
    road.seen.model_fails = False
    road.drain(kinds=("scene",))
    assert road.waiting("scene", road.scenes[0]) == {"tag cat": "pending", "performer Ada": "pending"}


def test_who_asks_for_everything_is_not_fobbed_off_with_faces(road: Road) -> None:
    """Faces of a scene wait; then somebody wants the whole scene analysed."""
    with road.world.process() as context:
        for which in ("faces", "ids"):
            options: dict[str, Any] = {"which": which, "kinds": ["scene"]}
            if which == "ids":
                options["ids"] = {"scene": road.scenes[:1]}
            request_batch(context.store, which, "task", options)
        road.work(context)
    alone = {one.location.path: one.without_tags for one in road.asked()}
    assert alone == {"/one.mp4": False, "/two.mp4": True, "/three.mp4": True}


def test_faces_of_chosen_media_are_looked_at_whatever_is_due(road: Road) -> None:
    road.drain(kinds=("scene",))
    road.drain("faces", kinds=(), ids={"scene": road.scenes[:2]})
    assert {one.location.path: one.without_tags for one in road.asked()} == {"/one.mp4": True, "/two.mp4": True}


def test_afresh_means_all_of_them(road: Road) -> None:
    road.drain(kinds=("scene",))
    road.drain("faces", kinds=("scene",), fresh=True)
    assert len(road.asked()) == 3 and all(one.without_tags and one.sampling.fresh for one in road.asked())


def _client(address: str) -> SidecarClient:
    from plugin.sidecar_values import Access

    return SidecarClient(Access(address))
