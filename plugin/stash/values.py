"""What the plugin knows of Stash's library: frozen values, read from GraphQL answers in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

MediaKind: TypeAlias = Literal["scene", "image", "gallery"]
KINDS: tuple[MediaKind, ...] = ("scene", "image", "gallery")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A medium's primary file as Stash knows it. path: as Stash sees it; of a zip's member, inside the zip.

    fingerprint: "oshash-<hex>" or "md5-<hex>", "" where Stash has none. in_zip: the path cannot be opened.
    """

    path: str
    size_bytes: int
    fingerprint: str
    duration_s: float = 0.0
    width_px: int = 0
    height_px: int = 0
    in_zip: bool = False

    @property
    def content(self) -> str:
        """Changes when the file is replaced, stays when it is moved."""
        return f"{self.fingerprint}-{self.size_bytes}"


@dataclass(frozen=True, slots=True)
class Marker:
    """A scene marker. end_s is None for a point in time. created_s: Unix seconds."""

    id: int
    title: str
    start_s: float
    end_s: float | None
    primary_tag_id: int
    tag_ids: frozenset[int] = frozenset()
    created_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Medium:
    """A scene, an image or a gallery. file is None where Stash has none (a gallery of a folder, a scene without file).

    url: where Stash serves the content itself. markers: scenes only. image_count, place (its zip or folder): galleries
    only. performers: names by id. date: when it was made, as far as known: "YYYY-MM-DD", "YYYY-MM", "YYYY" or "".
    """

    kind: MediaKind
    id: int
    title: str
    tags: Mapping[int, str]
    file: MediaFile | None
    url: str = ""
    markers: tuple[Marker, ...] = ()
    image_count: int = 0
    place: str = ""
    performers: Mapping[int, str] = field(default_factory=dict)
    date: str = ""

    @property
    def tag_ids(self) -> frozenset[int]:
        return frozenset(self.tags)

    @property
    def name(self) -> str:
        """What a person recognises it by."""
        if self.title:
            return self.title
        path = (self.file.path if self.file else self.place).replace("\\", "/").rstrip("/")
        return path.rsplit("/", 1)[-1] or f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class MediaRow:
    """The little that decides whether a medium needs work. content as in MediaFile; how many images for galleries."""

    id: int
    content: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of Stash. Names and aliases share one namespace, compared without case."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagDetail:
    """What tells whether a tag is still as somebody made it. uses: things that carry it, and tags below it."""

    name: str
    aliases: tuple[str, ...]
    description: str
    uses: int


@dataclass(frozen=True, slots=True)
class PerformerDetail:
    """What tells who a performer is, and whether they are still as somebody made them. stash_ids: (endpoint, id).

    uses: media that they are in. created_s, updated_s: Unix seconds.
    """

    id: int
    name: str
    disambiguation: str
    aliases: tuple[str, ...]
    stash_ids: tuple[tuple[str, str], ...]
    uses: int
    created_s: float
    updated_s: float


@dataclass(frozen=True, slots=True)
class StashPerson:
    """A performer as somebody who may be known by face. gender: as Stash says it, "" where not known.

    image_path: where Stash shows their picture; has_image: it is theirs, not a placeholder. state: changes whenever
    anything of them does. updated_s: Unix seconds, whole.
    """

    id: int
    name: str
    disambiguation: str
    aliases: tuple[str, ...]
    gender: str
    birthdate: str
    image_path: str
    stash_ids: tuple[tuple[str, str], ...]
    updated_s: float

    @property
    def has_image(self) -> bool:
        return bool(self.image_path) and "default=true" not in self.image_path

    @property
    def state(self) -> str:
        return f"{self.updated_s:.0f}{'' if self.has_image else ' without image'}"


@dataclass(frozen=True, slots=True)
class BoxAccess:
    """A stash-box that is configured in Stash. api_key is a secret: never log it, never store it."""

    endpoint: str
    api_key: str = field(repr=False)
    name: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class StashJob:
    """A row of Stash's job queue. status: READY, RUNNING, STOPPING, FINISHED, CANCELLED or FAILED."""

    id: int
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class StashConfig:
    """What the plugin needs of Stash's configuration. api_key is a secret: never log it.

    library_paths: folders of the library as Stash sees them. has_login: credentials are configured.
    """

    version: str
    api_key: str = field(repr=False)
    has_login: bool
    library_paths: tuple[str, ...]
    vr_tag: str
    plugin_settings: Mapping[str, Any]


def scene(row: Mapping[str, Any]) -> Medium:
    files = row.get("files") or []
    return Medium(
        kind="scene",
        id=int(row["id"]),
        title=row.get("title") or "",
        tags=_tags(row),
        file=media_file(files[0], "oshash") if files else None,
        url=(row.get("paths") or {}).get("stream") or "",
        markers=tuple(marker(item) for item in row.get("scene_markers") or ()),
        performers=_performers(row),
        date=row.get("date") or "",
    )


def image(row: Mapping[str, Any]) -> Medium:
    files = [item for item in row.get("visual_files") or [] if item]
    return Medium(
        kind="image",
        id=int(row["id"]),
        title=row.get("title") or "",
        tags=_tags(row),
        # An animated picture is a video file here; its fingerprint is an md5 all the same.
        file=media_file(files[0], "md5") if files else None,
        url=(row.get("paths") or {}).get("image") or "",
        performers=_performers(row),
        date=row.get("date") or "",
    )


def gallery(row: Mapping[str, Any]) -> Medium:
    places = [*(row.get("files") or []), row.get("folder")]
    return Medium(
        kind="gallery",
        id=int(row["id"]),
        title=row.get("title") or "",
        tags=_tags(row),
        file=None,
        image_count=int(row.get("image_count") or 0),
        place=next((place["path"] for place in places if place), ""),
        performers=_performers(row),
        date=row.get("date") or "",
    )


def performer_detail(row: Mapping[str, Any]) -> PerformerDetail:
    return PerformerDetail(
        id=int(row["id"]),
        name=row["name"],
        disambiguation=row.get("disambiguation") or "",
        aliases=tuple(row.get("alias_list") or ()),
        stash_ids=tuple((item["endpoint"], item["stash_id"]) for item in row.get("stash_ids") or ()),
        uses=sum(int(row.get(f"{kind}_count") or 0) for kind in KINDS),
        created_s=unix_s(row.get("created_at") or ""),
        updated_s=unix_s(row.get("updated_at") or ""),
    )


def person(row: Mapping[str, Any]) -> StashPerson:
    return StashPerson(
        id=int(row["id"]),
        name=row["name"],
        disambiguation=row.get("disambiguation") or "",
        aliases=tuple(row.get("alias_list") or ()),
        gender=row.get("gender") or "",
        birthdate=row.get("birthdate") or "",
        image_path=row.get("image_path") or "",
        stash_ids=tuple((item["endpoint"], item["stash_id"]) for item in row.get("stash_ids") or ()),
        updated_s=unix_s(row.get("updated_at") or ""),
    )


def marker(row: Mapping[str, Any]) -> Marker:
    end_s = row.get("end_seconds")
    return Marker(
        id=int(row["id"]),
        title=row.get("title") or "",
        start_s=float(row["seconds"]),
        end_s=None if end_s is None else float(end_s),
        primary_tag_id=int(row["primary_tag"]["id"]),
        tag_ids=frozenset(int(tag["id"]) for tag in row.get("tags") or ()),
        created_s=unix_s(row.get("created_at") or ""),
    )


def media_file(row: Mapping[str, Any], algorithm: str) -> MediaFile:
    prints = {item["type"]: item["value"] for item in row.get("fingerprints") or ()}
    known = next((name for name in (algorithm, "md5", "oshash") if prints.get(name)), "")
    return MediaFile(
        path=row["path"],
        size_bytes=int(row.get("size") or 0),
        fingerprint=f"{known}-{prints[known]}" if known else "",
        duration_s=float(row.get("duration") or 0.0),
        width_px=int(row.get("width") or 0),
        height_px=int(row.get("height") or 0),
        in_zip=bool(row.get("zip_file")),
    )


def unix_s(text: str) -> float:
    """Unix seconds of Go's RFC 3339 times, whose fractions have up to nine digits; 0 for anything else, as for Go's own
    zero, the year 1.
    """
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    if found is None:
        return 0.0
    day, time_of_day, fraction, zone = found.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{time_of_day}{'+00:00' if zone == 'Z' else zone}")
    except ValueError:
        return 0.0
    return max(0.0, whole.timestamp() + float(fraction or 0))


def _performers(row: Mapping[str, Any]) -> dict[int, str]:
    return {int(performer["id"]): performer["name"] for performer in row.get("performers") or ()}


def _tags(row: Mapping[str, Any]) -> dict[int, str]:
    return {int(tag["id"]): tag["name"] for tag in row.get("tags") or ()}
