"""The library: the store and the relations that follow from what lies in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from tests.standin.library import rows
from tests.standin.library.store import Store
from tests.standin.library.things import KINDS, File, Gallery, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.text import natural_key

T = TypeVar("T")


class Library(Store):
    """What the resolvers and the filters ask. Relations are kept until one of their sides changes."""

    def __init__(self, path: Path, now_s: Callable[[], float]) -> None:
        super().__init__(path)
        self._now_s = now_s

    def now_s(self) -> int:
        """The clock's time in whole seconds, as Stash writes created_at and updated_at."""
        return int(self._now_s())

    def file(self, thing: Scene | Image | Gallery) -> File | None:
        """Its primary file."""
        return self.find(File, thing.file_ids[0]) if thing.file_ids else None

    def files(self, thing: Scene | Image | Gallery) -> list[File]:
        """Its files, the primary one first."""
        return self.many(File, thing.file_ids)

    def many(self, kind: type[T], ids: Iterable[int]) -> list[T]:
        """The things with these ids, in their order; ids of nothing are left out."""
        return [thing for thing in (self.find(kind, thing_id) for thing_id in ids) if thing is not None]

    def tags(self, ids: Iterable[int]) -> list[Tag]:
        """Tags in the order in which Stash gives them: by sort name or name, naturally, whatever the case."""
        return sorted(self.many(Tag, ids), key=tag_order)

    def markers_of(self, scene_id: int) -> list[Marker]:
        """By start, as Stash orders them."""
        return self.derived("markers_of", (Marker,), self._markers_by_scene).get(scene_id, [])

    def children_of(self, tag_id: int) -> tuple[int, ...]:
        """Ids of the tags that name it as a parent."""
        return tuple(self.derived("children_of", (Tag,), self._children).get(tag_id, ()))

    def with_descendants(self, kind: type[Any], roots: Iterable[int], depth: int | None) -> dict[int, set[int]]:
        """Root -> itself and what lies below it: None and 0 mean nothing, -1 everything, n that many levels."""
        below = self.children_of if kind is Tag else self.child_studios_of
        found: dict[int, set[int]] = {}
        for root in roots:
            seen, level, left = {root}, [root], depth or 0
            while level and left != 0:
                level = [child for item in level for child in below(item) if child not in seen]
                seen.update(level)
                left -= 1
            found[root] = seen
        return found

    def child_studios_of(self, studio_id: int) -> tuple[int, ...]:
        return tuple(self.derived("child_studios", (Studio,), self._child_studios).get(studio_id, ()))

    def uses_of_tag(self, kind: type[Any], tag_id: int, depth: int | None = None) -> int:
        """How many things of a kind carry a tag or, with a depth, one of its descendants."""
        if not depth:
            return self.derived(f"tag_uses_{kind.table}", (kind,), lambda: self._tag_uses(kind))[tag_id]
        wanted = self.with_descendants(Tag, [tag_id], depth)[tag_id]
        return sum(1 for thing in self.all(kind) if wanted.intersection(_all_tags(thing)))

    def uses_of(self, kind: type[Any], field: str, thing_id: int) -> int:
        """How many things of a kind name thing_id in a field (an id, or a list of ids)."""
        return self.derived(f"uses_{kind.table}_{field}", (kind,), lambda: self._uses(kind, field))[thing_id]

    def images_of(self, gallery_id: int) -> list[Image]:
        """By path, as Stash orders a gallery."""
        return self.derived("images_of", (Image, File), self._images_by_gallery).get(gallery_id, [])

    def scenes_of(self, gallery_id: int) -> list[Scene]:
        return self.derived("scenes_of", (Scene,), self._scenes_by_gallery).get(gallery_id, [])

    def title_or_name(self, thing: Scene | Image | Gallery) -> str:
        """What people see: the title, or the name of the file, or of the folder."""
        file = self.file(thing)
        return thing.title or (Path(file.path).name if file else Path(getattr(thing, "folder", "")).name)

    def snapshot(self) -> dict[str, dict[str, dict[str, Any]]]:
        """All that the library holds, as JSON: kind -> id -> fields. Equal exactly if the contents are equal."""
        return {kind.table: {str(thing.id): rows.plain(thing) for thing in self.all(kind)} for kind in KINDS}

    def _markers_by_scene(self) -> dict[int, list[Marker]]:
        found: dict[int, list[Marker]] = defaultdict(list)
        for marker in self.all(Marker):
            found[marker.scene_id].append(marker)
        for markers in found.values():
            markers.sort(key=lambda marker: marker.seconds)
        return dict(found)

    def _children(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for tag in self.all(Tag):
            for parent in tag.parent_ids:
                found[parent].append(tag.id)
        return dict(found)

    def _child_studios(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for studio in self.all(Studio):
            if studio.parent_id is not None:
                found[studio.parent_id].append(studio.id)
        return dict(found)

    def _tag_uses(self, kind: type[Any]) -> Counter[int]:
        return Counter(tag_id for thing in self.all(kind) for tag_id in _all_tags(thing))

    def _uses(self, kind: type[Any], field: str) -> Counter[int]:
        counts: Counter[int] = Counter()
        for thing in self.all(kind):
            value = getattr(thing, field)
            counts.update(value if isinstance(value, tuple) else () if value is None else (value,))
        return counts

    def _images_by_gallery(self) -> dict[int, list[Image]]:
        found: dict[int, list[Image]] = defaultdict(list)
        for image in self.all(Image):
            for gallery_id in image.gallery_ids:
                found[gallery_id].append(image)
        for images in found.values():
            images.sort(key=lambda image: natural_key(file.path if (file := self.file(image)) else ""))
        return dict(found)

    def _scenes_by_gallery(self) -> dict[int, list[Scene]]:
        found: dict[int, list[Scene]] = defaultdict(list)
        for scene in self.all(Scene):
            for gallery_id in scene.gallery_ids:
                found[gallery_id].append(scene)
        return dict(found)


def tag_order(tag: Tag) -> Any:
    """Stash's order of tags: COALESCE(sort_name, name) naturally, whatever the case."""
    return natural_key(tag.sort_name or tag.name)


def performer_order(performer: Performer) -> Any:
    return natural_key(performer.name)


def _all_tags(thing: Any) -> tuple[int, ...]:
    if isinstance(thing, Marker):
        return (thing.primary_tag_id, *(tag for tag in thing.tag_ids if tag != thing.primary_tag_id))
    tag_ids: tuple[int, ...] = thing.tag_ids
    return tag_ids
