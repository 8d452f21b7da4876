"""Takes persons in by their pictures: looks at each once, keeps the few that are worth it, forgets the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sidecar.engine.people.choice import Offered, choose, outlived_bootstraps
from sidecar.engine.people.looking import ENOUGH_PX, WORTH_FULL_SCALE, scaled
from sidecar.engine.request import InvalidRequest
from sidecar.faces import FoundFace
from sidecar.media.errors import MediaError
from sidecar.media.frames import Detail
from sidecar.media.still import read_portrait
from sidecar.models.face_model import FaceModel
from sidecar.models.face_picture import crop
from sidecar.models.face_quality import GOOD_SCORE, grade, measure
from sidecar.store import FaceStore
from sidecar.store.faces import BOOTSTRAP, IMPORT, TRACK, NewReference, Outcome, PersonRow
from sidecar.values import Cancelled, IsCancelled, RgbImage

MAX_IMAGES = 100
DOMINANT = 2.0
"""A face is the one that is meant where its area is this many times that of the next."""

ImageOutcome: TypeAlias = Literal[
    "enrolled", "wanted", "no_face", "several_faces", "poor", "unreadable", "spare", "removed"
]
"""ImageOutcome in protos/faces.proto."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a person. image_id names its bytes; data may be empty where the id is known."""

    image_id: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of each picture, in order, and how many references the whole identity has now."""

    outcomes: tuple[ImageOutcome, ...]
    references: int


class Enrolment:
    """Thread-safe: pictures are looked at side by side, what is kept is decided one person after the other."""

    def __init__(self, store: FaceStore) -> None:
        self._store = store

    def take_in(
        self,
        person: PersonRow,
        source: str,
        pictures: Sequence[Picture],
        model: FaceModel,
        is_cancelled: IsCancelled = lambda: False,
    ) -> Enrolled:
        """Replace what is said of a person, and the pictures of them that come from one source. Durable on return.

        A picture that was looked at before is not looked at again, and one that the owner took away stays away. A bad
        one harms nothing else. Raises InvalidRequest for a person, source or id that is none, StoreError, Cancelled;
        then nothing has changed.
        """
        check_person(person)
        _check_pictures(source, pictures)
        known = self._store.references.outcomes(person.key, source, model.model_key)
        refused = self._store.references.refused(person.key)
        outcomes: dict[str, ImageOutcome] = {}
        seen: dict[str, NewReference] = {}
        for picture in pictures:
            if is_cancelled():
                raise Cancelled
            name = picture.image_id
            if outcomes.get(name, "wanted") != "wanted":
                continue  # listed twice
            before = known.get(name)
            if name in refused:
                outcomes[name] = "removed"
            elif before is not None and not (before == "unreadable" and picture.data):
                outcomes[name] = before
            elif not picture.data:
                outcomes[name] = "wanted"
            else:
                found = look(model, picture.data)
                if isinstance(found, NewReference):
                    outcomes[name] = "enrolled"
                    seen[name] = NewReference(source, found.vector, found.quality, found.jpeg, name)
                else:
                    outcomes[name] = found
        with self._store.transaction():
            references = self._keep(person, source, model, outcomes, seen)
        return Enrolled(tuple(outcomes[picture.image_id] for picture in pictures), references)

    def _keep(
        self,
        person: PersonRow,
        source: str,
        model: FaceModel,
        outcomes: dict[str, ImageOutcome],
        seen: dict[str, NewReference],
    ) -> int:
        """Decide which of those seen are worth a place, and store everything. Call within a transaction."""
        store, key = self._store, model.model_key
        # First what is said: it decides whose references are compared with.
        store.people.save(person)
        held = store.references.of(store.people.identity(person.key), key)
        mine = {row.image_id: row for row in held if (row.key, row.source) == (person.key, source) and not row.imported}
        unlisted = {row.id for name, row in mine.items() if name not in outcomes}
        listed = frozenset(row.id for row in mine.values()) - unlisted
        if unlisted:  # what was spare beside them may have a place now
            outcomes.update({name: "wanted" for name, outcome in outcomes.items() if outcome == "spare"})
        names = list(seen)
        offered = [Offered(seen[name].vector, seen[name].quality) for name in names]
        choice = choose(source, offered, [row for row in held if row.id not in unlisted], listed)
        taken = {names[at] for at in choice.taken}
        dropped = {name for name, row in mine.items() if row.id in choice.dropped}
        for name in (*names, *dropped):
            outcomes[name] = "enrolled" if name in taken else "spare"
        store.references.take_in(
            person,
            source,
            key,
            [(name, outcome) for name, outcome in outcomes.items() if outcome != "wanted" and outcome != "removed"],
            [seen[name] for name in names if name in taken],
            choice.dropped,
            tuple(outcomes),
        )
        return settle(store, person.key, key, model.rules.match)


def settle(store: FaceStore, key: str, model_key: str, match: float) -> int:
    """After the references of a person have changed: link them by face and name, drop bootstraps that are not needed.

    match: cosine from which on two faces are one person. How many references the identity has now. Call within a
    transaction.
    """
    store.people.relink(model_key, [key], match)
    held = store.references.of(store.people.identity(key), model_key)
    outlived = outlived_bootstraps(held)
    store.references.drop(outlived)
    return len(held) - len(outlived)


def look(model: FaceModel, data: bytes) -> NewReference | Outcome:
    """The face that a picture is of, ready to be a reference; or why it cannot be one."""
    try:
        detail = read_portrait(data, model.detect_px)
    except MediaError:
        return "unreadable"
    faces = model.detect(detail.image)
    # What the detector doubts is often no face at all: it is no rival of one that it is sure of.
    sure = [face for face in faces if model.score_share(face.score) >= GOOD_SCORE]
    face = dominant(sure or faces)
    if face is None:
        return "several_faces" if faces else "no_face"
    quality = measure(detail.image, face, detail.scale, model.score_share(face.score))
    if grade(quality) != "good":
        return "poor"
    image, face = _finest(detail, face, quality.size_px)
    (vector,) = model.embed(image, [face])
    return NewReference("", vector, quality.overall, crop(image, face))


def dominant(faces: Sequence[FoundFace]) -> FoundFace | None:
    """The only face, or the one that is by far the largest; None where there is none or no such one."""
    by_area = sorted(faces, key=_area_px, reverse=True)
    if len(by_area) > 1 and _area_px(by_area[0]) < DOMINANT * _area_px(by_area[1]):
        return None
    return by_area[0] if by_area else None


def check_person(person: PersonRow) -> None:
    """Raises InvalidRequest where a person cannot be kept as it is."""
    for what, key in (("key", person.key), *(("same_as", other) for other in person.same_as)):
        if not 1 <= len(key) <= 300 or not key.isprintable():
            raise InvalidRequest(f"{what} is {key[:80]!r}; it must be 1 to 300 printable characters")
    for what, name in (("name", person.name), *(("alias", alias) for alias in person.aliases)):
        if not 1 <= len(name.strip()) <= 200:
            raise InvalidRequest(f"a {what} of {person.key!r} has {len(name)} characters; 1 to 200 are allowed")
    for what, given in (("aliases", person.aliases), ("same_as", person.same_as)):
        if len(given) > 100:
            raise InvalidRequest(f"{person.key!r} has {len(given)} {what}; at most 100 are allowed")
    if not re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", person.birthdate):
        raise InvalidRequest(
            f'birthdate is {person.birthdate[:40]!r}; it must be "YYYY-MM-DD", "YYYY-MM", "YYYY" or empty'
        )


def _check_pictures(source: str, pictures: Sequence[Picture]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", source) or source in (TRACK, BOOTSTRAP, IMPORT):
        raise InvalidRequest(
            f'source is {source[:40]!r}; it must be 1 to 30 of a-z, 0-9 and _, not "track", "bootstrap" or "import"'
        )
    if len(pictures) > MAX_IMAGES:
        raise InvalidRequest(f"{len(pictures)} pictures were sent; at most {MAX_IMAGES} are allowed")
    for picture in pictures:
        if not 1 <= len(picture.image_id) <= 100 or not picture.image_id.isprintable():
            raise InvalidRequest(f"image_id is {picture.image_id[:80]!r}; it must be 1 to 100 printable characters")


def _finest(detail: Detail, face: FoundFace, size_px: float) -> tuple[RgbImage, FoundFace]:
    """The picture's own pixels, where the face has fewer than embedders look at in the one that was searched."""
    if detail.full is None or detail.scale < WORTH_FULL_SCALE or size_px / detail.scale >= ENOUGH_PX:
        return detail.image, face
    image = detail.full()
    return image, scaled(face, max(image.shape[:2]) / max(detail.image.shape[:2]))


def _area_px(face: FoundFace) -> float:
    left, top, right, bottom = face.box_px
    return max(right - left, 0.0) * max(bottom - top, 0.0)
