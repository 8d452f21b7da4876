"""The sidecar wakes Stash, which starts the plugin, which does what the schedule says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from plugin.setup.launch import current
from protos import schedule_pb2, schedule_pb2_grpc
from tests.plugin.road.conftest import put
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed, until
from tests.standin import GraphQLFailed


@pytest.fixture
def alone(tmp_path: Path, model_cache: Path) -> Iterator[InstalledPlugin]:
    with installed(tmp_path, model_cache, username="owner", password="secret", api_key="the-key") as plugin:
        plugin.task("Maintenance")
        yield plugin


def run_now(plugin: InstalledPlugin, job: str) -> schedule_pb2.WakeOutcome:
    running = current(str(plugin.sidecar_dir))
    assert running is not None
    who = (("authorization", f"Bearer {running.token}"),) if running.token else ()
    with contextlib.closing(grpc.insecure_channel(running.address)) as channel:
        stub = schedule_pb2_grpc.ScheduleStub(channel)
        return stub.RunNow(schedule_pb2.RunNowRequest(id=job), timeout=30, metadata=who).outcome


def test_woken_at_night(alone: InstalledPlugin, coffee: Path) -> None:
    stash = alone.stash
    answer = alone.ask("settings.set", values={"nightly_cron": "0 3 * * *", "maintenance_cron": "30 4 * * sun"})
    assert answer["note"] == "", "the sidecar was started and told"
    jobs = {job["id"]: job for job in alone.ask("schedule.get")["jobs"]}
    assert set(jobs) == {"nightly", "maintenance"}
    assert jobs["nightly"]["next_run_s"] > 0
    scene = stash.add_scene(put(coffee, alone.library_dir), "Coffee")
    outcome = run_now(alone, "nightly")
    assert outcome.ok, outcome.message
    until(lambda: stash.tags_of(scene), 60, "analysed")
    stash.wait_for_jobs()
    assert stash.tags_of(scene) == ["AI_Tagged"]
    assert alone.ask("runs.list")["runs"][0]["origin"] == "schedule"
    alone.set_settings(nightly_cron="", maintenance_cron="")
    assert alone.ask("schedule.get")["jobs"] == []
    assert "the-key" not in alone.logged()
    log = (alone.sidecar_dir / "logs" / "sidecar.log").read_text()
    assert "the-key" not in log


def test_a_crontab_that_never_was_is_refused_with_its_sentence(alone: InstalledPlugin) -> None:
    with pytest.raises(GraphQLFailed, match="five fields"):
        alone.set_settings(nightly_cron="at night")
    note = alone.ask("settings.set", values={"nightly_cron": "99 3 * * *"})["note"]
    assert "99" in note


def test_quiet_hours_end_with_a_wake(alone: InstalledPlugin) -> None:
    alone.stash.configure_plugin(PLUGIN_ID, quietHours="08:00-23:30")
    alone.task("Maintenance")
    (job,) = alone.ask("schedule.get")["jobs"]
    assert (job["id"], job["cron"]) == ("after_quiet_hours", "30 23 * * *")
