"""Conclusions: where the only performer of a medium and its only face meet, that face is theirs, until they have better
references. A conclusion never leads to a further one: what was written on its strength does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugin.context import Context
from plugin.faces_client import FacesClient
from plugin.faces_values import Verdict, performer_id_of, stash_key
from plugin.people.bootstrap_rules import ENOUGH_REFERENCES, best_of, dominant, may_be, real_references
from plugin.sidecar_client import SidecarClient
from plugin.stash.values import MediaKind, Medium
from plugin.store.face_references import Bootstrap
from plugin.store.faces import FaceAnalysis, Track

KINDS: tuple[MediaKind, ...] = ("scene", "image")
PEOPLE_PER_REQUEST = 100
MEDIA_PER_REQUEST = 100


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A track that may be a person, in a medium that its owner says is of them alone."""

    analysis: FaceAnalysis
    track: Track
    key: str


class Bootstrapper:
    """Raises StashError, SidecarError, StoreError."""

    def __init__(self, context: Context, sidecar: SidecarClient) -> None:
        self._store, self._stash = context.store, context.stash
        self._faces = FacesClient(sidecar)

    def run(self) -> str:
        """Conclude anew, tell the sidecar, and take back what holds no longer. Returns a sentence, "" for nothing new.

        What holds is told each time: a sidecar that lost it knows it again.
        """
        before = {(one.content_key, one.track_id): one for one in self._known()}
        after = {(one.content_key, one.track_id): one for one in self._conclude()}
        gone = [one for key, one in before.items() if after.get(key) != one]
        self._tell(gone, concluded=False)
        self._store.face_references.forget_bootstraps(gone)
        self._store.face_references.save_bootstraps(list(after.values()))
        self._tell(list(after.values()), concluded=True)
        new = sum(before.get(key) != one for key, one in after.items())
        parts = [f"faces concluded from media of one performer: {new}"] if new else []
        parts += [f"conclusions taken back: {len(gone)}"] if gone else []
        return ", ".join(parts)

    def _known(self) -> Iterator[Bootstrap]:
        after = ("", "")
        while page := self._store.face_references.bootstraps(after):
            yield from page
            after = (page[-1].content_key, page[-1].track_id)

    def _conclude(self) -> Iterator[Bootstrap]:
        needy = self._needy()
        found_all = [one for kind in KINDS for one in self._conclusions(kind, needy)]
        meant: dict[str, set[str]] = defaultdict(set)
        by_person: dict[str, list[Conclusion]] = defaultdict(list)
        for one in found_all:
            meant[one.analysis.content_key].add(one.key)
            by_person[one.key].append(one)
        for key, found in by_person.items():
            # The same file twice in the library, with another performer each time, says nothing.
            by_content = {one.analysis.content_key: one for one in found if len(meant[one.analysis.content_key]) == 1}
            for track, content_key in best_of([(one.track, of) for of, one in by_content.items()]):
                analysis = by_content[content_key].analysis
                yield Bootstrap(content_key, track.id, analysis.kind, analysis.media_id, key)

    def _needy(self) -> dict[int, tuple[str, ...]]:
        """Performers with too few references of another kind -> every key of theirs. Who was made in Stash since
        references were updated is not known yet, and waits for the next time.
        """
        known = self._faces.known([stash_key(performer_id) for performer_id in self._stash.performer_ids()])
        return {
            performer_id_of(key) or 0: person.keys
            for key, person in known.items()
            if real_references(person.references) < ENOUGH_REFERENCES
        }

    def _conclusions(self, kind: MediaKind, needy: Mapping[int, tuple[str, ...]]) -> Iterator[Conclusion]:
        for media_ids in self._media_of_one(kind, sorted(needy)):
            looked_at = self._store.faces.with_tracks(kind, media_ids)
            promising = [
                media_id for media_id, one in looked_at.items() if dominant(kind, one.tracks) and one.content_key
            ]
            for medium in self._stash.media(kind, promising).values():
                conclusion = self._conclusion(medium, looked_at[medium.id], needy)
                if conclusion is not None:
                    yield conclusion

    def _conclusion(
        self, medium: Medium, analysis: FaceAnalysis, needy: Mapping[int, tuple[str, ...]]
    ) -> Conclusion | None:
        track = dominant(medium.kind, analysis.tracks)
        performer_id = next(iter(medium.performers), None)
        if track is None or performer_id is None or len(medium.performers) != 1 or performer_id not in needy:
            return None
        if medium.file is None or medium.file.content != analysis.content:
            return None  # the file was replaced since
        verdict = self._store.verdicts.of_medium(medium.kind, medium.id).get(track.id)
        if not may_be(track, needy[performer_id], verdict) or not self._is_the_owners_word(medium, performer_id):
            return None
        return Conclusion(analysis, track, stash_key(performer_id))

    def _is_the_owners_word(self, medium: Medium, performer_id: int) -> bool:
        """Whether the performer was put there by the owner, or by us with the owner's consent."""
        ours = [
            entry.suggestion_id
            for entry in self._store.journal.ours(medium.kind, medium.id)
            if entry.action == "add_performer" and entry.performer_id == performer_id
        ]
        suggestions = self._store.suggestions.get([one for one in ours if one is not None])
        return len(suggestions) == len(ours) and all(one.decided_by == "owner" for one in suggestions)

    def _media_of_one(self, kind: MediaKind, performer_ids: Sequence[int]) -> Iterator[list[int]]:
        """Ids of media that have exactly one performer, who is one of these; page by page."""
        for start in range(0, len(performer_ids), PEOPLE_PER_REQUEST):
            some = [str(performer_id) for performer_id in performer_ids[start : start + PEOPLE_PER_REQUEST]]
            chosen = {
                "performers": {"value": some, "modifier": "INCLUDES"},
                "performer_count": {"value": 1, "modifier": "EQUALS"},
            }
            after_id = 0
            while True:
                rows, left = self._stash.rows(kind, chosen, after_id, MEDIA_PER_REQUEST)
                if rows:
                    yield [row.id for row in rows]
                    after_id = rows[-1].id
                if len(rows) >= left:
                    break

    def _tell(self, bootstraps: Sequence[Bootstrap], concluded: bool) -> None:
        verdicts = []
        for one in bootstraps:
            said = self._store.verdicts.of_content(one.content_key).get(one.track_id)
            verdicts.append(
                Verdict(
                    content_key=one.content_key,
                    track_id=one.track_id,
                    is_key=one.key if concluded else (said.is_key if said else ""),
                    not_keys=said.not_keys if said else (),
                    bootstrap=concluded,
                )
            )
        self._faces.set_verdicts(verdicts)
