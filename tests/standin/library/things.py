"""What a library consists of. Frozen: a change puts a new thing in the place of the old one.

Ids are integers here and strings in GraphQL. Times are seconds since 1970; created_s and updated_s are whole, for Stash
stores no fractions either. Texts that were never set are "" or None as Stash's columns are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class StashId:
    """What a stash-box calls a thing."""

    endpoint: str
    stash_id: str
    updated_s: int = 0


@dataclass(frozen=True)
class GroupPlace:
    """A scene's place in a group."""

    group_id: int
    scene_index: int | None = None


@dataclass(frozen=True)
class File:
    """A file of the library: a video, an image, or a zip that is a gallery."""

    table: ClassVar[str] = "file"
    id: int
    kind: str
    """video, image or gallery"""
    path: str
    """absolute; of a zip's member: the zip's path, a slash, the member's name"""
    size: int
    mod_time_s: float
    created_s: int
    updated_s: int
    oshash: str = ""
    md5: str = ""
    phash: str = ""
    zip_file_id: int | None = None
    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    """seconds"""
    frame_rate: float = 0.0
    bit_rate: int = 0
    video_codec: str = ""
    audio_codec: str = ""


@dataclass(frozen=True)
class Scene:
    table: ClassVar[str] = "scene"
    id: int
    created_s: int
    updated_s: int
    file_ids: tuple[int, ...] = ()
    """the first is the primary one"""
    title: str = ""
    code: str = ""
    details: str = ""
    director: str = ""
    date: str | None = None
    rating100: int | None = None
    organized: bool = False
    urls: tuple[str, ...] = ()
    studio_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    performer_ids: tuple[int, ...] = ()
    gallery_ids: tuple[int, ...] = ()
    groups: tuple[GroupPlace, ...] = ()
    stash_ids: tuple[StashId, ...] = ()
    cover: str = ""
    """base64 of an image that somebody set"""
    resume_time: float = 0.0
    play_duration: float = 0.0
    play_history_s: tuple[float, ...] = ()
    """newest first"""
    o_history_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Marker:
    table: ClassVar[str] = "marker"
    id: int
    created_s: int
    updated_s: int
    scene_id: int
    primary_tag_id: int
    title: str = ""
    seconds: float = 0.0
    end_seconds: float | None = None
    tag_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Image:
    table: ClassVar[str] = "image"
    id: int
    created_s: int
    updated_s: int
    file_ids: tuple[int, ...] = ()
    title: str = ""
    code: str = ""
    details: str = ""
    photographer: str = ""
    date: str | None = None
    rating100: int | None = None
    organized: bool = False
    o_counter: int = 0
    urls: tuple[str, ...] = ()
    studio_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    performer_ids: tuple[int, ...] = ()
    gallery_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gallery:
    table: ClassVar[str] = "gallery"
    id: int
    created_s: int
    updated_s: int
    file_ids: tuple[int, ...] = ()
    """the zip, if it is one"""
    folder: str = ""
    title: str = ""
    code: str = ""
    details: str = ""
    photographer: str = ""
    date: str | None = None
    rating100: int | None = None
    organized: bool = False
    urls: tuple[str, ...] = ()
    studio_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    performer_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tag:
    table: ClassVar[str] = "tag"
    id: int
    created_s: int
    updated_s: int
    name: str
    sort_name: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    favorite: bool = False
    ignore_auto_tag: bool = False
    stash_ids: tuple[StashId, ...] = ()
    parent_ids: tuple[int, ...] = ()
    """children follow from it"""
    image: str = ""
    """base64"""


@dataclass(frozen=True)
class Performer:
    table: ClassVar[str] = "performer"
    id: int
    created_s: int
    updated_s: int
    name: str
    disambiguation: str = ""
    gender: str | None = None
    birthdate: str | None = None
    death_date: str | None = None
    ethnicity: str = ""
    country: str = ""
    eye_color: str = ""
    hair_color: str = ""
    height_cm: int | None = None
    weight: int | None = None
    measurements: str = ""
    fake_tits: str = ""
    penis_length: float | None = None
    circumcised: str | None = None
    career_length: str = ""
    tattoos: str = ""
    piercings: str = ""
    alias_list: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    favorite: bool = False
    ignore_auto_tag: bool = False
    rating100: int | None = None
    details: str = ""
    tag_ids: tuple[int, ...] = ()
    stash_ids: tuple[StashId, ...] = ()
    image: str = ""
    """base64"""
    custom_fields: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Studio:
    table: ClassVar[str] = "studio"
    id: int
    created_s: int
    updated_s: int
    name: str
    parent_id: int | None = None
    details: str = ""
    aliases: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    favorite: bool = False
    ignore_auto_tag: bool = False
    rating100: int | None = None
    tag_ids: tuple[int, ...] = ()
    stash_ids: tuple[StashId, ...] = ()
    image: str = ""
    """base64"""


@dataclass(frozen=True)
class Group:
    table: ClassVar[str] = "group"
    id: int
    created_s: int
    updated_s: int
    name: str
    aliases: str = ""
    director: str = ""
    synopsis: str = ""
    date: str | None = None
    duration: int | None = None
    rating100: int | None = None
    studio_id: int | None = None
    urls: tuple[str, ...] = ()
    tag_ids: tuple[int, ...] = ()


KINDS: tuple[type[Any], ...] = (File, Scene, Marker, Image, Gallery, Tag, Performer, Studio, Group)
