"""A history, gone through once more: what was known at a moment, and what was watched after it. Pure.

Time is what splits it. The older part is only known; in the newer part recommenders are asked at several moments, each
time with nothing that came later. Asked for are *discoveries*: scenes that were watched for the first time, and not
left at once. What was watched before is left out of every ranking, for it is no answer to what to watch next.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from plugin.recommend.values import Catalogue, Centre, History, Taste, Visit, WatchedScene

KNOWN_SHARE = 0.5
"""Of the discoveries: what is known before anything is asked."""

LEAST_KNOWN = 10
"""Scenes that were watched before the first question."""

RELEVANT = 5
"""Discoveries that one question looks ahead to: the next few evenings. Questions share none of them."""

SITTING_GAP_S = 1800.0
"""Longer between two visits, and they are different evenings."""

WATCHED_S = 30.0
"""Less of a scene in all is no watching."""

FAIR_RATING = 50
BRIEF_S, BRIEF_SHARE = 20.0, 0.05
MOST_CENTRES = 8

Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question at a moment. seeds: the scene that was being watched, in similar_scene. relevant: ordinals."""

    context: str
    moment_s: float
    seeds: tuple[int, ...]
    relevant: frozenset[int]


def cases_of(history: History, context: str, most: int) -> tuple[Case, ...]:
    """Ascending in time, evenly chosen where there are more than `most`; none where too little was watched.

    global_feed: one for every RELEVANT discoveries, asked right before the first of them. similar_scene: one for each
    sitting that went on from a scene that was liked to discoveries; that scene is the seed, asked about at its end.
    """
    first = sorted((scene.visits[-1].at_s, scene.ordinal) for scene in history.scenes if scene.visits)
    known = max(LEAST_KNOWN, round(KNOWN_SHARE * len(first)))
    if known >= len(first):
        return ()
    liked = {scene.ordinal for scene in history.scenes if is_liked(scene, history)}
    since_s = first[known][0]
    ahead = [(at_s, ordinal) for at_s, ordinal in first[known:] if ordinal in liked]
    if context == "global_feed":
        cases = _of_feed(ahead)
    else:
        cases = _of_sittings(history, {ordinal: at_s for at_s, ordinal in ahead}, since_s)
    if len(cases) <= most:
        return tuple(cases)
    return tuple(cases[number * len(cases) // most] for number in range(most))


def is_liked(scene: WatchedScene, history: History) -> bool:
    """Not left at once, not rated low, and no "less" or "hide"."""
    rated_low = scene.rating100 is not None and scene.rating100 < FAIR_RATING
    unwanted = history.feedback.get(scene.ordinal) in ("less", "hide")
    return not (scene.skipped or rated_low or unwanted) and scene.watched_s >= WATCHED_S


def _of_feed(ahead: Sequence[tuple[float, int]]) -> list[Case]:
    chunks = [ahead[start : start + RELEVANT] for start in range(0, len(ahead), RELEVANT)]
    return [Case("global_feed", chunk[0][0], (), frozenset(ordinal for _, ordinal in chunk)) for chunk in chunks]


def _of_sittings(history: History, ahead: Mapping[int, float], since_s: float) -> list[Case]:
    visits = sorted((visit.at_s, visit.seconds, scene.ordinal) for scene in history.scenes for visit in scene.visits)
    skipped = {scene.ordinal for scene in history.scenes if not is_liked(scene, history)}
    cases = []
    for sitting in _sittings(visits):
        seeds = [place for place, (_, _, ordinal) in enumerate(sitting[:-1]) if ordinal not in skipped]
        if sitting[0][0] < since_s or not seeds:
            continue
        seed, later = sitting[seeds[0]][2], sitting[seeds[0] + 1 :]
        relevant = frozenset(ordinal for at_s, _, ordinal in later if ahead.get(ordinal) == at_s) - {seed}
        if relevant:
            cases.append(Case("similar_scene", later[0][0], (seed,), relevant))
    return cases


def _sittings(visits: Iterable[tuple[float, float, int]]) -> list[list[tuple[float, float, int]]]:
    found: list[list[tuple[float, float, int]]] = []
    until_s = float("-inf")
    for at_s, seconds, ordinal in visits:
        if at_s > until_s + SITTING_GAP_S:
            found.append([])
        found[-1].append((at_s, seconds, ordinal))
        until_s = max(until_s, at_s + seconds)
    return found


def history_at(history: History, catalogue: Catalogue, moment_s: float) -> History:
    """What was known of it before a moment. What has no time of its own, as ratings and the o-counter, is known of
    scenes that were not visited again later.
    """
    scenes = []
    gone = set()
    for scene in history.scenes:
        before = tuple(visit for visit in scene.visits if visit.at_s < moment_s)
        if len(before) == len(scene.visits):
            scenes.append(scene)
        elif before:
            scenes.append(_scene_at(scene, before, catalogue.duration_s[scene.ordinal]))
        else:
            gone.add(scene.ordinal)
    scenes.sort(key=lambda scene: -scene.last_s)
    feedback = {ordinal: verdict for ordinal, verdict in history.feedback.items() if ordinal not in gone}
    return replace(history, now_s=moment_s, scenes=tuple(scenes), feedback=feedback)


def _scene_at(scene: WatchedScene, before: tuple[Visit, ...], duration_s: float) -> WatchedScene:
    watched_s = sum(visit.seconds for visit in before)
    part = min(1.0, watched_s / scene.watched_s) if scene.watched_s > 0 else 0.0
    brief_s = min(BRIEF_S, BRIEF_SHARE * duration_s) if duration_s > 0 else BRIEF_S
    return replace(
        scene,
        last_s=before[0].at_s,
        visits=before,
        watched_s=watched_s,
        share=scene.share * part,
        rewatched_s=scene.rewatched_s * part,
        plays=max(1, scene.plays - (len(scene.visits) - len(before))),
        o_count=0,
        rating100=None,
        skipped=all(visit.seconds < brief_s for visit in before),
        terms=tuple((term, seconds * part) for term, seconds in scene.terms),
    )


class CatalogueAt:
    """Implements Catalogue: another one as it was at a moment. Later scenes are not there, later plays are not counted,
    and ratings and the o-counter of what was first watched later are not known.
    """

    def __init__(self, catalogue: Catalogue, history: History, moment_s: float) -> None:
        self._catalogue = catalogue
        self.scene_ids, self.created_s, self.duration_s = catalogue.scene_ids, catalogue.created_s, catalogue.duration_s
        self.studio, self.size_mb, self.norm = catalogue.studio, catalogue.size_mb, catalogue.norm
        self.alive = bytes(
            alive and created_s <= moment_s
            for alive, created_s in zip(catalogue.alive, catalogue.created_s, strict=True)
        )
        play_count, o_count = array("I", catalogue.play_count), array("I", catalogue.o_count)
        rating100 = array("b", catalogue.rating100)
        for scene in history.scenes:
            later = sum(visit.at_s >= moment_s for visit in scene.visits)
            if later:
                play_count[scene.ordinal] = max(0, play_count[scene.ordinal] - later)
            if later and later == len(scene.visits):
                rating100[scene.ordinal], o_count[scene.ordinal] = -1, 0
        self.play_count = play_count
        self.o_count = o_count
        self.rating100 = rating100
        # Nothing else has a time.
        self.ordinal, self.terms_of, self.performers_of = catalogue.ordinal, catalogue.terms_of, catalogue.performers_of
        self.posting, self.document_frequency = catalogue.posting, catalogue.document_frequency
        self.scenes_of_performer, self.scenes_of_studio = catalogue.scenes_of_performer, catalogue.scenes_of_studio
        self.term_of_tag, self.term_of_label = catalogue.term_of_tag, catalogue.term_of_label
        self.favorites, self.name, self.tag_id_of = catalogue.favorites, catalogue.name, catalogue.tag_id_of

    @property
    def described(self) -> int:
        return self._catalogue.described


class NeighbourTaste:
    """Implements Taste at a moment. The sidecar's tastes know what came later; what looks alike hangs on no time.

    So each of the latest scenes that were liked stands for a taste of its own, and knows the scenes that look like it.
    """

    def __init__(self, taste: Taste, history: History) -> None:
        self._taste, self._history = taste, history

    def centres(self) -> Sequence[Centre]:
        found = []
        for scene in self._history.scenes:
            if is_liked(scene, self._history) and (alike := self._taste.neighbours(scene.ordinal)):
                found.append((scene.ordinal, dict(alike)))
                if len(found) == MOST_CENTRES:
                    break
        return [
            Centre(number, 1 / len(found), (ordinal,), scores, dict.fromkeys(scores, ordinal), scores)
            for number, (ordinal, scores) in enumerate(found, start=1)
        ]

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        return self._taste.neighbours(ordinal)

    def note(self) -> str:
        return self._taste.note()


def nothing_watched_at(moment_s: float) -> Callable[[int], Spans]:
    """No scene was watched, at any moment."""
    return lambda ordinal: ()


def nothing_timed(ordinal: int) -> Mapping[int, Spans]:
    """No scene's terms are timed."""
    return {}


@dataclass(frozen=True, slots=True)
class World:
    """What is gone through. segments_at, spans: as in Question, the former by moment. taste_at: from a moment and the
    history until then.
    """

    catalogue: Catalogue
    history: History
    taste_at: Callable[[float, History], Taste]
    segments_at: Callable[[float], Callable[[int], Spans]] = nothing_watched_at
    spans: Callable[[int], Mapping[int, Spans]] = nothing_timed


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question may know. seen: ordinals that were watched before, which are left out of every ranking."""

    case: Case
    catalogue: Catalogue
    history: History
    taste: Taste
    segments: Callable[[int], Spans]
    spans: Callable[[int], Mapping[int, Spans]]
    seen: frozenset[int] = field(default_factory=frozenset)


def moment_of(world: World, case: Case) -> Moment:
    catalogue = CatalogueAt(world.catalogue, world.history, case.moment_s)
    history = history_at(world.history, world.catalogue, case.moment_s)
    return Moment(
        case,
        catalogue,
        history,
        world.taste_at(case.moment_s, history),
        world.segments_at(case.moment_s),
        world.spans,
        frozenset(scene.ordinal for scene in history.scenes if scene.visits),
    )
