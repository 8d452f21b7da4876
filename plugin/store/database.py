"""store.db: one SQLite connection per short process, many processes at once. Alone imports peewee."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import peewee

from plugin.store.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreReadOnly, StoreTooNew
from plugin.store.migrations import APPLICATION_ID, MIGRATIONS, Migration

Row: TypeAlias = tuple[Any, ...]

BUSY_MS = 15_000
"""How long a process waits for another's short transaction."""

KEPT_BACKUPS = 3

ANY_OF = "IN (SELECT value FROM json_each(?))"
"""What a column is compared with, and any_of() is its value: SQLite limits the parameters of a statement, not these."""

# synchronous FULL: an intent of the journal must survive a power cut before Stash is called; in WAL, NORMAL may forget
#   the last commits.
# secure_delete: what is erased is overwritten, however SQLite was built; also what an update leaves behind in a page.
PRAGMAS = {"busy_timeout": BUSY_MS, "foreign_keys": 1, "synchronous": "FULL", "secure_delete": 1}

# Where the system can tell what the effective user may; only tests ever differ from the real one.
_EFFECTIVE = os.access in os.supports_effective_ids


def any_of(values: Iterable[int | str]) -> str:
    """The one parameter of ANY_OF."""
    return json.dumps(list(values))


class Database:
    """A connection of one process. Not for threads.

    Writers begin IMMEDIATE: two that read first and write later would deadlock, and SQLite would fail one of them at
    once. No transaction may be open during a call of Stash: our own hook runs inside our own mutation and would wait.
    """

    def __init__(self, path: str, journal_mode: str = "WAL", migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Open or create, and bring to the newest schema after a backup. journal_mode: for new files, "WAL" or
        "TRUNCATE" where the file system's shared memory is unreliable.

        Raises StoreDamaged, StoreTooNew (the file is left as it is), StoreBusy, StoreFull, StoreReadOnly, StoreError.
        """
        self.path = path
        self._migrations = migrations
        self._depth = 0
        self._db = peewee.SqliteDatabase(path, pragmas=PRAGMAS, thread_safe=False, autoconnect=False)
        try:
            with self._translated():
                self._db.connect()
            schema = self._schema()
            if schema != migrations[-1].number:
                self._bring_up_to_date(schema, journal_mode)
        except BaseException:
            self.close()
            raise

    @property
    def in_transaction(self) -> bool:
        """True inside transaction(): then nobody may call Stash."""
        return self._depth > 0

    def close(self) -> None:
        self._db.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows that a query gives. Raises StoreError."""
        with self._translated():
            return list(self._execute(sql, values).fetchall())

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row that a query gives, or None. Raises StoreError."""
        with self._translated():
            found: Row | None = self._execute(sql, values).fetchone()
            return found

    def number(self, sql: str, *values: object) -> int:
        """The first column of the first row as a whole number; 0 where there is none."""
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; the rowid of an insert. Raises StoreError."""
        with self._translated():
            return int(self._execute(sql, values).lastrowid or 0)

    def changed(self, sql: str, *values: object) -> int:
        """Execute one statement; how many rows it changed. Raises StoreError."""
        with self._translated():
            return max(0, int(self._execute(sql, values).rowcount))

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        """Execute one statement for each row of values, all or none. Raises StoreError."""
        with self.transaction(), self._translated():
            self._connection().executemany(sql, values)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, with the write lock taken at the start. May be nested; the outermost commits."""
        if self._depth:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            # Also after a commit that failed: it may leave the transaction open. Out of room, SQLite undid it itself.
            with contextlib.suppress(StoreError):
                self.run("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    def check(self) -> str:
        """ "ok", or what an integrity check found. Reads the whole file."""
        findings = self.rows("PRAGMA integrity_check(5)")
        return "; ".join(str(finding[0]) for finding in findings) or "no answer"

    def back_up(self, reason: str) -> str:
        """A consistent copy beside the store, while others write. Returns its path; older copies than three go."""
        folder = os.path.join(os.path.dirname(self.path), "backups")
        name = f"store-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{reason}.db"
        with self._translated():
            os.makedirs(folder, exist_ok=True)
            unfinished = os.path.join(folder, f".{name}.{os.getpid()}")
            try:
                with contextlib.closing(sqlite3.connect(unfinished)) as copy:
                    self._connection().backup(copy)
                os.replace(unfinished, os.path.join(folder, name))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(unfinished)
                raise
        for old in self.backups()[:-KEPT_BACKUPS]:
            with contextlib.suppress(OSError):
                os.unlink(old)
        return os.path.join(folder, name)

    def replace_backups(self, reason: str) -> str:
        """A copy as the store is now, instead of all earlier ones: what was deleted is in no file any more."""
        path = self.back_up(reason)
        for other in self.backups():
            if other != path:
                with contextlib.suppress(OSError):
                    os.unlink(other)
        return path

    def backups(self) -> list[str]:
        """Paths of all copies, the oldest first."""
        folder = os.path.join(os.path.dirname(self.path), "backups")
        with contextlib.suppress(OSError):
            return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("store-"))
        return []

    def compact(self) -> None:
        """Write the file anew, without what was deleted, and cut the log. Raises StoreBusy while others are at work."""
        self.run("VACUUM")
        self.cut_log()

    def cut_log(self) -> None:
        """Fold the write-ahead log into the file: until then what was deleted stands in it. Raises StoreBusy while
        others read what was there before.
        """
        # SQLite calls that no error, but answers that it could not.
        if self.number("PRAGMA wal_checkpoint(TRUNCATE)"):
            raise self._as_store_error("others read it; its log is busy")

    def shrink(self) -> None:
        """Fold the write-ahead log into the file as far as others allow, and give freed pages back."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.run("PRAGMA optimize")

    def _schema(self) -> int:
        """Number of the newest migration done; 0 for a new file. Raises StoreDamaged, StoreTooNew."""
        # In this order: another process may be making the file right now, and commits tables and numbers at once.
        is_empty = self.row("SELECT 1 FROM sqlite_master LIMIT 1") is None
        if self.number("PRAGMA application_id") != APPLICATION_ID:
            if not is_empty:
                raise self._damaged("its tables are not ours")
            return 0
        found, newest = self.number("PRAGMA user_version"), self._migrations[-1].number
        if found > newest:
            raise StoreTooNew(
                f"{self.path} has schema {found}; this version knows schemas up to {newest}. It was left as it is. "
                "Update the plugin, or restore a file from the folder `backups` beside it."
            )
        return found

    def _bring_up_to_date(self, schema: int, journal_mode: str) -> None:
        if schema == 0:
            self._set_journal_mode("WAL" if journal_mode == "WAL" else "TRUNCATE")
        else:
            findings = self.check()
            if findings != "ok":
                raise self._damaged(findings)
            self.back_up(f"schema{schema}")
        self.run("PRAGMA foreign_keys = 0")  # else a table that is made anew would empty those that refer to it
        for migration in self._migrations:
            with self.transaction():
                # Another process may have done it while this one waited for the lock.
                if self._schema() >= migration.number:
                    continue
                for statement in migration.statements:
                    self.run(statement)
                if broken := self.rows("PRAGMA foreign_key_check"):
                    raise self._damaged(f"{len(broken)} rows refer to others that are not there")
                self.run(f"PRAGMA application_id = {APPLICATION_ID}")
                self.run(f"PRAGMA user_version = {migration.number}")
        self.run("PRAGMA foreign_keys = 1")

    def _set_journal_mode(self, journal_mode: str) -> None:
        """A file keeps the mode it was made with. Not inside a transaction, and against others that make the same file:
        for this statement SQLite does not wait by itself, so that nobody waits for each other.
        """
        deadline = time.monotonic() + BUSY_MS / 1000
        while True:
            try:
                self.row(f"PRAGMA journal_mode = {journal_mode}")
                return
            except StoreBusy:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.02)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self._db.connection()  # type: ignore[no-untyped-call]
        return connection

    def _execute(self, sql: str, values: Row) -> Any:
        execute: Any = self._db.execute_sql  # untyped in peewee's stubs
        return execute(sql, values)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (peewee.PeeweeException, sqlite3.Error) as error:
            raise self._as_store_error(str(error)) from error
        except OSError as error:
            raise self._as_store_error(error.strerror or str(error)) from error
        except OverflowError as error:
            raise StoreError(f"{self.path} cannot hold this number ({error})") from error

    def _as_store_error(self, text: str) -> StoreError:
        if "locked" in text or "busy" in text:
            return StoreBusy(f"{self.path} was busy for {BUSY_MS // 1000} s ({text}). Try again.")
        if "is full" in text or "No space left" in text or ("I/O error" in text and self._disk_is_full()):
            return StoreFull(f"no room on the disk for {self.path} ({text}). Free some space and try again.")
        refused = "readonly" in text or "read-only" in text or "Permission denied" in text
        if refused or not os.access(os.path.dirname(self.path), os.W_OK, effective_ids=_EFFECTIVE):
            return StoreReadOnly(
                f"{self.path} may not be written ({text}). Let the user that runs Stash write its folder."
            )
        if "not a database" in text or "malformed" in text:
            return self._damaged(text)
        return StoreError(f"{self.path}: {text}. Is the folder there and writable, and the disk sound?")

    def _disk_is_full(self) -> bool:
        """SQLite calls it an I/O error where its shared memory cannot grow."""
        import shutil

        try:
            return shutil.disk_usage(os.path.dirname(self.path)).free < 100_000
        except OSError:
            return False

    def _damaged(self, reason: str) -> StoreDamaged:
        return StoreDamaged(
            f"{self.path} cannot be used as the plugin's store ({reason}). It was left as it is. Restore a file from "
            "the folder `backups` beside it, or move it away to begin anew: tags and markers in Stash are not touched."
        )
