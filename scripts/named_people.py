"""A folder of named pictures: `Name/any.jpg`, or `Name.jpg`; its people are known while they lie there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from protos import faces_pb2, faces_pb2_grpc
from scripts.media_files import IMAGE_ENDINGS

PREFIX = "folder:"
SOURCE = "folder"
MAX_IMAGES = 100


class FolderError(Exception):
    """The folder names nobody. The message says what is expected."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """One person and their pictures."""

    name: str
    pictures: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A picture that shows nobody who could be known by it."""

    picture: Path
    why: str


_WHY = {
    faces_pb2.IMAGE_OUTCOME_NO_FACE: "no face was found",
    faces_pb2.IMAGE_OUTCOME_SEVERAL_FACES: "several faces, none of which is by far the largest",
    faces_pb2.IMAGE_OUTCOME_POOR: "its face is too small, too blurred or too much turned",
    faces_pb2.IMAGE_OUTCOME_UNREADABLE: "it cannot be read as a picture",
}


def people_in(folder: Path) -> list[NamedPerson]:
    """Everybody whom a folder names, by name. Raises FolderError."""
    if not folder.is_dir():
        raise FolderError(f"{folder} is no folder; it should hold Name.jpg, or Name/picture.jpg")
    found: dict[str, list[Path]] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            found.setdefault(entry.name, []).extend(
                path for path in sorted(entry.iterdir()) if path.suffix.lower() in IMAGE_ENDINGS and path.is_file()
            )
        elif entry.suffix.lower() in IMAGE_ENDINGS:
            found.setdefault(entry.stem, []).append(entry)
    people = [NamedPerson(name, tuple(paths[:MAX_IMAGES])) for name, paths in sorted(found.items()) if paths]
    if not people:
        raise FolderError(f"{folder} names nobody; it should hold Name.jpg, or Name/picture.jpg")
    return people


def key_of(name: str) -> str:
    """The key of a person of a folder. Names may be longer than keys."""
    return PREFIX + (name if len(name) <= 200 else hashlib.sha256(name.encode()).hexdigest())


def enrol(faces: faces_pb2_grpc.FacesStub, people: Sequence[NamedPerson], model: str = "") -> list[Refusal]:
    """Make the sidecar know exactly these people of folders; others that it knows are not touched.

    Returns the pictures that are of no use. Raises grpc.RpcError, OSError.
    """
    keep = {key_of(person.name) for person in people}
    known = _known(faces)
    faces.ForgetPeople(faces_pb2.ForgetPeopleRequest(keys=sorted(known - keep)))
    refusals: list[Refusal] = []
    answers = faces.Enrol(_requests(people, model))
    for person, answer in zip(people, answers, strict=True):
        if answer.HasField("problem"):
            refusals.append(Refusal(person.pictures[0], answer.problem.message))
        refusals += [
            Refusal(picture, _WHY[outcome])
            for picture, outcome in zip(person.pictures, answer.outcomes, strict=False)
            if outcome in _WHY
        ]
    return refusals


def _known(faces: faces_pb2_grpc.FacesStub) -> set[str]:
    keys: set[str] = set()
    after = ""
    while True:
        page = faces.ListPeople(faces_pb2.ListPeopleRequest(key_prefix=PREFIX, limit=1000, after=after))
        keys |= {one.person.key for one in page.people}
        after = page.next
        if not after:
            return keys


def _requests(people: Sequence[NamedPerson], model: str) -> Iterator[faces_pb2.EnrolRequest]:
    for number, person in enumerate(people):
        images = []
        for picture in person.pictures:
            data = picture.read_bytes()
            image_id = f"sha256:{hashlib.sha256(data).hexdigest()}"
            images.append(faces_pb2.ReferenceImage(image_id=image_id, data=data))
        yield faces_pb2.EnrolRequest(
            person=faces_pb2.Person(key=key_of(person.name), name=person.name[:200]),
            source=SOURCE,
            images=images,
            model=model if number == 0 else "",
        )
