"""One table from the sidecar's errors to gRPC statuses, and one guard at the edge."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

import grpc

from sidecar.engine.errors import EngineError
from sidecar.engine.request import InvalidRequest
from sidecar.models.errors import ModelError, UnknownModel
from sidecar.schedule.errors import InvalidSchedule, UnknownJob
from sidecar.store import StoreError
from sidecar.values import Cancelled

log = logging.getLogger(__name__)

Response = TypeVar("Response")

STATUS = {
    "invalid_request": grpc.StatusCode.INVALID_ARGUMENT,
    "unknown_model": grpc.StatusCode.NOT_FOUND,
    "model_not_ready": grpc.StatusCode.FAILED_PRECONDITION,
    "store_error": grpc.StatusCode.FAILED_PRECONDITION,
    "media": grpc.StatusCode.FAILED_PRECONDITION,
    "too_many_streams": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "not_found": grpc.StatusCode.NOT_FOUND,
}


def guard(method: Callable[[Any, Any, grpc.ServicerContext], Response]) -> Callable[..., Response]:
    """Known errors leave with their status and sentence; others are logged whole and leave as INTERNAL with an id."""

    @functools.wraps(method)
    def guarded(servicer: Any, request: Any, context: grpc.ServicerContext) -> Response:
        try:
            return method(servicer, request, context)
        except Exception as error:
            _abort(context, method.__name__, error)

    return guarded


def guard_stream(
    method: Callable[[Any, Any, grpc.ServicerContext], Iterator[Response]],
) -> Callable[..., Iterator[Response]]:
    """guard() for methods that answer with a stream."""

    @functools.wraps(method)
    def guarded(servicer: Any, request: Any, context: grpc.ServicerContext) -> Iterator[Response]:
        try:
            yield from method(servicer, request, context)
        except Exception as error:
            _abort(context, method.__name__, error)

    return guarded


def _abort(context: grpc.ServicerContext, method: str, error: Exception) -> NoReturn:
    if not context.is_active():
        raise error
    if isinstance(error, Cancelled):
        context.abort(grpc.StatusCode.CANCELLED, "cancelled")
    if isinstance(error, InvalidRequest | InvalidSchedule):
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    if isinstance(error, UnknownJob):
        context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    if isinstance(error, StoreError):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
    if isinstance(error, UnknownModel):
        context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    if isinstance(error, ModelError):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
    if isinstance(error, EngineError):
        context.abort(STATUS.get(error.kind, grpc.StatusCode.INTERNAL), str(error))
    incident = uuid.uuid4().hex[:8]
    log.exception("%s failed (incident %s)", method, incident)
    context.abort(
        grpc.StatusCode.INTERNAL, f"the sidecar failed unexpectedly; its log has the details under {incident}"
    )
    raise AssertionError("unreachable: abort always raises")
