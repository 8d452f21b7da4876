"""Brings files into the library, as Stash's scan does for each file: one transaction, and what hooks are told of it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from tests.standin.library.library import Library
from tests.standin.library.media_files import (
    NotMedia,
    md5,
    md5_of_file,
    oshash,
    probe_image,
    probe_video,
    read_member,
)
from tests.standin.library.things import File, Gallery, Image, Scene
from tests.standin.settings import GALLERY_EXTENSIONS, IMAGE_EXTENSIONS, VIDEO_EXTENSIONS, Settings


@dataclass(frozen=True)
class Event:
    """A hook that a scanned file fires, always with no input."""

    trigger: str
    thing_id: int


def kind_of(path: Path | PurePath) -> str | None:
    """video, image, gallery, or None for what Stash does not look at."""
    extension = path.suffix.lower().removeprefix(".")
    if extension in VIDEO_EXTENSIONS:
        return "video"
    if extension in IMAGE_EXTENSIONS:
        return "image"
    return "gallery" if extension in GALLERY_EXTENSIONS else None


class Adder:
    """Adds or refreshes one file at a time. Every method is one transaction and returns the hooks to run after it."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings

    def add(self, path: Path, rescan: bool = False) -> list[Event]:
        """Bring a file's present state in; no events if nothing is new. Raises NotMedia and OSError."""
        kind, library = kind_of(path), self._library
        known = self.known().get(str(path))
        stat = path.stat()
        if known is not None and not rescan and (known.size, known.mod_time_s) == (stat.st_size, stat.st_mtime):
            return []
        facts = self._facts(path, kind)
        with library.transaction():
            if known is None and (moved := self._moved(facts)) is not None:
                library.put(replace(moved, path=str(path), mod_time_s=stat.st_mtime, updated_s=library.now_s()))
                return []
            file = self._put_file(path, kind or "", facts, known, size=stat.st_size, mod_time_s=stat.st_mtime)
            if kind == "video":
                return self._video(file, known)
            if kind == "image":
                return self._image(file, known)
            return []

    def add_member(self, zip_path: Path, member: str) -> list[Event]:
        """Bring an image of a zip in. The zip itself must be in already. Raises NotMedia and OSError."""
        library = self._library
        path = f"{zip_path}/{member}"
        if path in self.known():
            return []
        data = read_member(zip_path, member)
        seen = probe_image(data)
        with library.transaction():
            container = self.known()[str(zip_path)]
            facts = {"md5": md5(data), "format": seen.format, "width": seen.width, "height": seen.height}
            times = {"size": len(data), "mod_time_s": container.mod_time_s}
            file = self._put_file(Path(path), "image", facts, None, zip_file_id=container.id, **times)
            return self._image(file, None)

    def members(self, zip_path: Path) -> list[str]:
        """Names of the images inside a zip, in its order. Raises NotMedia for what is no zip."""
        try:
            with zipfile.ZipFile(zip_path) as archive:
                names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        except zipfile.BadZipFile as error:
            raise NotMedia(f"{zip_path}: {error}") from error
        return [name for name in names if kind_of(PurePath(name)) == "image"]

    def known(self) -> dict[str, File]:
        """Path -> file, of all files in the library."""
        library = self._library
        return library.derived("files_by_path", (File,), lambda: {file.path: file for file in library.all(File)})

    def _facts(self, path: Path, kind: str | None) -> dict[str, Any]:
        if kind == "video":
            seen = probe_video(path)
            hashes = {"oshash": oshash(path), "md5": md5_of_file(path) if self._settings.calculate_md5 else ""}
            return {**seen.__dict__, **hashes}
        if kind == "image":
            data = path.read_bytes()
            picture = probe_image(data)
            return {"md5": md5(data), "format": picture.format, "width": picture.width, "height": picture.height}
        return {"md5": md5_of_file(path)}

    def _moved(self, facts: dict[str, Any]) -> File | None:
        """A known file of the same content whose place is empty now."""
        for file in self._library.all(File):
            same = _fingerprint(file) == (facts.get("oshash") or facts.get("md5"))
            if same and file.zip_file_id is None and not Path(file.path).exists():
                return file
        return None

    def _put_file(self, path: Path, kind: str, facts: dict[str, Any], known: File | None, **more: Any) -> File:
        library, now_s = self._library, self._library.now_s()
        if known is not None:
            return library.put(replace(known, **facts, **more, updated_s=now_s))
        file_id = library.new_id(File)
        values = {"kind": kind, "path": str(path), "created_s": now_s, "updated_s": now_s, **facts, **more}
        return library.put(File(id=file_id, **values))

    def _video(self, file: File, known: File | None) -> list[Event]:
        library, now_s = self._library, self._library.now_s()
        existing = _with_file(library.all(Scene), file.id) or self._same_content(Scene, file)
        if not existing:
            scene = library.put(Scene(library.new_id(Scene), now_s, now_s, file_ids=(file.id,)))
            return [Event("Scene.Create.Post", scene.id)]
        events = []
        for scene in existing:
            added = file.id not in scene.file_ids
            if added:
                library.put(replace(scene, file_ids=(*scene.file_ids, file.id), updated_s=now_s))
            if added or known is not None:
                events.append(Event("Scene.Update.Post", scene.id))
        return events

    def _image(self, file: File, known: File | None) -> list[Event]:
        library, now_s = self._library, self._library.now_s()
        gallery, events = self._gallery_for(file)
        gallery_ids = () if gallery is None else (gallery.id,)
        existing = _with_file(library.all(Image), file.id) or self._same_content(Image, file)
        if not existing:
            image = Image(library.new_id(Image), now_s, now_s, file_ids=(file.id,), gallery_ids=gallery_ids)
            library.put(image)
            return [*events, Event("Image.Create.Post", image.id)]
        for image in existing:
            file_ids = tuple(dict.fromkeys((*image.file_ids, file.id)))
            ids = tuple(dict.fromkeys((*image.gallery_ids, *gallery_ids)))
            changed = (file_ids, ids) != (image.file_ids, image.gallery_ids)
            if changed:
                library.put(replace(image, file_ids=file_ids, gallery_ids=ids, updated_s=now_s))
            if changed or known is not None:
                events.append(Event("Image.Update.Post", image.id))
        return events

    def _gallery_for(self, file: File) -> tuple[Gallery | None, list[Event]]:
        """The gallery of the image's zip, or of its folder if galleries are made of folders."""
        library, now_s = self._library, self._library.now_s()
        folder = Path(file.path).parent
        if file.zip_file_id is not None:
            found = next((g for g in library.all(Gallery) if file.zip_file_id in g.file_ids), None)
            made = {"file_ids": (file.zip_file_id,)}
        elif self._makes_gallery(folder):
            found = next((gallery for gallery in library.all(Gallery) if gallery.folder == str(folder)), None)
            made = {"folder": str(folder)}  # type: ignore[dict-item]
        else:
            return None, []
        if found is not None:
            return library.put(replace(found, updated_s=now_s)), []
        gallery = library.put(Gallery(library.new_id(Gallery), now_s, now_s, **made))  # type: ignore[arg-type]
        return gallery, [Event("Gallery.Create.Post", gallery.id)]

    def _makes_gallery(self, folder: Path) -> bool:
        if (folder / ".forcegallery").exists():
            return True
        return bool(self._settings.galleries_from_folders) and not (folder / ".nogallery").exists()

    def _same_content(self, kind: type[Any], file: File) -> list[Any]:
        return [
            thing
            for thing in self._library.all(kind)
            if any(_fingerprint(other) == _fingerprint(file) for other in self._library.files(thing))
        ]


def _fingerprint(file: File) -> str:
    """What Stash recognizes a content by."""
    return file.oshash or file.md5


def _with_file(things: list[Any], file_id: int) -> list[Any]:
    return [thing for thing in things if file_id in thing.file_ids]
