"""What was watched, as recommenders ask for it: our watches and Stash's own record, together or one of them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Literal, TypeAlias

from plugin.library.about import About, unpack_terms
from plugin.library.catalogue import StoreCatalogue, spans_of_scene
from plugin.library.merging import is_skipped, plays_alone, stash_alone_s, visits_alone, watched_s
from plugin.library.packing import pack, unpack
from plugin.library.terms import Stretch, seen_in
from plugin.recommend.values import History, Visit, WatchedScene
from plugin.store.library import ActivityRow
from plugin.store.store import Store
from plugin.store.watched import WatchedRow
from plugin.telemetry.coverage import length_s, union

Source: TypeAlias = Literal["plugin", "stash", "plugin+stash"]

MOST = 400
"""Scenes of a history: what was watched before them says little of today."""

AT_ONCE = 25
"""Scenes whose watches are summed up anew when a history is read; a few milliseconds. The task does all of them."""

DAY_S = 86_400.0
EVER_S = -1e18

_WHEN = itemgetter(0)

NO_ACTIVITY = ActivityRow(0, None, 0, 0, 0.0, None, "[]", 0.0)
NO_WATCHES = WatchedRow(0, EVER_S, 0.0, 0.0, b"", b"")


def read_history(
    store: Store,
    catalogue: StoreCatalogue,
    now_s: float,
    source: str = "plugin+stash",
    since_days: float | None = None,
    most: int = MOST,
) -> History:
    """What was watched last, of what is still there. source: "plugin", "stash" or "plugin+stash". since_days: only what
    was watched since. Raises StoreError.
    """
    since_s = EVER_S if since_days is None else now_s - since_days * DAY_S
    ours: dict[int, WatchedRow] = {}
    theirs: dict[int, ActivityRow] = {}
    if source != "stash":
        settle_watched(store, AT_ONCE)
        ours = {row.scene_id: row for row in store.watched.newest(most, since_s)}
    if source != "plugin":
        theirs = store.library.last_played(most, since_s)
        theirs.update(store.library.activity(ours.keys() - theirs.keys()))
    if source == "plugin+stash":
        ours.update(store.watched.of(theirs.keys() - ours.keys()))
    there = {}
    for scene_id in ours.keys() | theirs.keys():
        ordinal = catalogue.ordinal(scene_id)
        if ordinal is not None and catalogue.alive[ordinal]:
            there[ordinal] = ours.get(scene_id, NO_WATCHES), theirs.get(scene_id, NO_ACTIVITY)
    newest = sorted(there, key=lambda ordinal: (-_last_s(*there[ordinal]), ordinal))[:most]
    catalogue.expect(newest)
    scenes = tuple(_merged(catalogue, ordinal, *there[ordinal]) for ordinal in newest)
    known = ((catalogue.ordinal(one.scene_id), one.verdict) for one in store.recommendations.feedback())
    feedback = {ordinal: verdict for ordinal, verdict in known if ordinal is not None}
    return History(now_s, scenes, feedback, source)


def _last_s(ours: WatchedRow, theirs: ActivityRow) -> float:
    return max(ours.last_s, EVER_S if theirs.last_played_s is None else theirs.last_played_s)


def _merged(catalogue: StoreCatalogue, ordinal: int, ours: WatchedRow, theirs: ActivityRow) -> WatchedScene:
    duration_s = catalogue.duration_s[ordinal]
    told = unpack("d", ours.visits)
    stays = list(zip(told[0::3], told[1::3], strict=True))
    visits = list(map(Visit, told[0::3], told[2::3]))
    alone_s, plays = 0.0, list[float]()
    if theirs is not NO_ACTIVITY:
        alone_s = stash_alone_s(theirs.base_play_s, theirs.play_duration_s, ours.played_s)
        plays = plays_alone(json.loads(theirs.plays), stays)
        last_s = theirs.last_played_s or catalogue.created_s[ordinal]
        visits += visits_alone(plays, alone_s, last_s, is_ours=bool(stays))
        visits.sort(key=_WHEN, reverse=True)
    share = min(1.0, max(ours.covered_s, alone_s) / duration_s) if duration_s > 0 else 0.0
    return WatchedScene(
        ordinal=ordinal,
        last_s=_last_s(ours, theirs),
        visits=tuple(visits),
        watched_s=watched_s(theirs.base_play_s, theirs.play_duration_s, ours.played_s),
        share=share,
        rewatched_s=max(0.0, ours.played_s - ours.covered_s),
        plays=max(theirs.play_count, len(stays) + len(plays)),
        o_count=theirs.o_count,
        rating100=theirs.rating100,
        skipped=is_skipped(visits, duration_s, theirs.o_count, theirs.rating100),
        terms=_terms(catalogue, ordinal, ours, alone_s, duration_s),
    )


def _terms(
    catalogue: StoreCatalogue, ordinal: int, ours: WatchedRow, alone_s: float, duration_s: float
) -> tuple[tuple[int, float], ...]:
    """What we saw, where it was seen; and of what only Stash knows, the scene's terms by how much of it that is."""
    if alone_s <= 0:
        return tuple(_own_terms(ours))
    share = min(1.0, alone_s / duration_s) if duration_s > 0 else 1.0
    terms, _, lengths_s = catalogue.unpacked_terms(ordinal)
    found = {term: share * seconds for term, seconds in zip(terms, lengths_s, strict=True)}
    for term, seconds in _own_terms(ours):
        found[term] = found.get(term, 0.0) + seconds
    return tuple(found.items())


def _own_terms(row: WatchedRow) -> list[tuple[int, float]]:
    size = len(row.terms) // 2
    return list(zip(unpack("I", row.terms[:size]), unpack("f", row.terms[size:]), strict=True))


def settle_watched(store: Store, most: int) -> int:
    """Sum up the watches of scenes where that is to be done anew, the last watched first. Returns how many were."""
    if not store.watched.is_any_stale():
        return 0
    with store.transaction():  # nothing may be watched between reading and writing
        ids = store.watched.stale(most)
        about = About.of(store.catalogue.column("about"))
        rows = (_summed_up(store, about, scene_id) for scene_id in ids)
        store.watched.settle([row for row in rows if row is not None], ids)
    return len(ids)


def _summed_up(store: Store, about: About, scene_id: int) -> WatchedRow | None:
    watches = store.watched.watches(scene_id)
    if not watches:
        return None
    seen = union(store.watched.segments(scene_id))
    visits = array("d", (number for watch in watches for number in watch[:3]))
    terms = _seen_terms(store, about, scene_id, seen)
    return WatchedRow(
        scene_id,
        max(watch[1] for watch in watches),
        sum(watch[3] for watch in watches),
        length_s(seen),
        pack(visits),
        pack(array("I", terms)) + pack(array("f", terms.values())),
    )


def _seen_terms(store: Store, about: About, scene_id: int, seen: Sequence[Stretch]) -> dict[int, float]:
    row = store.catalogue.scenes([scene_id]).get(scene_id)
    if row is None or not seen:
        return {}
    terms, _, seconds = unpack_terms(row.terms)
    duration_s = store.library.duration_s(scene_id)
    spans = spans_of_scene(store, about, scene_id, duration_s)
    return seen_in(seen, spans, dict(zip(terms, seconds, strict=True)), duration_s)


def watched_spans(store: Store, scene_id: int) -> tuple[Stretch, ...]:
    """What we saw of a scene: ascending, disjoint (start_s, end_s)."""
    return union(store.watched.segments(scene_id))


def term_spans(store: Store, catalogue: StoreCatalogue, ordinal: int) -> Mapping[int, Sequence[Stretch]]:
    """Term -> where it is shown in a scene, for those that are known by place: ascending, disjoint (start_s, end_s)."""
    return spans_of_scene(store, catalogue.about, catalogue.scene_ids[ordinal], catalogue.duration_s[ordinal])


def seconds_by_term(store: Store, catalogue: StoreCatalogue, times: Mapping[int, float]) -> list[tuple[int, float]]:
    """(term, seconds), most first, of time spent with scenes (id -> seconds): what was seen in what we saw of each, or
    in the whole scene where only Stash knows, in that proportion.
    """
    found: dict[int, float] = {}
    rows = store.watched.of(times)
    for scene_id, spent_s in times.items():
        ordinal, row = catalogue.ordinal(scene_id), rows.get(scene_id)
        if row is not None and row.covered_s > 0:
            terms, of_s = _own_terms(row), row.covered_s
        elif ordinal is not None and catalogue.duration_s[ordinal] > 0:
            terms = [(each.term, each.seconds) for each in catalogue.terms_of(ordinal)]
            of_s = catalogue.duration_s[ordinal]
        else:
            continue
        for term, seconds in terms:
            found[term] = found.get(term, 0.0) + seconds * spent_s / of_s
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))
