"""A library and an owner whose tastes are planted: what a recommender should find again can be known.

No real history can be published, so this one is generated, from processes that owners will recognise. None of them
looks at how anybody's recommender reckons, and what is enjoyed hangs on things that none of them can see.

The library
- *Genres* (8) of unequal size, each with seven tags of its own. A scene has one genre or two. One of sixteen is a
  *compilation*: long, of many genres, which has something of everything and wins wherever seconds are summed up.
- *Filler tags* (9: rooms, clothes, light) are shown for much of most scenes, whatever the genre, and nobody cares.
  *Noise*: some tags are seen for seconds where they are not, one of eight is missed, one scene of fourteen was never
  analysed.
- *Performers* (some work a lot, most little) and *studios* have genres that they keep to. Names are partly unknown.
- *Length*: lognormal about 22 minutes. *Appeal*: some scenes are simply made better; no column tells.
- Half of the library was there at first, the other half came over the time, a few scenes a week.
- *Plays of former years*: counts without dates, by appeal and former taste. They are what popularity can go by.

The owner
- Several *tastes* (3 to 5): each loves some tags of a genre and one of another, dislikes a few, has favourite
  performers and a studio. A few performers are welcome and a few tags unwelcome in any mood. *Drift*: one taste fades,
  another comes up. A *sitting* (some in three days of four) has one mood.
- *Browsing*: nobody sees the whole library. What is opened is chosen from a page of cards: the newest, a random page,
  those of a performer, a studio or a tag; or a scene that was just enjoyed leads on to one of its performers or tags or
  to its studio. A card tells about half of what is in a scene. Now and then one is opened by mistake.
- *Watching*: what disappoints is left within seconds. Else more is watched the better it is, from the start or by
  jumping to what is loved. Some scenes are *watched again* on other days, some get a rating or an o.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Span = tuple[float, float]

DAY_S = 86_400.0
START_S = 1_700_000_000.0
"""When tracking begins."""

GENRES, TAGS_OF_GENRE, FILLERS, PERFORMERS, STUDIOS, CARDS = 8, 7, 9, 140, 18, 24

SKIP_BELOW = 0.5
"""Enjoyment (in standard deviations above the library's mean, for the mood) below which a scene is left at once."""


@dataclass(frozen=True, slots=True)
class PlantedScene:
    """spans: what is really shown; seen: what a tagger found. genres: shares that sum up to 1. old_plays: see above."""

    scene_id: int
    duration_s: float
    created_s: float
    studio: int
    performers: tuple[int, ...]
    genres: Mapping[int, float]
    spans: Mapping[int, tuple[Span, ...]]
    seen: Mapping[int, tuple[Span, ...]]
    appeal: float
    old_plays: int


@dataclass(frozen=True, slots=True)
class PlantedVisit:
    """place: of the scene in the library. segments: what was played, ascending and disjoint."""

    place: int
    at_s: float
    segments: tuple[Span, ...]
    enjoyment: float

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self.segments)

    @property
    def skipped(self) -> bool:
        return self.enjoyment < SKIP_BELOW


@dataclass(frozen=True, slots=True)
class _Taste:
    """tags, performers, studios: what each is worth. at_start, at_end: logits of how often it is the mood."""

    tags: Mapping[int, float]
    performers: Mapping[int, float]
    studio: int
    at_start: float
    at_end: float


@dataclass(frozen=True, slots=True)
class Planted:
    """visits: ascending in time. ratings, o_counts: by place, as they were given in the end."""

    seed: int
    scenes: tuple[PlantedScene, ...]
    visits: tuple[PlantedVisit, ...]
    tags: Mapping[int, str]
    ratings: Mapping[int, int] = field(default_factory=dict)
    o_counts: Mapping[int, int] = field(default_factory=dict)
    end_s: float = START_S


def plant(seed: int, scenes: int = 700, days: int = 240) -> Planted:
    """The same for the same arguments, on every machine."""
    rng = random.Random(seed)  # noqa: S311
    library = _library(rng, scenes, days)
    owner = _Owner(rng, library, days)
    visits = owner.watch()
    tags = {
        _tag(genre, number): f"genre {genre + 1} tag {number + 1}" for genre in range(GENRES) for number in range(7)
    }
    tags |= {_filler(number): f"filler {number + 1}" for number in range(FILLERS)}
    return Planted(seed, library, visits, tags, owner.ratings, owner.o_counts, START_S + days * DAY_S)


def _tag(genre: int, number: int) -> int:
    return 1 + genre * TAGS_OF_GENRE + number


def _filler(number: int) -> int:
    return 1 + GENRES * TAGS_OF_GENRE + number


def _library(rng: random.Random, scenes: int, days: int) -> tuple[PlantedScene, ...]:
    sizes = [1 / (rank + 1) ** 0.7 for rank in range(GENRES)]
    work = [1 / (rank + 1) ** 0.6 for rank in range(PERFORMERS)]
    homes = [rng.sample(range(GENRES), rng.choice((1, 1, 2))) for _ in range(PERFORMERS)]
    of_studio = [rng.sample(range(GENRES), rng.choice((1, 2, 3))) for _ in range(STUDIOS)]
    former = {_tag(rng.randrange(GENRES), number): rng.gauss(0.5, 0.5) for number in range(7)}
    created = sorted(
        START_S + (rng.uniform(-700, 0) if rng.random() < 0.5 else rng.uniform(0, days)) * DAY_S for _ in range(scenes)
    )
    found = []
    for place, created_s in enumerate(created):
        compilation = rng.random() < 1 / 16
        genres = _genres(rng, sizes, compilation)
        minutes = rng.lognormvariate(math.log(75 if compilation else 22), 0.3 if compilation else 0.55)
        duration_s = 60 * min(180.0, max(2.0, minutes))
        spans = _spans(rng, genres, duration_s)
        cast = _cast(rng, genres, work, homes)
        studios = [studio for studio in range(STUDIOS) if set(of_studio[studio]) & set(genres)]
        appeal = rng.gauss(0, 1)
        fondness = sum(much for tag, much in former.items() if tag in spans)
        found.append(
            PlantedScene(
                scene_id=place + 1,
                duration_s=duration_s,
                created_s=created_s,
                studio=0 if not studios or rng.random() < 0.1 else 1 + rng.choice(studios),
                performers=cast,
                genres=genres,
                spans=spans,
                seen={} if rng.random() < 1 / 14 else _detected(rng, spans, duration_s),
                appeal=appeal,
                old_plays=0 if created_s > START_S else _poisson(rng, math.exp(-1.0 + 0.6 * appeal + 0.5 * fondness)),
            )
        )
    return tuple(found)


def _genres(rng: random.Random, sizes: Sequence[float], compilation: bool) -> dict[int, float]:
    if compilation:
        chosen = rng.sample(range(GENRES), rng.randint(4, 6))
        return {genre: 1 / len(chosen) for genre in chosen}
    (main,) = rng.choices(range(GENRES), sizes)
    (other,) = rng.choices(range(GENRES), sizes)
    return {main: 0.7, other: 0.3} if other != main and rng.random() < 0.5 else {main: 1.0}


def _spans(rng: random.Random, genres: Mapping[int, float], duration_s: float) -> dict[int, tuple[Span, ...]]:
    shown: dict[int, tuple[Span, ...]] = {}
    for genre, share in genres.items():
        for number in range(TAGS_OF_GENRE):
            if rng.random() < 0.25 + 0.4 * share:
                shown[_tag(genre, number)] = _stretches(rng, duration_s, duration_s * share * rng.betavariate(1.5, 5))
    for number in range(FILLERS):
        if rng.random() < 0.5:
            shown[_filler(number)] = _stretches(rng, duration_s, duration_s * rng.uniform(0.2, 0.9))
    return shown


def _stretches(rng: random.Random, duration_s: float, total_s: float) -> tuple[Span, ...]:
    """One to four disjoint ones of the same length."""
    count = rng.randint(1, 4)
    length_s = max(4.0, total_s) / count
    gap_s = max(0.0, duration_s - length_s * count) / count
    return tuple(
        (round(start, 1), round(min(duration_s, start + length_s), 1))
        for start in (number * (length_s + gap_s) + rng.random() * gap_s for number in range(count))
        if start < duration_s
    )


def _cast(
    rng: random.Random, genres: Mapping[int, float], work: Sequence[float], homes: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    (size,) = rng.choices((0, 1, 2, 3, 4), (8, 25, 45, 17, 5))
    weights = [much * (6 if set(home) & set(genres) else 1) for much, home in zip(work, homes, strict=True)]
    cast = {1 + rng.choices(range(PERFORMERS), weights)[0] for _ in range(size)}
    return tuple(sorted(performer for performer in cast if rng.random() < 0.85))


def _detected(
    rng: random.Random, spans: Mapping[int, tuple[Span, ...]], duration_s: float
) -> dict[int, tuple[Span, ...]]:
    seen = {tag: where for tag, where in spans.items() if rng.random() > 1 / 8}
    for tag in rng.sample(range(1, 1 + GENRES * TAGS_OF_GENRE), rng.randint(1, 5)):
        start = rng.uniform(0, max(0.0, duration_s - 12))
        seen.setdefault(tag, ((round(start, 1), round(start + rng.uniform(2, 12), 1)),))
    return {tag: seen[tag] for tag in sorted(seen)}


class _Owner:
    """Draws tastes and then watches. rng, library: shared with whoever made them."""

    def __init__(self, rng: random.Random, library: Sequence[PlantedScene], days: int) -> None:
        self._rng, self._library, self._days = rng, library, days
        self._unwelcome = {_tag(rng.randrange(GENRES), rng.randrange(7)): -1.2 for _ in range(3)}
        self._welcome = {1 + rng.randrange(PERFORMERS // 3): 0.8 for _ in range(4)}
        genres = rng.sample(range(GENRES), rng.randint(3, 5))
        self._tastes = [self._taste(genre) for genre in genres]
        self._worth = [self._worths(taste) for taste in self._tastes]
        self._enjoyed: dict[int, float] = {}
        self._opened: set[int] = set()
        self._last: PlantedScene | None = None
        self.ratings: dict[int, int] = {}
        self.o_counts: dict[int, int] = {}

    def watch(self) -> tuple[PlantedVisit, ...]:
        rng, visits = self._rng, []
        for day in range(self._days):
            for _ in range(_poisson(rng, 0.75)):
                at_s = START_S + (day + rng.uniform(0.7, 0.98)) * DAY_S
                mood, self._last = self._mood(day / self._days), None
                for _ in range(1 + _poisson(rng, 3)):
                    visit = self._open(mood, at_s)
                    visits.append(visit)
                    at_s += visit.seconds + rng.uniform(20, 240)
        return tuple(sorted(visits, key=lambda visit: visit.at_s))

    def _taste(self, genre: int) -> _Taste:
        rng = self._rng
        numbers = rng.sample(range(TAGS_OF_GENRE), 6)
        tags = {_tag(genre, number): rng.uniform(0.8, 1.6) for number in numbers[:4]}
        tags |= {_tag(genre, number): -rng.uniform(0.5, 1.2) for number in numbers[4:]}
        tags[_tag(rng.choice([other for other in range(GENRES) if other != genre]), rng.randrange(7))] = 0.8
        casts = [scene.performers for scene in self._library if genre in scene.genres and scene.performers]
        performers = {rng.choice(rng.choice(casts)): rng.uniform(0.6, 1.4) for _ in range(4)} if casts else {}
        studios = [scene.studio for scene in self._library if genre in scene.genres and scene.studio]
        at_start = rng.gauss(0, 0.8)
        return _Taste(tags, performers, rng.choice(studios or [0]), at_start, at_start + rng.gauss(0, 1.8))

    def _worths(self, taste: _Taste) -> list[float]:
        """What each scene is worth in this mood, in standard deviations above the mean."""
        raw = [self._worth_of(taste, scene) for scene in self._library]
        mean = sum(raw) / len(raw)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in raw) / len(raw)) or 1.0
        return [(value - mean) / deviation for value in raw]

    def _worth_of(self, taste: _Taste, scene: PlantedScene) -> float:
        """A minute of what is loved is much of it; hours of a scene are too long for most evenings."""
        much = 0.5 * scene.appeal - 0.3 * max(0.0, math.log2(scene.duration_s / 2700))
        for tag, where in scene.spans.items():
            worth = taste.tags.get(tag, 0.0) + self._unwelcome.get(tag, 0.0)
            much += worth * (1 - math.exp(-sum(end - start for start, end in where) / 60))
        much += sum(taste.performers.get(one, 0.0) + self._welcome.get(one, 0.0) for one in scene.performers)
        return much + (0.5 if scene.studio and scene.studio == taste.studio else 0.0)

    def _mood(self, time: float) -> int:
        """time: 0 to 1 of the whole history."""
        logits = [taste.at_start + (taste.at_end - taste.at_start) * time for taste in self._tastes]
        return self._rng.choices(range(len(logits)), [math.exp(logit) for logit in logits])[0]

    def _open(self, mood: int, at_s: float) -> PlantedVisit:
        rng = self._rng
        if len(self._enjoyed) > 5 and rng.random() < 0.18:
            known = list(self._enjoyed)
            weights = [math.exp(self._enjoyed[place] + 0.5 * self._worth[mood][place]) for place in known]
            (place,) = rng.choices(known, weights)
        else:
            place = self._choose(mood, self._page(mood, at_s))
        enjoyment = self._worth[mood][place] + rng.gauss(0, 0.4)
        scene = self._library[place]
        self._opened.add(place)
        if enjoyment < SKIP_BELOW:
            return PlantedVisit(place, at_s, ((0.0, round(rng.uniform(3, 15), 1)),), enjoyment)
        self._last = scene
        self._enjoyed[place] = max(enjoyment, self._enjoyed.get(place, 0.0))
        if enjoyment > 1.8 and rng.random() < 0.35:
            self.o_counts[place] = self.o_counts.get(place, 0) + 1
        if rng.random() < 0.12:
            self.ratings[place] = min(100, max(20, 20 * round((50 + 20 * enjoyment) / 20)))
        return PlantedVisit(place, at_s, self._played(mood, scene, enjoyment), enjoyment)

    def _page(self, mood: int, at_s: float) -> list[int]:
        """Cards of one page, by place."""
        rng, taste = self._rng, self._tastes[mood]
        there = [place for place, scene in enumerate(self._library) if scene.created_s <= at_s]
        if self._last and rng.random() < 0.35:
            of_last = [("performer", one) for one in self._last.performers]
            of_last += [("tag", tag) for tag in self._last.seen] + [("studio", self._last.studio)]
            kind, key = rng.choice(of_last)
        else:
            (kind,) = rng.choices(("newest", "random", "performer", "studio", "tag"), (25, 35, 15, 10, 15))
            loved = [tag for tag, worth in taste.tags.items() if worth > 0]
            keys = {"performer": [*taste.performers, *self._welcome], "studio": [taste.studio], "tag": loved}
            key = rng.choice(keys.get(kind, [0]))
        if kind == "newest":
            return there[-CARDS:]
        there = [place for place in there if _is_of(self._library[place], kind, key)] or there
        return rng.sample(there, min(CARDS, len(there)))

    def _choose(self, mood: int, page: Sequence[int]) -> int:
        rng = self._rng
        if rng.random() < 0.08:
            return rng.choice(page)

        def looks(place: int) -> float:
            known = 0.0 if place not in self._opened else (-0.7 if place in self._enjoyed else -2.0)
            return 0.55 * self._worth[mood][place] + rng.gauss(0, 0.6) + known

        return max(page, key=looks)

    def _played(self, mood: int, scene: PlantedScene, enjoyment: float) -> tuple[Span, ...]:
        rng = self._rng
        share = min(1.0, max(0.08, rng.gauss(0.1 + 0.22 * enjoyment, 0.12)))
        if rng.random() < 0.5:
            return ((0.0, round(scene.duration_s * share, 1)),)
        loved = {tag for tag, worth in self._tastes[mood].tags.items() if worth > 0}
        spans = [(max(0.0, start - 15), end + 10) for tag in loved for start, end in scene.spans.get(tag, ())]
        spans.append((0.0, rng.uniform(20, 60)))
        left_s, played = scene.duration_s * share, []
        for start, end in joined(spans):
            end = min(end, start + left_s, scene.duration_s)
            if end - start >= 1:
                played.append((round(start, 1), round(end, 1)))
                left_s -= end - start
        return tuple(played)


def _is_of(scene: PlantedScene, kind: str, key: int) -> bool:
    if kind == "performer":
        return key in scene.performers
    return kind == "random" or (key in scene.seen if kind == "tag" else scene.studio == key)


def joined(spans: Sequence[Span]) -> list[Span]:
    """Ascending and disjoint."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _poisson(rng: random.Random, mean: float) -> int:
    """Knuth's way; mean below 30."""
    limit, number, product = math.exp(-min(mean, 30.0)), 0, rng.random()
    while product > limit:
        number, product = number + 1, product * rng.random()
    return number
