"""Which tracks are certainly one person, and which certainly are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sidecar.people.unknown import Decision, Group, GroupTrack, Merge, Split

Apart = Mapping[str, set[str]]
"""Track id -> ids of tracks that are somebody else. Holds every pair both ways."""

_MOMENT_S = 1e-6
"""A span of no length (an image) lasts this long."""


def conflict(groups: Sequence[Group], tracks: Iterable[GroupTrack]) -> tuple[str, str] | None:
    """Why these groups cannot be one person: two tracks, of different groups, that are on screen at one moment.

    The first such pair by id, or None. tracks: those of the groups, or more.
    """
    group_of = {track_id: group.id for group in groups for track_id in group.track_ids}
    pairs = on_screen_together(track for track in tracks if track.id in group_of)
    return min((pair for pair in pairs if group_of[pair[0]] != group_of[pair[1]]), default=None)


def on_screen_together(tracks: Iterable[GroupTrack]) -> set[tuple[str, str]]:
    """Pairs of ids, the lower first, of tracks of one medium whose intervals share time. To touch is not to share."""
    by_content: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for track in tracks:
        for start_s, end_s in track.intervals:
            by_content[track.content].append((start_s, max(end_s, start_s + _MOMENT_S), track.id))
    pairs: set[tuple[str, str]] = set()
    for intervals in by_content.values():
        running: list[tuple[float, float, str]] = []
        for interval in sorted(intervals):
            running = [other for other in running if other[1] > interval[0]]
            pairs.update(_ordered(other[2], interval[2]) for other in running if other[2] != interval[2])
            running.append(interval)
    return pairs


def kept_apart(tracks: Iterable[GroupTrack], decisions: Sequence[Decision]) -> dict[str, set[str]]:
    """Who is somebody else: those on screen together, always, and those split, until the owner merges them again."""
    tracks = list(tracks)
    present = {track.id for track in tracks}
    apart: dict[str, set[str]] = defaultdict(set)
    for decision in decisions:
        match decision:
            case Split():
                left, right = decision.left & present, decision.right & present
                for ones, others in ((left, right), (right, left)):
                    for one in ones:
                        apart[one] |= others
            case Merge():
                together = decision.track_ids
                for track_id in together & apart.keys():
                    apart[track_id] -= together
    for first, second in on_screen_together(tracks):
        apart[first].add(second)
        apart[second].add(first)
    return {track_id: others for track_id, others in apart.items() if others}


def kept_together(
    start: Sequence[Sequence[str]], present: Iterable[str], decisions: Sequence[Decision], apart: Apart
) -> list[list[str]]:
    """Sets of tracks that are one person by the owner's word, disjoint, each sorted.

    start: disjoint sets that are given, none of which may hold a pair that is apart; they grow but never become one,
    and come first, in order. present: ids of all tracks there are. Where decisions cannot all be followed, later ones
    come first; tracks that must be apart never share a set.
    """
    sets = _Sets(start, apart)
    present = set(present)
    for decision in reversed(decisions):
        together = decision.left if isinstance(decision, Split) else decision.own_track_ids
        sets.join(sorted(together & present))
    return sets.members()


class _Sets:
    """Disjoint sets that know whom they must not take in."""

    def __init__(self, start: Sequence[Sequence[str]], apart: Apart) -> None:
        self._given = len(start)
        self._members: list[set[str]] = [set(ids) for ids in start]
        self._set_of = {track_id: at for at, ids in enumerate(start) for track_id in ids}
        self._apart = apart
        self._others = [set().union(*(apart.get(track_id, ()) for track_id in ids)) for ids in start]

    def join(self, track_ids: Sequence[str]) -> None:
        """Makes one set of these and of all that is in their sets already; as few as can be where some are apart."""
        made: list[int] = []
        for track_id in track_ids:
            at = self._set_of.get(track_id)
            if at is None:
                at = self._set_of[track_id] = len(self._members)
                self._members.append({track_id})
                self._others.append(set(self._apart.get(track_id, ())))
            if at in made:
                continue
            for place, other in enumerate(made):
                if self._may_join(at, other):
                    made[place] = self._join_two(at, other)
                    break
            else:
                made.append(at)

    def members(self) -> list[list[str]]:
        return [sorted(ids) for at, ids in enumerate(self._members) if ids or at < self._given]

    def _may_join(self, first: int, second: int) -> bool:
        both_given = first < self._given and second < self._given
        return not both_given and self._others[first].isdisjoint(self._members[second])

    def _join_two(self, first: int, second: int) -> int:
        by_size = sorted((first, second), key=lambda at: (at >= self._given, -len(self._members[at])))
        kept, gone = by_size
        for track_id in self._members[gone]:
            self._set_of[track_id] = kept
        self._members[kept] |= self._members[gone]
        self._others[kept] |= self._others[gone]
        self._members[gone], self._others[gone] = set(), set()
        return kept


def first_fit(track_ids: Iterable[str], apart: Apart) -> list[str]:
    """Those of these tracks, in order, that may share a group with the ones taken before them."""
    taken: list[str] = []
    others: set[str] = set()
    for track_id in track_ids:
        if track_id not in others:
            taken.append(track_id)
            others |= apart.get(track_id, set())
    return taken


def _ordered(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)
