"""What was found in a medium becomes an analysis and suggestions, in one transaction; and the plan of what to write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from plugin.analysis.staleness import Wanted
from plugin.review.decide import Before, Findings, decide
from plugin.review.performers import FaceRules, Seen, decide_performers
from plugin.review.policy import PolicyBook
from plugin.review.tag_index import TagIndex
from plugin.review.workflow import NO_CHANGE, WorkflowChange
from plugin.review.writer import MediumPlan
from plugin.sidecar_values import Found
from plugin.stash.values import Medium
from plugin.store.analyses import Analysis
from plugin.store.faces import FaceAnalysis, FaceReport
from plugin.store.journal import PERFORMER_ACTIONS
from plugin.store.store import Store


@dataclass(frozen=True, slots=True)
class Recorder:
    """book, tags and people decide; wanted names what analyses are made with now."""

    store: Store
    book: PolicyBook
    tags: TagIndex
    wanted: Wanted
    people: FaceRules = field(default_factory=FaceRules)

    def record(
        self,
        run_id: int,
        medium: Medium,
        analysis: Analysis | None,
        workflow: WorkflowChange = NO_CHANGE,
        faces: Seen | None = None,
    ) -> MediumPlan:
        """Replace what is known of the medium's tags and faces (None: that stays as it is), clear its failure, decide,
        and remember the suggestions: all or nothing.

        medium: its state in Stash now. faces: of a gallery, with its images. Returns what is to be written next.
        """
        store = self.store
        with store.transaction():
            if analysis is not None:
                store.analyses.save(analysis)
            if faces is not None:
                store.analyses.clear_failure(medium.kind, medium.id)
                store.faces.save(faces.analysis)
                if medium.kind != "gallery":
                    store.verdicts.tell_again(faces.analysis.content_key)
                    faces = replace(faces, verdicts=store.verdicts.of_medium(medium.kind, medium.id))
            return self._decided(run_id, medium, analysis, faces or self.seen(medium), workflow)

    def decide_again(
        self, run_id: int, medium: Medium, analysis: Analysis | None, workflow: WorkflowChange = NO_CHANGE
    ) -> MediumPlan:
        """The same, from what is stored already. analysis: None where tags are not to be decided."""
        with self.store.transaction():
            if analysis is not None:
                self.store.analyses.decided_by(analysis.kind, analysis.media_id, self.wanted.policy)
            return self._decided(run_id, medium, analysis, self.seen(medium), workflow)

    def seen(self, medium: Medium) -> Seen | None:
        """What is stored of a scene's or an image's faces. A gallery's are its images', and told by who reads those."""
        known = self.store.faces.get(medium.kind, medium.id) if medium.kind != "gallery" else None
        return Seen(known, self.store.verdicts.of_medium(medium.kind, medium.id)) if known is not None else None

    def _decided(
        self, run_id: int, medium: Medium, analysis: Analysis | None, faces: Seen | None, workflow: WorkflowChange
    ) -> MediumPlan:
        store, key = self.store, (medium.kind, medium.id)
        suggestions, refusals = store.suggestions.of_medium(*key), store.suggestions.refusals(*key)
        ours = store.journal.ours(*key)

        def before(of_people: bool) -> Before:
            return Before(
                suggestions=[one for one in suggestions if (one.type == "performer") is of_people],
                refusals=[one for one in refusals if (one.type == "performer") is of_people],
                ours=[one for one in ours if (one.action in PERFORMER_ACTIONS) is of_people],
            )

        decisions = []
        if analysis is not None:
            findings = Findings(analysis.model, analysis.duration_s, analysis.spans, analysis.totals)
            decisions.append(decide(medium, findings, before(False), self.book, self.tags))
        if faces is not None:
            decisions.append(decide_performers(medium, faces, before(True), self.people))
            store.faces.decided_by(*key, self.people.digest)
        for decision in decisions:
            tags = {draft.label: "" for draft in decision.outcome.new if draft.type != "performer"}
            store.suggestions.record(run_id, *key, decision.outcome, store.analyses.label_ids(tags))
            for entry in decision.theirs:
                store.journal.settle(entry.id, "theirs", "changed or removed by the owner")
        accepted = store.suggestions.of_medium(*key, ("accepted",))
        retract = tuple(entry for decision in decisions for entry in decision.retract)
        return MediumPlan(run_id, medium, accepted, retract, workflow)


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


def face_analysis_of(report: FaceReport, run_id: int, medium: Medium, view: str, content_key: str) -> FaceAnalysis:
    """What the sidecar saw of a medium's faces, as it is kept."""
    file = medium.file
    return FaceAnalysis(
        kind=medium.kind,
        media_id=medium.id,
        name=medium.name,
        run_id=run_id,
        content=file.content if file else "",
        content_key=content_key,
        view=view,
        model=report.model,
        date=medium.date,
        duration_s=file.duration_s if file else 0.0,
        frames=report.frames,
        faces=report.faces,
        gallery_version=report.gallery_version,
        rules="",
        tracks=report.tracks,
    )
