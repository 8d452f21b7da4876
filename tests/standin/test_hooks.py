"""Hooks run inside what triggers them, one after the other."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

from tests.standin import Standin
from tests.standin.samples import manifest, post, program

UPDATE = "mutation($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id title } }"
NOTE = """
with open({file!r}, "a") as file:
    file.write(json.dumps(args) + "\\n")
answer(None)
"""


def add(stash: Standin, plugin_id: str, triggers: list[str], body: str | None = None, **more: Any) -> Path:
    """A plugin that notes its args in a file, one line each; the file."""
    file = stash.settings.config_dir / f"{plugin_id}.jsonl"
    text = program(body if body is not None else NOTE.format(file=str(file)))
    stash.add_plugin(plugin_id, manifest(name=plugin_id, hooks={"h": triggers}, **more), {"main.py": text})
    return file


def noted(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_hooks_of_all_plugins_run_in_series_before_the_answer(stash: Standin) -> None:
    order = stash.settings.config_dir / "order"
    body = f"""
    with open({str(order)!r}, "a") as file:
        file.write(connection["PluginDir"][-1] + "(")
        file.flush()
        time.sleep(0.1)
        file.write(")")
    """
    for plugin_id in "ab":
        add(stash, plugin_id, ["Scene.Update.Post"], body)
    scene = stash.add_scene_without_media("/x.mp4")
    stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "T"}})
    assert order.read_text() == "a()b()"


def test_an_update_says_every_key_and_which_of_them_were_given(stash: Standin) -> None:
    file = add(stash, "p", ["Scene.Update.Post"])
    scene = stash.add_scene_without_media("/x.mp4")
    stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "T", "rating100": None}})
    (args,) = noted(file)
    context = args["hookContext"]
    assert (context["id"], context["type"]) == (scene.id, "Scene.Update.Post")
    assert sorted(context["inputFields"]) == ["id", "rating100", "title"]
    assert context["input"]["title"] == "T"
    assert context["input"]["tag_ids"] is None
    assert context["input"]["id"] == str(scene.id)
    assert "mode" not in args


def test_a_bulk_update_starts_one_process_per_scene_with_the_bulk_input(stash: Standin) -> None:
    file = add(stash, "p", ["Scene.Update.Post"])
    scenes = [stash.add_scene_without_media(f"/{n}.mp4") for n in range(3)]
    tag = stash.add_tag("t")
    ids = [str(scene.id) for scene in scenes]
    value = {"ids": ids, "tag_ids": {"ids": [str(tag.id)], "mode": "ADD"}, "title": None}
    query = "mutation($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }"
    stash.graphql(query, {"input": value})
    found = [args["hookContext"] for args in noted(file)]
    assert [context["id"] for context in found] == [scene.id for scene in scenes]
    for context in found:
        # gqlgen's own structs leave out what is null.
        assert context["input"] == {"ids": ids, "tag_ids": {"ids": [str(tag.id)], "mode": "ADD"}}
        assert sorted(context["inputFields"]) == ["ids", "tag_ids", "title"]


def test_creating_and_destroying_say_what_stash_says(stash: Standin, video: Path) -> None:
    triggers = [f"{kind}.{what}.Post" for kind in ("Scene", "SceneMarker", "Tag") for what in ("Create", "Destroy")]
    file = add(stash, "p", triggers)
    scene = stash.add_scene(video)
    path, oshash = stash.file_of(scene).path, stash.file_of(scene).oshash
    tag = stash.graphql('mutation { tagCreate(input: {name: "t", aliases: []}) { id } }')["tagCreate"]["id"]
    query = "mutation($i: SceneMarkerCreateInput!) { sceneMarkerCreate(input: $i) { id } }"
    value = {"title": "", "seconds": 0.5, "scene_id": str(scene.id), "primary_tag_id": tag}
    marker = stash.graphql(query, {"i": value})["sceneMarkerCreate"]["id"]
    stash.graphql("mutation($id: ID!) { sceneMarkerDestroy(id: $id) }", {"id": marker})
    stash.graphql("mutation($id: ID!) { tagDestroy(input: {id: $id}) }", {"id": tag})
    stash.graphql("mutation($id: ID!) { sceneDestroy(input: {id: $id}) }", {"id": scene.id})
    stash.graphql('mutation { sceneCreate(input: {title: "made"}) { id } }')
    found = {args["hookContext"]["type"]: args["hookContext"] for args in noted(file)}
    assert found["Tag.Create.Post"]["input"] == {"name": "t"}
    assert found["SceneMarker.Create.Post"]["input"] == value
    assert found["SceneMarker.Destroy.Post"]["input"] == [marker]
    assert found["Tag.Destroy.Post"]["input"] == {"id": tag}
    destroyed = {"id": str(scene.id), "delete_file": None, "delete_generated": None}
    assert found["Scene.Destroy.Post"]["input"] == {**destroyed, "checksum": "", "oshash": oshash, "path": path}
    assert found["Scene.Create.Post"]["input"] is None
    assert all("inputFields" not in context for context in found.values())


def test_activity_fires_no_hooks(stash: Standin) -> None:
    file = add(stash, "p", ["Scene.Update.Post"])
    scene = stash.add_scene_without_media("/x.mp4")
    stash.graphql(f"mutation {{ sceneSaveActivity(id: {scene.id}, resume_time: 3, playDuration: 2) }}")
    stash.graphql(f"mutation {{ sceneAddPlay(id: {scene.id}) {{ count }} sceneAddO(id: {scene.id}) {{ count }} }}")
    assert noted(file) == []
    found = stash.scene(scene.id)
    assert (found.resume_time, found.play_duration, len(found.play_history_s)) == (3.0, 2.0, 1)


LOOP = """
context = args["hookContext"]
depth = context["input"]["title"]
with open(FILE, "a") as file:
    file.write(depth + "\\n")
ask(UPDATE, {"input": {"id": context["id"], "title": depth + "x"}}, cookie=COOKIE, key=KEY)
answer(1)
"""


def loop(file: Path, cookie: bool, key: str | None) -> str:
    """A hook that notes how deep it is and updates its own scene."""
    return f"FILE, UPDATE, COOKIE, KEY = {str(file)!r}, {UPDATE!r}, {cookie}, {key!r}\n" + LOOP


def test_the_loop_guard_ends_a_hook_that_updates_its_own_scene_after_ten(stash: Standin) -> None:
    file = stash.settings.config_dir / "depths"
    add(stash, "p", ["Scene.Update.Post"], loop(file, cookie=True, key=None))
    scene = stash.add_scene_without_media("/x.mp4")
    stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "x"}})
    assert len(file.read_text().splitlines()) == 10
    assert stash.log.has("cyclic loop detected", "debug")
    assert stash.scene(scene.id).title == "x" * 11


def test_an_api_key_without_the_cookie_is_not_guarded(tmp_path: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l", username="u", password="p", api_key="key") as stash:
        file = stash.settings.config_dir / "depths"
        endless = loop(file, cookie=False, key="key")
        guard = "\nif len(args['hookContext']['input']['title']) > 12: answer(1); sys.exit()\n"
        add(stash, "p", ["Scene.Update.Post"], guard + endless)
        scene = stash.add_scene_without_media("/x.mp4")
        stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "x"}})
        assert len(file.read_text().splitlines()) == 12
        assert not stash.log.has("cyclic loop detected")


def test_with_key_and_cookie_the_guard_holds(tmp_path: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l", username="u", password="p", api_key="key") as stash:
        file = stash.settings.config_dir / "depths"
        add(stash, "p", ["Scene.Update.Post"], loop(file, cookie=True, key="key"))
        scene = stash.add_scene_without_media("/x.mp4")
        stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "x"}})
        assert len(file.read_text().splitlines()) == 10


def test_a_hook_that_fails_is_logged_and_the_next_plugin_is_still_told(stash: Standin) -> None:
    add(stash, "a", ["Scene.Update.Post"], "answer(error='no'); sys.exit(1)")
    file = add(stash, "b", ["Scene.Update.Post"])
    scene = stash.add_scene_without_media("/x.mp4")
    stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "T"}})
    assert stash.log.has("Scene.Update.Post [a]: returned error: no", "error")
    assert len(noted(file)) == 1


def test_a_hook_that_cannot_start_keeps_the_event_from_the_plugins_after_it(stash: Standin) -> None:
    add(stash, "a", ["Scene.Update.Post"], exec=["no such program"])
    file = add(stash, "b", ["Scene.Update.Post"])
    scene = stash.add_scene_without_media("/x.mp4")
    assert stash.graphql(UPDATE, {"input": {"id": scene.id, "title": "T"}})["sceneUpdate"]["title"] == "T"
    assert noted(file) == []
    assert stash.log.has("error executing post hooks", "error")


def test_a_client_that_hangs_up_kills_the_hook_and_what_follows_but_its_change_stays(stash: Standin) -> None:
    add(stash, "a", ["Scene.Update.Post"], "say('begun'); time.sleep(30)")
    file = add(stash, "b", ["Scene.Update.Post"])
    scene = stash.add_scene_without_media("/x.mp4")
    query = f'mutation {{ a: sceneUpdate(input: {{id: {scene.id}, title: "A"}}) {{ id }}'
    query += f' b: sceneUpdate(input: {{id: {scene.id}, title: "B"}}) {{ id }} }}'
    body = json.dumps({"query": query}).encode()
    with socket.create_connection(("127.0.0.1", stash.port)) as client:
        client.sendall(post(body))
        stash.log.wait_for("begun")
    stash.log.wait_for("error executing post hooks: operation cancelled")
    stash.requests.wait_for("sceneUpdate")
    assert stash.scene(scene.id).title == "A"
    assert noted(file) == []


def test_a_hook_sees_what_was_committed_and_may_write_itself(stash: Standin) -> None:
    body = """
    found = ask("{ findScene(id: %d) { title } }" % args["hookContext"]["id"])["data"]["findScene"]["title"]
    if found == "T":
        ask('mutation { sceneUpdate(input: {id: %d, details: "seen %s"}) { id } }' % (args["hookContext"]["id"], found))
    """
    add(stash, "p", ["Scene.Update.Post"], body)
    scene = stash.add_scene_without_media("/x.mp4")
    began = time.monotonic()
    answer = stash.graphql(
        "mutation($i: SceneUpdateInput!) { sceneUpdate(input: $i) { title details } }",
        {"i": {"id": scene.id, "title": "T"}},
    )
    assert answer["sceneUpdate"] == {"title": "T", "details": "seen T"}, "the answer is read after the hooks"
    assert time.monotonic() - began < 10


def test_no_process_outlives_its_mutation(stash: Standin) -> None:
    add(stash, "p", ["Tag.Create.Post"], "answer(os.getpid())")
    stash.graphql('mutation { a: tagCreate(input: {name: "a"}) { id } b: tagCreate(input: {name: "b"}) { id } }')
    assert [run.kind for run in stash.runs()] == ["hook", "hook"]


def test_performers_fire_hooks_but_for_a_merge(stash: Standin) -> None:
    triggers = [f"Performer.{event}.Post" for event in ("Create", "Update", "Destroy", "Merge")]
    file = add(stash, "p", triggers)
    create = "mutation($i: PerformerCreateInput!) { performerCreate(input: $i) { id } }"
    ids = [int(stash.graphql(create, {"i": {"name": name}})["performerCreate"]["id"]) for name in "abc"]
    update = "mutation($i: PerformerUpdateInput!) { performerUpdate(input: $i) { id } }"
    stash.graphql(update, {"i": {"id": ids[0], "image": "data:image/png;base64,AAAA"}})
    merge = "mutation($i: PerformerMergeInput!) { performerMerge(input: $i) { id } }"
    stash.graphql(merge, {"i": {"source": [ids[1]], "destination": ids[0]}})
    stash.graphql("mutation($ids: [ID!]!) { performersDestroy(ids: $ids) }", {"ids": [ids[0], ids[2]]})
    contexts = [args["hookContext"] for args in noted(file)]
    assert [(context["type"], context["id"]) for context in contexts] == [
        *(("Performer.Create.Post", performer_id) for performer_id in ids),
        ("Performer.Update.Post", ids[0]),
        ("Performer.Destroy.Post", ids[0]),
        ("Performer.Destroy.Post", ids[2]),
    ]
    assert sorted(contexts[3]["inputFields"]) == ["id", "image"]
    assert contexts[-1]["input"] == [str(ids[0]), str(ids[2])]
