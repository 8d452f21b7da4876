"""Deciding with the real store, again and again: it comes to rest, and never undoes what its owner said."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.analysis.record import Recorder
from plugin.analysis.staleness import Wanted
from plugin.review.decide import Before, Findings, decide
from plugin.review.policy import policy_book
from plugin.review.tag_index import TagIndex
from plugin.settings import Defaults
from plugin.stash.values import Marker, Medium, Tag
from plugin.store.analyses import Span, Total
from plugin.store.database import Database
from plugin.store.journal import Action, Intent
from plugin.store.policies import PolicyRow
from plugin.store.store import Store
from plugin.store.suggestions import Suggestion
from tests.plugin.store.samples import analysis

LABELS = ("cat", "dog", "kitty")
TAGS = TagIndex([Tag(1, "cat"), Tag(2, "dog")])
WANTED = Wanted("lite", "v1", "q1", 4.0, "p1")


@dataclass
class World:
    """One scene, whose tags and markers change as the plugin's writes would change them, and a store."""

    store: Store = field(default_factory=lambda: Store(Database(":memory:"), tempfile.gettempdir(), lambda: 1000.0))
    medium: Medium = field(default_factory=lambda: Medium("scene", 1, "A", {}, None))

    def __post_init__(self) -> None:
        self.run_id = self.store.runs.begin("x", "task")

    def decide(self, rows: Sequence[PolicyRow], spans: Sequence[Span]) -> Any:
        """Record an analysis; what would be decided now, after that."""
        book = policy_book(rows, Defaults(required_s=5.0), 0.3)
        found = analysis(self.run_id, spans=tuple(spans), totals=totals(spans), duration_s=100.0)
        plan = Recorder(self.store, book, TAGS, WANTED).record(self.run_id, self.medium, found)
        self._apply(plan.accepted, plan.retract)
        before = Before(
            self.store.suggestions.of_medium("scene", 1),
            self.store.suggestions.refusals("scene", 1),
            self.store.journal.ours("scene", 1),
        )
        return decide(self.medium, Findings("lite", 100.0, spans, totals(spans)), before, book, TAGS)

    def _apply(self, accepted: Sequence[Suggestion], retract: Sequence[Any]) -> None:
        """Write as plugin.review.writer would, to this world instead of Stash."""
        tags, markers = dict(self.medium.tags), list(self.medium.markers)
        for one in accepted:
            tag_id = 2 if one.label == "dog" else 1
            if one.type == "tag" and tag_id not in tags:
                tags[tag_id] = one.label
                self._journal(Intent("suggestion", "add_tag", "scene", 1, tag_id, one.label, one.id))
            elif one.type == "marker":
                marker = Marker(100 + one.id, one.label, one.start_s, one.end_s, tag_id)
                markers.append(marker)
                self._journal(
                    Intent(
                        "suggestion", "create_marker", "scene", 1, tag_id, one.label, one.id,
                        title=one.label, start_s=one.start_s, end_s=one.end_s,
                    ),
                    marker.id,
                )  # fmt: skip
            self.store.suggestions.mark_applied([one.id])
        for entry in retract:
            tags.pop(entry.tag_id, None) if entry.action == "add_tag" else None
            markers = [marker for marker in markers if marker.id != entry.marker_id]
            action: Action = "remove_tag" if entry.action == "add_tag" else "destroy_marker"
            of, its_tag = entry.suggestion_id, entry.tag_id
            self._journal(Intent("withdrawal", action, "scene", 1, its_tag, suggestion_id=of, undoes=entry.id))
            self.store.suggestions.withdraw([entry.suggestion_id])
        self.medium = replace(self.medium, tags=tags, markers=tuple(markers))

    def _journal(self, intent: Intent, marker_id: int | None = None) -> None:
        (entry,) = self.store.journal.intend(self.run_id, [intent])
        self.store.journal.settle(entry.id, "done", marker_id=marker_id)


def totals(spans: Sequence[Span]) -> tuple[Total, ...]:
    seconds: dict[str, float] = {}
    for one in spans:
        seconds[one.label] = seconds.get(one.label, 0.0) + one.end_s - one.start_s
    return tuple(Total(label, "", total_s, total_s / 100.0, 3.0) for label, total_s in seconds.items())


spans_of = st.lists(
    st.builds(
        lambda label, start, length: Span(label, "", start, start + length, 3.0, start, 4.0),
        st.sampled_from(LABELS),
        st.integers(0, 80),
        st.integers(1, 30),
    ),
    max_size=6,
)
modes = st.sampled_from(["auto", "suggest", "off"])
rows_of = st.tuples(modes, modes, modes).map(
    lambda chosen: [
        PolicyRow(label, mode=mode, stash_tag="cat" if label == "kitty" else None)
        for label, mode in zip(LABELS, chosen, strict=True)
    ]
)
rounds = st.lists(st.tuples(rows_of, spans_of), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(rounds)
def test_the_same_findings_decided_again_change_nothing(history: list[tuple[list[PolicyRow], list[Span]]]) -> None:
    world = World()
    for rows, spans in history:
        again = world.decide(rows, spans)
        assert again.outcome.new == () and again.outcome.withdraw == () and again.outcome.removed_by_owner == ()
        assert again.theirs == ()
        # What is kept because another label means the same tag is asked about again, and kept again.
        assert again.retract == ()
        known = {one.id: one for one in world.store.suggestions.of_medium("scene", 1)}
        for one_id, draft in again.outcome.updates:
            one = known[one_id]
            assert (one.start_s, one.end_s, one.score) == (draft.start_s, draft.end_s, draft.score)
            assert one.state == "applied" or (one.state == "pending") == (not draft.accept)
    world.store.close()


@settings(max_examples=60, deadline=None)
@given(rounds, st.randoms(use_true_random=False))
def test_what_the_owner_said_holds(history: list[tuple[list[PolicyRow], list[Span]]], chance: Any) -> None:
    """Between rounds the owner removes things of ours, rejects, accepts, and adds things of their own."""
    world = World()
    own = Marker(1, "mine", 3.0, 7.0, 2)
    world.medium = replace(world.medium, tags={2: "dog"}, markers=(own,))
    removed: set[int] = set()
    for rows, spans in history:
        world.decide(rows, spans)
        assert 2 in world.medium.tags and own in world.medium.markers, "the owner's own is never touched"
        assert not removed & set(world.medium.tags), "what the owner removed never comes back"
        suggestions = world.store.suggestions.of_medium("scene", 1)
        rejected = [one for one in suggestions if one.state == "rejected"]
        for one in suggestions:
            for other in rejected:
                if one.state in ("pending", "accepted") and one.type == other.type and one.label == other.label:
                    assert one.type == "marker", "a refused tag is not suggested again"
        if 1 in world.medium.tags and chance.random() < 0.5:
            world.medium = replace(world.medium, tags={2: "dog"})
            removed.add(1)
        waiting = [one.id for one in suggestions if one.state == "pending"]
        world.store.suggestions.reject(waiting[: chance.randrange(3)])
    world.store.close()
