"""What was found in a medium becomes an analysis and suggestions, in one transaction; and the plan of what to write."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.analysis.staleness import Wanted
from plugin.review.decide import Before, Findings, decide
from plugin.review.policy import PolicyBook
from plugin.review.tag_index import TagIndex
from plugin.review.workflow import NO_CHANGE, WorkflowChange
from plugin.review.writer import MediumPlan
from plugin.sidecar_values import Found
from plugin.stash.values import Medium
from plugin.store.analyses import Analysis
from plugin.store.store import Store


@dataclass(frozen=True, slots=True)
class Recorder:
    """book and tags decide; wanted names what analyses are made with now."""

    store: Store
    book: PolicyBook
    tags: TagIndex
    wanted: Wanted

    def record(
        self, run_id: int, medium: Medium, analysis: Analysis, workflow: WorkflowChange = NO_CHANGE
    ) -> MediumPlan:
        """Replace the medium's analysis, clear its failure, decide, and remember the suggestions: all or nothing.

        medium: its state in Stash now. Returns what is to be written to Stash next.
        """
        store = self.store
        with store.transaction():
            store.analyses.save(analysis)
            return self._decided(run_id, medium, analysis, workflow)

    def decide_again(
        self, run_id: int, medium: Medium, analysis: Analysis, workflow: WorkflowChange = NO_CHANGE
    ) -> MediumPlan:
        """The same, from an analysis that is stored already."""
        with self.store.transaction():
            self.store.analyses.decided_by(analysis.kind, analysis.media_id, self.wanted.policy)
            return self._decided(run_id, medium, analysis, workflow)

    def _decided(self, run_id: int, medium: Medium, analysis: Analysis, workflow: WorkflowChange) -> MediumPlan:
        store, key = self.store, (medium.kind, medium.id)
        before = Before(
            suggestions=store.suggestions.of_medium(*key),
            refusals=store.suggestions.refusals(*key),
            ours=store.journal.ours(*key),
        )
        findings = Findings(analysis.model, analysis.duration_s, analysis.spans, analysis.totals)
        decision = decide(medium, findings, before, self.book, self.tags)
        label_ids = store.analyses.label_ids({draft.label: "" for draft in decision.outcome.new})
        store.suggestions.record(run_id, *key, decision.outcome, label_ids)
        for entry in decision.theirs:
            store.journal.settle(entry.id, "theirs", "changed or removed by the owner")
        accepted = store.suggestions.of_medium(*key, ("accepted",))
        return MediumPlan(run_id, medium, accepted, decision.retract, workflow)


def analysis_of(
    found: Found, run_id: int, medium: Medium, view: str, wanted: Wanted, known: Analysis | None = None
) -> Analysis:
    """known: the stored analysis that an answer from stored vectors belongs to; what such an answer does not say (what
    decoded it, and how densely) stays as it was.
    """
    return Analysis(
        kind=medium.kind,
        media_id=medium.id,
        name=medium.name,
        run_id=run_id,
        content=medium.file.content if medium.file else "",
        content_key=found.content_key,
        view=view,
        model=found.model or (known.model if known else wanted.model),
        vocabulary=wanted.vocabulary,
        query=wanted.query,
        interval_s=known.interval_s if known else wanted.interval_s,
        duration_s=found.duration_s,
        samples=found.samples or (known.samples if known else 0),
        decoder=found.decoder or (known.decoder if known else ""),
        plan=found.plan or (known.plan if known else ""),
        warnings=found.warnings,
        policy=wanted.policy,
        spans=found.spans,
        totals=found.totals,
    )
