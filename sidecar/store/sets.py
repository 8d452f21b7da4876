"""SQL of feature sets: which chunks of which vector file count, and what they cover."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.store.coverage import Coverage, normalise
from sidecar.store.database import Database
from sidecar.store.vectorfile import Chunk
from sidecar.values import ContentKey


@dataclass(frozen=True, slots=True)
class SetRow:
    """A feature set as the database knows it. path: where its medium was last seen, None if never told."""

    id: int
    key: ContentKey
    model_key: str
    dim: int
    path: str | None


_SELECT = """
SELECT s.id, c.algorithm, c.digest, c.size_bytes, m.model_key, s.dim, media.path
FROM feature_set s JOIN content c ON c.id = s.content_id JOIN model m ON m.id = s.model_id
LEFT JOIN media ON media.content_id = c.id
"""


def find_set(db: Database, key: ContentKey, model_key: str) -> SetRow | None:
    """The set of this content under this model."""
    rows = db.rows(
        _SELECT + "WHERE c.algorithm = ? AND c.digest = ? AND c.size_bytes = ? AND m.model_key = ?",
        *(key.algorithm, key.digest, key.size_bytes, model_key),
    )
    return _set_row(*rows[0]) if rows else None


def sets_of_model(db: Database, model_key: str) -> list[SetRow]:
    """All sets under this model, in the order of their content keys."""
    order = " ORDER BY c.algorithm, c.digest, c.size_bytes"
    return [_set_row(*row) for row in db.rows(_SELECT + "WHERE m.model_key = ?" + order, model_key)]


def sets_of_content(db: Database, key: ContentKey) -> list[SetRow]:
    """All sets of this content, whatever the model."""
    rows = db.rows(
        _SELECT + "WHERE c.algorithm = ? AND c.digest = ? AND c.size_bytes = ?",
        *(key.algorithm, key.digest, key.size_bytes),
    )
    return [_set_row(*row) for row in rows]


def chunks_of(db: Database, set_id: int) -> list[Chunk]:
    """The chunks of a set, in the order in which they were appended."""
    sql = "SELECT id, first_row, n_rows, crc32 FROM chunk WHERE feature_set_id = ? ORDER BY id"
    return [Chunk(*row) for row in db.rows(sql, set_id)]


def coverage_of(db: Database, set_id: int) -> tuple[Coverage, ...]:
    """What a set covers, normalised."""
    sql = """SELECT DISTINCT start_s, end_s, max_gap_s FROM coverage
             JOIN chunk ON chunk.id = chunk_id WHERE feature_set_id = ?"""
    return normalise(Coverage(*row) for row in db.rows(sql, set_id))


def content_id(db: Database, key: ContentKey) -> int:
    """The id of this content, made if new. Call within a transaction."""
    values = (key.algorithm, key.digest, key.size_bytes)
    db.run("INSERT INTO content (algorithm, digest, size_bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", *values)
    return _id(db, "SELECT id FROM content WHERE algorithm = ? AND digest = ? AND size_bytes = ?", *values)


def model_id(db: Database, model_key: str) -> int:
    """The id of this model key, made if new. Call within a transaction."""
    db.run("INSERT INTO model (model_key) VALUES (?) ON CONFLICT DO NOTHING", model_key)
    return _id(db, "SELECT id FROM model WHERE model_key = ?", model_key)


def record_chunk(
    db: Database, key: ContentKey, model_key: str, dim: int, chunk: Chunk, coverage: Sequence[Coverage], file: str
) -> int:
    """Make written rows count, with what they cover; the id of their set. Call within a transaction."""
    owner = (content_id(db, key), model_id(db, model_key))
    db.run("INSERT INTO feature_set (content_id, model_id, dim) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", *owner, dim)
    set_id = _id(db, "SELECT id FROM feature_set WHERE content_id = ? AND model_id = ?", *owner)
    chunk_id = db.run(
        "INSERT INTO chunk (feature_set_id, first_row, n_rows, crc32) VALUES (?, ?, ?, ?)",
        *(set_id, chunk.first_row, chunk.n_rows, chunk.crc32),
    )
    for part in coverage:
        values = (chunk_id, part.start_s, part.end_s, part.max_gap_s)
        db.run("INSERT INTO coverage (chunk_id, start_s, end_s, max_gap_s) VALUES (?, ?, ?, ?)", *values)
    # A file that could not be deleted when its content was forgotten may serve that content again.
    db.run("DELETE FROM doomed_file WHERE name = ?", file)
    return set_id


def drop_chunks(db: Database, row: SetRow, chunks: Sequence[Chunk]) -> None:
    """Let chunks count no more, nor what they cover, nor the passes that gave them."""
    with db.transaction():
        for chunk in chunks:
            db.run("DELETE FROM chunk WHERE id = ?", chunk.id)
        db.run(
            """DELETE FROM pass_state WHERE (content_id, model_id) IN
               (SELECT content_id, model_id FROM feature_set WHERE id = ?)""",
            row.id,
        )


def forget_content(db: Database, key: ContentKey, files: Sequence[str]) -> None:
    """Delete all that is known of a content, and note which files are still to be deleted."""
    with db.transaction():
        for name in files:
            db.run("INSERT INTO doomed_file (name) VALUES (?) ON CONFLICT DO NOTHING", name)
        values = (key.algorithm, key.digest, key.size_bytes)
        db.run("DELETE FROM content WHERE algorithm = ? AND digest = ? AND size_bytes = ?", *values)


def forget_set(db: Database, key: ContentKey, model_key: str, file: str) -> None:
    """Delete one set and how far its passes came, and note that its file is still to be deleted."""
    with db.transaction():
        db.run("INSERT INTO doomed_file (name) VALUES (?) ON CONFLICT DO NOTHING", file)
        owner = (content_id(db, key), model_id(db, model_key))
        db.run("DELETE FROM pass_state WHERE content_id = ? AND model_id = ?", *owner)
        db.run("DELETE FROM feature_set WHERE content_id = ? AND model_id = ?", *owner)


def model_keys(db: Database) -> list[str]:
    """Every model that anything is stored under, in the order of first use."""
    return [key for (key,) in db.rows("SELECT model_key FROM model ORDER BY id")]


def count_rows(db: Database, model_keys: Sequence[str]) -> tuple[int, int]:
    """Stored samples under these keys, and of how many contents."""
    sql = """SELECT coalesce(sum(k.n_rows), 0), count(DISTINCT s.content_id)
             FROM feature_set s JOIN model m ON m.id = s.model_id JOIN chunk k ON k.feature_set_id = s.id
             WHERE m.model_key IN (SELECT value FROM json_each(?))"""
    rows, contents = db.rows(sql, json.dumps(model_keys))[0]
    return int(rows), int(contents)


def doomed_files(db: Database) -> list[str]:
    """Names of the files that are still to be deleted."""
    return [name for (name,) in db.rows("SELECT name FROM doomed_file")]


def file_is_gone(db: Database, name: str) -> None:
    """Note that a doomed file was deleted."""
    db.run("DELETE FROM doomed_file WHERE name = ?", name)


def _set_row(
    set_id: int, algorithm: str, digest: str, size_bytes: int, model_key: str, dim: int, path: bytes | None
) -> SetRow:
    # The columns were written from a ContentKey, whose algorithm is one of the two.
    key = ContentKey("md5" if algorithm == "md5" else "oshash", digest, size_bytes)
    return SetRow(set_id, key, model_key, dim, None if path is None else text_of(path))


def _id(db: Database, sql: str, *values: object) -> int:
    (found,) = db.row(sql, *values) or (0,)
    return int(found)


def blob_of(text: str) -> bytes:
    """Any str as bytes, also a file name that is no valid text."""
    return text.encode("utf-8", "surrogatepass")


def text_of(blob: bytes) -> str:
    """The str that blob_of was given."""
    return bytes(blob).decode("utf-8", "surrogatepass")
