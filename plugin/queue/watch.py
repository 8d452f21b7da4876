"""What a drain looks up from its work for: whether it may go on, and how far it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from plugin.interface import log
from plugin.queue.asking import other_waits
from plugin.queue.quiet import is_quiet
from plugin.queue.report import Tally, detail, sentence
from plugin.stash.client import StashClient
from plugin.stash.errors import StashError, StashRefused
from plugin.store.store import Store

STASH_EVERY_S = 2.0
STORE_EVERY_S = 0.5
REPORT_EVERY_S = 1.0
LOG_EVERY_S = 15.0


class Watch:
    """Call look() often: it does little, and that rarely. why is "" while the drain may go on."""

    def __init__(
        self,
        store: Store,
        stash: StashClient,
        quiet_hours: tuple[int, int] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._stash, self._quiet, self._clock = store, stash, quiet_hours, clock
        self._parent = os.getppid()
        self._stash_at = self._store_at = self._report_at = self._log_at = -1e9
        self._last_said = ""
        self.why = ""
        self.only_urgent = False
        self.cancel_asked: set[int] = set()
        self.stash_failures = 0
        self.refusal: StashRefused | None = None
        """what Stash said when it did not accept us any more: no later request will fare better"""

    def look(self, tally: Callable[[], Tally], trouble: str = "") -> None:
        """Refresh why, only_urgent, cancel_asked and refusal; report how far the work is, or what it waits for."""
        now = self._clock()
        if now - self._store_at >= STORE_EVERY_S:
            self._store_at = now
            self.cancel_asked = self._store.jobs.cancel_asked()
            self.only_urgent = is_quiet(self._quiet, self._store.now_s())
            if os.getppid() != self._parent:
                self.why = "stash_gone"
            else:
                self._because("paused", self._store.drains.get().state == "paused")
        if now - self._stash_at >= STASH_EVERY_S:
            self._stash_at = now
            self._ask_stash()
        if now - self._report_at >= REPORT_EVERY_S:
            self._report_at = now
            self._say(tally(), now, trouble)

    def _ask_stash(self) -> None:
        try:
            self._because("others_wait", other_waits(self._stash.jobs()))
            self.stash_failures = 0
        except StashRefused as refusal:
            self.refusal = refusal
        except StashError as error:
            self.stash_failures += 1
            if self.stash_failures >= 5:
                self.why = self.why or "stash_gone"
            log.debug(f"Stash's queue could not be read: {error}")

    def _because(self, reason: str, holds: bool) -> None:
        """A reason that is over while the last media are still in work, is none: the drain goes on."""
        if holds:
            self.why = self.why or reason
        elif self.why == reason:
            self.why = ""

    def _say(self, tally: Tally, now: float, trouble: str) -> None:
        said = sentence(tally) if tally.total else ""
        if trouble:
            said = f"{tally.total - tally.done} media wait for the sidecar: {trouble}"
        self._store.drains.report(said, tally.share, detail(tally))
        log.progress(tally.share)
        if said and said != self._last_said and now - self._log_at >= LOG_EVERY_S:
            self._log_at, self._last_said = now, said
            log.info(said)
