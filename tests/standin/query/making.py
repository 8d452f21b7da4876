"""What the criteria and the sorts of several kinds are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.standin.library.library import Library
from tests.standin.library.things import File, Gallery, Marker, Performer, Scene, Studio, Tag
from tests.standin.query import criteria
from tests.standin.query.criteria import BadFilter, Hierarchy, Truth, any_of
from tests.standin.query.finding import Kind, natural

Values = Callable[[Any], Iterable[Any]]


class Making:
    """Makers of criteria over one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def _media_sorts(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "date": lambda t: t.date,
            "id": id_key,
            "rating": lambda t: t.rating100,
            "path": lambda t: natural(self._path(t)),
            "file_count": lambda t: len(t.file_ids),
            "file_mod_time": lambda t: self._of_file(t, "mod_time_s"),
            "filesize": lambda t: self._of_file(t, "size"),
            "resolution": lambda t: min(self._sizes(t), default=None, key=min),
            "tag_count": lambda t: len(t.tag_ids),
            "performer_count": lambda t: len(t.performer_ids),
            "title": lambda t: natural(self._library.title_or_name(t) or None),
        }

    def _files(self, thing: Any) -> list[File]:
        return self._library.files(thing)

    def _paths(self, thing: Any) -> list[str]:
        folder = getattr(thing, "folder", "")
        return [*(file.path for file in self._files(thing)), *([folder] if folder else [])]

    def _path(self, thing: Any) -> str:
        return next(iter(self._paths(thing)), "")

    def _sizes(self, thing: Any) -> list[tuple[int, int]]:
        return [(file.width, file.height) for file in self._files(thing)]

    def _of_file(self, thing: Any, field: str) -> Any:
        file = self._library.file(thing)
        return getattr(file, field) if file else None

    def _performer_tags(self, thing: Any) -> set[int]:
        return {tag for performer in self._library.many(Performer, thing.performer_ids) for tag in performer.tag_ids}

    def _scene_ids_of(self, gallery: Gallery) -> list[int]:
        return [scene.id for scene in self._library.scenes_of(gallery.id)]

    def _image_ids_of(self, gallery: Gallery) -> list[int]:
        return [image.id for image in self._library.images_of(gallery.id)]

    def _studio_name(self, thing: Any) -> Any:
        studio = self._library.find(Studio, thing.studio_id or 0)
        return natural(studio.name) if studio else None

    def _tags_of(self, ids_of: Values) -> Callable[[Any], Callable[[Any], Truth]]:
        def make(criterion: Any) -> Callable[[Any], Truth]:
            hierarchy = criteria.tags(self._library, criterion)
            return lambda thing: hierarchy.allows(ids_of(thing))

        return make

    def _studios(self, criterion: Any) -> Callable[[Any], Truth]:
        hierarchy = Hierarchy(self._library, Studio, criterion)
        return lambda thing: hierarchy.allows([thing.studio_id] if thing.studio_id else [])

    def _related(
        self, kind: Callable[[], Kind[Any]], table: type[Any], ids_of: Values
    ) -> Callable[[Any], Callable[[Any], Truth]]:
        """A filter over related things: one that matches is enough."""

        def make(filter_input: Any) -> Callable[[Any], Truth]:
            matches = kind().predicate(filter_input)
            found = {thing.id for thing in self._library.all(table) if matches(thing)}
            return lambda thing: not found.isdisjoint(ids_of(thing))

        return make

    def _carried_by(self, kind: Callable[[], Kind[Any]], table: type[Any]) -> Callable[[Any], Callable[[Any], Truth]]:
        def make(filter_input: Any) -> Callable[[Any], Truth]:
            matches = kind().predicate(filter_input)
            found = {tag for thing in self._library.all(table) if matches(thing) for tag in thing.tag_ids}
            return lambda tag: tag.id in found

        return make

    def _any_marker(self, matches: Callable[[Marker], Truth]) -> Callable[[Scene], Truth]:
        return lambda scene: any_of(matches(marker) for marker in self._library.markers_of(scene.id))

    def _in_any_scene(self, matches: Callable[[Scene], Truth]) -> Callable[[Performer], Truth]:
        found = {performer for scene in self._library.all(Scene) if matches(scene) for performer in scene.performer_ids}
        return lambda performer: performer.id in found

    def _relatives(self, up: bool) -> Callable[[Any], Callable[[Tag], Truth]]:
        """parents (up) or children of a tag, through as many levels as `depth` says beyond the first."""

        def around(tag_id: int) -> Iterable[int]:
            if not up:
                return self._library.children_of(tag_id)
            tag = self._library.find(Tag, tag_id)
            return tag.parent_ids if tag else ()

        def make(criterion: Any) -> Callable[[Tag], Truth]:
            depth = criterion.get("depth") or 0
            flat = {**criterion, "depth": None}

            def related(tag: Tag) -> set[int]:
                seen: set[int] = set()
                level, left = list(around(tag.id)), depth
                while level:
                    seen.update(level)
                    if left == 0:
                        break
                    level = [further for item in level for further in around(item) if further not in seen]
                    left -= 1
                return seen

            hierarchy = criteria.tags(self._library, flat)
            return lambda tag: hierarchy.allows(related(tag))

        return make

    def _is_missing(self, name: str) -> Callable[[Any], Truth]:
        if not name:
            return lambda thing: True
        special: Mapping[str, Callable[[Any], bool]] = {
            "url": lambda t: not t.urls,
            "galleries": lambda t: not t.gallery_ids,
            "studio": lambda t: t.studio_id is None,
            "group": lambda t: not t.groups,
            "movie": lambda t: not t.groups,
            "performers": lambda t: not t.performer_ids,
            "tags": lambda t: not t.tag_ids,
            "date": lambda t: not t.date,
            "stash_id": lambda t: not t.stash_ids,
            "phash": lambda t: not any(file.phash for file in self._files(t)),
            "cover": lambda t: not t.cover,
            "image": lambda t: not t.image,
            "scenes": lambda t: not self._library.scenes_of(t.id),
            "aliases": lambda t: not (t.alias_list if isinstance(t, Performer) else t.aliases),
        }

        def missing(thing: Any) -> Truth:
            try:
                if name in special:
                    return special[name](thing)
                value = getattr(thing, name)
            except AttributeError as error:
                raise BadFilter(f"no such column: {thing.table}s.{name}") from error
            return value is None or (isinstance(value, str) and not value.strip())

        return missing


def text_of(field: str) -> Callable[[Any], Callable[[Any], Truth]]:
    # Stash stores an empty text as NULL.
    return lambda criterion: lambda thing: criteria.text(criterion, [getattr(thing, field) or None])


def gender(criterion: Any) -> Callable[[Performer], Truth]:
    wanted = criterion.get("value_list") or ([criterion["value"]] if criterion.get("value") else [])
    modifier = criterion["modifier"]
    if modifier in ("IS_NULL", "NOT_NULL"):
        return lambda t: (t.gender is None) == (modifier == "IS_NULL")
    if not wanted:
        return lambda t: True
    if modifier in ("EQUALS", "INCLUDES"):
        return lambda t: None if t.gender is None else t.gender in wanted
    if modifier in ("NOT_EQUALS", "EXCLUDES"):
        return lambda t: None if t.gender is None else t.gender not in wanted
    raise BadFilter("Internal system error. Error <unsupported string filter modifier>")


def searchable(files: Iterable[File]) -> list[str | None]:
    return [text for file in files for text in (file.path, file.oshash, file.md5, file.phash) if text]


def id_key(thing: Any) -> int:
    return int(thing.id)
