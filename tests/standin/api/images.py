"""Images and files: fields and mutations."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from tests.standin.api.changes import (
    PLAIN,
    Input,
    Reader,
    bulk_ids,
    bulk_texts,
    hook_input,
    optional_id,
    set_ids,
    set_texts,
)
from tests.standin.api.registry import ApiError, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction, put_changed
from tests.standin.app import Ask
from tests.standin.library.things import File, Gallery, Image, Performer, Studio, Tag

FILE_TYPES = ("VideoFile", "ImageFile", "GalleryFile", "BasicFile")


def _file_fields(*names: str) -> tuple[str, ...]:
    return tuple(f"{type_name}.{name}" for type_name in FILE_TYPES for name in names)


@answers(*_file_fields("basename"))
def basename(ask: Ask, file: File) -> str:
    return PurePath(file.path).name


@answers(*_file_fields("parent_folder"), "Folder.parent_folder")
def parent_folder(ask: Ask, thing: Any) -> dict[str, Any]:
    path = thing["path"] if isinstance(thing, dict) else thing.path
    return folder(ask, str(PurePath(path).parent))


@answers(*_file_fields("parent_folder_id"))
def parent_folder_id(ask: Ask, file: File) -> int:
    return int(folder(ask, str(PurePath(file.path).parent))["id"])


@answers(*_file_fields("zip_file"))
def zip_file(ask: Ask, file: File) -> File | None:
    return ask.library.find(File, file.zip_file_id or 0)


@answers(*_file_fields("mod_time"))
def mod_time(ask: Ask, file: File) -> int:
    return int(file.mod_time_s)


@answers(*_file_fields("fingerprints"))
def fingerprints(ask: Ask, file: File) -> list[dict[str, str]]:
    found = {"oshash": file.oshash, "md5": file.md5, "phash": file.phash}
    return [{"type": name, "value": value} for name, value in found.items() if value]


@answers(*_file_fields("fingerprint"))
def fingerprint(ask: Ask, file: File, type: str) -> str | None:
    return {"oshash": file.oshash, "md5": file.md5, "phash": file.phash}.get(type) or None


@answers(*_file_fields("created_at"), "Image.created_at")
def created_at(ask: Ask, thing: File | Image) -> int:
    return thing.created_s


@answers(*_file_fields("updated_at"), "Image.updated_at")
def updated_at(ask: Ask, thing: File | Image) -> int:
    return thing.updated_s


def folder(ask: Ask, path: str) -> dict[str, Any]:
    """A folder; its id follows from its path, for the stand-in keeps no table of folders."""
    number = sum(ord(char) * 31**at for at, char in enumerate(reversed(path))) % 2**31
    try:
        changed_s = int(Path(path).stat().st_mtime)
    except OSError:
        changed_s = 0
    return {
        "id": number,
        "path": path,
        "parent_folder_id": None,
        "zip_file_id": None,
        "zip_file": None,
        "mod_time": changed_s,
        "created_at": changed_s,
        "updated_at": changed_s,
    }


@answers("Image.url")
def url(ask: Ask, image: Image) -> str | None:
    return image.urls[0] if image.urls else None


@answers("Image.files", "Image.visual_files")
def files(ask: Ask, image: Image) -> list[File]:
    return ask.library.files(image)


@answers("Image.paths")
def paths(ask: Ask, image: Image) -> dict[str, str]:
    base = f"{ask.base_url}/image/{image.id}"
    return {
        "thumbnail": f"{base}/thumbnail?t={image.updated_s}",
        "preview": "",
        "image": f"{base}/image?t={image.updated_s}",
    }


@answers("Image.galleries")
def galleries(ask: Ask, image: Image) -> list[Gallery]:
    return ask.library.many(Gallery, sorted(image.gallery_ids))


@answers("Image.studio")
def studio(ask: Ask, image: Image) -> Studio | None:
    return ask.library.find(Studio, image.studio_id or 0)


@answers("Image.tags")
def tags(ask: Ask, image: Image) -> list[Tag]:
    return ask.library.tags(image.tag_ids)


@answers("Image.performers")
def performers(ask: Ask, image: Image) -> list[Performer]:
    return ask.library.many(Performer, sorted(image.performer_ids))


# Mutations.


def _readers(ask: Ask, bulk: bool) -> dict[str, Reader]:
    library, ids = ask.library, bulk_ids if bulk else set_ids
    return {
        **PLAIN,
        "studio_id": optional_id(library, Studio, "studio id"),
        "performer_ids": ids(library, Performer, "performer ids"),
        "tag_ids": ids(library, Tag, "tag ids"),
        "gallery_ids": ids(library, Gallery, "gallery ids"),
        "urls": bulk_texts if bulk else set_texts,
    }


def _update(ask: Ask, image: Image, value: Input, bulk: bool) -> Image:
    if value.get("primary_file_id"):
        file_id = to_int(value["primary_file_id"], "primary file id")
        if file_id not in image.file_ids:
            raise ApiError(f"file with id {file_id} not associated with image")
        others = (other for other in image.file_ids if other != file_id)
        image = replace(image, file_ids=(file_id, *others))
    changed = put_changed(ask, image, value, _readers(ask, bulk))
    touched = set(changed.gallery_ids) ^ set(image.gallery_ids)
    for gallery in ask.library.many(Gallery, sorted(touched)):
        if gallery.file_ids or gallery.folder:
            what = "zip" if gallery.file_ids else "folder"
            verb = "add" if gallery.id in changed.gallery_ids else "remove"
            raise ApiError(f"cannot {verb} images {'to' if verb == 'add' else 'from'} {what}-based galleries")
        ask.library.put(replace(gallery, updated_s=ask.library.now_s()))
    return changed


@answers("Mutation.imageUpdate")
def image_update(ask: Ask, source: None, input: Input) -> Image | None:
    def work() -> Image:
        return _update(ask, ask.library.get(Image, to_int(input["id"], "id")), input, bulk=False)

    image = in_transaction(ask, work)
    given = (hook_input("ImageUpdateInput", input), list(input))
    (found,) = after_hooks(ask, Image, "Image.Update.Post", [image], [given])
    return found


@answers("Mutation.imagesUpdate")
def images_update(ask: Ask, source: None, input: list[Input]) -> list[Image | None]:
    def work() -> list[Image]:
        return [_update(ask, ask.library.get(Image, to_int(value["id"], "id")), value, bulk=False) for value in input]

    images = in_transaction(ask, work)
    everything = [hook_input("ImageUpdateInput", value) for value in input]
    return after_hooks(ask, Image, "Image.Update.Post", images, [(everything, list(value)) for value in input])


@answers("Mutation.bulkImageUpdate")
def bulk_image_update(ask: Ask, source: None, input: Input) -> list[Image | None]:
    ids = to_ints(input.get("ids"), "ids")

    def work() -> list[Image]:
        return [_update(ask, ask.library.get(Image, image_id), input, bulk=True) for image_id in ids]

    images = in_transaction(ask, work)
    given = (hook_input("BulkImageUpdateInput", input), list(input))
    return after_hooks(ask, Image, "Image.Update.Post", images, [given] * len(images))


@answers("Mutation.imageDestroy")
def image_destroy(ask: Ask, source: None, input: Input) -> bool:
    library, image_id = ask.library, to_int(input["id"], "id")

    def work() -> tuple[Image, list[File]]:
        image = library.get(Image, image_id)
        its_files = library.files(image)
        library.remove(Image, image_id)
        if input.get("delete_file"):
            for file in its_files:
                library.remove(File, file.id)
        return image, its_files

    image, its_files = in_transaction(ask, work)
    for file in its_files:
        if input.get("delete_file") and file.zip_file_id is None:
            Path(file.path).unlink(missing_ok=True)
    first = its_files[0] if its_files else None
    details = {"checksum": first.md5 if first else "", "path": first.path if first else ""}
    ask.hooks("Image.Destroy.Post", image.id, {**hook_input("ImageDestroyInput", input), **details})
    return True
