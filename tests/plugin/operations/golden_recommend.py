"""A library, a history and what was said of scenes, in the world of the golden answers."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

from plugin.library.building import refresh_catalogue
from plugin.store.library import SYNCED, LibraryRow, NameRow
from tests.plugin.operations.golden_watching import DAY_S, watched
from tests.plugin.operations.golden_world import MARKUP, NOW_S, RIGHT_TO_LEFT, GoldenWorld

KITCHEN, BREAD, RAIN = 201, 202, 203
FRESH_LOAF, HIDDEN, MARKED_UP = 101, 104, 105

CONFIG = {
    "watched": "keep",
    "half_life_days": 1e9,
    "diversity": 0,
    "tags": [
        {"tag_id": KITCHEN, "presence": "require", "min_share": 0.01},
        {"label": "cat", "presence": "prefer", "importance": 2},
        {"tag_id": "no number"},
    ],
    "performers": [{"id": 2, "presence": "exclude"}],
}

SCENES: dict[int, tuple[str, float, float, tuple[int, ...], tuple[int, ...], int | None]] = {
    # id: title, seconds, days in the library, tags, performers, rating
    FRESH_LOAF: ("A fresh loaf", 1800.0, 2, (KITCHEN, BREAD), (1,), None),
    102: (RIGHT_TO_LEFT, 900.0, 30, (KITCHEN,), (2,), 100),
    103: ("Rain", 2400.0, 700, (RAIN,), (), 20),
    HIDDEN: ("Hidden by its owner", 1200.0, 20, (KITCHEN, BREAD), (1, 2), None),
    MARKED_UP: (MARKUP, 600.0, 400, (BREAD, RAIN), (), None),
    106: ("", 0.0, 90, (), (2,), None),
}


def recommended(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """Scenes beside those that were watched; the catalogue is made, and recommenders were compared."""
    watched(found, held)
    store = found.context.store
    names = [NameRow("tag", KITCHEN, "Kitchen"), NameRow("tag", BREAD, "Bread"), NameRow("tag", RAIN, MARKUP)]
    people = [NameRow("performer", 1, "Ada", True), NameRow("performer", 2, MARKUP), NameRow("studio", 5, "Mill")]
    store.library.replace_names([*names, *people])
    store.library.save(_row(scene_id) for scene_id in SCENES)
    known = store.library.rows(found.ids.values())
    tagged = {"coffee": (KITCHEN, BREAD), "hebrew": (KITCHEN,), "markup": (RAIN,)}
    store.library.save(replace(known[found.ids[name]], tags=tags) for name, tags in tagged.items())
    store.meta.set(SYNCED, {"at_s": NOW_S - 8 * DAY_S})
    refresh_catalogue(store, found.context.settings, found.context.book, whole=True)
    store.recommendations.tell(HIDDEN, "hide")
    store.recommendations.tell(103, "less")
    metrics = {"hit_rate": [0.4, 0.3, 0.5], "ndcg": [0.21, 0.15, 0.27], "coverage": 0.3, "novelty": 9.5, "cases": 42}
    for recommender, weight in (("personalized_tfidf", 0.6), ("fresh", 0.4)):
        store.db.run(
            "INSERT INTO recommend_evaluation VALUES (?, ?, ?, ?, ?)",
            "global_feed",
            recommender,
            json.dumps(metrics),
            weight,
            NOW_S - DAY_S,
        )
    store.recommendations.prefer("global_feed", "fresh", {"chance": 0.1}, chosen=False)


def _row(scene_id: int) -> LibraryRow:
    title, duration_s, days, tags, performers, rating = SCENES[scene_id]
    created_s = NOW_S - days * DAY_S
    return LibraryRow(
        scene_id=scene_id,
        title=title,
        duration_s=duration_s,
        size_bytes=1_500_000 * int(duration_s),
        studio_id=5 if scene_id % 2 else None,
        date="",
        created_s=created_s,
        updated_s=created_s,
        rating100=rating,
        organized=False,
        o_count=0,
        play_count=0,
        play_duration_s=0.0,
        resume_s=0.0,
        last_played_s=None,
        plays=(),
        o_times=(),
        performers=performers,
        tags=tags,
        markers=(),
        base_play_s=0.0,
        version=1,
    )
