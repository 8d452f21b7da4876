"""Vectors of a planted library, and the tastes that the sidecar's own code finds in them at a moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plugin.recommend.values import Centre, History
from scripts.evaluation.planted import Planted
from sidecar.taste.centres import Centres, Watched, find_centres
from sidecar.taste.similarity import nearest_watched, neighbours
from sidecar.taste.space import Space
from sidecar.values import Vectors

DIMENSIONS = 96
NEIGHBOURS = 50
NOISE = 1.0
"""Length of what a picture says beside its tags, over the length of what the tags say: much, as in real embeddings."""


class PlantedTaste:
    """Each tag has a direction, each scene the sum of those of the tags that it truly shows, by time, and noise."""

    def __init__(self, planted: Planted) -> None:
        rng = np.random.default_rng(planted.seed)
        directions = rng.normal(size=(1 + max(planted.tags), DIMENSIONS))
        raw = np.zeros((len(planted.scenes), DIMENSIONS))
        for place, scene in enumerate(planted.scenes):
            for tag, where in scene.spans.items():
                shown = sum(end - start for start, end in where) / scene.duration_s
                raw[place] += np.sqrt(shown) * directions[tag]
        lengths = np.linalg.norm(raw, axis=1, keepdims=True)
        raw /= np.maximum(lengths, 1e-9)
        noise = rng.normal(size=raw.shape)
        raw += NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        scenes = raw.astype(np.float32)
        self._scenes: Vectors = Space.of(scenes).directions(scenes)
        self._alike = [
            tuple((int(place), float(score)) for place, score in zip(found.places, found.scores, strict=True))
            for block in neighbours(self._scenes, NEIGHBOURS, 1)
            for found in block
        ]

        self._found: dict[float, Centres] = {}

    def at(self, moment_s: float, history: History) -> TasteAt:
        watched = sorted(
            (scene.ordinal, scene.watched_s) for scene in history.scenes if not scene.skipped and scene.watched_s > 0
        )
        return TasteAt(self._centres(moment_s, watched), self._alike)

    def _centres(self, moment_s: float, watched: Sequence[tuple[int, float]]) -> list[Centre]:
        if not watched:
            return []
        places = np.array([place for place, _ in watched], np.intp)
        weights = np.array([seconds for _, seconds in watched], np.float64)
        points = self._scenes[places]
        if moment_s not in self._found:
            self._found[moment_s] = find_centres(Watched(points, weights, places))
        found = self._found[moment_s]
        k = len(found.vectors)
        cosines = self._scenes @ found.vectors.T
        near = nearest_watched(self._scenes, points, places, found.labels, k)
        centres = []
        for number in range(k):
            order = np.argsort(-cosines[:, number], kind="stable")
            own = places[found.labels == number]
            because = own[np.argsort(-cosines[own, number], kind="stable")][:5]
            nearest = {
                int(place): int(near.places[place, number]) for place in order if near.places[place, number] >= 0
            }
            centres.append(
                Centre(
                    number + 1,
                    float(found.shares[number]),
                    tuple(int(place) for place in because),
                    {int(place): float(cosines[place, number]) for place in order},
                    nearest,
                    {place: float(near.scores[place, number]) for place in nearest},
                )
            )
        return centres


class TasteAt:
    """Implements Taste."""

    def __init__(self, centres: Sequence[Centre], alike: Sequence[Sequence[tuple[int, float]]]) -> None:
        self._centres, self._alike = centres, alike

    def centres(self) -> Sequence[Centre]:
        return self._centres

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        return self._alike[ordinal]

    def note(self) -> str:
        return ""
