"""Who is seen in the world of the golden answers: known people, one who is only in a stash-box, and unknown ones."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import replace
from unittest import mock

from plugin.analysis.record import face_analysis_of
from plugin.commands.people import face_recorder
from plugin.face_messages import face_report
from plugin.review.performers import Seen as SeenFaces
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import SidecarError
from plugin.stash.values import MediaFile, Medium
from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import StashBoxUnavailable
from plugin.stashbox.values import BoxPerformer
from protos import faces_pb2
from tests.plugin.faces_server import MAYBE, Seen, candidate, faces_sidecar, hex_id, report, track
from tests.plugin.operations.golden_world import MARKUP, NOW_S, RIGHT_LABEL, GoldenWorld
from tests.standin.samples import picture

BOX = "https://box.example/graphql"
ADA = ("stash:1", f"box:{BOX}|ada-1")
BO = (f"box:{BOX}|bo-2",)
ADAS, BOS, STRANGER, ANOTHER, HEBREW_TRACK, PICTURED = map(
    hex_id, ("ada", "bo", "stranger", "another", "hebrew", "pictured")
)
VERSION = "g1"


def people(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """Faces of two scenes and an image were looked at; the sidecar is there and knows them."""
    stash, context = found.world.stash, found.context
    with stash.library.transaction():
        stash.add_performer("Ada", stash_ids=[(BOX, "ada-1")])
        stash.add_performer(MARKUP)
    context.store.meta.set("stash_box_names", {BOX: "Box & sons"})
    seen = known()
    context.connect_sidecar = lambda may_restart=False: held_client  # type: ignore[method-assign]
    held_client = held.enter_context(faces_sidecar(seen))
    run_id = context.store.runs.begin("Identify performers", "task")
    recorder = face_recorder(context)
    for content_key, medium in _media(found).items():
        told = face_report(seen.reports[content_key])
        made = face_analysis_of(told, run_id, medium, "whole", content_key)
        recorder.record(run_id, medium, None, faces=SeenFaces(made))
    context.store.runs.end(run_id)


def known() -> Seen:
    """What the sidecar knows."""
    ada = candidate("Ada", *ADA, similarity=0.8125, margin=0.5)
    doubtful = candidate("Ada", *ADA, decision=MAYBE, similarity=0.53125, margin=0.0625, lowered=["margin"])
    bo = candidate(
        RIGHT_LABEL, *BO, decision=MAYBE, similarity=0.5625, margin=0.03125, references=1, reference_source="stash_box"
    )
    people = {
        ADA[0]: faces_pb2.KnownPerson(
            person=faces_pb2.Person(key=ADA[0], name="Ada", same_as=[ADA[1]]),
            keys=ADA,
            references={"stash": 2, "track": 1},
            best_reference="0123",
        ),
        BO[0]: faces_pb2.KnownPerson(
            person=faces_pb2.Person(key=BO[0], name=RIGHT_LABEL), keys=BO, references={"stash_box": 1}
        ),
    }
    spans = ((2.0, 40.5), (80.0, 90.25))
    return Seen(
        reports={
            "key-coffee": report(
                track("ada", ada, spans=spans),
                track("bo", bo, doubtful, spans=((10.0, 12.5),), views=2, quality=0.5),
                track("stranger", spans=((100.0, 120.0),), group_id="group-1"),
            ),
            "key-hebrew": report(
                track("hebrew", doubtful, spans=((0.0, 600.0),)),
                track("another", spans=((700.0, 710.0),), group_id="group-2"),
            ),
            "key-image": report(track("pictured", ada, spans=((0.0, 0.0),), faces=1, views=1), frames=1),
        },
        people=people,
        groups={
            "group-1": faces_pb2.Group(
                id="group-1",
                media=1,
                tracks=1,
                seconds=20.0,
                best_track=STRANGER,
                newest_unix_s=NOW_S - 3600,
                candidates=[doubtful],
            ),
            "group-2": faces_pb2.Group(
                id="group-2", media=1, tracks=1, seconds=10.0, best_track=ANOTHER, newest_unix_s=NOW_S - 7200
            ),
        },
        version=VERSION,
    )


def _media(found: GoldenWorld) -> dict[str, Medium]:
    scenes = found.context.stash.media("scene", [found.ids["coffee"], found.ids["hebrew"]])
    image = Medium("image", 1, "Latte art", {}, MediaFile("/library/1.png", 1000, "md5-1"))
    return {
        "key-coffee": scenes[found.ids["coffee"]],
        "key-hebrew": scenes[found.ids["hebrew"]],
        "key-image": image,
    }


def away(found: GoldenWorld, _: contextlib.ExitStack) -> None:
    """No sidecar answers."""

    def refuse(may_restart: bool = False) -> SidecarClient:
        raise SidecarError("the sidecar at gpu.example:50151 cannot be reached (connection refused)", passes=True)

    found.context.connect_sidecar = refuse  # type: ignore[method-assign]


def found_people(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """Two stash-boxes are configured, of which one answers."""
    people(found, held)
    stash = found.world.stash
    image = base64.b64encode(picture(1)).decode()
    with stash.library.transaction():
        stash.library.put(replace(stash.performer(1), image=image, disambiguation="the first", updated_s=int(NOW_S)))
    stash.add_stash_box(BOX, "a-secret", "Box & sons")
    stash.add_stash_box("https://away.example/graphql", "a-secret", "Away")

    def search(client: StashBoxClient, words: str, limit: int) -> list[BoxPerformer]:
        if client.endpoint != BOX:
            raise StashBoxUnavailable("Away: it cannot be reached (Connection refused)")
        return [
            BoxPerformer("ada-1", "Ada", "the first"),
            BoxPerformer("ada-9", MARKUP),
            BoxPerformer("x", "Adam", is_gone=True),
        ]

    held.enter_context(mock.patch.object(StashBoxClient, "search", search))


def merged(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """Two groups were joined."""
    people(found, held)
    from plugin.operations.people_groups import merge

    merge(found.context, {"ids": ["group-1", "group-2"]})


def named(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """A group was named."""
    people(found, held)
    from plugin.operations.people_groups import name

    name(found.context, {"id": "group-1", "performer_id": 2, "create": None, "box": None})
