from __future__ import annotations

from plugin.store.services import BACK_OFF_S, READY_FOR_S, Services
from plugin.store.store import Store
from tests.plugin.clock import Hands


def test_a_good_answer_counts_for_half_a_minute(store: Store, clock: Hands) -> None:
    services = Services(store.db, clock)
    assert services.get("sidecar") is None and services.resting_until("sidecar") is None
    services.worked("sidecar", "lite on cpu", {"model": "lite"})
    known = services.get("sidecar")
    assert known is not None and (known.ok, known.message, known.detail) == (True, "lite on cpu", {"model": "lite"})
    assert READY_FOR_S == 30.0
    assert known.is_fresh(clock.now_s + 29.9) and not known.is_fresh(clock.now_s + 30)
    assert not known.is_fresh(clock.now_s - 1), "a clock that was set back"
    assert not known.is_resting(clock.now_s)


def test_a_service_that_failed_rests_for_a_minute_more_or_less(store: Store, clock: Hands) -> None:
    assert BACK_OFF_S == 60.0
    for jitter, seconds in ((0.0, 45.0), (0.5, 60.0), (1.0, 75.0)):
        services = Services(store.db, clock, lambda jitter=jitter: jitter)  # type: ignore[misc]
        assert services.failed("sidecar", "it does not answer") == clock.now_s + seconds
        known = services.get("sidecar")
        assert known is not None and not known.ok and not known.is_fresh(clock.now_s)
        assert services.resting_until("sidecar") == clock.now_s + seconds
        assert known.is_resting(clock.now_s + seconds - 0.1) and not known.is_resting(clock.now_s + seconds)


def test_failures_in_a_row_are_counted_until_one_works(store: Store, clock: Hands) -> None:
    services = Services(store.db, clock)
    for count in (1, 2, 3):
        services.failed("sidecar", "away")
        assert services.get("sidecar").failures == count  # type: ignore[union-attr]
    services.worked("sidecar", "", {})
    assert services.get("sidecar").failures == 0  # type: ignore[union-attr]
    services.failed("sidecar", "away")
    services.forget("sidecar")
    assert services.resting_until("sidecar") is None


def test_a_clock_that_is_set_back_lets_nothing_rest_for_ever(store: Store, clock: Hands) -> None:
    services = Services(store.db, clock)
    services.failed("sidecar", "away")
    clock.now_s -= 86_400
    assert services.resting_until("sidecar") is None
