"""Turns by key: exclusive for one key, free for others, and a waiting asker can leave."""

from __future__ import annotations

import threading
import time

import pytest

from sidecar.engine.turns import Turns
from sidecar.values import Cancelled


def test_one_key_is_one_at_a_time_and_other_keys_do_not_wait() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work() -> None:
        with turns.turn("a", lambda: False):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    with turns.turn("b", lambda: False):
        pass
    for thread in threads:
        thread.join()
    assert most[0] == 1


def test_a_cancelled_asker_stops_waiting_and_the_turn_stays_usable() -> None:
    turns = Turns()
    with turns.turn("a", lambda: False), pytest.raises(Cancelled), turns.turn("a", lambda: True):
        pass
    with turns.turn("a", lambda: False):
        pass
