"""The generation: a number that grows with every change of persons, links and references."""

from __future__ import annotations

from sidecar.store.database import Database


def generation(db: Database) -> int:
    """The generation now."""
    (found,) = db.row("SELECT generation FROM face_counter") or (0,)
    return int(found)


def grow(db: Database) -> int:
    """The next generation, which is now. Call within a transaction."""
    db.run("UPDATE face_counter SET generation = generation + 1")
    return generation(db)


def database_id(db: Database) -> str:
    """Names this set of references among all that exported files may be of."""
    (found,) = db.row("SELECT database_id FROM face_counter") or ("",)
    return str(found)
