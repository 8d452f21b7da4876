"""Performers of Stash that hooks told of, and that were not looked at yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugin.store.store import Store

CHANGED = "people.changed"
"""meta: their ids, in the order in which they were told of."""


def changed(store: Store) -> list[int]:
    ids: list[int] = store.meta.get(CHANGED, [])
    return ids


def note_changed(store: Store, ids: Iterable[int]) -> int:
    """Remember them. Inside a transaction that forgets who told of them. Returns how many are new."""
    known = changed(store)
    new = [one for one in dict.fromkeys(ids) if one not in set(known)]
    if new:
        store.meta.set(CHANGED, [*known, *new])
    return len(new)


def forget_changed(store: Store, ids: Sequence[int]) -> None:
    """They were looked at. What changed while that was done shows in Stash's own time of it, the next time all of them
    are looked at.
    """
    with store.transaction():
        done = set(ids)
        store.meta.set(CHANGED, [one for one in changed(store) if one not in done] or None)
