"""What the owner said of tracks: this is that person, this is not. The plugin's own truth, handed on to the sidecar.

A verdict that the sidecar was not told yet waits here; telling it twice is telling it once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plugin.store.database import ANY_OF, Database, Row, any_of

_COLUMNS = "kind, media_id, content_key, track_id, is_key, is_name, is_keys, not_keys, by, version, sent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was said of one track. is_key: who it is, "" where nobody said; is_keys: every key of theirs then known,
    is_name: their name. not_keys: whom it is not. by: "owner", or "stash" where what was written was removed there.
    """

    kind: str
    media_id: int
    content_key: str
    track_id: str
    is_key: str = ""
    is_name: str = ""
    is_keys: tuple[str, ...] = ()
    not_keys: tuple[str, ...] = ()
    by: str = "owner"
    version: int = 0
    sent: int = 0


class Verdicts:
    """Every change is one short transaction, or part of its caller's."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def confirm(
        self, kind: str, media_id: int, track_ids: Sequence[str], keys: Sequence[str], name: str, by: str = "owner"
    ) -> None:
        """These tracks are that person; keys: theirs, the one that is meant first."""

        def said(one: Verdict) -> tuple[Sequence[str], str, Sequence[str]]:
            return keys, name, [key for key in one.not_keys if key not in keys]

        self._say(kind, media_id, track_ids, said, by)

    def deny(self, kind: str, media_id: int, track_ids: Sequence[str], keys: Sequence[str], by: str = "owner") -> None:
        """These tracks are not that person, for ever."""

        def said(one: Verdict) -> tuple[Sequence[str], str, Sequence[str]]:
            is_them = any(key in keys for key in one.is_keys)
            is_keys, name = ((), "") if is_them else (one.is_keys, one.is_name)
            return is_keys, name, sorted({*one.not_keys, *keys})

        self._say(kind, media_id, track_ids, said, by)

    def forget(self, kind: str, media_id: int, track_ids: Sequence[str], keys: Sequence[str]) -> None:
        """Nothing is known any more of whether they are that person."""

        def said(one: Verdict) -> tuple[Sequence[str], str, Sequence[str]]:
            is_them = any(key in keys for key in one.is_keys)
            is_keys, name = ((), "") if is_them else (one.is_keys, one.is_name)
            return is_keys, name, [key for key in one.not_keys if key not in keys]

        self._say(kind, media_id, track_ids, said, "owner")

    def of_medium(self, kind: str, media_id: int) -> dict[str, Verdict]:
        """By track id; of every medium with the same content."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM person_verdict WHERE content_key = "
            " (SELECT content_key FROM face_analysis WHERE kind = ? AND media_id = ?) AND content_key != ''",
            kind,
            media_id,
        )
        return {one.track_id: one for one in map(_verdict, rows)}

    def of_content(self, content_key: str) -> dict[str, Verdict]:
        """The same, of one content."""
        sql = f"SELECT {_COLUMNS} FROM person_verdict WHERE content_key = ?"
        return {one.track_id: one for one in map(_verdict, self._db.rows(sql, content_key))}

    def of_contents(self, content_keys: Sequence[str]) -> dict[str, Verdict]:
        """The same, of many contents."""
        sql = f"SELECT {_COLUMNS} FROM person_verdict WHERE content_key {ANY_OF}"
        return {one.track_id: one for one in map(_verdict, self._db.rows(sql, any_of(content_keys)))}

    def unsent(self, limit: int = 1000) -> list[Verdict]:
        """What the sidecar was not told yet, the oldest first."""
        sql = f"SELECT {_COLUMNS} FROM person_verdict WHERE sent != version ORDER BY at_s LIMIT ?"
        return [_verdict(row) for row in self._db.rows(sql, limit)]

    def mark_sent(self, verdicts: Sequence[Verdict]) -> None:
        """The sidecar knows them. One that was changed since waits on."""
        self._db.run_many(
            "UPDATE person_verdict SET sent = ? WHERE content_key = ? AND track_id = ?",
            [(one.version, one.content_key, one.track_id) for one in verdicts],
        )

    def tell_again(self, content_key: str) -> None:
        """A content was looked at anew, perhaps by a sidecar that knows nothing of it: what was said of it is told once
        more.
        """
        sql = "UPDATE person_verdict SET sent = 0 WHERE content_key = ? AND (is_key != '' OR not_keys != '[]')"
        self._db.run(sql, content_key)

    def _say(
        self,
        kind: str,
        media_id: int,
        track_ids: Sequence[str],
        said: Callable[[Verdict], tuple[Sequence[str], str, Sequence[str]]],
        by: str,
    ) -> None:
        with self._db.transaction():
            rows = self._db.rows(
                "SELECT content_key, track.id FROM track JOIN face_analysis ON face_analysis.id = analysis_id"
                f" WHERE kind = ? AND media_id = ? AND track.id {ANY_OF}",
                kind,
                media_id,
                any_of(track_ids),
            )
            for content_key, track_id in rows:
                known = self._db.row(
                    f"SELECT {_COLUMNS} FROM person_verdict WHERE content_key = ? AND track_id = ?",
                    content_key,
                    track_id,
                )
                before = _verdict(known) if known else Verdict(kind, media_id, content_key, track_id)
                is_keys, name, not_keys = said(before)
                if known and (tuple(is_keys), tuple(not_keys)) == (before.is_keys, before.not_keys):
                    continue
                if not known and not is_keys and not not_keys:
                    continue
                self._db.run(
                    "INSERT OR REPLACE INTO person_verdict (kind, media_id, content_key, track_id, is_key, is_name,"
                    " is_keys, not_keys, by, version, sent, at_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    kind,
                    media_id,
                    content_key,
                    track_id,
                    is_keys[0] if is_keys else "",
                    name,
                    json.dumps(list(is_keys)),
                    json.dumps(list(not_keys)),
                    by,
                    before.version + 1,
                    before.sent,
                    self._clock(),
                )


def _verdict(row: Row) -> Verdict:
    values = list(row)
    values[6], values[7] = tuple(json.loads(values[6])), tuple(json.loads(values[7]))
    return Verdict(*values)
