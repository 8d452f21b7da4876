"""Tastes: what the sidecar is asked to compare, what is kept of its answer, and how recommenders read it."""

from __future__ import annotations

import contextlib
import functools
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from plugin.installation import SetupError
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, watched_spans
from plugin.locks import LockHeld, exclusive
from plugin.recommend.config import HALF_LIFE
from plugin.recommend.liking import liked_scenes
from plugin.recommend.sentences import counted
from plugin.recommend.values import Catalogue, Centre, History
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

if TYPE_CHECKING:
    from plugin.settings import OwnerSettings
    from plugin.sidecar_client import SidecarClient

Number = TypeVar("Number", int, float)
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
OFTEN_MISSING = 0.1
"""Of the library: when more was never compared, people are told."""

NEVER_COMPARED = (
    "The looks of scenes were never compared. Analyse scenes, and run the task *Recompute recommendations* while the "
    "sidecar runs."
)


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
    """The sidecar's answer ended before its end."""


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


def keep(store: Store, answers: Iterable[TasteAnswer], on_progress: Callable[[float], None]) -> TasteFound:
    """Keep the sidecar's answer, in small transactions; it counts when all of it is there, and not before.

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
        tastes.add_neighbours(generation, rows)
        for one in columns.values():
            tastes.add_centre(generation, one.stored())
        summary = TasteSummary(found.model, found.scenes, found.missing, found.of_other_models)
        tastes.finish(generation, summary)
    except Exception:
        with contextlib.suppress(StoreError):
            tastes.abandon(generation)
        raise
    on_progress(1.0)
    return found


class _Columns:
    """One taste's pages, joined."""

    def __init__(self, centre: TasteCentre) -> None:
        self._centre = centre
        self._scenes, self._nearest = array("I"), array("I")
        self._scores, self._likeness = array("f"), array("f")

    def add(self, page: TasteScores) -> None:
        self._scenes.extend(page.scene_ids)
        self._nearest.extend(page.nearest)
        self._scores.extend(page.scores)
        self._likeness.extend(page.likeness)

    def stored(self) -> StoredCentre:
        centre = self._centre
        return StoredCentre(
            centre.number, centre.share, centre.because, self._scenes, self._scores, self._nearest, self._likeness
        )


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
    catalogue = StoreCatalogue(store)
    history = read_history(store, catalogue, context.clock(), most=MOST_WATCHED)
    scenes = list(wishes(catalogue, history, analysed, functools.partial(watched_spans, store)))
    if not scenes:
        return TasteOutcome(False, "no analysed scene is in the library as it was last read")
    try:
        with exclusive(os.path.join(store.data_dir, TASTE_LOCK), what="the comparing of scenes"):
            from plugin.taste_client import TasteClient  # no operation that only reads shall import gRPC

            client = TasteClient(context.connect_sidecar())
            found = keep(store, client.compute(scenes, context.settings.model, NEIGHBOURS), on_progress)
    except (SidecarError, SetupError, LockHeld, CutOff) as error:
        kept = "; what was computed before stays" if store.tastes.summary() else ""
        return TasteOutcome(False, f"the looks of scenes were not compared: {error}{kept}")
    return TasteOutcome(True, _sentence(found, len(store.tastes.centres())))


def _sentence(found: TasteFound, centres: int) -> str:
    text = f"the looks of {counted(found.scenes, 'scene')} were compared"
    if found.watched:
        text += f"; {counted(centres, 'taste')} in {counted(found.watched, 'scene')} that you watched"
    if found.missing:
        text += f"; {found.missing} could not be, since nothing is known of their pictures"
        if found.of_other_models:
            text += f", or ({found.of_other_models} of them) only by another model than {found.model}"
    return text


class StoreTaste:
    """Implements Taste: reads what is kept, as far as it is asked for. Raises StoreError."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._tastes, self._catalogue = store.tastes, catalogue
        self._centres: Sequence[Centre] | None = None
        self._neighbours: dict[int, Sequence[tuple[int, float]]] = {}

    def centres(self) -> Sequence[Centre]:
        if self._centres is None:
            ordinals = _Ordinals(self._catalogue)
            self._centres = [_centre(one, ordinals) for one in self._tastes.centres()]
        return self._centres

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        known = self._neighbours.get(ordinal)
        if known is None:
            found = self._tastes.neighbours(self._catalogue.scene_ids[ordinal])
            places = map(self._catalogue.ordinal, found.scenes)
            known = [(place, score) for place, score in zip(places, found.scores, strict=True) if place is not None]
            self._neighbours[ordinal] = known
        return known

    def note(self) -> str:
        known = self._tastes.summary()
        if known is None:
            return NEVER_COMPARED
        _, summary = known
        whole = sum(self._catalogue.alive)
        if whole and summary.scenes < (1 - OFTEN_MISSING) * whole:
            unknown = whole - summary.scenes
            return f"What {unknown} of {whole} scenes look like is not known: analyse them to see them here."
        return ""


class _Ordinals:
    """Scene id -> ordinal, for many at once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[int, int] | None = None

    def of(self, scene_ids: Iterable[int]) -> list[int | None]:
        if self._known is None:
            self._known = dict(zip(self._catalogue.scene_ids, count()))
        return list(map(self._known.get, scene_ids))


class _Lazy(Mapping[int, Number], Generic[Number]):
    """A mapping that is made when it is first looked into: most columns of most tastes never are."""

    def __init__(self, make: Callable[[], dict[int, Number]]) -> None:
        self._make: Callable[[], dict[int, Number]] = make
        self._made: dict[int, Number] | None = None

    def _all(self) -> dict[int, Number]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: int) -> Number:
        return self._all()[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _centre(stored: StoredCentre, ordinals: _Ordinals) -> Centre:
    """Scenes that came into the store's tastes and are in the catalogue no more are left out."""
    scenes, nearest = stored.scenes, stored.nearest

    def scores() -> dict[int, float]:
        return {at: score for at, score in zip(ordinals.of(scenes), stored.scores, strict=True) if at is not None}

    def nearest_of() -> dict[int, int]:
        both = zip(ordinals.of(scenes), ordinals.of(nearest), strict=True)
        return {at: other for at, other in both if at is not None and other is not None}

    def likeness() -> dict[int, float]:
        both = zip(ordinals.of(scenes), stored.likeness, nearest, strict=True)
        return {at: score for at, score, other in both if at is not None and other}

    because = tuple(at for at in ordinals.of(stored.because) if at is not None)
    return Centre(stored.number, stored.share, because, _Lazy(scores), _Lazy(nearest_of), _Lazy(likeness))
