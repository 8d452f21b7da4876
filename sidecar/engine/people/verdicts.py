"""What the client knows of tracks becomes references: few from each, and gone again when it is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sidecar.engine.people.choice import FROM_ONE_TRACK, SAME_PICTURE, Offered, choose
from sidecar.engine.people.enrolment import check_person, settle
from sidecar.engine.request import InvalidRequest
from sidecar.store import FaceStore, StoredTrack
from sidecar.store.faces import BOOTSTRAP, TRACK, NewReference, PersonRow, TrackVerdict
from sidecar.values import ContentKey

MAX_VERDICTS = 1000


class Verdicts:
    """Thread-safe. Every method raises StoreError."""

    def __init__(self, store: FaceStore) -> None:
        self._store = store

    def say(
        self, verdicts: Sequence[TrackVerdict], people: Sequence[PersonRow], model_key: str, match: float
    ) -> tuple[bool, ...]:
        """Take in what is known of tracks, one transaction each; for each whether its track is known.

        people: those whom verdicts name and who may not be known yet; who is known stays as they are. model_key: of
        the face model, without a view; match: cosine from which on two faces are one person. The same again changes
        nothing. Raises InvalidRequest where a verdict names nobody, before anything has changed.
        """
        if len(verdicts) > MAX_VERDICTS:
            raise InvalidRequest(f"{len(verdicts)} verdicts were sent; at most {MAX_VERDICTS} are allowed")
        for person in people:
            check_person(person)
        named = {verdict.is_key for verdict in verdicts if verdict.is_key}
        known = self._store.people.get(sorted(named))
        told = {person.key: person for person in people if person.key not in known}
        strangers = sorted(named - known.keys() - told.keys())
        if strangers:
            raise InvalidRequest(f"no person is known under the key {strangers[0][:300]!r}; send them along in people")
        return tuple(self._say(verdict, told, model_key, match) for verdict in verdicts)

    def _say(self, verdict: TrackVerdict, told: dict[str, PersonRow], model_key: str, match: float) -> bool:
        store = self._store
        with store.transaction():
            if not store.verdicts.known(verdict.content_key, verdict.track_id):
                return False
            before = store.verdicts.of(verdict.content_key).get(verdict.track_id)
            if verdict.is_key in told:
                store.people.save(told[verdict.is_key])
            # First what is said: references that say otherwise go, and make room.
            store.verdicts.say(verdict, model_key)
            if verdict.is_key:
                self._give(verdict, model_key, match)
            if before is not None and before.is_key not in ("", verdict.is_key):
                settle(store, before.is_key, model_key, match)
            return True

    def _give(self, verdict: TrackVerdict, model_key: str, match: float) -> None:
        """References from the track to the person that it is, where they say something new."""
        store = self._store
        _, track_model, track = store.find_tracks([verdict.track_id])[verdict.track_id]
        held = store.references.of(store.people.identity(verdict.is_key), model_key)
        source = BOOTSTRAP if verdict.bootstrap else TRACK
        has_some = any((row.content_key, row.track_id) == (verdict.content_key, verdict.track_id) for row in held)
        is_refused = f"track:{track.id}" in store.references.refused(verdict.is_key)
        if not has_some and not is_refused and _is_of(track_model, model_key):
            views = views_of(store, verdict.content_key, track, source, 1 if verdict.bootstrap else FROM_ONE_TRACK)
            replaceable = frozenset(row.id for row in held if row.source == source)
            choice = choose(source, [Offered(one.vector, one.quality) for one in views], held, replaceable)
            store.verdicts.say(verdict, model_key, [views[at] for at in choice.taken], choice.dropped)
        settle(store, verdict.is_key, model_key, match)


def views_of(store: FaceStore, key: ContentKey, track: StoredTrack, source: str, most: int) -> list[NewReference]:
    """The best good faces of a track that do not look the same, as references; () where none is good."""
    good = [found for found in store.faces(track.face_ids).values() if found.face.grade == "good"]
    pictures = store.face_pictures([found.id for found in good])
    chosen: list[NewReference] = []
    for found in sorted(good, key=lambda found: (-found.face.quality.overall, found.id)):
        face = found.face
        if len(chosen) < most and not any(float(face.vector @ other.vector) > SAME_PICTURE for other in chosen):
            chosen.append(
                NewReference(
                    source=source,
                    vector=face.vector,
                    quality=face.quality.overall,
                    jpeg=pictures.get(found.id, b""),
                    content_key=key,
                    track_id=track.id,
                    pts_s=face.pts_s,
                )
            )
    return chosen


def _is_of(track_model: str, model_key: str) -> bool:
    """Whether a track was found by this model, in whatever view."""
    return track_model == model_key or track_model.startswith(f"{model_key}.view-")
