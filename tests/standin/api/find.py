"""Queries that find things."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from typing import Any

from tests.standin.api.changes import Input
from tests.standin.api.registry import ApiError, answers, distinct_ints, to_int
from tests.standin.api.scenes import scene_streams
from tests.standin.app import Ask
from tests.standin.library.library import performer_order, tag_order
from tests.standin.library.things import File, Gallery, Group, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.query.finding import Found, Kind

MEGAPIXEL = 1_000_000


def _found(
    ask: Ask, kind: Kind[Any], table: type[Any], ids: list[int], filter_input: Input | None, find_filter: Input | None
) -> Found[Any]:
    if ids:
        things = []
        for thing_id in ids:
            thing = ask.library.find(table, thing_id)
            if thing is None:
                name = {"marker": "scene marker"}.get(table.table, table.table)
                raise ApiError(f"{name} with id {thing_id} not found")
            things.append(thing)
        return Found(len(things), things, things)
    return kind.find(ask.library.all(table), filter_input, find_filter)


@answers("Query.findScene")
def find_scene(ask: Ask, source: None, id: str | None = None, checksum: str | None = None) -> Scene | None:
    if id is not None:
        return ask.library.find(Scene, to_int(id))
    return _by_hash(ask, checksum, None) if checksum is not None else None


@answers("Query.findSceneByHash")
def find_scene_by_hash(ask: Ask, source: None, input: Input) -> Scene | None:
    return _by_hash(ask, input.get("checksum"), input.get("oshash"))


def _by_hash(ask: Ask, md5: str | None, oshash: str | None) -> Scene | None:
    for scene in ask.library.all(Scene):
        for file in ask.library.files(scene):
            if (md5 and file.md5 == md5) or (oshash and file.oshash == oshash):
                return scene
    return None


@answers("Query.findScenes")
def find_scenes(
    ask: Ask,
    source: None,
    scene_filter: Input | None = None,
    scene_ids: list[int] | None = None,
    ids: list[str] | None = None,
    filter: Input | None = None,
) -> dict[str, Any]:
    numbers = distinct_ints(ids) if ids else list(scene_ids or ())
    found = _found(ask, ask.app.kinds.scenes, Scene, numbers, scene_filter, filter)
    files = [file for scene in found.matched if (file := ask.library.file(scene)) is not None]
    return {
        "count": found.count,
        "scenes": found.page,
        "duration": sum(file.duration for file in files),
        "filesize": float(sum(file.size for file in files)),
    }


@answers("Query.sceneStreams")
def query_scene_streams(ask: Ask, source: None, id: str | None = None) -> list[dict[str, str]]:
    scene = ask.library.find(Scene, to_int(id or ""))
    if scene is None:
        raise ApiError("nil scene")
    return scene_streams(ask, scene)


@answers("Query.findSceneMarkers")
def find_scene_markers(
    ask: Ask,
    source: None,
    scene_marker_filter: Input | None = None,
    filter: Input | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    found = _found(ask, ask.app.kinds.markers, Marker, distinct_ints(ids or []), scene_marker_filter, filter)
    return {"count": found.count, "scene_markers": found.page}


@answers("Query.sceneMarkerTags")
def scene_marker_tags(ask: Ask, source: None, scene_id: str) -> list[dict[str, Any]]:
    """Markers of a scene by their primary tag and by their others, in the order of the tags' ids."""
    groups: dict[int, list[Marker]] = {}
    for marker in ask.library.markers_of(to_int(scene_id)):
        for tag_id in dict.fromkeys((marker.primary_tag_id, *marker.tag_ids)):
            groups.setdefault(tag_id, []).append(marker)
    return [{"tag": ask.library.get(Tag, tag_id), "scene_markers": groups[tag_id]} for tag_id in sorted(groups)]


@answers("Query.findImage")
def find_image(ask: Ask, source: None, id: str | None = None, checksum: str | None = None) -> Image | None:
    if id is not None:
        return ask.library.find(Image, to_int(id))
    for image in ask.library.all(Image):
        if any(file.md5 == checksum for file in ask.library.files(image)):
            return image
    return None


@answers("Query.findImages")
def find_images(
    ask: Ask,
    source: None,
    image_filter: Input | None = None,
    image_ids: list[int] | None = None,
    ids: list[str] | None = None,
    filter: Input | None = None,
) -> dict[str, Any]:
    numbers = distinct_ints(ids) if ids else list(image_ids or ())
    found = _found(ask, ask.app.kinds.images, Image, numbers, image_filter, filter)
    files = [file for image in found.matched if (file := ask.library.file(image)) is not None]
    return {
        "count": found.count,
        "images": found.page,
        "megapixels": sum(file.width * file.height for file in files) / MEGAPIXEL,
        "filesize": float(sum(file.size for file in files)),
    }


@answers("Query.findGallery")
def find_gallery(ask: Ask, source: None, id: str) -> Gallery | None:
    return ask.library.find(Gallery, to_int(id))


@answers("Query.findGalleries")
def find_galleries(
    ask: Ask,
    source: None,
    gallery_filter: Input | None = None,
    filter: Input | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    found = _found(ask, ask.app.kinds.galleries, Gallery, distinct_ints(ids or []), gallery_filter, filter)
    return {"count": found.count, "galleries": found.page}


@answers("Query.findTag")
def find_tag(ask: Ask, source: None, id: str) -> Tag | None:
    return ask.library.find(Tag, to_int(id))


@answers("Query.findTags")
def find_tags(
    ask: Ask,
    source: None,
    tag_filter: Input | None = None,
    filter: Input | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    found = _found(ask, ask.app.kinds.tags, Tag, distinct_ints(ids or []), tag_filter, filter)
    return {"count": found.count, "tags": found.page}


@answers("Query.allTags")
def all_tags(ask: Ask, source: None) -> list[Tag]:
    return sorted(ask.library.all(Tag), key=tag_order)


@answers("Query.findPerformer")
def find_performer(ask: Ask, source: None, id: str) -> Performer | None:
    return ask.library.find(Performer, to_int(id))


@answers("Query.findPerformers")
def find_performers(
    ask: Ask,
    source: None,
    performer_filter: Input | None = None,
    filter: Input | None = None,
    performer_ids: list[int] | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    numbers = distinct_ints(ids) if ids else list(performer_ids or ())
    found = _found(ask, ask.app.kinds.performers, Performer, numbers, performer_filter, filter)
    return {"count": found.count, "performers": found.page}


@answers("Query.allPerformers")
def all_performers(ask: Ask, source: None) -> list[Performer]:
    return sorted(ask.library.all(Performer), key=performer_order)


@answers("Query.findStudio")
def find_studio(ask: Ask, source: None, id: str) -> Studio | None:
    return ask.library.find(Studio, to_int(id))


@answers("Query.findStudios")
def find_studios(
    ask: Ask,
    source: None,
    studio_filter: Input | None = None,
    filter: Input | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    found = _found(ask, ask.app.kinds.studios, Studio, distinct_ints(ids or []), studio_filter, filter)
    return {"count": found.count, "studios": found.page}


@answers("Query.allStudios")
def all_studios(ask: Ask, source: None) -> list[Studio]:
    return ask.app.kinds.studios.find(ask.library.all(Studio), None, {"per_page": -1}).page  # type: ignore[return-value]


@answers("Query.findGroup")
def find_group(ask: Ask, source: None, id: str) -> Group | None:
    return ask.library.find(Group, to_int(id))


@answers("Query.findGroups")
def find_groups(
    ask: Ask,
    source: None,
    group_filter: Input | None = None,
    filter: Input | None = None,
    ids: list[str] | None = None,
) -> dict[str, Any]:
    found = _found(ask, ask.app.kinds.groups, Group, distinct_ints(ids or []), group_filter, filter)
    return {"count": found.count, "groups": found.page}


@answers("Query.stats")
def stats(ask: Ask, source: None) -> dict[str, Any]:
    library = ask.library
    scenes, images = library.all(Scene), library.all(Image)
    videos = [file for file in library.all(File) if file.kind == "video"]
    return {
        "scene_count": len(scenes),
        "scenes_size": float(sum(file.size for file in videos)),
        "scenes_duration": sum(file.duration for file in videos),
        "image_count": len(images),
        "images_size": float(sum(file.size for file in library.all(File) if file.kind == "image")),
        "gallery_count": len(library.all(Gallery)),
        "performer_count": len(library.all(Performer)),
        "studio_count": len(library.all(Studio)),
        "group_count": len(library.all(Group)),
        "tag_count": len(library.all(Tag)),
        "total_o_count": sum(len(scene.o_history_s) for scene in scenes) + sum(image.o_counter for image in images),
        "total_play_duration": sum(scene.play_duration for scene in scenes),
        "total_play_count": sum(len(scene.play_history_s) for scene in scenes),
        "scenes_played": sum(1 for scene in scenes if scene.play_history_s),
    }
