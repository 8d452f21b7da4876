"""The end of media: groups of them are decided and written to Stash together, in few requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from plugin.analysis.record import Recorder, analysis_of, face_analysis_of
from plugin.queue.faces import is_only_faces
from plugin.review import performers
from plugin.review.undo import undo
from plugin.review.workflow import NO_CHANGE, transition
from plugin.review.writer import MediumPlan, Writer, Written
from plugin.settings import WorkflowTags
from plugin.sidecar_values import Found
from plugin.stash.client import StashClient
from plugin.stash.values import KINDS, MediaKind, Medium
from plugin.store.analyses import Analysis, Failure
from plugin.store.jobs import TAKE_BACK, Job
from plugin.store.store import Store

GROUP = 20
"""Media written in one request: enough that requests cost nothing beside the hooks that each medium fires in Stash."""
PATIENCE_S = 1.5
"""How long a finished medium waits for others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The sidecar's answer. known: the stored analysis that it refreshes, if it was judged from stored vectors."""

    found: Found
    view: str
    known: Analysis | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An analysis that is decided again, or (a gallery's) made of others. analysis: None where only faces are meant.

    faces: who is seen in a gallery's images.
    """

    analysis: Analysis | None
    is_new: bool = False
    faces: performers.Seen | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Why it has no analysis, for a reason that lasts."""

    code: str
    message: str
    name: str = ""
    content: str = ""


End: TypeAlias = "Seen | Stored | Failed | Literal['apply']"


@dataclass
class Finisher:
    """Collects ends; flush() makes them count. A process that is killed before loses nothing but the group's writes:
    its media wait again, and the sidecar answers from what it stored.
    """

    store: Store
    stash: StashClient
    writer: Writer
    recorder: Recorder
    names: WorkflowTags
    clock: Callable[[], float] = time.monotonic
    _waiting: list[tuple[Job, End]] = field(default_factory=list)
    _since: float = 0.0

    def add(self, job: Job, end: End) -> None:
        if not self._waiting:
            self._since = self.clock()
        self._waiting.append((job, end))

    def __len__(self) -> int:
        return len(self._waiting)

    def jobs(self) -> list[Job]:
        """Those whose end still waits."""
        return [job for job, _ in self._waiting]

    def is_due(self) -> bool:
        return len(self._waiting) >= GROUP or (bool(self._waiting) and self.clock() - self._since >= PATIENCE_S)

    def flush(self) -> None:
        """Decide, write, and end the jobs. Raises StashError; then everything still waits, and may be tried again."""
        if not self._waiting:
            return
        with self.writer.turn():
            kept = self._take_back()
            media = self._read()
            plans: list[tuple[Job, MediumPlan]] = []
            for job, end in self._waiting:
                medium = media.get((str(job.kind), job.media_id or 0))
                if medium is None:
                    self.store.analyses.forget(str(job.kind), job.media_id or 0)
                    self.store.jobs.fail(job.id, "gone", f"{job.kind} {job.media_id} is no longer in Stash")
                else:
                    plans.append((job, self._plan(job, medium, end)))
            written = self.writer.write([plan for _, plan in plans])
        ends = {job.id: end for job, end in self._waiting}
        for (job, plan), result in zip(plans, written, strict=True):
            self._end(job, plan, ends[job.id], result, kept.get(job.id, ""))
        self._waiting.clear()

    def _take_back(self) -> dict[int, str]:
        """What jobs are to take back leaves Stash. Returns why some of it stayed, by job."""
        ids: dict[int, list[int]] = {}
        by_run: dict[int, list[int]] = {}
        for job in self.jobs():
            now = self.store.jobs.get(job.id)  # others may have asked for more since it was read
            if now is not None and now.options.get(TAKE_BACK):
                ids[job.id] = now.options[TAKE_BACK]
                by_run.setdefault(job.run_id, []).extend(ids[job.id])
        failed: list[str] = []
        for run_id, wanted in by_run.items():
            entries = self.store.journal.of_suggestions(wanted)
            failed += undo(self.store, self.stash, self.writer, run_id, entries).failed
        why = "; ".join(failed[:3]) or "it is still there"
        return {job_id: why for job_id, its_ids in ids.items() if self.store.journal.of_suggestions(its_ids)}

    def _read(self) -> dict[tuple[str, int], Medium]:
        found: dict[tuple[str, int], Medium] = {}
        for kind in KINDS:
            ids = [job.media_id for job, _ in self._waiting if job.kind == kind and job.media_id is not None]
            found.update({(kind, media_id): medium for media_id, medium in self._media(kind, ids).items()})
        return found

    def _media(self, kind: MediaKind, ids: list[int]) -> dict[int, Medium]:
        return self.stash.media(kind, ids)

    def _plan(self, job: Job, medium: Medium, end: End) -> MediumPlan:
        change = NO_CHANGE if is_only_faces(job) else transition("analysed", self.names)
        if isinstance(end, Seen):
            told = end.found.faces
            faces = None
            if told is not None:
                seen = face_analysis_of(told, job.run_id, medium, end.view, end.found.content_key)
                faces = performers.Seen(seen)
            if is_only_faces(job):
                return self.recorder.record(job.run_id, medium, None, change, faces)
            made = analysis_of(end.found, job.run_id, medium, end.view, self.recorder.wanted, end.known)
            return self.recorder.record(job.run_id, medium, made, change, faces)
        if isinstance(end, Stored):
            if end.is_new:
                made_new = replace(end.analysis, run_id=job.run_id, name=medium.name) if end.analysis else None
                return self.recorder.record(job.run_id, medium, made_new, change, end.faces)
            return self.recorder.decide_again(job.run_id, medium, end.analysis, change)
        if isinstance(end, Failed):
            content = end.content or (medium.file.content if medium.file else "")
            self.store.analyses.save_failure(
                Failure(medium.kind, medium.id, medium.name, job.run_id, content, end.code, end.message)
            )
            failed = NO_CHANGE if is_only_faces(job) else transition("failed", self.names)
            return MediumPlan(job.run_id, medium, workflow=failed)
        accepted = self.store.suggestions.of_medium(medium.kind, medium.id, ("accepted",))
        return MediumPlan(job.run_id, medium, accepted, workflow=NO_CHANGE)

    def _end(self, job: Job, plan: MediumPlan, end: End, written: Written, kept: str) -> None:
        """kept: why something stayed in Stash that was to be taken back."""
        jobs = self.store.jobs
        if isinstance(end, Failed):
            jobs.fail(job.id, end.code, end.message)
            return
        if kept:
            jobs.fail(job.id, "not_undone", f"Stash did not give up what was to be undone: {kept}")
            return
        parts = []
        if written.tags or written.markers or written.performers:
            counted = ((written.tags, "tag"), (written.markers, "marker"), (written.performers, "performer"))
            parts.append(" and ".join(said for one in counted for said in _many(*one)) + " written")
        if written.failed:
            parts.append("; ".join(written.failed[:3]))
        if end != "apply":
            waiting = self.store.suggestions.count(("pending",), kind=plan.medium.kind, media_id=plan.medium.id)
            many = "1 suggestion waits" if waiting == 1 else f"{waiting} suggestions wait"
            parts.append(many if waiting else "nothing to suggest")
        jobs.complete(job.id, ", ".join(parts))


def _many(count: int, what: str) -> list[str]:
    """["1 tag"], ["2 tags"], or nothing."""
    return [f"{count} {what}{'' if count == 1 else 's'}"] if count else []
