"""The face database file: persons and vectors of their faces, in a form that another sidecar can check and take in.

A ZIP archive whose members are stored, not compressed, and are exactly these:

`manifest.json`      {"format": "stash-sense-faces", "version": 1, "model": {"id", "key", "checksums": [str]}, "dim",
                     "database_id", "since_generation", "generation", "made_at": ISO 8601, "people": n, "references": n,
                     "gone": n, "sha256": {member: hex of its bytes}}
`people.jsonl`       a line per person: {"key", "name", "aliases": [str], "same_as": [key], "sex": "", "female" or
                     "male", "birthdate"}
`references.jsonl`   a line per reference, in the order of their vectors: {"uid": 32 hex digits, "key", "quality": 0 to
                     1};
                     and, in a file of changes, {"uid", "gone": true} for each that is no more
`vectors.f16`        the references' vectors, little-endian float16, `dim` each, unit length

database_id and generation say whose it is and how far it goes; since_generation is 0 for a whole database, else the
file holds only what changed after that generation and fits a sidecar that has this database up to there. No pictures
are in it: it tells faces apart, it does not show them.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.people.enrolment import check_person
from sidecar.engine.request import InvalidRequest
from sidecar.faces import SexName
from sidecar.store.faces import ImportedReference, PersonRow

FORMAT, VERSION = "stash-sense-faces", 1
MEMBERS = ("people.jsonl", "references.jsonl", "vectors.f16")
MANIFEST = "manifest.json"

MAX_MANIFEST_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 18
MAX_MEMBER_BYTES = 8 << 30
MAX_DIM = 4096
_PIECE_BYTES = 1 << 20
_VECTORS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file says of itself. model_key names weights and alignment; model_id is what people call it."""

    model_id: str
    model_key: str
    checksums: tuple[str, ...]
    dim: int
    database_id: str
    since_generation: int
    generation: int
    made_at: str
    people: int = 0
    references: int = 0
    gone: int = 0


class NotAFaceDatabase(InvalidRequest):
    """The file is no face database, or a damaged one. The sentence says what is wrong."""


def write(
    path: Path,
    manifest: Manifest,
    people: Iterable[PersonRow],
    references: Iterable[tuple[str, str, float, NDArray[np.float32]]],
    gone: Iterable[str] = (),
) -> Manifest:
    """Write a face database; the manifest with its counts.

    references: (uid, key, quality, vector). Raises OSError.
    """
    digests: dict[str, str] = {}
    n_people = n_references = n_gone = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        with _Member(archive, "people.jsonl", digests) as out:
            for person in people:
                out.line(asdict(person))
                n_people += 1
        # Two members at once cannot be written: the vectors wait beside the file.
        beside = path.with_name(path.name + ".vectors")
        try:
            with beside.open("w+b") as vectors:
                with _Member(archive, "references.jsonl", digests) as out:
                    for uid in gone:
                        out.line({"uid": uid, "gone": True})
                        n_gone += 1
                    for uid, key, quality, vector in references:
                        out.line({"uid": uid, "key": key, "quality": round(quality, 4)})
                        vectors.write(np.ascontiguousarray(vector, "<f2").tobytes())
                        n_references += 1
                vectors.seek(0)
                with _Member(archive, "vectors.f16", digests) as out:
                    while piece := vectors.read(_PIECE_BYTES):
                        out.write(piece)
        finally:
            beside.unlink(missing_ok=True)
        told = Manifest(**{**asdict(manifest), "people": n_people, "references": n_references, "gone": n_gone})
        archive.writestr(MANIFEST, json.dumps(_as_json(told, digests), indent=1))
    return told


class DatabaseFile:
    """A face database that was read and verified whole. Nothing in it is code; nothing is unpacked."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        """Use DatabaseFile.open."""
        self._archive, self.manifest = archive, manifest

    @classmethod
    def open(cls, path: Path) -> DatabaseFile:
        """Open and verify: members, sizes, checksums, every line and every vector.

        Raises NotAFaceDatabase with a sentence, OSError.
        """
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise NotAFaceDatabase(f"this is no face database: {error}. Export one, or copy it again.") from None
        try:
            manifest = _verified(archive, path.stat().st_size)
            file = cls(archive, manifest)
            file._check_content()
        except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
            archive.close()
            raise NotAFaceDatabase(f"this face database is damaged ({error}). Copy it again.") from None
        except BaseException:
            archive.close()
            raise
        return file

    def close(self) -> None:
        self._archive.close()

    def __enter__(self) -> DatabaseFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def people(self) -> Iterator[PersonRow]:
        """Everybody in it. Raises NotAFaceDatabase."""
        for told in self._lines("people.jsonl"):
            try:
                person = PersonRow(
                    key=_text(told, "key"),
                    name=_text(told, "name"),
                    aliases=_texts(told, "aliases"),
                    same_as=_texts(told, "same_as"),
                    sex=_sex(told),
                    birthdate=_text(told, "birthdate"),
                )
                check_person(person)
            except InvalidRequest as error:
                raise NotAFaceDatabase(f"people.jsonl holds somebody who cannot be kept: {error}") from None
            yield person

    def references(self) -> Iterator[ImportedReference]:
        """Every reference that is in it, with its vector. Raises NotAFaceDatabase."""
        dim = self.manifest.dim
        with self._archive.open("vectors.f16") as vectors:
            waiting: list[dict[str, Any]] = []
            for told in self._lines("references.jsonl"):
                if "gone" not in told:
                    waiting.append(told)
                if len(waiting) == _VECTORS_AT_ONCE:
                    yield from _references(waiting, vectors, dim)
                    waiting = []
            yield from _references(waiting, vectors, dim)

    def gone_uids(self) -> tuple[str, ...]:
        """References that are no more since the generation that the file begins after."""
        return tuple(_uid(told) for told in self._lines("references.jsonl") if "gone" in told)

    def _check_content(self) -> None:
        keys: set[str] = set()
        for person in self.people():
            if person.key in keys:
                raise NotAFaceDatabase(f"people.jsonl holds {person.key[:80]!r} twice")
            keys.add(person.key)
        uids: set[str] = set()
        for reference in self.references():
            if reference.key not in keys:
                raise NotAFaceDatabase(f"references.jsonl names {reference.key[:80]!r}, who is not in people.jsonl")
            if reference.uid in uids:
                raise NotAFaceDatabase(f"references.jsonl holds {reference.uid} twice")
            uids.add(reference.uid)
        found = (len(keys), len(uids), len(self.gone_uids()))
        said = (self.manifest.people, self.manifest.references, self.manifest.gone)
        if found != said:
            raise NotAFaceDatabase(f"it says {said} persons, references and gone ones, and holds {found}")

    def _lines(self, member: str) -> Iterator[dict[str, Any]]:
        with self._archive.open(member) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES:
                    raise NotAFaceDatabase(f"{member} has a line of more than {MAX_LINE_BYTES} bytes")
                try:
                    told = json.loads(line)
                except (ValueError, RecursionError):
                    told = None
                if not isinstance(told, dict):
                    raise NotAFaceDatabase(f"{member} has a line that is no JSON object")
                yield told


class _Member:
    """One member of an archive that is written piece by piece, with its digest."""

    def __init__(self, archive: zipfile.ZipFile, name: str, digests: dict[str, str]) -> None:
        self._out = archive.open(zipfile.ZipInfo(name), "w", force_zip64=True)
        self._name, self._digests, self._sha256 = name, digests, hashlib.sha256()

    def __enter__(self) -> _Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()
        self._digests[self._name] = self._sha256.hexdigest()

    def write(self, piece: bytes) -> None:
        self._sha256.update(piece)
        self._out.write(piece)

    def line(self, told: dict[str, object]) -> None:
        self.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")


def _as_json(manifest: Manifest, digests: dict[str, str]) -> dict[str, object]:
    told = asdict(manifest)
    model = {"id": told.pop("model_id"), "key": told.pop("model_key"), "checksums": told.pop("checksums")}
    return {"format": FORMAT, "version": VERSION, "model": model, **told, "sha256": digests}


def _verified(archive: zipfile.ZipFile, size_bytes: int) -> Manifest:
    """The manifest, once every member is what it says. Raises NotAFaceDatabase."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if sorted(names) != sorted((*MEMBERS, MANIFEST)):
        raise NotAFaceDatabase(f"this is no face database: it holds {', '.join(names[:8])[:200] or 'nothing'}")
    for info in infos:
        most = MAX_MANIFEST_BYTES if info.filename == MANIFEST else MAX_MEMBER_BYTES
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
            raise NotAFaceDatabase(f"{info.filename} is compressed or encrypted; members are stored as they are")
        if info.file_size > most:
            raise NotAFaceDatabase(f"{info.filename} has {info.file_size} bytes; at most {most} are allowed")
    if sum(info.file_size for info in infos) > size_bytes:
        raise NotAFaceDatabase("its members overlap, or are not all there. Copy it again.")
    try:
        told = json.loads(archive.read(MANIFEST))
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            raise NotAFaceDatabase(
                f"this is {str(told['format'])[:40]!r} version {str(told['version'])[:20]}; "
                f"this sidecar reads {FORMAT!r} version {VERSION}"
            )
        manifest = Manifest(
            model_id=_text(told["model"], "id"),
            model_key=_text(told["model"], "key"),
            checksums=_texts(told["model"], "checksums"),
            dim=_count(told, "dim"),
            database_id=_text(told, "database_id"),
            since_generation=_count(told, "since_generation"),
            generation=_count(told, "generation"),
            made_at=_text(told, "made_at"),
            people=_count(told, "people"),
            references=_count(told, "references"),
            gone=_count(told, "gone"),
        )
        digests = {name: _text(told["sha256"], name) for name in MEMBERS}
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NotAFaceDatabase("manifest.json is not that of a face database") from None
    if not 1 <= manifest.dim <= MAX_DIM or not re.fullmatch(r"[0-9a-f]{32}", manifest.database_id):
        raise NotAFaceDatabase("manifest.json is not that of a face database")
    for name, expected in digests.items():
        if _digest(archive, name) != expected:
            raise NotAFaceDatabase(f"this face database is damaged: {name} is not what was written. Copy it again.")
    size = archive.getinfo("vectors.f16").file_size
    if size != manifest.references * manifest.dim * 2:
        raise NotAFaceDatabase(
            f"vectors.f16 has {size} bytes; {manifest.references} vectors of {manifest.dim} have not"
        )
    return manifest


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    sha256 = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(_PIECE_BYTES):
            sha256.update(piece)
    return sha256.hexdigest()


def _references(told: list[dict[str, Any]], vectors: IO[bytes], dim: int) -> Iterator[ImportedReference]:
    rows = np.frombuffer(vectors.read(len(told) * dim * 2), "<f2").astype(np.float32)
    if len(rows) != len(told) * dim:
        raise NotAFaceDatabase("vectors.f16 has fewer vectors than references.jsonl has references")
    rows = rows.reshape(len(told), dim)
    lengths = np.linalg.norm(rows, axis=1)
    if not np.all(np.abs(lengths - 1) < 0.01):  # not a number is not less, either
        raise NotAFaceDatabase("vectors.f16 holds vectors that are not of unit length")
    for line, row in zip(told, rows, strict=True):
        quality = line.get("quality")
        if not isinstance(quality, int | float) or not 0 <= quality <= 1:
            raise NotAFaceDatabase("references.jsonl holds a quality that is not from 0 to 1")
        yield ImportedReference(_uid(line), _text(line, "key"), float(quality), row)


def _uid(told: dict[str, Any]) -> str:
    uid = _text(told, "uid")
    if not re.fullmatch(r"[0-9a-f]{32}", uid):
        raise NotAFaceDatabase("references.jsonl holds a uid that is not 32 hex digits")
    return uid


def _text(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    if not isinstance(value, str) or not _is_text(value):
        raise NotAFaceDatabase(f"{name} is missing, or is no text of at most 4000 bytes")
    return value


def _texts(told: Any, name: str) -> tuple[str, ...]:
    value = told.get(name) if isinstance(told, dict) else None
    if not isinstance(value, list) or len(value) > 100 or not all(map(_is_text, value)):
        raise NotAFaceDatabase(f"{name} is missing, or is no list of at most 100 texts")
    return tuple(value)


def _sex(told: dict[str, Any]) -> SexName:
    sex = _text(told, "sex")
    return "female" if sex == "female" else "male" if sex == "male" else ""


def _is_text(value: object) -> bool:
    """Text that can be written: JSON lets halves of characters through."""
    try:
        return isinstance(value, str) and len(value.encode("utf-8")) <= 4000
    except UnicodeEncodeError:
        return False


def _count(told: Any, name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise NotAFaceDatabase(f"{name} is missing, or is no whole number from 0 on")
    return value
