"""Writes to Stash, each through the journal: state read first, intent durable, one request, confirmation.

One process writes at a time, under an operating-system lock; so whatever intent is found under that lock was cut off by
a kill, and is repaired by what Stash really has before anything new is written.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugin.interface import log
from plugin.locks import exclusive
from plugin.review.policy import PolicyBook
from plugin.review.ranges import same_time
from plugin.review.repair import find_created, outcome_of
from plugin.review.tag_index import TagIndex
from plugin.review.workflow import NO_CHANGE, WorkflowChange
from plugin.stash.client import StashClient
from plugin.stash.errors import StashFault
from plugin.stash.mutations import MutationBatch
from plugin.stash.values import MediaKind, Medium, Tag
from plugin.store.journal import Entry, Intent
from plugin.store.store import Store
from plugin.store.suggestions import Suggestion

LOCK_NAME = "writes.lock"
PATIENCE_S = 60.0
"""How long a process waits until another has written its medium."""

CREATED_BY_US = "Made by Stash Sense Native."


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
    there_already: int = 0
    failed: tuple[str, ...] = ()


class Writer:
    """Use inside `with writer.turn():`. Raises StashError; what was intended by then is repaired at the next turn."""

    def __init__(
        self, store: Store, stash: StashClient, book: PolicyBook, suffix: str = "", parent_tag: str = ""
    ) -> None:
        self._store, self._stash, self._book = store, stash, book
        self._suffix, self._parent_tag = suffix, parent_tag
        self._tags: TagIndex | None = None
        self._lock_path = os.path.join(store.data_dir, LOCK_NAME)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes inside the block; what a killed process left is repaired before it. Raises LockHeld."""
        with exclusive(self._lock_path, PATIENCE_S, "writing to Stash"):
            self._repair()
            yield

    @property
    def tags(self) -> TagIndex:
        """Stash's tags, read once."""
        if self._tags is None:
            self._tags = TagIndex(self._stash.tags(), self._suffix)
        return self._tags

    def forget_tags(self) -> None:
        """Read them again at the next use."""
        self._tags = None

    def write(self, plans: Sequence[MediumPlan]) -> list[Written]:
        """Write the plans of any number of media in one request, besides one per tag that Stash does not have yet."""
        prepared = []
        for plan in plans:
            tag_of, failed = self._tags_for(plan.run_id, plan.accepted, plan.workflow.add)
            intents, there_already = self._intents(plan, tag_of)
            prepared.append((plan, intents, there_already, failed))
        groups: list[tuple[Medium, list[Entry]]] = []
        with self._store.transaction():
            for plan, intents, _, _ in prepared:
                groups.append((plan.medium, self._store.journal.intend(plan.run_id, intents) if intents else []))
        done, refused = self._send(groups)
        done_ids = {entry.id for entry in done}
        written = []
        with self._store.transaction():
            for (_plan, _, there_already, failed), (medium, entries) in zip(prepared, groups, strict=True):
                its_done = [entry for entry in entries if entry.id in done_ids]
                self._note(its_done)
                self._store.suggestions.mark_applied([one.id for one in there_already])
                its_refusals = [said for key, said in refused if key == (medium.kind, medium.id)]
                written.append(
                    Written(
                        tags=sum(e.action == "add_tag" and e.purpose == "suggestion" for e in its_done),
                        markers=sum(e.action == "create_marker" for e in its_done),
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

    def destroy_tag(self, run_id: int, created: Entry) -> bool:
        """Take a created tag back where nothing uses it. Returns whether it is gone."""
        assert created.tag_id is not None
        uses = self._stash.tag_uses([created.tag_id])
        if uses.get(created.tag_id, 0) > 0:
            return False
        intent = Intent(
            "undo", "destroy_tag", "tag", 0, tag_id=created.tag_id, tag_name=created.tag_name, undoes=created.id
        )
        (entry,) = self._store.journal.intend(run_id, [intent])
        if created.tag_id in uses:
            self._stash.destroy_tag(created.tag_id)
        self._store.journal.settle(entry.id, "done")
        self.forget_tags()
        return True

    def _intents(self, plan: MediumPlan, tag_of: Mapping[str, int]) -> tuple[list[Intent], list[Suggestion]]:
        """What is to be written, and the suggestions that Stash has already."""
        medium, change = plan.medium, plan.workflow
        intents: list[Intent] = []
        there: list[Suggestion] = []
        added: set[int] = set()
        for one in plan.accepted:
            name = self.tags.new_name(self._book.of(one.label))
            tag_id = tag_of.get(name)
            if tag_id is None:
                continue
            if one.type == "tag":
                if tag_id in medium.tags or tag_id in added:
                    there.append(one)
                    continue
                added.add(tag_id)
                intents.append(
                    Intent("suggestion", "add_tag", medium.kind, medium.id, tag_id, name, suggestion_id=one.id)
                )
            elif any(
                marker.primary_tag_id == tag_id
                and same_time(marker.start_s, one.start_s)
                and same_time(marker.end_s, one.end_s)
                for marker in medium.markers
            ):
                there.append(one)
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
        intents += [_taking_back(entry) for entry in plan.retract]
        for name in change.add:
            tag_id = tag_of.get(name)
            if tag_id is not None and tag_id not in medium.tags and tag_id not in added:
                intents.append(Intent("workflow", "add_tag", medium.kind, medium.id, tag_id, name))
        for name in change.remove:
            tag_id = self.tags.find(name)
            if tag_id is not None and tag_id in medium.tags:
                intents.append(Intent("workflow", "remove_tag", medium.kind, medium.id, tag_id, name))
        return intents, there

    def _tags_for(
        self, run_id: int, accepted: Sequence[Suggestion], names: Sequence[str]
    ) -> tuple[dict[str, int], list[str]]:
        """Tag id by name for all that is to be added, created where Stash has none; and what could not be."""
        found: dict[str, int] = {}
        failed: list[str] = []
        for one in accepted:
            policy = self._book.of(one.label)
            name = self.tags.new_name(policy)
            tag_id = self.tags.of_label(policy)
            if tag_id is None and name not in found:
                tag_id = self._create_tag(run_id, name, self._parent_tag, failed)
            if tag_id is not None:
                found[name] = tag_id
        for name in names:
            tag_id = self.tags.find(name)
            if tag_id is None:
                tag_id = self._create_tag(run_id, name, "", failed)
            if tag_id is not None:
                found[name] = tag_id
        return found, failed

    def _create_tag(self, run_id: int, name: str, parent: str, failed: list[str]) -> int | None:
        parent_id = None
        if parent and parent.casefold() != name.casefold():
            parent_id = self.tags.find(parent)
            if parent_id is None:
                parent_id = self._create_tag(run_id, parent, "", failed)
        (entry,) = self._store.journal.intend(run_id, [Intent("workflow", "create_tag", "tag", 0, tag_name=name)])
        try:
            tag_id = self._stash.create_tag(name, CREATED_BY_US, parent_id)
        except StashFault as fault:
            self._store.journal.settle(entry.id, "void", str(fault))
            # Somebody made it meanwhile, or the name is another tag's alias.
            self.forget_tags()
            known = self.tags.find(name)
            if known is None:
                failed.append(f"the tag {name!r} could not be made: {fault}")
            return known
        with self._store.transaction():
            self._store.journal.name_tag(entry.id, tag_id)
            self._store.journal.settle(entry.id, "done")
        self.tags.add(Tag(tag_id, name))
        return tag_id

    def _send(
        self, groups: Sequence[tuple[Medium, Sequence[Entry]]]
    ) -> tuple[list[Entry], list[tuple[tuple[str, int], str]]]:
        """One request for the entries of all media; what was done, and what was refused by medium."""
        groups = [(medium, entries) for medium, entries in groups if entries]
        if not groups:
            return [], []
        assert not self._store.db.in_transaction, "our own hook runs inside the call and would wait for us"
        try:
            answer = self._stash.change(_batch(groups))
        except StashFault as fault:
            # Some of it may have been done: what Stash has now says which.
            done, refused = [], []
            for medium, entries in groups:
                its_done = self._settle_by_state(medium.kind, medium.id, entries, str(fault))
                done += its_done
                if len(its_done) < len(entries):
                    refused.append(((str(medium.kind), medium.id), f"{medium.kind} {medium.id}: {fault}"))
            return done, refused
        with self._store.transaction():
            for _, entries in groups:
                for entry in entries:
                    made = answer.get(f"m{entry.id}")
                    marker_id = int(made["id"]) if entry.action == "create_marker" and isinstance(made, dict) else None
                    self._store.journal.settle(entry.id, "done", marker_id=marker_id)
        return [entry for _, entries in groups for entry in entries], []

    def _note(self, done: Sequence[Entry]) -> None:
        """What writes mean for the suggestions that they belong to."""
        made = [e.suggestion_id for e in done if e.purpose == "suggestion" and e.suggestion_id is not None]
        self._store.suggestions.mark_applied(made)
        gone = [e.suggestion_id for e in done if e.purpose == "withdrawal" and e.suggestion_id is not None]
        self._store.suggestions.withdraw(gone)

    def _repair(self) -> None:
        """Settle what a kill left between an intent and its confirmation, by what Stash really has."""
        by_medium: dict[tuple[str, int], list[Entry]] = {}
        for entry in self._store.journal.unsettled():
            by_medium.setdefault((entry.kind, entry.media_id), []).append(entry)
        for (kind, media_id), entries in by_medium.items():
            if kind == "tag":
                self._repair_tags(entries)
                continue
            done = self._settle_by_state(kind, media_id, entries, "cut off before Stash was called")  # type: ignore[arg-type]
            with self._store.transaction():
                self._note(done)
                taken_back = [e for e in done if e.purpose == "undo"]
                self._reopen(taken_back)
            log.info(f"repaired {len(entries)} interrupted writes to {kind} {media_id}: {len(done)} had reached Stash")

    def _reopen(self, taken_back: Sequence[Entry]) -> None:
        """The suggestions of an undo that a kill cut off after Stash had done it."""
        for entry in taken_back:
            undone = self._store.journal.get(entry.undoes) if entry.undoes is not None else None
            if undone is None or entry.suggestion_id is None:
                continue
            if undone.purpose == "withdrawal":
                self._store.suggestions.restore([entry.suggestion_id])
            else:
                self._store.suggestions.reopen([entry.suggestion_id], held=True)

    def _settle_by_state(self, kind: MediaKind, media_id: int, entries: Sequence[Entry], note: str) -> list[Entry]:
        """Settle entries of one medium by exact match with what Stash has. Returns those that were done."""
        medium = self._stash.media(kind, [media_id]).get(media_id)
        known = self._store.journal.marker_ids(media_id)
        done: list[Entry] = []
        with self._store.transaction():
            for entry in entries:
                marker_id = find_created(entry, medium, known) if medium else None
                if marker_id is not None:
                    known.add(marker_id)
                if medium is not None and outcome_of(entry, medium, marker_id):
                    self._store.journal.settle(entry.id, "done", marker_id=marker_id)
                    done.append(entry)
                else:
                    self._store.journal.settle(entry.id, "void", note if medium else "the medium is gone from Stash")
        return done

    def _repair_tags(self, entries: Sequence[Entry]) -> None:
        self.forget_tags()
        for entry in entries:
            there = self.tags.find(entry.tag_name) if entry.tag_name else None
            with self._store.transaction():
                if entry.action == "create_tag" and there is not None:
                    self._store.journal.name_tag(entry.id, there)
                is_done = (there is not None) == (entry.action == "create_tag")
                self._store.journal.settle(entry.id, "done" if is_done else "void", "repaired")


def _taking_back(entry: Entry) -> Intent:
    """The write that takes another of ours back because newer findings do not support it."""
    if entry.action == "create_marker":
        return Intent(
            "withdrawal",
            "destroy_marker",
            entry.kind,
            entry.media_id,
            entry.tag_id,
            entry.tag_name,
            entry.suggestion_id,
            undoes=entry.id,
            marker_id=entry.marker_id,
            title=entry.title,
            start_s=entry.start_s,
            end_s=entry.end_s,
        )
    return Intent(
        "withdrawal",
        "remove_tag",
        entry.kind,
        entry.media_id,
        entry.tag_id,
        entry.tag_name,
        entry.suggestion_id,
        undoes=entry.id,
    )


def _batch(groups: Sequence[tuple[Medium, Sequence[Entry]]]) -> MutationBatch:
    """Media that get, or lose, the same tags share a mutation; markers have one each."""
    batch = MutationBatch()
    alike: dict[tuple[str, MediaKind, tuple[int, ...]], list[int]] = {}
    for medium, entries in groups:
        for mode, action in (("ADD", "add_tag"), ("REMOVE", "remove_tag")):
            tag_ids = tuple(sorted({e.tag_id for e in entries if e.action == action and e.tag_id is not None}))
            if tag_ids:
                alike.setdefault((mode, medium.kind, tag_ids), []).append(medium.id)
    for n, ((mode, kind, tag_ids), media_ids) in enumerate(alike.items()):
        batch.update_tags(f"t{n}", kind, media_ids, tag_ids, mode)
    for medium, entries in groups:
        for entry in entries:
            if entry.action == "create_marker":
                assert entry.tag_id is not None
                assert entry.start_s is not None
                batch.create_marker(f"m{entry.id}", medium.id, entry.title, entry.start_s, entry.end_s, entry.tag_id)
            elif entry.action == "destroy_marker":
                assert entry.marker_id is not None
                batch.destroy_marker(f"m{entry.id}", entry.marker_id)
    return batch
