"""The drain: works on the queue inside one job of Stash's own queue, until nothing is left or others wait.

Killed at any moment, it loses at most the media in work, and those start from what the sidecar has stored of them.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from plugin.analysis.gallery import gallery_totals
from plugin.analysis.paths import parse_rules
from plugin.analysis.prepare import UNSEEN, CannotPrepare, Surroundings, prepare, view_of
from plugin.analysis.record import Recorder
from plugin.analysis.staleness import Wanted
from plugin.context import Context
from plugin.installation import SetupError
from plugin.interface import log
from plugin.locks import DRAIN_LOCK, LockHeld, exclusive
from plugin.people.changed import changed
from plugin.people.refresh import Refresh
from plugin.queue.asking import own_job
from plugin.queue.faces import MOST_IMAGES, FaceWork, is_only_faces
from plugin.queue.finish import Failed, Finisher, Seen, Stored
from plugin.queue.intake import take_in
from plugin.queue.quiet import parse_quiet_hours
from plugin.queue.reconcile import ASKED_JOB, ask
from plugin.queue.report import AtWork, Tally
from plugin.queue.select import SelectionError, Selector, due, faces_due
from plugin.queue.stream import SidecarStream
from plugin.queue.watch import Watch
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import CancelWish, Found, Look, Problem, Progress, Question, SidecarError
from plugin.stash.errors import StashError, StashRefused, StashUnavailable
from plugin.stash.values import KINDS, MediaKind, MediaRow, Medium
from plugin.store.analyses import Analysis
from plugin.store.jobs import DEATHS_ALLOWED, FACES, ONLY, PRIORITIES, Action, Job, NewMedium

LOCK_WAIT_S = 20.0
PREFETCH = 16
"""Media whose state is read from Stash at once."""
TRIES = 5
"""Times that a medium whose trouble may pass is begun, 1, 2, 4, 8 minutes apart."""
LINGER_S = 2.0
"""How long a drain that took in what hooks noticed waits for more of it, rather than end and be asked for again."""
DAY_S = 86_400.0
PRUNED = "pruned_s"
"""meta: when old jobs were last forgotten, Unix seconds."""
CONNECTS = 3
"""Times that one drain tries to reach the sidecar before it lets its media wait for another drain."""
FOLLOWED = 25
"""Performers that are looked at before it looks up from that again."""
SERVICE_PROBLEMS = frozenset({"model_not_ready", "store_error", "shutting_down"})
"""Problems that every medium would meet now: the drain stops instead of failing them one by one."""


@dataclass(frozen=True, slots=True)
class InWork:
    """A medium that the sidecar has. over_url: after its path was not visible there. with_faces: they are looked for
    too. progress: as last reported.
    """

    job: Job
    medium: Medium
    view: str
    over_url: bool = False
    with_faces: bool = False
    progress: Progress | None = None

    def at_work(self) -> AtWork:
        told, file = self.progress, self.medium.file
        return AtWork(
            kind=self.medium.kind,
            id=self.medium.id,
            name=self.medium.name,
            stage=told.stage if told else "",
            position_s=told.position_s if told else 0.0,
            duration_s=file.duration_s if file else 0.0,
            frames_per_s=told.frames_per_s if told else 0.0,
            seconds_left=told.seconds_left if told else None,
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the sidecar cannot be used now. until: when it is worth another try (monotonic), unless it is left alone for
    longer by what the store remembers of it; None: not in this drain.
    """

    message: str
    until: float | None


class Drain:
    """run() once. connect: reaches the sidecar (context.connect_sidecar, or a stand-in for tests)."""

    def __init__(
        self,
        context: Context,
        connect: Callable[[], SidecarClient] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context, self._store, self._stash = context, context.store, context.stash
        self._settings, self._book = context.settings, context.book
        self._connect = connect or (lambda: context.connect_sidecar(may_restart=True))
        self._sleep, self._clock = sleep, clock
        self._sidecar: SidecarClient | None = None
        self._stream: SidecarStream | None = None
        self._in_work: dict[str, InWork] = {}
        self._buffer: deque[tuple[Job, Medium | None]] = deque()
        self._filling: tuple[Job, Iterator[int]] | None = None
        self._trouble: Trouble | None = None
        self._connects = 0
        self._worked, self._media_s = 0, 0.0
        self._began = clock()
        self._noticed_at = float("-inf")
        self._asked = 0
        self._cancel_sent: set[str] = set()
        self._performers_wait = False
        self._held: list[tuple[Job, Medium]] = []
        self._question = Question()
        self._wanted = Wanted("", "", "", 0.0, "")
        self._faces = FaceWork(self._store, context.face_rules, self._settings.identify_performers != "off")
        self._around = Surroundings()
        self._finisher = Finisher(
            self._store, self._stash, context.writer, self._recorder(), self._settings.workflow_tags, clock
        )
        self._prepare()

    def run(self) -> str:
        """Work. Returns a sentence on how it ended. Raises StashError, StoreError, SettingError and their kind."""
        path = os.path.join(self._store.data_dir, DRAIN_LOCK)
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(exclusive(path, LOCK_WAIT_S, "working on the queue", self._sleep))
            except LockHeld:
                # An orphan of a Stash that crashed, or the slice before this one, about to end: it sees the work.
                return "another process works on the queue already; this one leaves it to that"
            return self._run()

    @property
    def worked(self) -> int:
        """Media that were looked at or judged anew by this drain."""
        return self._worked

    def _run(self) -> str:
        settings, config = self._context.stash_settings, self._context.config
        watch = Watch(self._store, self._stash, parse_quiet_hours(settings.quiet_hours), self._clock)
        self._around = Surroundings(
            parse_rules(settings.path_mappings), config.vr_tag, self._context.media_headers(), self._settings.stash_url
        )
        self._store.drains.begin(own_job(self._stash.jobs()))
        self._store.meta.set(ASKED_JOB, None)
        put_back, given_up = self._store.jobs.recover()
        if put_back or given_up:
            log.info(f"an earlier process was stopped: {put_back} media wait again, {given_up} were given up")
        sentence = "the work was broken off; see Stash's log"
        try:
            if self._store.jobs.has_work() or self._store.events.count() or self._store.verdicts.unsent(1):
                self._reach_sidecar_quietly()
            sentence = self._work(watch)
        except (StashError, LockHeld) as error:
            sentence = str(error)
            raise
        finally:
            unfinished = [*(item.job.id for item in self._in_work.values()), *(job.id for job, _ in self._held)]
            self._store.jobs.put_back([*unfinished, *(job.id for job in self._finisher.jobs())])
            self._store.drains.end(sentence)
            self._close()
        self._store.runs.end_finished()
        self._prune()
        return sentence

    def _prune(self) -> None:
        """Once a day, forget what ended long ago."""
        now_s = self._store.now_s()
        if now_s - float(self._store.meta.get(PRUNED, 0.0)) >= DAY_S:
            self._store.meta.set(PRUNED, now_s)
            self._store.jobs.prune(now_s - self._settings.history_days * DAY_S)

    def _work(self, watch: Watch) -> str:
        while True:
            watch.look(self._tally, self._trouble.message if self._trouble else "")
            if watch.refusal is not None:
                raise watch.refusal
            if watch.why == "stash_gone":
                return "Stash is gone; the work goes on when it is back"
            began = not watch.why and self._fill_or_begin(watch)
            self._pass_on_cancels(watch)
            if self._finisher.is_due() or (len(self._finisher) and not self._in_work and not began):
                self._flush(watch)
                began = self._begin_held() or began
            if self._in_work:
                self._take_event()
            elif not began and not len(self._finisher):
                self._put_off_held()
                if watch.why:
                    return self._hand_over(watch)
                if self._trouble is not None and self._trouble.until is not None and self._store.jobs.has_work():
                    self._rest(watch)
                    continue
                if self._follow_performers():
                    continue
                if self._clock() - self._noticed_at < LINGER_S:
                    self._sleep(0.1)  # a scan or a bulk edit tells of its media one by one
                    continue
                ended = self._end_if_idle(watch)
                if ended is not None:
                    return ended

    def _follow_performers(self) -> bool:
        """Look at some of the performers that hooks told of. False where there are none, or they must wait: then the
        next drain, or the task, looks at them.
        """
        ids = changed(self._store)[:FOLLOWED]
        if not ids or self._trouble is not None or self._performers_wait:
            return False
        try:
            with Refresh(self._context, self._reach_sidecar()) as refresh:
                refresh.follow(ids)
        except (SidecarError, SetupError, StashError, LockHeld) as error:
            log.warning(f"performers that changed are looked at later: {error}")
            self._performers_wait = True
            return False
        return True

    def _prepare(self) -> None:
        """Fix what analyses are made with, as far as it is known, and what they are decided by."""
        from plugin.sidecar_health import known_capabilities

        known = known_capabilities(self._context)
        settings = self._settings
        wishes = self._book.wishes(known.scoring if known else "")
        self._question = Question(settings.model, settings.vocabulary, wishes)
        self._wanted = Wanted(
            model=known.model if known else settings.model,
            vocabulary=known.vocabulary if known else "",
            query=self._question.digest,
            interval_s=settings.interval_s,
            policy=self._book.digest,
        )
        self._finisher.recorder = self._recorder()

    def _recorder(self) -> Recorder:
        tags, people = self._context.writer.tags, self._context.face_rules
        return Recorder(self._store, self._book, tags, self._wanted, people)

    def _fill_or_begin(self, watch: Watch) -> bool:
        """False where there was nothing to do. Where Stash is away for a moment, try again; the watch says when it is
        away for good.
        """
        try:
            return self._fill() or self._begin(watch)
        except StashUnavailable as error:
            log.warning(f"{error}; trying again")
            self._filling = None  # what is selected already is remembered with its batch
            self._sleep(1.0)
            return True

    def _fill(self) -> bool:
        """One page of the most urgent batch's selection. False where no batch is left to select."""
        if self._filling is None:
            batch = self._store.jobs.next_batch()
            if batch is None:
                if not self._store.events.count():
                    return False
                self._noticed_at = self._clock()
                return take_in(self._store) > 0
            self._reach_sidecar_quietly()
            self._filling = batch, self._pages(batch)
        batch, pages = self._filling
        try:
            if next(pages, None) is None:
                self._filling = None
        except SelectionError as error:
            self._store.jobs.fail(batch.id, "bad_selection", str(error))
            self._filling = None
        return True

    def _pages(self, batch: Job) -> Iterator[int]:
        """What a batch's media are selected by, a page at a time."""
        asks_for_faces = batch.options.get("which") == "faces"
        if asks_for_faces and self._faces.wanted is None:
            raise SelectionError(f"performers cannot be identified: {self._faces.why_not}")
        faces = self._faces.wanted if asks_for_faces else self._faces.of_themselves
        selector = Selector(self._store, self._stash, self._wanted, self._wish_tags, faces)
        yield from itertools.chain(self._faces.rematch(batch), selector.fill(batch))

    def _begin(self, watch: Watch) -> bool:
        """Begin media up to the limit. False where there was nothing to begin."""
        begun = False
        while len(self._in_work) < self._settings.media_at_once and len(self._finisher) < 2 * PREFETCH:
            if not self._refill(watch) or self._must_be_alone(self._buffer[0][0]):
                break
            job, medium = self._buffer.popleft()
            if not self._store.jobs.start(job.id, medium.name if medium else ""):
                continue
            begun = True
            job = self._store.jobs.get(job.id) or job  # others may have asked for more since it was read
            try:
                self._begin_one(job, medium)
            except (SidecarError, SetupError) as error:
                self._store.jobs.put_back([job.id])
                self._buffer.clear()
                self._meet_trouble(error)
                break
            except StashError:
                self._store.jobs.put_back([job.id])
                raise
        return begun

    def _must_be_alone(self, job: Job) -> bool:
        """Whether it cannot begin beside what is in work: a medium in whose company a process died has the sidecar to
        itself from then on, so that no other is given up for its sake.
        """
        company = [item.job for item in self._in_work.values()]
        return bool(company) and any(one.deaths for one in (job, *company))

    def _refill(self, watch: Watch) -> bool:
        above = PRIORITIES["normal"] if watch.only_urgent else None
        only = "apply" if self._trouble is not None else None
        if self._buffer and self._store.jobs.next_media(1, above=self._buffer[0][0].priority):
            self._buffer.clear()  # something more urgent came; these wait on
        if not self._buffer:
            jobs = self._store.jobs.next_media(PREFETCH, above, "apply" if only else None)
            media = {
                kind: self._stash.media(kind, [job.media_id or 0 for job in jobs if job.kind == kind]) for kind in KINDS
            }
            self._buffer.extend((job, media[_kind(job)].get(job.media_id or 0)) for job in jobs)
        return bool(self._buffer)

    def _begin_one(self, job: Job, medium: Medium | None) -> None:
        if medium is None or job.action == "apply":
            self._finisher.add(job, "apply")  # of one that is gone, the finisher says so
            return
        known = self._store.analyses.get(medium.kind, medium.id)
        if job.options.get("if_due") and not self._is_due(medium, known):
            self._store.jobs.complete(job.id, "up to date already")
        elif is_only_faces(job) and self._faces.wanted is None and job.action == "analyse":
            self._store.jobs.fail(job.id, "no_faces", f"faces cannot be looked for: {self._faces.why_not}")
        elif medium.kind == "gallery":
            self._begin_gallery(job, medium)
        elif is_only_faces(job) and job.action == "retag":
            self._finisher.add(job, Stored(None))
        elif job.action == "retag" and known is not None:
            self._retag(job, known)
        else:
            self._ask_sidecar(job, medium)

    def _is_due(self, medium: Medium, known: Analysis | None) -> bool:
        content = f"images-{medium.image_count}" if medium.kind == "gallery" else ""
        row = MediaRow(medium.id, medium.file.content if medium.file else content)
        failure = self._store.analyses.failures(medium.kind, [medium.id]).get(medium.id)
        seen = self._store.faces.known(medium.kind, [medium.id]).get(medium.id)
        look = faces_due(row, seen, failure, self._faces.of_themselves) == "look"
        return look or due(row, known, failure, self._wanted) is not None

    def _retag(self, job: Job, known: Analysis) -> None:
        """Judge what is stored anew; where nothing is stored any more, look again."""
        wanted = self._wanted
        same_question = known.query == wanted.query and known.vocabulary == (wanted.vocabulary or known.vocabulary)
        if same_question and (not wanted.model or known.model == wanted.model):
            self._finisher.add(job, Stored(known))
            return
        answer = next(iter(self._reach_sidecar().score([known.content_key], self._question, known.view)))
        if isinstance(answer, Problem):
            if answer.code != "not_found":
                self._finisher.add(job, Failed(answer.code, answer.message))
                return
            medium = self._stash.media(_kind(job), [known.media_id]).get(known.media_id)
            if medium is not None:
                self._ask_sidecar(job, medium)
            return
        self._finisher.add(job, Seen(answer, known.view, known))
        self._count(answer.duration_s)

    def _begin_gallery(self, job: Job, medium: Medium) -> None:
        """First its images, then what they have in common."""
        if job.options.get("phase") != "aggregate":
            self._begin_images(job, medium)
            return
        ids = [row.id for row in self._stash.images_of(medium.id)]
        if self._store.jobs.unfinished("image", ids[:MOST_IMAGES]):
            self._held.append((job, medium))  # its images were asked for elsewhere, and are not done yet
            return
        faces = self._faces.sum_up(job, medium, ids)
        if is_only_faces(job):
            nothing = Failed("no_images", "none of its images was looked at", content=f"images-{medium.image_count}")
            self._finisher.add(job, Stored(None, is_new=True, faces=faces) if faces else nothing)
            return
        totals = self._store.analyses.totals_of("image", ids)
        analysed = self._store.analyses.known("image", ids[:MOST_IMAGES])
        if not analysed:
            why = "none of its images could be analysed" if ids else "it holds no images"
            self._finisher.add(job, Failed("no_images", why, content=f"images-{medium.image_count}"))
            return
        self._finisher.add(
            job,
            Stored(
                Analysis(
                    kind="gallery",
                    media_id=medium.id,
                    name=medium.name,
                    run_id=job.run_id,
                    content=f"images-{medium.image_count}",
                    content_key="",
                    view="whole",
                    model=next(iter(analysed.values())).model,
                    vocabulary=self._wanted.vocabulary,
                    query=self._wanted.query,
                    interval_s=self._wanted.interval_s,
                    duration_s=0.0,
                    samples=len(analysed),
                    decoder="",
                    plan=f"{len(analysed)} of {len(ids)} images",
                    warnings=(),
                    policy=self._wanted.policy,
                    totals=gallery_totals(totals, len(analysed)),
                ),
                is_new=True,
                faces=faces,
            ),
        )

    def _begin_images(self, job: Job, gallery: Medium) -> None:
        """Enqueue those of a gallery's images that something is to be done with; it goes on after them."""
        images = list(self._stash.images_of(gallery.id))
        ids = [row.id for row in images][:MOST_IMAGES]
        stored, seen = self._store.analyses.known("image", ids), self._store.faces.known("image", ids)
        fresh, wanted, only = bool(job.options.get("fresh")), self._faces.of_job(job), is_only_faces(job)
        action: Action = "retag" if job.action == "retag" else "analyse"
        whole: list[NewMedium] = []
        faces: list[NewMedium] = []
        for row in images:
            is_due = due(row, stored.get(row.id), None, self._wanted) is not None
            is_whole = not only and (fresh or is_due)
            look = faces_due(row, seen.get(row.id), None, wanted) == "look" or (only and fresh)
            if is_whole:
                whole.append(NewMedium("image", row.id))
            if look and (action == "retag" or not is_whole):
                faces.append(NewMedium("image", row.id))
        self._store.jobs.add_media(job, action, whole, {"fresh": fresh})
        self._store.jobs.add_media(job, "analyse", faces, {"fresh": fresh, ONLY: FACES})
        self._store.jobs.wait_for_children(job.id, {**job.options, "phase": "images"})

    def _begin_held(self) -> bool:
        """Look at held galleries again, now that a group was finished."""
        held, self._held = self._held, []
        for job, medium in held:
            self._begin_gallery(job, medium)
        return len(self._held) < len(held)

    def _put_off_held(self) -> None:
        """Nothing in work could finish their images; they wait for a later drain."""
        for job, medium in self._held:
            message = f"images of {medium.name} wait themselves"
            self._store.jobs.put_off(job.id, "images_wait", message, self._store.now_s() + 60.0)
        self._held.clear()

    def _ask_sidecar(self, job: Job, medium: Medium, over_url: bool = False) -> None:
        """Hand a medium to the sidecar. Raises SidecarError, SetupError where it cannot be reached."""
        settings = self._settings
        look = Look(settings.interval_s, settings.refine, settings.refine_s, bool(job.options.get("fresh")))
        self._asked += 1
        media_id = f"{job.id}.{self._asked}"  # a cancel that was meant for an earlier request must not meet this one
        try:
            wish = prepare(media_id, medium, self._around, look, over_url, self._faces.wish(job, medium))
        except CannotPrepare as error:
            self._finisher.add(job, Failed(error.code, str(error)))
            return
        if self._stream is None:
            self._stream = SidecarStream(self._reach_sidecar().analyze, self._question)
        self._in_work[media_id] = InWork(
            job, medium, view_of(medium, self._around.vr_tag), bool(wish.url), wish.faces is not None
        )
        self._stream.send(wish)

    def _take_event(self) -> None:
        assert self._stream is not None
        try:
            event = self._stream.next_event(0.25)
        except SidecarError as error:
            self._stream_broke(error)
            return
        item = self._in_work.get(event.media_id) if event is not None else None
        if event is None or item is None:
            return
        if isinstance(event, Progress):
            self._in_work[event.media_id] = replace(item, progress=event)
            return
        del self._in_work[event.media_id]
        if isinstance(event, Found):
            self._finisher.add(item.job, Seen(event, item.view))
            self._count(event.duration_s)
        else:
            self._handle_problem(item, event)

    def _handle_problem(self, item: InWork, problem: Problem) -> None:
        job, jobs = item.job, self._store.jobs
        if problem.code == "cancelled":
            jobs.cancelled(job.id)
        elif problem.code in UNSEEN and not item.over_url and item.medium.url:
            log.debug(f"{item.medium.name}: {problem.message} Asking Stash for it instead.")
            try:
                self._ask_sidecar(job, item.medium, over_url=True)
            except (SidecarError, SetupError) as error:
                jobs.put_back([job.id])
                self._meet_trouble(error)
        elif problem.code == "model_not_ready" and item.with_faces:
            # Perhaps it is the face model: tags need not wait for that.
            self._faces.give_up(problem.message)
            jobs.put_back([job.id])
        elif problem.code in SERVICE_PROBLEMS:
            jobs.put_back([job.id])
            self._meet_trouble(SidecarError(problem.message, passes=problem.code == "shutting_down"))
        elif problem.passes and job.attempts + 1 < TRIES:
            not_before_s = self._store.now_s() + 60.0 * 2**job.attempts
            jobs.put_off(job.id, problem.code, problem.message, not_before_s)
        else:
            log.warning(f"{item.medium.name}: {problem.message}")
            self._finisher.add(job, Failed(problem.code, problem.message))

    def _stream_broke(self, error: SidecarError) -> None:
        """What was in work waits again; a medium in whose company it keeps happening is given up."""
        log.warning(f"the sidecar's answers broke off: {error}")
        for item in self._in_work.values():
            job = item.job
            if job.deaths + 1 >= DEATHS_ALLOWED:
                message = f"the sidecar ended {DEATHS_ALLOWED} times while it worked on this ({error})"
                self._finisher.add(job, Failed("sidecar_died", message))
            else:
                self._store.jobs.put_off(job.id, "sidecar_died", str(error), self._store.now_s(), died=True)
        self._in_work.clear()
        self._close()
        self._buffer.clear()
        if not error.passes:
            self._meet_trouble(error)

    def _reach_sidecar(self) -> SidecarClient:
        if self._sidecar is None:
            self._sidecar = self._connect()
            self._connects = 0
            self._faces.learn(self._sidecar)
            self._prepare()
        return self._sidecar

    def _reach_sidecar_quietly(self) -> None:
        """What it can do decides what is stale; where it is away, what it could do when it was last seen."""
        if self._trouble is None:
            try:
                self._reach_sidecar()
            except (SidecarError, SetupError) as error:
                self._meet_trouble(error)

    def _meet_trouble(self, error: Exception) -> None:
        """Leave the sidecar alone for now; what it still has in work waits again."""
        self._store.jobs.put_back([item.job.id for item in self._in_work.values()])
        self._in_work.clear()
        self._close()
        self._connects += 1
        passes = isinstance(error, SidecarError) and error.passes and self._connects < CONNECTS
        self._trouble = Trouble(str(error), self._clock() + 1.0 if passes else None)
        log.warning(str(error)) if passes else log.error(str(error))

    def _rest(self, watch: Watch) -> None:
        """Wait for the sidecar, unless others wait for us. Somebody may find it well again meanwhile."""
        assert self._trouble is not None
        assert self._trouble.until is not None
        is_early = self._clock() < self._trouble.until or self._store.services.resting_until("sidecar") is not None
        if is_early and not watch.why:
            self._sleep(0.25)
            return
        self._trouble = None

    def _pass_on_cancels(self, watch: Watch) -> None:
        unwanted = {
            media_id
            for media_id, item in self._in_work.items()
            if item.job.id in watch.cancel_asked and media_id not in self._cancel_sent
        }
        if not unwanted or self._stream is None:
            return
        # What the watch saw may be over: one that was cancelled, let go and wanted again is in work anew.
        now = self._store.jobs.cancel_asked()
        for media_id in unwanted:
            if self._in_work[media_id].job.id in now:
                self._cancel_sent.add(media_id)
                self._stream.send(CancelWish(media_id))

    def _flush(self, watch: Watch) -> None:
        """Write the finished group; where Stash is away for a moment, try again a few times."""
        for pause_s in (1.0, 2.0, 4.0, 8.0, 16.0, None):
            try:
                self._finisher.flush()
                return
            except StashError as error:
                if not error.passes or isinstance(error, StashRefused) or pause_s is None:
                    raise
                log.warning(f"{error}; trying again in {pause_s:.0f} s")
                self._sleep(pause_s)
                watch.look(self._tally)
                if watch.why == "stash_gone":
                    raise

    def _hand_over(self, watch: Watch) -> str:
        """End for the sake of others: with what is left, queue again behind them."""
        self._store.drains.end()
        if self._store.drains.get().state == "paused":
            return "paused; resume it on the Tasks page, or start a task"
        if not self._store.jobs.has_work():
            return "done"
        tally = self._tally()
        ask(self._store, self._stash, f"{tally.done} of {tally.total} done")
        return f"another task waits, so the rest goes on behind it ({tally.done} of {tally.total} done)"

    def _end_if_idle(self, watch: Watch) -> str | None:
        """End if nothing is to be done now: looked up and remembered in one transaction, so that whoever adds work
        later sees that nobody works.
        """
        with self._store.transaction():
            above = PRIORITIES["normal"] if watch.only_urgent else None
            only = "apply" if self._trouble is not None else None
            if self._store.events.count() or self._store.jobs.next_media(1, above, "apply" if only else None):
                return None
            if self._store.jobs.next_batch() is not None:
                return None
            waiting = self._store.jobs.counts().get("pending", 0)
            sentence = f"done: {self._worked} media" if not waiting else f"{waiting} media wait"
            if self._trouble is not None:
                sentence = f"{waiting} media wait for the sidecar: {self._trouble.message}"
            elif waiting and watch.only_urgent:
                sentence = f"quiet hours: {waiting} media wait until they are over"
            self._store.drains.end(sentence)
        return sentence

    def _tally(self) -> Tally:
        counts = self._store.jobs.progress()
        done = sum(counts.get(state, 0) for state in ("completed", "failed", "cancelled"))
        media = tuple(item.at_work() for item in self._in_work.values())
        return Tally(
            done=done,
            total=sum(counts.values()),
            failed=counts.get("failed", 0),
            worked=self._worked,
            wall_s=self._clock() - self._began,
            media_s=self._media_s,
            frames_per_s=sum(one.frames_per_s for one in media),
            media=media,
        )

    def _count(self, duration_s: float) -> None:
        self._worked += 1
        self._media_s += duration_s

    def _wish_tags(self) -> tuple[int | None, int | None]:
        names, tags = self._settings.workflow_tags, self._context.writer.tags
        find = {name: tags.find(name) if name else None for name in (names.tag_me, names.reprocess)}
        return find[names.tag_me], find[names.reprocess]

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._sidecar is not None:
            self._sidecar.close()
            self._sidecar = None


def _kind(job: Job) -> MediaKind:
    assert job.kind in KINDS, "only batches are of no kind"
    return job.kind
