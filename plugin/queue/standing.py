"""Where the work stands, for pages: from the store and the drain's lock, without asking anybody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from plugin.locks import DRAIN_LOCK, is_held
from plugin.store.store import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """state: "running" while a process works, else "paused" or "idle". sentence: how far it is, or how it ended. media:
    what is in work, as plugin.queue.report tells of it; nothing where nobody works.
    """

    state: Literal["running", "paused", "idle"]
    sentence: str
    media: tuple[Mapping[str, Any], ...] = ()

    def of_medium(self, kind: str, media_id: int) -> Mapping[str, Any] | None:
        """How far the work on a medium is; None where it is not in work."""
        return next((one for one in self.media if (one["kind"], one["id"]) == (kind, media_id)), None)


def standing(store: Store) -> Standing:
    """What a drain that was killed left behind does not count as work: its lock died with it."""
    known = store.drains.get()
    if is_held(os.path.join(store.data_dir, DRAIN_LOCK)):
        return Standing("running", known.sentence, tuple(known.detail.get("media", ())))
    return Standing("paused" if known.state == "paused" else "idle", "" if known.state == "running" else known.sentence)
