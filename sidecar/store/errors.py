"""What can go wrong with the store, as sentences that say what to do next."""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do what was asked. What was stored before is unharmed."""


class StoreFull(StoreError):
    """The disk (or a quota, or a size limit) has no room for what was to be stored."""


class StoreLocked(StoreError):
    """Another process owns this data folder."""


class StoreTooNew(StoreError):
    """A later version of this program wrote the store."""


class StoreDamaged(StoreError):
    """The database file cannot be read as ours. It is never overwritten."""
