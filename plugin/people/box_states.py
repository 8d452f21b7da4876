"""How far each stash-box was read: kept between processes, so that whoever is killed goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from plugin.stash.values import BoxAccess
from plugin.store.meta import Meta

BOXES = "people.boxes"
"""meta: endpoint -> BoxState. Never a key."""
NAMES = "stash_box_names"
"""meta: endpoint -> name."""


@dataclass(frozen=True, slots=True)
class BoxState:
    """One stash-box. wanted: the owner's performers that name it; known: its performers that were taken in.

    after_id: where reading the owner's performers was broken off, "" where it was not. whole: all of it is wanted, so
    nobody of it is forgotten. page: the next page of a reading of all that goes on, 0 where none does. whole_s: when
    all of it was last read. synced_s: when it was last read to its end. problem: why not, a sentence.
    """

    wanted: int = 0
    known: int = 0
    after_id: str = ""
    whole: bool = False
    page: int = 0
    whole_s: float | None = None
    synced_s: float | None = None
    problem: str = ""


def box_states(meta: Meta) -> dict[str, BoxState]:
    """By endpoint, of all that were ever read or asked for."""
    known = {item.name for item in fields(BoxState)}
    stored: Mapping[str, Mapping[str, Any]] = meta.get(BOXES, {})
    return {
        endpoint: BoxState(**{name: value for name, value in values.items() if name in known})
        for endpoint, values in stored.items()
    }


def change_box(meta: Meta, endpoint: str, **values: Any) -> BoxState:
    """Change some of what is known of a box, and keep it. Returns what is known then."""
    states = box_states(meta)
    changed = replace(states.get(endpoint, BoxState()), **values)
    meta.set(BOXES, {key: asdict(state) for key, state in {**states, endpoint: changed}.items()})
    return changed


def forget_boxes(meta: Meta, endpoints: set[str]) -> None:
    """Of boxes that are not configured any more nothing is kept."""
    left = {key: asdict(state) for key, state in box_states(meta).items() if key not in endpoints}
    meta.set(BOXES, left or None)


def note_names(meta: Meta, boxes: Sequence[BoxAccess]) -> None:
    """Remember how stash-boxes are called, for those who do not ask Stash."""
    names = {box.endpoint: box_name(box) for box in boxes}
    if meta.get(NAMES, {}) != names:
        meta.set(NAMES, names)


def box_name(box: BoxAccess) -> str:
    """What its owner calls it, else its host."""
    try:
        return box.name or urlsplit(box.endpoint).hostname or box.endpoint
    except ValueError:
        return box.endpoint


def want(meta: Meta, endpoint: str, whole: bool) -> BoxState:
    """The owner asks for a box: all of it, from the start, or for their own performers alone."""
    if whole:
        return change_box(meta, endpoint, whole=True, page=1, problem="")
    return change_box(meta, endpoint, whole=False, page=0, whole_s=None, after_id="", problem="")
