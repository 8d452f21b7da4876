"""Scenes: fields and mutations."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.standin.api.changes import (
    PLAIN,
    Input,
    Reader,
    bulk_ids,
    bulk_texts,
    changed_fields,
    hook_input,
    image_data,
    optional_id,
    set_ids,
    set_texts,
    stash_ids,
    text,
)
from tests.standin.api.registry import ApiError, always, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction, put_changed
from tests.standin.app import Ask
from tests.standin.library.library import Library
from tests.standin.library.things import (
    File,
    Gallery,
    Group,
    GroupPlace,
    Marker,
    Performer,
    Scene,
    Studio,
    Tag,
)
from tests.standin.times import rfc3339_utc

always(False, "Scene.interactive")
always(None, "Scene.interactive_speed", "Scene.captions")


@answers("Scene.url")
def url(ask: Ask, scene: Scene) -> str | None:
    return scene.urls[0] if scene.urls else None


@answers("Scene.created_at")
def created_at(ask: Ask, scene: Scene) -> int:
    return scene.created_s


@answers("Scene.updated_at")
def updated_at(ask: Ask, scene: Scene) -> int:
    return scene.updated_s


@answers("Scene.o_counter")
def o_counter(ask: Ask, scene: Scene) -> int:
    return len(scene.o_history_s)


@answers("Scene.play_count")
def play_count(ask: Ask, scene: Scene) -> int:
    return len(scene.play_history_s)


@answers("Scene.last_played_at")
def last_played_at(ask: Ask, scene: Scene) -> str | None:
    return rfc3339_utc(max(scene.play_history_s)) if scene.play_history_s else None


@answers("Scene.play_history")
def play_history(ask: Ask, scene: Scene) -> list[str]:
    return [rfc3339_utc(at_s) for at_s in scene.play_history_s]


@answers("Scene.o_history")
def o_history(ask: Ask, scene: Scene) -> list[str]:
    return [rfc3339_utc(at_s) for at_s in scene.o_history_s]


@answers("Scene.files")
def files(ask: Ask, scene: Scene) -> list[File]:
    return ask.library.files(scene)


@answers("Scene.tags")
def tags(ask: Ask, scene: Scene) -> list[Tag]:
    return ask.library.tags(scene.tag_ids)


@answers("Scene.performers")
def performers(ask: Ask, scene: Scene) -> list[Performer]:
    return ask.library.many(Performer, sorted(scene.performer_ids))


@answers("Scene.galleries")
def galleries(ask: Ask, scene: Scene) -> list[Gallery]:
    return ask.library.many(Gallery, sorted(scene.gallery_ids))


@answers("Scene.studio")
def studio(ask: Ask, scene: Scene) -> Studio | None:
    return ask.library.find(Studio, scene.studio_id or 0)


@answers("Scene.groups")
def groups(ask: Ask, scene: Scene) -> list[dict[str, Any]]:
    return [
        {"group": ask.library.get(Group, place.group_id), "scene_index": place.scene_index} for place in scene.groups
    ]


@answers("Scene.scene_markers")
def scene_markers(ask: Ask, scene: Scene) -> list[Marker]:
    return ask.library.markers_of(scene.id)


@answers("Scene.paths")
def paths(ask: Ask, scene: Scene) -> dict[str, str]:
    """Addresses at the host that was asked, whether or not anything was generated."""
    base = f"{ask.base_url}/scene/{scene.id}"
    by_hash = f"{ask.base_url}/scene/{content_hash(ask, scene)}"
    return {
        "screenshot": f"{base}/screenshot?t={scene.updated_s}",
        "preview": f"{base}/preview",
        "stream": stream_url(ask, scene),
        "webp": f"{base}/webp",
        "vtt": f"{by_hash}_thumbs.vtt",
        "sprite": f"{by_hash}_sprite.jpg",
        "funscript": f"{base}/funscript",
        "interactive_heatmap": f"{base}/interactive_heatmap",
        "caption": f"{base}/caption",
    }


@answers("Scene.sceneStreams")
def scene_streams(ask: Ask, scene: Scene) -> list[dict[str, str]]:
    """The direct stream alone: the stand-in transcodes nothing."""
    if ask.library.file(scene) is None:
        return []
    return [{"url": stream_url(ask, scene), "mime_type": "video/mp4", "label": "Direct stream"}]


def stream_url(ask: Ask, scene: Scene) -> str:
    key = ask.app.settings.api_key
    return f"{ask.base_url}/scene/{scene.id}/stream" + (f"?apikey={key}" if key else "")


def content_hash(ask: Ask, scene: Scene) -> str:
    """The name of what is generated for a scene."""
    file = ask.library.file(scene)
    if file is None:
        return ""
    return file.md5 if ask.app.settings.video_file_naming == "MD5" else file.oshash


# Mutations.


def _places(library: Library) -> Reader:
    def read(value: list[Input] | None, had: Any) -> tuple[GroupPlace, ...]:
        found = {to_int(item["group_id"]): item.get("scene_index") for item in value or ()}
        for group_id in found:
            if library.find(Group, group_id) is None:
                raise ApiError("inserting into groups_scenes: FOREIGN KEY constraint failed")
        return tuple(GroupPlace(group_id, index) for group_id, index in found.items())

    return read


def _readers(ask: Ask) -> dict[str, Reader]:
    library = ask.library
    return {
        **PLAIN,
        "studio_id": optional_id(library, Studio, "studio id"),
        "performer_ids": set_ids(library, Performer, "performer ids"),
        "tag_ids": set_ids(library, Tag, "tag ids"),
        "gallery_ids": set_ids(library, Gallery, "gallery ids"),
        "urls": set_texts,
        "groups": _places(library),
        "stash_ids": lambda value, had: stash_ids(value, library.now_s()),
        "play_duration": lambda value, had: value or 0.0,
    }


def _bulk_readers(ask: Ask) -> dict[str, Reader]:
    library = ask.library
    return {
        **PLAIN,
        "studio_id": optional_id(library, Studio, "studio id"),
        "performer_ids": bulk_ids(library, Performer, "performer ids"),
        "tag_ids": bulk_ids(library, Tag, "tag ids"),
        "gallery_ids": bulk_ids(library, Gallery, "gallery ids"),
        "urls": bulk_texts,
    }


def _update(ask: Ask, value: Input) -> Scene:
    scene = ask.library.get(Scene, to_int(value["id"], "id"))
    if "title" in value and not text(value["title"]) and value["title"] is not None and not scene.file_ids:
        raise ApiError("title must be set if scene has no files")
    if value.get("primary_file_id"):
        scene = _with_primary_file(scene, to_int(value["primary_file_id"], "primary file id"))
    if value.get("cover_image") is not None:
        scene = replace(scene, cover=image_data(value["cover_image"], "cover image"))
    for name, better in (("o_counter", "sceneIncrementO/sceneDecrementO"), ("play_count", "sceneAddPlay")):
        if value.get(name) is not None:
            ask.app.log.warning(f"{name} is deprecated and no longer supported, use {better} instead")
    return put_changed(ask, scene, value, _readers(ask))


def _with_primary_file(scene: Scene, file_id: int) -> Scene:
    if file_id not in scene.file_ids:
        raise ApiError(f"file with id {file_id} not associated with scene")
    return replace(scene, file_ids=(file_id, *(other for other in scene.file_ids if other != file_id)))


@answers("Mutation.sceneCreate")
def scene_create(ask: Ask, source: None, input: Input) -> Scene:
    if not text(input.get("title")) and not input.get("file_ids"):
        raise ApiError("title must be set if scene has no files")

    def work() -> Scene:
        library, now_s = ask.library, ask.library.now_s()
        scene = Scene(library.new_id(Scene), now_s, now_s)
        file_ids = tuple(to_ints(input.get("file_ids"), "file ids"))
        for file_id in file_ids:
            _take_file(library, file_id)
        fields = changed_fields(input, _readers(ask), scene)
        cover = image_data(input.get("cover_image"), "cover image")
        return library.put(replace(scene, **fields, file_ids=file_ids, cover=cover))

    made = in_transaction(ask, work)
    ask.hooks("Scene.Create.Post", made.id, None)
    return made


def _take_file(library: Library, file_id: int) -> None:
    """Take a file from the scene that has it. Raises ApiError if it is that scene's primary file."""
    file = library.find(File, file_id)
    if file is None or file.kind != "video":
        raise ApiError(f"assigning file {file_id} to new scene: file with id {file_id} not found")
    for scene in library.all(Scene):
        if scene.file_ids[:1] == (file_id,):
            raise ApiError(f"assigning file {file_id} to new scene: cannot reassign primary file")
        if file_id in scene.file_ids:
            library.put(replace(scene, file_ids=tuple(other for other in scene.file_ids if other != file_id)))


@answers("Mutation.sceneUpdate")
def scene_update(ask: Ask, source: None, input: Input) -> Scene | None:
    scene = in_transaction(ask, lambda: _update(ask, input))
    given = (hook_input("SceneUpdateInput", input), list(input))
    (found,) = after_hooks(ask, Scene, "Scene.Update.Post", [scene], [given])
    return found


@answers("Mutation.scenesUpdate")
def scenes_update(ask: Ask, source: None, input: list[Input]) -> list[Scene | None]:
    scenes = in_transaction(ask, lambda: [_update(ask, value) for value in input])
    everything = [hook_input("SceneUpdateInput", value) for value in input]
    return after_hooks(ask, Scene, "Scene.Update.Post", scenes, [(everything, list(value)) for value in input])


@answers("Mutation.bulkSceneUpdate")
def bulk_scene_update(ask: Ask, source: None, input: Input) -> list[Scene | None]:
    ids = to_ints(input.get("ids"), "ids")

    def work() -> list[Scene]:
        readers = _bulk_readers(ask)
        return [
            _with_groups(ask, put_changed(ask, _existing(ask, scene_id), input, readers), input) for scene_id in ids
        ]

    scenes = in_transaction(ask, work)
    given = (hook_input("BulkSceneUpdateInput", input), list(input))
    return after_hooks(ask, Scene, "Scene.Update.Post", scenes, [given] * len(scenes))


def _existing(ask: Ask, scene_id: int) -> Scene:
    scene = ask.library.find(Scene, scene_id)
    if scene is None:
        raise ApiError("sql: no rows in result set")
    return scene


def _with_groups(ask: Ask, scene: Scene, value: Input) -> Scene:
    if value.get("group_ids") is None:
        return scene
    had = {place.group_id: place for place in scene.groups}
    ids = bulk_ids(ask.library, Group, "group ids")(value["group_ids"], tuple(had))
    return ask.library.put(replace(scene, groups=tuple(had.get(group_id, GroupPlace(group_id)) for group_id in ids)))


@answers("Mutation.sceneDestroy")
def scene_destroy(ask: Ask, source: None, input: Input) -> bool:
    return _destroy(ask, [to_int(input["id"], "id")], hook_input("SceneDestroyInput", input), input)


@answers("Mutation.scenesDestroy")
def scenes_destroy(ask: Ask, source: None, input: Input) -> bool:
    return _destroy(ask, to_ints(input["ids"], "ids"), hook_input("ScenesDestroyInput", input), input)


def _destroy(ask: Ask, ids: list[int], given: Mapping[str, Any], value: Input) -> bool:
    library = ask.library

    def work() -> list[tuple[Scene, list[File]]]:
        gone = []
        for scene_id in ids:
            scene = library.get(Scene, scene_id)
            gone.append((scene, library.files(scene)))
            for marker in library.markers_of(scene_id):
                library.remove(Marker, marker.id)
            library.remove(Scene, scene_id)
            if value.get("delete_file"):
                for file_id in scene.file_ids:
                    library.remove(File, file_id)
        return gone

    gone = in_transaction(ask, work)
    for scene, its_files in gone:
        if value.get("delete_file"):
            for file in its_files:
                Path(file.path).unlink(missing_ok=True)
        first = its_files[0] if its_files else None
        details = {
            "checksum": first.md5 if first else "",
            "oshash": first.oshash if first else "",
            "path": first.path if first else "",
        }
        ask.hooks("Scene.Destroy.Post", scene.id, {**given, **details})
    return True
