"""sidecar.db: one SQLite connection, opened with care, whose failures speak plainly. Alone imports peewee."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import peewee

from sidecar.store.errors import StoreDamaged, StoreError, StoreFull, StoreTooNew
from sidecar.store.migrations import MIGRATIONS, RECORD_TABLE, Migration

log = logging.getLogger(__name__)
logging.getLogger("peewee").setLevel(logging.WARNING)  # at DEBUG it prints every value, and keys are among them

Row: TypeAlias = tuple[Any, ...]

# locking_mode EXCLUSIVE: this connection is the only one, so WAL can keep its index in our own memory. Shared memory
#   beside the file does not work on some network and bind mounts, and there a WAL database could not even be opened.
#   Another tool can look into the database while no sidecar runs.
# busy_timeout: such a tool may still be looking when we start.
# foreign_keys: forgetting a medium must take all that hangs on it; SQLite's default is not to look.
# synchronous FULL: a commit says "these rows are in the vector file" and that file was just synced; one sync more
#   per batch of frames costs little and means that a power cut loses nothing that was acknowledged. NORMAL would be as
#   safe against corruption, but in WAL it may forget the last commits.
# secure_delete: what is forgotten is overwritten, not only unlinked from the tables.
PRAGMAS = {
    "locking_mode": "EXCLUSIVE",
    "busy_timeout": 10_000,
    "foreign_keys": 1,
    "synchronous": "FULL",
    "secure_delete": 1,
}


class Database:
    """One connection that all threads share under one lock.

    Reads and commits are short (vectors lie in files), so waiting for the lock costs less than a connection per gRPC
    thread, and close() closes everything.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Open or create, check, and bring to the newest schema.

        Raises StoreDamaged for a file that is not a sound database of ours, StoreTooNew for a later schema (both are
        left as they are), StoreFull and StoreError for what the disk refuses.
        """
        self._path = path
        self._lock = threading.RLock()
        self._db = peewee.SqliteDatabase(
            str(path), pragmas=PRAGMAS, thread_safe=False, check_same_thread=False, autoconnect=False
        )
        try:
            _make_private(path)
            with self._translated():
                self._db.connect()
            self._check_sound()
            self._check_version(migrations)
            self.row("PRAGMA journal_mode = WAL")
            self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection. Safe to call twice; any call after it raises StoreError."""
        with self._lock:
            self._db.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows that a query gives. Raises StoreError."""
        with self._lock, self._translated():
            return list(self._execute(sql, values).fetchall())

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row that a query gives, or None. Raises StoreError."""
        with self._lock, self._translated():
            found: Row | None = self._execute(sql, values).fetchone()
            return found

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; the rowid of an insert. Raises StoreError."""
        with self._lock, self._translated():
            return int(self._execute(sql, values).lastrowid or 0)

    def empty_log(self) -> None:
        """Move all into the database file and cut the log, so that what was deleted is nowhere. Raises StoreError."""
        self.row("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, with the write lock taken at the start: waiting for it later could fail half-way."""
        with self._lock, self._translated():
            try:
                with self._db.atomic("IMMEDIATE"):
                    yield
            except peewee.OperationalError as error:
                raise _before_undoing(error) from None

    def _execute(self, sql: str, values: Row) -> Any:
        execute: Any = self._db.execute_sql  # untyped in peewee's stubs
        return execute(sql, values)

    def _check_sound(self) -> None:
        findings = self.rows("PRAGMA quick_check(1)")
        if findings != [("ok",)]:
            raise self._damaged(str(findings[0][0]) if findings else "no answer to quick_check")

    def _check_version(self, migrations: Sequence[Migration]) -> None:
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not tables:
            return
        if "schema_migration" not in tables:
            raise self._damaged("its tables are not ours")
        newest = migrations[-1].number
        (found,) = self.row("SELECT max(number) FROM schema_migration") or (None,)
        if found is not None and found > newest:
            raise StoreTooNew(
                f"{self._path} has schema {found}, this version knows schemas up to {newest}. "
                "It was left as it is. Update the sidecar, or name another data folder."
            )

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        with self.transaction():
            self.run(RECORD_TABLE)
        done = {number for (number,) in self.rows("SELECT number FROM schema_migration")}
        for migration in migrations:
            if migration.number in done:
                continue
            with self.transaction():
                for statement in migration.statements:
                    self.run(statement)
                record = (migration.number, migration.name, time.time())
                self.run("INSERT INTO schema_migration (number, name, applied_at_s) VALUES (?, ?, ?)", *record)
            log.info("%s is now at schema %d (%s)", self._path, migration.number, migration.name)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except peewee.PeeweeException as error:
            raise self._as_store_error(error) from error

    def _as_store_error(self, error: peewee.PeeweeException) -> StoreError:
        text = str(error)
        if "is full" in text:
            return StoreFull(f"no room on the disk for {self._path} ({text}). Free some space and try again.")
        if "not a database" in text or "malformed" in text:
            return self._damaged(text)
        return StoreError(f"{self._path}: {text}. Is the folder there and writable, and the disk sound?")

    def _damaged(self, reason: str) -> StoreDamaged:
        return StoreDamaged(
            f"{self._path} cannot be read as the sidecar's database ({reason}). It was left as it is. "
            "Restore it from a backup, or move it away: then media are analysed anew when they are next asked for."
        )


def _make_private(path: Path) -> None:
    """Mode 0600 for the database (keys lie in it) and, as SQLite copies its mode, for the files beside it."""
    if os.name == "nt":
        return
    beside = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        for file in (path, *(file for file in beside if file.is_file())):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)
    except OSError as error:
        log.warning("%s may be readable by others: %s", path, error.strerror)  # opening it says the rest


def _before_undoing(error: BaseException) -> BaseException:
    """What really went wrong: SQLite that runs out of room undoes a transaction itself, and then peewee cannot."""
    cause: BaseException | None = error
    while cause is not None:
        ours = isinstance(cause, (peewee.PeeweeException, StoreError))
        if ours and "no transaction is active" not in str(cause):
            return cause
        cause = cause.__context__
    return error
