"""The one owner of the accelerator: a thread that runs models for many clients, fairly and in full batches."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field

import numpy as np

from sidecar.models.cache import Lease
from sidecar.models.embedder import Images, ImageTextEmbedder
from sidecar.values import Cancelled, IsCancelled, Vectors

TEXTS_PER_TURN = 8
"""One prompt costs about 60 ms on two cores, so a turn of 8 keeps other clients waiting for half a second at most."""

_POLL_S = 0.1
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Submission:
    client_id: str
    lease: Lease[ImageTextEmbedder]
    future: Future[Vectors]
    items: Images | Sequence[str]
    is_text: bool
    taken: int = 0
    parts: list[Vectors] = field(default_factory=list)

    @property
    def left(self) -> int:
        return len(self.items) - self.taken


@dataclass(slots=True)
class _Slice:
    submission: _Submission
    first: int
    last: int


class Batcher:
    """Runs `embed_images` and `embed_texts` for many clients on one thread.

    Turns go round the clients, one image each, until a batch is full or nothing is left: a client with 1000 images
    queued does not delay one with 2. Images of different clients that use one model share a batch. An error in a
    shared batch is tried again per submission, so that it hurts only whoever caused it.
    """

    def __init__(self, max_batch: int | None = None, max_queued: int = 256) -> None:
        """Start the thread. max_batch: images per call; None = each model's own batch_size. max_queued: images or
        texts that one client may have waiting; a larger single submission is taken once the client has none waiting.
        """
        self._max_batch, self._max_queued = max_batch, max_queued
        self._changed = threading.Condition()
        self._queues: OrderedDict[str, deque[_Submission]] = OrderedDict()
        self._running: list[_Slice] = []
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._thread.start()

    def submit(
        self,
        client_id: str,
        lease: Lease[ImageTextEmbedder],
        images: Images,
        is_cancelled: IsCancelled = lambda: False,
    ) -> Future[Vectors]:
        """Queue images (N, S, S, 3); the future gives vectors (N, dim) in order.

        Blocks while the client has max_queued items waiting (back-pressure); is_cancelled is asked every 100 ms
        meanwhile and raises Cancelled. images must not be changed until the future is done. The batcher shares the
        lease, so the caller may release its own at once. Raises RuntimeError after close().
        """
        return self._enqueue(client_id, lease, images, False, is_cancelled)

    def submit_texts(
        self,
        client_id: str,
        lease: Lease[ImageTextEmbedder],
        texts: Sequence[str],
        is_cancelled: IsCancelled = lambda: False,
    ) -> Future[Vectors]:
        """Queue texts; the future gives vectors (len(texts), dim) in order. Otherwise as submit."""
        return self._enqueue(client_id, lease, tuple(texts), True, is_cancelled)

    def cancel(self, client_id: str) -> int:
        """Drop what the client has waiting; its futures raise Cancelled. Returns how many submissions were dropped.

        A batch that runs already is finished, and its part of the result thrown away.
        """
        with self._changed:
            queued = list(self._queues.pop(client_id, ()))
            running = [part.submission for part in self._running if part.submission.client_id == client_id]
            self._changed.notify_all()
        dropped = {id(submission): submission for submission in (*queued, *running)}
        self._abandon(dropped.values(), running)
        return len(dropped)

    def queued(self, client_id: str) -> int:
        """How many items the client has waiting, without those running."""
        with self._changed:
            return self._waiting(client_id)

    def close(self) -> None:
        """Finish the running batch, cancel what waits, and stop the thread. Calling it twice is allowed."""
        with self._changed:
            self._closed = True
            dropped = [submission for queue in self._queues.values() for submission in queue]
            self._queues.clear()
            running = [part.submission for part in self._running]
            self._changed.notify_all()
        self._abandon(dropped, running)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _abandon(self, dropped: Iterable[_Submission], running: Sequence[_Submission]) -> None:
        """Settle futures as cancelled. A submission that runs keeps its lease: its model must not close under it."""
        for submission in dropped:
            _settle(submission, Cancelled())
            if not any(submission is one for one in running):
                submission.lease.release()

    def _enqueue(
        self,
        client_id: str,
        lease: Lease[ImageTextEmbedder],
        items: Images | Sequence[str],
        is_text: bool,
        is_cancelled: IsCancelled,
    ) -> Future[Vectors]:
        future: Future[Vectors] = Future()
        if len(items) == 0:
            future.set_result(np.zeros((0, lease.model.dim), np.float32))
            return future
        with self._changed:
            while not self._closed and not self._has_room(client_id, len(items)):
                if is_cancelled():
                    raise Cancelled
                self._changed.wait(_POLL_S)
            if self._closed:
                raise RuntimeError("the batcher is closed: the sidecar is shutting down")
            submission = _Submission(client_id, lease.share(), future, items, is_text)
            self._queues.setdefault(client_id, deque()).append(submission)
            self._changed.notify_all()
        return future

    def _has_room(self, client_id: str, count: int) -> bool:
        waiting = self._waiting(client_id)
        return waiting == 0 or waiting + count <= self._max_queued

    def _waiting(self, client_id: str) -> int:
        return sum(submission.left for submission in self._queues.get(client_id, ()))

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not self._queues:
                    self._changed.wait()
                if self._closed:
                    return
                batch = self._next_batch()
                self._running = batch
                self._changed.notify_all()
            if batch:
                self._run(batch)
            with self._changed:
                self._running = []

    def _next_batch(self) -> list[_Slice]:
        """Take the next batch: whose turn it is decides model and kind; then one item per client and round."""
        self._drop_abandoned()
        if not self._queues:
            return []
        first = next(iter(self._queues.values()))[0]
        model = first.lease.model
        room = TEXTS_PER_TURN if first.is_text else self._max_batch or model.batch_size
        taken: dict[int, _Slice] = {}
        while room and (fitting := self._fitting(first, model)):
            for submission in fitting[:room]:
                part = taken.setdefault(id(submission), _Slice(submission, submission.taken, submission.taken))
                part.last += 1
                submission.taken += 1
                room -= 1
                self._end_turn(submission)
            if first.is_text:
                room = min(room, first.left)  # texts of different clients are not mixed: each call is one client's
        return list(taken.values())

    def _fitting(self, first: _Submission, model: ImageTextEmbedder) -> list[_Submission]:
        """The head of each client's queue that can join this batch, in the order of turns."""
        if first.is_text:
            return [first] if first.left else []
        heads = [queue[0] for queue in self._queues.values()]
        return [head for head in heads if not head.is_text and head.lease.model is model]

    def _end_turn(self, submission: _Submission) -> None:
        queue = self._queues[submission.client_id]
        if submission.left == 0:
            queue.popleft()
        if queue:
            self._queues.move_to_end(submission.client_id)
        else:
            del self._queues[submission.client_id]

    def _drop_abandoned(self) -> None:
        """Forget submissions whose future was cancelled or has failed already."""
        for client_id in list(self._queues):
            queue = self._queues[client_id]
            for submission in [one for one in queue if one.future.done()]:
                queue.remove(submission)
                submission.lease.release()
            if not queue:
                del self._queues[client_id]

    def _run(self, batch: list[_Slice]) -> None:
        try:
            vectors = _embed(batch)
        except Exception as error:
            if len(batch) == 1:
                self._fail(batch[0].submission, error)
                return
            _log.info("a batch of %d submissions failed (%s); running them one by one", len(batch), error)
            for one in batch:
                self._run([one])
            return
        offset = 0
        for part in batch:
            count = part.last - part.first
            part.submission.parts.append(vectors[offset : offset + count])
            offset += count
            if part.submission.left == 0 or part.submission.future.done():
                _settle(part.submission, None)
                part.submission.lease.release()

    def _fail(self, submission: _Submission, error: Exception) -> None:
        with self._changed:
            queue = self._queues.get(submission.client_id)
            if queue is not None and submission in queue:
                queue.remove(submission)
                if not queue:
                    del self._queues[submission.client_id]
            self._changed.notify_all()
        _settle(submission, error)
        submission.lease.release()


def _embed(batch: list[_Slice]) -> Vectors:
    model = batch[0].submission.lease.model
    call: Callable[..., Vectors] = model.embed_texts if batch[0].submission.is_text else model.embed_images
    slices = [part.submission.items[part.first : part.last] for part in batch]
    items = slices[0] if len(slices) == 1 else np.concatenate([np.asarray(one) for one in slices])
    vectors = call(items)
    expected = sum(part.last - part.first for part in batch)
    if len(vectors) != expected:
        raise RuntimeError(f"model {model.spec.id!r} returned {len(vectors)} vectors for {expected} items")
    return vectors


def _settle(submission: _Submission, error: BaseException | None) -> None:
    """Give the future its end, unless it has one: its client may have cancelled it."""
    try:
        if error is not None:
            submission.future.set_exception(error)
        elif not submission.future.done():
            submission.future.set_result(np.concatenate(submission.parts))
    except InvalidStateError:
        pass
