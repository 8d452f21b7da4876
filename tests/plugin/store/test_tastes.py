from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import pytest

from plugin.store import tastes as room
from plugin.store.store import Store, open_store
from plugin.store.tastes import StoredCentre, StoredNeighbours, TasteSummary
from plugin.telemetry.privacy import erase
from tests.plugin.world import Doom, Killed


def centre(number: int, scenes: Sequence[int]) -> StoredCentre:
    """scenes: best first."""
    ids, half = sorted(scenes), [0.5] * len(scenes)
    return StoredCentre(number, 0.5, scenes[:1], ids, [ids.index(n) for n in scenes], half, [0, *scenes[:-1]], half)


def computed(store: Store, of: Sequence[int]) -> int:
    """One whole computation: two tastes, and neighbours of each scene."""
    tastes = store.tastes
    generation = tastes.begin()
    for start in range(0, len(of), 3):
        rows = [StoredNeighbours(n, [other for other in of if other != n], [0.25] * (len(of) - 1)) for n in of[start:]]
        tastes.add_neighbours(generation, rows[:3])
    tastes.add_centre(generation, centre(0, of))
    tastes.add_centre(generation, centre(1, of[::-1]))
    tastes.finish(generation, TasteSummary("lite", len(of), 1, 0))
    tastes.forget_earlier(generation)
    return generation


def told(store: Store) -> object:
    """All that readers see."""
    tastes = store.tastes
    return (
        tastes.summary(),
        [tuple(map(list_of, one)) for one in tastes.centres()],
        [list(tastes.neighbours(n).scenes) for n in range(12)],
    )


def list_of(value: object) -> object:
    return list(value) if isinstance(value, array) else value


def test_what_was_kept_is_read_as_it_was(store: Store) -> None:
    assert (store.tastes.summary(), store.tastes.centres(), list(store.tastes.neighbours(3).scenes)) == (None, [], [])
    computed(store, [1, 2, 3, 5])
    at_s, summary = store.tastes.summary() or (0, None)
    assert (at_s, summary) == (1_000_000.0, TasteSummary("lite", 4, 1, 0))
    first, second = store.tastes.centres()
    assert (first.number, second.number, first.share) == (0, 1, 0.5)
    assert [list(one.scenes) for one in (first, second)] == [[1, 2, 3, 5]] * 2
    assert (list(first.best), list(second.best)) == ([0, 1, 2, 3], [3, 2, 1, 0])
    assert (list(first.because), list(first.nearest), list(first.likeness)) == ([1], [0, 1, 2, 3], [0.5] * 4)
    assert list(store.tastes.neighbours(3).scenes) == [1, 2, 5]
    assert list(store.tastes.neighbours(3).scores) == [0.25] * 3
    assert list(store.tastes.neighbours(4).scenes) == []


def test_one_that_is_not_finished_does_not_count_and_goes_with_the_next(store: Store) -> None:
    computed(store, [1, 2])
    before = told(store)
    generation = store.tastes.begin()
    store.tastes.add_centre(generation, centre(0, [7]))
    store.tastes.add_neighbours(generation, [StoredNeighbours(1, [7], [0.5])])
    assert told(store) == before
    computed(store, [4, 5])
    assert store.db.rows("SELECT count(*), min(scene_id) FROM neighbour") == [(2, 4)]
    assert store.db.rows("SELECT count(*) FROM taste") == [(1,)]
    assert list(store.tastes.neighbours(1).scenes) == []


def test_an_old_one_goes_little_by_little(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "DELETED_AT_ONCE", 2)
    computed(store, list(range(1, 10)))
    computed(store, [1, 2])
    assert store.db.number("SELECT count(*) FROM neighbour") == 2


def test_what_was_watched_goes_with_it_and_which_scenes_look_alike_does_not(store: Store) -> None:
    computed(store, [1, 2])
    erase(store)
    assert store.tastes.centres() == []
    assert list(store.tastes.neighbours(1).scenes) == [2]
    assert store.tastes.summary() is not None


def test_killed_at_any_moment_readers_see_the_one_before_or_the_new_one(
    store_dir: object, clock: Callable[[], float]
) -> None:
    at, seen = 0, []
    while True:
        folder = f"{store_dir}-{at}"
        store = open_store(folder, clock)
        computed(store, [1, 2, 3, 4])
        before = told(store)

        doom = Doom(at)

        def watched(sql: str, *values: object, run: Callable[..., int] = store.db.run, doom: Doom = doom) -> int:
            doom.pass_by(sql[:20])
            answer = run(sql, *values)
            doom.pass_by(f"after {sql[:20]}")
            return answer

        store.db.run = watched  # type: ignore[method-assign]
        try:
            computed(store, [6, 7, 8, 9, 10])
            alive = True
        except Killed:
            alive = False
        store.db._db.close()  # as a killed process leaves it
        again = open_store(folder, clock)
        now = told(again)
        seen.append(now == before)
        assert len(again.tastes.centres()) == 2
        assert now == before or list(again.tastes.neighbours(6).scenes) == [7, 8, 9, 10]
        computed(again, [1, 2, 3, 4])
        assert again.db.number("SELECT count(*) FROM taste") == 1
        again.close()
        if alive:
            break
        at += 1
    assert seen == sorted(seen, reverse=True), "once the new one counts, it goes on counting"
    assert any(seen) and not all(seen)
