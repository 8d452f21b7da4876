"""Where a sidecar on this machine listens, and the token that it wants there."""

from __future__ import annotations

import os
import sys

LONGEST_SOCKET_PATH = 103
"""Bytes; macOS takes 104 with the closing zero, Linux 108."""

SPECIAL = "%#?"
"""Characters that gRPC takes for parts of a URL in the path of a socket."""

ANY_LOOPBACK_PORT = "127.0.0.1:0"
"""A free port; the sidecar tells which one (see owner.py)."""

TOKEN_NAME = "token"  # noqa: S105 (a file's name)
SOCKET_NAME = "sidecar.sock"


def is_local(address: str) -> bool:
    """True for a socket or a loopback address: there the plugin may start a sidecar."""
    if address.startswith("unix:"):
        return True
    host = address.rpartition(":")[0].strip("[]").lower()
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdecimal())


def default_address(data_dir: str) -> str:
    """A private socket in the sidecar's data folder, or a free port of loopback where sockets do not work: on Windows,
    at the end of a long path, and on some mounted folders (Docker Desktop, SMB).
    """
    path = os.path.join(os.path.abspath(data_dir), SOCKET_NAME)
    if sys.platform == "win32" or len(os.fsencode(path)) > LONGEST_SOCKET_PATH or any(c in path for c in SPECIAL):
        return ANY_LOOPBACK_PORT
    return f"unix:{path}" if _sockets_work_in(os.path.dirname(path)) else ANY_LOOPBACK_PORT


def token_file_of(data_dir: str) -> str:
    """Path of the token's file, whether it is there or not."""
    return os.path.join(data_dir, TOKEN_NAME)


def read_token(path: str) -> str:
    """The file's first line; "" if there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return ""


def make_token(data_dir: str) -> str:
    """Path of the token's file, filled with a random token (mode 0600) if it is not there yet."""
    path = token_file_of(data_dir)
    if not read_token(path):
        beside = f"{path}.{os.getpid()}"
        # On Windows the mode only makes it writable; there the folder's own rights keep others out.
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, os.urandom(32).hex().encode() + b"\n")
        finally:
            os.close(file)
        os.replace(beside, path)
    return path


def _sockets_work_in(folder: str) -> bool:
    if sys.platform == "win32":
        return False
    import socket

    path = os.path.join(folder, f".p{os.getpid() % 100_000}")  # Not longer than SOCKET_NAME.
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(path)
        os.unlink(path)
    except OSError:
        return False
    return True
