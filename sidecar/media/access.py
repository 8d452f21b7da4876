"""Which files and origins may be read, enforced on what was really opened."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sidecar.media.errors import MediaError, redacted_location

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """The folders and the web origins that media may come from; empty means none.

    media_roots: absolute folders. allowed_origins: "scheme://host[:port]", compared exactly (case and default port
    aside).
    """

    media_roots: tuple[Path, ...]
    allowed_origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An open regular file inside the media roots. The receiver closes descriptor."""

    descriptor: int
    real_path: Path
    device: int
    inode: int
    size_bytes: int


def open_file(path: str, policy: AccessPolicy) -> OpenedFile:
    """Open a regular file for reading after checking that the opened file lies inside the media roots.

    The check is made on the descriptor, so exchanging a link between check and use gains nothing. Never blocks on
    a FIFO or a device. Raises MediaError: outside_media_roots, not_found, not_a_file, permission_denied, io_error.
    """
    if "\0" in path or not Path(path).is_absolute():
        raise MediaError("not_found", f"{path!r} is no absolute path. Send the full path as the sidecar sees it.")
    _require_inside(os.path.realpath(path), path, policy)
    descriptor = _open_descriptor(path)
    try:
        status = os.fstat(descriptor)
        real_path = _real_path(descriptor, path)
        _require_inside(real_path, path, policy)
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(path, status.st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return OpenedFile(descriptor, Path(real_path), status.st_dev, status.st_ino, status.st_size)


def reopen_file(opened: OpenedFile, name: str) -> int:
    """A further descriptor of the same inode with a file position of its own. Raises MediaError io_error."""
    # /proc reopens the very inode, even if the name now leads elsewhere or nowhere.
    path = f"/proc/self/fd/{opened.descriptor}" if sys.platform == "linux" else str(opened.real_path)
    try:
        descriptor = os.open(path, _open_flags())
    except OSError as error:
        raise MediaError("io_error", f"{name} could not be opened again: {error.strerror}. Try again.") from error
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) != (opened.device, opened.inode):
        os.close(descriptor)
        raise MediaError("io_error", f"{name} was replaced by another file while it was read. Try again.")
    return descriptor


def require_allowed_origin(url: str, policy: AccessPolicy) -> SplitResult:
    """The parts of a URL whose origin is registered and that carries no password. Raises origin_not_allowed."""
    shown = redacted_location(url)
    try:
        parts = urlsplit(url)
        origin = origin_of(url)
    except ValueError:
        raise MediaError("origin_not_allowed", f"{shown} is no valid URL. Send http(s)://host[:port]/path.") from None
    if parts.username is not None or parts.password is not None:
        raise MediaError("origin_not_allowed", f"{shown} carries a user or password. Send keys as headers instead.")
    if origin is None or origin not in {origin_of(allowed) for allowed in policy.allowed_origins}:
        allowed = ", ".join(policy.allowed_origins) or "none"
        raise MediaError(
            "origin_not_allowed",
            f"{shown} is not on a registered origin (registered: {allowed}). Register its origin to allow it.",
        )
    return parts


def origin_of(url: str) -> tuple[str, str, int] | None:
    """(scheme, host, port) of an http(s) URL, or None for anything else. ValueError if the port is nonsense."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    return scheme, parts.hostname.lower(), parts.port or _DEFAULT_PORTS[scheme]


def _require_inside(real_path: str, shown: str, policy: AccessPolicy) -> None:
    for root in policy.media_roots:
        if Path(real_path).is_relative_to(os.path.realpath(root)):
            return
    roots = ", ".join(str(root) for root in policy.media_roots) or "none"
    raise MediaError(
        "outside_media_roots",
        f"{shown} lies outside the media roots ({roots}). Add its folder to the media roots to allow it.",
    )


def _open_flags() -> int:
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    return flags


def _open_descriptor(path: str) -> int:
    try:
        return os.open(path, _open_flags())
    except (FileNotFoundError, NotADirectoryError):
        raise MediaError("not_found", f"{path} does not exist. Check the path and the path mapping.") from None
    except PermissionError:
        if sys.platform == "win32" and Path(path).is_dir():  # other systems open folders
            raise _not_a_file(path, stat.S_IFDIR) from None
        raise MediaError("permission_denied", f"{path} may not be read. Let the sidecar's user read it.") from None
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.EISDIR, errno.ENODEV):
            raise MediaError("not_a_file", f"{path} is no regular file. Send a media file.") from None
        raise MediaError("io_error", f"{path} could not be opened: {error.strerror}. Check the disk.") from None


def _not_a_file(path: str, mode: int) -> MediaError:
    kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
    return MediaError("not_a_file", f"{path} is {kind}. Send a media file.")


def _real_path(descriptor: int, path: str) -> str:
    """Where the opened file really lies, as the operating system says."""
    if sys.platform == "linux":
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    if sys.platform == "darwin":
        import fcntl

        return fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0").decode()
    real_path = os.path.realpath(path)
    if not os.path.samestat(os.fstat(descriptor), Path(real_path).stat()):
        raise MediaError("io_error", f"{path} was replaced by another file while it was opened. Try again.")
    return real_path
