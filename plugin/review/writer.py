"""Writes to Stash, each through the journal: state read first, intent durable, one request, confirmation.

One process writes at a time, under an operating-system lock; so whatever intent is found under that lock was cut off by
a kill, and is repaired by what Stash really has before anything new is written.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from plugin.interface import log
from plugin.locks import exclusive
from plugin.review.changes import adding, batch_of, changed_by, taking_back, what_of
from plugin.review.performer_writes import PerformerWrites
from plugin.review.policy import PolicyBook
from plugin.review.ranges import same_time
from plugin.review.repair import find_created, outcome_of
from plugin.review.tag_index import TagIndex
from plugin.review.workflow import NO_CHANGE, WorkflowChange
from plugin.stash.client import StashClient
from plugin.stash.errors import StashFault
from plugin.stash.values import MediaKind, Medium, Tag, TagDetail
from plugin.store.journal import Entry, Intent
from plugin.store.store import Store
from plugin.store.suggestions import Suggestion

LOCK_NAME = "writes.lock"
PATIENCE_S = 60.0
"""How long a process waits until another has written its medium."""

CREATED_BY_US = "Made by Stash Sense Native."

Refusal: TypeAlias = tuple[tuple[str, int], str]
"""Of which medium, and a sentence."""


@dataclass(frozen=True, slots=True)
class MediumPlan:
    """What is to be written to one medium. medium: its state in Stash now. retract: unsupported writes of ours."""

    run_id: int
    medium: Medium
    accepted: Sequence[Suggestion] = ()
    retract: Sequence[Entry] = ()
    workflow: WorkflowChange = NO_CHANGE


@dataclass(frozen=True, slots=True)
class Written:
    """What one medium's writes came to."""

    tags: int = 0
    markers: int = 0
    performers: int = 0
    there_already: int = 0
    failed: tuple[str, ...] = ()


class Writer:
    """Use inside `with writer.turn():`. Raises StashError; what was intended by then is repaired at the next turn."""

    def __init__(
        self, store: Store, stash: StashClient, book: PolicyBook, suffix: str = "", parent_tag: str = ""
    ) -> None:
        self._store, self._stash, self.book = store, stash, book
        self._parent_tag = parent_tag
        self._tags = TagIndex((), suffix)
        self._tags_are: Literal["unread", "read", "stale"] = "unread"
        self.performers = PerformerWrites(store, stash)
        self._lock_path = os.path.join(store.data_dir, LOCK_NAME)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes inside the block; what a killed process left is repaired before it. Raises LockHeld."""
        with exclusive(self._lock_path, PATIENCE_S, "writing to Stash"):
            self._repair()
            if self._tags_are == "stale":
                self._read_tags()
            yield

    @property
    def tags(self) -> TagIndex:
        """Stash's tags: one object for ever, filled when it is first used and again after Stash refused something."""
        if self._tags_are != "read":
            self._read_tags()
        return self._tags

    def write(self, plans: Sequence[MediumPlan]) -> list[Written]:
        """Write the plans of any number of media in one request, besides one per tag that Stash does not have yet."""
        problems: dict[str, str] = {}
        prepared = [(plan, *self._intents(plan, problems)) for plan in self._still_wanted(plans)]
        groups: list[tuple[Medium, list[Entry]]] = []
        planned: set[tuple[object, ...]] = set()
        with self._store.transaction():
            for plan, intents, _, _ in prepared:
                # Two plans may be of one medium, and made of the same state: nothing is written twice.
                new = [intent for intent in intents if what_of(intent) not in planned]
                planned |= {what_of(intent) for intent in new}
                groups.append((plan.medium, self._store.journal.intend(plan.run_id, new) if new else []))
        done, refused = self._send(groups)
        done_ids = {entry.id for entry in done}
        written = []
        with self._store.transaction():
            for (_plan, _, there_already, failed), (medium, entries) in zip(prepared, groups, strict=True):
                its_done = [entry for entry in entries if entry.id in done_ids]
                self._store.suggestions.mark_applied([one.id for one in there_already])
                its_refusals = [said for key, said in refused if key == (medium.kind, medium.id)]
                written.append(
                    Written(
                        tags=sum(e.action == "add_tag" and e.purpose == "suggestion" for e in its_done),
                        markers=sum(e.action == "create_marker" for e in its_done),
                        performers=sum(e.action == "add_performer" and e.purpose == "suggestion" for e in its_done),
                        there_already=len(there_already),
                        failed=(*failed, *its_refusals),
                    )
                )
        return written

    def carry_out(self, run_id: int, work: Sequence[tuple[Medium, Sequence[Intent]]]) -> tuple[list[Entry], list[str]]:
        """Write what was decided elsewhere (an undo). Returns what was done, and what Stash refused, in sentences."""
        with self._store.transaction():
            groups = [(medium, self._store.journal.intend(run_id, intents)) for medium, intents in work]
        done, refused = self._send(groups)
        return done, [said for _, said in refused]

    def ensure_tags(self, run_id: int, names: Sequence[str]) -> list[str]:
        """Make those of the tags that Stash does not have. Returns what was in the way, in sentences."""
        problems: dict[str, str] = {}
        for name in names:
            if self.tags.find(name) is None:
                self._create_tag(run_id, name, "", problems)
        return list(problems.values())

    def destroy_tag(self, run_id: int, created: Entry) -> bool:
        """Take a created tag back where nothing uses it and nobody made it their own. Returns whether it is gone."""
        assert created.tag_id is not None
        detail = self._stash.tag_detail(created.tag_id)
        if detail is not None and (detail.uses or not _is_ours(detail, created.tag_name)):
            return False
        intent = Intent(
            "undo", "destroy_tag", "tag", 0, tag_id=created.tag_id, tag_name=created.tag_name, undoes=created.id
        )
        (entry,) = self._store.journal.intend(run_id, [intent])
        if detail is not None:
            self._stash.destroy_tag(created.tag_id)
        self._store.journal.settle(entry.id, "done")
        self._tags_are = "stale"
        return True

    def _read_tags(self) -> None:
        self._tags.refill(self._stash.tags())
        self._tags_are = "read"

    def _still_wanted(self, plans: Sequence[MediumPlan]) -> list[MediumPlan]:
        """The plans, but nothing for runs that were undone while their media were in work."""
        undone = set()
        for run_id in {plan.run_id for plan in plans}:
            run = self._store.runs.get(run_id)
            if run is not None and run.undone_s is not None:
                undone.add(run_id)
                self._store.suggestions.hold_accepted(run_id)
        return [MediumPlan(plan.run_id, plan.medium) if plan.run_id in undone else plan for plan in plans]

    def _intents(
        self, plan: MediumPlan, problems: dict[str, str]
    ) -> tuple[list[Intent], list[Suggestion], tuple[str, ...]]:
        """What is to be written, the suggestions that Stash has already, and what is in the way of others."""
        medium, change = plan.medium, plan.workflow
        intents: list[Intent] = []
        there: list[Suggestion] = []
        added: set[int] = set()
        failed: dict[str, None] = {}
        for one in plan.accepted:
            if one.type == "performer":
                performer_id = self.performers.id_of(plan.run_id, one.person_keys, one.label, problems)
                if performer_id is None:
                    failed[problems[one.person_keys[0]]] = None
                elif performer_id in medium.performers:
                    there.append(one)
                else:
                    intents.append(adding(one, performer_id))
                continue
            policy = self.book.of(one.label)
            name, tag_id = self.tags.new_name(policy), self.tags.of_label(policy)
            if tag_id is None:
                tag_id = self._create_tag(plan.run_id, name, self._parent_tag, problems)
            if tag_id is None:
                failed[problems[name]] = None
            elif _is_there(one, medium, tag_id, added):
                there.append(one)
            elif one.type == "tag":
                added.add(tag_id)
                intents.append(
                    Intent("suggestion", "add_tag", medium.kind, medium.id, tag_id, name, suggestion_id=one.id)
                )
            else:
                intents.append(
                    Intent(
                        "suggestion",
                        "create_marker",
                        medium.kind,
                        medium.id,
                        tag_id,
                        name,
                        suggestion_id=one.id,
                        title=name,
                        start_s=one.start_s,
                        end_s=one.end_s,
                    )
                )
        intents += [taking_back(entry) for entry in plan.retract]
        for name in change.add:
            tag_id = self.tags.find(name)
            if tag_id is None:
                tag_id = self._create_tag(plan.run_id, name, "", problems)
            if tag_id is None:
                failed[problems[name]] = None
            elif tag_id not in medium.tags and tag_id not in added:
                intents.append(Intent("workflow", "add_tag", medium.kind, medium.id, tag_id, name))
        for name in change.remove:
            tag_id = self.tags.find(name)
            if tag_id is not None and tag_id in medium.tags:
                intents.append(Intent("workflow", "remove_tag", medium.kind, medium.id, tag_id, name))
        return intents, there, tuple(failed)

    def _create_tag(self, run_id: int, name: str, parent: str, problems: dict[str, str]) -> int | None:
        """The id of a new tag. None where it cannot be made: then problems says why, and it is not tried again."""
        if name in problems:
            return None
        parent_id = None
        if parent and parent.casefold() != name.casefold():
            parent_id = self.tags.find(parent)
            if parent_id is None:
                parent_id = self._create_tag(run_id, parent, "", problems)
        (entry,) = self._store.journal.intend(run_id, [Intent("workflow", "create_tag", "tag", 0, tag_name=name)])
        try:
            tag_id = self._stash.create_tag(name, CREATED_BY_US, parent_id)
        except StashFault as fault:
            self._store.journal.settle(entry.id, "void", str(fault))
            # Somebody made it meanwhile, or the name is another tag's alias.
            self._tags_are = "stale"
            known = self.tags.find(name)
            if known is None:
                problems[name] = f"the tag {name!r} could not be made: {fault}"
            return known
        with self._store.transaction():
            self._store.journal.name_tag(entry.id, tag_id)
            self._store.journal.settle(entry.id, "done")
        self.tags.add(Tag(tag_id, name))
        return tag_id

    def _send(self, groups: Sequence[tuple[Medium, Sequence[Entry]]]) -> tuple[list[Entry], list[Refusal]]:
        """One request for the entries of all media; what was done, and what was refused."""
        groups = [(medium, entries) for medium, entries in groups if entries]
        if not groups:
            return [], []
        assert not self._store.db.in_transaction, "our own hook runs inside the call and would wait for us"
        try:
            answer = self._stash.change(batch_of(groups))
        except StashFault as fault:
            return self._after_fault(groups, fault)
        with self._store.transaction():
            for _, entries in groups:
                for entry in entries:
                    made = answer.get(f"m{entry.id}")
                    marker_id = int(made["id"]) if entry.action == "create_marker" and isinstance(made, dict) else None
                    self._settle_done(entry, marker_id)
        return [entry for _, entries in groups for entry in entries], []

    def _after_fault(
        self, groups: Sequence[tuple[Medium, Sequence[Entry]]], fault: StashFault
    ) -> tuple[list[Entry], list[Refusal]]:
        """Some of it may have been done: what Stash has now says which. The rest is sent again, a medium at a time, for
        one that is gone, or whose tag is, makes Stash refuse its neighbours too.
        """
        self._tags_are = "stale"
        self.performers.forget()
        done: list[Entry] = []
        refused: list[Refusal] = []
        for medium, entries in groups:
            its_done, rest = self._settle_what_is_there(medium.kind, medium.id, entries)
            done += its_done
            if rest and len(groups) > 1:
                more, said = self._send([(medium, rest)])
                done += more
                refused += said
            elif rest:
                self._void(rest, str(fault))
                refused.append(((medium.kind, medium.id), f"{medium.kind} {medium.id}: {fault}"))
        return done, refused

    def _repair(self) -> None:
        """Settle what a kill left between an intent and its confirmation, by what Stash really has."""
        by_medium: dict[tuple[str, int], list[Entry]] = {}
        for entry in self._store.journal.unsettled():
            by_medium.setdefault((entry.kind, entry.media_id), []).append(entry)
        for (kind, media_id), entries in by_medium.items():
            if kind == "tag":
                self._repair_tags(entries)
                continue
            if kind == "performer":
                self.performers.repair(entries)
                continue
            done, rest = self._settle_what_is_there(kind, media_id, entries)  # type: ignore[arg-type]
            self._void(rest, "cut off before Stash was called, or gone from Stash since")
            log.info(f"repaired {len(entries)} interrupted writes to {kind} {media_id}: {len(done)} had reached Stash")

    def _settle_what_is_there(
        self, kind: MediaKind, media_id: int, entries: Sequence[Entry]
    ) -> tuple[list[Entry], list[Entry]]:
        """Settle those of a medium's entries that were done, told by exact match with what Stash has: they, and the
        others.
        """
        medium = self._stash.media(kind, [media_id]).get(media_id)
        if medium is None:
            return [], list(entries)
        known = self._store.journal.marker_ids(media_id)
        last = {changed_by(entry): entry for entry in entries if changed_by(entry) is not None}
        done: list[Entry] = []
        rest: list[Entry] = []
        with self._store.transaction():
            for entry in entries:
                marker_id = find_created(entry, medium, known)
                if marker_id is not None:
                    known.add(marker_id)
                # Of several changes of one tag or performer, as in an undo, only the last was sent.
                decisive = last.get(changed_by(entry), entry)
                if outcome_of(decisive, medium, marker_id):
                    self._settle_done(entry, marker_id)
                    done.append(entry)
                else:
                    rest.append(entry)
        return done, rest

    def _settle_done(self, entry: Entry, marker_id: int | None) -> None:
        """It is in Stash; and what that means for its suggestion. Inside a transaction."""
        suggestions = self._store.suggestions
        self._store.journal.settle(entry.id, "done", marker_id=marker_id)
        if entry.suggestion_id is None:
            return
        if entry.purpose == "suggestion":
            suggestions.mark_applied([entry.suggestion_id])
        elif entry.purpose == "withdrawal":
            suggestions.withdraw([entry.suggestion_id])
        elif entry.purpose == "undo" and entry.undoes is not None:
            undone = self._store.journal.get(entry.undoes)
            if undone is not None and undone.purpose == "withdrawal":
                suggestions.restore([entry.suggestion_id])
            else:
                suggestions.reopen([entry.suggestion_id], held=True)

    def _void(self, entries: Sequence[Entry], note: str) -> None:
        with self._store.transaction():
            for entry in entries:
                self._store.journal.settle(entry.id, "void", note)

    def _repair_tags(self, entries: Sequence[Entry]) -> None:
        """A tag that has the name, but not the words that we give to ours, was made by somebody else meanwhile."""
        self._tags_are = "stale"
        for entry in entries:
            there = self.tags.find(entry.tag_name) if entry.action == "create_tag" else entry.tag_id
            detail = self._stash.tag_detail(there) if there is not None else None
            if entry.action == "create_tag":
                is_done = detail is not None and _is_ours(detail, entry.tag_name)
            else:
                is_done = detail is None
            with self._store.transaction():
                if entry.action == "create_tag" and is_done and there is not None:
                    self._store.journal.name_tag(entry.id, there)
                self._store.journal.settle(entry.id, "done" if is_done else "void", "repaired")


def _is_ours(detail: TagDetail, name: str) -> bool:
    """Whether a tag is as we made it; one that was renamed, described or given other names is its owner's."""
    return (detail.name, detail.description, detail.aliases) == (name, CREATED_BY_US, ())


def _is_there(one: Suggestion, medium: Medium, tag_id: int, added: Container[int]) -> bool:
    """Whether Stash has what is suggested, or will have it by what is written in the same request."""
    if one.type == "tag":
        return tag_id in medium.tags or tag_id in added
    return any(
        marker.primary_tag_id == tag_id
        and same_time(marker.start_s, one.start_s)
        and same_time(marker.end_s, one.end_s)
        for marker in medium.markers
    )
