"""Which tag of Stash each label of the sidecar's stands for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from plugin.review.policy import PolicyBook
from plugin.review.tag_index import TagIndex


@dataclass(frozen=True, slots=True)
class TermKey:
    """A tag of Stash by its id, or a label of the sidecar's by its name."""

    tag_id: int | None
    label: str = ""


def label_keys(
    labels: Mapping[int, str], tags: TagIndex, book: PolicyBook, ignored: Collection[str]
) -> dict[int, TermKey]:
    """What labels, by id, stand for: the tag that their policy means, else they themselves. Left out are those that the
    owner switched off, and tags that only steer our work. ignored: names without case.
    """
    found = {}
    for label_id, name in labels.items():
        row = book.rows.get(name.casefold())
        if name.casefold() in ignored or (row is not None and row.mode == "off"):
            continue
        tag_id = tags.of_label(book.of(name))
        found[label_id] = TermKey(tag_id) if tag_id is not None else TermKey(None, name)
    return found
