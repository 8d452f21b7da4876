"""A real sidecar, started by short processes as Stash starts ours: once, apart from them, and found again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.setup import address, launch, owner, sources
from plugin.setup.launch import LaunchError, LaunchPlan, Running
from protos import models_pb2
from scripts.sidecar_client import Access, SidecarClient

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="reads /proc and sends signals")

SHORT_PROCESS = """import sys
sys.path.insert(0, sys.argv[1])
from plugin.setup.launch import LaunchPlan, ensure_running
from tests.setup.test_launch import is_healthy
running = ensure_running(LaunchPlan(sys.executable, sys.argv[2], sys.argv[3]), is_healthy, lambda text: None)
print(running.pid, running.started, flush=True)"""


def is_healthy(address: str, token: str) -> bool:
    client = SidecarClient(Access(address, token or None))
    try:
        return client.is_serving(timeout_s=1.0)
    finally:
        client.close()


@pytest.fixture
def plan(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[LaunchPlan]:
    """Of a plugin that is installed somewhere, for a data folder whose path is short enough for a socket."""
    folder = tmp_path_factory.mktemp("d")
    for name in sources._files(str(ROOT)):
        (folder / "plugin" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / "plugin" / name)
    data = folder / "data" / "sidecar"
    data.mkdir(parents=True)
    (data / "cache").symlink_to(model_cache)
    yield LaunchPlan(sys.executable, str(folder / "plugin"), str(data))
    launch.stop(str(data))


def ensure(plan: LaunchPlan, restart: bool = False, said: list[str] | None = None) -> Running:
    return launch.ensure_running(plan, is_healthy, (said if said is not None else []).append, restart)


def test_it_starts_once_is_found_again_and_stops(plan: LaunchPlan) -> None:
    assert launch.current(plan.data_dir) is None
    first = ensure(plan)
    assert first.started
    assert first.address == f"unix:{plan.data_dir}/sidecar.sock"
    assert first.token == ""
    assert ensure(plan) == replace(first, started=False)
    assert launch.current(plan.data_dir) == replace(first, started=False)
    assert launch.stop(plan.data_dir)
    assert launch.current(plan.data_dir) is None
    assert not launch.stop(plan.data_dir)
    assert "stopped" in Path(launch.log_file_of(plan.data_dir)).read_text()


def test_of_many_that_need_it_at_once_one_starts_it_and_none_waits_for_its_end(plan: LaunchPlan) -> None:
    command = [sys.executable, "-c", SHORT_PROCESS, str(ROOT), plan.sources, plan.data_dir]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    # communicate() ends at the end of the stream: a sidecar that had inherited it would hold it open.
    said = [process.communicate(timeout=60)[0].split() for process in processes]
    assert len({pid for pid, _ in said}) == 1
    assert sorted(started for _, started in said) == ["False", "False", "False", "True"]
    pid = int(said[0][0])
    assert os.getsid(pid) == pid
    streams = [Path(f"/proc/{pid}/fd/{n}").readlink() for n in (0, 1, 2)]
    assert [str(path) for path in streams] == [os.devnull, *[launch.log_file_of(plan.data_dir)] * 2]


def test_a_launcher_that_is_killed_leaves_no_lock_behind(plan: LaunchPlan) -> None:
    command = [sys.executable, "-c", SHORT_PROCESS, str(ROOT), plan.sources, plan.data_dir]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not owner.is_owned(plan.data_dir) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    running = ensure(plan)
    assert not running.started
    assert running.pid != process.pid


def test_one_that_has_not_taken_its_folder_yet_is_stopped_too(plan: LaunchPlan) -> None:
    command = [sys.executable, "-c", SHORT_PROCESS, str(ROOT), plan.sources, plan.data_dir]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    note = Path(plan.data_dir) / launch.SPAWNED_NAME
    deadline = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.kill()
    process.wait()
    spawned = int(note.read_text())
    launch.stop(plan.data_dir)
    assert not Path(f"/proc/{spawned}/cmdline").exists() or not Path(f"/proc/{spawned}/cmdline").read_bytes()
    assert not launch.stop(plan.data_dir)


def test_those_who_look_at_the_same_moment_see_no_owner_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / owner.LOCK_NAME).touch()
    (tmp_path / owner.OWNER_NAME).write_text("1\n0\nunix:/gone\n\n\n")  # As a kill leaves it.
    look = f"""import sys; sys.path.insert(0, {str(ROOT)!r})
from plugin.setup.owner import owner_of
print([owner_of({str(tmp_path)!r}) for _ in range(5000)].count(None))"""
    lookers = [subprocess.Popen([sys.executable, "-c", look], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [looker.communicate()[0] for looker in lookers] == ["5000\n"] * 3


def test_after_a_kill_it_is_started_anew(plan: LaunchPlan) -> None:
    first = ensure(plan)
    os.kill(first.pid, signal.SIGKILL)
    while owner.is_owned(plan.data_dir):
        time.sleep(0.01)
    assert launch.current(plan.data_dir) is None
    second = ensure(plan)
    assert second.started
    assert second.pid != first.pid


def test_other_arguments_or_sources_restart_it_only_when_asked(plan: LaunchPlan, tmp_path: Path) -> None:
    first = ensure(plan)
    wider = replace(plan, media_roots=(str(tmp_path),), allowed_origins=("http://127.0.0.1:9999",))
    assert ensure(wider).pid == first.pid
    said: list[str] = []
    second = ensure(wider, True, said)
    assert second.started
    assert second.pid != first.pid
    assert said[0].startswith("The sidecar runs with other settings")
    assert ensure(wider, True).pid == second.pid
    copies = [name for name in os.listdir(plan.data_dir) if name.startswith("src-")]  # noqa: PTH208
    assert len(copies) == 1

    (Path(plan.sources) / "sidecar" / "version.py").write_text('VERSION = "9.9.9"\n')
    assert (Path(plan.data_dir) / copies[0] / "sidecar" / "version.py").read_text() != 'VERSION = "9.9.9"\n'
    third = ensure(wider, True)
    assert third.version == "9.9.9"
    assert [name for name in os.listdir(plan.data_dir) if name.startswith("src-")] != copies  # noqa: PTH208


def test_one_that_a_person_started_is_used_and_left_alone(plan: LaunchPlan) -> None:
    command = [sys.executable, "-m", "sidecar", f"--data={plan.data_dir}", "--listen=127.0.0.1:0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert ensure(plan, True).pid == process.pid
    launch.stop(plan.data_dir)
    assert process.wait(30) == 0
    process.stdout.close()


def test_where_sockets_do_not_work_it_listens_on_loopback_with_a_token(
    plan: LaunchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_sockets_work_in", lambda folder: False)
    running = ensure(plan)
    assert running.address.startswith("127.0.0.1:")
    assert len(running.token) == 64
    assert Path(address.token_file_of(plan.data_dir)).stat().st_mode & 0o777 == 0o600
    assert is_healthy(running.address, running.token)
    client = SidecarClient(Access(running.address, "another token, long enough"))
    with pytest.raises(Exception, match="token"):
        client.models.ListModels(models_pb2.ListModelsRequest(), timeout=5)
    client.close()


def test_a_sidecar_that_cannot_start_is_said_with_the_end_of_its_log(plan: LaunchPlan, tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"exit status 2(.|\n)*--media-root 'relative' is not absolute"):
        ensure(replace(plan, media_roots=("relative",)))
    with pytest.raises(LaunchError, match="cannot be started"):
        ensure(replace(plan, python=str(tmp_path / "no-python")))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LaunchError, match="port taken"):
            ensure(replace(plan, address=f"127.0.0.1:{taken.getsockname()[1]}"))
    with pytest.raises(LaunchError, match="another machine"):
        ensure(replace(plan, address="gpu.example:50151"))


def test_a_large_log_is_put_aside_at_the_next_start(plan: LaunchPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Path(launch.log_file_of(plan.data_dir))
    log.parent.mkdir()
    log.write_text("old\n")
    monkeypatch.setattr(launch, "LARGEST_LOG_BYTES", 3)
    ensure(plan)
    assert log.with_name("sidecar.log.1").read_text() == "old\n"
    assert "old" not in log.read_text()


def test_the_number_of_a_process_of_another_container_is_never_signalled(plan: LaunchPlan) -> None:
    ensure(plan)
    note = Path(plan.data_dir) / owner.OWNER_NAME
    text = note.read_text()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note.write_text("\n".join([str(stranger.pid), *text.split("\n")[1:]]))
    with pytest.raises(LaunchError, match="another container"):
        launch.stop(plan.data_dir)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    note.write_text(text)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("unix:/a/b", True),
        ("127.0.0.1:50151", True),
        ("127.8.0.1:1", True),
        ("localhost:1", True),
        ("[::1]:1", True),
        ("192.168.1.2:50151", False),
        ("gpu.example:50151", False),
        ("127.0.0.1.example:1", False),
        ("", False),
    ],
)
def test_which_addresses_are_local(text: str, local: bool) -> None:
    assert address.is_local(text) is local


def test_a_path_that_no_socket_can_have_means_loopback(tmp_path: Path) -> None:
    assert address.default_address(str(tmp_path)) == f"unix:{tmp_path}/sidecar.sock"
    assert address.default_address(str(tmp_path / ("long" * 30))) == "127.0.0.1:0"
    for character in "%#?":
        folder = tmp_path / f"a{character}"
        folder.mkdir()
        assert address.default_address(str(folder)) == "127.0.0.1:0"
