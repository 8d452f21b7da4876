"""Who works on face references works alone; and all that is kept of them can go."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from plugin.context import FACES_IN_USE
from plugin.locks import exclusive
from plugin.people.box_states import BOXES
from plugin.people.changed import CHANGED
from plugin.store.store import Store

LOCK = "references.lock"
"""Held by the process that hands references over, or takes all of them away."""
REACHED = "people.references"
"""meta: {"after_id": the last performer of Stash that was handed over} while a reading goes on."""


@contextlib.contextmanager
def alone(store: Store, wait_s: float) -> Iterator[None]:
    """Nobody else works on references inside the block. Raises LockHeld."""
    with exclusive(os.path.join(store.data_dir, LOCK), wait_s, "updating face references"):
        yield


def forget_references(store: Store) -> None:
    """The sidecar knows nobody any more: hooks follow nobody until references are updated anew."""
    with store.transaction():
        store.face_references.erase()
        for key in (REACHED, FACES_IN_USE, BOXES, CHANGED):
            store.meta.set(key, None)
