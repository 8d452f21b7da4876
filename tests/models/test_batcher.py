"""One thread serves all clients: in order, fairly, in shared batches, and one client's trouble stays its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import chain
from typing import Any, cast

import numpy as np
import pytest

from sidecar.models.batcher import TEXTS_PER_TURN, Batcher
from sidecar.models.cache import Lease, ModelCache
from sidecar.models.catalogue import LITE
from sidecar.models.embedder import Images, ImageTextEmbedder
from sidecar.values import Cancelled, Vectors


class Recorder:
    """Stands for the accelerator: gives each image's first pixel back, and remembers what it was asked when."""

    spec, dim, batch_size, memory_bytes = LITE, 2, 4, 0

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.texts: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.closed = False

    def embed_images(self, images: Images) -> Vectors:
        assert not self.closed, "the model was closed while in use"
        self.entered.set()
        assert self.gate.wait(5)
        firsts = [int(image[0, 0, 0]) for image in images]
        self.batches.append(firsts)
        if 13 in firsts:
            raise ValueError("unlucky image")
        return np.array([[first, 1] for first in firsts], np.float32)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts.append(len(texts))
        return np.array([[len(text), 0] for text in texts], np.float32)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def model() -> Recorder:
    return Recorder()


@pytest.fixture
def lease(model: Recorder) -> Lease[ImageTextEmbedder]:
    return lease_on(model)


@pytest.fixture
def batcher() -> Iterator[Batcher]:
    batcher = Batcher(max_queued=64)
    yield batcher
    batcher.close()


def lease_on(model: Recorder) -> Lease[ImageTextEmbedder]:
    cache = ModelCache(lambda _: cast(ImageTextEmbedder, model), 0, lambda: 0.0)
    return cache.lease("recorder")


def images(*values: int) -> Images:
    return np.stack([np.full((2, 2, 3), value, np.uint8) for value in values])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline_s, "nothing happened for 5 s"
        time.sleep(0.005)


def test_results_are_in_order_and_batches_full(
    batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]
) -> None:
    vectors = batcher.submit("a", lease, images(*range(20, 30))).result(5)
    assert vectors[:, 0].tolist() == list(range(20, 30))
    assert [len(batch) for batch in model.batches] == [4, 4, 2]


def test_a_long_queue_does_not_delay_a_short_one(
    batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]
) -> None:
    model.gate.clear()
    many = batcher.submit("many", lease, images(*([1] * 60)))
    assert model.entered.wait(5)
    few = batcher.submit("few", lease, images(7, 8))
    model.gate.set()
    assert few.result(5)[:, 0].tolist() == [7, 8]
    assert len(many.result(5)) == 60
    assert sorted(model.batches[1]) == [1, 1, 7, 8], "the next batch is shared, half and half"


def test_an_error_hurts_only_its_own_submission(
    batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]
) -> None:
    model.gate.clear()
    first = batcher.submit("a", lease, images(1))
    assert model.entered.wait(5)
    bad = batcher.submit("bad", lease, images(13, 13, 13))
    good = batcher.submit("good", lease, images(2, 3))
    model.gate.set()
    assert len(first.result(5)) == 1
    assert good.result(5)[:, 0].tolist() == [2, 3]
    with pytest.raises(ValueError, match="unlucky"):
        bad.result(5)
    assert batcher.submit("bad", lease, images(5)).result(5)[0, 0] == 5


def test_back_pressure_and_its_cancellation(batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]) -> None:
    model.gate.clear()
    batcher.submit("a", lease, images(1))
    assert model.entered.wait(5)
    batcher.submit("a", lease, images(*([1] * 64)))
    with pytest.raises(Cancelled):
        batcher.submit("a", lease, images(2), is_cancelled=lambda: True)
    other = batcher.submit("b", lease, images(3))  # another client has its own queue
    done: list[Vectors] = []
    blocked = threading.Thread(target=lambda: done.append(batcher.submit("a", lease, images(4)).result(5)))
    blocked.start()
    blocked.join(0.15)
    assert blocked.is_alive() and not done
    model.gate.set()
    blocked.join(5)
    assert done[0][0, 0] == 4 and other.result(5)[0, 0] == 3


def test_cancel_drops_a_client_and_nobody_else(
    batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]
) -> None:
    model.gate.clear()
    running = batcher.submit("a", lease, images(*([1] * 8)))
    assert model.entered.wait(5)
    waiting = batcher.submit("a", lease, images(2))
    other = batcher.submit("b", lease, images(3))
    assert batcher.cancel("a") == 2 and batcher.queued("a") == 0
    model.gate.set()
    for future in (running, waiting):
        with pytest.raises(Cancelled):
            future.result(5)
    assert other.result(5)[0, 0] == 3
    assert list(chain.from_iterable(model.batches)).count(1) == 4, "only the batch that ran already"
    assert batcher.cancel("never heard of") == 0


def test_a_future_cancelled_by_its_client_is_not_computed(
    batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]
) -> None:
    model.gate.clear()
    batcher.submit("a", lease, images(1))
    assert model.entered.wait(5)
    dropped = batcher.submit("a", lease, images(2))
    assert dropped.cancel()
    model.gate.set()
    assert batcher.submit("a", lease, images(3)).result(5)[0, 0] == 3
    assert 2 not in chain.from_iterable(model.batches)
    with pytest.raises(CancelledError):
        dropped.result(5)


def test_a_model_stays_loaded_while_its_work_runs(batcher: Batcher, model: Recorder) -> None:
    cache = ModelCache(lambda _: cast(ImageTextEmbedder, model), 0, lambda: 0.0)
    model.gate.clear()
    with cache.lease("recorder") as lease:
        future = batcher.submit("a", lease, images(*([1] * 8)))
    assert model.entered.wait(5)
    assert cache.sweep() == () and not cache.unload("recorder")
    batcher.cancel("a")
    assert not model.closed
    model.gate.set()
    with pytest.raises(Cancelled):
        future.result(5)
    wait_until(lambda: model.closed)
    assert cache.state("recorder").leases == 0


def test_models_take_turns(batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]) -> None:
    second = Recorder()
    second.batches = model.batches
    model.gate.clear()
    many = batcher.submit("a", lease, images(*([1] * 40)))
    assert model.entered.wait(5)
    other = batcher.submit("b", lease_on(second), images(9, 9))
    model.gate.set()
    other.result(5)
    many.result(5)
    assert model.batches.index([9, 9]) <= 2, "the other model's batch came soon, not last, and unmixed"


def test_texts_go_in_small_turns(batcher: Batcher, model: Recorder, lease: Lease[ImageTextEmbedder]) -> None:
    words = ["x" * n for n in range(2 * TEXTS_PER_TURN + 3)]
    vectors = batcher.submit_texts("a", lease, words).result(5)
    assert vectors[:, 0].tolist() == list(range(len(words)))
    assert model.texts == [TEXTS_PER_TURN, TEXTS_PER_TURN, 3]


def test_nothing_submitted_gives_nothing(batcher: Batcher, lease: Lease[ImageTextEmbedder]) -> None:
    assert batcher.submit("a", lease, np.zeros((0, 2, 2, 3), np.uint8)).result(0).shape == (0, 2)
    assert batcher.submit_texts("a", lease, []).result(0).shape == (0, 2)


def test_close_cancels_what_waits(model: Recorder, lease: Lease[ImageTextEmbedder]) -> None:
    batcher = Batcher()
    model.gate.clear()
    running = batcher.submit("a", lease, images(1))
    assert model.entered.wait(5)
    waiting = batcher.submit("b", lease, images(2))
    closer = threading.Thread(target=batcher.close)
    closer.start()
    with pytest.raises(Cancelled):
        waiting.result(5)
    model.gate.set()
    closer.join(5)
    assert not closer.is_alive()
    assert len(running.result(5)) == 1
    batcher.close()
    with pytest.raises(RuntimeError, match="shutting down"):
        batcher.submit("a", lease, images(1))


def test_many_clients_at_once_get_their_own_answers(batcher: Batcher, lease: Lease[ImageTextEmbedder]) -> None:
    wrong: list[Any] = []

    def client(number: int) -> None:
        for repeat in range(20):
            values = [20 + (number * 7 + repeat + n) % 200 for n in range(repeat % 5 + 1)]
            got = batcher.submit(str(number), lease, images(*values)).result(10)[:, 0].tolist()
            if got != values:
                wrong.append((number, values, got))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not wrong and not any(thread.is_alive() for thread in threads)
