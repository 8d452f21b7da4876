"""Runs the schedule. Alone imports apscheduler, which keeps the clock; what is to be run is ours, in plain rows."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from tzlocal import get_localzone

from sidecar.schedule.crontab import Crontab, parse_crontab
from sidecar.schedule.errors import InvalidSchedule, UnknownJob
from sidecar.schedule.request import Schedule, shown_url
from sidecar.schedule.wake import send
from sidecar.store import Job, Outcome, RunState, ScheduleTable, StoreError, WakeTarget
from sidecar.values import Cancelled, IsCancelled

log = logging.getLogger(__name__)

RETRY_AFTER_S = (60.0, 300.0, 900.0)
"""A failed run is tried again this long after each failure; then it is given up until the next one is due."""

LOOK_EVERY_S = 15.0
"""How often the wall clock is looked at. Waiting alone would not do: its clock stands still while a machine sleeps."""

AT_ONCE = 4
"""Wake requests under way at the same time."""

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

Send = Callable[[WakeTarget, bytes, IsCancelled], Outcome]


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as it stands. next_run_s: Unix seconds, jitter included; None for one that is disabled."""

    job: Job
    state: RunState
    next_run_s: float | None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """What is set, without secrets: wake_url has no query, header_names no values."""

    wake_url: str
    header_names: tuple[str, ...]
    content_type: str
    jobs: tuple[JobView, ...]
    machine_timezone: str


class Scheduler:
    """Sends wake requests when they are due. Thread-safe.

    Making one takes up the stored schedule (StoreError); start() begins to run it; close() stops at once and leaves
    what is due for the next start. Between, sweep() is called about every second.
    """

    def __init__(
        self, table: ScheduleTable, send_request: Send = send, retry_after_s: tuple[float, ...] = RETRY_AFTER_S
    ) -> None:
        self._table, self._send, self._retry_after_s = table, send_request, retry_after_s
        self._machine_zone = _machine_zone()
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._under_way: set[str] = set()
        self._looked_at = time.monotonic()
        self._target: WakeTarget | None = None
        self._jobs: dict[str, Job] = {}
        self._states: dict[str, RunState] = {}
        self._clock = BackgroundScheduler(
            timezone=timezone.utc,
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            job_defaults={"coalesce": True, "max_instances": 1},
        )
        self._clock.add_listener(self._on_missed, EVENT_JOB_MISSED)
        self._clock.start(paused=True)
        self._take_up_what_is_stored()

    def start(self) -> None:
        """Begin to run what is due."""
        if self._jobs and self._target:
            log.info("%d scheduled jobs wake %s", len(self._jobs), shown_url(self._target.url))
        self._clock.resume()

    def close(self) -> None:
        """Stop; a request that is under way is left behind."""
        self._closing.set()
        if self._clock.running:
            self._clock.shutdown(wait=False)

    def sweep(self) -> None:
        """Look at the wall clock now and then, so that a machine that slept, or whose clock was set, is noticed."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S and self._clock.running:
            self._looked_at = now
            self._clock.wakeup()

    def set(self, schedule: Schedule) -> ScheduleView:
        """Replace everything. A job that is due as before keeps where it stands; other jobs keep their last outcome.

        Raises InvalidSchedule for a time zone that is not known, StoreError; then nothing changes.
        """
        with self._lock:
            states = {job.id: self._planned(job, self._kept_state(job)) for job in schedule.jobs}
            self._table.replace(schedule.target, [(job, states[job.id]) for job in schedule.jobs])
            for job_id in self._jobs:
                self._disarm(job_id)
            self._target = schedule.target
            self._jobs = {job.id: job for job in schedule.jobs}
            self._states = states
            for job in schedule.jobs:
                self._arm(job)
            log.info("the schedule has %d jobs now", len(self._jobs))
            return self.view()

    def clear(self) -> ScheduleView:
        """Forget target and jobs. Raises StoreError."""
        return self.set(Schedule(None, ()))

    def view(self) -> ScheduleView:
        """What is set and how it stands."""
        with self._lock:
            target = self._target
            jobs = tuple(
                JobView(job, self._states[job.id], self._next_run_s(job.id) or self._states[job.id].next_run_s)
                for job in self._jobs.values()
            )
            return ScheduleView(
                wake_url=shown_url(target.url) if target else "",
                header_names=tuple(sorted(target.headers)) if target else (),
                content_type=target.content_type if target else "",
                jobs=jobs,
                machine_timezone=str(self._machine_zone),
            )

    def run_now(self, job_id: str, is_cancelled: IsCancelled) -> Outcome:
        """Send one job's request now. Raises UnknownJob, Cancelled."""
        with self._lock:
            job, target = self._jobs.get(job_id), self._target
            if job is None or target is None:
                raise UnknownJob(f"no job has the id {job_id[:200]!r}; GetSchedule lists those that there are")
        outcome = self._send(target, job.body, lambda: is_cancelled() or self._closing.is_set())
        log.info("job %s, as asked: %s", job_id, outcome.message)
        with self._lock:
            self._note(job_id, last_run_s=time.time(), last_outcome=outcome)
        return outcome

    # When

    def _take_up_what_is_stored(self) -> None:
        with self._lock:
            self._target = self._table.target()
            for job, state in self._table.jobs():
                self._jobs[job.id], self._states[job.id] = job, state
                self._change(job.id, self._state_at_start(job, state))
                self._arm(job)

    def _state_at_start(self, job: Job, state: RunState) -> RunState:
        try:
            return self._planned(job, state)
        except InvalidSchedule as error:  # a time zone that was known when it was set
            log.error("%s", error)
            return RunState(last_run_s=state.last_run_s, last_outcome=Outcome(False, 0, str(error)))

    def _planned(self, job: Job, state: RunState) -> RunState:
        """Where a job will stand once the clock has it: its next run, and its retry as long as that makes sense.

        Raises InvalidSchedule for a time zone that is not known.
        """
        trigger = make_trigger(parse_crontab(job.cron), self._zone(job), job.jitter_s)
        if not job.enabled:
            return replace(state, next_run_s=None, failed_tries=0, retry_at_s=None)
        now_s, due_s = time.time(), state.next_run_s
        next_s = _due_s(job, trigger, due_s, now_s)
        if due_s is not None and next_s > now_s > due_s + job.grace_s:
            state = replace(state, last_run_s=due_s, last_outcome=_missed(due_s))
        if state.retry_at_s is None or next_s <= now_s or state.retry_at_s + job.grace_s < now_s:
            return replace(state, next_run_s=next_s, failed_tries=0, retry_at_s=None)
        return replace(state, next_run_s=next_s, retry_at_s=min(state.retry_at_s, now_s + max(self._retry_after_s)))

    def _arm(self, job: Job) -> None:
        """Hand a planned job to the clock. Hold the lock."""
        state = self._states[job.id]
        if state.next_run_s is None:
            return
        self._clock.add_job(
            self._run,
            make_trigger(parse_crontab(job.cron), self._zone(job), job.jitter_s),
            args=(job.id,),
            id=f"run {job.id}",
            name=f"job {job.id}",
            misfire_grace_time=job.grace_s,
            next_run_time=_utc(state.next_run_s),
        )
        if state.retry_at_s is not None:
            self._arm_retry(job.id, state.retry_at_s)

    def _disarm(self, job_id: str) -> None:
        for name in (f"run {job_id}", f"retry {job_id}"):
            self._remove(name)

    def _remove(self, name: str) -> None:
        with contextlib.suppress(JobLookupError):
            self._clock.remove_job(name)

    def _arm_retry(self, job_id: str, at_s: float) -> None:
        self._clock.add_job(
            self._retry,
            DateTrigger(_utc(at_s)),
            args=(job_id,),
            id=f"retry {job_id}",
            name=f"job {job_id} again",
            misfire_grace_time=None,
            replace_existing=True,
        )

    def _next_run_s(self, job_id: str) -> float | None:
        armed = self._clock.get_job(f"run {job_id}")
        return armed.next_run_time.timestamp() if armed is not None and armed.next_run_time else None

    def _zone(self, job: Job) -> tzinfo:
        """The job's time zone. Raises InvalidSchedule."""
        if not job.timezone:
            return self._machine_zone
        try:
            return ZoneInfo(job.timezone)
        except (KeyError, ValueError, OSError):  # not found; no such name can be; a folder of names
            raise InvalidSchedule(
                f"job {job.id!r}: the time zone {job.timezone[:80]!r} is not known here; give an IANA name such as "
                "'Europe/Berlin', or leave it empty for the machine's own"
            ) from None

    # What

    def _run(self, job_id: str) -> None:
        """A regular run; it takes the place of a retry that still waits."""
        with self._lock:
            self._remove(f"retry {job_id}")
            self._note(job_id, failed_tries=0, retry_at_s=None)
        self._wake(job_id)

    def _retry(self, job_id: str) -> None:
        self._wake(job_id)

    def _wake(self, job_id: str) -> None:
        with self._lock:
            job, target = self._jobs.get(job_id), self._target
            if job is None or target is None or job_id in self._under_way:
                return
            self._under_way.add(job_id)
        begun_s = time.time()
        try:
            outcome = self._send(target, job.body, self._closing.is_set)
        except Cancelled:
            return  # its row still says that it is due
        finally:
            with self._lock:
                self._under_way.discard(job_id)
        log.log(logging.INFO if outcome.ok else logging.WARNING, "job %s: %s", job_id, outcome.message)
        with self._lock:
            self._finish(job_id, begun_s, outcome)

    def _finish(self, job_id: str, begun_s: float, outcome: Outcome) -> None:
        """Note how a run ended, and when it is tried again if it failed. Hold the lock."""
        if job_id not in self._jobs:
            return
        next_s = self._next_run_s(job_id)
        tries = 0 if outcome.ok else self._states[job_id].failed_tries + 1
        retry_at_s = None
        if 0 < tries <= len(self._retry_after_s):
            after_s = time.time() + self._retry_after_s[tries - 1]
            retry_at_s = after_s if next_s is None or after_s < next_s else None
        if retry_at_s is None or not self._jobs[job_id].enabled:
            tries, retry_at_s = 0, None
        self._note(
            job_id,
            next_run_s=next_s,
            last_run_s=begun_s,
            last_outcome=outcome,
            failed_tries=tries,
            retry_at_s=retry_at_s,
        )
        if retry_at_s is not None:
            self._arm_retry(job_id, retry_at_s)

    def _on_missed(self, event: JobExecutionEvent) -> None:
        """The machine slept for longer than the job's grace."""
        job_id = str(event.job_id).removeprefix("run ")
        with self._lock:
            due_s = event.scheduled_run_time.timestamp()
            next_s = self._next_run_s(job_id)
            self._note(job_id, next_run_s=next_s, last_run_s=due_s, last_outcome=_missed(due_s))

    def _note(self, job_id: str, **changes: object) -> None:
        """Change where a job stands, if it is still there. Hold the lock."""
        if (state := self._states.get(job_id)) is not None:
            self._change(job_id, replace(state, **changes))  # type: ignore[arg-type]

    def _change(self, job_id: str, state: RunState) -> None:
        if state != self._states[job_id]:
            self._states[job_id] = state
            try:
                self._table.save_state(job_id, state)
            except StoreError as error:  # a full disk must not keep the schedule from running
                log.error("where job %s stands could not be noted: %s", job_id, error)

    def _kept_state(self, job: Job) -> RunState:
        """Where a job stands after it was set anew."""
        before, state = self._jobs.get(job.id), self._states.get(job.id)
        if before is None or state is None:
            return RunState()
        if before.runs_like(job):
            return replace(state, next_run_s=self._next_run_s(job.id) or state.next_run_s)
        return RunState(last_run_s=state.last_run_s, last_outcome=state.last_outcome)


def make_trigger(crontab: Crontab, zone: tzinfo, jitter_s: int = 0) -> BaseTrigger:
    """The library's trigger for a crontab. It counts weekdays from Monday and wants both day fields to fit."""
    times = {"minute": _list(crontab.minutes), "hour": _list(crontab.hours), "month": _list(crontab.months)}
    days = {"day": _list(crontab.days)}
    weekdays = {"day_of_week": ",".join(_WEEKDAYS[number] for number in crontab.weekdays)}
    if not crontab.either_day:
        return _cron({**times, **days, **weekdays}, zone, jitter_s)
    return OrTrigger(
        [_cron({**times, **days}, zone, 0), _cron({**times, **weekdays}, zone, 0)], jitter=jitter_s or None
    )


def _due_s(job: Job, trigger: BaseTrigger, stored_s: float | None, now_s: float) -> float:
    """The next run: the stored one if it is not too late, else one that was due within the grace, else a new one."""
    fresh_s = _next_s(trigger, now_s)
    if stored_s is None or stored_s > fresh_s + job.jitter_s:  # the latter: the clock was wrong when it was stored
        return fresh_s
    if stored_s >= now_s - job.grace_s:
        return stored_s
    return min(fresh_s, _next_s(trigger, now_s - job.grace_s))


def _missed(due_s: float) -> Outcome:
    when = f"{_utc(due_s):%Y-%m-%d %H:%M} UTC"
    return Outcome(False, 0, f"missed: the machine or the sidecar was not running at {when}, nor soon after")


def _cron(fields: Mapping[str, str], zone: tzinfo, jitter_s: int) -> BaseTrigger:
    return CronTrigger(**fields, timezone=zone, jitter=jitter_s or None)


def _list(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _next_s(trigger: BaseTrigger, after_s: float) -> float:
    found = trigger.get_next_fire_time(None, _utc(after_s))
    assert found is not None, "a crontab that never comes was refused"
    return float(found.timestamp())


def _utc(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, timezone.utc)


def _machine_zone() -> tzinfo:
    """The machine's own time zone; where its name cannot be had, its present distance from UTC."""
    try:
        return get_localzone()
    except Exception as error:  # tzlocal reads whatever a system keeps its zone in
        here = datetime.now().astimezone().tzinfo or timezone.utc
        log.warning("the machine's time zone has no name that is known (%s); taking %s", type(error).__name__, here)
        return here
