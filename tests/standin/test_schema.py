"""The schema is Stash's, as far as it goes, and everything in it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    introspection_from_schema,
    is_leaf_type,
)

from tests.standin import Standin
from tests.standin.api.execute import load_schema
from tests.standin.samples import manifest, picture, program, write_picture

STASH = Path(__file__).parents[3] / "shared" / "reference" / "stash-schema.json"

EVERYTHING = 4
"""How deep the document that asks for everything goes."""


def _type_text(type_of: dict[str, Any]) -> str:
    if type_of["kind"] == "NON_NULL":
        return _type_text(type_of["ofType"]) + "!"
    return f"[{_type_text(type_of['ofType'])}]" if type_of["kind"] == "LIST" else str(type_of["name"])


def _facts(schema: dict[str, Any]) -> dict[str, Any]:
    """Everything that a schema says, each under a path of its own."""
    found: dict[str, Any] = {}
    for type_of in schema["types"]:
        name = type_of["name"]
        found[name] = type_of["kind"]
        for value in type_of.get("enumValues") or ():
            found[f"{name}={value['name']}"] = bool(value["isDeprecated"])
        for other in [*(type_of.get("interfaces") or ()), *(type_of.get("possibleTypes") or ())]:
            found[f"{name}~{other['name']}"] = True
        for field in [*(type_of.get("fields") or ()), *(type_of.get("inputFields") or ())]:
            path = f"{name}.{field['name']}"
            found[path] = (_type_text(field["type"]), bool(field.get("isDeprecated")), field.get("defaultValue"))
            for arg in field.get("args") or ():
                found[f"{path}({arg['name']})"] = (_type_text(arg["type"]), arg.get("defaultValue"))
    return found


@pytest.mark.skipif(not STASH.exists(), reason="Stash's introspection is not beside the project")
def test_whatever_is_in_the_schema_is_in_stashs_just_so() -> None:
    ours: Any = introspection_from_schema(load_schema(), input_value_deprecation=True)
    theirs = json.loads(STASH.read_text("utf-8"))
    stash = _facts(theirs.get("data", theirs)["__schema"])
    differing = {
        path: (fact, stash.get(path, "absent"))
        for path, fact in _facts(ours["__schema"]).items()
        if not path.startswith("__") and stash.get(path, "absent") != fact
    }
    assert differing == {}


def _selection(type_of: GraphQLNamedType, schema: GraphQLSchema, depth: int) -> str:
    """All fields that need no arguments, as deep as depth."""
    if isinstance(type_of, GraphQLUnionType):
        inner = [f"... on {kind.name} {_selection(kind, schema, depth)}" for kind in type_of.types]
        return "{ __typename " + " ".join(inner) + " }"
    assert isinstance(type_of, (GraphQLObjectType, GraphQLInterfaceType))
    parts = ["__typename"]
    for name, field in type_of.fields.items():
        inner_type = get_named_type(field.type)
        if _needs_arguments(field) or (depth == 0 and not is_leaf_type(inner_type)):
            continue
        parts.append(name if is_leaf_type(inner_type) else f"{name} {_selection(inner_type, schema, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def _needs_arguments(field: GraphQLField) -> bool:
    return any(isinstance(arg.type, GraphQLNonNull) for arg in field.args.values())


@pytest.fixture
def full(stash: Standin, video: Path) -> Standin:
    """One of everything, related to everything."""
    studio = stash.add_studio("A studio", tag_ids=(stash.tag("a").id,))
    stash.add_studio("Its child", parent_id=studio.id)
    performer = stash.add_performer("Somebody", tag_ids=(stash.tag("b").id,))
    group = stash.add_group("A group", studio_id=studio.id)
    scene = stash.add_scene(video, "A scene", tags=["a", "b"], studio_id=studio.id, performer_ids=(performer.id,))
    stash.add_tag("below", parents=["a"])
    stash.add_marker(scene, "a", 0.5, 1.0)
    image = stash.add_image(write_picture(stash.library_dir / "one.png"), tags=["a"], performer_ids=(performer.id,))
    gallery = stash.add_gallery("A gallery", [image], studio_id=studio.id)
    stash.add_image_in_zip("pictures.zip", "in it.png", picture(1))
    stash.change(scene, gallery_ids=(gallery.id,), groups=(), play_history_s=(1.0,), o_history_s=(2.0,))
    assert group.id == 1
    stash.add_plugin("p", manifest(tasks={"T": None}, hooks={"h": ["Scene.Update.Post"]}), {"main.py": program("")})
    return stash


def test_every_query_answers_all_of_its_fields(full: Standin) -> None:
    schema = load_schema()
    query_type = schema.query_type
    assert query_type is not None
    arguments = {
        "findScene": "(id: 1)",
        "findSceneByHash": '(input: {oshash: "x"})',
        "sceneMarkerTags": "(scene_id: 1)",
        "findImage": "(id: 1)",
        "findGallery": "(id: 1)",
        "findPerformer": "(id: 1)",
        "findStudio": "(id: 1)",
        "findGroup": "(id: 1)",
        "findTag": "(id: 1)",
        "installedPackages": "(type: Plugin)",
        "findJob": "(input: {id: 1})",
        "sceneStreams": "(id: 1)",
    }
    left_out = {"availablePackages"}  # needs a source; see test_packages.py
    for name, field in query_type.fields.items():
        if name in left_out:
            continue
        assert name in arguments or not _needs_arguments(field), name
        depth = 2 if name.startswith(("find", "all")) else EVERYTHING
        selection = _selection(get_named_type(field.type), schema, depth)
        full.graphql(f"{{ {name}{arguments.get(name, '')} {selection} }}")


def test_every_mutation_has_a_resolver_and_no_resolver_is_without_a_field() -> None:
    mutations = load_schema().mutation_type
    assert mutations is not None
    assert [name for name, field in mutations.fields.items() if field.resolve is None] == []
