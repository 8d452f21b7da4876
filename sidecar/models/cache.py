"""Loaded models: loaded once, shared by leases, unloaded when idle. Knows nothing about what a model is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Literal, Protocol, TypeVar

from sidecar.values import Cancelled, IsCancelled

ModelStateName = Literal["not_loaded", "loading", "ready", "failed"]
_POLL_S = 0.1
_log = logging.getLogger(__name__)


class Unloadable(Protocol):
    """What the cache asks of a model."""

    @property
    def memory_bytes(self) -> int: ...

    def close(self) -> None: ...


Model = TypeVar("Model", bound=Unloadable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ModelState:
    """What became of one model here.

    reason: why it failed, else "". memory_bytes: 0 unless ready. leases: users now. idle_s: since the last one left.
    """

    model_id: str
    state: ModelStateName
    reason: str = ""
    memory_bytes: int = 0
    leases: int = 0
    idle_s: float = 0.0


class Lease(Generic[Model]):
    """The right to use one loaded model: it stays loaded while any lease is held. Releasing twice is allowed."""

    def __init__(self, entry: _Entry[Model], cache: ModelCache[Model]) -> None:
        self._entry, self._cache = entry, cache
        self._released = False

    @property
    def model_id(self) -> str:
        return self._entry.model_id

    @property
    def model(self) -> Model:
        """The model itself. Raises RuntimeError after release."""
        if self._released or self._entry.model is None:
            raise RuntimeError(f"the lease on model {self._entry.model_id!r} was released")
        return self._entry.model

    def share(self) -> Lease[Model]:
        """A further lease on the same model, for somebody who outlives this one. Raises RuntimeError after release."""
        return self._cache._share(self)

    def release(self) -> None:
        """Give the model back."""
        self._cache._release(self)

    def __enter__(self) -> Lease[Model]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class _Entry(Generic[Model]):
    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.state: ModelStateName = "not_loaded"
        self.model: Model | None = None
        self.reason = ""
        self.failure: Exception | None = None
        self.attempt = 0
        self.leases = 0
        self.last_used_s = 0.0
        self.unload_when_free = False


class ModelCache(Generic[Model]):
    """Thread-safe. Starts no thread: somebody calls `sweep()` now and then.

    loader: turns a model id into a model; may take long; runs outside the lock in the thread that asked first.
    idle_unload_s: how long a model without leases stays loaded. clock: seconds, monotonic.
    """

    def __init__(self, loader: Callable[[str], Model], idle_unload_s: float, clock: Callable[[], float]) -> None:
        self._loader, self._idle_unload_s, self._clock = loader, idle_unload_s, clock
        self._changed = threading.Condition()
        self._entries: dict[str, _Entry[Model]] = {}
        self._closed = False

    def lease(self, model_id: str, is_cancelled: IsCancelled = lambda: False) -> Lease[Model]:
        """Load the model if needed, and return a lease on it; use it as a context manager.

        While another thread loads the same model, waits for it. A failure is raised to everybody who waited; the
        next call tries again. Raises whatever the loader raised; Cancelled while waiting for another thread.
        """
        with self._changed:
            entry = self._entries.setdefault(model_id, _Entry(model_id))
            while True:
                if self._closed:
                    raise RuntimeError("the model cache is closed: the sidecar is shutting down")
                if entry.state == "ready":
                    return self._take(entry)
                if entry.state != "loading":
                    break
                self._wait_for(entry, is_cancelled)
            entry.state, entry.reason, entry.failure = "loading", "", None
            entry.attempt += 1
        return self._load(entry)

    def load(self, model_id: str) -> ModelState:
        """Load the model now, so that its first use need not wait. Raises what the loader raises."""
        with self.lease(model_id):
            pass
        return self.state(model_id)

    def unload(self, model_id: str) -> bool:
        """Free the model: now if nobody uses it (True), else as soon as its last lease is released (False)."""
        with self._changed:
            entry = self._entries.get(model_id)
            if entry is None or entry.model is None:
                return True
            if entry.leases:
                entry.unload_when_free = True
                return False
            model = self._forget(entry)
        _close(model_id, model)
        return True

    def sweep(self) -> tuple[str, ...]:
        """Unload every model that has been idle for idle_unload_s; returns their ids. Cheap: call it often."""
        now_s = self._clock()
        with self._changed:
            idle = [
                (entry.model_id, self._forget(entry))
                for entry in self._entries.values()
                if entry.model is not None and not entry.leases and now_s - entry.last_used_s >= self._idle_unload_s
            ]
        for model_id, model in idle:
            _close(model_id, model)
        return tuple(model_id for model_id, _ in idle)

    def look(self, model_id: str, read: Callable[[Model], Value]) -> Value | None:
        """What `read` says of a loaded model; None where it is not loaded. read must be quick.

        Looking is no use: neither the time that the model has been idle nor a wish to unload it changes.
        """
        with self._changed:
            entry = self._entries.get(model_id)
            return None if entry is None or entry.model is None else read(entry.model)

    def forget_failure(self, model_id: str) -> None:
        """What made the last load fail is mended: the model is "not_loaded" again."""
        with self._changed:
            entry = self._entries.get(model_id)
            if entry is not None and entry.state == "failed":
                entry.state, entry.reason, entry.failure = "not_loaded", "", None

    def state(self, model_id: str) -> ModelState:
        """The model's state; "not_loaded" for one that was never asked for."""
        with self._changed:
            entry = self._entries.get(model_id)
            return self._describe(entry) if entry else ModelState(model_id, "not_loaded")

    def states(self) -> tuple[ModelState, ...]:
        """The states of all models that were ever asked for, in the order of asking."""
        with self._changed:
            return tuple(self._describe(entry) for entry in self._entries.values())

    def close(self) -> None:
        """Refuse further leases and unload what is free; leased models are unloaded at release."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            ids = [entry.model_id for entry in self._entries.values()]
        for model_id in ids:
            self.unload(model_id)

    def _load(self, entry: _Entry[Model]) -> Lease[Model]:
        try:
            model = self._loader(entry.model_id)
        except BaseException as error:
            with self._changed:
                entry.state, entry.reason = "failed", str(error) or type(error).__name__
                entry.failure = error if isinstance(error, Exception) else None
                self._changed.notify_all()
            raise
        with self._changed:
            entry.model, entry.state = model, "ready"
            lease = self._take(entry)
            entry.unload_when_free = self._closed
            self._changed.notify_all()
        return lease

    def _wait_for(self, entry: _Entry[Model], is_cancelled: IsCancelled) -> None:
        attempt = entry.attempt
        while entry.state == "loading" and entry.attempt == attempt:
            if is_cancelled():
                raise Cancelled
            self._changed.wait(_POLL_S)
        if entry.state == "failed" and entry.attempt == attempt and entry.failure is not None:
            raise entry.failure

    def _take(self, entry: _Entry[Model]) -> Lease[Model]:
        entry.leases += 1
        entry.last_used_s = self._clock()
        entry.unload_when_free = False
        return Lease(entry, self)

    def _share(self, lease: Lease[Model]) -> Lease[Model]:
        with self._changed:
            if lease._released:
                raise RuntimeError(f"the lease on model {lease.model_id!r} was released")
            unload_when_free = lease._entry.unload_when_free
            shared = self._take(lease._entry)
            lease._entry.unload_when_free = unload_when_free
            return shared

    def _release(self, lease: Lease[Model]) -> None:
        entry, model = lease._entry, None
        with self._changed:
            if lease._released:
                return
            lease._released = True
            entry.leases -= 1
            entry.last_used_s = self._clock()
            if entry.leases == 0 and entry.unload_when_free:
                model = self._forget(entry)
        if model is not None:
            _close(entry.model_id, model)

    def _forget(self, entry: _Entry[Model]) -> Model:
        model = entry.model
        assert model is not None
        entry.model, entry.state, entry.unload_when_free = None, "not_loaded", False
        return model

    def _describe(self, entry: _Entry[Model]) -> ModelState:
        idle_s = self._clock() - entry.last_used_s if entry.model is not None and not entry.leases else 0.0
        memory_bytes = entry.model.memory_bytes if entry.model is not None else 0
        return ModelState(entry.model_id, entry.state, entry.reason, memory_bytes, entry.leases, idle_s)


def _close(model_id: str, model: Unloadable) -> None:
    try:
        model.close()
    except Exception:  # the model is gone for us either way; whoever asked must not suffer for it
        _log.exception("closing model %s failed", model_id)
