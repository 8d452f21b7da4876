"""GraphQL over the stand-in's schema, with gqlgen's statuses and errors."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute,
    get_variable_values,
    parse,
    validate,
)

from tests.standin.api.registry import RESOLVERS, ApiError
from tests.standin.api.scalars import SCALARS
from tests.standin.app import Ask
from tests.standin.asker import Cancelled
from tests.standin.library.store import NotFound
from tests.standin.log import Log
from tests.standin.plugins.process import CannotStart
from tests.standin.plugins.runner import Panic, PluginError
from tests.standin.query.criteria import BadFilter

SCHEMA_FILE = Path(__file__).parent / "schema.graphql"
ROOMS = (
    "activity",
    "configuration",
    "find",
    "galleries",
    "images",
    "jobs",
    "markers",
    "people",
    "plugins",
    "scenes",
    "tags",
    "tasks",
)
"""Modules of this folder that register resolvers."""

KEPT_DOCUMENTS = 1000
EXPECTED = (ApiError, NotFound, PluginError, CannotStart, BadFilter, Cancelled)

Info: TypeAlias = Any
"""GraphQLResolveInfo, which takes a type argument in some versions of graphql-core and none in others"""

Answer = tuple[int, dict[str, Any]]
"""HTTP status, body"""


@lru_cache(maxsize=1)
def load_schema() -> GraphQLSchema:
    """The schema with every resolver in its place. A resolver without a field is a mistake and raises KeyError."""
    for room in ROOMS:
        importlib.import_module(f"tests.standin.api.{room}")
    schema = build_schema(SCHEMA_FILE.read_text("utf-8"))
    for name, resolver in RESOLVERS.items():
        type_name, _, field_name = name.partition(".")
        type_of = schema.type_map[type_name]
        assert isinstance(type_of, GraphQLObjectType), name
        type_of.fields[field_name].resolve = _calling(resolver)
    for name, scalar in SCALARS.items():
        found = schema.type_map[name]
        assert isinstance(found, GraphQLScalarType), name
        # The second pair is what graphql-core calls them since 3.3.
        for attribute in ("serialize", "coerce_output_value"):
            setattr(found, attribute, scalar.serialize)
        for attribute in ("parse_value", "coerce_input_value"):
            setattr(found, attribute, scalar.parse)
    for type_of in schema.type_map.values():
        if isinstance(type_of, (GraphQLUnionType, GraphQLInterfaceType)):
            type_of.resolve_type = _file_type
    return schema


class GraphQL:
    """Runs documents. Mutations of one document run one after the other."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.schema = load_schema()
        self._known: dict[str, tuple[DocumentNode, list[GraphQLError]]] = {}

    def run(
        self, ask: Ask, query: str, variables: Mapping[str, Any] | None, operation: str | None, root: Any = None
    ) -> Answer:
        """Status and body. 422 for a document that does not fit the schema, 200 for whatever failed inside.

        root: field -> value of one event, for a subscription.
        """
        try:
            document, problems = self._checked(query)
        except GraphQLSyntaxError as error:
            return 422, _refusal([error], "GRAPHQL_PARSE_FAILED")
        if problems:
            return 422, _refusal(problems, "GRAPHQL_VALIDATION_FAILED")
        definition = operation_of(document, operation)
        if definition is None:
            message = f"operation {operation} not found" if operation else "no operation provided"
            return 422, _refusal([GraphQLError(message)], "GRAPHQL_VALIDATION_FAILED")
        bad_variables = self._bad_variables(definition, variables or {})
        if bad_variables:
            return 422, _refusal(bad_variables, "GRAPHQL_VALIDATION_FAILED")
        result: Any = execute(
            self.schema,
            document,
            root_value=root,
            context_value=ask,
            variable_values=dict(variables or {}),
            operation_name=operation or None,
            field_resolver=_attribute,
        )
        body: dict[str, Any] = {}
        if result.errors:
            body["errors"] = [self._shown(error) for error in result.errors]
        body["data"] = result.data
        return 200, body

    def is_subscription(self, query: str, operation: str | None) -> bool:
        """Whether a sound document asks for events."""
        try:
            document, problems = self._checked(query)
        except GraphQLSyntaxError:
            return False
        definition = operation_of(document, operation)
        is_one = definition is not None and definition.operation == OperationType.SUBSCRIPTION
        return is_one and not problems

    def _checked(self, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
        known = self._known.get(query)
        if known is None:
            if len(self._known) >= KEPT_DOCUMENTS:
                self._known.clear()
            document = parse(query)
            known = (document, validate(self.schema, document))
            self._known[query] = known
        return known

    def _bad_variables(self, definition: OperationDefinitionNode, variables: Mapping[str, Any]) -> list[GraphQLError]:
        found = get_variable_values(self.schema, definition.variable_definitions or (), dict(variables))
        return found if isinstance(found, list) else []

    def _shown(self, error: GraphQLError) -> dict[str, Any]:
        cause = error.original_error
        message = error.message
        if isinstance(cause, Panic):
            message = f"Internal system error. Error <{cause}>"
        elif cause is not None and not isinstance(cause, (*EXPECTED, GraphQLError)):
            message = f"Internal system error. Error <{cause}>"
            self._log.error(f"the stand-in failed: {cause!r}")
        if not isinstance(cause, Cancelled):
            self._log.error(f"{'.'.join(str(part) for part in error.path or ())}: {message}")
        return {"message": message, "path": error.path}


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation to run: the named one or, without a name, the only one."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name:
        return next((node for node in found if node.name and node.name.value == name), None)
    return found[0] if len(found) == 1 else None


def _calling(resolver: Any) -> Any:
    def resolve(parent: Any, info: Info, /, **args: Any) -> Any:
        return resolver(info.context, parent, **args)

    return resolve


def _attribute(source: Any, info: Info, **args: Any) -> Any:
    """A field that no function answers is an attribute or an item of its object. A missing one is a mistake."""
    if isinstance(source, Mapping):
        return source[info.field_name]
    return getattr(source, info.field_name)


def _file_type(value: Any, info: Info, abstract: Any) -> str:
    return {"video": "VideoFile", "image": "ImageFile", "gallery": "GalleryFile"}[value.kind]


def _refusal(errors: list[GraphQLError], code: str) -> dict[str, Any]:
    shown = []
    for error in errors:
        entry: dict[str, Any] = {"message": error.message}
        if error.locations:
            entry["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
        entry["extensions"] = {"code": code}
        shown.append(entry)
    return {"errors": shown, "data": None}
