"""Stash's library as recommendations see it: what scenes are, what was done with them, and what things are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from plugin.stash.values import unix_s


class MarkedSpan(NamedTuple):
    """A marker has one for each of its tags. end_s is None for a point in time."""

    tag_id: int
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What Stash knows of watching a scene; nothing of it changes the scene's updated_s. plays, o_times: Unix seconds,
    newest first; play_count and o_count may be more than those, for Stash has lost times before. play_duration_s: all
    that ever was played. resume_s: where it goes on.
    """

    o_count: int = 0
    play_count: int = 0
    play_duration_s: float = 0.0
    resume_s: float = 0.0
    plays: tuple[float, ...] = ()
    o_times: tuple[float, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.o_count or self.play_count or self.play_duration_s or self.plays or self.o_times)


@dataclass(frozen=True, slots=True)
class LibraryScene:
    """A scene. changed_s: when it or one of its markers was changed last; times in Unix seconds. duration_s: of its
    primary file, 0 where it has none.
    """

    id: int
    title: str
    duration_s: float
    size_bytes: int
    studio_id: int | None
    date: str
    created_s: float
    changed_s: float
    rating100: int | None
    organized: bool
    performers: tuple[int, ...]
    tags: tuple[int, ...]
    markers: tuple[MarkedSpan, ...]
    activity: Activity


@dataclass(frozen=True, slots=True)
class LibraryName:
    """What a tag, a performer or a studio is called. parents, aliases: of tags."""

    kind: str
    id: int
    name: str
    favorite: bool = False
    parents: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryState:
    """How much there is, and the newest change of a scene or marker, by Stash's clock."""

    scenes: int
    markers: int
    changed_s: float


def library_scene(row: Mapping[str, Any]) -> LibraryScene:
    file = next(iter(row.get("files") or ()), None) or {}
    markers = row.get("scene_markers") or ()
    return LibraryScene(
        id=int(row["id"]),
        title=row.get("title") or _base_name(file.get("path") or ""),
        duration_s=max(0.0, float(file.get("duration") or 0.0)),
        size_bytes=max(0, int(file.get("size") or 0)),
        studio_id=int(row["studio"]["id"]) if row.get("studio") else None,
        date=row.get("date") or "",
        created_s=unix_s(row.get("created_at") or ""),
        changed_s=max(unix_s(one.get("updated_at") or "") for one in (row, *markers)),
        rating100=row.get("rating100"),
        organized=bool(row.get("organized")),
        performers=tuple(sorted(int(one["id"]) for one in row.get("performers") or ())),
        tags=tuple(sorted(int(one["id"]) for one in row.get("tags") or ())),
        markers=tuple(sorted((span for marker in markers for span in _spans(marker)), key=_place)),
        activity=activity(row),
    )


def activity(row: Mapping[str, Any]) -> Activity:
    return Activity(
        o_count=max(0, int(row.get("o_counter") or 0)),
        play_count=max(0, int(row.get("play_count") or 0)),
        play_duration_s=max(0.0, float(row.get("play_duration") or 0.0)),
        resume_s=max(0.0, float(row.get("resume_time") or 0.0)),
        plays=_times(row.get("play_history")),
        o_times=_times(row.get("o_history")),
    )


def tag_names(data: Mapping[str, Any]) -> list[LibraryName]:
    """Of a whole answer: all tags."""
    return [
        LibraryName(
            "tag",
            int(row["id"]),
            row["name"],
            bool(row.get("favorite")),
            tuple(sorted(int(parent["id"]) for parent in row.get("parents") or ())),
            tuple(row.get("aliases") or ()),
        )
        for row in data["findTags"]["tags"]
    ]


def library_names(data: Mapping[str, Any]) -> list[LibraryName]:
    """Of a whole answer: all tags, performers and studios."""
    found = tag_names(data)
    for kind, root, rows in (("performer", "findPerformers", "performers"), ("studio", "findStudios", "studios")):
        found += [LibraryName(kind, int(row["id"]), row["name"], bool(row.get("favorite"))) for row in data[root][rows]]
    return found


def _spans(marker: Mapping[str, Any]) -> list[MarkedSpan]:
    start_s, end_s = max(0.0, float(marker["seconds"])), marker.get("end_seconds")
    tags = {int(tag["id"]) for tag in (marker["primary_tag"], *(marker.get("tags") or ()))}
    ends = None if end_s is None or float(end_s) <= start_s else float(end_s)
    return [MarkedSpan(tag_id, start_s, ends) for tag_id in tags]


def _place(span: MarkedSpan) -> tuple[float, int, float]:
    return span.start_s, span.tag_id, span.end_s or 0.0


def _times(texts: Any) -> tuple[float, ...]:
    return tuple(sorted((at_s for at_s in map(unix_s, texts or ()) if at_s > 0), reverse=True))


def _base_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
