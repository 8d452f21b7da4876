"""A store as of an owner with a large library and years of watching, made in seconds: rows as the plugin writes."""

from __future__ import annotations

import json
import random
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugin.commands.recomputing import WATCHED_AT_ONCE
from plugin.library.building import refresh_catalogue
from plugin.library.history import settle_watched
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.store.library import SYNCED
from plugin.store.store import Store, open_store
from plugin.store.tastes import StoredCentre, StoredNeighbours, TasteSummary

LABELS, TAGS = 160, 120
"""Labels that the sidecar sees, and of those, from the first, what is a tag of Stash, too."""
PERFORMERS, STUDIOS = 1500, 120
SPANS_PER_SCENE, LABELS_PER_SCENE = 50, 12
SEGMENTS_PER_WATCH = 4
DAY_S = 86_400.0
NOW_S = 1_790_000_000.0
YEARS_S = 2 * 365 * DAY_S


@dataclass(frozen=True, slots=True)
class Size:
    scenes: int
    segments: int

    @property
    def spans(self) -> int:
        return self.scenes * SPANS_PER_SCENE

    @property
    def watches(self) -> int:
        return self.segments // SEGMENTS_PER_WATCH


WHOLE = Size(20_000, 200_000)
QUICK = Size(2_000, 20_000)


def make_store(folder: Path, size: Size) -> Store:
    """A store in this folder, its catalogue and summaries made as the plugin makes them. Seeded: always the same."""
    store = open_store(str(folder), lambda: NOW_S)
    path = store.db.path
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    _fill(connection, size, random.Random(1))  # noqa: S311
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    store = open_store(str(folder), lambda: NOW_S)
    store.meta.set(SYNCED, {"at_s": NOW_S, "full_s": NOW_S, "changed_s": NOW_S, "markers": 0})
    refresh_catalogue(store, OwnerSettings(), PolicyBook())
    while settle_watched(store, WATCHED_AT_ONCE * 20):
        pass
    _compare(store, size)
    return store


def _fill(db: sqlite3.Connection, size: Size, chance: random.Random) -> None:
    db.executemany(
        "INSERT INTO library_name VALUES ('tag', ?, ?, 0, '{}')", [(n, f"tag {n}") for n in range(1, TAGS + 1)]
    )
    people = [(n, f"performer {n}", int(n % 50 == 0)) for n in range(1, PERFORMERS + 1)]
    db.executemany("INSERT INTO library_name VALUES ('performer', ?, ?, ?, '{}')", people)
    studios = [(n, f"studio {n}", int(n % 20 == 0)) for n in range(1, STUDIOS + 1)]
    db.executemany("INSERT INTO library_name VALUES ('studio', ?, ?, ?, '{}')", studios)
    db.executemany("INSERT INTO label (id, name) VALUES (?, ?)", [(n, f"tag {n}") for n in range(1, LABELS + 1)])
    db.execute("INSERT INTO run (id, title, origin, started_s) VALUES (1, 'Analyse new', 'task', 0)")
    lengths = [chance.uniform(120, 3600) for _ in range(size.scenes)]
    watched = _watched(size, chance)
    marks = ", ".join("?" * 22)
    db.executemany(f"INSERT INTO library_scene VALUES ({marks})", _scenes(lengths, watched, chance))  # noqa: S608
    analyses = ((n, n, f"scene {n}", f"oshash-{n}", f"oshash-{n}", length) for n, length in enumerate(lengths, 1))
    db.executemany(
        "INSERT INTO analysis (id, kind, media_id, name, run_id, content, content_key, view, model, vocabulary, query,"
        " interval_s, duration_s, samples, decoder, plan, warnings, policy, done_s)"
        " VALUES (?, 'scene', ?, ?, 1, ?, ?, 'whole', 'm', 'v', 'q', 4, ?, 100, 'd', 'p', '[]', '', 0)",
        analyses,
    )
    weights = [1 / (n + 3) for n in range(LABELS)]
    totals = []
    spans = []
    for scene_id, length in enumerate(lengths, 1):
        labels = sorted(set(chance.choices(range(1, LABELS + 1), weights, k=LABELS_PER_SCENE)))
        seconds = dict.fromkeys(labels, 0.0)
        for number in range(SPANS_PER_SCENE):
            label = labels[number % len(labels)]
            start = number * length / SPANS_PER_SCENE
            end = start + chance.uniform(0.2, 1.0) * length / SPANS_PER_SCENE
            seconds[label] += end - start
            spans.append((scene_id, label, start, end))
        totals += [(scene_id, label, total, total / length) for label, total in seconds.items()]
    db.executemany("INSERT INTO span VALUES (?, ?, ?, ?, 1, 0, 1, 0, 0)", spans)
    db.executemany("INSERT INTO tag_total VALUES (?, ?, ?, ?, 1)", totals)
    _add_watches(db, lengths, watched, chance)


def _watched(size: Size, chance: random.Random) -> list[tuple[int, float]]:
    """(scene id, when), oldest first; some scenes over and over."""
    favourites = max(1, size.scenes // 4)
    times = sorted(NOW_S - chance.random() ** 2 * YEARS_S for _ in range(size.watches))
    return [(1 + int(chance.random() ** 2 * favourites) * 4 % size.scenes, at_s) for at_s in times]


def _scenes(
    lengths: Sequence[float], watched: Sequence[tuple[int, float]], chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    plays: dict[int, list[float]] = {}
    for scene_id, at_s in watched:
        plays.setdefault(scene_id, []).insert(0, round(at_s + 20.0))
    for scene_id, length in enumerate(lengths, 1):
        noted = plays.get(scene_id, [])
        rating = chance.choice((None, None, None, 20, 60, 80, 100))
        yield (
            *(scene_id, f"Scene {scene_id}", length, int(length * 500_000), 1 + scene_id % STUDIOS, "2024-05-01"),
            *(NOW_S - chance.random() * 3 * YEARS_S, NOW_S, rating, 0),
            *(len(noted) // 5, len(noted), 0.3 * length * len(noted), 0.0, noted[0] if noted else None),
            *(json.dumps(noted), "[]"),
            json.dumps(sorted({1 + int(chance.random() ** 2 * PERFORMERS) for _ in range(chance.randrange(4))})),
            json.dumps(sorted({1 + int(chance.random() ** 2 * TAGS) for _ in range(chance.randrange(12))})),
            *("[]", 0.1 * length, 1),
        )


def _add_watches(
    db: sqlite3.Connection, lengths: Sequence[float], watched: Sequence[tuple[int, float]], chance: random.Random
) -> None:
    watches, segments = [], []
    for number, (scene_id, at_s) in enumerate(watched, 1):
        length = lengths[scene_id - 1]
        played, now_s = 0.0, at_s
        for part in range(SEGMENTS_PER_WATCH):
            start = chance.uniform(0, 0.9) * length
            end = min(length, start + chance.uniform(0.01, 0.1) * length)
            segments.append((number, part, start, end, now_s))
            played += end - start
            now_s += end - start
        watches.append((number, f"watch-{number}", scene_id, at_s, now_s, played, played, played, length))
    db.executemany(
        "INSERT INTO scene_watch (id, watch, session, tab, scene_id, started_s, ended_s, wall_s, played_s, unique_s,"
        " last_s, duration_s, completed, progress, done) VALUES (?, ?, 's', 't', ?, ?, ?, ?, ?, ?, 0, ?, 0, '', 0)",
        watches,
    )
    db.executemany(
        "INSERT INTO watch_segment (watch_id, number, start_s, end_s, at_s, rate) VALUES (?, ?, ?, ?, ?, 1)", segments
    )


def _compare(store: Store, size: Size) -> None:
    """Tastes as the sidecar would tell them of such a library: scores of every scene, and everybody's neighbours."""
    chance = random.Random(2)  # noqa: S311
    ids = array("I", range(1, size.scenes + 1))
    generation = store.tastes.begin()
    for number in range(8):
        scores = array("f", (chance.random() for _ in ids))
        best = array("I", sorted(range(size.scenes), key=scores.__getitem__, reverse=True))
        nearest = array("I", (1 + n * 4 % size.scenes for n in range(size.scenes)))
        because = array("I", (ids[place] for place in best[:5]))
        centre = StoredCentre(number, 1 / 8, because, ids, best, scores, nearest, scores)
        store.tastes.add_centre(generation, centre)
    falling = array("f", (0.9 - n / 100 for n in range(50)))
    for start in range(0, size.scenes, 1000):
        rows = [
            StoredNeighbours(scene_id, array("I", chance.sample(ids, 50)), falling)
            for scene_id in ids[start : start + 1000]
        ]
        store.tastes.add_neighbours(generation, rows)
    store.tastes.finish(generation, TasteSummary(model="m", scenes=size.scenes))
