"""Tastes: what the sidecar is asked to compare, and what is kept of its answer. Reading it: stored_taste."""

from __future__ import annotations

import contextlib
import functools
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from plugin.installation import SetupError
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, watched_spans
from plugin.locks import LockHeld, exclusive
from plugin.recommend.config import HALF_LIFE
from plugin.recommend.liking import liked_scenes
from plugin.recommend.sentences import counted
from plugin.recommend.values import Catalogue, History
from plugin.sidecar_values import SidecarError
from plugin.store.errors import StoreError
from plugin.store.store import Store
from plugin.store.tastes import StoredCentre, StoredNeighbours, TasteSummary
from plugin.taste_values import (
    TasteAnswer,
    TasteCentre,
    TasteDone,
    TasteFound,
    TasteProgress,
    TasteScene,
    TasteScores,
    WatchedSpan,
)
from plugin.telemetry.privacy import FORGOTTEN

if TYPE_CHECKING:
    from plugin.settings import OwnerSettings
    from plugin.sidecar_client import SidecarClient

Spans = Sequence[tuple[float, float]]

MOST_WATCHED = 1000
"""Scenes of the history that tastes are made of, the newest."""
MOST_SPANS = 1000
"""Stretches of one scene, the longest: what the sidecar takes."""
LEAST_LIKING = 0.01
"""Below this a scene was watched too long ago, or not liked."""
NEIGHBOURS = 50
ROWS_AT_ONCE = 500
TASTE_LOCK = "taste.lock"
"""Held by whoever computes tastes."""


@dataclass(frozen=True, slots=True)
class TasteOutcome:
    """done: something new is kept. Else the sentence says why not, and what was kept before still is."""

    done: bool
    sentence: str


class Surroundings(Protocol):
    """What is needed of a plugin.context.Context."""

    @property
    def store(self) -> Store: ...
    @property
    def settings(self) -> OwnerSettings: ...
    @property
    def clock(self) -> Callable[[], float]: ...
    def connect_sidecar(self) -> SidecarClient: ...


class CutOff(Exception):
    """The sidecar's answer ended before its end, or is of what must not be remembered any more."""


def wishes(
    catalogue: Catalogue,
    history: History,
    analysed: Iterable[tuple[int, str, str, float]],
    spans_of: Callable[[int], Spans],
) -> Iterator[TasteScene]:
    """What the sidecar is asked: every scene of the catalogue that was analysed, and what of it was watched.

    analysed: scene id, content key, view, seconds. spans_of: by scene id, what of it we saw being watched; where only
    Stash knows that it was, all of it counts. A scene weighs what its owner likes it (plugin.recommend.liking); those
    that are not liked weigh nothing. Pure.
    """
    liked = {one.ordinal: one.liking for one in liked_scenes(catalogue, history, HALF_LIFE.default)}
    for scene_id, content_key, view, duration_s in analysed:
        ordinal = catalogue.ordinal(scene_id)
        if ordinal is None or not catalogue.alive[ordinal]:
            continue
        weight = liked.get(ordinal, 0.0)
        spans: Spans = ()
        if weight >= LEAST_LIKING:
            spans = spans_of(scene_id) or ((0.0, duration_s or catalogue.duration_s[ordinal] or 1.0),)
        yield TasteScene(scene_id, content_key, view or "whole", _weighed(spans, weight))


def _weighed(spans: Spans, weight: float) -> tuple[WatchedSpan, ...]:
    """Each by its length, all together the weight."""
    longest = sorted((span for span in spans if span[1] > span[0] >= 0), key=lambda span: span[0] - span[1])
    kept = sorted(longest[:MOST_SPANS])
    total_s = sum(end_s - start_s for start_s, end_s in kept)
    return tuple(WatchedSpan(start_s, end_s, weight * (end_s - start_s) / total_s) for start_s, end_s in kept)


def keep(
    store: Store, answers: Iterable[TasteAnswer], on_progress: Callable[[float], None], forgotten: int | None = None
) -> TasteFound:
    """Keep the sidecar's answer, in small transactions; it counts when all of it is there, and not before. One without
    any scene is not kept: after a change of the model, tastes of the one before are better than none. forgotten: how
    often something watched had been forgotten when the sidecar was asked; once more since, and nothing is kept.

    Raises CutOff, StoreError, and what the answers raise; then what was kept before still counts.
    """
    tastes = store.tastes
    generation = tastes.begin()
    found, done, columns = None, False, dict[int, _Columns]()
    rows: list[StoredNeighbours] = []
    try:
        for answer in answers:
            if isinstance(answer, TasteProgress):
                on_progress(_share(answer))
            elif isinstance(answer, TasteFound):
                found = answer
            elif isinstance(answer, TasteCentre):
                columns[answer.number] = _Columns(answer)
            elif isinstance(answer, TasteScores):
                columns[answer.centre].add(answer)
            elif isinstance(answer, TasteDone):
                done = True
            else:
                rows += [StoredNeighbours(one.scene_id, one.scene_ids, one.scores) for one in answer]
                if len(rows) >= ROWS_AT_ONCE:
                    tastes.add_neighbours(generation, rows)
                    rows = []
        if found is None or not done:
            raise CutOff("the sidecar's answer about tastes was cut off")
        if not found.scenes:
            tastes.abandon(generation)
            return found
        tastes.add_neighbours(generation, rows)
        for one in columns.values():
            tastes.add_centre(generation, one.stored())
        summary = TasteSummary(found.model, found.scenes, found.missing, found.of_other_models)
        with store.transaction():
            if forgotten is not None and forgotten != store.meta.get(FORGOTTEN, 0):
                raise CutOff("what was watched was forgotten meanwhile")
            tastes.finish(generation, summary)
    except Exception:
        with contextlib.suppress(StoreError):
            tastes.abandon(generation)
        raise
    tastes.forget_earlier(generation)
    on_progress(1.0)
    return found


class _Columns:
    """One taste's pages, joined."""

    def __init__(self, centre: TasteCentre) -> None:
        self._centre = centre
        self._pages: list[tuple[int, float, int, float]] = []

    def add(self, page: TasteScores) -> None:
        self._pages += zip(page.scene_ids, page.scores, page.nearest, page.likeness, strict=True)

    def stored(self) -> StoredCentre:
        """As it is read: by id, so that a scene is found at once, with the order beside."""
        order = sorted(range(len(self._pages)), key=lambda at: self._pages[at][0])
        best = array("I", bytes(4 * len(order)))
        for place, at in enumerate(order):
            best[at] = place
        scenes, scores, nearest, likeness = zip(*(self._pages[at] for at in order), strict=True)
        centre = self._centre
        return StoredCentre(centre.number, centre.share, centre.because, scenes, best, scores, nearest, likeness)


def _share(progress: TasteProgress) -> float:
    """Of all the work: reading takes the longest where nothing was summed up before."""
    begins, part = {"vectors": (0.0, 0.6), "taste": (0.6, 0.1), "neighbours": (0.7, 0.3)}.get(
        progress.stage, (0.0, 0.0)
    )
    return begins + part * progress.done / max(1, progress.total)


def recompute(context: Surroundings, on_progress: Callable[[float], None] = lambda share: None) -> TasteOutcome:
    """Have the sidecar compare all scenes that it has vectors of, and keep what it says. Decodes nothing.

    The catalogue and the summed-up history should be up to date. on_progress: told the share that is done, 0 to 1.
    Where the sidecar is away, what was kept before stays. Raises StoreError, StashError.
    """
    store = context.store
    analysed = store.tastes.analysed_scenes()
    if not analysed:
        return TasteOutcome(False, "no scene was analysed yet, so nothing is known of what scenes look like")
    forgotten = store.meta.get(FORGOTTEN, 0)
    catalogue = StoreCatalogue(store)
    history = read_history(store, catalogue, context.clock(), most=MOST_WATCHED)
    scenes = list(wishes(catalogue, history, analysed, functools.partial(watched_spans, store)))
    if not scenes:
        return TasteOutcome(False, "no analysed scene is in the library as it was last read")
    try:
        with exclusive(os.path.join(store.data_dir, TASTE_LOCK), what="the comparing of scenes"):
            from plugin.taste_client import TasteClient  # no operation that only reads shall import gRPC

            client = TasteClient(context.connect_sidecar())
            answers = client.compute(scenes, context.settings.model, NEIGHBOURS)
            found = keep(store, answers, on_progress, forgotten)
    except (SidecarError, SetupError, LockHeld, CutOff) as error:
        return _not_done(store, str(error))
    if not found.scenes:
        return _not_done(store, f"the sidecar has nothing by the model {found.model} of any of them")
    return TasteOutcome(True, _sentence(found, len(store.tastes.centres())))


def _not_done(store: Store, why: str) -> TasteOutcome:
    kept = "; what was computed before stays" if store.tastes.summary() else ""
    return TasteOutcome(False, f"the looks of scenes were not compared: {why}{kept}")


def _sentence(found: TasteFound, centres: int) -> str:
    text = f"the looks of {counted(found.scenes, 'scene')} were compared"
    if found.watched:
        text += f"; {counted(centres, 'taste')} in {counted(found.watched, 'scene')} that you watched"
    if found.missing:
        text += f"; {found.missing} could not be, since nothing is known of their pictures"
        if found.of_other_models:
            text += f", or ({found.of_other_models} of them) only by another model than {found.model}"
    return text
