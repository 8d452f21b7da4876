"""From the faces of a medium to the performers that are suggested for it. Pure, as plugin.review.decide is."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from plugin.faces_values import box_of, performer_id_of
from plugin.review.decide import Before, Decision, owner_performers
from plugin.stash.values import Medium
from plugin.store.faces import Candidate, FaceAnalysis, FaceDecision, Track
from plugin.store.suggestions import Draft, Outcome, Suggestion
from plugin.store.verdicts import Verdict

SPANS_TOLD = 20
"""Ranges that a reason holds; the tracks themselves have all of them."""


@dataclass(frozen=True, slots=True)
class FaceRules:
    """What the owner wants. mode: "suggest", or "auto": who is a match is written without asking. maybes: who is only
    worth a look is suggested too. A gallery needs a person in gallery_share (0 to 1) of its images, and in
    gallery_images of them at least.
    """

    mode: str = "suggest"
    maybes: bool = True
    gallery_share: float = 0.05
    gallery_images: int = 2

    @property
    def digest(self) -> str:
        """Changes when the same faces would be decided otherwise."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def needed_images(self, images: int) -> int:
        """Images of a gallery that must show a person: at most all of them, so that a gallery of one may do."""
        return min(max(self.gallery_images, math.ceil(self.gallery_share * images - 1e-9)), max(1, images))


@dataclass(frozen=True, slots=True)
class Who:
    """Who a track is, as far as anybody says. confirmed: the owner said so."""

    candidate: Candidate
    decision: FaceDecision
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """One identity in one medium: all its tracks together. keys: the one that is meant first. images: of a gallery, how
    many show them. best: the track, and what it says, that speaks most for them.
    """

    keys: tuple[str, ...]
    name: str
    decision: FaceDecision
    best: Candidate
    best_track: Track
    tracks: tuple[Track, ...]
    images: int = 1

    @property
    def performer_id(self) -> int | None:
        return next((found for key in self.keys if (found := performer_id_of(key)) is not None), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: a medium's look at faces, or those of a gallery's images. verdicts: by track id."""

    analysis: FaceAnalysis
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    images: Sequence[FaceAnalysis] = ()


def who_of(track: Track, verdict: Verdict | None) -> Who | None:
    """The owner's word; else the first candidate that is a match or a maybe and that the owner did not rule out."""
    if verdict is not None and verdict.is_key:
        # By the key that was meant; else by another one of theirs: performers are merged in Stash.
        shared = [one for one in track.candidates if not set(verdict.is_keys).isdisjoint(one.keys)]
        known = min(shared, key=lambda one: verdict.is_key not in one.keys, default=None)
        if known is None:
            known = Candidate(verdict.is_keys, verdict.is_name, 1.0, 1.0, 0, track.views, "owner")
        return Who(known, "match", True)
    denied = set(verdict.not_keys) if verdict is not None else set()
    for candidate in track.candidates:
        if candidate.decision != "unknown" and denied.isdisjoint(candidate.keys):
            return Who(candidate, candidate.decision, track.confirmed_key in candidate.keys)
    return None


def sightings(seen: Seen) -> list[Sighting]:
    """Who is seen, the most certain first. Tracks are one person where their identities share a key."""
    media = seen.images or (seen.analysis,)
    found: list[tuple[set[str], list[tuple[Who, Track, int]]]] = []
    for medium in media:
        for track in medium.tracks:
            who = who_of(track, seen.verdicts.get(track.id))
            if who is None:
                continue
            keys, rows = set(who.candidate.keys), [(who, track, medium.media_id)]
            apart = []
            for other_keys, other_rows in found:
                if keys.isdisjoint(other_keys):
                    apart.append((other_keys, other_rows))
                else:
                    keys, rows = keys | other_keys, other_rows + rows
            found = [*apart, (keys, rows)]
    made = [_sighting(rows) for _, rows in found]
    return sorted(made, key=lambda one: (one.decision != "match", -one.best.similarity, one.name, one.keys))


def decide_performers(medium: Medium, seen: Seen, before: Before, rules: FaceRules) -> Decision:
    """What to suggest, update, withdraw and take back. before: of performers only.

    Who is on the medium already is not suggested. Who was refused is not suggested again, by whichever key of theirs.
    A suggestion that was decided keeps its decision; a pending one follows what is seen. Who is only in a stash-box is
    suggested too: they are made in Stash when the owner accepts.
    """
    seen_here = sightings(seen)
    theirs, removed = owner_performers(medium, before.ours, before.suggestions)
    # Who was merged into another performer is there under that one's id: then nobody was rejected.
    there = {key for one in seen_here if _on_medium(one.keys, medium) for key in one.keys}
    merged = {one.id for one in before.suggestions if not there.isdisjoint(one.person_keys)}
    removed = [one for one in removed if one not in merged]
    gone = set(removed)
    open_before = [one for one in before.suggestions if one.id not in gone]
    refused = {key for refusal in before.refusals for key in refusal.person_keys}
    refused |= {key for one in before.suggestions if one.id in gone for key in one.person_keys}
    written = {entry.performer_id for entry in before.ours if entry.action == "add_performer"}

    new: list[Draft] = []
    updates: list[tuple[int, Draft]] = []
    supported: set[int] = set()
    for sighting in seen_here:
        draft = _draft(medium, sighting, seen, rules)
        if draft is None:
            continue
        keys = set(sighting.keys)
        known = _known(keys, open_before, supported)
        is_there = bool(_on_medium(keys, medium) - (written if known else set()))
        is_refused = not keys.isdisjoint(refused)
        if known is None:
            if not is_there and not is_refused:
                held = any(one.held and not keys.isdisjoint(one.person_keys) for one in before.suggestions)
                new.append(replace(draft, accept=draft.accept and not held, held=held))
        elif known.state == "applied" or not (is_there or (is_refused and known.decided_by != "owner")):
            supported.add(known.id)
            updates.append((known.id, draft))
    withdraw = tuple(
        one.id
        for one in open_before
        if one.id not in supported
        and (one.state == "pending" or (one.state == "accepted" and one.decided_by != "owner"))
    )
    unsupported = {
        one.id
        for one in open_before
        if one.state == "applied" and one.decided_by == "policy" and one.id not in supported
    }
    left = {entry.id for entry in theirs}
    retract = tuple(entry for entry in before.ours if entry.suggestion_id in unsupported and entry.id not in left)
    return Decision(Outcome(tuple(new), tuple(updates), withdraw, tuple(removed)), retract, tuple(theirs))


def draft_of(medium: Medium, sighting: Sighting, seen: Seen, rules: FaceRules) -> Draft:
    """The suggestion of a person, whether or not they are sure enough to be suggested by themselves."""
    best = sighting.best
    spans = _joined(span for track in sighting.tracks for span in track.spans)
    box = next((found for key in sighting.keys if (found := box_of(key)) is not None), None)
    reason: dict[str, Any] = {
        "model": seen.analysis.model,
        "decision": sighting.decision,
        "similarity": best.similarity,
        "margin": best.margin,
        "views": sum(track.views for track in sighting.tracks),
        "agreeing_views": best.agreeing_views,
        "references": best.references,
        "source": best.source,
        "lowered": list(best.lowered),
        "seconds": round(sum(end_s - start_s for start_s, end_s in spans), 3),
        "spans": [list(span) for span in spans[:SPANS_TOLD]],
        "track_ids": [track.id for track in sighting.tracks],
        "person_key": sighting.keys[0],
        "keys": list(sighting.keys),
        "performer_id": sighting.performer_id,
        "box": {"endpoint": box[0], "id": box[1]} if box else None,
        "reference_id": best.reference_id,
    }
    is_scene = medium.kind == "scene"
    if medium.kind == "gallery":
        images = len(seen.images)
        reason |= {
            "seconds": 0.0,
            "spans": [],
            "images": sighting.images,
            "needed_images": rules.needed_images(images),
            "share": round(sighting.images / max(1, images), 4),
        }
    return Draft(
        "performer",
        sighting.name,
        best.similarity,
        peak_s=sighting.best_track.best.pts_s if is_scene else 0.0,
        reason=reason,
        accept=rules.mode == "auto" and sighting.decision == "match",
        performer_id=sighting.performer_id,
        person_keys=sighting.keys,
    )


def ordered_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Each once: those of Stash first, the smallest id first of all; then the others as they come."""
    each = list(dict.fromkeys(keys))
    return tuple(sorted(each, key=lambda key: (performer_id_of(key) is None, performer_id_of(key) or 0)))


def _on_medium(keys: Iterable[str], medium: Medium) -> set[int]:
    """Performers of the medium whom these keys mean."""
    return {found for key in keys if (found := performer_id_of(key)) is not None} & set(medium.performers)


def _draft(medium: Medium, sighting: Sighting, seen: Seen, rules: FaceRules) -> Draft | None:
    if sighting.decision == "maybe" and not rules.maybes:
        return None
    if medium.kind == "gallery" and sighting.images < rules.needed_images(len(seen.images)):
        return None
    return draft_of(medium, sighting, seen, rules)


def _sighting(rows: Sequence[tuple[Who, Track, int]]) -> Sighting:
    """A confirmed track speaks most, then a match, then the most similar."""
    ranked = sorted(
        rows, key=lambda row: (not row[0].confirmed, row[0].decision != "match", -row[0].candidate.similarity)
    )
    who, track, _ = ranked[0]
    keys = ordered_keys(key for row in ranked for key in row[0].candidate.keys)
    return Sighting(
        keys=keys,
        name=who.candidate.name,
        decision=who.decision,
        best=who.candidate,
        best_track=track,
        tracks=tuple(row[1] for row in ranked),
        images=len({media_id for _, _, media_id in rows}),
    )


def _known(keys: set[str], open_before: Sequence[Suggestion], taken: set[int]) -> Suggestion | None:
    """The suggestion of this person: what is in Stash before what was decided, that before what waits."""
    same = [
        one
        for one in open_before
        if one.id not in taken
        and one.state in ("pending", "accepted", "applied")
        and not keys.isdisjoint(one.person_keys)
    ]
    return min(same, key=lambda one: (("applied", "accepted", "pending").index(one.state), one.id), default=None)


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """In order, those that touch or overlap as one: two tracks of one person are not seen twice."""
    joined: list[tuple[float, float]] = []
    for start_s, end_s in sorted(spans):
        if joined and start_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end_s))
        else:
            joined.append((start_s, end_s))
    return joined
