"""The plugin's parts in this process, with a stand-in for Stash over HTTP; and processes that die at any step."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugin.context import Context
from plugin.interface.input import ServerConnection, parse_input
from plugin.review.workflow import NO_CHANGE, WorkflowChange
from plugin.review.writer import MediumPlan, Written
from plugin.stash.client import StashClient
from plugin.stash.transport import HttpTransport
from plugin.stash.values import MediaKind
from plugin.store.database import Database
from plugin.store.journal import Entry
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft, Outcome, Suggestion
from tests.standin import Standin


class Killed(BaseException):
    """The process is gone: whatever handles errors does not handle this."""


class Doom:
    """Kills at the n-th of the moments between which a process can be killed; never if n is None. Counts them."""

    def __init__(self, at: int | None = None) -> None:
        self._at = at
        self.count = 0
        self.log: list[str] = []

    def pass_by(self, what: str) -> None:
        self.log.append(what)
        self.count += 1
        if self.count - 1 == self._at:
            raise Killed(what)


class WatchedTransport(HttpTransport):
    """Stash runs our own hook inside our own mutation: a transaction that is open meanwhile would lock it out."""

    def __init__(self, context: WatchedContext, doom: Doom) -> None:
        super().__init__(context.server)
        self._context, self._doom = context, doom
        self.documents: list[str] = []

    def call(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        assert not self._context.store.db.in_transaction, "a transaction is open during a call of Stash"
        name = document.split("(")[0].split("{")[0].split()[-1]
        self.documents.append(name)
        self._doom.pass_by(f"before {name}")
        answer = super().call(document, variables)
        self._doom.pass_by(f"after {name}")
        return answer


class WatchedContext(Context):
    """What one process works with; die() leaves everything as a SIGKILL would."""

    def __init__(self, server: ServerConnection, doom: Doom | None = None) -> None:
        super().__init__(server, is_task=False)
        self.doom = doom or Doom()
        self._watch(self.store.db)
        self.transport = WatchedTransport(self, self.doom)
        self.stash = StashClient(self.transport)
        self._closers.append(self.transport.close)

    def _watch(self, db: Database) -> None:
        run = db.run

        def watched(sql: str, *values: object) -> int:
            if sql != "COMMIT":
                return run(sql, *values)
            self.doom.pass_by("before a commit")
            answer = run(sql, *values)
            self.doom.pass_by("after a commit")
            return answer

        db.run = watched  # type: ignore[method-assign]


class World:
    """A stand-in, the plugin's data beside it, and what tests do with them."""

    def __init__(self, stash: Standin) -> None:
        self.stash = stash
        self.data_dir = stash.settings.config_dir / "stash-sense-native"

    @property
    def server(self) -> ServerConnection:
        """As the plugin's next process is told of it."""
        return parse_input({"server_connection": self.stash.connection(), "args": {}}, "/plugin").server

    @contextlib.contextmanager
    def process(self, doom: Doom | None = None) -> Iterator[WatchedContext]:
        context = WatchedContext(self.server, doom)
        try:
            yield context
        finally:
            context.close()

    def set_up(self, *rows: PolicyRow, **settings: Any) -> None:
        with self.process() as context:
            context.store.policies.save(rows)
            context.store.meta.set("settings", settings)

    def library(self) -> str:
        """All that Stash holds but for times and the ids of markers: a marker that was taken back has a new one."""
        found = self.stash.snapshot(times=False)
        markers = [{key: value for key, value in fields.items() if key != "id"} for fields in found["marker"].values()]
        found["marker"] = sorted(markers, key=lambda marker: json.dumps(marker, sort_keys=True))
        for fields in found["file"].values():
            del fields["mod_time_s"]
        for kind in ("scene", "image", "gallery"):
            for fields in found[kind].values():
                fields["tag_ids"] = sorted(fields["tag_ids"])
        return json.dumps(found, sort_keys=True, indent=1)


def suggest(
    context: Context, run_id: int, media_id: int, *drafts: Draft, kind: MediaKind = "scene", accept: bool = True
) -> list[Suggestion]:
    """Suggestions of a medium, accepted by its owner unless their drafts are."""
    store = context.store
    ids = store.analyses.label_ids({draft.label: "" for draft in drafts})
    store.suggestions.record(run_id, kind, media_id, Outcome(tuple(drafts)), ids)
    if accept:
        found = store.suggestions.of_medium(kind, media_id, ("pending",))
        store.suggestions.accept([one.id for one in found])
    return store.suggestions.of_medium(kind, media_id)


def write(
    context: Context,
    run_id: int,
    media_ids: Sequence[int],
    *,
    kind: MediaKind = "scene",
    retract: Mapping[int, Sequence[Entry]] = {},
    workflow: WorkflowChange = NO_CHANGE,
) -> list[Written]:
    """What a process does with accepted suggestions: its turn, the state, the plans, the writing."""
    with context.writer.turn():
        media = context.stash.media(kind, media_ids)
        plans = [
            MediumPlan(
                run_id,
                media[media_id],
                context.store.suggestions.of_medium(kind, media_id, ("accepted",)),
                retract.get(media_id, ()),
                workflow,
            )
            for media_id in media_ids
            if media_id in media
        ]
        return context.writer.write(plans)
