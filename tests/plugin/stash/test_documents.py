"""Everything that is sent to Stash fits Stash's own schema, and the stand-in's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_client_schema, get_variable_values, parse, validate

from plugin.interface.input import PLUGIN_ID
from plugin.library.sync import changed_since
from plugin.stash import documents
from plugin.stash.client import ANY_ACTIVITY
from plugin.stash.mutations import MutationBatch
from plugin.stash.values import KINDS
from tests.standin.api.execute import load_schema

STASH = Path(__file__).parents[4] / "shared" / "reference" / "stash-schema.json"

FILTERS: dict[str, Any] = {
    "media": {
        "id": {"value": 5, "modifier": "GREATER_THAN"},
        "AND": {"tags": {"value": ["1"], "modifier": "INCLUDES", "depth": 0}},
    },
    "page": {"page": 1, "per_page": 500, "sort": "id", "direction": "ASC"},
}
VARIABLES: dict[str, dict[str, Any]] = {
    "CONFIGURATION": {"plugin": [PLUGIN_ID]},
    "SCENES": {"ids": ["1", "2"]},
    "IMAGES": {"ids": ["1"]},
    "GALLERIES": {"ids": ["1"]},
    "SCENE_ROWS": FILTERS,
    "IMAGE_ROWS": {**FILTERS, "media": {"galleries": {"value": ["1"], "modifier": "INCLUDES"}}},
    "GALLERY_ROWS": FILTERS,
    "TAGS": {},
    "CREATE_TAG": {"input": {"name": "x", "description": "y", "ignore_auto_tag": True, "parent_ids": ["1"]}},
    "TAG_DETAIL": {"id": "1"},
    "DESTROY_TAG": {"id": "1"},
    "SAME_PERFORMERS": {
        "performers": {"stash_id_endpoint": {"endpoint": "https://x/graphql", "stash_id": "y", "modifier": "EQUALS"}}
    },
    "PERFORMER_DETAIL": {"id": "1"},
    "PERFORMER_IDS": {},
    "PERSONS": {"ids": ["1", "2"]},
    "PERSONS_BY_WORDS": {"page": {"q": "x", "page": 1, "per_page": 20, "sort": "name", "direction": "ASC"}},
    "STASH_BOXES": {},
    "CREATE_PERFORMER": {"input": {"name": "x", "stash_ids": [{"endpoint": "https://x/graphql", "stash_id": "y"}]}},
    "DESTROY_PERFORMER": {"id": "1"},
    "LIBRARY_STATE": {},
    "TAG_TREE": {},
    "LIBRARY_NAMES": {},
    "LIBRARY_SCENES": {
        **FILTERS,
        "media": {"id": {"value": 5, "modifier": "GREATER_THAN"}, "AND": changed_since(1_700_000_000.0)},
    },
    "LIBRARY_SCENES_OF": {"ids": ["1", "2"]},
    "LIBRARY_ACTIVITY": {
        **FILTERS,
        "media": {"id": {"value": 5, "modifier": "GREATER_THAN"}, "AND": ANY_ACTIVITY},
    },
    "LIBRARY_IDS": {**FILTERS, "media": {"id": {"value": 5, "modifier": "GREATER_THAN"}}},
    "JOBS": {},
    "FIND_JOB": {"id": "1"},
    "RUN_TASK": {"plugin": PLUGIN_ID, "description": "x", "args": {"mode": "drain"}},
    "RELOAD_PLUGINS": {},
    "HOOK_HINTS": {"plugin": [PLUGIN_ID], "tag_me": "AI_TagMe", "reprocess": ""},
}
"""What the client sends with each document."""


def all_documents() -> dict[str, str]:
    found = {
        name: text
        for name, text in vars(documents).items()
        if name.isupper() and isinstance(text, str) and not name.startswith("_")
    }
    assert found.keys() == VARIABLES.keys(), "say which variables go with a new document"
    return found


def batches() -> dict[str, MutationBatch]:
    found: dict[str, MutationBatch] = {}
    for kind in KINDS:
        for mode in ("ADD", "REMOVE"):
            found[f"{mode} {kind}"] = MutationBatch()
            found[f"{mode} {kind}"].update_tags("t0", kind, [1, 2], [3, 4], mode)
            found[f"{mode} {kind}"].update_performers("p0", kind, [1, 2], [3, 4], mode)
    found["marker"] = MutationBatch()
    found["marker"].create_marker("m1", 5, "cat", 1.5, 2.5, 7)
    found["point"] = MutationBatch()
    found["point"].create_marker("m1", 5, "", 1.5, None, 7)
    found["all"] = MutationBatch()
    found["all"].update_tags("t0", "scene", [1], [3], "ADD")
    found["all"].update_tags("t1", "image", [1], [3], "REMOVE")
    found["all"].create_marker("m1", 5, "cat", 1.5, 2.5, 7)
    found["all"].destroy_marker("m2", 8)
    return found


@pytest.fixture(scope="module", params=["Stash", "the stand-in"])
def schema(request: pytest.FixtureRequest) -> GraphQLSchema:
    if request.param == "the stand-in":
        return load_schema()
    if not STASH.exists():
        pytest.skip("Stash's introspection is not beside the project")
    found = json.loads(STASH.read_text("utf-8"))
    return build_client_schema(found.get("data", found))


def check(schema: GraphQLSchema, text: str, variables: dict[str, Any]) -> None:
    document = parse(text)
    assert validate(schema, document) == []
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None and operation.name.value.startswith("Sense"), "logs say who asked"
    definitions = operation.variable_definitions or ()
    declared = {one.variable.name.value for one in definitions}
    assert set(variables) <= declared
    found = get_variable_values(schema, definitions, variables)
    assert not isinstance(found, list), found


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_document_fits(schema: GraphQLSchema, name: str) -> None:
    check(schema, all_documents()[name], VARIABLES[name])


@pytest.mark.parametrize("name", sorted(batches()))
def test_every_batch_fits(schema: GraphQLSchema, name: str) -> None:
    batch = batches()[name]
    check(schema, batch.document(), batch.variables)


def test_a_batch_counts_what_it_holds_and_never_sets() -> None:
    batch = MutationBatch()
    assert len(batch) == 0
    batch.destroy_marker("m1", 5)
    assert len(batch) == 1
    with pytest.raises(AssertionError):
        batch.update_tags("t0", "scene", [1], [2], "SET")
