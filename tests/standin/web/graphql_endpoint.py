"""POST and GET /graphql."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, OperationType, parse

from tests.standin.api.execute import GraphQL, operation_of
from tests.standin.app import App, Ask
from tests.standin.faults import Fault, Faults
from tests.standin.requests_log import LoggedRequest, RequestsLog
from tests.standin.web.authentication import Admitted
from tests.standin.web.messages import Request, Response

NO_STORE = ("Cache-Control", "no-store")


class BadRequest(Exception):
    """The body is no GraphQL request."""


class Dropped(Exception):
    """The connection is to close now, after so many bytes of this answer."""

    def __init__(self, answer: Response | None) -> None:
        super().__init__("dropped by a fault")
        self.answer = answer


class GraphQLEndpoint:
    def __init__(self, app: App, graphql: GraphQL, requests: RequestsLog, faults: Faults) -> None:
        self._app = app
        self._graphql = graphql
        self._requests = requests
        self._faults = faults

    def answer(self, request: Request, admitted: Admitted) -> Response:
        """Raises Dropped where a fault closes the connection."""
        began_s = time.time()
        try:
            query, variables, operation = _parameters(request)
        except BadRequest as error:
            return Response.json(400, {"errors": [{"message": str(error)}], "data": None}, NO_STORE)
        definition = _definition(query, operation)
        fields = _root_fields(definition)
        is_mutation = definition is not None and definition.operation == OperationType.MUTATION
        if request.method == "GET" and is_mutation:
            message = "GET requests only allow query operations"
            return Response.json(406, {"errors": [{"message": message}], "data": None}, NO_STORE)
        fault = self._faults.take(fields)
        response = self._before(fault)
        if response is None:
            ask = Ask(self._app, admitted.asker)
            status, body = self._graphql.run(ask, query, variables, operation)
            response = Response.json(status, body, NO_STORE)
        named = definition.name.value if definition is not None and definition.name else operation or ""
        self._requests.add(
            LoggedRequest(
                time_s=began_s,
                operation=named,
                fields=fields,
                query=query,
                variables=variables or {},
                from_plugin=admitted.asker.from_plugin,
                api_key=admitted.api_key,
                status=response.status,
                took_s=time.time() - began_s,
                is_mutation=is_mutation,
            )
        )
        if fault is not None and fault.kind == "drop_after":
            raise Dropped(None)
        if fault is not None and fault.kind == "drop_midway":
            raise Dropped(response)
        return response

    def _before(self, fault: Fault | None) -> Response | None:
        if fault is None:
            return None
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        if fault.kind == "drop_before":
            raise Dropped(None)
        return Response.text(fault.status, fault.body) if fault.kind == "status" else None


def _parameters(request: Request) -> tuple[str, Mapping[str, Any] | None, str | None]:
    if request.method == "GET":
        try:
            variables = json.loads(request.parameter("variables") or "null")
        except ValueError as error:
            raise BadRequest("variables could not be decoded") from error
        return request.parameter("query"), variables, request.parameter("operationName") or None
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise BadRequest("transport not supported")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise BadRequest(f"json request body could not be decoded: {error}") from error
    if not isinstance(body, dict):
        raise BadRequest("json request body could not be decoded: it is no object")
    query, variables, operation = body.get("query") or "", body.get("variables"), body.get("operationName")
    if not isinstance(query, str) or not (variables is None or isinstance(variables, dict)):
        raise BadRequest("json request body could not be decoded: query is a text, variables are an object")
    return query, variables, operation


def _definition(query: str, operation: str | None) -> OperationDefinitionNode | None:
    try:
        return operation_of(parse(query, no_location=True), operation)
    except GraphQLError:
        return None


def _root_fields(definition: OperationDefinitionNode | None) -> tuple[str, ...]:
    if definition is None:
        return ()
    nodes = definition.selection_set.selections
    return tuple(node.name.value for node in nodes if isinstance(node, FieldNode))
