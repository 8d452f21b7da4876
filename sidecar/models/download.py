"""Fetches model files over HTTP: resumed after a cut, verified, and in place only when whole.

urllib rather than huggingface_hub: nothing but the named URLs is asked for, no token of the owner is read, and the
files lie in one plain folder that can be copied to a machine without network.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from sidecar.models.errors import DownloadFailed, WeightsMismatch
from sidecar.models.spec import ModelFile, ModelSpec
from sidecar.models.unpack import unpack_onnx
from sidecar.models.weights import PACK_NAME, RECORD_NAME, file_sha256, read_record, recorded_sha256, write_atomically
from sidecar.values import Cancelled, IsCancelled

OFFLINE_ADVICE = 'The embedded models "lite" and "dlib" work without any download.'
_ATTEMPTS = 3
_TIMEOUT_S = 30.0
_BLOCK_BYTES = 1 << 18
_POLL_S = 0.1
_USER_AGENT = "stash-sense-native"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is. total_bytes: None where the server does not say."""

    file: str
    done_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file that arrived. revision: the repository's commit where the server names it, else ""."""

    name: str
    size_bytes: int
    sha256: str
    source: str
    revision: str


class _NotThere(DownloadFailed):
    """The server says that there is no such file."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, never from https to http, and keeps what model hubs say on the way (sha256, commit)."""

    def __init__(self) -> None:
        self.linked_sha256, self.revision = "", ""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        self.learn(headers)
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise DownloadFailed(f"{req.full_url} redirects to {newurl}, which is not encrypted: refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]

    def learn(self, headers: Any) -> None:
        linked = str(headers.get("X-Linked-ETag") or "").strip('W/"')
        if re.fullmatch(r"[0-9a-f]{64}", linked):
            self.linked_sha256 = linked
        self.revision = str(headers.get("X-Repo-Commit") or self.revision)


def _never() -> bool:
    return False


def fetch_model(
    spec: ModelSpec, models_dir: Path, report: Callable[[Progress], None], is_cancelled: IsCancelled = _never
) -> Path:
    """Fetch what is missing of a model into models_dir/<folder_name>, and return that folder.

    A file whose sha256 is not published is trusted the first time; its sha256 is then recorded in fetched.json and
    must match ever after. An archive is unpacked. Raises DownloadFailed (what arrived is kept, so the next call
    resumes), WeightsMismatch, CheckpointRefused (an archive of something else), Cancelled (what arrived is kept too; a
    server that is silent is waited for up to 30 s).
    """
    folder = models_dir / spec.folder_name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadFailed(f"the folder {folder} cannot be made: {error.strerror}") from error
    with _alone_in(folder, is_cancelled):
        for file in spec.files:
            if file.unpack:
                _fetch_pack(file, folder, report, is_cancelled)
                continue
            if (folder / file.name).is_file() or (file.instead_of and (folder / file.instead_of).is_file()):
                continue
            try:
                fetched = fetch_file(file, folder, report, is_cancelled)
            except _NotThere:
                if file.required and not any(other.instead_of == file.name for other in spec.files):
                    raise
                if file.instead_of:
                    raise
                continue
            _record(folder, fetched)
    return folder


def _fetch_pack(file: ModelFile, folder: Path, report: Callable[[Progress], None], is_cancelled: IsCancelled) -> None:
    if (folder / PACK_NAME).is_dir():
        return
    if not (folder / file.name).is_file():
        _record(folder, fetch_file(file, folder, report, is_cancelled))
    unpack_onnx(folder / file.name, is_cancelled)


def arrived_bytes(spec: ModelSpec, models_dir: Path) -> int:
    """How much of a model's files lies here, whole or in part. A few looks at the folder, no reading."""
    folder, total = models_dir / spec.folder_name, 0
    for file in spec.files:
        for name in (file.name, f"{file.name}.part"):
            with contextlib.suppress(OSError):
                total += (folder / name).stat().st_size
    return total


@contextlib.contextmanager
def _alone_in(folder: Path, is_cancelled: IsCancelled) -> Iterator[None]:
    """One process and thread at a time fetches into a folder; the others wait."""
    lock = FileLock(folder / ".lock")
    while True:
        if is_cancelled():
            raise Cancelled
        try:
            lock.acquire(timeout=_POLL_S)
        except Timeout:
            continue
        except OSError as error:
            raise DownloadFailed(f"{folder} cannot be written: {error.strerror}") from error
        break
    try:
        yield
    finally:
        lock.release()


def fetch_file(
    file: ModelFile, folder: Path, report: Callable[[Progress], None], is_cancelled: IsCancelled = _never
) -> Fetched:
    """Fetch one file into folder, resuming what an earlier call left. Raises as fetch_model."""
    _require_safe_url(file.source)
    failure: Exception | None = None
    for _ in range(_ATTEMPTS):
        redirects = _Redirects()
        try:
            part = _transfer(file, folder, report, redirects, is_cancelled)
        except (DownloadFailed, WeightsMismatch):
            raise
        except urllib.error.HTTPError as error:
            raise _explain_status(file, error) from error
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if isinstance(error, OSError) and error.errno in _DISK_ERRNOS:
                raise DownloadFailed(f"writing {file.name} into {folder} failed: {error.strerror}") from error
            failure = error
            continue
        return _finish(file, part, folder, redirects)
    host = urllib.parse.urlsplit(file.source).hostname
    reason = getattr(failure, "reason", None) or failure
    raise DownloadFailed(
        f"{file.name} could not be fetched: {host} cannot be reached, or the connection broke ({reason}). What has "
        f"arrived is kept; run the same again with a network to go on. {OFFLINE_ADVICE}"
    ) from failure


_DISK_ERRNOS = (28, 30, 13, 122)  # no space, read-only, no permission, quota


def _transfer(
    file: ModelFile,
    folder: Path,
    report: Callable[[Progress], None],
    redirects: _Redirects,
    is_cancelled: IsCancelled,
) -> Path:
    if is_cancelled():
        raise Cancelled
    part, note = folder / f"{file.name}.part", folder / f"{file.name}.part.json"
    validator = _read_validator(note, file.source)
    start = part.stat().st_size if part.is_file() and validator else 0
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": validator}
    request = urllib.request.Request(file.source, headers=headers)  # noqa: S310 - only https comes here
    try:
        response = urllib.request.build_opener(redirects).open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        error.close()
        part.unlink(missing_ok=True)  # more than the server has: begin again
        return _transfer(file, folder, report, redirects, is_cancelled)
    with response:
        redirects.learn(response.headers)
        if response.status != 206 or not str(response.headers.get("Content-Range", "")).startswith(f"bytes {start}-"):
            start = 0
        length = response.headers.get("Content-Length")
        total = start + int(length) if length and length.isdigit() else None
        _require_plausible(file, total, folder, start)
        validator = response.headers.get("ETag") or ""
        strong = "" if validator.startswith("W/") else validator
        write_atomically(note, json.dumps({"source": file.source, "etag": strong}).encode())
        done = start
        with part.open("r+b" if start else "wb") as out:
            out.seek(start)
            out.truncate()
            report(Progress(file.name, done, total))
            # read1: what has come, rather than a whole block, which takes minutes over a thin line.
            while block := response.read1(_BLOCK_BYTES):
                if is_cancelled():
                    raise Cancelled
                out.write(block)
                done += len(block)
                report(Progress(file.name, done, total))
            out.flush()
            os.fsync(out.fileno())
    if total is not None and done < total:
        raise http.client.IncompleteRead(b"", total - done)
    return part


def _finish(file: ModelFile, part: Path, folder: Path, redirects: _Redirects) -> Fetched:
    sha256, size_bytes = file_sha256(part), part.stat().st_size
    expected = file.sha256 or recorded_sha256(folder, file.name) or redirects.linked_sha256 or sha256
    wrong_size = file.size_bytes is not None and size_bytes != file.size_bytes
    (folder / f"{file.name}.part.json").unlink(missing_ok=True)
    if sha256 != expected or wrong_size:
        part.unlink()
        raise WeightsMismatch(
            f"{file.name} from {file.source} arrived as {size_bytes} bytes with sha256 {sha256}; expected is sha256 "
            f"{expected}{f' and {file.size_bytes} bytes' if wrong_size else ''}. It was removed. Try again; if it "
            "stays so, the source has changed, and this must not be trusted"
        )
    part.replace(folder / file.name)
    return Fetched(file.name, size_bytes, sha256, file.source, redirects.revision)


def _record(folder: Path, fetched: Fetched) -> None:
    entry = {
        "sha256": fetched.sha256,
        "size_bytes": fetched.size_bytes,
        "source": fetched.source,
        "revision": fetched.revision,
    }
    content = {**read_record(folder), fetched.name: entry}
    write_atomically(folder / RECORD_NAME, json.dumps(content, indent=1).encode())


def _read_validator(note: Path, source: str) -> str:
    """The strong ETag of a partial file, or "" where it cannot be resumed safely."""
    try:
        content = json.loads(note.read_bytes())
        return str(content["etag"]) if content["source"] == source else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _require_plausible(file: ModelFile, total: int | None, folder: Path, start: int) -> None:
    if file.size_bytes is not None and total is not None and total != file.size_bytes:
        raise WeightsMismatch(f"{file.source} has {total} bytes, not {file.size_bytes}: the source has changed")
    free = shutil.disk_usage(folder).free
    if total is not None and total - start > free:
        raise DownloadFailed(f"{file.name} needs {total - start} more bytes, but {folder} has only {free} free")


def _require_safe_url(source: str) -> None:
    url = urllib.parse.urlsplit(source)
    is_loopback = url.hostname in ("127.0.0.1", "localhost", "::1")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback):
        raise DownloadFailed(f"{source} is not fetched: only https is allowed")


def _explain_status(file: ModelFile, error: urllib.error.HTTPError) -> DownloadFailed:
    error.close()
    if error.code == 404:
        return _NotThere(f"{file.source} does not exist (404): check the model's name on its page")
    if error.code in (401, 403):
        return DownloadFailed(
            f"{file.source} wants a login ({error.code}): accept the licence on its page, download {file.name} in a "
            "browser, and put it in the model's folder"
        )
    return DownloadFailed(f"{file.source} answered {error.code} {error.reason}: try again later. {OFFLINE_ADVICE}")
