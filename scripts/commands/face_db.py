"""Face databases as files: build one from named pictures, export, import, take back, check.

All but verify and info FILE work through the sidecar that runs on the data folder, or else start one for as long as
they need it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import grpc

from protos import faces_pb2
from scripts.named_people import PREFIX, FolderError, enrol, people_in
from scripts.sidecar_client import SidecarClient, SidecarUnavailable, connect
from sidecar.engine.people.database_file import DatabaseFile, Manifest, NotAFaceDatabase
from sidecar.settings import default_data_dir

PIECE_BYTES = 1 << 20
ERASE_WORDS = "erase all faces"
OWN_LIBRARY = "stash:"

Ask = Callable[[str], str]


class _Refused(Exception):
    """What was asked for cannot be done. The message says why."""


def main(arguments: Sequence[str] | None = None, ask: Ask = input) -> int:
    """Return the exit status: 0 if it was done, 1 if not, 2 for wrong usage."""
    parsed = _parser(ask).parse_args(arguments)
    try:
        print(parsed.run(parsed))
    except (SidecarUnavailable, FolderError, NotAFaceDatabase, _Refused) as error:
        print(f"face_db: {error}", file=sys.stderr)
        return 1
    except grpc.RpcError as error:
        print(f"face_db: {error.details() if isinstance(error, grpc.Call) else error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"face_db: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _build(asked: argparse.Namespace) -> str:
    people = people_in(Path(asked.folder).expanduser())
    with _working_folder(asked) as folder, connect(folder, media_roots=()) as client:
        refusals = enrol(client.faces, people, asked.model)
        for refusal in refusals:
            print(f"face_db: {refusal.picture}: {refusal.why}", file=sys.stderr)
        # The keys of a folder are names, and equal names are not one person elsewhere.
        request = faces_pb2.ExportFacesRequest(private_prefix=PREFIX, model=asked.model)
        return _written(client, request, Path(asked.file))


def _export(asked: argparse.Namespace) -> str:
    request = faces_pb2.ExportFacesRequest(
        key_prefix=asked.prefix, private_prefix="" if asked.own_keys else OWN_LIBRARY, everything=asked.everything
    )
    with _connected(asked) as client:
        if asked.everything:
            size = _save(client, request, Path(asked.file))
            return f"{asked.file}: everything that is known of faces, {size:,} bytes"
        return _written(client, request, Path(asked.file))


def _delta(asked: argparse.Namespace) -> str:
    with DatabaseFile.open(Path(asked.base)) as base:
        told = base.manifest
    request = faces_pb2.ExportFacesRequest(
        key_prefix=asked.prefix,
        private_prefix="" if asked.own_keys else PREFIX if asked.built else OWN_LIBRARY,
        since_generation=told.generation,
    )
    with _connected(asked) as client:
        said = _written(client, request, Path(asked.file))
    with DatabaseFile.open(Path(asked.file)) as made:
        same = made.manifest.database_id == told.database_id
    if not same:
        Path(asked.file).unlink()
        raise _Refused(f"{asked.base} was not made from this data folder, so what changed since then is not known")
    return said


def _import(asked: argparse.Namespace) -> str:
    path = Path(asked.file)
    name = asked.name or path.name
    with _connected(asked) as client, path.open("rb") as file:
        answer = client.faces.ImportFaces(_chunks(file.read, name))
    known = f", {answer.known_people} of them known before" if answer.known_people else ""
    return f"{name}: {answer.people} people{known}, {answer.references} new faces. `rollback` takes it back."


def _roll_back(asked: argparse.Namespace) -> str:
    with _connected(asked) as client:
        answer = client.faces.RollBackImport(faces_pb2.RollBackImportRequest())
    return (
        f"{answer.name} was taken back: {answer.references_removed} faces went, {answer.references_restored} returned"
    )


def _verify(asked: argparse.Namespace) -> str:
    with DatabaseFile.open(Path(asked.file)) as file:
        return f"{asked.file} is whole.\n{_described(file.manifest)}"


def _info(asked: argparse.Namespace) -> str:
    if asked.file:
        with DatabaseFile.open(Path(asked.file)) as file:
            return _described(file.manifest)
    with _connected(asked) as client:
        state = client.faces.GetFaceState(faces_pb2.GetFaceStateRequest())
    sources = ", ".join(f"{number} {source}" for source, number in sorted(state.references_by_source.items()))
    lines = [
        f"model       {state.model}",
        f"people      {state.people}",
        f"references  {state.references}{f' ({sources})' if sources else ''}",
        f"media       {state.media} with {state.faces} faces in {state.tracks} tracks",
        f"unknown     {state.groups} groups",
        f"search      {state.search}",
        f"size        {state.size_bytes:,} bytes",
        f"last import {state.last_import or '(none)'}",
    ]
    return "\n".join(lines)


def _erase(asked: argparse.Namespace) -> str:
    words = asked.confirm if asked.confirm is not None else asked.ask(f'This cannot be undone. Type "{ERASE_WORDS}": ')
    if words.strip() != ERASE_WORDS:
        raise _Refused("nothing was erased")
    with _connected(asked) as client:
        answer = client.faces.EraseFaces(faces_pb2.EraseFacesRequest(confirmation=ERASE_WORDS))
    return f"{answer.faces} faces of media and {answer.people} people are forgotten"


def _parser(ask: Ask) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/face_db",
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], str], text: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        found.set_defaults(run=run, ask=ask)
        found.add_argument("--data", default=str(default_data_dir(os.environ)), metavar="DIR", help="the data folder")
        return found

    build = command("build", _build, "make a database from a folder of named pictures: Name/any.jpg, or Name.jpg")
    build.add_argument("folder")
    build.add_argument("file")
    build.add_argument("--model", default="", metavar="ID", help="the face model (default: the best one here)")
    build.add_argument(
        "--work", metavar="DIR", help="keep what was looked at in DIR: the next build looks at new pictures only"
    )
    export = command("export", _export, "write everybody who is known into a database")
    export.add_argument("file")
    export.add_argument(
        "--everything", action="store_true", help="all that is known of faces, as readable JSON lines, for yourself"
    )
    delta = command("delta", _delta, "write what changed since a database was exported")
    delta.add_argument("base", help="the database that was exported before")
    delta.add_argument("file")
    delta.add_argument("--built", action="store_true", help="the base was built; --data is the folder of its --work")
    for one in (export, delta):
        one.add_argument("--prefix", default="", metavar="KEY", help="only people whose key begins so")
        one.add_argument(
            "--own-keys",
            action="store_true",
            help="keep the keys of your own library, for a copy that comes back to the same Stash",
        )
    take_in = command("import", _import, "take a database, or the changes of one, in")
    take_in.add_argument("file")
    take_in.add_argument("--name", default="", help="how you will know it (default: the file's name)")
    command("rollback", _roll_back, "take the last import back")
    command("verify", _verify, "check a database wholly, without taking it in").add_argument("file")
    command("info", _info, "say what a database, or the data folder, holds").add_argument("file", nargs="?")
    command("erase", _erase, "forget all that is known of faces").add_argument(
        "--confirm", metavar="WORDS", help=f'"{ERASE_WORDS}", word for word, instead of being asked'
    )
    return parser


@contextlib.contextmanager
def _working_folder(asked: argparse.Namespace) -> Iterator[Path]:
    """Where a database is built: nobody else is known there. Models are those of the data folder."""
    with contextlib.ExitStack() as held:
        if asked.work:
            folder = Path(asked.work).expanduser().absolute()
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="stash-sense-faces-")))
        models = Path(asked.data).expanduser().absolute() / "models"
        if models.is_dir() and not (folder / "models").exists():
            (folder / "models").symlink_to(models, target_is_directory=True)
        yield folder


def _connected(asked: argparse.Namespace) -> contextlib.AbstractContextManager[SidecarClient]:
    return connect(Path(asked.data).expanduser().absolute(), media_roots=())


def _written(client: SidecarClient, request: faces_pb2.ExportFacesRequest, path: Path) -> str:
    size = _save(client, request, path)
    with DatabaseFile.open(path) as file:
        return f"{path}: {size:,} bytes\n{_described(file.manifest)}"


def _save(client: SidecarClient, request: faces_pb2.ExportFacesRequest, path: Path) -> int:
    """Write what comes, whole or not at all; its size."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as out:
            size = sum(out.write(chunk.data) for chunk in client.faces.ExportFaces(request))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return size


def _chunks(read: Callable[[int], bytes], name: str) -> Iterator[faces_pb2.FileChunk]:
    yield faces_pb2.FileChunk(name=name[:200])
    while piece := read(PIECE_BYTES):
        yield faces_pb2.FileChunk(data=piece)


def _described(told: Manifest) -> str:
    changes = f", since {told.since_generation} ({told.gone} gone)" if told.since_generation else ""
    return (
        f"model       {told.model_id} ({told.model_key}), {told.dim} numbers a face\n"
        f"people      {told.people}\n"
        f"references  {told.references}\n"
        f"database    {told.database_id[:8]}, generation {told.generation}{changes}, made {told.made_at}"
    )


if __name__ == "__main__":
    sys.exit(main())
