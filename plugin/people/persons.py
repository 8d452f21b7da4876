"""A performer of Stash or of a stash-box as somebody who may be known by face. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugin.faces_values import LONGEST_NAME, MOST_ALIASES, Person, box_key, is_key, stash_key
from plugin.stash.values import StashPerson
from plugin.stashbox.values import BoxPerformer

STASH, STASH_BOX = "stash", "stash_box"
"""Sources of references."""


def of_stash(performer: StashPerson) -> Person:
    """Their stash ids say who they are in stash-boxes: of those one identity is made."""
    same_as = (box_key(endpoint, box_id) for endpoint, box_id in performer.stash_ids)
    return _person(
        stash_key(performer.id),
        performer.name,
        performer.aliases,
        tuple(dict.fromkeys(key for key in same_as if is_key(key))),
        performer.gender,
        performer.birthdate,
    )


def of_box(endpoint: str, performer: BoxPerformer) -> Person:
    return _person(
        box_key(endpoint, performer.id), performer.name, performer.aliases, (), performer.gender, performer.birthdate
    )


def sex_of(gender: str) -> str:
    """What a model that knows two sexes may be held against: "" for everybody of whom it may be wrong."""
    return {"FEMALE": "female", "MALE": "male"}.get(gender.upper(), "")


def _person(
    key: str, name: str, aliases: Iterable[str], same_as: tuple[str, ...], gender: str, birthdate: str
) -> Person:
    shown = _line(name) or key[:LONGEST_NAME]
    others = dict.fromkeys(alias for alias in map(_line, aliases) if alias and alias.casefold() != shown.casefold())
    fits = re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", birthdate)
    return Person(
        key=key,
        name=shown,
        aliases=tuple(others)[:MOST_ALIASES],
        same_as=same_as,
        sex=sex_of(gender),
        birthdate=birthdate if fits else "",
    )


def _line(text: str) -> str:
    """One printable line of at most 200 characters."""
    one = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(one.split())[:LONGEST_NAME].strip()
