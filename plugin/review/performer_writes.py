"""Performers of Stash for what is written: found by their ids in Stash and in stash-boxes, made where there are none.

Never found by name: namesakes are other people.
"""

from __future__ import annotations

from collections.abc import Sequence

from plugin.faces_values import box_key, box_of, performer_id_of
from plugin.interface import log
from plugin.review.repair import CLOCK_SLACK_S
from plugin.stash.client import StashClient
from plugin.stash.errors import StashFault
from plugin.stash.values import PerformerDetail
from plugin.store.journal import Entry, Intent
from plugin.store.store import Store

SAME_MOMENT_S = 1.0
"""A performer that was changed later than this after they were made is their owner's."""


class PerformerWrites:
    """Use inside a writer's turn. What Stash said is remembered: a group of media asks once for each person."""

    def __init__(self, store: Store, stash: StashClient) -> None:
        self._store, self._stash = store, stash
        self._found: dict[tuple[str, ...], int] = {}

    def forget(self) -> None:
        """Stash refused something: what was known of performers may be over."""
        self._found.clear()

    def id_of(self, run_id: int, keys: Sequence[str], name: str, problems: dict[str, str]) -> int | None:
        """The performer whom the keys mean, made where there is none. None where that cannot be: then problems says
        why, by the first key, and it is not tried again.
        """
        known = tuple(keys)
        if known in self._found:
            return self._found[known]
        if not known or known[0] in problems:
            return None
        found = self._find(known)
        if found is None:
            found = self._create_for(run_id, known, name, problems)
        if found is not None:
            self._found[known] = found
        return found

    def create(self, run_id: int, name: str, box: tuple[str, str] | None) -> int:
        """Make a performer. Raises StashFault where Stash has one of this name, or refuses for another reason."""
        key = box_key(*box) if box else ""
        intent = Intent("workflow", "create_performer", "performer", 0, title=name, person_key=key)
        (entry,) = self._store.journal.intend(run_id, [intent])
        try:
            performer_id = self._stash.create_performer(name, box)
        except StashFault as fault:
            self._store.journal.settle(entry.id, "void", str(fault))
            raise
        with self._store.transaction():
            self._store.journal.name_performer(entry.id, performer_id)
            self._store.journal.settle(entry.id, "done")
        return performer_id

    def destroy(self, run_id: int, created: Entry) -> bool:
        """Take a performer back whom we made, where nothing has them and nobody changed them. Returns whether they are
        gone.
        """
        assert created.performer_id is not None
        detail = self._stash.performer_detail(created.performer_id)
        if detail is not None and (detail.uses or not is_untouched(detail, created)):
            return False
        intent = Intent(
            "undo",
            "destroy_performer",
            "performer",
            0,
            undoes=created.id,
            title=created.title,
            performer_id=created.performer_id,
            person_key=created.person_key,
        )
        (entry,) = self._store.journal.intend(run_id, [intent])
        if detail is not None:
            self._stash.destroy_performer(created.performer_id)
        self._store.journal.settle(entry.id, "done")
        self.forget()
        return True

    def repair(self, entries: Sequence[Entry]) -> None:
        """Settle what a kill left: a performer that has the name and the stash-box id, made since, is the one."""
        self.forget()
        for entry in entries:
            if entry.action == "create_performer":
                namesakes = self._stash.performers_of_name(entry.title)
                made = next((one for one in namesakes if _was_made_by(one, entry)), None)
                is_done, performer_id = made is not None, made.id if made else None
            else:
                assert entry.performer_id is not None
                is_done, performer_id = self._stash.performer_detail(entry.performer_id) is None, None
            with self._store.transaction():
                if performer_id is not None:
                    self._store.journal.name_performer(entry.id, performer_id)
                self._store.journal.settle(entry.id, "done" if is_done else "void", "repaired")
        log.info(f"repaired {len(entries)} interrupted writes of performers")

    def _find(self, keys: Sequence[str]) -> int | None:
        for key in keys:
            performer_id = performer_id_of(key)
            if performer_id is not None and self._stash.performer_detail(performer_id) is not None:
                return performer_id
        for key in keys:
            box = box_of(key)
            same = self._stash.performers_of_box(*box) if box else []
            if same:
                return min(one.id for one in same)
        return None

    def _create_for(self, run_id: int, keys: Sequence[str], name: str, problems: dict[str, str]) -> int | None:
        box = next((found for key in keys if (found := box_of(key)) is not None), None)
        if box is None:
            problems[keys[0]] = f"{name} is no performer of Stash any more"
            return None
        try:
            return self.create(run_id, name, box)
        except StashFault as fault:
            problems[keys[0]] = (
                f"{name} could not be made in Stash: {fault}. If they are the performer that is there, give that one"
                f" the id {box[1]} of {box[0]} in Stash, then accept again"
            )
            return None


def is_untouched(detail: PerformerDetail, created: Entry) -> bool:
    """Whether a performer is as we made them; one that was renamed, described or linked is their owner's."""
    return (
        detail.name == created.title
        and not detail.disambiguation
        and not detail.aliases
        and detail.stash_ids == _stash_ids_of(created)
        and detail.updated_s - detail.created_s <= SAME_MOMENT_S
    )


def _was_made_by(detail: PerformerDetail, entry: Entry) -> bool:
    since = detail.created_s == 0 or detail.created_s >= entry.intent_s - CLOCK_SLACK_S
    return since and detail.stash_ids == _stash_ids_of(entry)


def _stash_ids_of(entry: Entry) -> tuple[tuple[str, str], ...]:
    box = box_of(entry.person_key)
    return (box,) if box else ()
