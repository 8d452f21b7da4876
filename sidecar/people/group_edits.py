"""What the owner does to groups by hand: merge, take a merge back, split. Each gives the groups as they are then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sidecar.faces import FaceRules
from sidecar.people.constraints import conflict
from sidecar.people.groups import assign, new_group_id
from sidecar.people.unknown import Decision, Group, GroupTrack, Merge, Split


class CannotEditGroups(Exception):
    """The sentence says why, to people."""


def merge(
    groups: Sequence[Group],
    ids: Sequence[str],
    tracks: Sequence[GroupTrack],
    decisions: Sequence[Decision],
    merge_id: str,
) -> tuple[tuple[Group, ...], Merge]:
    """All groups with these joined into the one of the most tracks (ties: the lower id), and the decision to keep.

    tracks: those of the groups, or more. decisions: the ones that hold, oldest first; the new one belongs at the end.
    The group is ignored only if all of them were. Raises CannotEditGroups where fewer than two are given or known, or
    two of their tracks are on screen at one moment.
    """
    joined = _chosen(groups, ids)
    if len(joined) < 2:
        raise CannotEditGroups(f"A merge takes at least two groups, not {len(joined)}.")
    if conflict(joined, tracks) is not None:
        raise CannotEditGroups("These are not one person: they are on screen at the same time.")
    kept = min(joined, key=lambda group: (-len(group.track_ids), group.id))
    track_ids = tuple(sorted(track_id for group in joined for track_id in group.track_ids))
    made = Group(kept.id, track_ids, all(group.ignored for group in joined))
    rest = [group for group in groups if group not in joined]
    brought = frozenset().union(*(_brought(group, decisions) for group in joined))
    return _sorted([*rest, made]), Merge(merge_id, kept.id, tuple(joined), brought)


def unmerge(
    groups: Sequence[Group],
    taken_back: Merge,
    tracks: Sequence[GroupTrack],
    decisions: Sequence[Decision],
    rules: FaceRules,
    new_id: Callable[[], str] = new_group_id,
) -> tuple[Group, ...]:
    """All groups as if that merge had never been: its parts are groups again, with their ids and as ignored as then.

    tracks: all unnamed ones. decisions: those that hold without it, oldest first. Tracks that came to the group later
    are offered a place anew (see assign). Where the parts are no longer in one group, nothing changes.
    """
    part_of = {track_id: part for part in taken_back.parts for track_id in part.track_ids}
    touched = [group for group in groups if len({part_of[at].id for at in group.track_ids if at in part_of}) > 1]
    rest = [group for group in groups if group not in touched]
    used = {group.id for group in rest}
    restored: list[Group] = []
    for group in sorted(touched, key=lambda group: (-len(group.track_ids), group.id)):
        for part in taken_back.parts:
            track_ids = tuple(sorted(set(part.track_ids) & set(group.track_ids)))
            if not track_ids:
                continue
            name = group.id if part.id == taken_back.group_id else part.id
            name = new_id() if name in used else name
            used.add(name)
            restored.append(Group(name, track_ids, part.ignored))
    if not restored:
        return _sorted(groups)
    return assign(tracks, [*rest, *restored], decisions, rules, new_id)


def split(
    groups: Sequence[Group],
    group_id: str,
    track_ids: Sequence[str],
    split_id: str,
    new_id: Callable[[], str] = new_group_id,
) -> tuple[tuple[Group, ...], Group, Split]:
    """All groups with these tracks in one of their own, that group, and the decision to keep.

    The rest keeps the id; both are as ignored as the group was. Raises CannotEditGroups where the group is not known,
    or none or all of its tracks are given.
    """
    (group,) = _chosen(groups, [group_id])
    left = frozenset(track_ids) & frozenset(group.track_ids)
    right = frozenset(group.track_ids) - left
    if not left or not right:
        raise CannotEditGroups(
            f"Of the {len(group.track_ids)} tracks of this group {len(left)} were chosen; "
            "a split takes at least one and leaves at least one."
        )
    made = Group(new_id(), tuple(sorted(left)), group.ignored)
    remaining = replace(group, track_ids=tuple(sorted(right)))
    rest = [other for other in groups if other.id != group.id]
    return _sorted([*rest, remaining, made]), made, Split(split_id, left, right)


def _chosen(groups: Sequence[Group], ids: Sequence[str]) -> list[Group]:
    by_id = {group.id: group for group in groups}
    unknown = sorted(set(ids) - by_id.keys())
    if unknown:
        raise CannotEditGroups(f"There is no group {unknown[0]}.")
    return [by_id[group_id] for group_id in sorted(set(ids))]


def _brought(group: Group, decisions: Sequence[Decision]) -> frozenset[str]:
    """Tracks of the group that standing merges brought into it; none where that is all it has."""
    merges = [decision for decision in decisions if isinstance(decision, Merge)]
    brought = frozenset(
        track_id
        for earlier in merges
        for part in earlier.parts
        if part.id != earlier.group_id
        for track_id in part.track_ids
    ) & frozenset(group.track_ids)
    return brought if len(brought) < len(group.track_ids) else frozenset()


def _sorted(groups: Sequence[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: group.id))
