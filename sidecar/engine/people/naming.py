"""A group of unknown tracks gets a name, and loses it again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sidecar.engine.people.known_model import ModelPeople
from sidecar.engine.people.verdicts import MAX_VERDICTS, Verdicts
from sidecar.engine.views import VIEWS, feature_key
from sidecar.store import FaceStore
from sidecar.store.faces import PersonRow, TrackVerdict
from sidecar.values import ContentKey, IsCancelled

_AT_ONCE = 1024


class Naming:
    """Thread-safe. Every method raises StoreError."""

    def __init__(self, store: FaceStore, verdicts: Verdicts) -> None:
        self._store, self._verdicts = store, verdicts

    def name(
        self, people: ModelPeople, group_id: str, person: PersonRow, is_cancelled: IsCancelled
    ) -> tuple[tuple[str, ...], str]:
        """Say who a group is: (content keys whose reports changed, what takes it back).

        Its tracks become references, and it is no group any more. A call that was killed half-way is finished by the
        next one. Raises EngineError not_found, InvalidRequest for a person that is none, Cancelled.
        """
        group = people.unknown.stored_group(group_id)
        found = self._store.find_tracks(group.track_ids)
        tracks = [(track_id, found[track_id][0]) for track_id in group.track_ids if track_id in found]
        said = self._say(people, tracks, {track_id: person.key for track_id, _ in tracks}, [person])
        change = people.unknown.take_named(
            group, person.key, {track: key for track, key in said.items() if key != person.key}
        )
        own = {str(key) for _, key in tracks}
        others = self._recognised(people, person.key, is_cancelled)
        return tuple(sorted(own | others)), change.id

    def unname(self, people: ModelPeople, naming_id: str, is_cancelled: IsCancelled) -> tuple[str, ...]:
        """Take a naming back; content keys whose reports changed. Raises EngineError not_found, Cancelled."""
        change = people.unknown.naming(naming_id)
        others = self._recognised(people, change.person_key, is_cancelled)
        track_ids = [track_id for group in change.before for track_id in group.track_ids]
        found = self._store.find_tracks(track_ids)
        tracks = [(track_id, found[track_id][0]) for track_id in track_ids if track_id in found]
        said = change.said or {}
        self._say(people, tracks, {track_id: said.get(track_id, "") for track_id, _ in tracks}, ())
        people.unknown.give_back_named(change)
        return tuple(sorted(others | {str(key) for _, key in tracks}))

    def _say(
        self,
        people: ModelPeople,
        tracks: Sequence[tuple[str, ContentKey]],
        is_key: dict[str, str],
        told: Sequence[PersonRow],
    ) -> dict[str, str]:
        """Set who tracks are, and return who they were said to be; what they are not stays."""
        said: dict[str, str] = {}
        verdicts = []
        for track_id, key in tracks:
            before = self._store.verdicts.of(key).get(track_id)
            said[track_id] = before.is_key if before else ""
            not_keys = tuple(one for one in before.not_keys if one != is_key[track_id]) if before else ()
            verdicts.append(TrackVerdict(key, track_id, is_key[track_id], not_keys))
        for start in range(0, len(verdicts), MAX_VERDICTS):
            page = verdicts[start : start + MAX_VERDICTS]
            self._verdicts.say(page, told, people.model_key, people.rules.match)
        return said

    def _recognised(self, people: ModelPeople, key: str, is_cancelled: IsCancelled) -> set[str]:
        """Media with tracks that are enough like this person to be worth another look at their report."""
        references = self._store.references.of(self._store.people.identity(key), people.model_key)
        if not references:
            return set()
        vectors = np.stack([row.vector for row in references])
        least = people.gallery.points.of(len(references)).maybe
        found: set[str] = set()
        waiting: list[tuple[ContentKey, np.ndarray]] = []

        def look() -> None:
            if waiting:
                best = (np.stack([centroid for _, centroid in waiting]) @ vectors.T).max(axis=1)
                found.update(str(key) for (key, _), score in zip(waiting, best, strict=True) if score >= least)
                waiting.clear()

        for content, track in self._store.iter_tracks(*(feature_key(people.model_key, view) for view in VIEWS)):
            waiting.append((content, track.centroid))
            if len(waiting) >= _AT_ONCE:
                if is_cancelled():
                    break
                look()
        look()
        return found
