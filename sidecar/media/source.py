"""One medium's bytes: where they come from, opened as often as a decoder needs."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from sidecar.media.access import AccessPolicy, OpenedFile, open_file, reopen_file, require_allowed_origin
from sidecar.media.content_key import content_key
from sidecar.media.errors import MediaError
from sidecar.media.http_source import HttpFile, RangeReader
from sidecar.values import ContentKey, IsCancelled


class Source(ABC):
    """A readable medium; close it (or leave its `with`) when every decoder of it is closed.

    name: for logs and errors, without credentials and query. size_bytes: exact.
    """

    name: str
    size_bytes: int

    @abstractmethod
    def open_descriptor(self) -> int | None:
        """A new descriptor that the caller closes, or None where the medium must be read through open_stream."""

    @abstractmethod
    def open_stream(self) -> BinaryIO:
        """A new seekable stream that the caller closes."""

    @abstractmethod
    def close(self) -> None:
        """Release what the source holds. Streams and descriptors already opened stay usable."""

    def content_key(self) -> ContentKey:
        """oshash for video, md5 for images; reads 128 KiB of a video and all of an image."""
        with self.open_stream() as stream:
            try:
                return content_key(stream, self.size_bytes)
            except OSError as error:
                raise MediaError("io_error", f"{self.name} could not be read: {error}. Try again.") from error

    def read_head(self, count: int) -> bytes:
        """The first count bytes, fewer if the medium is shorter."""
        with self.open_stream() as stream:
            try:
                return stream.read(count)
            except OSError as error:
                raise MediaError("io_error", f"{self.name} could not be read: {error}. Try again.") from error

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(
    location: str,
    access: AccessPolicy,
    headers: Mapping[str, str] | None = None,
    is_cancelled: IsCancelled = lambda: False,
) -> Source:
    """Open an absolute path or an http(s) URL, if access allows it.

    headers are sent with each request to the URL (keys belong there) and never logged. is_cancelled ends waiting for a
    server, now and whenever the source is read. Raises MediaError, Cancelled.
    """
    if "://" in location and not Path(location).is_absolute():
        require_allowed_origin(location, access)
        source: Source = HttpSource(HttpFile.open(location, dict(headers or {}), is_cancelled))
    else:
        source = FileSource(location, open_file(location, access))
    if source.size_bytes == 0:
        source.close()
        raise MediaError("empty_file", f"{source.name} has 0 bytes. Copy or download it again.")
    return source


class FileSource(Source):
    """A file inside the media roots, held open so that its name may change meanwhile."""

    def __init__(self, name: str, opened: OpenedFile) -> None:
        self.name = name
        self.size_bytes = opened.size_bytes
        self._opened = opened
        self._closed = False

    def open_descriptor(self) -> int | None:
        # FFmpeg's fd: protocol is built on every system; on Windows its C runtime numbers descriptors differently.
        return None if sys.platform == "win32" else reopen_file(self._opened, self.name)

    def open_stream(self) -> BinaryIO:
        return os.fdopen(reopen_file(self._opened, self.name), "rb")

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            os.close(self._opened.descriptor)


class HttpSource(Source):
    """A file on a registered origin, read by ranges."""

    def __init__(self, file: HttpFile) -> None:
        self.name = file.name
        self.size_bytes = file.size_bytes
        self._file = file

    def open_descriptor(self) -> int | None:
        return None

    def open_stream(self) -> BinaryIO:
        return RangeReader(self._file).buffered()

    def close(self) -> None:
        self._file.forget()
