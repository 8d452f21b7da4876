"""Persons behind suggestions: their names, where they are suggested, and what a decision says of their tracks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Literal

from plugin.store.database import ANY_OF, Database, any_of
from plugin.store.verdicts import Verdicts


class Persons:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = db
        self._verdicts = Verdicts(db, clock)

    def label_of(self, key: str, name: str) -> int:
        """The label of a person, made where they are new and renamed where they are. Namesakes have one each."""
        self._db.run(
            "INSERT INTO label (name, person_key) VALUES (?, ?) ON CONFLICT (person_key) WHERE person_key != ''"
            " DO UPDATE SET name = excluded.name WHERE name != excluded.name",
            name,
            key,
        )
        return self._db.number("SELECT id FROM label WHERE person_key = ? AND person_key != ''", key)

    def scenes_of(self, keys: Sequence[str]) -> dict[str, int]:
        """Person's key -> scenes for which they are suggested, or were accepted."""
        rows = self._db.rows(
            "SELECT label.person_key, count(DISTINCT media_id) FROM suggestion JOIN label ON label.id = label_id"
            f" WHERE label.person_key {ANY_OF} AND label.person_key != '' AND kind = 'scene'"
            " AND state IN ('pending', 'accepted', 'applied') GROUP BY label.person_key",
            any_of(keys),
        )
        return dict(rows)

    def say_of_tracks(self, suggestion_id: int, what: Literal["confirm", "deny", "forget"], by: str = "owner") -> None:
        """What a decision on a performer says of the tracks that it rests on. A gallery's says nothing of its images'.

        Who is confirmed is so for what was a match; where nothing was, for what the owner was shown.
        """
        row = self._db.row(
            "SELECT kind, media_id, label.name, suggestion.person_keys, reason FROM suggestion JOIN label"
            " ON label.id = label_id WHERE suggestion.id = ? AND type = 'performer' AND kind != 'gallery'",
            suggestion_id,
        )
        if row is None:
            return
        kind, media_id, name, keys, reason = row
        person, track_ids = json.loads(keys), json.loads(reason).get("track_ids", [])
        if what == "confirm":
            sure = self._db.rows(
                "SELECT track.id FROM track JOIN face_analysis ON face_analysis.id = analysis_id WHERE kind = ?"
                f" AND media_id = ? AND decision = 'match' AND track.id {ANY_OF}",
                kind,
                media_id,
                any_of(track_ids),
            )
            self._verdicts.confirm(kind, media_id, [one for (one,) in sure] or track_ids, person, name)
        elif what == "deny":
            self._verdicts.deny(kind, media_id, track_ids, person, "stash" if by == "stash" else "owner")
        else:
            self._verdicts.forget(kind, media_id, track_ids, person)
