"""What can go wrong with store.db, in sentences."""

from __future__ import annotations


class StoreError(Exception):
    """The store could not be used. The message says why and what to do."""


class StoreBusy(StoreError):
    """Another process kept the store locked for longer than the busy timeout. Trying again helps."""


class StoreFull(StoreError):
    """No room on the disk."""


class StoreReadOnly(StoreError):
    """The data folder or the file may not be written."""


class StoreDamaged(StoreError):
    """The file is no sound store of ours. It was left as it is."""


class CacheDamaged(StoreError):
    """What recommendations are computed from is not as it was written. Nothing else is concerned."""

    def __init__(self) -> None:
        super().__init__(
            "what was kept for recommendations is damaged; run the task Recompute recommendations: it makes it anew"
        )


class StoreTooNew(StoreError):
    """A later version wrote the file. It was left as it is."""
