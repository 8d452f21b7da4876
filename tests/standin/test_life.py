"""Starting, dying, coming back; faults; configuration."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.standin import GraphQLFailed, Standin
from tests.standin.samples import manifest, program

ROOT = Path(__file__).parents[2]


def test_a_restart_keeps_library_and_settings_and_forgets_jobs(tmp_path: Path, video: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l") as stash:
        scene = stash.add_scene(video, "T", tags=["a"])
        stash.add_marker(scene, "a", 1, 2)
        stash.configure_plugin("p", x=1)
        stash.add_plugin("p", manifest(), {"main.py": program("say('begun'); time.sleep(30)")})
        port, before = stash.port, stash.snapshot()
        cookie = stash.connection()["SessionCookie"]["Value"]
        stash.graphql('mutation { runPluginTask(plugin_id: "p") }')
        stash.log.wait_for("begun")
        stash.restart()
        assert (stash.port, stash.snapshot()) == (port, before)
        assert stash.graphql("{ jobQueue { id } configuration { plugins } }") == {
            "jobQueue": None,
            "configuration": {"plugins": {"p": {"x": 1}}},
        }
        assert stash.app.sessions.read(cookie, 3600) is not None, "Stash keeps its key in its configuration"
    with Standin(tmp_path / "c", tmp_path / "l") as again:
        assert again.snapshot() == before
        assert again.tags_of(scene) == ["a"]


def serve(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """A stand-in process and its address."""
    command = [
        sys.executable,
        "-m",
        "tests.standin",
        "--config",
        str(folder / "c"),
        "--library",
        str(folder / "l"),
        *more,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["url"]


def ask(url: str, query: str) -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def test_as_a_process_it_says_where_it_is_survives_a_kill_and_stops_on_sigterm(tmp_path: Path) -> None:
    index = tmp_path / "index.yml"
    index.write_text("[]")
    process, url = serve(tmp_path, "--plugins-source", str(index))
    ask(url, 'mutation { sceneCreate(input: {title: "kept"}) { id } }')
    sources = ask(url, "{ configuration { general { pluginPackageSources { url } } } }")
    assert sources["data"]["configuration"]["general"]["pluginPackageSources"] == [{"url": index.as_uri()}]
    process.kill()
    process.wait(5)
    process, url = serve(tmp_path)
    assert ask(url, "{ findScenes { scenes { title } } }")["data"]["findScenes"]["scenes"] == [{"title": "kept"}]
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    with pytest.raises(OSError):
        ask(url, "{ version { hash } }")


def test_refusing_connections_for_a_while(stash: Standin) -> None:
    with stash.refusing(), pytest.raises(urllib.error.URLError):
        stash.graphql("{ version { hash } }")
    assert stash.graphql("{ version { hash } }")


def test_faults(stash: Standin) -> None:
    scene = stash.add_scene_without_media("/x.mp4")
    change = f'mutation {{ sceneUpdate(input: {{id: {scene.id}, title: "%s"}}) {{ id }} }}'
    stash.faults.add("status", field="sceneUpdate", times=2, status=503)
    assert stash.graphql("{ version { hash } }"), "other fields are spared"
    for _ in range(2):
        with pytest.raises(GraphQLFailed) as failed:
            stash.graphql(change % "never")
        assert failed.value.status == 503
    assert stash.scene(scene.id).title == ""
    for kind, title in (("drop_before", ""), ("drop_after", "after"), ("drop_midway", "midway")):
        stash.faults.add(kind)
        with pytest.raises((http.client.HTTPException, OSError)):
            stash.graphql(change % kind.removeprefix("drop_"))
        assert stash.scene(scene.id).title == title
    stash.faults.add("delay", seconds=0.2)
    began = time.monotonic()
    stash.graphql(change % "late")
    assert time.monotonic() - began > 0.2
    stash.faults.add("status")
    stash.faults.clear()
    assert stash.graphql("{ version { hash } }")


def test_the_log_of_requests(stash: Standin) -> None:
    stash.graphql(
        "query Find($p: FindFilterType) { a: findScenes(filter: $p) { count } findTags { count } }", {"p": {}}
    )
    stash.add_plugin("p", manifest(), {"main.py": program("answer(ask('query Mine { version { hash } }'))")})
    stash.run_operation("p")
    assert stash.requests.counts() == {"findScenes": 1, "findTags": 1, "version": 1, "runPluginOperation": 1}
    (found,) = stash.requests.all(operation="Find")
    assert (found.fields, found.variables, found.from_plugin) == (("findScenes", "findTags"), {"p": {}}, False)
    assert stash.requests.counts(from_plugin=True) == {"version": 1}
    assert [request.fields for request in stash.requests.mutations()] == [("runPluginOperation",)]


def test_plugin_settings_are_replaced_whole_and_absent_until_set(stash: Standin) -> None:
    text = "name: P\nsettings: {a: {type: NUMBER, displayName: A}, b: {type: BOOLEAN}}"
    stash.add_plugin("p", text)
    settings = stash.graphql("{ plugins { settings { name display_name type } } }")["plugins"][0]["settings"]
    assert settings == [
        {"name": "a", "display_name": "A", "type": "NUMBER"},
        {"name": "b", "display_name": "", "type": "BOOLEAN"},
    ]

    def saved() -> Any:
        return stash.graphql('{ configuration { plugins(include: ["p"]) } }')["configuration"]["plugins"]

    assert saved() == {}
    query = 'mutation($i: Map!) { configurePlugin(plugin_id: "p", input: $i) }'
    assert stash.graphql(query, {"i": {"a": 1, "undeclared": [1.5]}})["configurePlugin"] == {
        "a": 1,
        "undeclared": [1.5],
    }
    stash.graphql(query, {"i": {"b": True}})
    assert saved() == {"p": {"b": True}}
    with pytest.raises(GraphQLFailed) as failed:
        stash.graphql(query, {"i": "text"})
    assert failed.value.status == 422


def test_ui_settings_and_general_ones(stash: Standin, tmp_path: Path) -> None:
    stash.graphql("mutation($p: Map) { configureUI(partial: $p) }", {"p": {"vrTag": "VR", "x": {"y": 1}}})
    stash.graphql('mutation { configureUISetting(key: "x.z", value: 2) }')
    assert stash.graphql("{ configuration { ui } }")["configuration"]["ui"] == {"vrTag": "VR", "x": {"y": 1, "z": 2}}
    query = """mutation($i: ConfigGeneralInput!) { configureGeneral(input: $i) {
      stashBoxes { name endpoint api_key max_requests_per_minute } parallelTasks stashes { path excludeVideo } } }"""
    boxes = [{"endpoint": "https://box.example/graphql", "api_key": "k", "name": "box"}]
    stashes = [{"path": str(tmp_path), "excludeVideo": False, "excludeImage": False}]
    value = {"stashBoxes": boxes, "parallelTasks": 3, "stashes": stashes}
    found = stash.graphql(query, {"i": value})["configureGeneral"]
    assert found["stashBoxes"] == [{**boxes[0], "max_requests_per_minute": 240}]
    assert (found["parallelTasks"], found["stashes"]) == (3, [{"path": str(tmp_path), "excludeVideo": False}])
    with pytest.raises(GraphQLFailed, match="no such file"):
        stash.graphql(query, {"i": {"stashes": [{**stashes[0], "path": "/no/such"}]}})


def test_keys_need_a_user(tmp_path: Path) -> None:
    with Standin(tmp_path / "a", tmp_path / "l") as open_to_all:
        assert open_to_all.graphql("mutation { generateAPIKey(input: {}) }") == {"generateAPIKey": ""}
    with Standin(tmp_path / "b", tmp_path / "l", username="u", password="p", api_key="old") as locked:
        key = locked.graphql("mutation { generateAPIKey(input: {}) }")["generateAPIKey"]
        assert key not in ("", "old")
        found = locked.graphql("{ configuration { general { apiKey password username } } }")["configuration"]["general"]
        assert (found["apiKey"], found["username"]) == (key, "u")
        assert found["password"] != "p"


def test_a_relative_plugins_path_gives_a_relative_plugin_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Standin(tmp_path / "c", tmp_path / "l", plugins_path=Path("plugins")) as stash:
        stash.add_plugin("p", manifest(), {"main.py": program("answer(connection['PluginDir'])")})
        assert stash.run_operation("p") == str(Path("plugins") / "p")


def test_bad_requests(stash: Standin) -> None:
    for body, content_type, status in (
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"query": 5}', "application/json", 400),
        ('{"query": "{ version { hash } }"}', "text/plain", 400),
        ("{}", "application/json", 422),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", stash.port, timeout=5)
        connection.request("POST", "/graphql", body, {"Content-Type": content_type})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["data"]) == (status, None), body
        connection.close()
    for path, status in (
        ("/graphql?query=%7Bversion%7Bhash%7D%7D", 200),
        ("/graphql?query=mutation%7BstopAllJobs%7D", 406),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", stash.port, timeout=5)
        connection.request("GET", path)
        assert connection.getresponse().status == status
        connection.close()
