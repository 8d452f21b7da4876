"""Keeps what the sidecar knows of persons in step with their pictures: one at a time, fetching only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from plugin.faces_values import Enrolled, Person, ReferenceImage
from plugin.store.face_references import FaceReference, FaceReferences

PORTION_BYTES = 32 * 1024 * 1024
"""Of pictures in one message, unless a single one is larger; half of what a message may hold."""


class NotNow(Exception):
    """A picture could not be fetched, but may be another time."""


class Enrolls(Protocol):
    def enrol(self, person: Person, source: str, images: Sequence[ReferenceImage]) -> Enrolled:
        """See plugin.faces_client.Enrolment."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """name: the source's own, of these very bytes: it has another one when they change. fetch: the bytes; None where
    there are none that can be taken in. Raises NotNow.
    """

    name: str
    fetch: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one person. outcomes: of their pictures. fetched, missing: how many pictures were fetched, and how
    many did not come. problem: a sentence, "" where all went well.
    """

    outcomes: tuple[str, ...] = ()
    fetched: int = 0
    missing: int = 0
    problem: str = ""


@dataclass(slots=True)
class _Looked:
    """Pictures as far as they are known: name -> image id, and bytes by image id."""

    ids: dict[str, str] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    fetched: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Keeper:
    """One stream of enrolment and what was handed over before. Raises SidecarError, StoreError."""

    references: FaceReferences
    enrolment: Enrolls

    def keep(self, person: Person, source: str, pictures: Sequence[Picture]) -> Kept:
        """Hand a person over with exactly these pictures. One whose name was seen before is not fetched again, unless
        the sidecar has lost it.
        """
        known = self.references.get(person.key)
        looked = self._look(known, pictures)
        images = _listed(looked.ids)
        answer = self.enrolment.enrol(person, source, [ReferenceImage(image_id) for image_id in images])
        wanted = _wanted(images, answer)
        if wanted and not answer.problem:
            self._fetch_wanted(looked, pictures, wanted)
            images = _listed(looked.ids)
            in_hand = {one: looked.data[one] for one in images if one in wanted and one in looked.data}
            for handed in _portions(images, in_hand):
                answer = self.enrolment.enrol(person, source, handed)
            _drop_unreadable(looked, images, answer)
        if not answer.problem and (known is None or dict(known.images) != looked.ids):
            self.references.save(person.key, source, looked.ids)
        return Kept(answer.outcomes, looked.fetched, looked.missing, answer.problem)

    def _look(self, known: FaceReference | None, pictures: Sequence[Picture]) -> _Looked:
        looked = _Looked()
        before: Mapping[str, str] = known.images if known is not None else {}
        for picture in pictures:
            if picture.name in before:
                looked.ids[picture.name] = before[picture.name]
            else:
                _fetch(looked, picture)
        return looked

    def _fetch_wanted(self, looked: _Looked, pictures: Sequence[Picture], wanted: set[str]) -> None:
        """Pictures that were handed over once, and that the sidecar lost."""
        for picture in pictures:
            image_id = looked.ids.get(picture.name, "")
            if image_id in wanted and image_id not in looked.data:
                _fetch(looked, picture)
                wanted.add(looked.ids.get(picture.name, ""))


def _fetch(looked: _Looked, picture: Picture) -> None:
    try:
        data = picture.fetch()
    except NotNow:
        looked.ids.pop(picture.name, None)
        looked.missing += 1
        return
    looked.fetched += 1
    if data is None:
        looked.ids[picture.name] = ""
        return
    image_id = image_id_of(data)
    looked.ids[picture.name] = image_id
    looked.data[image_id] = data


def _drop_unreadable(looked: _Looked, images: Sequence[str], answer: Enrolled) -> None:
    """What is no picture is not handed over again until it has another name."""
    found = dict(zip(images, answer.outcomes, strict=False))
    for name, image_id in looked.ids.items():
        if found.get(image_id) == "unreadable":
            looked.ids[name] = ""


def _portions(images: Sequence[str], data: Mapping[str, bytes]) -> list[list[ReferenceImage]]:
    """All images each time, but with the bytes of only so many as fit into a message."""
    portions: list[set[str]] = [set()]
    size = 0
    for image_id, content in data.items():
        if portions[-1] and size + len(content) > PORTION_BYTES:
            portions.append(set())
            size = 0
        portions[-1].add(image_id)
        size += len(content)
    return [[ReferenceImage(one, data[one] if one in portion else b"") for one in images] for portion in portions]


def image_id_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _listed(ids: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(image_id for image_id in ids.values() if image_id))


def _wanted(images: Sequence[str], answer: Enrolled) -> set[str]:
    return {image_id for image_id, outcome in zip(images, answer.outcomes, strict=False) if outcome == "wanted"}
