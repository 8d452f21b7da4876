"""Stash's scenes as last read, what things are called there, and how far reading them has come."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from plugin.store.database import ANY_OF, Database, Row, any_of

SYNCED = "library.synced"
"""meta: {"at_s": when the library was read to its end, by our clock; "full_s": the same of a whole reading;
"changed_s": the newest change that was read, by Stash's clock; "markers": how many there were}. There once all was read
for the first time."""

Marked = tuple[int, float, "float | None"]
"""(tag id, start_s, end_s or None)."""


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One scene. See the table library_scene for the meaning of each."""

    scene_id: int
    title: str
    duration_s: float
    size_bytes: int
    studio_id: int | None
    date: str
    created_s: float
    updated_s: float
    rating100: int | None
    organized: bool
    o_count: int
    play_count: int
    play_duration_s: float
    resume_s: float
    last_played_s: float | None
    plays: tuple[float, ...]
    o_times: tuple[float, ...]
    performers: tuple[int, ...]
    tags: tuple[int, ...]
    markers: tuple[Marked, ...]
    base_play_s: float
    version: int


class SceneSummary(NamedTuple):
    """Of a scene, what a catalogue has a column for: studio 0 for none, rating100 -1 for none, play_count the larger of
    Stash's and ours.
    """

    duration_s: float
    created_s: float
    studio: int
    rating100: int
    o_count: int
    play_count: int
    size_mb: float
    performers: Sequence[int]


class ActivityRow(NamedTuple):
    """What Stash knows of watching a scene. last_played_s, base_play_s: see the table library_scene. plays: JSON."""

    scene_id: int
    rating100: int | None
    o_count: int
    play_count: int
    play_duration_s: float
    last_played_s: float | None
    plays: str
    base_play_s: float


@dataclass(frozen=True, slots=True)
class NameRow:
    """kind: "tag", "performer" or "studio". parents, aliases: of tags."""

    kind: str
    id: int
    name: str
    favorite: bool = False
    parents: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()


_ACTIVITY = ", ".join(ActivityRow._fields)
_COLUMNS = ", ".join(item.name for item in fields(LibraryRow))
_LISTS = ("plays", "o_times", "performers", "tags", "markers")
_PLACES = [number for number, item in enumerate(fields(LibraryRow)) if item.name in _LISTS]
_ORGANIZED = [item.name for item in fields(LibraryRow)].index("organized")


class Library:
    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(self, ids: Iterable[int]) -> dict[int, LibraryRow]:
        """Those of the scenes that are known, by id."""
        found = self._db.rows(f"SELECT {_COLUMNS} FROM library_scene WHERE scene_id {ANY_OF}", any_of(ids))
        return {row[0]: _row(row) for row in found}

    def save(self, rows: Iterable[LibraryRow]) -> None:
        """Put scenes in the place of what was known of them."""
        marks = ", ".join("?" * len(fields(LibraryRow)))
        self._db.run_many(
            f"INSERT OR REPLACE INTO library_scene ({_COLUMNS}) VALUES ({marks})", [_values(row) for row in rows]
        )

    def summaries(self) -> dict[int, SceneSummary]:
        """Of all scenes, by id."""
        found = {}
        for scene_id, performers, *told in self._db.rows(
            "SELECT library_scene.scene_id, performers, duration_s, created_s, coalesce(studio_id, 0),"
            " coalesce(max(0, min(100, rating100)), -1), o_count,"
            " max(play_count, coalesce(watches, 0)), size_bytes / 1e6 FROM library_scene LEFT JOIN"
            " (SELECT scene_id, count(*) AS watches FROM scene_watch GROUP BY scene_id) AS ours"
            " ON ours.scene_id = library_scene.scene_id"
        ):
            found[scene_id] = SceneSummary._make((*told, () if performers == "[]" else json.loads(performers)))
        return found

    def activity(self, ids: Iterable[int]) -> dict[int, ActivityRow]:
        """Those of the scenes that are known, by id."""
        rows = self._db.rows(f"SELECT {_ACTIVITY} FROM library_scene WHERE scene_id {ANY_OF}", any_of(ids))
        return {row[0]: ActivityRow(*row) for row in rows}

    def last_played(self, most: int, since_s: float) -> dict[int, ActivityRow]:
        """Scenes that were played, liked or rated, by id; the last first."""
        rows = self._db.rows(
            f"SELECT {_ACTIVITY} FROM library_scene WHERE last_played_s >= ?"
            " ORDER BY last_played_s DESC, scene_id LIMIT ?",
            since_s,
            most,
        )
        return {row[0]: ActivityRow(*row) for row in rows}

    def forget(self, ids: Collection[int]) -> None:
        self._db.run(f"DELETE FROM library_scene WHERE scene_id {ANY_OF}", any_of(ids))

    def ids(self) -> list[int]:
        """Of all scenes, ascending."""
        return [row[0] for row in self._db.rows("SELECT scene_id FROM library_scene ORDER BY scene_id")]

    def count(self) -> int:
        return self._db.number("SELECT count(*) FROM library_scene")

    def active_ids(self) -> list[int]:
        """Scenes that somebody has done something with, as far as was told."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT scene_id FROM library_scene WHERE play_count > 0 OR o_count > 0 OR play_duration_s > 0"
                " OR resume_s > 0 OR plays != '[]' OR o_times != '[]'"
            )
        ]

    def ids_with_markers(self) -> list[int]:
        return [row[0] for row in self._db.rows("SELECT scene_id FROM library_scene WHERE markers != '[]'")]

    def ids_with_lost_references(self) -> list[int]:
        """Scenes with a tag, a performer or a studio that Stash does not have any more. Removing or merging those
        changes nothing of a scene's own.
        """
        return [
            row[0]
            for row in self._db.rows(
                "SELECT scene_id FROM library_scene AS scene WHERE studio_id IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM library_name WHERE kind = 'studio' AND id = studio_id)"
                " OR EXISTS (SELECT 1 FROM json_each(scene.tags) WHERE NOT EXISTS"
                " (SELECT 1 FROM library_name WHERE kind = 'tag' AND id = value))"
                " OR EXISTS (SELECT 1 FROM json_each(scene.performers) WHERE NOT EXISTS"
                " (SELECT 1 FROM library_name WHERE kind = 'performer' AND id = value))"
                " OR EXISTS (SELECT 1 FROM json_each(scene.markers) WHERE NOT EXISTS"
                " (SELECT 1 FROM library_name WHERE kind = 'tag' AND id = json_extract(value, '$[0]')))"
            )
        ]

    def tracked_s(self, ids: Iterable[int]) -> dict[int, float]:
        """Seconds that we saw of scenes, repeats included; scenes that were never watched are left out."""
        return dict(
            self._db.rows(
                f"SELECT scene_id, sum(played_s) FROM scene_watch WHERE scene_id {ANY_OF} GROUP BY scene_id",
                any_of(ids),
            )
        )

    def names(self, kind: str) -> list[NameRow]:
        """By ascending id."""
        rows = self._db.rows("SELECT id, name, favorite, detail FROM library_name WHERE kind = ? ORDER BY id", kind)
        return [_name(kind, *row) for row in rows]

    def name(self, kind: str, key: int) -> str:
        """kind: as in NameRow, or "scene" for its title. "" where it is not known."""
        if kind == "scene":
            row = self._db.row("SELECT title FROM library_scene WHERE scene_id = ?", key)
        else:
            row = self._db.row("SELECT name FROM library_name WHERE kind = ? AND id = ?", kind, key)
        return str(row[0]) if row else ""

    def duration_s(self, scene_id: int) -> float:
        """0 where it is not known."""
        row = self._db.row("SELECT duration_s FROM library_scene WHERE scene_id = ?", scene_id)
        return float(row[0]) if row else 0.0

    def favorites(self, kind: str) -> list[int]:
        return [row[0] for row in self._db.rows("SELECT id FROM library_name WHERE kind = ? AND favorite", kind)]

    def replace_names(self, names: Sequence[NameRow]) -> bool:
        """Know these and no others. Returns whether that changed anything."""
        wanted = {(one.kind, one.id): (one.name, int(one.favorite), _detail(one)) for one in names}
        known = {
            (kind, key): (name, favorite, detail)
            for kind, key, name, favorite, detail in self._db.rows(
                "SELECT kind, id, name, favorite, detail FROM library_name"
            )
        }
        gone = [key for key in known if key not in wanted]
        new = [(*key, *value) for key, value in wanted.items() if known.get(key) != value]
        if gone or new:
            with self._db.transaction():
                self._db.run_many("DELETE FROM library_name WHERE kind = ? AND id = ?", gone)
                self._db.run_many("INSERT OR REPLACE INTO library_name VALUES (?, ?, ?, ?, ?)", new)
        return bool(gone or new)


def _row(values: Row) -> LibraryRow:
    read: list[Any] = list(values)
    for place in _PLACES:
        read[place] = tuple(tuple(one) if isinstance(one, list) else one for one in json.loads(read[place]))
    read[_ORGANIZED] = bool(read[_ORGANIZED])
    return LibraryRow(*read)


def _values(row: LibraryRow) -> list[Any]:
    values: list[Any] = [getattr(row, item.name) for item in fields(row)]
    for place in _PLACES:
        values[place] = json.dumps(values[place], separators=(",", ":"))
    return values


def _detail(name: NameRow) -> str:
    if name.kind != "tag":
        return "{}"
    return json.dumps({"parents": name.parents, "aliases": name.aliases}, separators=(",", ":"))


def _name(kind: str, key: int, name: str, favorite: int, detail: str) -> NameRow:
    told = json.loads(detail)
    return NameRow(kind, key, name, bool(favorite), tuple(told.get("parents", ())), tuple(told.get("aliases", ())))
