"""Downloads that run while others go on: one thread for each model, told apart by the model's id."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sidecar.models.download import Progress, fetch_model
from sidecar.models.errors import DownloadFailed, ModelError
from sidecar.models.spec import ModelSpec
from sidecar.values import Cancelled

log = logging.getLogger(__name__)

CLOSE_S = 3.0
"""How long close() waits for downloads to end. One that a silent server keeps longer dies with the process, harmlessly:
files are put in place only when they are whole."""


@dataclass(frozen=True, slots=True)
class DownloadState:
    """One model's newest download. message: how it ended where the model is not here; "" while it runs."""

    running: bool
    message: str = ""


class _Run:
    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.thread: threading.Thread | None = None


class Downloads:
    """Thread-safe. on_arrival: called with the model's id, in the download's thread, once its weights are here."""

    def __init__(self, models_dir: Path, on_arrival: Callable[[str], None]) -> None:
        self._models_dir, self._on_arrival = models_dir, on_arrival
        self._lock = threading.Lock()
        self._runs: dict[str, _Run] = {}
        self._endings: dict[str, str] = {}
        self._closed = False

    def start(self, spec: ModelSpec) -> bool:
        """Begin to fetch a model; False where that is going on already. Raises DownloadFailed after close()."""
        with self._lock:
            if self._closed:
                raise DownloadFailed("the sidecar is stopping; ask again when it runs")
            if spec.id in self._runs:
                return False
            self._endings.pop(spec.id, None)
            run = self._runs[spec.id] = _Run()
            # A daemon: a server that says nothing must not hold the process up when it is told to stop.
            run.thread = threading.Thread(target=self._fetch, args=(spec, run), name=f"download-{spec.id}", daemon=True)
            run.thread.start()
        return True

    def cancel(self, model_id: str) -> bool:
        """Stop a download; what has arrived is kept. False where there is none."""
        with self._lock:
            run = self._runs.pop(model_id, None)
            if run is None:
                return False
            run.cancelled.set()
            self._endings[model_id] = "the download was stopped; what has arrived is kept for the next one"
        return True

    def state(self, model_id: str) -> DownloadState | None:
        """None where nothing was asked for, or where it arrived."""
        with self._lock:
            if model_id in self._runs:
                return DownloadState(True)
            message = self._endings.get(model_id)
            return None if message is None else DownloadState(False, message)

    def stop(self) -> None:
        """Refuse further downloads and stop those that run, without waiting for them."""
        self._stop()

    def close(self) -> None:
        """stop(), and wait a little for them to end."""
        runs = self._stop()
        deadline = time.monotonic() + CLOSE_S
        for run in runs:
            if run.thread is not None:
                run.thread.join(max(0.0, deadline - time.monotonic()))

    def _stop(self) -> list[_Run]:
        with self._lock:
            self._closed = True
            runs = list(self._runs.values())
        for run in runs:
            run.cancelled.set()
        return runs

    def _fetch(self, spec: ModelSpec, run: _Run) -> None:
        log.info("downloading %s from %s", spec.id, spec.source)
        try:
            fetch_model(spec, self._models_dir, _unseen, run.cancelled.is_set)
        except Cancelled:
            self._end(spec.id, run, "the download was stopped; what has arrived is kept for the next one")
        except ModelError as error:
            log.warning("downloading %s failed: %s", spec.id, error)
            self._end(spec.id, run, f"the download failed: {error}")
        except OSError as error:
            log.warning("downloading %s failed: %s", spec.id, error)
            self._end(spec.id, run, f"the download failed: {self._models_dir} cannot be written ({error.strerror})")
        except Exception:
            incident = uuid.uuid4().hex[:8]
            log.exception("downloading %s failed (incident %s)", spec.id, incident)
            self._end(
                spec.id, run, f"the download failed unexpectedly; the sidecar's log has the details under {incident}"
            )
        else:
            log.info("downloaded %s", spec.id)
            self._on_arrival(spec.id)
            self._end(spec.id, run, "")

    def _end(self, model_id: str, run: _Run, message: str) -> None:
        with self._lock:
            if self._runs.get(model_id) is not run:  # it was cancelled, and perhaps asked for again since
                return
            del self._runs[model_id]
            if message:
                self._endings[model_id] = message


def _unseen(_: Progress) -> None:
    """What has arrived is counted where it lies, which is true of earlier downloads as well."""
