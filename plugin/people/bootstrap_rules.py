"""When the only face of a medium may stand for the only performer of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.store.faces import Track
from plugin.store.verdicts import Verdict

DOMINANT_SHARE = 0.8
"""Of all time that faces are on screen."""
LEAST_VIEWS = 3
"""Good faces of a scene's track; an image has one, and then no other face at all."""
ENOUGH_REFERENCES = 2
"""Who has so many of another kind needs no conclusions."""
MOST_PER_PERSON = 3
CONCLUDED = "bootstrap"
"""Source of references that were concluded."""


def dominant(kind: str, tracks: Sequence[Track]) -> Track | None:
    """The track of whoever a medium is about, None where that may be several, or is seen too little to tell."""
    if kind == "image":
        return tracks[0] if len(tracks) == 1 and tracks[0].views else None
    total_s = sum(track.seconds for track in tracks)
    first = max(tracks, key=lambda track: track.seconds, default=None)
    if first is None or total_s <= 0 or first.seconds < DOMINANT_SHARE * total_s or first.views < LEAST_VIEWS:
        return None
    return first


def may_be(track: Track, keys: Sequence[str], verdict: Verdict | None) -> bool:
    """Whether nothing speaks against a track being this person: neither the owner, nor a face that is well known. A
    track of which the owner said who it is needs no conclusion.
    """
    if verdict is not None and (verdict.is_key or not set(verdict.not_keys).isdisjoint(keys)):
        return False
    first = track.candidates[0] if track.candidates else None
    return first is None or first.decision != "match" or not set(first.keys).isdisjoint(keys)


def real_references(references: Mapping[str, int]) -> int:
    """References that were not concluded."""
    return sum(count for source, count in references.items() if source != CONCLUDED)


def best_of(candidates: Sequence[tuple[Track, str]]) -> list[tuple[Track, str]]:
    """Of one person's (track, medium), at most so many as are wanted: the best seen, each file once."""
    ranked = sorted(candidates, key=lambda one: (-min(one[0].views, 20), -one[0].quality, one[1]))
    return ranked[:MOST_PER_PERSON]
