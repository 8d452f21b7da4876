"""Scene markers: fields and mutations."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from dataclasses import replace

from tests.standin.api.changes import Input, Reader, bulk_ids, hook_input, known_ids, text
from tests.standin.api.registry import ApiError, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction
from tests.standin.app import Ask
from tests.standin.library.things import Marker, Scene, Tag


@answers("SceneMarker.created_at")
def created_at(ask: Ask, marker: Marker) -> int:
    return marker.created_s


@answers("SceneMarker.updated_at")
def updated_at(ask: Ask, marker: Marker) -> int:
    return marker.updated_s


@answers("SceneMarker.scene")
def scene(ask: Ask, marker: Marker) -> Scene:
    return ask.library.get(Scene, marker.scene_id)


@answers("SceneMarker.primary_tag")
def primary_tag(ask: Ask, marker: Marker) -> Tag:
    return ask.library.get(Tag, marker.primary_tag_id)


@answers("SceneMarker.tags")
def tags(ask: Ask, marker: Marker) -> list[Tag]:
    return ask.library.tags(marker.tag_ids)


@answers("SceneMarker.stream")
def stream(ask: Ask, marker: Marker) -> str:
    return f"{_url(ask, marker)}/stream"


@answers("SceneMarker.preview")
def preview(ask: Ask, marker: Marker) -> str:
    return f"{_url(ask, marker)}/preview"


@answers("SceneMarker.screenshot")
def screenshot(ask: Ask, marker: Marker) -> str:
    return f"{_url(ask, marker)}/screenshot"


def _url(ask: Ask, marker: Marker) -> str:
    return f"{ask.base_url}/scene/{marker.scene_id}/scene_marker/{marker.id}"


@answers("Mutation.sceneMarkerCreate")
def scene_marker_create(ask: Ask, source: None, input: Input) -> Marker | None:
    scene_id = to_int(input["scene_id"], "scene id")
    primary = to_int(input["primary_tag_id"], "primary tag id")
    end_seconds = input.get("end_seconds")
    _check_end(input["seconds"], end_seconds)
    tag_ids = to_ints(input.get("tag_ids"), "tag ids")

    def work() -> Marker:
        library, now_s = ask.library, ask.library.now_s()
        known_ids(library, Scene, [scene_id])
        known_ids(library, Tag, [primary])
        others = known_ids(library, Tag, [tag for tag in tag_ids if tag != primary])
        marker = Marker(
            id=library.new_id(Marker),
            created_s=now_s,
            updated_s=now_s,
            scene_id=scene_id,
            primary_tag_id=primary,
            title=text(input["title"]),
            seconds=input["seconds"],
            end_seconds=end_seconds,
            tag_ids=others,
        )
        return library.put(marker)

    marker = in_transaction(ask, work)
    required = ("title", "seconds", "scene_id", "primary_tag_id")
    given = (hook_input("SceneMarkerCreateInput", input, required), None)
    (found,) = after_hooks(ask, Marker, "SceneMarker.Create.Post", [marker], [given])
    return found


@answers("Mutation.sceneMarkerUpdate")
def scene_marker_update(ask: Ask, source: None, input: Input) -> Marker | None:
    marker_id = to_int(input["id"], "id")

    def work() -> Marker:
        library = ask.library
        marker = library.get(Marker, marker_id)
        changed = replace(marker, updated_s=library.now_s())
        if input.get("title") is not None or "title" in input:
            changed = replace(changed, title=text(input["title"]))
        if input.get("seconds") is not None:
            changed = replace(changed, seconds=input["seconds"])
        if "end_seconds" in input:
            changed = replace(changed, end_seconds=input["end_seconds"])
        if "seconds" in input or "end_seconds" in input:
            _check_end(changed.seconds, changed.end_seconds)
        if input.get("scene_id") is not None:
            (scene_id,) = known_ids(library, Scene, [to_int(input["scene_id"], "scene id")])
            changed = replace(changed, scene_id=scene_id)
        if input.get("primary_tag_id") is not None:
            (primary,) = known_ids(library, Tag, [to_int(input["primary_tag_id"], "primary tag id")])
            changed = replace(changed, primary_tag_id=primary)
        if "tag_ids" in input:
            others = [tag for tag in to_ints(input["tag_ids"], "tag ids") if tag != changed.primary_tag_id]
            changed = replace(changed, tag_ids=known_ids(library, Tag, others))
        return library.put(changed)

    marker = in_transaction(ask, work)
    given = (hook_input("SceneMarkerUpdateInput", input, ("id",)), list(input))
    (found,) = after_hooks(ask, Marker, "SceneMarker.Update.Post", [marker], [given])
    return found


@answers("Mutation.bulkSceneMarkerUpdate")
def bulk_scene_marker_update(ask: Ask, source: None, input: Input) -> list[Marker | None]:
    ids = to_ints(input.get("ids"), "ids")

    def work() -> list[Marker]:
        library = ask.library
        read_tags: Reader = bulk_ids(library, Tag, "tag ids")
        changed = []
        for marker_id in ids:
            marker = library.find(Marker, marker_id)
            if marker is None:
                raise ApiError("sql: no rows in result set")
            primary = marker.primary_tag_id
            if input.get("primary_tag_id") is not None:
                (primary,) = known_ids(library, Tag, [to_int(input["primary_tag_id"], "primary tag id")])
            others = tuple(tag for tag in read_tags(input.get("tag_ids"), marker.tag_ids) if tag != primary)
            title = text(input["title"]) if "title" in input else marker.title
            changed.append(
                library.put(
                    replace(marker, title=title, primary_tag_id=primary, tag_ids=others, updated_s=library.now_s())
                )
            )
        return changed

    markers = in_transaction(ask, work)
    given = (hook_input("BulkSceneMarkerUpdateInput", input), list(input))
    return after_hooks(ask, Marker, "SceneMarker.Update.Post", markers, [given] * len(markers))


@answers("Mutation.sceneMarkerDestroy")
def scene_marker_destroy(ask: Ask, source: None, id: str) -> bool:
    return scene_markers_destroy(ask, source, [id])


@answers("Mutation.sceneMarkersDestroy")
def scene_markers_destroy(ask: Ask, source: None, ids: list[str]) -> bool:
    numbers = to_ints(ids, "ids")

    def work() -> None:
        for marker_id in numbers:
            ask.library.get(Marker, marker_id)
            ask.library.remove(Marker, marker_id)

    in_transaction(ask, work)
    for marker_id in numbers:
        ask.hooks("SceneMarker.Destroy.Post", marker_id, ids)
    return True


def _check_end(seconds: float, end_seconds: float | None) -> None:
    if end_seconds is not None and end_seconds < seconds:
        raise ApiError(f"end_seconds ({end_seconds:.6f}) must be greater than or equal to seconds ({seconds:.6f})")
