from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.store.database import Database
from plugin.store.meta import Meta
from plugin.store.store import Store
from tests.plugin.clock import Hands

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.text(st.characters(exclude_categories=["Cs"]), max_size=20), value=JSON.filter(lambda v: v is not None))
def test_what_is_set_is_what_is_got(key: str, value: object) -> None:
    db = Database(":memory:")
    meta = Meta(db)
    meta.set(key, value)
    assert meta.get(key, "default") == value
    meta.set(key, None)
    assert meta.get(key) is None and meta.get(key, "default") == "default"
    db.close()


def test_a_drain_that_works_pauses_and_ends(store: Store, clock: Hands) -> None:
    assert store.drains.get().state == "idle"
    store.drains.begin(12)
    store.drains.report("Medium 2 of 4", 0.25, {"done": 1})
    clock.now_s += 5
    working = store.drains.get()
    assert (working.state, working.stash_job_id, working.sentence) == ("running", 12, "Medium 2 of 4")
    assert (working.share, working.detail, working.heartbeat_s) == (0.25, {"done": 1}, clock.now_s - 5)
    store.drains.end("done: 4 media")
    ended = store.drains.get()
    assert (ended.state, ended.stash_job_id, ended.sentence, ended.share, ended.detail) == (
        "idle",
        None,
        "done: 4 media",
        0.0,
        {},
    )


def test_a_pause_outlives_the_drain_that_it_ends(store: Store) -> None:
    store.drains.begin(12)
    store.drains.pause("paused by the owner")
    store.drains.end("done for now")
    assert store.drains.get().state == "paused"
    store.drains.resume()
    assert (store.drains.get().state, store.drains.get().sentence) == ("idle", "")


def test_resuming_what_works_changes_nothing(store: Store) -> None:
    store.drains.begin(12)
    store.drains.resume()
    assert store.drains.get().state == "running"
