"""What hooks left behind: rows of the append-only table, and lines of the spool where the store was not to be had."""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from dataclasses import dataclass

from plugin.store.database import Database
from plugin.store.errors import StoreReadOnly

SPOOL = "spool"
"""Folder of the data folder; one file of JSON lines per process, so that appending needs no lock."""

UNFINISHED_S = 60.0
"""A file that its process left under its first name for so long was cut off by a kill; what is whole in it counts."""

WISHES = ("new", "tag_me", "reprocess", "person")
KINDS = ("scene", "image", "gallery", "performer")


@dataclass(frozen=True, slots=True)
class HookEvent:
    """A medium that a hook asks to be looked at. wish: "new", "tag_me" or "reprocess"; of a performer "person"."""

    kind: str
    media_id: int
    wish: str


class HookEvents:
    def __init__(self, db: Database, data_dir: str) -> None:
        self._db, self._spool = db, os.path.join(data_dir, SPOOL)

    def take_in_spool(self) -> int:
        """Move what was spooled into the table. A file that a kill leaves half-read is read again: events are wishes,
        and a wish twice is a wish. Returns how many lines were read.
        """
        count = 0
        for name in sorted(self._names()):
            path = os.path.join(self._spool, name)
            events = _read_lines(path)
            self._db.run_many(
                "INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (?, ?, ?, ?)",
                [(at_s, event.kind, event.media_id, event.wish) for at_s, event in events],
            )
            count += len(events)
            self._remove(path)
        return count

    def pending(self, limit: int = 5000) -> tuple[list[HookEvent], int]:
        """Distinct events in the order of their arrival, and the id up to which they count."""
        rows = self._db.rows("SELECT id, kind, media_id, wish FROM hook_event ORDER BY id LIMIT ?", limit)
        distinct = dict.fromkeys(HookEvent(kind, media_id, wish) for _, kind, media_id, wish in rows)
        return list(distinct), int(rows[-1][0]) if rows else 0

    def forget_up_to(self, event_id: int) -> None:
        """They are in the queue now."""
        self._db.run("DELETE FROM hook_event WHERE id <= ?", event_id)

    def count(self) -> int:
        return self._db.number("SELECT count(*) FROM hook_event") + len(self._names())

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self._spool) if name.endswith(".jsonl") or self._was_cut_off(name)]
        except OSError:
            return []

    def _was_cut_off(self, name: str) -> bool:
        with contextlib.suppress(OSError):
            age_s = time.time() - os.path.getmtime(os.path.join(self._spool, name))
            return name.endswith(".jsonl.new") and age_s > UNFINISHED_S
        return False

    def _remove(self, path: str) -> None:
        try:
            os.unlink(path)
        except FileNotFoundError:
            return  # another process took it in as well
        except OSError as error:
            # It would be read again and again, and whoever waits for an empty spool would wait for ever.
            raise StoreReadOnly(
                f"{path} cannot be removed ({error.strerror}). Let the user that runs Stash write its folder."
            ) from error


def _read_lines(path: str) -> list[tuple[float, HookEvent]]:
    """The sound lines of a spool file; the last one may be cut off by a kill, and one that the queue could not hold
    would be in the way of all others.
    """
    events = []
    with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            with contextlib.suppress(ValueError, KeyError, TypeError, OverflowError):
                row = json.loads(line)
                at_s, event = float(row["at_s"]), HookEvent(row["kind"], int(row["media_id"]), row["wish"])
                if (
                    event.kind in KINDS
                    and event.wish in WISHES
                    and (event.kind == "performer") is (event.wish == "person")
                    and 0 < event.media_id < 1 << 63
                    and math.isfinite(at_s)
                ):
                    events.append((at_s, event))
    return events
