"""Mutations: what is omitted stays, null clears, lists replace, bulk modes add and remove; all or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standin import GraphQLFailed, Standin
from tests.standin.samples import picture, write_picture


def update(stash: Standin, **value: Any) -> dict[str, Any]:
    query = """mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) {
      title rating100 date urls tags { name } stash_ids { endpoint stash_id } } }"""
    found: dict[str, Any] = stash.graphql(query, {"i": value})["sceneUpdate"]
    return found


def bulk(stash: Standin, ids: list[int], names: list[str], mode: str) -> None:
    query = "mutation($i: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $i) { id } }"
    tags = {"ids": [stash.tag(name).id for name in names], "mode": mode}
    stash.graphql(query, {"i": {"ids": ids, "tag_ids": tags}})


def test_omitted_null_and_lists(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4", "T", tags=["a", "b"], rating100=20)
    assert update(stash, id=scene.id, title="  U ", date="2024-02-03")["title"] == "U"
    found = update(stash, id=scene.id, rating100=None, urls=["http://a"], tag_ids=[stash.tag("c").id])
    assert found == {
        "title": "U",
        "rating100": None,
        "date": "2024-02-03",
        "urls": ["http://a"],
        "tags": [{"name": "c"}],
        "stash_ids": [],
    }
    assert update(stash, id=scene.id, tag_ids=None, title=None)["tags"] == []
    assert stash.scene(scene.id).title == ""
    ids = [{"endpoint": "http://box", "stash_id": "1-2"}]
    assert update(stash, id=scene.id, stash_ids=ids)["stash_ids"] == ids


def test_bulk_modes(stash: Standin) -> None:
    one = stash.add_scene_without_media("/1.mp4", tags=["a"])
    two = stash.add_scene_without_media("/2.mp4", tags=["b"])
    bulk(stash, [one.id, two.id], ["b", "c"], "ADD")
    assert (stash.tags_of(one), stash.tags_of(two)) == (["a", "b", "c"], ["b", "c"])
    bulk(stash, [one.id, two.id], ["b"], "REMOVE")
    assert (stash.tags_of(one), stash.tags_of(two)) == (["a", "c"], ["c"])
    bulk(stash, [one.id], ["z"], "SET")
    assert stash.tags_of(one) == ["z"]


def test_a_failing_mutation_changes_nothing(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4", "T", tags=["a"])
    before = stash.snapshot()
    for value in ({"title": "U", "tag_ids": ["99"]}, {"title": "U", "date": "soon"}, {"title": "U", "studio_id": "x"}):
        with pytest.raises(GraphQLFailed) as failed:
            update(stash, id=scene.id, **value)
        assert failed.value.status == 200
    with pytest.raises(GraphQLFailed, match="no rows"):
        bulk(stash, [scene.id, 99], ["a"], "ADD")
    with pytest.raises(GraphQLFailed, match="scene with id 99 not found"):
        update(stash, id=99, title="U")
    assert {**stash.snapshot(), "tag": {}} == {**before, "tag": {}}


def test_mutations_of_one_document_run_one_after_the_other_and_fail_alone(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4")
    parts = [f'm{n}: sceneUpdate(input: {{id: {scene.id}, title: "{n}"}}) {{ title }}' for n in range(5)]
    parts.insert(2, 'bad: sceneUpdate(input: {id: 99, title: "x"}) { title }')
    with pytest.raises(GraphQLFailed) as failed:
        stash.graphql("mutation { " + " ".join(parts) + " }")
    assert [error["path"] for error in failed.value.errors] == [["bad"]]
    assert stash.scene(scene.id).title == "4"


def test_times_are_whole_seconds_and_an_update_moves_updated_at(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4")
    stash.clock.advance(10)
    query = "mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) { created_at updated_at } }"
    found = stash.graphql(query, {"i": {"id": scene.id, "organized": True}})["sceneUpdate"]
    assert found["updated_at"] > found["created_at"]
    assert "." not in found["updated_at"]


def test_documents_that_do_not_fit_are_refused_whole(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4", "T")
    cases = [
        (f'mutation {{ sceneUpdate(input: {{id: {scene.id}, title: "U"}}) {{ id nonsense }} }}', None),
        (f"mutation {{ sceneUpdate(input: {{id: {scene.id}, nonsense: 1}}) {{ id }} }}", None),
        ("mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) { id } }", {"i": {"id": scene.id, "nonsense": 1}}),
        ("mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) { id } }", {}),
    ]
    for query, variables in cases:
        with pytest.raises(GraphQLFailed) as failed:
            stash.graphql(query, variables)
        assert failed.value.status == 422
        assert failed.value.errors[0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    with pytest.raises(GraphQLFailed) as failed:
        stash.graphql("{ nonsense")
    assert (failed.value.status, failed.value.errors[0]["extensions"]) == (422, {"code": "GRAPHQL_PARSE_FAILED"})
    assert stash.scene(scene.id).title == "T"


def test_markers(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4")
    a, b = stash.tag("a").id, stash.tag("b").id
    create = """mutation($i: SceneMarkerCreateInput!) { sceneMarkerCreate(input: $i) {
      id title seconds end_seconds primary_tag { name } tags { name } scene { id } } }"""
    value = {"title": " x ", "seconds": 1.5, "end_seconds": 1.5, "scene_id": scene.id, "primary_tag_id": a}
    found = stash.graphql(create, {"i": {**value, "tag_ids": [a, b]}})["sceneMarkerCreate"]
    marker_id = found.pop("id")
    assert found == {
        "title": "x",
        "seconds": 1.5,
        "end_seconds": 1.5,
        "primary_tag": {"name": "a"},
        "tags": [{"name": "b"}],
        "scene": {"id": str(scene.id)},
    }
    with pytest.raises(GraphQLFailed, match=r"end_seconds \(1.000000\) must be greater than or equal to seconds \(1.5"):
        stash.graphql(create, {"i": {**value, "end_seconds": 1}})
    change = "mutation($i: SceneMarkerUpdateInput!) { sceneMarkerUpdate(input: $i) { seconds end_seconds } }"
    with pytest.raises(GraphQLFailed, match="must be greater"):
        stash.graphql(change, {"i": {"id": marker_id, "seconds": 2}})
    changed = stash.graphql(change, {"i": {"id": marker_id, "seconds": 2, "end_seconds": None}})
    assert changed["sceneMarkerUpdate"] == {"seconds": 2.0, "end_seconds": None}
    assert stash.markers_of(scene) == [("a", 2.0, None)]
    with pytest.raises(GraphQLFailed, match="primary tag in scene markers"):
        stash.graphql("mutation($id: ID!) { tagDestroy(input: {id: $id}) }", {"id": a})
    stash.graphql("mutation($ids: [ID!]!) { sceneMarkersDestroy(ids: $ids) }", {"ids": [marker_id]})
    assert stash.markers_of(scene) == []
    with pytest.raises(GraphQLFailed, match="not found"):
        stash.graphql("mutation($id: ID!) { sceneMarkerDestroy(id: $id) }", {"id": marker_id})


def test_a_scene_takes_its_markers_with_it(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4")
    stash.add_marker(scene, "a", 1)
    stash.graphql("mutation($id: ID!) { sceneDestroy(input: {id: $id}) }", {"id": scene.id})
    found = stash.snapshot()
    assert (found["scene"], found["marker"]) == ({}, {})
    again = stash.add_scene_without_media("/y.mp4")
    assert again.id > scene.id, "ids are never used again"


def create_tag(stash: Standin, **value: Any) -> dict[str, Any]:
    query = """mutation($i: TagCreateInput!) { tagCreate(input: $i) {
      id name aliases image_path parents { name } children { name } } }"""
    found: dict[str, Any] = stash.graphql(query, {"i": value})["tagCreate"]
    return found


def test_names_and_aliases_of_tags_share_one_namespace(stash: Standin) -> None:
    first = create_tag(stash, name=" Sea ", aliases=["ocean"])
    assert (first["name"], first["aliases"]) == ("Sea", ["ocean"])
    assert first["image_path"].endswith("&default=true")
    for clash, message in (
        ({"name": "sea"}, "tag with name 'sea' already exists"),
        ({"name": "OCEAN"}, "name 'OCEAN' is used as alias for 'Sea'"),
        ({"name": "lake", "aliases": ["sea"]}, "tag with name 'sea' already exists"),
        ({"name": "s_a"}, "tag with name 's_a' already exists"),
        ({"name": "  "}, "tag name must not be blank"),
    ):
        with pytest.raises(GraphQLFailed) as failed:
            create_tag(stash, **clash)
        assert failed.value.errors[0]["message"] == message
    query = "mutation($i: TagUpdateInput!) { tagUpdate(input: $i) { name } }"
    assert stash.graphql(query, {"i": {"id": first["id"], "name": "SEA"}})["tagUpdate"]["name"] == "SEA"
    assert stash.tag_names() == ["SEA"]


def test_the_hierarchy_of_tags_has_no_loops(stash: Standin) -> None:
    top = create_tag(stash, name="top")
    below = create_tag(stash, name="below", parent_ids=[top["id"]])
    assert below["parents"] == [{"name": "top"}]
    query = "mutation($i: TagUpdateInput!) { tagUpdate(input: $i) { parents { name } children { name } } }"
    with pytest.raises(GraphQLFailed, match="cannot apply tag"):
        stash.graphql(query, {"i": {"id": top["id"], "parent_ids": [below["id"]]}})
    more = create_tag(stash, name="more")
    found = stash.graphql(query, {"i": {"id": top["id"], "child_ids": [more["id"]]}})["tagUpdate"]
    assert found == {"parents": [], "children": [{"name": "more"}]}


def test_a_destroyed_tag_leaves_whatever_carried_it(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4", tags=["a", "b"])
    image = stash.add_image(write_picture(stash.library_dir / "i.png"), tags=["a"])
    a = stash.tag("a").id
    stash.graphql("mutation($ids: [ID!]!) { tagsDestroy(ids: $ids) }", {"ids": [a]})
    assert (stash.tags_of(scene), stash.tags_of(image), stash.tag_names()) == (["b"], [], ["b"])


def test_images_and_galleries(stash: Standin) -> None:
    image = stash.add_image(write_picture(stash.library_dir / "i.png"))
    zipped = stash.add_image_in_zip("z.zip", "in.png", picture(3))
    a = stash.tag("a").id
    query = "mutation($i: BulkImageUpdateInput!) { bulkImageUpdate(input: $i) { tags { name } } }"
    stash.graphql(query, {"i": {"ids": [image.id, zipped.id], "tag_ids": {"ids": [a], "mode": "ADD"}}})
    assert stash.tags_of(image) == stash.tags_of(zipped) == ["a"]
    one = "mutation($i: ImageUpdateInput!) { imageUpdate(input: $i) { title } }"
    assert stash.graphql(one, {"i": {"id": image.id, "title": "T"}})["imageUpdate"] == {"title": "T"}
    with pytest.raises(GraphQLFailed, match="cannot add images to zip-based galleries"):
        stash.graphql(one, {"i": {"id": image.id, "gallery_ids": [zipped.gallery_ids[0]]}})
    made = stash.graphql('mutation { galleryCreate(input: {title: "G"}) { id } }')["galleryCreate"]["id"]
    add = "mutation($i: GalleryAddInput!) { addGalleryImages(input: $i) }"
    stash.graphql(add, {"i": {"gallery_id": made, "image_ids": [image.id]}})
    bulk_gallery = "mutation($i: BulkGalleryUpdateInput!) { bulkGalleryUpdate(input: $i) { id image_count } }"
    value = {"ids": [made], "tag_ids": {"ids": [a], "mode": "ADD"}}
    assert stash.graphql(bulk_gallery, {"i": value})["bulkGalleryUpdate"] == [{"id": made, "image_count": 1}]
    assert stash.tags_of(stash.gallery(int(made))) == ["a"]


def test_performers(stash: Standin) -> None:
    query = """mutation($i: PerformerCreateInput!) { performerCreate(input: $i) {
      id name alias_list image_path custom_fields gender } }"""
    value = {"name": "Ada", "alias_list": ["A"], "gender": "FEMALE", "custom_fields": {"x": 1}}
    found = stash.graphql(query, {"i": value})["performerCreate"]
    assert found["image_path"].endswith("&default=true")
    assert (found["alias_list"], found["custom_fields"], found["gender"]) == (["A"], {"x": 1}, "FEMALE")
    with pytest.raises(GraphQLFailed, match="already exists"):
        stash.graphql(query, {"i": {"name": "Ada"}})
    stash.graphql(query, {"i": {"name": "Ada", "disambiguation": "the other"}})
    change = "mutation($i: PerformerUpdateInput!) { performerUpdate(input: $i) { image_path custom_fields } }"
    value = {"id": found["id"], "image": "data:image/png;base64,AAAA", "custom_fields": {"partial": {"y": 2}}}
    changed = stash.graphql(change, {"i": value})["performerUpdate"]
    assert not changed["image_path"].endswith("default=true")
    assert changed["custom_fields"] == {"x": 1, "y": 2}
    with pytest.raises(GraphQLFailed, match="duplicate alias 'ada'"):
        stash.graphql(query, {"i": {"name": "Ada", "disambiguation": "a third", "alias_list": ["ada"]}})


def test_performers_merge_into_one_and_are_destroyed_by_list(stash: Standin) -> None:
    box = "https://box.example/graphql"
    kept = stash.add_performer("Kept", stash_ids=[(box, "a")])
    gone = stash.add_performer("Gone", stash_ids=[(box, "b")], tag_ids=(stash.tag("blond").id,))
    scene = stash.add_scene_without_media("/x.mp4", performer_ids=(gone.id, kept.id))
    merge = (
        "mutation($i: PerformerMergeInput!) { performerMerge(input: $i) { name stash_ids { stash_id } tags { name } } }"
    )
    value = {"source": [gone.id], "destination": kept.id, "values": {"id": kept.id, "name": "Both"}}
    merged = stash.graphql(merge, {"i": value})["performerMerge"]
    assert merged == {"name": "Both", "stash_ids": [{"stash_id": "a"}, {"stash_id": "b"}], "tags": [{"name": "blond"}]}
    assert stash.performers_of(scene) == ["Both"]
    with pytest.raises(GraphQLFailed, match="cannot be in source list"):
        stash.graphql(merge, {"i": {"source": [kept.id], "destination": kept.id}})
    other = stash.add_performer("Other")
    stash.graphql("mutation($ids: [ID!]!) { performersDestroy(ids: $ids) }", {"ids": [kept.id, other.id]})
    assert stash.graphql("{ findPerformers { count } }")["findPerformers"]["count"] == 0
    assert stash.performers_of(scene) == []


def test_a_performers_picture_may_be_fetched_from_a_url(stash: Standin) -> None:
    shown = stash.add_performer("Shown", image=picture(7))
    query = "mutation($i: PerformerCreateInput!) { performerCreate(input: $i) { id } }"
    url = f"{stash.url}/performer/{shown.id}/image"
    made = stash.graphql(query, {"i": {"name": "Fetched", "image": url}})["performerCreate"]
    assert stash.performer(int(made["id"])).image == stash.performer(shown.id).image
    with pytest.raises(GraphQLFailed, match="processing image: http error 404"):
        stash.graphql(query, {"i": {"name": "Missing", "image": f"{stash.url}/performer/999/image"}})
