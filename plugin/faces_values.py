"""What the plugin says to the sidecar of persons and hears of them, as values: free of gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STASH_PREFIX = "stash:"
BOX_PREFIX = "box:"
LONGEST_KEY = 300
LONGEST_NAME = 200
MOST_ALIASES = 100
"""What the sidecar takes of a person; of same_as as many."""


def stash_key(performer_id: int) -> str:
    """The key of a performer of Stash."""
    return f"{STASH_PREFIX}{performer_id}"


def box_key(endpoint: str, box_id: str) -> str:
    """The key of a performer of a stash-box."""
    return f"{BOX_PREFIX}{endpoint}|{box_id}"


def is_key(key: str) -> bool:
    """Whether the sidecar takes it."""
    return 1 <= len(key) <= LONGEST_KEY and key.isprintable()


def performer_id_of(key: str) -> int | None:
    """The performer of Stash that a key means, or None."""
    number = key.removeprefix(STASH_PREFIX)
    return int(number) if number != key and number.isascii() and number.isdecimal() else None


def box_of(key: str) -> tuple[str, str] | None:
    """(endpoint, id) of the stash-box performer that a key means, or None."""
    endpoint, bar, box_id = key.removeprefix(BOX_PREFIX).rpartition("|")
    return (endpoint, box_id) if key.startswith(BOX_PREFIX) and bar else None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be known by face. See Person in protos/faces.proto. sex: "", "female" or "male"."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    sex: str = ""
    birthdate: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceImage:
    """image_id: "sha256:<hex>". data: empty where the sidecar may know it already."""

    image_id: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of one person. outcomes: one per image, in order: "enrolled", "wanted", "no_face", "several_faces",
    "poor", "unreadable", "spare" or "removed". problem: a sentence where nothing was done for this person.
    """

    key: str
    outcomes: tuple[str, ...]
    references: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person whom the sidecar knows. keys: of the identity, this one first. references: by source, of all keys."""

    person: Person
    keys: tuple[str, ...]
    references: Mapping[str, int] = field(default_factory=dict)
    best_reference: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is known of one track. is_key: "" where not known. bootstrap: concluded, not confirmed."""

    content_key: str
    track_id: str
    is_key: str = ""
    not_keys: tuple[str, ...] = ()
    bootstrap: bool = False
