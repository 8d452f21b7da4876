"""Who may call: everybody on a private socket, holders of the token elsewhere."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, TypeAlias

import grpc

METADATA_KEY = "authorization"

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


class TokenInterceptor(grpc.ServerInterceptor):  # type: ignore[type-arg]
    """Refuses calls without `authorization: Bearer <token>`. The health service stays open, so that probes work."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Handler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        if handler_call_details.method.startswith("/grpc.health.v1.Health/"):
            return continuation(handler_call_details)
        sent = next((v for k, v in handler_call_details.invocation_metadata or () if k == METADATA_KEY), "")
        sent_bytes = sent if isinstance(sent, bytes) else sent.encode()
        if hmac.compare_digest(sent_bytes, self._expected):
            return continuation(handler_call_details)
        handler = continuation(handler_call_details)
        return None if handler is None else _refusing(handler)


def _refuse(_: Any, context: grpc.ServicerContext) -> Any:
    context.abort(
        grpc.StatusCode.UNAUTHENTICATED,
        f"this sidecar asks for a token; send metadata `{METADATA_KEY}: Bearer <token>`, as in its token file",
    )


def _refusing(handler: Handler) -> Handler:
    """The same kind of method (streaming or not), so that the client gets the status rather than a protocol error."""
    make = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[(bool(handler.request_streaming), bool(handler.response_streaming))]
    return make(_refuse, handler.request_deserializer, handler.response_serializer)
