"""Whether SQLite's write-ahead log can be trusted in a folder: it needs memory that processes share by a file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass

NETWORK = frozenset(
    ("9p", "afs", "cifs", "coda", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs", "ncpfs", "nfs")
) | frozenset(("nfs4", "smb2", "smb3", "smbfs", "webdav"))
"""Kinds for which SQLite's manual rules the write-ahead log out, whatever a probe says; 9p is how WSL and some virtual
machines show the host's folders."""

SHARED = frozenset(
    ("fakeowner", "fuse.grpcfuse", "fuse.osxfs", "osxfs", "virtiofs", "vboxsf", "vmhgfs", "fuse.vmhgfs-fuse")
)
"""Folders of a host inside a container or virtual machine: locks and shared memory there are not the host's."""

# Runs in another process: within one, SQLite shares the memory itself and would notice nothing.
_OTHER_SIDE = """import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
for number in range(1, 4):
    assert sys.stdin.readline() == "go\\n"
    found = [row[0] for row in db.execute("SELECT n FROM probe ORDER BY n")]
    assert found == list(range(2 * number - 1)), found
    db.execute("INSERT INTO probe VALUES (?)", (2 * number - 1,))
    print("done", flush=True)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """journal_mode: "WAL" or "TRUNCATE". kind: of the file system, "" if unknown. why: why not WAL, "" if WAL."""

    journal_mode: str
    kind: str
    why: str = ""


def judge(folder: str) -> Verdict:
    """Which journal a SQLite database in this folder should use. Takes a tenth of a second; raises OSError if nothing
    can be written there.
    """
    kind = kind_of(folder)
    with tempfile.TemporaryDirectory(prefix=".probe-", dir=folder, ignore_cleanup_errors=True) as place:
        if kind in NETWORK:
            return Verdict("TRUNCATE", kind, f"{kind} is a network file system")
        if kind in SHARED:
            return Verdict("TRUNCATE", kind, f"{kind} is a folder of another system")
        wrong = _probe(os.path.join(place, "probe.db"))
    return Verdict("TRUNCATE", kind, wrong) if wrong else Verdict("WAL", kind)


def kind_of(folder: str) -> str:
    """Name of the file system that the folder lies on, as the kernel calls it; "" where it does not say."""
    if sys.platform == "win32":
        import ctypes

        root = os.path.splitdrive(os.path.abspath(folder))[0] + "\\"
        remote = 4
        return "cifs" if ctypes.windll.kernel32.GetDriveTypeW(root) == remote else ""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            return _kind_in(file.read(), os.path.realpath(folder))
    except OSError:
        return _kind_by_mount(os.path.realpath(folder))


def _kind_in(mountinfo: str, path: str) -> str:
    """The kind of the mount that `path` lies on; of several on one place the last, which hides the others."""
    best, kind = "", ""
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        place = fields[4].encode("utf-8", "surrogateescape").decode("unicode_escape", "replace")
        inside = path == place or path.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, kind = place, after.split(" ")[0]
    return kind


def _kind_by_mount(path: str) -> str:
    """From lines of macOS's `mount`: `//host/share on /Volumes/share (smbfs, nodev)`."""
    try:
        answer = subprocess.run(["mount"], capture_output=True, text=True, errors="replace", check=False)
    except OSError:
        return ""
    best, kind = "", ""
    for line in answer.stdout.splitlines():
        place, bracket, options = line.partition(" on ")[2].rpartition(" (")
        inside = bracket and (path == place or path.startswith(place.rstrip("/") + "/"))
        if inside and len(place) >= len(best):
            best, kind = place, options.partition(",")[0].rstrip(")")
    return kind


def _probe(path: str) -> str:
    """What goes wrong when two processes write to a WAL database in turn; "" if nothing does."""
    command = [sys.executable, "-X", "utf8", "-I", "-S", "-c", _OTHER_SIDE, path]
    with contextlib.closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as db:
        try:
            if db.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
                return "SQLite cannot share memory there"
            db.execute("CREATE TABLE probe (n INTEGER PRIMARY KEY)")
        except sqlite3.Error as error:
            return f"SQLite cannot use its write-ahead log there ({error})"
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as other:
            try:
                return _take_turns(db, other)
            finally:
                other.kill()


def _take_turns(db: sqlite3.Connection, other: subprocess.Popen[str]) -> str:
    assert other.stdin is not None
    assert other.stdout is not None
    for number in range(3):
        try:
            db.execute("INSERT INTO probe VALUES (?)", (2 * number,))
            other.stdin.write("go\n")
            other.stdin.flush()
            if other.stdout.readline() != "done\n":
                return "two processes do not see each other's writes there"
            found = [row[0] for row in db.execute("SELECT n FROM probe ORDER BY n")]
        except (sqlite3.Error, OSError) as error:
            return f"two processes cannot write in turn there ({error})"
        if found != list(range(2 * number + 2)):
            return "two processes do not see each other's writes there"
    return ""
