"""Face databases out and in: export, changes, import, taking it back; and everything as text."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.errors import EngineError
from sidecar.engine.people.database_file import DatabaseFile, Manifest, write
from sidecar.engine.request import InvalidRequest
from sidecar.models.spec import ModelSpec
from sidecar.store import FaceStore, StoreError, StoreFull
from sidecar.store.faces import OWN_LIBRARY, Imported, ImportHeader, PersonRow, RolledBack
from sidecar.store.faces.people import plain

PIECE_BYTES = 1 << 20
MAX_FILE_BYTES = 16 << 30


class Exchange:
    """Thread-safe. Every method raises StoreError.

    folder: for files on their way, cleared at the start.
    """

    def __init__(self, store: FaceStore, folder: Path) -> None:
        self._store, self._folder = store, folder
        shutil.rmtree(folder, ignore_errors=True)

    def export(
        self, spec: ModelSpec, model_key: str, key_prefix: str = "", private_prefix: str = "", since_generation: int = 0
    ) -> Iterator[bytes]:
        """A face database, piece by piece.

        key_prefix, private_prefix, since_generation: see ExportFacesRequest in protos/faces.proto. What is known only
        under a private key goes under "file:<hex>", which stays the same from one file to the next. Raises
        InvalidRequest for a generation that is not there yet.
        """
        now = self._store.references.generation()
        if not 0 <= since_generation <= now:
            raise InvalidRequest(f"since_generation is {since_generation}; this database is at generation {now}")
        with self._temporary() as path:
            shown = _Shown(self._store, model_key, key_prefix, private_prefix)
            changed = shown.people(since_generation)
            dim = next((len(row.vector) for row in self._store.references.iterate(model_key, page=1)), spec.dim or 1)
            manifest = Manifest(
                model_id=spec.id,
                model_key=model_key,
                checksums=tuple(f"{file.name}:{file.sha256 or 'unknown'}" for file in spec.files),
                dim=dim,
                database_id=self._store.database_id,
                since_generation=since_generation,
                generation=now,
                made_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            )
            gone = self._store.references.gone_uids(model_key, since_generation) if since_generation else ()
            write(path, manifest, changed, shown.references(since_generation), gone)
            yield from _pieces(path)

    def receive(self, pieces: Iterable[bytes], name: str, spec: ModelSpec, model_key: str) -> Imported:
        """Take a face database in that comes piece by piece; see take_in."""
        with self._temporary() as path:
            size = 0
            try:
                with path.open("wb") as file:
                    for piece in pieces:
                        size += len(piece)
                        if size > MAX_FILE_BYTES:
                            raise InvalidRequest(f"the file has more than {MAX_FILE_BYTES:,} bytes")
                        file.write(piece)
            except OSError as error:
                raise StoreFull(f"the file could not be received: {error}. Free some space and try again.") from error
            return self.take_in(path, name, spec, model_key)

    def take_in(self, path: Path, name: str, spec: ModelSpec, model_key: str) -> Imported:
        """Verify a face database whole, then take it in in one step.

        name: how the owner will know it; of its first 200 characters. Raises InvalidRequest (no face database, damaged,
        of another model, changes whose base is not here); then nothing has changed.
        """
        with self.verified(path) as file:
            told = file.manifest
            if told.model_key != model_key:
                raise InvalidRequest(
                    f"this face database was made with the model {told.model_id!r} ({told.model_key}), and {spec.id!r} "
                    f"({model_key}) is in use: vectors of one mean nothing to the other. Switch the face model, or "
                    "find a database of this one."
                )
            if told.since_generation:
                base = self._store.imports.base(told.database_id, model_key)
                if base is None or base < told.since_generation:
                    have = "nothing of it" if base is None else f"it up to generation {base}"
                    raise InvalidRequest(
                        f"this file holds the changes of database {told.database_id[:8]} since generation "
                        f"{told.since_generation}, and here is {have}. Import the whole database first."
                    )
            self._check_own(file)
            header = ImportHeader(
                name=name.strip()[:200] or f"database {told.database_id[:8]}",
                model_key=model_key,
                database_id=told.database_id,
                since_generation=told.since_generation,
                generation=told.generation,
            )
            return self._store.imports.take_in(header, file.people(), file.references(), file.gone_uids())

    def _check_own(self, file: DatabaseFile) -> None:
        """Refuse what tells of persons of another library under keys that mean somebody else here."""
        told = {person.key: person for person in file.people() if person.key.startswith(OWN_LIBRARY)}
        for key, here in self._store.people.get(list(told)).items():
            there = told[key]
            if not {plain(name) for name in (here.name, *here.aliases)} & {
                plain(name) for name in (there.name, *there.aliases)
            }:
                raise InvalidRequest(
                    f"this file says that {key} is {there.name!r}, and here it is {here.name!r}: it is of another "
                    "library, and was exported with that library's own keys. Ask for one without them."
                )

    def verified(self, path: Path) -> DatabaseFile:
        """A face database that is what it says it is. Raises InvalidRequest, StoreError where it cannot be read."""
        try:
            return DatabaseFile.open(path)
        except OSError as error:
            raise StoreError(f"{path.name} cannot be read: {error.strerror or error}") from error

    def roll_back(self) -> RolledBack:
        """Take the last import back. Raises EngineError not_found where there is none."""
        done = self._store.imports.roll_back()
        if done is None:
            raise EngineError("not_found", "no import is there that could be taken back")
        return done

    def everything(self) -> Iterator[bytes]:
        """All that is known of faces, as readable JSON lines, each with "what" it is: the owner's own copy."""
        yield from _lines(self._store.everything())

    @contextlib.contextmanager
    def _temporary(self) -> Iterator[Path]:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(dir=self._folder)
        except OSError as error:
            raise StoreError(f"no file can be made in {self._folder}: {error}") from error
        try:
            yield Path(folder) / "faces.zip"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Shown:
    """Who is told outside, and under which key."""

    def __init__(self, store: FaceStore, model_key: str, key_prefix: str, private_prefix: str) -> None:
        self._store, self._model_key = store, model_key
        self._prefix, self._private = key_prefix, private_prefix
        self._identities = store.people.identities()
        self._outside: dict[str, str] = {}
        self._told: dict[str, PersonRow] = {}

    def key(self, key: str) -> str:
        """What a key is called outside; "" where it is not told."""
        if key not in self._outside:
            self._outside[key] = self._told_as(key)
        return self._outside[key]

    def people(self, since: int) -> list[PersonRow]:
        """Persons who have references that are told and changed, or of whom something else is told now."""
        changed = self._store.references.keys_changed(self._model_key, since)
        for key in dict.fromkeys((*changed, *self._store.people.changed(since, self._model_key))):
            outside = self.key(key)
            if outside and outside not in self._told:
                self._told[outside] = self._person(key, outside)
        return list(self._told.values())

    def references(self, since: int) -> Iterator[tuple[str, str, float, NDArray[np.float32]]]:
        """(uid, key, quality, vector) of each whose person was told. What came since then waits for the next file."""
        for row in self._store.references.iterate(self._model_key, since):
            outside = self.key(row.key)
            if outside in self._told:
                yield row.uid, outside, row.quality, row.vector

    def _told_as(self, key: str) -> str:
        if not self._is_private(key):
            return key if key.startswith(self._prefix) else ""
        public = sorted(one for one in self._identities.keys(key) if not self._is_private(one))
        if public:
            return next((one for one in public if one.startswith(self._prefix)), "")
        return "" if self._prefix else self._file_key(key)

    def _person(self, key: str, outside: str) -> PersonRow:
        people = self._store.people.get([key, outside])
        person = people.get(outside) or people[key]
        same_as = tuple(one for one in person.same_as if not self._is_private(one))
        return replace(person, key=outside, same_as=same_as)

    def _file_key(self, key: str) -> str:
        uids = [row.uid for row in self._store.references.of([key], self._model_key)]
        made = f"file:{hashlib.sha256(' '.join(sorted(uids)).encode()).hexdigest()[:32]}"
        return self._store.people.file_key(key, made)

    def _is_private(self, key: str) -> bool:
        return bool(self._private) and key.startswith(self._private)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _lines(rows: Iterable[tuple[str, dict[str, object]]]) -> Iterator[bytes]:
    """JSON lines in pieces of about PIECE_BYTES; bytes as base64."""
    waiting: list[bytes] = []
    size = 0
    for what, row in rows:
        told = {"what": what, **{name: _readable(value) for name, value in row.items()}}
        waiting.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
        size += len(waiting[-1])
        if size >= PIECE_BYTES // 2:
            yield from _cut(b"".join(waiting))
            waiting, size = [], 0
    yield from _cut(b"".join(waiting))


def _cut(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), PIECE_BYTES):
        yield data[start : start + PIECE_BYTES]


def _readable(value: object) -> object:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
