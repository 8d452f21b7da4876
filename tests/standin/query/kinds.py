"""What each kind of thing can be asked for: Stash's filters, searches and sorts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.standin.library.library import Library
from tests.standin.library.things import File, Gallery, Group, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.query import criteria
from tests.standin.query.criteria import BadFilter, Hierarchy, Truth, any_of
from tests.standin.query.finding import Kind, natural

Criteria = dict[str, Callable[[Any], Callable[[Any], Truth]]]
Values = Callable[[Any], Iterable[Any]]


class Kinds:
    """One Kind per kind of thing, over one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.scenes: Kind[Scene] = Kind(
            self._scene_criteria(), self._scene_texts, self._scene_sorts(), None, (_id_key,)
        )
        self.images: Kind[Image] = Kind(
            self._image_criteria(), self._image_texts, self._image_sorts(), None, (_id_key,)
        )
        self.galleries: Kind[Gallery] = Kind(
            self._gallery_criteria(), self._gallery_texts, self._gallery_sorts(), None, (_id_key,)
        )
        self.tags: Kind[Tag] = Kind(
            self._tag_criteria(),
            lambda tag: [tag.name, tag.sort_name or None, *tag.aliases],
            self._tag_sorts(),
            "name",
            (lambda tag: natural(tag.sort_name or tag.name),),
        )
        self.markers: Kind[Marker] = Kind(
            self._marker_criteria(),
            self._marker_texts,
            self._marker_sorts(),
            "title",
            (lambda marker: marker.scene_id, lambda marker: marker.seconds),
        )
        self.performers: Kind[Performer] = Kind(
            self._performer_criteria(),
            lambda performer: [performer.name, *performer.alias_list],
            self._performer_sorts(),
            "name",
            (lambda performer: natural(performer.name),),
        )
        self.studios: Kind[Studio] = Kind(
            self._studio_criteria(),
            lambda studio: [studio.name, *studio.aliases],
            self._studio_sorts(),
            "name",
            (lambda studio: natural(studio.name),),
        )
        self.groups: Kind[Group] = Kind(
            {"name": lambda c: lambda t: criteria.text(c, [t.name])},
            lambda group: [group.name, group.aliases or None],
            {"name": lambda t: natural(t.name), "id": _id_key, "date": lambda t: t.date},
            "name",
        )

    # Scenes, images and galleries have much in common.

    def _common(self) -> Criteria:
        return {
            "id": lambda c: lambda t: criteria.number(c, t.id),
            "title": _text_of("title"),
            "code": _text_of("code"),
            "details": _text_of("details"),
            "rating100": lambda c: lambda t: criteria.number(c, t.rating100),
            "organized": lambda c: lambda t: t.organized == c,
            "date": lambda c: lambda t: criteria.date(c, t.date),
            "created_at": lambda c: lambda t: criteria.timestamp(c, t.created_s),
            "updated_at": lambda c: lambda t: criteria.timestamp(c, t.updated_s),
            "url": lambda c: lambda t: criteria.text_list(c, t.urls),
            "path": lambda c: lambda t: criteria.path(c, self._paths(t)),
            "file_count": lambda c: lambda t: criteria.number(c, len(t.file_ids)),
            "checksum": lambda c: lambda t: criteria.text(c, [f.md5 for f in self._files(t) if f.md5]),
            "tags": self._tags_of(lambda t: t.tag_ids),
            "tag_count": lambda c: lambda t: criteria.number(c, len(t.tag_ids)),
            "performers": lambda c: lambda t: criteria.ids(c, t.performer_ids),
            "performer_count": lambda c: lambda t: criteria.number(c, len(t.performer_ids)),
            "performer_tags": self._tags_of(self._performer_tags),
            "performer_favorite": lambda c: (
                lambda t: any(performer.favorite for performer in self._library.many(Performer, t.performer_ids)) == c
            ),
            "performers_filter": self._related(lambda: self.performers, Performer, lambda t: t.performer_ids),
            "tags_filter": self._related(lambda: self.tags, Tag, lambda t: t.tag_ids),
            "studios": self._studios,
            "is_missing": self._is_missing,
        }

    def _scene_criteria(self) -> Criteria:
        return {
            **self._common(),
            "director": _text_of("director"),
            "oshash": lambda c: lambda t: criteria.text(c, [f.oshash for f in self._files(t) if f.oshash]),
            "o_counter": lambda c: lambda t: criteria.number(c, len(t.o_history_s)),
            "resolution": lambda c: lambda t: criteria.resolution(c, self._sizes(t)),
            "orientation": lambda c: lambda t: criteria.orientation(c, self._sizes(t)),
            "video_codec": lambda c: lambda t: criteria.text(c, [f.video_codec for f in self._files(t)]),
            "audio_codec": lambda c: lambda t: criteria.text(c, [f.audio_codec for f in self._files(t)]),
            "duration": lambda c: lambda t: criteria.numbers(c, [f.duration for f in self._files(t)]),
            "has_markers": lambda c: lambda t: bool(self._library.markers_of(t.id)) == (c == "true"),
            "groups": lambda c: lambda t: criteria.ids(c, [place.group_id for place in t.groups]),
            "galleries": lambda c: lambda t: criteria.ids(c, t.gallery_ids),
            "galleries_filter": self._related(lambda: self.galleries, Gallery, lambda t: t.gallery_ids),
            "markers_filter": lambda c: self._any_marker(self.markers.predicate(c)),
            "stash_id_endpoint": lambda c: lambda t: criteria.stash_id(c, t.stash_ids),
            "resume_time": lambda c: lambda t: criteria.whole_number(c, t.resume_time),
            "play_count": lambda c: lambda t: criteria.number(c, len(t.play_history_s)),
            "play_duration": lambda c: lambda t: criteria.whole_number(c, t.play_duration),
            "last_played_at": lambda c: lambda t: criteria.timestamp(c, t.play_history_s[0] if t.play_history_s else 0),
        }

    def _scene_texts(self, scene: Scene) -> list[str | None]:
        files = self._files(scene)
        titles = [marker.title for marker in self._library.markers_of(scene.id)]
        return [scene.title or None, scene.details or None, *_searchable(files), *titles]

    def _scene_sorts(self) -> dict[str, Callable[[Scene], Any]]:
        return {
            **self._media_sorts(),
            "code": lambda t: t.code or None,
            "bitrate": lambda t: self._of_file(t, "bit_rate"),
            "duration": lambda t: self._of_file(t, "duration"),
            "framerate": lambda t: self._of_file(t, "frame_rate"),
            "organized": lambda t: t.organized,
            "o_counter": lambda t: len(t.o_history_s),
            "last_o_at": lambda t: max(t.o_history_s, default=None),
            "play_count": lambda t: len(t.play_history_s),
            "last_played_at": lambda t: max(t.play_history_s, default=None),
            "play_duration": lambda t: t.play_duration,
            "resume_time": lambda t: t.resume_time,
            "studio": self._studio_name,
        }

    def _image_criteria(self) -> Criteria:
        return {
            **self._common(),
            "photographer": _text_of("photographer"),
            "o_counter": lambda c: lambda t: criteria.number(c, t.o_counter),
            "resolution": lambda c: lambda t: criteria.resolution(c, self._sizes(t)),
            "orientation": lambda c: lambda t: criteria.orientation(c, self._sizes(t)),
            "galleries": lambda c: lambda t: criteria.ids(c, t.gallery_ids),
            "galleries_filter": self._related(lambda: self.galleries, Gallery, lambda t: t.gallery_ids),
        }

    def _image_texts(self, image: Image) -> list[str | None]:
        return [image.title or None, *_searchable(self._files(image))]

    def _image_sorts(self) -> dict[str, Callable[[Image], Any]]:
        return {**self._media_sorts(), "o_counter": lambda t: t.o_counter}

    def _gallery_criteria(self) -> Criteria:
        return {
            **self._common(),
            "photographer": _text_of("photographer"),
            "is_zip": lambda c: lambda t: bool(t.file_ids) == c,
            "image_count": lambda c: lambda t: criteria.number(c, len(self._library.images_of(t.id))),
            "scenes": lambda c: lambda t: criteria.ids(c, [scene.id for scene in self._library.scenes_of(t.id)]),
            "scenes_filter": self._related(lambda: self.scenes, Scene, self._scene_ids_of),
            "images_filter": self._related(lambda: self.images, Image, self._image_ids_of),
        }

    def _gallery_texts(self, gallery: Gallery) -> list[str | None]:
        return [gallery.title or None, gallery.folder or None, *_searchable(self._files(gallery))]

    def _gallery_sorts(self) -> dict[str, Callable[[Gallery], Any]]:
        sorts = self._media_sorts()
        del sorts["filesize"], sorts["resolution"]
        return {**sorts, "images_count": lambda t: len(self._library.images_of(t.id))}

    # Markers.

    def _marker_criteria(self) -> Criteria:
        def scene_of(marker: Marker) -> Scene:
            return self._library.get(Scene, marker.scene_id)

        return {
            "tags": self._marker_tags,
            "scene_tags": self._tags_of(lambda t: scene_of(t).tag_ids),
            "performers": lambda c: lambda t: criteria.ids(c, scene_of(t).performer_ids),
            "scenes": lambda c: lambda t: criteria.ids(c, [t.scene_id]),
            "duration": lambda c: (
                lambda t: criteria.number(c, None if t.end_seconds is None else t.end_seconds - t.seconds)
            ),
            "created_at": lambda c: lambda t: criteria.timestamp(c, t.created_s),
            "updated_at": lambda c: lambda t: criteria.timestamp(c, t.updated_s),
            "scene_date": lambda c: lambda t: criteria.date(c, scene_of(t).date),
            "scene_created_at": lambda c: lambda t: criteria.timestamp(c, scene_of(t).created_s),
            "scene_updated_at": lambda c: lambda t: criteria.timestamp(c, scene_of(t).updated_s),
            "scene_filter": self._related(lambda: self.scenes, Scene, lambda t: [t.scene_id]),
        }

    def _marker_tags(self, criterion: Any) -> Callable[[Marker], Truth]:
        modifier = criterion["modifier"]
        if modifier in ("IS_NULL", "NOT_NULL"):
            return lambda t: (not t.tag_ids) == (modifier == "IS_NULL")
        if modifier == "EXCLUDES" and not criterion.get("excludes"):
            return lambda t: True  # Stash looks at `excludes` before it has moved `value` there, and filters nothing
        hierarchy = criteria.tags(self._library, criterion)
        return lambda t: hierarchy.allows({t.primary_tag_id, *t.tag_ids})

    def _marker_texts(self, marker: Marker) -> list[str | None]:
        scene, tag = self._library.find(Scene, marker.scene_id), self._library.find(Tag, marker.primary_tag_id)
        return [marker.title, (scene.title if scene else "") or None, tag.name if tag else None]

    def _marker_sorts(self) -> dict[str, Callable[[Marker], Any]]:
        return {
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "id": _id_key,
            "title": lambda t: natural(t.title or self._library.get(Tag, t.primary_tag_id).name),
            "scene_id": lambda t: t.scene_id,
            "scenes_updated_at": lambda t: self._library.get(Scene, t.scene_id).updated_s,
            "seconds": lambda t: t.seconds,
            "duration": lambda t: None if t.end_seconds is None else t.end_seconds - t.seconds,
        }

    # Tags, performers, studios.

    def _tag_criteria(self) -> Criteria:
        uses = self._library.uses_of_tag
        return {
            "name": lambda c: lambda t: criteria.text(c, [t.name]),
            "sort_name": _text_of("sort_name"),
            "aliases": lambda c: lambda t: criteria.text_list(c, t.aliases),
            "favorite": lambda c: lambda t: t.favorite == c,
            "description": _text_of("description"),
            "is_missing": self._is_missing,
            "scene_count": lambda c: lambda t: criteria.number(c, uses(Scene, t.id)),
            "image_count": lambda c: lambda t: criteria.number(c, uses(Image, t.id)),
            "gallery_count": lambda c: lambda t: criteria.number(c, uses(Gallery, t.id)),
            "performer_count": lambda c: lambda t: criteria.number(c, uses(Performer, t.id)),
            "studio_count": lambda c: lambda t: criteria.number(c, uses(Studio, t.id)),
            "marker_count": lambda c: lambda t: criteria.number(c, uses(Marker, t.id)),
            "parents": self._relatives(up=True),
            "children": self._relatives(up=False),
            "parent_count": lambda c: lambda t: criteria.number(c, len(t.parent_ids)),
            "child_count": lambda c: lambda t: criteria.number(c, len(self._library.children_of(t.id))),
            "ignore_auto_tag": lambda c: lambda t: t.ignore_auto_tag == c,
            "stash_id_endpoint": lambda c: lambda t: criteria.stash_id(c, t.stash_ids),
            "scenes_filter": self._carried_by(lambda: self.scenes, Scene),
            "images_filter": self._carried_by(lambda: self.images, Image),
            "galleries_filter": self._carried_by(lambda: self.galleries, Gallery),
            "created_at": lambda c: lambda t: criteria.timestamp(c, t.created_s),
            "updated_at": lambda c: lambda t: criteria.timestamp(c, t.updated_s),
        }

    def _tag_sorts(self) -> dict[str, Callable[[Tag], Any]]:
        uses = self._library.uses_of_tag
        return {
            "name": lambda t: natural(t.sort_name or t.name),
            "id": _id_key,
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "scenes_count": lambda t: uses(Scene, t.id),
            "scene_markers_count": lambda t: uses(Marker, t.id),
            "images_count": lambda t: uses(Image, t.id),
            "galleries_count": lambda t: uses(Gallery, t.id),
            "performers_count": lambda t: uses(Performer, t.id),
            "studios_count": lambda t: uses(Studio, t.id),
            "scenes_duration": lambda t: sum(
                self._of_file(scene, "duration") or 0 for scene in self._library.all(Scene) if t.id in scene.tag_ids
            ),
        }

    def _performer_criteria(self) -> Criteria:
        plain = ("disambiguation", "details", "ethnicity", "country", "eye_color", "hair_color")
        uses = self._library.uses_of
        return {
            **{name: _text_of(name) for name in plain},
            "name": lambda c: lambda t: criteria.text(c, [t.name]),
            "filter_favorites": lambda c: lambda t: t.favorite == c,
            "aliases": lambda c: lambda t: criteria.text_list(c, t.alias_list),
            "gender": _gender,
            "is_missing": self._is_missing,
            "tags": self._tags_of(lambda t: t.tag_ids),
            "tag_count": lambda c: lambda t: criteria.number(c, len(t.tag_ids)),
            "scene_count": lambda c: lambda t: criteria.number(c, uses(Scene, "performer_ids", t.id)),
            "image_count": lambda c: lambda t: criteria.number(c, uses(Image, "performer_ids", t.id)),
            "gallery_count": lambda c: lambda t: criteria.number(c, uses(Gallery, "performer_ids", t.id)),
            "stash_id_endpoint": lambda c: lambda t: criteria.stash_id(c, t.stash_ids),
            "rating100": lambda c: lambda t: criteria.number(c, t.rating100),
            "url": lambda c: lambda t: criteria.text_list(c, t.urls),
            "ignore_auto_tag": lambda c: lambda t: t.ignore_auto_tag == c,
            "birthdate": lambda c: lambda t: criteria.date(c, t.birthdate),
            "death_date": lambda c: lambda t: criteria.date(c, t.death_date),
            "scenes_filter": lambda c: self._in_any_scene(self.scenes.predicate(c)),
            "tags_filter": self._related(lambda: self.tags, Tag, lambda t: t.tag_ids),
            "created_at": lambda c: lambda t: criteria.timestamp(c, t.created_s),
            "updated_at": lambda c: lambda t: criteria.timestamp(c, t.updated_s),
        }

    def _performer_sorts(self) -> dict[str, Callable[[Performer], Any]]:
        uses = self._library.uses_of
        return {
            "name": lambda t: natural(t.name),
            "id": _id_key,
            "birthdate": lambda t: t.birthdate,
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "height": lambda t: t.height_cm,
            "weight": lambda t: t.weight,
            "rating": lambda t: t.rating100,
            "tag_count": lambda t: len(t.tag_ids),
            "scenes_count": lambda t: uses(Scene, "performer_ids", t.id),
            "images_count": lambda t: uses(Image, "performer_ids", t.id),
            "galleries_count": lambda t: uses(Gallery, "performer_ids", t.id),
        }

    def _studio_criteria(self) -> Criteria:
        return {
            "name": lambda c: lambda t: criteria.text(c, [t.name]),
            "details": _text_of("details"),
            "parents": lambda c: lambda t: criteria.ids(c, [t.parent_id] if t.parent_id else []),
            "stash_id_endpoint": lambda c: lambda t: criteria.stash_id(c, t.stash_ids),
            "tags": self._tags_of(lambda t: t.tag_ids),
            "is_missing": self._is_missing,
            "rating100": lambda c: lambda t: criteria.number(c, t.rating100),
            "favorite": lambda c: lambda t: t.favorite == c,
            "scene_count": lambda c: lambda t: criteria.number(c, self._library.uses_of(Scene, "studio_id", t.id)),
            "url": lambda c: lambda t: criteria.text_list(c, t.urls),
            "aliases": lambda c: lambda t: criteria.text_list(c, t.aliases),
            "ignore_auto_tag": lambda c: lambda t: t.ignore_auto_tag == c,
            "created_at": lambda c: lambda t: criteria.timestamp(c, t.created_s),
            "updated_at": lambda c: lambda t: criteria.timestamp(c, t.updated_s),
        }

    def _studio_sorts(self) -> dict[str, Callable[[Studio], Any]]:
        return {
            "name": lambda t: natural(t.name),
            "id": _id_key,
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "rating": lambda t: t.rating100,
            "tag_count": lambda t: len(t.tag_ids),
            "child_count": lambda t: len(self._library.child_studios_of(t.id)),
            "scenes_count": lambda t: self._library.uses_of(Scene, "studio_id", t.id),
        }

    # What they share.

    def _media_sorts(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "date": lambda t: t.date,
            "id": _id_key,
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


def _text_of(field: str) -> Callable[[Any], Callable[[Any], Truth]]:
    # Stash stores an empty text as NULL.
    return lambda criterion: lambda thing: criteria.text(criterion, [getattr(thing, field) or None])


def _gender(criterion: Any) -> Callable[[Performer], Truth]:
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


def _searchable(files: Iterable[File]) -> list[str | None]:
    return [text for file in files for text in (file.path, file.oshash, file.md5, file.phash) if text]


def _id_key(thing: Any) -> int:
    return int(thing.id)
