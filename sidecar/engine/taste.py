"""What a library's scenes look like to each other and to what was watched: from stored vectors, without decoding."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.blas import use_one_blas_thread
from sidecar.engine.errors import EngineError
from sidecar.engine.request import InvalidRequest
from sidecar.engine.stored import parse_content_key
from sidecar.engine.views import VIEWS, feature_key
from sidecar.store import FeatureStore, PooledSet
from sidecar.taste.centres import Centres, Watched, find_centres
from sidecar.taste.pooling import Looked, Pieces, Span, pool_scene, pool_watched
from sidecar.taste.similarity import nearest_watched, neighbours
from sidecar.taste.space import Space, unit
from sidecar.values import Cancelled, ContentKey, IsCancelled, Vectors, View

MAX_SCENES = 100_000
MAX_SPANS = 500_000
MAX_SPANS_OF_SCENE = 1000
MAX_NEIGHBOURS = 200
MOST_PIECES = 24
"""Pieces of one scene's watching: then a scene of any length costs the same."""
MOST_POINTS = 24_000
"""Pieces of all scenes: 50 MB at 512 dimensions."""
MOST_BECAUSE = 10
KEPT_AT_ONCE = 200
"""Means per transaction: a client that vanishes loses less."""
PROGRESS_S = 0.5
PAGE = 5000

Ids: TypeAlias = NDArray[np.uint32]
Scores: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WatchedScene:
    """One scene of a request; see TasteScene in protos/taste.proto. Raises InvalidRequest for what is out of range."""

    scene_id: int
    content_key: str
    view: View
    watched: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.scene_id < 1:
            raise InvalidRequest("a scene has the id 0; ids begin with 1")
        if len(self.watched) > MAX_SPANS_OF_SCENE:
            raise InvalidRequest(f"a scene has more than {MAX_SPANS_OF_SCENE} watched stretches")
        for start_s, end_s, weight in self.watched:
            if not 0 <= start_s < end_s <= 1e7:
                # Which scene that is, and what of it, belongs in nobody's log.
                raise InvalidRequest("a watched stretch is not within 0 to 10 000 000 s, or is empty")
            if not (isfinite(weight) and 0 < weight <= 1e9):
                raise InvalidRequest(f"a watched stretch has the weight {weight}; send 0 to 1 000 000 000")


class Progress(NamedTuple):
    stage: str
    done: int
    total: int


class Found(NamedTuple):
    model: str
    scenes: int
    missing: int
    of_other_models: int
    watched: int


class Centre(NamedTuple):
    number: int
    share: float
    because: Ids


class CentreScores(NamedTuple):
    """A page; see TasteScores in protos/taste.proto."""

    centre: int
    scene_ids: Ids
    scores: Scores
    nearest: Ids
    likeness: Scores


class SceneNeighbours(NamedTuple):
    scene_id: int
    scene_ids: Ids
    scores: Scores


class NeighboursPage(NamedTuple):
    scenes: tuple[SceneNeighbours, ...]


class Done(NamedTuple):
    total_s: float
    read_s: float
    from_cache: int


TasteEvent: TypeAlias = Progress | Found | Centre | CentreScores | NeighboursPage | Done


class TasteModel(NamedTuple):
    """The model whose vectors are compared."""

    id: str
    key: str


class TasteRoom:
    """Computes one client's tastes at a time. Thread-safe; keeps nothing but means of scenes."""

    def __init__(self, store: FeatureStore, threads: int) -> None:
        self._store, self._threads = store, threads
        self._busy = threading.Lock()

    def compute(
        self, model: TasteModel, scenes: Sequence[WatchedScene], n_neighbours: int, is_cancelled: IsCancelled
    ) -> Iterator[TasteEvent]:
        """Events in the order of the contract; Done is the last. Raises EngineError, StoreError, Cancelled."""
        if not self._busy.acquire(blocking=False):
            raise EngineError("too_many_streams", "tastes are being computed for somebody else; try again in a minute")
        try:
            use_one_blas_thread()
            yield from _Computation(self._store, model, is_cancelled).run(scenes, n_neighbours, self._threads)
        finally:
            self._busy.release()


def gather(pages: Iterator[tuple[WatchedScene, ...]]) -> list[WatchedScene]:
    """All scenes of a call by ascending id. Raises InvalidRequest for too many of something, or one twice."""
    scenes: dict[int, WatchedScene] = {}
    spans = 0
    for page in pages:
        for scene in page:
            if scene.scene_id in scenes:
                raise InvalidRequest(f"scene {scene.scene_id} was sent twice")
            scenes[scene.scene_id] = scene
            spans += len(scene.watched)
        if len(scenes) > MAX_SCENES:
            raise InvalidRequest(f"more than {MAX_SCENES} scenes were sent")
        if spans > MAX_SPANS:
            raise InvalidRequest(f"more than {MAX_SPANS} watched stretches were sent")
    return [scenes[scene_id] for scene_id in sorted(scenes)]


class _Known(NamedTuple):
    """A scene that has vectors under this key."""

    scene: WatchedScene
    content: ContentKey
    model_key: str
    pooled: PooledSet


class _Computation:
    """One call's work."""

    def __init__(self, store: FeatureStore, model: TasteModel, is_cancelled: IsCancelled) -> None:
        self._store, self._model, self._is_cancelled = store, model, is_cancelled
        self._told_s = time.monotonic()
        self._from_cache = 0
        self._unkept: list[tuple[PooledSet, NDArray[np.float32]]] = []

    def run(self, scenes: Sequence[WatchedScene], n_neighbours: int, threads: int) -> Iterator[TasteEvent]:
        begun_s = time.monotonic()
        known, of_others = self._look_up(scenes)
        means: dict[int, NDArray[np.float32]] = {}
        pieces: dict[int, Pieces] = {}
        yield from self._read(known, means, pieces)
        read_s = time.monotonic() - begun_s
        known = [one for one in known if one.scene.scene_id in means]
        ids = np.array([one.scene.scene_id for one in known], np.uint32)
        yield Found(self._model.id, len(known), len(scenes) - len(known), of_others, len(pieces))
        if known:
            space = Space.of(np.stack([means[one.scene.scene_id] for one in known]))
            directions = space.directions(np.stack([means[one.scene.scene_id] for one in known]))
            means.clear()
            if pieces:
                yield Progress("taste", 0, 1)
                yield from self._tastes(ids, directions, _watched(ids, pieces, space))
            if n_neighbours:
                yield from self._neighbours(ids, directions, n_neighbours, threads)
        yield Done(time.monotonic() - begun_s, read_s, self._from_cache)

    def _look_up(self, scenes: Sequence[WatchedScene]) -> tuple[list[_Known], int]:
        """Scenes with vectors, and how many of the others have some of other models."""
        keys = {view: feature_key(self._model.key, view) for view in VIEWS}
        sets = {view: self._store.pooled_sets(key) for view, key in keys.items()}
        known, without = [], list[ContentKey]()
        for scene in scenes:
            try:
                content = parse_content_key(scene.content_key)
            except ValueError:
                continue
            pooled = sets[scene.view].get(content)
            if pooled is None:
                without.append(content)
            else:
                known.append(_Known(scene, content, keys[scene.view], pooled))
        others = self._store.contents_of_other_models(list(keys.values())) if without else set()
        return known, sum(content in others for content in without)

    def _read(
        self, known: Sequence[_Known], means: dict[int, NDArray[np.float32]], pieces: dict[int, Pieces]
    ) -> Iterator[TasteEvent]:
        """Fill means and pieces. A set that was damaged or forgotten meanwhile is left out."""
        n_watched = sum(bool(one.scene.watched) for one in known)
        most = max(1, min(MOST_PIECES, MOST_POINTS // max(1, n_watched)))
        try:
            for number, one in enumerate(known):
                if self._is_cancelled():
                    raise Cancelled
                yield from self._progress("vectors", number, len(known))
                scene = one.scene
                if one.pooled.mean is not None:
                    self._from_cache += 1
                    means[scene.scene_id] = one.pooled.mean.astype(np.float32)
                    if not scene.watched:
                        continue
                features = self._store.features(one.content, one.model_key)
                if features is None or not len(features.pts_s):
                    means.pop(scene.scene_id, None)
                    continue
                end_s = max((part.end_s for part in features.coverage), default=float(features.pts_s[-1]))
                looked = Looked(features.pts_s, features.vectors, end_s)
                if one.pooled.mean is None:
                    mean = pool_scene(looked)
                    # As it will be remembered, so that the next call says exactly the same.
                    means[scene.scene_id] = mean.astype(np.float16).astype(np.float32)
                    self._keep(one.pooled, mean)
                if scene.watched:
                    found = pool_watched(looked, scene.watched, most)
                    if len(found.weights):
                        pieces[scene.scene_id] = found
        finally:
            self._keep_all()

    def _keep(self, pooled: PooledSet, mean: NDArray[np.float32]) -> None:
        self._unkept.append((pooled, mean))
        if len(self._unkept) >= KEPT_AT_ONCE:
            self._keep_all()

    def _keep_all(self) -> None:
        unkept, self._unkept = self._unkept, []
        if unkept:
            self._store.remember_pooled(unkept)

    def _tastes(self, ids: Ids, directions: Vectors, watched: Watched) -> Iterator[TasteEvent]:
        centres = find_centres(watched, self._is_cancelled)
        k = len(centres.vectors)
        together = _by_scene_and_centre(watched, centres)
        for number in range(k):
            yield Centre(number, float(centres.shares[number]), ids[_because(together, centres, number)])
        scores = directions @ centres.vectors.T
        nearest = nearest_watched(directions, together.vectors, together.scene, together.centre, k, self._is_cancelled)
        for number in range(k):
            order = np.lexsort((ids, -scores[:, number]))
            places = nearest.places[order, number]
            nearest_ids = np.where(places >= 0, ids[places], 0).astype(np.uint32)
            ordered, likeness = scores[order, number], nearest.scores[order, number]
            for start in range(0, len(order), PAGE):
                page = slice(start, start + PAGE)
                yield CentreScores(number, ids[order[page]], ordered[page], nearest_ids[page], likeness[page])

    def _neighbours(self, ids: Ids, directions: Vectors, most: int, threads: int) -> Iterator[TasteEvent]:
        done = 0
        for block in neighbours(directions, most, threads, self._is_cancelled):
            found = [SceneNeighbours(int(ids[done + at]), ids[one.places], one.scores) for at, one in enumerate(block)]
            done += len(block)
            for start in range(0, len(found), MAX_NEIGHBOURS):
                yield NeighboursPage(tuple(found[start : start + MAX_NEIGHBOURS]))
            yield from self._progress("neighbours", done, len(ids))

    def _progress(self, stage: str, done: int, total: int) -> Iterator[Progress]:
        now_s = time.monotonic()
        if now_s - self._told_s >= PROGRESS_S:
            self._told_s = now_s
            yield Progress(stage, done, total)


def _watched(ids: Ids, pieces: Mapping[int, Pieces], space: Space) -> Watched:
    """All pieces as points of the space. A piece that is like the average of all has no direction: it counts less."""
    place = {int(scene_id): at for at, scene_id in enumerate(ids)}
    ordered = sorted((place[scene_id], found) for scene_id, found in pieces.items())
    points = unit(np.concatenate([found.vectors for _, found in ordered]) - space.mean)
    weights = np.concatenate([found.weights for _, found in ordered])
    scene = np.repeat([at for at, _ in ordered], [len(found.weights) for _, found in ordered])
    return Watched(points, weights, scene)


class _Together(NamedTuple):
    """What of a scene belongs to a centre: vectors (M, dim) of length 1, its weight, which scene and which centre."""

    vectors: Vectors
    weights: NDArray[np.float64]
    scene: NDArray[np.intp]
    centre: NDArray[np.intp]


def _by_scene_and_centre(watched: Watched, centres: Centres) -> _Together:
    k = len(centres.vectors)
    keys, inverse = np.unique(watched.scene * k + centres.labels, return_inverse=True)
    vectors = np.zeros((len(keys), watched.points.shape[1]), np.float32)
    np.add.at(vectors, inverse, watched.weights.astype(np.float32)[:, None] * watched.points)
    weights = np.asarray(np.bincount(inverse, watched.weights), np.float64)
    return _Together(unit(vectors), weights, keys // k, keys % k)


def _because(together: _Together, centres: Centres, number: int) -> NDArray[np.intp]:
    """Places of the scenes that stand for a centre: much watched, and like it."""
    at = np.flatnonzero(together.centre == number)
    standing = together.weights[at] * np.maximum(together.vectors[at] @ centres.vectors[number], 0.0)
    return np.asarray(together.scene[at[np.lexsort((at, -standing))][:MOST_BECAUSE]])


__all__ = ["TasteEvent", "TasteModel", "TasteRoom", "WatchedScene", "gather"]
