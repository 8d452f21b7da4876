"""The feature store: vectors of frames by content and model, safe against being killed at any moment."""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.store import media as media_table
from sidecar.store import pooled as pooled_table
from sidecar.store import prompts as prompt_table
from sidecar.store import sets as set_table
from sidecar.store.coverage import Coverage, normalise
from sidecar.store.database import Database
from sidecar.store.errors import StoreError, StoreFull
from sidecar.store.faces.store import FaceStore
from sidecar.store.lock import StoreLock
from sidecar.store.pooled import PooledSet
from sidecar.store.rows import (
    FeatureSet,
    Flags,
    Float16Vectors,
    MediaKind,
    MediaRow,
    PassState,
    PtsSeconds,
    Usage,
)
from sidecar.store.schedule import ScheduleTable
from sidecar.store.sets import SetRow
from sidecar.store.vectorfile import HEADER_BYTES, Chunk, Records, VectorFile, crc32, file_name
from sidecar.values import ContentKey

log = logging.getLogger(__name__)

DATABASE_NAME = "sidecar.db"
FEATURES_NAME = "features"
N_LOCKS = 64
"""Locks that contents share by hash: few enough to keep for ever, many enough that threads seldom meet."""


class FeatureStore:
    """Vectors of frames in `features/`, what counts of them in `sidecar.db`, under one data folder.

    Truth: rows are written and synced to their vector file first; then one short transaction makes them count. A
    process that dies in between leaves a tail that nobody reads and that the next append overwrites. Rows that were
    lost behind our back are noticed when their set is next touched: what precedes the loss stays valid, the rest and
    its coverage are dropped (logged, never raised) and are there to be analysed again.

    Any thread may call any method. Threads that touch the same content take turns; those that touch different content
    write and sync their files side by side and meet only in the database, for the length of one short transaction.
    One process owns the data folder at a time.
    """

    def __init__(self, data_dir: Path, lock: StoreLock, db: Database, clock: Callable[[], float]) -> None:
        """Use FeatureStore.open."""
        self._features_dir = data_dir / FEATURES_NAME
        self._database_path = data_dir / DATABASE_NAME
        self._lock = lock
        self._db = db
        self._clock = clock
        self._content_locks = tuple(threading.RLock() for _ in range(N_LOCKS))
        self._n_verified: dict[int, int] = {}
        self._faces = FaceStore(db, clock)

    @classmethod
    def open(cls, data_dir: Path, address: str = "", clock: Callable[[], float] = time.time) -> FeatureStore:
        """Own a data folder, made if new (mode 0700), and bring its database to the newest schema.

        address: where this process serves, told to those who find the folder locked. clock: Unix time.
        Raises StoreLocked, StoreTooNew, StoreDamaged, StoreFull, StoreError; none of them changes what is stored.
        """
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            (data_dir / FEATURES_NAME).mkdir(exist_ok=True)
        except OSError as error:
            raise _as_store_error(error, f"cannot make the data folder {data_dir}") from error
        lock = StoreLock(data_dir, address)
        try:
            store = cls(data_dir, lock, Database(data_dir / DATABASE_NAME), clock)
            store._delete_doomed_files()
        except BaseException:
            lock.release()
            raise
        return store

    def close(self) -> None:
        """Close the database and give the folder up. Safe to call twice. Sets that were handed out stay readable."""
        self._db.close()
        self._lock.release()

    def __enter__(self) -> FeatureStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def announce(self, address: str, version: str = "", launch_id: str = "") -> None:
        """Tell those who find the folder locked where this process serves, and what it is."""
        self._lock.announce(address, version, launch_id)

    @property
    def schedule(self) -> ScheduleTable:
        """When to wake whom; kept in the same database."""
        return ScheduleTable(self._db)

    @property
    def faces(self) -> FaceStore:
        """Faces of media, and who is known by them; kept in the same database."""
        return self._faces

    # Media and passes

    def media(self, key: ContentKey) -> MediaRow | None:
        """What is known of this content; None if it was never remembered."""
        return media_table.find_media(self._db, key)

    def remember_media(
        self,
        key: ContentKey,
        kind: MediaKind,
        path: str,
        *,
        duration_s: float | None = None,
        width_px: int | None = None,
        height_px: int | None = None,
        container: str = "",
        codec: str = "",
    ) -> None:
        """Note where this content lies now and what it is.

        path: of a file, or a URL without secrets. What is not known now (None, "") does not erase what was known.
        """
        _check_key(key)
        now_s = self._clock()
        media_table.save_media(
            self._db, MediaRow(key, kind, path, duration_s, width_px, height_px, container, codec, now_s, now_s)
        )

    def pass_state(self, key: ContentKey, model_key: str) -> PassState | None:
        """How far the passes have come; None if none was recorded, or if rows that they gave were lost since."""
        with self._lock_of(key):
            if row := set_table.find_set(self._db, key, model_key):
                self._intact_chunks(row)
            return media_table.find_pass_state(self._db, key, model_key)

    def set_pass_state(self, key: ContentKey, model_key: str, state: PassState) -> None:
        """Replace the record of how far the passes have come. Call it after the rows that it speaks of."""
        _check_key(key)
        media_table.save_pass_state(self._db, key, model_key, state)

    # Features

    def features(self, key: ContentKey, model_key: str) -> FeatureSet | None:
        """All samples of this content under this model, in memory; None if there are none and nothing is covered."""
        with self._lock_of(key):
            row = set_table.find_set(self._db, key, model_key)
            return None if row is None else self._load(row, VectorFile.read)

    def iter_feature_sets(self, model_key: str) -> Iterator[FeatureSet]:
        """Every set under this model, one at a time, ordered by content key.

        Vectors are mapped from the file where it is in pts order, else in memory; drop each set before the next to
        keep memory low. Sets that are appended or forgotten meanwhile may be in or out.
        """
        for listed in set_table.sets_of_model(self._db, model_key):
            with self._lock_of(listed.key):
                row = set_table.find_set(self._db, listed.key, model_key)
                found = None if row is None else self._load(row, VectorFile.map)
            if found is not None:
                yield found

    def append(
        self,
        key: ContentKey,
        model_key: str,
        dim: int,
        pts_s: PtsSeconds,
        flags: Flags | None,
        vectors: NDArray[np.float32] | Float16Vectors,
        coverage: Sequence[Coverage] = (),
    ) -> int:
        """Add samples, durably, with the coverage that the set has once they are in; the number of rows added.

        pts_s: (N,) finite seconds in any order. flags: uint16 (N,) or None for no flags. vectors: (N, dim), stored as
        float16. N may be 0, to add coverage alone. A sample whose pts is stored already (to the microsecond) is left
        out, so the same append twice is one append.
        Raises ValueError for arguments that do not fit each other or the set, StoreFull, StoreError.
        """
        _check_key(key)
        samples = _checked_samples(dim, pts_s, flags, vectors)
        with self._lock_of(key):
            row = set_table.find_set(self._db, key, model_key)
            if row is not None and row.dim != dim:
                raise ValueError(f"the set of {key} under {model_key!r} has dim {row.dim}, got vectors of dim {dim}")
            chunks = [] if row is None else self._intact_chunks(row)
            before = () if row is None else set_table.coverage_of(self._db, row.id)
            file = self._file(key, model_key, dim)
            n_rows = _n_rows(chunks)
            records = file.pack(*samples)[_new_samples(samples[0], self._stored_pts_s(file, n_rows))]
            gained = [part for part in normalise([*before, *coverage]) if part not in before]
            if len(records) or gained:
                self._commit(file, Chunk(0, n_rows, len(records), crc32(records)), records, gained, len(chunks))
            return len(records)

    def forget(self, key: ContentKey) -> None:
        """Delete all that is stored of this content. What was never stored is forgotten already."""
        with self._lock_of(key):
            rows = set_table.sets_of_content(self._db, key)
            names = [file_name(row.key, row.model_key) for row in rows]
            set_table.forget_content(self._db, key, names)
            for row in rows:
                self._n_verified.pop(row.id, None)
            for name in names:
                self._delete_file(name)

    def forget_features(self, key: ContentKey, model_key: str) -> None:
        """Delete the samples of this content under this model and how far its passes came; keep the rest of it."""
        _check_key(key)
        with self._lock_of(key):
            row = set_table.find_set(self._db, key, model_key)
            name = file_name(key, model_key)
            set_table.forget_set(self._db, key, model_key, name)
            if row is not None:
                self._n_verified.pop(row.id, None)
            self._delete_file(name)

    def model_keys(self) -> list[str]:
        """Every model that anything is stored under, in the order of first use."""
        return set_table.model_keys(self._db)

    def count_rows(self, *model_keys: str) -> tuple[int, int]:
        """(samples, contents) stored under these keys, by the books."""
        return set_table.count_rows(self._db, model_keys)

    # Means

    def pooled_sets(self, model_key: str) -> dict[ContentKey, PooledSet]:
        """Every set under this model that has samples, with its mean where that is remembered and still true."""
        return pooled_table.find_pooled(self._db, model_key)

    def remember_pooled(self, sets: Sequence[tuple[PooledSet, NDArray[np.float32]]]) -> None:
        """Keep the means (dim,) of sets as they were when pooled_sets told of them, until they change or are gone."""
        pooled_table.save_pooled(self._db, sets)

    def contents_of_other_models(self, model_keys: Sequence[str]) -> set[ContentKey]:
        """Contents that have samples under any other key."""
        return pooled_table.contents_of_others(self._db, model_keys)

    # Prompts

    def prompt_vectors(self, model_key: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The remembered vectors of these texts, float32 (dim,) each; a text that is not known is left out."""
        return prompt_table.find_prompts(self._db, model_key, texts)

    def remember_prompts(self, model_key: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors (N, dim) of these N texts for ever. Texts are stored as their SHA-256 only."""
        prompt_table.save_prompts(self._db, model_key, texts, vectors)

    def usage(self) -> Usage:
        """What the store holds now, by its own books: vector files are not visited."""
        media, sets, prompts = (
            int(self._db.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - the names stand in this line
            for table in ("media", "feature_set", "prompt")
        )
        sizes = self._db.rows(
            "SELECT dim, sum(n_rows) FROM feature_set s JOIN chunk c ON c.feature_set_id = s.id GROUP BY s.id"
        )
        size_bytes = sum(HEADER_BYTES + n * VectorFile.record_bytes(dim) for dim, n in sizes if n)
        beside = [
            self._database_path,
            *(self._database_path.with_name(DATABASE_NAME + end) for end in ("-wal", "-shm")),
        ]
        for path in beside:
            with contextlib.suppress(FileNotFoundError):
                size_bytes += path.stat().st_size
        return Usage(size_bytes, media, sets, sum(int(n) for _, n in sizes), prompts)

    # Within

    def _lock_of(self, key: ContentKey) -> threading.RLock:
        return self._content_locks[hash(key) % N_LOCKS]

    def _file(self, key: ContentKey, model_key: str, dim: int) -> VectorFile:
        return VectorFile(self._features_dir / file_name(key, model_key), key, model_key, dim)

    def _load(self, row: SetRow, get: Callable[[VectorFile, int], Records]) -> FeatureSet | None:
        chunks = self._intact_chunks(row)
        if not chunks:
            return None
        file = self._file(row.key, row.model_key, row.dim)
        try:
            records = get(file, _n_rows(chunks)) if _n_rows(chunks) else np.zeros(0, file.dtype)
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot read {file.path}: {error}") from error
        pts_s = np.array(records["pts_s"], np.float64)
        if np.any(np.diff(pts_s) < 0):
            order = np.argsort(pts_s, kind="stable")
            records, pts_s = records[order], pts_s[order]
        flags = np.array(records["flags"], np.uint16)
        coverage = set_table.coverage_of(self._db, row.id)
        return FeatureSet(row.key, row.model_key, row.path, pts_s, flags, records["vector"], coverage)

    def _intact_chunks(self, row: SetRow) -> list[Chunk]:
        """The chunks of a set whose rows are as they were written; the others are dropped. Hold the content's lock.

        Reads every row the first time that this process touches a set, and only the file's size and header after.
        """
        chunks = set_table.chunks_of(self._db, row.id)
        file = self._file(row.key, row.model_key, row.dim)
        try:
            n_intact, finding = file.n_intact(chunks, self._n_verified.get(row.id, 0))
        except OSError as error:
            raise _as_store_error(error, f"cannot read {file.path}") from error
        if finding:
            log.warning(
                "features of %s (%s) are damaged: %s. Keeping %d of %d rows; the rest will be analysed again.",
                *(row.key, row.path, finding, _n_rows(chunks[:n_intact]), _n_rows(chunks)),
            )
            set_table.drop_chunks(self._db, row, chunks[n_intact:])
        self._n_verified[row.id] = n_intact
        return chunks[:n_intact]

    def _stored_pts_s(self, file: VectorFile, n_rows: int) -> PtsSeconds:
        try:
            return np.array(file.map(n_rows)["pts_s"], np.float64)
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot read {file.path}: {error}") from error

    def _commit(
        self, file: VectorFile, chunk: Chunk, records: Records, coverage: Sequence[Coverage], n_chunks: int
    ) -> None:
        try:
            if len(records):
                file.write(chunk.first_row, records)
        except OSError as error:
            raise _as_store_error(error, f"cannot write {file.path}") from error
        name = file_name(file.key, file.model_key)
        with self._db.transaction():
            set_id = set_table.record_chunk(self._db, file.key, file.model_key, file.dim, chunk, coverage, name)
        # What was just written and synced need not be read again to be believed.
        self._n_verified[set_id] = n_chunks + 1

    def _delete_doomed_files(self) -> None:
        for name in set_table.doomed_files(self._db):
            self._delete_file(name)

    def _delete_file(self, name: str) -> None:
        try:
            (self._features_dir / name).unlink(missing_ok=True)
        except OSError as error:
            # Windows keeps a file that is still mapped. Its name stays on the list for the next start.
            log.warning("cannot delete %s yet: %s", name, error)
        else:
            set_table.file_is_gone(self._db, name)


def _n_rows(chunks: Sequence[Chunk]) -> int:
    return sum(chunk.n_rows for chunk in chunks)


def _checked_samples(
    dim: int, pts_s: PtsSeconds, flags: Flags | None, vectors: NDArray[np.float32] | Float16Vectors
) -> tuple[PtsSeconds, Flags, Float16Vectors]:
    pts_s = np.asarray(pts_s, np.float64)
    flags = np.zeros(len(pts_s), np.uint16) if flags is None else np.asarray(flags, np.uint16)
    with np.errstate(over="ignore"):
        halves = np.asarray(vectors).astype(np.float16)
    if dim < 1 or pts_s.ndim != 1 or flags.shape != pts_s.shape or halves.shape != (len(pts_s), dim):
        shapes = f"pts_s {pts_s.shape}, flags {flags.shape}, vectors {halves.shape}"
        raise ValueError(f"expected pts_s (N,), flags (N,), vectors (N, {dim}) with dim 1 or more, got {shapes}")
    if not np.isfinite(pts_s).all():
        raise ValueError("pts_s must be finite")
    if not np.isfinite(halves).all():
        raise ValueError("vectors must be finite as float16 (at most 65504 in size); L2-normalise them first")
    return pts_s, flags, halves


def _new_samples(pts_s: PtsSeconds, stored_pts_s: PtsSeconds) -> NDArray[np.intp]:
    """Indices, in pts order, of the samples to store: not stored yet, and of equal ones the first."""
    pts_us = np.round(pts_s * 1e6)
    _, first = np.unique(pts_us, return_index=True)
    return first[~np.isin(pts_us[first], np.round(stored_pts_s * 1e6))]


def _check_key(key: ContentKey) -> None:
    # The key becomes a file name.
    if key.algorithm not in ("oshash", "md5") or not re.fullmatch(r"[0-9a-f]{8,64}", key.digest) or key.size_bytes < 0:
        raise ValueError(f"not a content key: {key!r}; expected oshash or md5, a lower-case hex digest, size 0 or more")


def _as_store_error(error: OSError, what: str) -> StoreError:
    # EFBIG: a limit on the size of files; Windows and network mounts report a full disk in other ways too.
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreFull(f"{what}: {error.strerror}. Free some space and try again.")
    return StoreError(f"{what}: {error}. Is the folder there, ours, and writable?")
