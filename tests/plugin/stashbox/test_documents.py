"""What is asked of stash-boxes is in their schema, and the stand-in's schema is part of theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_client_schema, introspection_from_schema, parse, validate

from plugin.stashbox import documents
from tests.standin.stashbox import load_schema

THEIRS = Path(__file__).parents[4] / "shared" / "reference" / "stash-box-schema.json"
ALL = (documents.SEARCH, documents.PAGE, documents.find(1), documents.find(10))
needs_theirs = pytest.mark.skipif(not THEIRS.exists(), reason="stash-box's introspection is not beside the project")


def theirs() -> Any:
    found = json.loads(THEIRS.read_text("utf-8"))
    return found.get("data", found)


def faults(document: str, schema: GraphQLSchema) -> list[str]:
    return [error.message for error in validate(schema, parse(document))]


@pytest.mark.parametrize("document", ALL)
def test_the_stand_in_understands_every_document(document: str) -> None:
    assert faults(document, load_schema()) == []


@needs_theirs
@pytest.mark.parametrize("document", ALL)
def test_stash_boxes_understand_every_document(document: str) -> None:
    assert faults(document, build_client_schema(theirs())) == []


@needs_theirs
def test_whatever_the_stand_in_says_stash_boxes_say_just_so() -> None:
    ours: Any = introspection_from_schema(load_schema())
    known = {type_of["name"]: type_of for type_of in theirs()["__schema"]["types"]}
    for type_of in ours["__schema"]["types"]:
        if type_of["name"].startswith("__"):
            continue
        other = known[type_of["name"]]
        assert other["kind"] == type_of["kind"]
        for part in ("fields", "inputFields", "enumValues"):
            parts = {item["name"]: item for item in other.get(part) or ()}
            for item in type_of.get(part) or ():
                assert _text(parts[item["name"]].get("type")) == _text(item.get("type")), item["name"]
                args = {arg["name"]: _text(arg["type"]) for arg in parts[item["name"]].get("args") or ()}
                assert {arg["name"]: _text(arg["type"]) for arg in item.get("args") or ()}.items() <= args.items()


def _text(type_of: Any) -> str:
    if type_of is None:
        return ""
    if type_of["kind"] == "NON_NULL":
        return _text(type_of["ofType"]) + "!"
    return f"[{_text(type_of['ofType'])}]" if type_of["kind"] == "LIST" else str(type_of["name"])
