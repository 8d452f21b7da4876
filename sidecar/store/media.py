"""SQL of media and of the passes over them."""

from __future__ import annotations

from dataclasses import replace

from sidecar.store.database import Database
from sidecar.store.rows import MediaRow, PassState
from sidecar.store.sets import blob_of, content_id, model_id, text_of
from sidecar.values import ContentKey, Note


def find_media(db: Database, key: ContentKey) -> MediaRow | None:
    """What is known of this content."""
    sql = """SELECT kind, path, duration_s, width_px, height_px, container, codec, first_seen_s, last_seen_s
             FROM media JOIN content ON content.id = content_id
             WHERE algorithm = ? AND digest = ? AND size_bytes = ?"""
    row = db.row(sql, key.algorithm, key.digest, key.size_bytes)
    return None if row is None else MediaRow(key, row[0], text_of(row[1]), *row[2:])


def save_media(db: Database, row: MediaRow) -> None:
    """Insert or update. What is not known now (None, "") does not erase what was; first_seen_s stays."""
    with db.transaction():
        db.run(
            """INSERT INTO media (content_id, kind, path, duration_s, width_px, height_px, container, codec,
                                  first_seen_s, last_seen_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (content_id) DO UPDATE SET
                 kind = excluded.kind, path = excluded.path, last_seen_s = excluded.last_seen_s,
                 duration_s = coalesce(excluded.duration_s, duration_s),
                 width_px = coalesce(excluded.width_px, width_px),
                 height_px = coalesce(excluded.height_px, height_px),
                 container = coalesce(nullif(excluded.container, ''), container),
                 codec = coalesce(nullif(excluded.codec, ''), codec)""",
            *(content_id(db, row.key), row.kind, blob_of(row.path), row.duration_s, row.width_px, row.height_px),
            *(row.container, row.codec, row.first_seen_s, row.last_seen_s),
        )


def find_pass_state(db: Database, key: ContentKey, model_key: str) -> PassState | None:
    """How far the passes over this content under this model have come."""
    sql = """SELECT p.id, coarse_interval_s, refine_level, refine_s, seen_duration_s, frames_decoded, frames_embedded,
                    decoder
             FROM pass_state p JOIN content c ON c.id = p.content_id JOIN model m ON m.id = p.model_id
             WHERE algorithm = ? AND digest = ? AND size_bytes = ? AND model_key = ?"""
    row = db.row(sql, key.algorithm, key.digest, key.size_bytes, model_key)
    if row is None:
        return None
    notes = db.rows("SELECT code, message FROM pass_warning WHERE pass_state_id = ? ORDER BY position", row[0])
    return replace(PassState(*row[1:]), warnings=tuple(Note(code, text_of(message)) for code, message in notes))


def save_pass_state(db: Database, key: ContentKey, model_key: str, state: PassState) -> None:
    """Replace the pass state of this content under this model."""
    with db.transaction():
        owner = (content_id(db, key), model_id(db, model_key))
        db.run("DELETE FROM pass_state WHERE content_id = ? AND model_id = ?", *owner)
        state_id = db.run(
            """INSERT INTO pass_state (content_id, model_id, coarse_interval_s, refine_level, refine_s,
                 seen_duration_s, frames_decoded, frames_embedded, decoder) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            *(*owner, state.coarse_interval_s, state.refine_level, state.refine_s),
            *(state.seen_duration_s, state.frames_decoded, state.frames_embedded, state.decoder),
        )
        for position, note in enumerate(state.warnings):
            db.run(
                "INSERT INTO pass_warning (pass_state_id, position, code, message) VALUES (?, ?, ?, ?)",
                *(state_id, position, note.code, blob_of(note.message)),
            )
