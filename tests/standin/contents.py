"""What a library holds: adding to it behind the API's back, and looking at it."""

from __future__ import annotations

import base64
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tests.standin.app import App
from tests.standin.library.adding import Adder
from tests.standin.library.library import Library, tag_order
from tests.standin.library.things import File, Gallery, Group, Image, Marker, Performer, Scene, StashId, Studio, Tag
from tests.standin.settings import Settings

T = TypeVar("T")


class Contents(ABC):
    """The part of the handle that is about the library. Nothing here fires hooks."""

    settings: Settings
    library_dir: Path

    @property
    @abstractmethod
    def app(self) -> App:
        """The parts, for what the handle has no word for."""

    @property
    def library(self) -> Library:
        """The library; `with standin.library.transaction():` makes many additions one."""
        return self.app.library

    # Adding. Paths may lie anywhere; a relative one lies in the library folder.

    def add_scene(
        self, path: Path | str | None = None, title: str = "", *, tags: Iterable[str] = (), **fields: Any
    ) -> Scene:
        """A scene over a real video file, or over none (then it needs a title). fields are Scene's."""
        with self.library.transaction():
            if path is None:
                now_s = self.library.now_s()
                scene = Scene(self.library.new_id(Scene), now_s, now_s)
            else:
                scene = self._added(Scene, path)
            return self.library.put(replace(scene, title=title, tag_ids=self._tag_ids(tags, scene), **fields))

    def add_scene_without_media(
        self,
        path: str,
        title: str = "",
        *,
        duration: float = 60.0,
        size: int = 1_000_000,
        tags: Iterable[str] = (),
        oshash: str | None = None,
        width: int = 1280,
        height: int = 720,
        **fields: Any,
    ) -> Scene:
        """A scene whose file is only claimed to be there: for many scenes fast, or for files that vanished."""
        library = self.library
        with library.transaction():
            now_s, file_id = library.now_s(), library.new_id(File)
            library.put(
                File(
                    id=file_id,
                    kind="video",
                    path=path,
                    size=size,
                    mod_time_s=float(now_s),
                    created_s=now_s,
                    updated_s=now_s,
                    oshash=oshash if oshash is not None else f"{file_id:016x}",
                    duration=duration,
                    width=width,
                    height=height,
                    frame_rate=25.0,
                    bit_rate=1_000_000,
                    format="mp4",
                    video_codec="h264",
                    audio_codec="aac",
                )
            )
            scene = Scene(library.new_id(Scene), now_s, now_s, file_ids=(file_id,), title=title)
            return library.put(replace(scene, tag_ids=self._tag_ids(tags, scene), **fields))

    def add_image(self, path: Path | str, title: str = "", *, tags: Iterable[str] = (), **fields: Any) -> Image:
        """An image over a real file."""
        with self.library.transaction():
            image: Image = self._added(Image, path)
            return self.library.put(replace(image, title=title, tag_ids=self._tag_ids(tags, image), **fields))

    def add_image_in_zip(self, zip_path: Path | str, member: str, data: bytes | Path) -> Image:
        """Put a file into a zip (made if need be) and the library; the zip becomes a gallery."""
        path = self._path(zip_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(member, data.read_bytes() if isinstance(data, Path) else data)
        adder = Adder(self.library, self.settings)
        with self.library.transaction():
            adder.add(path, rescan=True)
            adder.add_member(path, member)
            wanted = adder.known()[f"{path}/{member}"].id
            found: Image = next(image for image in self.library.all(Image) if wanted in image.file_ids)
            return found

    def add_gallery(
        self,
        title: str = "",
        images: Iterable[Image] = (),
        *,
        folder: str = "",
        tags: Iterable[str] = (),
        **fields: Any,
    ) -> Gallery:
        """A gallery of images, without a zip; with folder, one that Stash made of a folder."""
        library = self.library
        with library.transaction():
            now_s = library.now_s()
            gallery = Gallery(library.new_id(Gallery), now_s, now_s, title=title, folder=folder, **fields)
            for image in images:
                current = library.get(Image, image.id)
                library.put(replace(current, gallery_ids=(*current.gallery_ids, gallery.id)))
            return library.put(replace(gallery, tag_ids=self._tag_ids(tags, gallery)))

    def add_tag(self, name: str, *, aliases: Iterable[str] = (), parents: Iterable[str] = (), **fields: Any) -> Tag:
        """A tag; parents are names, made if need be."""
        library = self.library
        with library.transaction():
            parent_ids = tuple(self.tag(parent).id for parent in parents)
            now_s = library.now_s()
            tag = Tag(library.new_id(Tag), now_s, now_s, name, aliases=tuple(aliases), parent_ids=parent_ids, **fields)
            return library.put(tag)

    def tag(self, name: str) -> Tag:
        """The tag of exactly that name, made if need be."""
        found = next((tag for tag in self.library.all(Tag) if tag.name == name), None)
        return found or self.add_tag(name)

    def add_marker(
        self, scene: Scene | int, tag: str, seconds: float, end_seconds: float | None = None, title: str = ""
    ) -> Marker:
        library = self.library
        with library.transaction():
            now_s, primary = library.now_s(), self.tag(tag).id
            scene_id = scene if isinstance(scene, int) else scene.id
            marker = Marker(library.new_id(Marker), now_s, now_s, scene_id, primary, title, seconds, end_seconds)
            return library.put(marker)

    def add_performer(
        self, name: str, *, image: Path | bytes | str = b"", stash_ids: Iterable[tuple[str, str]] = (), **fields: Any
    ) -> Performer:
        """image: a file, its bytes, or base64. stash_ids: (endpoint of a stash-box, id there)."""
        data = image.read_bytes() if isinstance(image, Path) else image
        encoded = data if isinstance(data, str) else base64.b64encode(data).decode()
        ids = tuple(StashId(endpoint, stash_id) for endpoint, stash_id in stash_ids)
        return self._put_new(Performer, name=name, image=encoded, stash_ids=ids, **fields)

    def set_performer_image(self, performer: Performer | int, image: Path | bytes) -> Performer:
        """Another picture, behind the API's back; updated_at moves. Empty: none."""
        data = image.read_bytes() if isinstance(image, Path) else image
        current = self.performer(performer if isinstance(performer, int) else performer.id)
        changed: Performer = self.change(current, image=base64.b64encode(data).decode())
        return changed

    def add_stash_box(
        self, endpoint: str, api_key: str, name: str = "", max_requests_per_minute: int = 240
    ) -> dict[str, Any]:
        """Configure a stash-box as Settings > Metadata Providers does; one of that endpoint is replaced."""
        box = {
            "endpoint": endpoint,
            "api_key": api_key,
            "name": name or endpoint,
            "max_requests_per_minute": max_requests_per_minute,
        }
        others = [other for other in self.settings.stash_boxes if other["endpoint"] != endpoint]
        self.settings.set(stash_boxes=[*others, box])
        return box

    def add_studio(self, name: str, **fields: Any) -> Studio:
        return self._put_new(Studio, name=name, **fields)

    def add_group(self, name: str, **fields: Any) -> Group:
        return self._put_new(Group, name=name, **fields)

    def change(self, thing: Any, **fields: Any) -> Any:
        """Change a thing's fields behind the API's back; updated_at moves, no hooks run."""
        with self.library.transaction():
            current = self.library.get(type(thing), thing.id)
            return self.library.put(replace(current, **fields, updated_s=self.library.now_s()))

    def make_sprite(self, scene: Scene | int) -> Path:
        """Generate the scene's sprite and WebVTT as Stash does after a scan. The sprite's path."""
        found = self.scene(scene if isinstance(scene, int) else scene.id)
        self.app.generated.make_sprite(found)
        return self.app.generated.sprite(self.app.generated.hash_of(found))

    # Looking.

    def scene(self, scene_id: int) -> Scene:
        """Raises NotFound."""
        return self.library.get(Scene, scene_id)

    def image(self, image_id: int) -> Image:
        return self.library.get(Image, image_id)

    def gallery(self, gallery_id: int) -> Gallery:
        return self.library.get(Gallery, gallery_id)

    def performer(self, performer_id: int) -> Performer:
        return self.library.get(Performer, performer_id)

    def performers_of(self, thing: Any) -> list[str]:
        """Names of the performers that a scene, image or gallery has now, sorted. A number is a scene's."""
        current = self.scene(thing) if isinstance(thing, int) else self.library.get(type(thing), thing.id)
        return sorted(performer.name for performer in self.library.many(Performer, current.performer_ids))

    def file_of(self, thing: Scene | Image | Gallery) -> File:
        """The primary file."""
        file = self.library.file(self.library.get(type(thing), thing.id))
        assert file is not None, f"{thing} has no file"
        return file

    def tags_of(self, thing: Any) -> list[str]:
        """Names of the tags that a scene, image, gallery, performer, ... carries now, sorted. A number is a scene's."""
        current = self.scene(thing) if isinstance(thing, int) else self.library.get(type(thing), thing.id)
        return sorted(tag.name for tag in self.library.many(Tag, current.tag_ids))

    def markers_of(self, scene: Scene | int) -> list[tuple[str, float, float | None]]:
        """(name of the primary tag, start, end) by start."""
        scene_id = scene if isinstance(scene, int) else scene.id
        return [
            (self.library.get(Tag, marker.primary_tag_id).name, marker.seconds, marker.end_seconds)
            for marker in self.library.markers_of(scene_id)
        ]

    def tag_names(self) -> list[str]:
        """All tags, in Stash's order."""
        return [tag.name for tag in sorted(self.library.all(Tag), key=tag_order)]

    def snapshot(self, *, times: bool = True) -> dict[str, Any]:
        """All content of the library as JSON, for before and after; without times, created_at and updated_at are
        left out. Settings and jobs are not in it."""
        found = self.library.snapshot()
        if not times:
            for things in found.values():
                for fields in things.values():
                    fields.pop("created_s"), fields.pop("updated_s")
        return found

    # Inside.

    def _path(self, path: Path | str) -> Path:
        return self.library_dir / path

    def _added(self, kind: type[Any], path: Path | str) -> Any:
        adder, place = Adder(self.library, self.settings), self._path(path)
        adder.add(place)
        file_id = adder.known()[str(place)].id
        return next(thing for thing in self.library.all(kind) if file_id in thing.file_ids)

    def _tag_ids(self, names: Iterable[str], thing: Any) -> tuple[int, ...]:
        return tuple(dict.fromkeys((*thing.tag_ids, *(self.tag(name).id for name in names))))

    def _put_new(self, kind: Callable[..., T], **fields: Any) -> T:
        with self.library.transaction():
            now_s = self.library.now_s()
            return self.library.put(kind(self.library.new_id(kind), now_s, now_s, **fields))  # type: ignore[arg-type]
