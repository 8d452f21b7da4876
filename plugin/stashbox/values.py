"""What a stash-box says of performers: frozen values, read from its answers in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 200
MOST_ALIASES = 100
MOST_IMAGES = 500


@dataclass(frozen=True, slots=True)
class BoxImage:
    """A picture of a stash-box. The id means the same bytes for ever. width_px, height_px: 0 where not known."""

    id: str
    url: str
    width_px: int
    height_px: int

    @property
    def area_px(self) -> int:
        return self.width_px * self.height_px


@dataclass(frozen=True, slots=True)
class BoxPerformer:
    """A performer of a stash-box. gender: as the box says it, "" where not known. birthdate: "YYYY-MM-DD", "YYYY-MM",
    "YYYY" or "". images: as the box orders them. is_gone: deleted there; merged_into: who took their place, or "".
    """

    id: str
    name: str
    disambiguation: str = ""
    aliases: tuple[str, ...] = ()
    gender: str = ""
    birthdate: str = ""
    images: tuple[BoxImage, ...] = ()
    is_gone: bool = False
    merged_into: str = ""


def performer(row: Mapping[str, Any]) -> BoxPerformer:
    """Read one. Raises KeyError, TypeError or ValueError where it is none; whatever is odd in it is left out."""
    name = _line(row["name"])
    if not name:
        raise ValueError("a performer without a name")
    images = row.get("images") or ()
    return BoxPerformer(
        id=str(row["id"]),
        name=name,
        disambiguation=_line(row.get("disambiguation")),
        aliases=tuple(filter(None, map(_line, row.get("aliases") or ())))[:MOST_ALIASES],
        gender=_line(row.get("gender")),
        birthdate=birthdate(row.get("birth_date")),
        images=tuple(_image(image) for image in images[:MOST_IMAGES]),
        is_gone=bool(row.get("deleted")),
        merged_into=str(row.get("merged_into_id") or ""),
    )


def birthdate(value: object) -> str:
    """ "YYYY-MM-DD", "YYYY-MM" or "YYYY"; "" for everything else."""
    text = value if isinstance(value, str) else ""
    return text if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) else ""


def largest_first(images: tuple[BoxImage, ...], count: int) -> tuple[BoxImage, ...]:
    """At most so many, the largest; of equal ones the box's own order counts."""
    return tuple(sorted(images, key=lambda image: -image.area_px)[:count])


def _image(row: Mapping[str, Any]) -> BoxImage:
    return BoxImage(str(row["id"]), str(row["url"]), max(0, int(row["width"] or 0)), max(0, int(row["height"] or 0)))


def _line(value: object) -> str:
    """One printable line of at most 200 characters."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_TEXT].strip()
