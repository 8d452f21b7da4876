"""The sidecar's settings: command line over environment over defaults. Only this file reads the environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from sidecar.version import VERSION

DEFAULT_LISTEN = "127.0.0.1:50151"
MAX_LAUNCH_ID_CHARS = 200


class SettingsError(Exception):
    """A setting is wrong. The message says which and what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is fixed while a sidecar runs."""

    listen: str
    data_dir: Path
    media_roots: tuple[Path, ...]
    allowed_origins: tuple[str, ...]
    token: str | None
    tls_cert: Path | None
    tls_key: Path | None
    model: str
    face_model: str
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    idle_unload_s: float
    drain_s: float
    log_level: str
    exit_on_stdin_eof: bool
    launch_id: str


def parse_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Parse `python -m sidecar` arguments. Exits with status 2 on wrong usage; raises SettingsError on wrong values."""
    parsed = _parser(environment).parse_args(arguments)
    if bool(parsed.tls_cert) != bool(parsed.tls_key):
        raise SettingsError("--tls-cert and --tls-key belong together; give both or neither")
    roots = tuple(Path(root).expanduser() for root in parsed.media_root)
    for root in roots:
        if not root.is_absolute():
            raise SettingsError(f"--media-root {str(root)!r} is not absolute; write the whole path")
    if parsed.threads < 1:
        raise SettingsError(f"--threads is {parsed.threads}; it must be at least 1")
    if len(parsed.launch_id) > MAX_LAUNCH_ID_CHARS or not (
        parsed.launch_id.isprintable() and parsed.launch_id.isascii()
    ):
        raise SettingsError(f"--launch-id must be at most {MAX_LAUNCH_ID_CHARS} printable ASCII characters")
    return Settings(
        listen=parsed.listen,
        data_dir=Path(parsed.data).expanduser().absolute(),
        media_roots=roots,
        allowed_origins=tuple(parsed.allow_origin),
        token=_read_token(parsed.token_file),
        tls_cert=Path(parsed.tls_cert) if parsed.tls_cert else None,
        tls_key=Path(parsed.tls_key) if parsed.tls_key else None,
        model=parsed.model,
        face_model=parsed.face_model,
        device=cast('Literal["auto", "cpu", "cuda"]', parsed.device),
        threads=parsed.threads,
        idle_unload_s=parsed.idle_unload,
        drain_s=parsed.drain,
        log_level=parsed.log_level,
        exit_on_stdin_eof=parsed.exit_on_stdin_eof,
        launch_id=parsed.launch_id,
    )


def default_data_dir(environment: Mapping[str, str]) -> Path:
    """STASH_SENSE_DATA, else `.data` beside the sources: a checkout keeps to itself."""
    named = environment.get("STASH_SENSE_DATA")
    return Path(named) if named else Path(__file__).resolve().parent.parent / ".data"


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sidecar", description="Serve media analysis over gRPC.", allow_abbrev=False
    )
    add = parser.add_argument
    add("--version", action="version", version=VERSION)
    add("--listen", default=DEFAULT_LISTEN, metavar="ADDRESS", help="host:port or unix:/path (default %(default)s)")
    add("--data", default=str(default_data_dir(environment)), metavar="DIR", help="features, database and models")
    add("--media-root", action="append", default=[], metavar="DIR", help="folder whose files may be read; repeatable")
    add("--allow-origin", action="append", default=[], metavar="ORIGIN", help="http(s)://host[:port] that may be read")
    add("--token-file", metavar="FILE", help="file (mode 0600) whose first line clients must send as a bearer token")
    add("--tls-cert", metavar="FILE", help="PEM certificate chain")
    add("--tls-key", metavar="FILE", help="PEM private key")
    add("--model", default="", metavar="ID", help="model used where a request names none (default: the best one here)")
    add("--face-model", default="", metavar="ID", help="likewise for faces (default: the best one here)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where models and decoders run")
    add("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="CPU threads (default: all)")
    add("--idle-unload", type=float, default=900.0, metavar="S", help="unload a model unused for S seconds")
    add("--drain", type=float, default=20.0, metavar="S", help="on SIGTERM, seconds to finish media in work")
    add("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    add("--launch-id", default="", metavar="TEXT", help="noted in sidecar.owner, for whoever starts sidecars")
    add("--exit-on-stdin-eof", action="store_true", help="stop when standard input closes, as when a parent dies")
    return parser


def _read_token(path: str | None) -> str | None:
    if path is None:
        return None
    file = Path(path).expanduser()
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise SettingsError(f"--token-file {path} can be read by others; run: chmod 600 {path}")
        token = file.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except OSError as error:
        raise SettingsError(f"cannot read --token-file {path}: {error.strerror}") from error
    if len(token) < 16:
        raise SettingsError(f"the token in {path} is shorter than 16 characters; use a longer random one")
    return token
