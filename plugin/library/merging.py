"""Two records of one watching, Stash's and ours, as one: nothing is counted twice. Pure.

Stash adds to a scene's play_duration while it plays, and so do we: the same minutes stand in both. So what Stash had
counted before we began is kept aside (base_s), and of what came later the larger of the two counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from plugin.recommend.values import Visit

SAME_VISIT_S = 300.0
"""Stash notes a play some time into it, by its own clock; we know from when to when it lasted. A play that is no
further than this from a visit of ours is that visit."""

BRIEF_S = 20.0
BRIEF_SHARE = 0.05
"""Less than both of these of a scene is a glance."""

LIKED_RATING = 60
"""Three stars of five: from here on a rating is praise."""


def base_play_s(known_s: float | None, play_duration_s: float, tracked_s: float) -> float:
    """What Stash had counted before we saw anything of a scene, told anew with every reading.

    known_s: as told so far, None for a scene that is read for the first time. As long as we saw nothing, it is all that
    Stash has counted; from then on it stays, unless Stash forgets. A scene that we saw before we ever read it has
    in Stash what we saw, too.
    """
    if tracked_s <= 0:
        return play_duration_s
    if known_s is None:
        return max(0.0, play_duration_s - tracked_s)
    return min(known_s, play_duration_s)


def stash_alone_s(base_s: float, play_duration_s: float, tracked_s: float) -> float:
    """Seconds that only Stash knows of."""
    return base_s + max(0.0, play_duration_s - base_s - tracked_s)


def watched_s(base_s: float, play_duration_s: float, tracked_s: float) -> float:
    """Seconds of both: base + max(what Stash has counted since, what we saw)."""
    return base_s + max(0.0, play_duration_s - base_s, tracked_s)


def plays_alone(plays_s: Sequence[float], ours: Sequence[tuple[float, float]]) -> list[float]:
    """Of the plays that Stash noted, those that none of our visits (started_s, ended_s) stands for, each at most once.
    Both newest first, and so is the answer.
    """
    alone, place = [], 0
    for at_s in plays_s:
        while place < len(ours) and ours[place][0] - SAME_VISIT_S > at_s:
            place += 1
        if place < len(ours) and at_s <= ours[place][1] + SAME_VISIT_S:
            place += 1
        else:
            alone.append(at_s)
    return alone


def visits_alone(plays_s: Sequence[float], seconds: float, last_s: float, is_ours: bool = False) -> tuple[Visit, ...]:
    """Stash does not know which play lasted how long: each gets the same. Where it noted none, one visit at last_s;
    where it noted none but those that we saw (is_ours), it only measured them longer than we did.
    """
    if not plays_s:
        return (Visit(last_s, seconds),) if seconds > 0 and not is_ours else ()
    each = seconds / len(plays_s)
    return tuple(Visit(at_s, each) for at_s in plays_s)


def is_skipped(visits: Sequence[Visit], duration_s: float, o_count: int, rating100: int | None) -> bool:
    """Every visit was a glance, and nothing says that it was liked."""
    if not visits or o_count > 0 or (rating100 is not None and rating100 >= LIKED_RATING):
        return False
    brief_s = min(BRIEF_S, BRIEF_SHARE * duration_s) if duration_s > 0 else BRIEF_S
    return all(visit.seconds < brief_s for visit in visits)
