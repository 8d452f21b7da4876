"""What can go wrong with the store, as sentences that say what to do next."""

from __future__ import annotations

# N818: they are named by what happened, which reads better where they are caught.


class StoreError(Exception):
    """The store could not do what was asked. What was stored before is unharmed."""


class StoreFull(StoreError):  # noqa: N818
    """The disk (or a quota, or a size limit) has no room for what was to be stored."""


class StoreLocked(StoreError):  # noqa: N818
    """Another process owns this data folder."""


class StoreTooNew(StoreError):  # noqa: N818
    """A later version of this program wrote the store."""


class StoreDamaged(StoreError):  # noqa: N818
    """The database file cannot be read as ours. It is never overwritten."""
