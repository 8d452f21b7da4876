"""Finds the identities that a face is most like."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sidecar.blas import use_one_blas_thread
from sidecar.people.index import generations, proposals
from sidecar.people.index.delta import Delta
from sidecar.people.index.found import Known
from sidecar.people.index.generations import Generation
from sidecar.people.index.references import References
from sidecar.people.index.segments import Halves, Ids, Segment
from sidecar.people.index.snapshot import Snapshot, search_exactly, search_proposed
from sidecar.values import Vectors

LOG = logging.getLogger(__name__)

EXACT_LIMIT = 50_000
"""References from which on annoy proposes. Below, comparing with every one takes a few milliseconds."""
REBUILD_SHARE = 0.1
REBUILD_LEAST = 2_000
"""Changes below this are never worth a generation: they are read from the database in a moment."""
BATCH, BATCH_LIMITS = 16, 5
"""So many queries at once are compared with all references up to so many times the limit: they share the cost of
reading, which makes it faster than annoy there (100 000 x 512: 2.5 ms each against 16)."""
SCORES_AT_ONCE = 1 << 23
"""Scores that are held in memory at a time: 32 MB."""
CHECKED = 64
"""Vectors that sync compares with the truth."""


class ReferenceIndex:
    """An index over the references of one model, in a folder that is its own.

    The truth lies elsewhere: after opening, and whenever the truth may have changed in another way than through
    `apply`, call `sync`. An id means the same vector for ever; whose it is may change. Ids are 0 or larger.
    Safe to use from any number of threads; a search sees all of a change or nothing of it.

    exact_limit: see EXACT_LIMIT. rebuild_least: see REBUILD_LEAST.
    """

    def __init__(
        self, folder: Path, dim: int, exact_limit: int = EXACT_LIMIT, rebuild_least: int = REBUILD_LEAST
    ) -> None:
        """Opens what lies in the folder; what is damaged there is left out. Raises OSError if it cannot be read."""
        self.folder, self.dim = folder, dim
        self._exact_limit, self._rebuild_least = exact_limit, rebuild_least
        self._changing = threading.RLock()
        self._builder: threading.Thread | None = None
        self._closed = False
        self._failed_at = 0
        self._problem = ""
        generation, wrong = generations.load(folder, dim)
        if wrong:
            LOG.warning("face index %s: %s", folder, wrong)
        generations.tidy(folder)
        self._delta = Delta(dim)
        self._snapshot = Snapshot(generation, generation.segment, self._delta.segment)

    def __len__(self) -> int:
        """References that can be found."""
        return self._snapshot.live

    @property
    def search_kind(self) -> str:
        """How it is searched now: "exact" or "annoy + exact"."""
        return "annoy + exact" if self._proposes(self._snapshot) else "exact"

    @property
    def note(self) -> str:
        """Why it is so: a sentence."""
        snapshot = self._snapshot
        count = f"{snapshot.live:,}".replace(",", " ")
        if self._problem:
            return f"{count} references, searched {self.search_kind}. A new index could not be written: {self._problem}"
        if self._proposes(snapshot):
            return f"annoy proposes among {count} references, and an exact comparison decides."
        if snapshot.live < self._exact_limit:
            return f"Each of {count} references is compared."
        if not proposals.is_installed():
            return (
                f"Each of {count} references is compared, which takes longer: the package annoy, which a C++ compiler "
                "must build, is not installed."
            )
        return f"Each of {count} references is compared until annoy's index is built."

    @property
    def size_bytes(self) -> int:
        """Bytes on disk."""
        return generations.size_bytes(self.folder)

    def references(self) -> References:
        """All that can be found now."""
        return self._snapshot.references

    def search(self, queries: Vectors, k: int = 5) -> tuple[tuple[Known, ...], ...]:
        """For each query the k most similar identities, best first; fewer where there are fewer.

        queries: float32 (Q, dim), of any length but 0. Scores are exact cosines with the stored float16 vectors. Among
        identities with several references, those whose best one is the most alike are looked at: 2k + 6 of them.
        Raises ValueError for queries that do not fit.
        """
        use_one_blas_thread()
        wanted = _unit(queries, self.dim)
        snapshot = self._snapshot
        if snapshot.live == 0 or k < 1:
            return ((),) * len(wanted)
        found: list[tuple[Known, ...]] = []
        is_batch = len(wanted) >= BATCH and snapshot.live < BATCH_LIMITS * self._exact_limit
        exact = is_batch or not self._proposes(snapshot)
        step = max(1, SCORES_AT_ONCE // max(1, len(snapshot.delta) + (len(snapshot.base) if exact else 0)))
        for start in range(0, len(wanted), step):
            part = wanted[start : start + step]
            found += search_exactly(snapshot, part, k) if exact else search_proposed(snapshot, part, k)
        return tuple(found)

    def apply(
        self,
        ids: ArrayLike = (),
        identities: ArrayLike = (),
        vectors: NDArray[np.floating] | None = None,
        removed: ArrayLike = (),
    ) -> None:
        """References came (or became somebody else's), and others went. Idempotent.

        ids, identities: int64 (N,). vectors: (N, dim), unit length, stored as float16; not looked at for ids that are
        there. removed: ids, unknown ones are passed over. Raises ValueError for what does not fit.
        """
        new_ids, new_identities = _int64(ids), _int64(identities)
        halves = np.zeros((0, self.dim), np.float16) if vectors is None else np.asarray(vectors).astype(np.float16)
        if halves.shape != (len(new_ids), self.dim) or new_ids.shape != new_identities.shape:
            raise ValueError(
                f"expected N ids, N identities and vectors of shape (N, {self.dim}), got {new_ids.shape}, "
                f"{new_identities.shape} and {halves.shape}"
            )
        if not np.isfinite(halves).all():
            raise ValueError("a reference's vector is not finite")
        if len(np.unique(new_ids)) < len(new_ids):
            raise ValueError("an id is there twice")
        with self._changing:
            self._remove(_int64(removed))
            self._add(new_ids, new_identities, halves)
            self._publish()

    def sync(self, ids: ArrayLike, identities: ArrayLike, vectors_of: Callable[[Ids], NDArray[np.floating]]) -> int:
        """Make the index hold exactly these references; return how many came, went or changed hands.

        ids, identities: int64 (N,), all that the truth knows, in any order, each id once. vectors_of: gives the
        vectors (n, dim) of some of these ids, in the order asked; asked only for what is not here, and for a few that
        are, to see that both mean the same. Costs some milliseconds where nothing changed.
        """
        true_ids, true_identities = _int64(ids), _int64(identities)
        order = np.argsort(true_ids, kind="stable")
        true_ids, true_identities = true_ids[order], true_identities[order]
        if len(true_ids) > 1 and (true_ids[1:] == true_ids[:-1]).any():
            raise ValueError("an id is there twice")
        with self._changing:
            if not self._agrees(true_ids, vectors_of):
                LOG.warning("face index %s is of another database: it is made anew", self.folder)
                self._forget()
            here = self.references()
            if np.array_equal(here.ids, true_ids) and np.array_equal(here.identities, true_identities):
                self._publish()
                return 0
            removed = np.setdiff1d(here.ids, true_ids, assume_unique=True)
            is_new = ~np.isin(true_ids, here.ids, assume_unique=True)
            kept_as = here.identities[np.isin(here.ids, true_ids, assume_unique=True)]
            renamed = np.flatnonzero(~is_new)[kept_as != true_identities[~is_new]]
            self._remove(removed)
            self._rename(true_ids[renamed], true_identities[renamed])
            new, new_identities = true_ids[is_new], true_identities[is_new]
            for start in range(0, len(new), 4096):
                some = new[start : start + 4096]
                halves = np.asarray(vectors_of(some)).astype(np.float16)
                if halves.shape != (len(some), self.dim):
                    raise ValueError(f"expected {len(some)} vectors of {self.dim} numbers, got {halves.shape}")
                self._add(some, new_identities[start : start + 4096], halves)
            self._publish()
            return len(removed) + len(renamed) + len(new)

    def erase(self) -> None:
        """Forget all references and delete the folder. The index stays usable."""
        with self._changing:
            self._forget()
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.settle(0):
            self.settle()
            shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self, timeout_s: float | None = None) -> bool:
        """Wait until no new generation is being built; False if the time was not enough."""
        while (builder := self._builder) is not None and builder.is_alive():
            builder.join(timeout_s)
            if builder.is_alive():
                return False
        return True

    def close(self) -> None:
        """A build that is under way is given up; searches still answer."""
        self._closed = True

    # What follows is called with self._changing held.

    def _remove(self, ids: Ids) -> None:
        snapshot = self._snapshot
        rows = _rows_of(snapshot.base.ids, ids)
        base = snapshot.base.without(rows) if len(rows) else snapshot.base
        self._delta.remove(ids)
        self._snapshot = replace(snapshot, base=base, delta=self._delta.segment)

    def _rename(self, ids: Ids, identities: Ids) -> None:
        base = self._snapshot.base
        rows = _rows_of(base.ids, ids)
        if len(rows):
            whose = dict(zip(ids.tolist(), identities.tolist(), strict=True))
            base = base.named(rows, np.array([whose[one] for one in base.ids[rows].tolist()], np.int64))
        self._delta.rename(ids, identities)
        self._snapshot = replace(self._snapshot, base=base, delta=self._delta.segment)

    def _add(self, ids: Ids, identities: Ids, halves: Halves) -> None:
        base = self._snapshot.base
        rows = _rows_of(base.ids, ids)
        if len(rows) and not base.alive[rows].all():
            self._snapshot = replace(self._snapshot, base=base.with_rows(rows))
        self._rename(ids, identities)
        is_new = ~np.isin(ids, base.ids[rows])
        self._delta.add(ids[is_new], identities[is_new], halves[is_new])
        self._snapshot = replace(self._snapshot, delta=self._delta.segment)

    def _forget(self) -> None:
        self._delta = Delta(self.dim)
        self._snapshot = Snapshot(Generation(0, Segment.empty(self.dim)), Segment.empty(self.dim), self._delta.segment)
        self._failed_at = 0

    def _agrees(self, true_ids: Ids, vectors_of: Callable[[Ids], NDArray[np.floating]]) -> bool:
        here = self.references()
        rows = np.flatnonzero(np.isin(here.ids, true_ids, assume_unique=True))
        if not len(rows):
            return True
        # The newest ones too: where an older copy of the database was put back, it is they whose ids mean others now.
        newest = rows[-CHECKED // 2 :]
        others = np.random.default_rng(len(rows)).choice(rows, min(CHECKED // 2, len(rows)), replace=False)
        some = np.union1d(newest, others)
        theirs = np.asarray(vectors_of(here.ids[some])).astype(np.float16)
        return np.array_equal(here.halves(some), theirs)

    def _publish(self) -> None:
        """Build a new generation if the one in use has fallen behind too far."""
        snapshot = self._snapshot
        if self._closed or (self._builder is not None and self._builder.is_alive()):
            return
        if not self._is_stale(snapshot) or snapshot.changed <= 2 * self._failed_at:
            return
        self._builder = threading.Thread(
            target=self._build, args=(snapshot, self._delta), name="face index", daemon=True
        )
        self._builder.start()

    def _is_stale(self, snapshot: Snapshot) -> bool:
        lacks_annoy = (
            snapshot.live >= self._exact_limit and snapshot.generation.proposals is None and proposals.is_installed()
        )
        if lacks_annoy:
            return True
        return snapshot.changed >= max(self._rebuild_least, REBUILD_SHARE * len(snapshot.base))

    # End of what is called with self._changing held.

    def _build(self, snapshot: Snapshot, origin: Delta) -> None:
        try:
            references = snapshot.references
            with_annoy = len(references) >= self._exact_limit and proposals.is_installed()
            generation = generations.write(
                self.folder, references, with_annoy, lambda: not self._closed and self._delta is origin
            )
        except Exception as error:
            # Whatever it is, the generation in use still serves.
            with self._changing:
                if self._delta is origin:
                    LOG.exception("no new face index in %s", self.folder)
                    self._problem, self._failed_at = str(error), max(1, snapshot.changed)
            return
        with self._changing:
            if generation is None or self._delta is not origin:
                return
            self._swap(generation)

    def _swap(self, generation: Generation) -> None:
        """Put a generation to use: what changed while it was being built goes on top of it."""
        now = self.references()
        base = generation.segment
        gone = np.flatnonzero(~np.isin(base.ids, now.ids, assume_unique=True))
        if len(gone):
            base = base.without(gone)
        of_row = base.identities.of_row.copy()
        of_row[base.alive] = now.identities[np.searchsorted(now.ids, base.ids[base.alive])]
        base = base.named(np.arange(len(base)), of_row)
        newer = np.flatnonzero(~np.isin(now.ids, base.ids, assume_unique=True))
        self._delta = Delta(self.dim)
        self._delta.add(now.ids[newer], now.identities[newer], now.halves(newer))
        self._problem, self._failed_at = "", 0
        self._snapshot = Snapshot(generation, base, self._delta.segment)

    def _proposes(self, snapshot: Snapshot) -> bool:
        return snapshot.generation.proposals is not None and snapshot.live >= self._exact_limit


def _rows_of(base_ids: Ids, ids: Ids) -> NDArray[np.int64]:
    """Rows of those of these ids that a base has, ascending. base_ids are ascending."""
    if not len(ids) or not len(base_ids):
        return np.zeros(0, np.int64)
    rows = np.searchsorted(base_ids, ids).clip(max=len(base_ids) - 1)
    return np.unique(rows[base_ids[rows] == ids])


def _int64(values: ArrayLike) -> Ids:
    return np.asarray(values, np.int64).reshape(-1)


def _unit(queries: Vectors, dim: int) -> Vectors:
    wanted = np.asarray(queries, np.float32)
    if wanted.ndim != 2 or wanted.shape[1] != dim:
        raise ValueError(f"expected queries of shape (Q, {dim}), got {wanted.shape}")
    lengths = np.linalg.norm(wanted, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise ValueError("a query is not finite, or has no length")
    unit: Vectors = np.ascontiguousarray(wanted / lengths)
    return unit
