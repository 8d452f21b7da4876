"""The index answers as a plain comparison with everything would, whatever happens to its files and around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.people.index import Known, ReferenceIndex, generations, proposals
from sidecar.people.index.found import SUPPORT
from sidecar.values import Vectors
from tests.people.vectors import crowd, stored, unit

DIM = 32
ROOT = Path(__file__).resolve().parents[2]

needs_annoy = pytest.mark.skipif(not proposals.is_installed(), reason="annoy is not installed (it needs a compiler)")


class Truth:
    """What the database would know: the plainest possible index, and the source that sync reads."""

    def __init__(self, identities: NDArray[np.int64], vectors: Vectors, ids: NDArray[np.int64] | None = None) -> None:
        self.ids = np.arange(len(identities)) if ids is None else ids
        self.identities, self.vectors = identities, stored(vectors)
        self.asked: list[int] = []

    def vectors_of(self, ids: NDArray[np.int64]) -> Vectors:
        self.asked += ids.tolist()
        order = np.argsort(self.ids)
        rows: Vectors = self.vectors[order[np.searchsorted(self.ids[order], ids)]]
        return rows

    def sync(self, index: ReferenceIndex) -> int:
        return index.sync(self.ids, self.identities, self.vectors_of)

    def without(self, ids: NDArray[np.int64]) -> Truth:
        kept = ~np.isin(self.ids, ids)
        return Truth(self.identities[kept], self.vectors[kept], self.ids[kept])

    def search(self, query: Vectors, k: int) -> list[Known]:
        scores = self.vectors @ unit(query)
        found = []
        for identity in set(self.identities.tolist()):
            rows = np.flatnonzero(self.identities == identity)
            rows = rows[np.argsort(-scores[rows])]
            mean = float(scores[rows[:SUPPORT]].mean())
            found.append(Known(identity, int(self.ids[rows[0]]), mean, float(scores[rows[0]]), len(rows)))
        return sorted(found, key=lambda one: -one.similarity)[:k]


def assert_same(found: tuple[Known, ...], expected: list[Known]) -> None:
    assert [one.identity for one in found] == [one.identity for one in expected]
    assert [one.reference for one in found] == [one.reference for one in expected]
    assert [one.references for one in found] == [one.references for one in expected]
    assert [one.similarity for one in found] == pytest.approx([one.similarity for one in expected], abs=1e-5)
    assert [one.best for one in found] == pytest.approx([one.best for one in expected], abs=1e-5)


def queries(seed: int, truth: Truth, n: int) -> Vectors:
    """Near some of the references."""
    rng = np.random.default_rng(seed)
    near = truth.vectors[rng.integers(len(truth.ids), size=n)]
    return unit(near + 0.15 * rng.normal(size=near.shape))


def test_it_answers_as_a_plain_comparison_does(tmp_path: Path) -> None:
    truth = Truth(*crowd(1, 60, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM)
    assert index.search(queries(2, truth, 3)) == ((), (), ())
    assert truth.sync(index) == 300
    assert len(index) == 300
    assert (index.search_kind, index.note) == ("exact", "Each of 300 references is compared.")
    asked = queries(2, truth, 40)
    for query, found in zip(asked, index.search(3 * asked, 5), strict=True):
        assert_same(found, truth.search(query, 5))
    assert not any(tmp_path.iterdir()), "so few are read from the database in a moment"


def test_an_identity_with_very_many_references_does_not_hide_the_others(tmp_path: Path) -> None:
    many, few = crowd(1, 1, 400, DIM, 0.95), crowd(2, 12, 1, DIM)
    truth = Truth(np.concatenate([many[0], few[0] + 1]), np.concatenate([many[1], few[1]]))
    index = ReferenceIndex(tmp_path, DIM)
    truth.sync(index)
    query = many[1][0]
    [found] = index.search(query[None], 13)
    assert_same(found, truth.search(query, 13))


@pytest.mark.parametrize("wrong", [np.zeros((1, DIM)), np.full((1, DIM), np.nan), np.ones((1, DIM + 1)), np.ones(DIM)])
def test_queries_that_do_not_fit_are_refused(tmp_path: Path, wrong: Vectors) -> None:
    with pytest.raises(ValueError, match="quer"):
        ReferenceIndex(tmp_path, DIM).search(wrong)


def test_references_that_do_not_fit_are_refused_and_change_nothing(tmp_path: Path) -> None:
    index = ReferenceIndex(tmp_path, DIM)
    for ids, vectors in (([1], np.ones((1, DIM + 1))), ([1], np.full((1, DIM), np.inf)), ([1, 1], np.ones((2, DIM)))):
        with pytest.raises(ValueError):
            index.apply(ids, [0] * len(ids), vectors)
    assert len(index) == 0


pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), unique_by=lambda pair: pair[0])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), pairs),
        st.tuples(st.just("remove"), pairs),
        st.tuples(st.just("sync"), pairs),
        st.tuples(st.just("settle"), st.just([])),
        st.tuples(st.just("reopen"), st.just([])),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=30)
@given(steps)
def test_whatever_is_added_removed_and_reopened_it_knows_what_the_truth_knows(
    done: list[tuple[str, list[tuple[int, int]]]],
) -> None:
    vectors = stored(crowd(3, 31, 1, DIM)[1])
    known: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as name:
        index = ReferenceIndex(Path(name), DIM, rebuild_least=4)
        for what, listed in done:
            ids, identities = [one for one, _ in listed], [identity for _, identity in listed]
            if what == "add":
                index.apply(ids, identities, vectors[ids])
                known.update(listed)
            elif what == "remove":
                index.apply(removed=ids)
                known = {one: identity for one, identity in known.items() if one not in ids}
            elif what == "sync":
                index.sync(ids, identities, lambda some: vectors[some])
                known = dict(listed)
            elif what == "settle":
                assert index.settle(30)
            else:
                index.close()
                index.settle()
                index = ReferenceIndex(Path(name), DIM, rebuild_least=4)
                index.sync(list(known), list(known.values()), lambda some: vectors[some])
            here = index.references()
            assert dict(zip(here.ids.tolist(), here.identities.tolist(), strict=True)) == known
            assert len(index) == len(known)
            kept = np.array(list(known), np.int64)
            truth = Truth(np.array(list(known.values()), np.int64), vectors[kept], kept)
            [found] = index.search(vectors[:1], 4)
            assert_same(found, truth.search(vectors[0], 4))
        index.settle()


def test_a_generation_is_found_again_and_only_what_changed_is_read(tmp_path: Path) -> None:
    truth = Truth(*crowd(1, 100, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    truth.sync(index)
    assert index.settle(30)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "generation-1"]
    truth.asked.clear()
    again = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    assert truth.sync(again) == 0
    assert 32 <= len(truth.asked) <= 64, "a sample, to see that ids still mean the same"
    newer = truth.without(np.arange(10, 20))
    newer.identities[0] = 99
    assert newer.sync(again) == 11
    assert len(again) == 490
    asked = queries(2, newer, 20)
    for query, found in zip(asked, again.search(asked, 5), strict=True):
        assert_same(found, newer.search(query, 5))


def test_an_index_of_another_database_is_made_anew(tmp_path: Path) -> None:
    index = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    Truth(*crowd(1, 100, 5, DIM)).sync(index)
    index.settle()
    other = Truth(*crowd(2, 100, 5, DIM))
    again = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    assert other.sync(again) == 500
    asked = queries(3, other, 10)
    for query, found in zip(asked, again.search(asked, 3), strict=True):
        assert_same(found, other.search(query, 3))
    again.settle()


def test_an_older_copy_of_the_database_that_went_another_way_is_noticed(tmp_path: Path) -> None:
    identities, vectors = crowd(1, 100, 5, DIM)
    index = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    Truth(identities, vectors).sync(index)
    index.settle()
    others = np.concatenate([vectors[:480], crowd(9, 4, 5, DIM)[1]])
    again = ReferenceIndex(tmp_path, DIM, rebuild_least=1000)
    Truth(identities, others).sync(again)
    [found] = again.search(others[-1:], 1)
    assert found[0].best == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("name", [generations.VECTORS, generations.IDS, generations.MANIFEST])
@pytest.mark.parametrize("how", ["changed", "cut", "missing"])
def test_a_damaged_generation_is_dropped(tmp_path: Path, name: str, how: str) -> None:
    truth = Truth(*crowd(1, 100, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    truth.sync(index)
    index.settle()
    path = tmp_path / "generation-1" / name
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if how == "cut" else content[:7] + bytes([content[7] ^ 255]) + content[8:])
    again = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    assert len(again) == 0
    assert truth.sync(again) == 500
    again.settle()
    third = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    assert len(third) == 500
    assert truth.sync(third) == 0


def test_the_generation_before_serves_where_the_newest_is_damaged_and_older_ones_go(tmp_path: Path) -> None:
    truth = Truth(*crowd(1, 100, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM, rebuild_least=100)
    for kept in (200, 330, 500):
        truth.without(np.arange(kept, 500)).sync(index)
        index.settle()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "generation-2", "generation-3"]
    (tmp_path / "generation-3" / generations.VECTORS).write_bytes(b"")
    again = ReferenceIndex(tmp_path, DIM, rebuild_least=1000)
    assert len(again) == 330
    assert truth.sync(again) == 170


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index = ReferenceIndex(folder, DIM, rebuild_least=100)
    folder.write_text("in the way")
    truth = Truth(*crowd(1, 100, 5, DIM))
    truth.sync(index)
    index.settle()
    assert "A new index could not be written" in index.note
    [found] = index.search(truth.vectors[:1], 1)
    assert found[0].reference == 0
    folder.unlink()
    index.apply(removed=range(2))
    index.settle()
    assert not folder.exists(), "it is not tried again at each change"


def test_erasing_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index = ReferenceIndex(folder, DIM, rebuild_least=100)
    truth = Truth(*crowd(1, 100, 5, DIM))
    truth.sync(index)
    index.erase()  # while it builds
    assert not folder.exists()
    assert (len(index), index.search(truth.vectors[:1])) == (0, ((),))
    truth.sync(index)
    index.settle()
    index.erase()
    assert not folder.exists()


@needs_annoy
def test_annoy_proposes_and_the_exact_comparison_decides(tmp_path: Path) -> None:
    truth = Truth(*crowd(1, 600, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM, exact_limit=2500, rebuild_least=100)
    truth.sync(index)
    assert (index.search_kind, index.note) == (
        "exact",
        "Each of 3 000 references is compared until annoy's index is built.",
    )
    index.settle()
    assert (index.search_kind, index.note) == (
        "annoy + exact",
        "annoy proposes among 3 000 references, and an exact comparison decides.",
    )
    newer = truth.without(np.arange(0, 250))
    added = Truth(np.array([9000]), unit(np.ones((1, DIM))), np.array([9000]))
    index.apply(added.ids, added.identities, added.vectors, np.arange(0, 250))
    assert index.search(added.vectors)[0][0].identity == 9000, "what is newer than annoy's file is found too"
    index.apply(removed=added.ids)
    asked = queries(2, newer, 60)
    by_themselves = [index.search(query[None], 1)[0] for query in asked]
    for query, found, of_batch in zip(asked, by_themselves, index.search(asked, 1), strict=True):
        assert_same(found, newer.search(query, 1))
        assert_same(of_batch, newer.search(query, 1))
    # Few are left: no need to propose.
    index.apply(removed=np.arange(250, 1500))
    assert index.search_kind == "exact"
    index.settle()


@needs_annoy
def test_a_damaged_annoy_file_is_never_opened(tmp_path: Path) -> None:
    truth = Truth(*crowd(1, 600, 5, DIM))
    index = ReferenceIndex(tmp_path, DIM, exact_limit=2500)
    truth.sync(index)
    index.settle()
    path = tmp_path / "generation-1" / generations.ANNOY
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    again = ReferenceIndex(tmp_path, DIM, exact_limit=2500)
    assert (len(again), again.search_kind) == (0, "exact")
    truth.sync(again)
    again.settle()
    assert again.search_kind == "annoy + exact"


def test_without_annoy_every_one_is_compared_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Truth(*crowd(1, 600, 5, DIM))
    if proposals.is_installed():  # As after an update of Python: a file is there, and the package is not.
        index = ReferenceIndex(tmp_path, DIM, exact_limit=2500)
        truth.sync(index)
        index.settle()
    monkeypatch.setattr(proposals, "is_installed", lambda: False)
    index = ReferenceIndex(tmp_path, DIM, exact_limit=2500)
    truth.sync(index)
    index.settle()
    assert index.search_kind == "exact"
    assert "package annoy, which a C++ compiler must build, is not installed" in index.note
    asked = queries(2, truth, 5)
    for query, found in zip(asked, index.search(asked, 1), strict=True):
        assert_same(found, truth.search(query, 1))


@pytest.mark.parametrize("exact_limit", [10**9, pytest.param(1500, marks=needs_annoy)])
def test_generations_are_swapped_under_concurrent_queries(tmp_path: Path, exact_limit: int) -> None:
    """While others come and go, those who stay are found by every query, under the right name, with the same score."""
    people, each = 500, 4
    staying = Truth(*crowd(1, people, each, DIM, 0.9))
    index = ReferenceIndex(tmp_path, DIM, exact_limit=exact_limit, rebuild_least=250)
    staying.sync(index)
    index.settle()
    asked = staying.vectors[::each]
    expected = index.search(asked, 1)
    wrong: list[str] = []
    searches = 0
    stop = threading.Event()

    def search(seed: int) -> None:
        nonlocal searches
        rng = np.random.default_rng(seed)
        while not stop.is_set():
            rows = rng.integers(people, size=8)
            for row, found in zip(rows.tolist(), index.search(asked[rows], 1), strict=True):
                best, at_first = found[0], expected[row][0]
                if (best.identity, best.reference) != (at_first.identity, at_first.reference):
                    wrong.append(f"{row}: {best}")
                if abs(best.similarity - at_first.similarity) > 1e-5:
                    wrong.append(f"{row}: {best.similarity} was {at_first.similarity}")
                searches += 1

    threads = [threading.Thread(target=search, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    numbers, others = set(), crowd(5, 300, 1, DIM)
    for turn in range(3):
        ids = 10_000 + 1_000 * turn + np.arange(300)
        index.apply(ids, ids, others[1])
        index.settle()
        numbers.add((tmp_path / generations.CURRENT).read_text())
        index.apply(removed=ids)
        index.settle()
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:5]
    assert len(numbers) == 3
    assert searches > 100


CHILD = """
    import sys
    from pathlib import Path
    from sidecar.people.index import ReferenceIndex
    from tests.people.vectors import crowd
    folder, limit = Path(sys.argv[1]), int(sys.argv[2])
    identities, vectors = crowd(1, 2000, 5, 64)
    index = ReferenceIndex(folder, 64, exact_limit=limit, rebuild_least=100)
    first = 6000
    index.sync(range(first), identities[:first], lambda ids: vectors[ids])
    index.settle()
    print("ready", flush=True)
    index.sync(range(len(vectors)), identities, lambda ids: vectors[ids])
    index.settle()
    print("built", flush=True)
"""


@pytest.mark.parametrize("delay_s", [0.0, 0.1])
@pytest.mark.parametrize("limit", [10**9, pytest.param(5000, marks=needs_annoy)])
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_while_it_rebuilds_the_old_generation_serves(tmp_path: Path, limit: int, delay_s: float) -> None:
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path), str(limit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        deadline = time.monotonic() + 20
        while not any(tmp_path.glob("generation-2*")) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(delay_s)
        child.send_signal(signal.SIGKILL)
    identities, vectors = crowd(1, 2000, 5, 64)
    truth = Truth(identities, vectors)
    index = ReferenceIndex(tmp_path, 64, exact_limit=limit, rebuild_least=100)
    assert len(index) in (6_000, 10_000)
    assert not list(tmp_path.glob("*.new")), "what was half-written is gone"
    assert truth.sync(index) == 10_000 - len(index) or len(index) == 10_000
    assert index.settle(60)
    rows = np.arange(0, 10_000, 977)
    for row, found in zip(rows.tolist(), index.search(truth.vectors[rows], 1), strict=True):
        assert found[0].identity == identities[row]
    assert len(ReferenceIndex(tmp_path, 64, exact_limit=limit)) == 10_000
