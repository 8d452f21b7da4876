"""scripts/evaluate_recommenders: on libraries with planted tastes ours are better than what they must beat."""

from __future__ import annotations

import json
import statistics
from itertools import pairwise
from pathlib import Path

import pytest

from plugin.library.building import refresh_catalogue
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.store.store import open_store
from scripts.commands import evaluate_recommenders
from scripts.evaluation.planted import FILLERS, GENRES, TAGS_OF_GENRE, Planted, plant
from scripts.evaluation.planted_world import PlantedWorld
from scripts.evaluation.report import beaten
from tests.plugin.library.samples import analysed, known_scene, watched

BASELINES = {"compat personalized_tfidf", "popularity", "random"}


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant(1, scenes=400, days=200)


def test_ours_beat_the_rivals_popularity_and_chance_surely(planted: Planted) -> None:
    """The script asks twelve libraries of 900 scenes in both contexts; two small ones are enough for the feed."""
    worlds = [(str(one.seed), PlantedWorld(one)) for one in (planted, plant(2, scenes=400, days=200))]
    (feed,) = evaluate_recommenders.measure(worlds, 10, ("global_feed",))
    assert beaten(feed) == dict.fromkeys(BASELINES, True)
    blend = feed.qualities["blend"]
    assert all(blend.ndcg.low > feed.qualities[name].ndcg.high for name in BASELINES)
    assert feed.qualities["personalized_tfidf"].ndcg.low > feed.qualities["compat personalized_tfidf"].ndcg.high
    assert blend.coverage.value > feed.qualities["popularity"].coverage.value


def test_what_the_planted_library_says_of_itself_is_so(planted: Planted) -> None:
    scenes, visits = planted.scenes, planted.visits
    assert plant(1, scenes=400, days=200) == planted, "the same for the same seed"
    assert plant(3, scenes=100, days=20) != plant(4, scenes=100, days=20)
    first_filler = 1 + GENRES * TAGS_OF_GENRE
    fillers = [sum(tag >= first_filler for tag in scene.spans) for scene in scenes]
    assert 0.4 * FILLERS < statistics.mean(fillers) < 0.6 * FILLERS
    long = [scene.duration_s for scene in scenes if len(scene.genres) >= 4]
    assert statistics.median(long) > 2 * statistics.median(scene.duration_s for scene in scenes)
    assert 0.03 < sum(not scene.seen for scene in scenes) / len(scenes) < 0.13
    assert all(
        0 <= start < end <= scene.duration_s + 12 for scene in scenes for w in scene.seen.values() for start, end in w
    )

    places = [visit.place for visit in visits]
    assert 0.15 < 1 - len(set(places)) / len(places) < 0.6, "some are watched again"
    assert 0.1 < sum(visit.skipped for visit in visits) / len(visits) < 0.5, "some are left at once"
    assert all(visit.seconds <= 15 for visit in visits if visit.skipped)
    assert all(scenes[visit.place].created_s <= visit.at_s for visit in visits), "nothing is watched before it is there"
    assert all(a.at_s <= b.at_s for a, b in pairwise(visits))
    for visit in visits:
        assert all(start < end for start, end in visit.segments)
        assert all(a[1] <= b[0] for a, b in pairwise(visit.segments))
    assert max(drift(plant(seed, scenes=300, days=150)) for seed in (5, 6, 7)) > 0.15, "tastes drift"


def drift(library: Planted) -> float:
    """How much more of one genre is enjoyed in the later half, or in the earlier."""
    enjoyed = [library.scenes[visit.place].genres for visit in library.visits if not visit.skipped]
    halves = enjoyed[: len(enjoyed) // 2], enjoyed[len(enjoyed) // 2 :]
    early, late = (
        [sum(each.get(genre, 0.0) for each in half) / len(half) for genre in range(GENRES)] for half in halves
    )
    return max(abs(a - b) for a, b in zip(early, late, strict=True))


def test_tables_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--owners", "1", "--scenes", "120", "--days", "60", "--cases", "5"]
    assert evaluate_recommenders.main(arguments) == 0
    text = capsys.readouterr().out
    assert text.startswith("120 scenes, 60 days, planted with seeds 1\n")
    assert "* blend" in text and "  compat segment_similarity" in text and "hit rate@10" in text
    assert evaluate_recommenders.main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["libraries"] == {"seeds": [1], "scenes": 120, "days": 60}
    assert set(told["contexts"]) == {"global_feed", "similar_scene"}
    feed = told["contexts"]["global_feed"]
    assert set(feed["recommenders"]) >= BASELINES | {"blend", "fresh", "personalized_tfidf"}
    for measures in feed["recommenders"].values():
        assert set(measures) == {"hit_rate", "ndcg", "coverage", "novelty"}
        assert all(low <= value <= high for value, low, high in measures.values())
    assert set(feed["blend_beats"]) == BASELINES


def test_an_owners_own_store_is_only_read(planted: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A part of the planted history, as the plugin would have stored it."""
    last = planted.visits[160]
    store = open_store(str(tmp_path), lambda: last.at_s)
    try:
        store.library.save(
            [
                known_scene(
                    scene.scene_id,
                    duration_s=scene.duration_s,
                    created_s=scene.created_s,
                    studio_id=scene.studio or None,
                    performers=scene.performers,
                )
                for scene in planted.scenes[:250]
            ]
        )
        for scene in planted.scenes[:250]:
            spans = {planted.tags[tag]: where for tag, where in scene.seen.items()}
            analysed(store, scene.scene_id, spans, duration_s=scene.duration_s)
        refresh_catalogue(store, OwnerSettings(), PolicyBook())
        for visit in planted.visits[:160]:
            if visit.place < 250:
                watched(store, planted.scenes[visit.place].scene_id, visit.segments, visit.at_s)
    finally:
        store.close()
    before = (tmp_path / "store.db").read_bytes()
    assert evaluate_recommenders.main(["--data", str(tmp_path), "--cases", "3", "--json"]) == 0
    feed = json.loads(capsys.readouterr().out)["contexts"]["global_feed"]
    assert feed["cases"] == 3
    assert set(feed["recommenders"]) >= BASELINES | {"blend"}
    assert [name for name, each in feed["recommenders"].items() if not each["coverage"][0]] == ["taste"]  # no vectors
    assert (tmp_path / "store.db").read_bytes() == before
    assert evaluate_recommenders.main(["--store", str(tmp_path / "store.db"), "--cases", "1"]) == 0
    assert capsys.readouterr().out.startswith(str(tmp_path / "store.db"))


def test_what_cannot_be_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_recommenders.main(["--data", str(tmp_path)]) == 1
    assert "store.db is not there" in capsys.readouterr().err
    (tmp_path / "store.db").write_bytes(b"no database at all" * 100)
    assert evaluate_recommenders.main(["--data", str(tmp_path)]) == 1
    assert "store.db cannot be read" in capsys.readouterr().err
    (tmp_path / "store.db").unlink()
    open_store(str(tmp_path)).close()
    assert evaluate_recommenders.main(["--data", str(tmp_path)]) == 1
    assert "Too little was watched to tell." in capsys.readouterr().out
    for wrong in (["--owners", "0"], ["--cases", "-1"], ["--data", "a", "--store", "b"]):
        with pytest.raises(SystemExit) as stopped:
            evaluate_recommenders.main(wrong)
        assert stopped.value.code == 2
