"""Models are loaded once, shared, and unloaded when idle; a failure is everybody's, and can be tried again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.models.cache import ModelCache
from sidecar.values import Cancelled


class Counted:
    """A model that counts how often it was closed."""

    memory_bytes = 5

    def __init__(self, name: str) -> None:
        self.name, self.closed = name, 0

    def close(self) -> None:
        self.closed += 1


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def cache_of(clock: Clock | None = None, idle_unload_s: float = 60) -> tuple[ModelCache[Counted], list[Counted]]:
    made: list[Counted] = []

    def load(name: str) -> Counted:
        made.append(Counted(name))
        return made[-1]

    return ModelCache(load, idle_unload_s, clock or Clock()), made


def test_many_threads_load_one_model_once() -> None:
    gate, made = threading.Event(), []

    def load(name: str) -> Counted:
        made.append(name)
        gate.wait(5)
        return Counted(name)

    cache = ModelCache(load, 60, Clock())
    with ThreadPoolExecutor(8) as pool:
        leases = [pool.submit(cache.lease, "one") for _ in range(8)]
        while cache.state("one").state != "loading":
            pass
        gate.set()
        models = {id(lease.result(5).model) for lease in leases}
    assert made == ["one"] and len(models) == 1
    assert (cache.state("one").state, cache.state("one").leases, cache.state("one").memory_bytes) == ("ready", 8, 5)


def test_idle_models_are_swept_and_used_ones_are_not() -> None:
    clock = Clock()
    cache, made = cache_of(clock)
    lease = cache.lease("one")
    clock.now_s += 1000
    assert cache.sweep() == ()
    lease.release()
    lease.release()
    clock.now_s += 59
    assert cache.sweep() == () and cache.state("one").idle_s == 59
    clock.now_s += 1
    assert cache.sweep() == ("one",)
    assert made[0].closed == 1 and cache.state("one").state == "not_loaded"
    with cache.lease("one") as again:
        assert again.model is made[1]


def test_unload_waits_for_the_last_lease() -> None:
    cache, made = cache_of()
    first = cache.lease("one")
    shared = first.share()
    assert not cache.unload("one")
    first.release()
    assert made[0].closed == 0 and shared.model is made[0]
    shared.release()
    assert made[0].closed == 1 and cache.state("one").state == "not_loaded"
    assert cache.unload("one") and cache.unload("never heard of")
    with pytest.raises(RuntimeError, match="released"):
        _ = first.model
    with pytest.raises(RuntimeError, match="released"):
        shared.share()


def test_a_new_lease_revokes_a_wished_unload() -> None:
    cache, made = cache_of()
    first = cache.lease("one")
    cache.unload("one")
    second = cache.lease("one")
    first.release()
    second.release()
    assert made[0].closed == 0 and cache.state("one").state == "ready"


def test_a_failure_reaches_all_who_wait_and_can_be_retried() -> None:
    gate, attempts = threading.Event(), []

    def load(name: str) -> Counted:
        attempts.append(name)
        if len(attempts) == 1:
            gate.wait(5)
            raise ValueError("weights are not here")
        return Counted(name)

    cache = ModelCache(load, 60, Clock())
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(cache.lease, "one")]
        while cache.state("one").state != "loading":
            pass
        waiting.append(pool.submit(cache.lease, "one"))
        threading.Event().wait(0.1)
        gate.set()
        for future in waiting:
            with pytest.raises(ValueError, match="not here"):
                future.result(5)
    assert (cache.state("one").state, cache.state("one").reason) == ("failed", "weights are not here")
    with cache.lease("one") as lease:
        assert lease.model.name == "one"
    assert cache.state("one").state == "ready" and len(attempts) == 2


def test_waiting_can_be_cancelled_without_harm() -> None:
    gate = threading.Event()

    def load(name: str) -> Counted:
        gate.wait(5)
        return Counted(name)

    cache = ModelCache(load, 60, Clock())
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(cache.lease, "one")
        while cache.state("one").state != "loading":
            pass
        with pytest.raises(Cancelled):
            cache.lease("one", is_cancelled=lambda: True)
        gate.set()
        loading.result(5).release()
    assert cache.state("one").leases == 0


def test_a_closed_cache_refuses_and_unloads_late() -> None:
    cache, made = cache_of()
    cache.load("one")
    lease = cache.lease("two")
    cache.close()
    assert made[0].closed == 1 and made[1].closed == 0
    lease.release()
    assert made[1].closed == 1
    with pytest.raises(RuntimeError, match="shutting down"):
        cache.lease("one")


def test_a_model_that_cannot_be_closed_harms_nobody() -> None:
    class Stubborn(Counted):
        def close(self) -> None:
            raise OSError("busy")

    cache = ModelCache(Stubborn, 0, Clock())
    cache.load("one")
    assert cache.sweep() == ("one",)
    assert [state.state for state in cache.states()] == ["not_loaded"]


def test_looking_is_no_use_of_a_model() -> None:
    clock = Clock()
    cache, _ = cache_of(clock)
    assert cache.look("one", lambda model: model.name) is None
    lease = cache.lease("one")
    cache.unload("one")
    assert cache.look("one", lambda model: model.name) == "one"
    lease.release()
    assert cache.state("one").state == "not_loaded", "it was to be unloaded when free, whoever looked meanwhile"
    cache.load("one")
    clock.now_s += 59
    assert cache.look("one", lambda model: model.name) == "one"
    clock.now_s += 2
    assert cache.sweep() == ("one",), "a page that looks every second does not keep it loaded"


def test_a_failure_that_was_mended_is_forgotten() -> None:
    def load(name: str) -> Counted:
        raise OSError("no weights")

    cache: ModelCache[Counted] = ModelCache(load, 60, Clock())
    with pytest.raises(OSError, match="no weights"):
        cache.load("one")
    cache.forget_failure("one")
    cache.forget_failure("never asked for")
    assert (cache.state("one").state, cache.state("one").reason) == ("not_loaded", "")
