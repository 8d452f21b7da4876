"""A planted library as recommenders see it: ours by catalogue, history and taste, the baseline by its own tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from plugin.library.merging import is_skipped
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.replay import World
from plugin.recommend.values import History, Term, Visit, WatchedScene
from scripts.evaluation import compat
from scripts.evaluation.planted import DAY_S, Planted, PlantedScene, PlantedVisit, Span, joined
from scripts.evaluation.planted_taste import PlantedTaste


class PlantedWorld:
    """scenes by place, which is their ordinal too."""

    def __init__(self, planted: Planted) -> None:
        self.planted = planted
        self._by_place: dict[int, list[PlantedVisit]] = {}
        for visit in planted.visits:
            self._by_place.setdefault(visit.place, []).append(visit)
        self.library = compat.Library(
            {
                scene.scene_id: compat.Scene(scene.duration_s, scene.studio or None, scene.performers, scene.seen)
                for scene in planted.scenes
            }
        )
        taste = PlantedTaste(planted)
        self.world = World(self._catalogue(), self._history(), taste.at, self.segments_at, self.spans)

    def spans(self, place: int) -> Mapping[int, Sequence[Span]]:
        return {tag: joined(where) for tag, where in self.planted.scenes[place].seen.items()}

    def segments_at(self, moment_s: float) -> Callable[[int], Sequence[Span]]:
        def segments(place: int) -> Sequence[Span]:
            visits = self._by_place.get(place, ())
            return joined([span for visit in visits if visit.at_s < moment_s for span in visit.segments])

        return segments

    def watched(self, moment_s: float) -> compat.Watched:
        """What their tracking and Stash would hold at a moment: both saw everything."""
        before = [visit for visit in self.planted.visits if visit.at_s < moment_s]
        scenes = self.planted.scenes
        plays: dict[int, list[PlantedVisit]] = {}
        for visit in before:
            plays.setdefault(visit.place, []).append(visit)
        return compat.Watched(
            [
                compat.Watch(scenes[visit.place].scene_id, (moment_s - visit.at_s) / DAY_S, visit.segments)
                for visit in before
            ],
            [
                compat.StashRow(
                    scenes[place].scene_id,
                    sum(visit.seconds for visit in visits),
                    tuple((moment_s - visit.at_s) / DAY_S for visit in visits),
                )
                for place, visits in plays.items()
            ],
        )

    def _catalogue(self) -> MemoryCatalogue:
        planted = self.planted
        return MemoryCatalogue.build(
            (
                CatalogueScene(
                    scene.scene_id,
                    f"scene {scene.scene_id}",
                    scene.duration_s,
                    scene.created_s,
                    scene.studio,
                    scene.performers,
                    _seconds(scene),
                    planted.ratings.get(place, -1),
                    planted.o_counts.get(place, 0),
                    scene.old_plays + len(self._by_place.get(place, ())),
                )
                for place, scene in enumerate(planted.scenes)
            ),
            [Term(tag, name, tag) for tag, name in planted.tags.items()],
        )

    def _history(self) -> History:
        scenes = [self._watched_scene(place, visits) for place, visits in self._by_place.items()]
        scenes.sort(key=lambda scene: -scene.last_s)
        return History(self.planted.end_s, tuple(scenes))

    def _watched_scene(self, place: int, visits: Sequence[PlantedVisit]) -> WatchedScene:
        """As the plugin's own tracking tells it."""
        scene = self.planted.scenes[place]
        rating, o_count = self.planted.ratings.get(place), self.planted.o_counts.get(place, 0)
        watched = joined([span for visit in visits for span in visit.segments])
        unique_s, watched_s = _length(watched), sum(visit.seconds for visit in visits)
        told = tuple(Visit(visit.at_s, visit.seconds) for visit in reversed(visits))
        seen = {tag: _common_s(joined(where), watched) for tag, where in scene.seen.items()}
        return WatchedScene(
            ordinal=place,
            last_s=visits[-1].at_s,
            visits=told,
            watched_s=watched_s,
            share=min(1.0, unique_s / scene.duration_s),
            rewatched_s=watched_s - unique_s,
            plays=len(visits),
            o_count=o_count,
            rating100=rating,
            skipped=is_skipped(told, scene.duration_s, o_count, rating),
            terms=tuple((tag, seconds) for tag, seconds in seen.items() if seconds > 0),
        )


def _seconds(scene: PlantedScene) -> dict[int, float]:
    return {tag: _length(joined(where)) for tag, where in scene.seen.items()}


def _length(spans: Sequence[Span]) -> float:
    return sum(end - start for start, end in spans)


def _common_s(left: Sequence[Span], right: Sequence[Span]) -> float:
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in left for b in right)
