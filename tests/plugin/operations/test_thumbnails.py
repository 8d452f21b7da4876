"""Pictures of moments: by path or URL, in the analysed view, and whatever goes wrong with one medium is its own."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from plugin.interface.input import PLUGIN_ID
from plugin.operations import thumbnails
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from protos import inference_pb2
from tests.plugin.sidecars import Pictures, connected, pictures_server, refuse, said, stall
from tests.plugin.store.samples import analysis
from tests.plugin.world import World


@pytest.fixture
def pictures() -> Pictures:
    return pictures_server()


@pytest.fixture
def ask(world: World, pictures: Pictures) -> Iterator[Any]:
    with said(pictures) as address, world.process() as process, connected(process, address) as context:

        def call(*moments: tuple[str, int, float]) -> dict[str, Any]:
            given = [{"kind": kind, "id": media_id, "at_s": at_s} for kind, media_id, at_s in moments]
            return thumbnails.find(context, parse_arguments(OPERATIONS["thumbnails.list"], {"moments": given}))

        call.context = context  # type: ignore[attr-defined]
        yield call


def scene(world: World, name: str) -> int:
    return int(world.stash.add_scene_without_media(f"/library/{name}", name, size=10).id)


def test_moments_of_one_medium_are_one_question(world: World, pictures: Pictures, ask: Any) -> None:
    first, second = scene(world, "a.mp4"), scene(world, "b.mp4")
    answer = ask(("scene", second, 9), ("scene", first, 7.5), ("scene", second, 2), ("scene", second, 9))
    assert answer["problems"] == []
    assert [(one["kind"], one["id"], one["at_s"], one["pts_s"]) for one in answer["pictures"]] == [
        ("scene", second, 2.0, 1.75),
        ("scene", second, 9.0, 8.75),
        ("scene", first, 7.5, 7.25),
    ]
    assert answer["pictures"][0]["data_url"] == "data:image/jpeg;base64," + base64.b64encode(b"jpeg").decode()
    asked = {request.location.path: request for request in pictures.asked}
    assert set(asked) == {"/library/a.mp4", "/library/b.mp4"}
    assert list(asked["/library/b.mp4"].at_s) == [2.0, 9.0]
    assert {request.size_px for request in pictures.asked} == {240}


def test_paths_are_mapped_as_for_analysis(world: World, pictures: Pictures, ask: Any) -> None:
    world.stash.configure_plugin(PLUGIN_ID, pathMappings="/library => /mnt/media")
    ask.context.read_config()
    ask(("scene", scene(world, "a.mp4"), 0))
    assert pictures.asked[0].location.path == "/mnt/media/a.mp4"


def test_what_the_sidecar_does_not_see_is_asked_for_over_stashs_url(world: World, pictures: Pictures, ask: Any) -> None:
    pictures.by_name["a.mp4"] = refuse("outside_media_roots", "not below /mnt")
    answer = ask(("scene", scene(world, "a.mp4"), 3))
    assert answer["problems"] == [] and len(answer["pictures"]) == 1
    path, url = pictures.asked
    assert path.location.path == "/library/a.mp4"
    assert url.location.remote.url.startswith(world.stash.url) and "stream" in url.location.remote.url
    assert "apikey" not in url.location.remote.url


def test_the_view_that_was_analysed_is_shown(world: World, pictures: Pictures, ask: Any) -> None:
    first, second = scene(world, "flat.mp4"), scene(world, "vr.mp4")
    store = ask.context.store
    run_id = store.runs.begin("a run", "task")
    store.analyses.save(analysis(run_id, media_id=second, view="left_eye"))
    ask(("scene", first, 1), ("scene", second, 1))
    views = {request.location.path: request.view for request in pictures.asked}
    assert views == {"/library/flat.mp4": inference_pb2.VIEW_WHOLE, "/library/vr.mp4": inference_pb2.VIEW_LEFT_EYE}


def test_a_bad_medium_harms_no_other(world: World, pictures: Pictures, ask: Any) -> None:
    names = ("good.mp4", "broken.mp4", "short.mp4", "odd.mp4")
    good, broken, short, odd = (scene(world, name) for name in names)
    pictures.by_name["broken.mp4"] = refuse("unreadable", "broken.mp4 is no video. Check the file.")
    pictures.by_name["short.mp4"] = lambda request, _: [at_s for at_s in request.at_s if at_s < 10]

    def defect(*_: object) -> None:
        raise RuntimeError("a defect of the sidecar's")

    pictures.by_name["odd.mp4"] = defect
    asked = [(good, 1.0), (broken, 1.0), (short, 1.0), (short, 99.0), (odd, 1.0), (good, 2.0), (9999, 1.0)]
    answer = ask(*(("scene", media_id, at_s) for media_id, at_s in asked), ("image", 77, 0))
    assert [(one["id"], one["at_s"]) for one in answer["pictures"]] == [(good, 1.0), (good, 2.0), (short, 1.0)]
    problems = {(one["kind"], one["id"]): one["message"] for one in answer["problems"]}
    assert set(problems) == {("scene", broken), ("scene", short), ("scene", odd), ("scene", 9999), ("image", 77)}
    assert problems["scene", broken] == "broken.mp4 is no video. Check the file."
    assert problems["scene", short] == "nothing can be shown at 99 s"
    assert problems["scene", 9999] == "Stash has no scene 9999"
    assert problems["image", 77] == "Stash has no image 77"


def test_what_takes_too_long_is_left(
    world: World, pictures: Pictures, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "TOTAL_S", 1.5)
    monkeypatch.setattr(thumbnails, "MEDIUM_S", 1.0)
    pictures.by_name["slow.mp4"] = stall
    ids = [scene(world, f"{n} {'slow' if n < 6 else 'quick'}.mp4") for n in range(8)]
    began_s = time.monotonic()
    answer = ask(*(("scene", media_id, 1) for media_id in ids))
    assert time.monotonic() - began_s < 4
    assert {one["id"] for one in answer["problems"]} == set(ids[:6])
    assert {one["message"] for one in answer["problems"]} == {"not in time; ask again"}
    assert {one["id"] for one in answer["pictures"]} == set(ids[6:]), "quick ones are shown beside slow ones"

    monkeypatch.setattr(thumbnails, "TOTAL_S", 0.0)
    answer = ask(("scene", ids[7], 1))
    assert answer == {
        "pictures": [],
        "problems": [{"kind": "scene", "id": ids[7], "message": "not in time; ask again"}],
    }


MOMENT = {"kind": "scene", "id": 1, "at_s": 0}


@pytest.mark.parametrize(
    ("moments", "sentence"),
    [
        ([], "moments must be a list of 1 to 60 moments"),
        ([MOMENT] * 61, "moments must be a list of 1 to 60 moments"),
        ({"0": MOMENT}, "moments must be a list"),
        (["scene"], r"moments\[0\] must be an object of kind, id, at_s"),
        ([{**MOMENT, "path": "/etc/passwd"}], "and nothing else"),
        ([{"kind": "scene", "id": 1}], "must be an object of kind, id, at_s"),
        ([{**MOMENT, "kind": "gallery"}], r"moments\[0\].kind is 'gallery'; it must be one of scene, image"),
        ([MOMENT, {**MOMENT, "id": -1}], r"moments\[1\].id is -1"),
        ([{**MOMENT, "at_s": float("nan")}], r"moments\[0\].at_s is nan"),
        ([{**MOMENT, "at_s": -1}], r"moments\[0\].at_s is -1"),
        ([{**MOMENT, "at_s": 1e300}], "must be a number from 0"),
        (None, "needs the argument moments"),
    ],
)
def test_hostile_moments_are_refused(moments: Any, sentence: str) -> None:
    with pytest.raises(ArgumentError, match=sentence):
        parse_arguments(OPERATIONS["thumbnails.list"], {"moments": moments})
