"""What each kind of thing can be asked for: Stash's filters, searches and sorts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.standin.library.library import Library
from tests.standin.library.things import Gallery, Group, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.query import criteria
from tests.standin.query.criteria import Truth
from tests.standin.query.finding import Kind, natural
from tests.standin.query.making import Making, gender, id_key, searchable, text_of

Criteria = dict[str, Callable[[Any], Callable[[Any], Truth]]]


class Kinds(Making):
    """One Kind per kind of thing, over one library."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.scenes: Kind[Scene] = Kind(self._scene_criteria(), self._scene_texts, self._scene_sorts(), None, (id_key,))
        self.images: Kind[Image] = Kind(self._image_criteria(), self._image_texts, self._image_sorts(), None, (id_key,))
        self.galleries: Kind[Gallery] = Kind(
            self._gallery_criteria(), self._gallery_texts, self._gallery_sorts(), None, (id_key,)
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
            {"name": lambda t: natural(t.name), "id": id_key, "date": lambda t: t.date},
            "name",
        )

    # Scenes, images and galleries have much in common.

    def _common(self) -> Criteria:
        return {
            "id": lambda c: lambda t: criteria.number(c, t.id),
            "title": text_of("title"),
            "code": text_of("code"),
            "details": text_of("details"),
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
            "director": text_of("director"),
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
        return [scene.title or None, scene.details or None, *searchable(files), *titles]

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
            "photographer": text_of("photographer"),
            "o_counter": lambda c: lambda t: criteria.number(c, t.o_counter),
            "resolution": lambda c: lambda t: criteria.resolution(c, self._sizes(t)),
            "orientation": lambda c: lambda t: criteria.orientation(c, self._sizes(t)),
            "galleries": lambda c: lambda t: criteria.ids(c, t.gallery_ids),
            "galleries_filter": self._related(lambda: self.galleries, Gallery, lambda t: t.gallery_ids),
        }

    def _image_texts(self, image: Image) -> list[str | None]:
        return [image.title or None, *searchable(self._files(image))]

    def _image_sorts(self) -> dict[str, Callable[[Image], Any]]:
        return {**self._media_sorts(), "o_counter": lambda t: t.o_counter}

    def _gallery_criteria(self) -> Criteria:
        return {
            **self._common(),
            "photographer": text_of("photographer"),
            "is_zip": lambda c: lambda t: bool(t.file_ids) == c,
            "image_count": lambda c: lambda t: criteria.number(c, len(self._library.images_of(t.id))),
            "scenes": lambda c: lambda t: criteria.ids(c, [scene.id for scene in self._library.scenes_of(t.id)]),
            "scenes_filter": self._related(lambda: self.scenes, Scene, self._scene_ids_of),
            "images_filter": self._related(lambda: self.images, Image, self._image_ids_of),
        }

    def _gallery_texts(self, gallery: Gallery) -> list[str | None]:
        return [gallery.title or None, gallery.folder or None, *searchable(self._files(gallery))]

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
            "id": id_key,
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
            "sort_name": text_of("sort_name"),
            "aliases": lambda c: lambda t: criteria.text_list(c, t.aliases),
            "favorite": lambda c: lambda t: t.favorite == c,
            "description": text_of("description"),
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
            "id": id_key,
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
            **{name: text_of(name) for name in plain},
            "name": lambda c: lambda t: criteria.text(c, [t.name]),
            "filter_favorites": lambda c: lambda t: t.favorite == c,
            "aliases": lambda c: lambda t: criteria.text_list(c, t.alias_list),
            "gender": gender,
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
            "id": id_key,
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
            "details": text_of("details"),
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
            "id": id_key,
            "created_at": lambda t: t.created_s,
            "updated_at": lambda t: t.updated_s,
            "rating": lambda t: t.rating100,
            "tag_count": lambda t: len(t.tag_ids),
            "child_count": lambda t: len(self._library.child_studios_of(t.id)),
            "scenes_count": lambda t: self._library.uses_of(Scene, "studio_id", t.id),
        }
