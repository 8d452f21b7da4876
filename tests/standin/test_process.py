"""The raw interface: what a plugin process gets and what becomes of what it says."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.standin import GraphQLFailed, Standin
from tests.standin.plugins.process import decode_output
from tests.standin.samples import manifest, post, program


def add(stash: Standin, body: str, **more: Any) -> Path:
    """A plugin called p."""
    return stash.add_plugin("p", manifest(**more), {"main.py": program(body)})


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_dead(pid: int, timeout_s: float = 5) -> None:
    deadline = time.monotonic() + timeout_s
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} lives on"
        time.sleep(0.01)


def test_input_is_one_document_and_the_environment_is_the_servers(stash: Standin) -> None:
    body = "answer({'document': document, 'cwd': os.getcwd(), 'path': os.environ['PYTHONPATH'], 'argv': sys.argv})"
    folder = add(stash, body, exec=["python3", "-X", "utf8", "{pluginDir}/main.py", "x={pluginDir}"])
    found = stash.run_operation("p", {"text": "ü", "deep": {"list": [1, 2.5, None, True]}})
    connection = found["document"]["server_connection"]
    assert found["document"]["args"] == {"text": "ü", "deep": {"list": [1, 2.5, None, True]}}
    assert (connection["Scheme"], connection["Host"], connection["Port"]) == ("http", "0.0.0.0", stash.port)
    assert connection["Dir"] == str(stash.settings.config_dir)
    assert connection["PluginDir"] == str(folder)
    assert (connection["SessionCookie"]["Name"], connection["SessionCookie"]["Path"]) == ("session", "")
    assert found["cwd"] == str(Path.cwd())
    assert found["path"].split(os.pathsep)[-1] == str(folder.parent)
    assert found["argv"] == [f"{folder}/main.py", f"x={folder}"]


def test_the_plugins_cookie_opens_the_api(tmp_path: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l", username="me", password="secret", api_key="key") as stash:
        add(stash, "answer(ask('{ systemStatus { status } }'))")
        assert stash.run_operation("p") == {"data": {"systemStatus": {"status": "OK"}}}
        (request,) = stash.requests.all(from_plugin=True)
        assert request.fields == ("systemStatus",)


def test_default_args_fill_what_the_caller_left_out_but_never_for_operations(stash: Standin) -> None:
    add(stash, "say('got ' + json.dumps(args, sort_keys=True)); answer(args)", tasks={"T": {"mode": "a", "n": "1"}})
    stash.run_task("p", "T", {"n": 5})
    assert stash.log.has('got {"mode": "a", "n": 5}', "info")
    stash.run_task("p", None, {"x": 1})
    assert stash.log.has('got {"x": 1}')
    assert stash.run_operation("p", {"x": 1}) == {"x": 1}


def test_exec_args_are_appended_for_a_named_task(stash: Standin) -> None:
    folder = add(stash, "say('argv ' + ' '.join(sys.argv[1:]))")
    text = manifest().removesuffix("}") + ', "tasks": [{"name": "T", "execArgs": ["--one", "{pluginDir}"]}]}'
    (folder / "p.yml").write_text(text, "utf-8")
    stash.reload_plugins()
    stash.run_task("p", "T")
    assert stash.log.has(f"argv --one {folder}")


@pytest.mark.parametrize(
    ("stdout", "output", "error"),
    [
        (b'{"output": {"a": 1}, "error": null}', {"a": 1}, None),
        (b'{"Output": 1, "ERROR": "x", "more": 2}', 1, "x"),
        (b'{"something": "else"}', None, None),
        (b"null", None, None),
        (b"", "", None),
        (b"[1]", "[1]", None),
        (b"hello\n", "hello\n", None),
        (b'{"output": NaN}', '{"output": NaN}', None),
        (b'debug\n{"output": 1}', 'debug\n{"output": 1}', None),
        (b'{"output": 1, "error": 5}', '{"output": 1, "error": 5}', None),
        (b'{"output": 9007199254740993}', 9007199254740992, None),
        (b'{"output": "\xff"}', "�", None),
    ],
)
def test_stdout_is_decoded_as_go_decodes_it(stdout: bytes, output: Any, error: str | None) -> None:
    found = decode_output(stdout)
    assert (found.output, found.error) == (output, error)


def test_an_operations_error_and_exit_status_are_graphql_errors(stash: Standin) -> None:
    add(stash, "answer(error=args.get('error'), output='x'); sys.exit(args['code'])")
    for args, message in (
        ({"error": "own words", "code": 0}, "own words"),
        ({"error": "own words", "code": 3}, "own words"),
        ({"code": 3}, "exit status 3"),
    ):
        with pytest.raises(GraphQLFailed) as failed:
            stash.run_operation("p", args)
        assert failed.value.errors == [{"message": message, "path": ["runPluginOperation"]}]


def test_nobody_answers_for_an_unknown_or_disabled_plugin(stash: Standin) -> None:
    with pytest.raises(GraphQLFailed, match=r"Internal system error\. Error <runtime error"):
        stash.run_operation("nobody")
    add(stash, "answer(1)")
    stash.graphql("mutation { setPluginsEnabled(enabledMap: {p: false}) }")
    assert stash.graphql("{ plugins { id enabled } }") == {"plugins": [{"id": "p", "enabled": False}]}
    with pytest.raises(GraphQLFailed, match="plugin p is disabled"):
        stash.run_operation("p")
    assert stash.run_task("p").status == "FAILED"


def test_a_failed_task_is_finished_all_the_same(stash: Standin) -> None:
    add(stash, "answer(error='it broke'); sys.exit(1)")
    job = stash.run_task("p")
    assert (job.status, job.error) == ("FINISHED", None)
    assert stash.log.has("Plugin returned error: it broke", "error")


@pytest.mark.parametrize(
    ("plugin", "task", "error"),
    [
        ("nobody", None, "Error creating plugin task: no plugin with ID nobody"),
        ("p", "No such task", "Error creating plugin task: no task with name No such task in plugin Test"),
        ("q", None, "Error running plugin task: error running plugin: "),
        ("empty", None, "Error running plugin task: empty exec value"),
    ],
)
def test_a_task_fails_only_if_it_cannot_begin(stash: Standin, plugin: str, task: str | None, error: str) -> None:
    add(stash, "answer(1)")
    stash.add_plugin("q", 'exec: ["no such program"]')
    stash.add_plugin("empty", "name: Empty")
    job = stash.run_task(plugin, task)
    assert job.status == "FAILED"
    assert (job.error or "").startswith(error)


def test_what_the_job_is_called(stash: Standin) -> None:
    add(stash, "answer(1)", tasks={"T": None})
    query = 'mutation($t: String, $d: String) { runPluginTask(plugin_id: "p", task_name: $t, description: $d) }'
    found = []
    for variables in ({}, {"t": "T"}, {"t": "T", "d": "Said so"}):
        job_id = stash.graphql(query, variables)["runPluginTask"]
        assert isinstance(job_id, str)
        found.append(stash.app.jobs.wait_for(int(job_id)).description)
    assert found == ["Running plugin task: p", "Running plugin task: T", "Running plugin task: Said so"]


def test_log_lines_have_levels_and_progress_moves_the_job(stash: Standin) -> None:
    body = """
    for level in "tdiwe":
        say("level " + level, level)
    sys.stderr.write("plain\\n\\x01x\\x02odd\\n\\n\\x01i\\x02\\n")
    say("0.25", "p")
    say("soon", "p")
    sys.stderr.write("without an end")
    """
    add(stash, body, errLog="warning")
    job = stash.run_task("p")
    assert job.progress == 0.25
    lines = [(line.level, line.message.removeprefix("[Plugin / Test] ")) for line in stash.log.lines()]
    for level, letter in (("trace", "t"), ("debug", "d"), ("info", "i"), ("warning", "w"), ("error", "e")):
        assert (level, f"level {letter}") in lines
    for text in ("plain", "\x01x\x02odd", "\x01i\x02", "without an end"):
        assert ("warning", text) in lines
    assert stash.log.has("Error parsing progress value 'soon'", "error")
    logs = stash.graphql("{ logs { level message } }")["logs"]
    assert {"level": "Warning", "message": "[Plugin / Test] without an end"} in logs
    assert not any(line["level"] in ("Trace", "Debug") for line in logs)


def test_a_line_of_64_kib_closes_the_pipe(stash: Standin) -> None:
    body = """
    say("x" * (64 * 1024 - 4))
    say("still heard")
    say("x" * (64 * 1024 - 3))
    time.sleep(0.2)
    try:
        for _ in range(100):
            say("never heard")
            time.sleep(0.01)
        answer("went on")
    except BrokenPipeError:
        answer("broken pipe")
        os._exit(0)
    """
    add(stash, body)
    assert stash.run_operation("p") == "broken pipe"
    assert stash.log.has("still heard")
    assert not stash.log.has("never heard")


def test_stop_kills_the_process_and_not_its_children(stash: Standin, tmp_path: Path) -> None:
    body = f"""
    import subprocess
    child = subprocess.Popen(["sleep", "30"], stdin=-3, stdout=-3, stderr=-3, start_new_session=True)
    open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
    say("begun")
    time.sleep(30)
    """
    add(stash, body)
    job_id = stash.app.runner.run_task(_asker(stash), "p", None, None, {})
    stash.log.wait_for("begun")
    stash.graphql("mutation($id: ID!) { stopJob(job_id: $id) }", {"id": job_id})
    assert stash.app.jobs.wait_for(job_id, 2).status == "CANCELLED"
    wait_until_dead(stash.runs("task")[0].pid)
    child = int((tmp_path / "child").read_text())
    assert is_alive(child)
    os.kill(child, 9)


def test_a_grandchild_that_inherits_stdout_hangs_the_queue(stash: Standin) -> None:
    body = """
    import subprocess
    redirected = {"stdin": -3, "stdout": -3, "stderr": -3} if args["redirect"] else {}
    subprocess.Popen(["sleep", "0.6"], start_new_session=True, **redirected)
    """
    add(stash, body)
    took_s = {}
    for redirect in (True, False):
        began = time.monotonic()
        stash.run_task("p", None, {"redirect": redirect})
        took_s[redirect] = time.monotonic() - began
    assert took_s[True] < 0.5
    assert took_s[False] > 0.55


def test_an_operation_dies_with_its_client(stash: Standin) -> None:
    add(stash, "say('begun'); time.sleep(30)")
    body = b'{"query": "mutation { runPluginOperation(plugin_id: \\"p\\") }"}'
    with socket.create_connection(("127.0.0.1", stash.port)) as client:
        client.sendall(post(body))
        stash.log.wait_for("begun")
    wait_until_dead(stash.runs("operation")[0].pid)


def test_operations_run_at_the_same_time_and_beside_a_task(stash: Standin) -> None:
    body = """
    if args.get("wait"):
        say("task runs")
        while not os.path.exists(args["wait"]):
            time.sleep(0.01)
    answer("done")
    """
    add(stash, body)
    flag = stash.settings.config_dir / "flag"
    job_id = stash.app.runner.run_task(_asker(stash), "p", None, None, {"wait": str(flag)})
    stash.log.wait_for("task runs")
    assert stash.run_operation("p") == "done"
    flag.touch()
    assert stash.app.jobs.wait_for(job_id).status == "FINISHED"


def test_a_task_may_queue_itself_again(stash: Standin) -> None:
    query = 'mutation { runPluginTask(plugin_id: "p", args_map: {again: false}) }'
    add(stash, f"answer(ask({query!r})) if args['again'] else say('second run')")
    stash.run_task("p", None, {"again": True})
    stash.wait_for_jobs()
    assert stash.log.has("second run")


def test_the_configured_python_must_be_a_file(stash: Standin) -> None:
    add(stash, "answer(sys.version_info[0])")
    stash.settings.set(python_path="/no/such/python")
    assert stash.run_operation("p") == 3
    assert stash.log.has("configured python path is not a file: /no/such/python", "warning")


def test_js_and_rpc_plugins_cannot_start_here(stash: Standin) -> None:
    stash.add_plugin("j", "name: J\ninterface: js\nexec: [x.js]")
    assert stash.run_task("j").status == "FAILED"


def _asker(stash: Standin) -> Any:
    from tests.standin.asker import Asker
    from tests.standin.sessions import Session

    return Asker(Session(""), stash.url)
