"""Looks for files by name and size below the media roots, nearest to the roots first. Opens only what fits."""

from __future__ import annotations

import os
import time
import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.media.access import AccessPolicy, open_file
from sidecar.media.errors import MediaError
from sidecar.values import Cancelled, IsCancelled

MAX_PATHS = 5
"""Per wanted file: enough to see that a name and a size are not unique."""

_CHECK_EVERY = 500


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to look for: its name without folders, its exact size."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """paths[k] are full paths of the k-th wanted file. complete: everything below the roots was seen."""

    paths: tuple[tuple[str, ...], ...]
    complete: bool
    folders: int


def size_of_visible(path: str, policy: AccessPolicy) -> int:
    """Size in bytes of a regular file that could be analysed. Raises MediaError as open_file does."""
    opened = open_file(path, policy)
    os.close(opened.descriptor)
    return opened.size_bytes


def find_files(
    wanted: Sequence[WantedFile],
    policy: AccessPolicy,
    time_limit_s: float,
    max_folders: int,
    is_cancelled: IsCancelled,
) -> FoundFiles:
    """Search until each was found, or a limit is met. Raises Cancelled.

    Links to folders are followed as long as they stay inside the roots, each folder once; what may not be read is
    passed over, and then the search is not complete.
    """
    search = _Search(wanted, policy, time.monotonic() + time_limit_s, max_folders, is_cancelled)
    complete = search.run()
    return FoundFiles(tuple(map(tuple, search.paths)), complete, search.folders)


class _Search:
    def __init__(
        self,
        wanted: Sequence[WantedFile],
        policy: AccessPolicy,
        deadline: float,
        max_folders: int,
        is_cancelled: IsCancelled,
    ) -> None:
        self.paths: list[list[str]] = [[] for _ in wanted]
        self.folders = 0
        self._policy, self._deadline, self._max_folders = policy, deadline, max_folders
        self._is_cancelled = is_cancelled
        self._roots = [os.path.realpath(root) for root in policy.media_roots]
        self._by_name: dict[str, list[tuple[int, int]]] = {}
        for index, file in enumerate(wanted):
            self._by_name.setdefault(_composed(file.name), []).append((index, file.size_bytes))
        self._waiting: deque[str] = deque(str(root) for root in policy.media_roots)
        self._seen: set[tuple[int, int]] = set()
        self._passed_over = False

    def run(self) -> bool:
        """Whether everything was seen."""
        while self._waiting:
            if self._is_over() or all(self.paths):
                return False
            try:
                finished = self._read(self._waiting.popleft())
            except OSError:
                self._passed_over = True
                continue
            if not finished:
                return False
        return not self._passed_over

    def _is_over(self) -> bool:
        if self._is_cancelled():
            raise Cancelled
        return time.monotonic() > self._deadline or self.folders >= self._max_folders

    def _read(self, folder: str) -> bool:
        """Look through one folder; False where the time ran out on the way. Raises OSError."""
        status = os.stat(folder)  # noqa: PTH116 (millions of paths stay strings)
        if (status.st_dev, status.st_ino) in self._seen:
            return True
        self._seen.add((status.st_dev, status.st_ino))
        self.folders += 1
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries, start=1):
                if number % _CHECK_EVERY == 0:
                    if self._is_cancelled():
                        raise Cancelled
                    if time.monotonic() > self._deadline:
                        return False
                self._look_at(entry)
        return True

    def _look_at(self, entry: os.DirEntry[str]) -> None:
        for index, size_bytes in self._by_name.get(_composed(entry.name), ()):
            if len(self.paths[index]) < MAX_PATHS and self._fits(entry.path, size_bytes):
                self.paths[index].append(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and entry.is_dir() and self._inside(entry)):
                self._waiting.append(entry.path)
        except OSError:
            self._passed_over = True

    def _fits(self, path: str, size_bytes: int) -> bool:
        try:
            path.encode()  # a name that is no valid text cannot be sent, neither now nor when it is to be analysed
            return size_of_visible(path, self._policy) == size_bytes
        except (MediaError, UnicodeEncodeError):
            return False

    def _inside(self, entry: os.DirEntry[str]) -> bool:
        return any(self._is_below(os.path.realpath(entry.path), root) for root in self._roots)

    @staticmethod
    def _is_below(path: str, root: str) -> bool:
        return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _composed(name: str) -> str:
    """One spelling of accents: macOS keeps them decomposed."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)
