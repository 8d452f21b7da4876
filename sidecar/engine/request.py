"""What may be asked of the engine. Values only; checked here, so that everything behind may trust them."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sidecar.values import View

RefineMode: TypeAlias = Literal["none", "budget", "full"]

MAX_TAGS = 20_000
MAX_PHRASINGS = 32
MAX_KNOWN_KEYS = 1000


class InvalidRequest(Exception):
    """A field is out of range. The message says which, what was received and what is allowed."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag to look for. enter and stay override the model's own thresholds.

    phrasings, category: where they are empty, those of the vocabulary's tag of this name, else the name and "custom".
    """

    name: str
    category: str = ""
    phrasings: tuple[str, ...] = ()
    enter: float | None = None
    stay: float | None = None

    def __post_init__(self) -> None:
        _text("tag name", self.name, 200)
        if self.category:
            _text("tag category", self.category, 100)
        if len(self.phrasings) > MAX_PHRASINGS:
            raise InvalidRequest(
                f"tag {self.name!r} has {len(self.phrasings)} phrasings; at most {MAX_PHRASINGS} are allowed"
            )
        for phrasing in self.phrasings:
            _text(f"phrasing of tag {self.name!r}", phrasing, 500)
        for label, threshold in (("enter", self.enter), ("stay", self.stay)):
            if threshold is not None and not math.isfinite(threshold):
                raise InvalidRequest(f"{label} of tag {self.name!r} is {threshold}; it must be a finite number")
        if self.enter is not None and self.stay is not None and self.stay > self.enter:
            raise InvalidRequest(
                f"tag {self.name!r} has stay {self.stay} above enter {self.enter}; it must be at most that"
            )


@dataclass(frozen=True, slots=True)
class TagQuery:
    """What to look for. vocabulary adds the shipped or the owner's edited vocabulary to tags."""

    model: str = ""
    vocabulary: bool = True
    tags: tuple[Tag, ...] = ()

    def __post_init__(self) -> None:
        if len(self.tags) > MAX_TAGS:
            raise InvalidRequest(f"{len(self.tags)} tags were asked for; at most {MAX_TAGS} are allowed")
        name, count = max(
            Counter(tag.name.casefold() for tag in self.tags).items(), key=lambda item: item[1], default=("", 0)
        )
        if count > 1:
            raise InvalidRequest(f"tag {name!r} was asked for {count} times; names must differ (letter case aside)")


@dataclass(frozen=True, slots=True)
class FaceQuery:
    """Who to look for. date: when the medium was made, "YYYY-MM-DD" or "". known_keys: whom it is known to show."""

    model: str = ""
    date: str = ""
    known_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.known_keys) > MAX_KNOWN_KEYS:
            raise InvalidRequest(
                f"faces.known_keys has {len(self.known_keys)} keys; at most {MAX_KNOWN_KEYS} are allowed"
            )
        if self.date:
            day("faces.date", self.date)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How densely to look. See Sampling in protos/inference.proto for the meaning, ranges and defaults."""

    interval_s: float = 4.0
    refine_s: float = 0.5
    refine: RefineMode = "budget"
    refine_budget: float = 0.5
    fresh: bool = False

    def __post_init__(self) -> None:
        _number("interval_s", self.interval_s, 0.25, 60.0)
        _number("refine_s", self.refine_s, 0.04, 10.0)
        _number("refine_budget", self.refine_budget, 0.0, 100.0)


@dataclass(frozen=True, slots=True)
class MediumRequest:
    """One medium to analyse. location is an absolute path or an http(s) URL; headers go to that URL's origin only.

    view: the part of each picture that is looked at. query: None looks for no tags, faces: None for nobody.
    """

    media_id: str
    location: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: TagQuery | None = field(default_factory=TagQuery)
    sampling: Sampling = field(default_factory=Sampling)
    view: View = "whole"
    faces: FaceQuery | None = None

    def __post_init__(self) -> None:
        _text("media_id", self.media_id, 200)
        if not self.location:
            raise InvalidRequest("location is empty; give an absolute path or an http(s) URL")
        if self.query is None and self.faces is None:
            raise InvalidRequest("without_tags is set and faces is not: there is nothing to look for")


def day(label: str, text: str) -> datetime.date:
    """A day as YYYY-MM-DD. Raises InvalidRequest."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidRequest(f"{label} is {text[:40]!r}; it must be a day such as 2024-05-17") from None


def _text(label: str, value: str, longest: int) -> None:
    if not value.strip():
        raise InvalidRequest(f"{label} is empty")
    if len(value) > longest:
        raise InvalidRequest(f"{label} has {len(value)} characters; at most {longest} are allowed")
    if not value.isprintable():
        raise InvalidRequest(f"{label} {value!r} holds control characters")


def _number(label: str, value: float, lowest: float, highest: float) -> None:
    if not (lowest <= value <= highest):  # also refuses NaN
        raise InvalidRequest(f"{label} is {value}; it must be from {lowest:g} to {highest:g}")
