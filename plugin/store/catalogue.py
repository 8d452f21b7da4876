"""The catalogue's tables: a cache of the library and its analyses, packed for reading. See plugin.library.catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from plugin.store.database import ANY_OF, Database, any_of


class TermRow(NamedTuple):
    """A tag of Stash (tag_id), or a label that is none. name: as it was last called."""

    id: int
    tag_id: int | None
    label: str | None
    name: str


class PostingRow(NamedTuple):
    """How many scenes have a term, and packed beside each other: which, with what weight, for how long."""

    term: int
    scenes: int
    ordinals: bytes
    weights: bytes
    seconds: bytes


class SceneRow(NamedTuple):
    """seen: what the terms were made of, as in CatalogueTables.outdated()."""

    scene_id: int
    ordinal: int
    seen: str
    terms: bytes


_SEEN = "library_scene.version || '/' || coalesce(analysis.id, 0) || '/' || coalesce(refused.newest, 0)"
_EVIDENCE = (
    "library_scene LEFT JOIN analysis ON analysis.kind = 'scene' AND analysis.media_id = library_scene.scene_id"
    " LEFT JOIN (SELECT media_id, max(id) AS newest FROM refusal WHERE kind = 'scene' AND type = 'tag'"
    " GROUP BY media_id) AS refused ON refused.media_id = library_scene.scene_id"
)


class CatalogueTables:
    def __init__(self, db: Database) -> None:
        self._db = db

    def column(self, name: str) -> bytes:
        """b"" where there is none."""
        row = self._db.row("SELECT data FROM catalogue_column WHERE name = ?", name)
        return bytes(row[0]) if row else b""

    def columns(self) -> dict[str, bytes]:
        """All of them, as they were at one moment."""
        return dict(self._db.rows("SELECT name, data FROM catalogue_column"))

    def save_columns(self, columns: Mapping[str, bytes]) -> None:
        self._db.run_many("INSERT OR REPLACE INTO catalogue_column VALUES (?, ?)", list(columns.items()))

    def posting(self, term: int) -> PostingRow | None:
        row = self._db.row("SELECT term, count, ordinals, weights, seconds FROM catalogue_posting WHERE term = ?", term)
        return PostingRow(*row) if row else None

    def counts(self) -> dict[int, int]:
        """Term -> scenes that have it."""
        return dict(self._db.rows("SELECT term, count FROM catalogue_posting"))

    def save_postings(self, postings: Sequence[PostingRow]) -> None:
        """Those without a scene are deleted."""
        self._db.run_many(
            "DELETE FROM catalogue_posting WHERE term = ?", [(one.term,) for one in postings if not one.scenes]
        )
        self._db.run_many(
            "INSERT OR REPLACE INTO catalogue_posting (term, count, ordinals, weights, seconds) VALUES (?, ?, ?, ?, ?)",
            [one for one in postings if one.scenes],
        )

    def scene_terms(self, ordinals: Iterable[int]) -> dict[int, bytes]:
        """Of those of the scenes that are there, by ordinal."""
        return dict(
            self._db.rows(f"SELECT ordinal, terms FROM catalogue_scene WHERE ordinal {ANY_OF}", any_of(ordinals))
        )

    def scenes(self, ids: Iterable[int]) -> dict[int, SceneRow]:
        rows = self._db.rows(
            f"SELECT scene_id, ordinal, seen, terms FROM catalogue_scene WHERE scene_id {ANY_OF}", any_of(ids)
        )
        return {row[0]: SceneRow(*row) for row in rows}

    def save_scenes(self, rows: Sequence[SceneRow]) -> None:
        self._db.run_many(
            "INSERT OR REPLACE INTO catalogue_scene (scene_id, ordinal, seen, terms) VALUES (?, ?, ?, ?)", rows
        )

    def forget_scenes(self, ids: Iterable[int]) -> None:
        self._db.run(f"DELETE FROM catalogue_scene WHERE scene_id {ANY_OF}", any_of(ids))

    def is_sound(self) -> bool:
        """Whether everything that is packed here, and of watches, has a length that it can have."""
        row = self._db.row(
            "SELECT 1 FROM catalogue_posting WHERE max(abs(length(ordinals) - 4 * count),"
            " abs(length(weights) - 4 * count), abs(length(seconds) - 4 * count)) UNION ALL"
            " SELECT 1 FROM catalogue_scene WHERE length(terms) % 12 UNION ALL"
            " SELECT 1 FROM watched_scene WHERE length(visits) % 24 OR length(terms) % 8 UNION ALL"
            " SELECT 1 FROM catalogue_column AS one, catalogue_column AS ids WHERE ids.name = 'scene_ids' AND"
            " length(one.data) * 4 != length(ids.data) * CASE one.name WHEN 'alive' THEN 1 WHEN 'rating100' THEN 1"
            " WHEN 'created_s' THEN 8 ELSE 4 END AND one.name IN ('scene_ids', 'alive', 'duration_s', 'created_s',"
            " 'studio', 'rating100', 'o_count', 'play_count', 'size_mb', 'norm', 'performer_ends') LIMIT 1"
        )
        return row is None

    def clear(self) -> None:
        """Everything but the terms, whose ids stay."""
        with self._db.transaction():
            for table in ("catalogue_column", "catalogue_posting", "catalogue_scene"):
                self._db.run(f"DELETE FROM {table}")

    def evidence(self) -> dict[int, str]:
        """Scene -> what its terms are to be made of."""
        return dict(self._db.rows(f"SELECT library_scene.scene_id, {_SEEN} FROM {_EVIDENCE}"))

    def outdated(self) -> dict[int, str]:
        """Scene -> what its terms are to be made of, of scenes whose terms are not."""
        return dict(
            self._db.rows(
                f"SELECT library_scene.scene_id, {_SEEN} FROM {_EVIDENCE} LEFT JOIN catalogue_scene"
                f" ON catalogue_scene.scene_id = library_scene.scene_id WHERE catalogue_scene.seen IS NOT {_SEEN}"
            )
        )

    def gone(self) -> list[int]:
        """Scenes of the catalogue that are not in the library any more."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT scene_id FROM catalogue_scene WHERE scene_id NOT IN (SELECT scene_id FROM library_scene)"
            )
        ]

    def scenes_of_labels(self, label_ids: Iterable[int]) -> list[int]:
        """Scenes that show any of these labels."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT DISTINCT media_id FROM tag_total JOIN analysis ON analysis.id = analysis_id"
                f" WHERE kind = 'scene' AND label_id {ANY_OF}",
                any_of(label_ids),
            )
        ]

    def labels(self) -> dict[int, str]:
        """Names of labels of tags that a scene shows, by id."""
        return dict(
            self._db.rows(
                "SELECT id, name FROM label WHERE person_key = '' AND EXISTS"
                " (SELECT 1 FROM tag_total WHERE label_id = label.id)"
            )
        )

    def totals(self, ids: Iterable[int]) -> dict[int, list[tuple[int, float]]]:
        """Scene -> (label id, seconds) of what was seen there; not what the owner refused."""
        found: dict[int, list[tuple[int, float]]] = {}
        for scene_id, label_id, seconds in self._db.rows(
            "SELECT media_id, label_id, seconds FROM analysis JOIN tag_total ON analysis_id = analysis.id"
            f" WHERE kind = 'scene' AND media_id {ANY_OF} AND NOT EXISTS (SELECT 1 FROM refusal"
            " WHERE refusal.kind = 'scene' AND refusal.media_id = analysis.media_id AND refusal.type = 'tag'"
            " AND refusal.label_id = tag_total.label_id)",
            any_of(ids),
        ):
            found.setdefault(scene_id, []).append((label_id, seconds))
        return found

    def spans(self, scene_id: int) -> list[tuple[int, float, float]]:
        """(label id, start_s, end_s) of what was seen in a scene."""
        return self._db.rows(
            "SELECT label_id, start_s, end_s FROM analysis JOIN span ON analysis_id = analysis.id"
            " WHERE kind = 'scene' AND media_id = ?",
            scene_id,
        )

    def terms(self) -> list[TermRow]:
        return [TermRow(*row) for row in self._db.rows("SELECT id, tag_id, label, name FROM term")]

    def term(self, term: int) -> TermRow | None:
        row = self._db.row("SELECT id, tag_id, label, name FROM term WHERE id = ?", term)
        return TermRow(*row) if row else None

    def term_of_tag(self, tag_id: int) -> int | None:
        row = self._db.row("SELECT id FROM term WHERE tag_id = ?", tag_id)
        return int(row[0]) if row else None

    def term_of_label(self, label: str) -> int | None:
        row = self._db.row("SELECT id FROM term WHERE label = ?", label)
        return int(row[0]) if row else None

    def save_terms(self, tags: Mapping[int, str], labels: Iterable[str]) -> None:
        """Terms for tags (id -> name), renamed where they are, and for labels, made where they are new."""
        with self._db.transaction():
            self._db.run_many(
                "INSERT INTO term (tag_id, name) VALUES (?, ?) ON CONFLICT (tag_id) DO UPDATE SET name = excluded.name"
                " WHERE name != excluded.name",
                list(tags.items()),
            )
            self._db.run_many("INSERT OR IGNORE INTO term (label, name) VALUES (?, ?)", [(one, one) for one in labels])
