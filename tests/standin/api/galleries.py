"""Galleries: fields and mutations."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

import re
from collections.abc import Iterable
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
    known_ids,
    optional_id,
    set_ids,
    set_texts,
)
from tests.standin.api.images import folder as folder_of
from tests.standin.api.registry import ApiError, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction, put_changed
from tests.standin.app import Ask
from tests.standin.library.library import Library
from tests.standin.library.things import File, Gallery, Image, Performer, Scene, Studio, Tag
from tests.standin.settings import GALLERY_COVER_REGEX

COVER = re.compile(GALLERY_COVER_REGEX, re.I)


@answers("Gallery.created_at")
def created_at(ask: Ask, gallery: Gallery) -> int:
    return gallery.created_s


@answers("Gallery.updated_at")
def updated_at(ask: Ask, gallery: Gallery) -> int:
    return gallery.updated_s


@answers("Gallery.url")
def url(ask: Ask, gallery: Gallery) -> str | None:
    return gallery.urls[0] if gallery.urls else None


@answers("Gallery.files")
def files(ask: Ask, gallery: Gallery) -> list[File]:
    return ask.library.files(gallery)


@answers("Gallery.folder")
def folder(ask: Ask, gallery: Gallery) -> dict[str, Any] | None:
    return folder_of(ask, gallery.folder) if gallery.folder else None


@answers("Gallery.scenes")
def scenes(ask: Ask, gallery: Gallery) -> list[Scene]:
    return ask.library.scenes_of(gallery.id)


@answers("Gallery.studio")
def studio(ask: Ask, gallery: Gallery) -> Studio | None:
    return ask.library.find(Studio, gallery.studio_id or 0)


@answers("Gallery.tags")
def tags(ask: Ask, gallery: Gallery) -> list[Tag]:
    return ask.library.tags(gallery.tag_ids)


@answers("Gallery.performers")
def performers(ask: Ask, gallery: Gallery) -> list[Performer]:
    return ask.library.many(Performer, sorted(gallery.performer_ids))


@answers("Gallery.image_count")
def image_count(ask: Ask, gallery: Gallery) -> int:
    return len(ask.library.images_of(gallery.id))


@answers("Gallery.cover")
def cover(ask: Ask, gallery: Gallery) -> Image | None:
    """An image whose name is a cover's, or the first."""
    images = ask.library.images_of(gallery.id)
    named = [image for image in images if (file := ask.library.file(image)) and COVER.search(file.path)]
    return next(iter([*named, *images]), None)


@answers("Gallery.image")
def image(ask: Ask, gallery: Gallery, index: int) -> Image:
    images = ask.library.images_of(gallery.id)
    if not 0 <= index < len(images):
        raise ApiError("index out of range")
    return images[index]


@answers("Gallery.paths")
def paths(ask: Ask, gallery: Gallery) -> dict[str, str]:
    base = f"{ask.base_url}/gallery/{gallery.id}"
    return {"cover": f"{base}/cover?t={gallery.updated_s}", "preview": f"{base}/preview"}


# Mutations.


def _readers(ask: Ask, bulk: bool) -> dict[str, Reader]:
    library, ids = ask.library, bulk_ids if bulk else set_ids
    return {
        **PLAIN,
        "studio_id": optional_id(library, Studio, "studio id"),
        "performer_ids": ids(library, Performer, "performer ids"),
        "tag_ids": ids(library, Tag, "tag ids"),
        "urls": bulk_texts if bulk else set_texts,
    }


def _set_scenes(library: Library, gallery_id: int, scene_ids: Iterable[int]) -> None:
    wanted = set(known_ids(library, Scene, scene_ids))
    for scene in library.all(Scene):
        has = gallery_id in scene.gallery_ids
        if scene.id in wanted and not has:
            library.put(replace(scene, gallery_ids=(*scene.gallery_ids, gallery_id)))
        elif has and scene.id not in wanted:
            library.put(replace(scene, gallery_ids=tuple(other for other in scene.gallery_ids if other != gallery_id)))


def _update(ask: Ask, gallery: Gallery, value: Input) -> Gallery:
    if value.get("title") == "" and not gallery.file_ids and not gallery.folder:
        raise ApiError("title must not be empty for user-created galleries")
    if "title" in value and value["title"] is None:
        value = {name: item for name, item in value.items() if name != "title"}
    if value.get("primary_file_id"):
        file_id = to_int(value["primary_file_id"], "primary file id")
        if file_id not in gallery.file_ids:
            raise ApiError(f"file with id {file_id} not associated with gallery")
        others = (other for other in gallery.file_ids if other != file_id)
        gallery = replace(gallery, file_ids=(file_id, *others))
    changed = put_changed(ask, gallery, value, _readers(ask, bulk=False))
    if "scene_ids" in value:
        _set_scenes(ask.library, gallery.id, to_ints(value["scene_ids"], "scene ids"))
    return changed


@answers("Mutation.galleryCreate")
def gallery_create(ask: Ask, source: None, input: Input) -> Gallery | None:
    if not input["title"]:
        raise ApiError("title must not be empty")

    def work() -> Gallery:
        library, now_s = ask.library, ask.library.now_s()
        fields = changed_fields(input, _readers(ask, bulk=False), None)
        gallery = library.put(Gallery(library.new_id(Gallery), now_s, now_s, **fields))
        _set_scenes(library, gallery.id, to_ints(input.get("scene_ids"), "scene ids"))
        return gallery

    gallery = in_transaction(ask, work)
    given = (hook_input("GalleryCreateInput", input, ("title",)), None)
    (found,) = after_hooks(ask, Gallery, "Gallery.Create.Post", [gallery], [given])
    return found


@answers("Mutation.galleryUpdate")
def gallery_update(ask: Ask, source: None, input: Input) -> Gallery | None:
    def work() -> Gallery:
        return _update(ask, ask.library.get(Gallery, to_int(input["id"], "id")), input)

    gallery = in_transaction(ask, work)
    given = (hook_input("GalleryUpdateInput", input), list(input))
    (found,) = after_hooks(ask, Gallery, "Gallery.Update.Post", [gallery], [given])
    return found


@answers("Mutation.galleriesUpdate")
def galleries_update(ask: Ask, source: None, input: list[Input]) -> list[Gallery | None]:
    def work() -> list[Gallery]:
        return [_update(ask, ask.library.get(Gallery, to_int(value["id"], "id")), value) for value in input]

    galleries = in_transaction(ask, work)
    everything = [hook_input("GalleryUpdateInput", value) for value in input]
    return after_hooks(ask, Gallery, "Gallery.Update.Post", galleries, [(everything, list(value)) for value in input])


@answers("Mutation.bulkGalleryUpdate")
def bulk_gallery_update(ask: Ask, source: None, input: Input) -> list[Gallery | None]:
    library, ids = ask.library, to_ints(input.get("ids"), "ids")

    def work() -> list[Gallery]:
        changed, readers = [], _readers(ask, bulk=True)
        for gallery_id in ids:
            gallery = library.find(Gallery, gallery_id)
            if gallery is None:
                raise ApiError("sql: no rows in result set")
            changed.append(put_changed(ask, gallery, input, readers))
            if input.get("scene_ids") is not None:
                had = tuple(scene.id for scene in library.scenes_of(gallery_id))
                _set_scenes(library, gallery_id, bulk_ids(library, Scene, "scene ids")(input["scene_ids"], had))
        return changed

    galleries = in_transaction(ask, work)
    given = (hook_input("BulkGalleryUpdateInput", input), list(input))
    return after_hooks(ask, Gallery, "Gallery.Update.Post", galleries, [given] * len(galleries))


@answers("Mutation.galleryDestroy")
def gallery_destroy(ask: Ask, source: None, input: Input) -> bool:
    """With a zip's gallery its images go too, as in Stash."""
    library = ask.library

    def work() -> tuple[list[tuple[Gallery, File | None]], list[tuple[Image, File | None]]]:
        gone: list[tuple[Gallery, File | None]] = []
        images: list[tuple[Image, File | None]] = []
        for gallery_id in to_ints(input["ids"], "ids"):
            gallery = library.get(Gallery, gallery_id)
            gone.append((gallery, library.file(gallery)))
            for image in library.images_of(gallery_id):
                file = library.file(image)
                if gallery.file_ids and file is not None and file.zip_file_id in gallery.file_ids:
                    images.append((image, file))
                    library.remove(Image, image.id)
                    library.remove(File, file.id)
                else:
                    left = tuple(other for other in image.gallery_ids if other != gallery_id)
                    library.put(replace(image, gallery_ids=left))
            _set_scenes(library, gallery_id, ())
            library.remove(Gallery, gallery_id)
            if input.get("delete_file"):
                for file_id in gallery.file_ids:
                    library.remove(File, file_id)
        return gone, images

    gone, images = in_transaction(ask, work)
    for gallery, file in gone:
        if input.get("delete_file") and file is not None:
            Path(file.path).unlink(missing_ok=True)
        details = {"checksum": file.md5 if file else "", "path": file.path if file else gallery.folder}
        ask.hooks("Gallery.Destroy.Post", gallery.id, {**hook_input("GalleryDestroyInput", input), **details})
    for image, file in images:
        details = {"checksum": file.md5 if file else "", "path": file.path if file else ""}
        ask.hooks("Image.Destroy.Post", image.id, {**hook_input("ImageDestroyInput", {"id": ""}), **details})
    return True


@answers("Mutation.addGalleryImages")
def add_gallery_images(ask: Ask, source: None, input: Input) -> bool:
    return _change_images(ask, input, "add")


@answers("Mutation.removeGalleryImages")
def remove_gallery_images(ask: Ask, source: None, input: Input) -> bool:
    return _change_images(ask, input, "remove")


def _change_images(ask: Ask, value: Input, verb: str) -> bool:
    library = ask.library
    gallery_id = to_int(value["gallery_id"], "gallery id")
    image_ids = to_ints(value["image_ids"], "image ids")

    def work() -> None:
        gallery = library.get(Gallery, gallery_id)
        if gallery.file_ids or gallery.folder:
            what = "zip" if gallery.file_ids else "folder"
            raise ApiError(f"cannot {verb} images {'to' if verb == 'add' else 'from'} {what}-based galleries")
        for image in library.many(Image, known_ids(library, Image, image_ids)):
            left = [other for other in image.gallery_ids if other != gallery_id]
            ids = tuple([*left, gallery_id] if verb == "add" else left)
            library.put(replace(image, gallery_ids=ids))
        library.put(replace(gallery, updated_s=library.now_s()))

    in_transaction(ask, work)
    return True
