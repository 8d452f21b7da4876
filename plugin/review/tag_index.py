"""Which tag of Stash a label means."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.review.policy import Policy
from plugin.stash.values import Tag


class TagIndex:
    """Tags by name and alias, compared without case, as Stash does."""

    def __init__(self, tags: Iterable[Tag], suffix: str = "") -> None:
        self._suffix = suffix
        self._by_name: dict[str, int] = {}
        self._by_alias: dict[str, int] = {}
        self.refill(tags)

    def refill(self, tags: Iterable[Tag]) -> None:
        """Know these tags and no others: whoever holds the index sees what Stash has now."""
        self._by_name.clear()
        self._by_alias.clear()
        for tag in tags:
            self.add(tag)

    def add(self, tag: Tag) -> None:
        self._by_name[tag.name.casefold()] = tag.id
        for alias in tag.aliases:
            self._by_alias.setdefault(alias.casefold(), tag.id)

    def find(self, name: str) -> int | None:
        """The tag of this name, else the one with this alias."""
        key = name.casefold()
        return self._by_name.get(key, self._by_alias.get(key))

    def of_label(self, policy: Policy) -> int | None:
        """The tag that the policy means: the one it names; else the label's with the suffix, then without it."""
        if policy.stash_tag:
            return self.find(policy.stash_tag)
        suffixed = self.find(policy.label + self._suffix) if self._suffix else None
        return suffixed if suffixed is not None else self.find(policy.label)

    def new_name(self, policy: Policy) -> str:
        """What a tag for the label is called where Stash has none."""
        return policy.stash_tag or policy.label + self._suffix
