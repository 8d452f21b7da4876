from __future__ import annotations

import json
from dataclasses import replace

import pytest
from graphql import parse, validate

from plugin.queue.asking import DESCRIPTION
from plugin.queue.quiet import QuietHoursError
from plugin.queue.schedule import wake_jobs
from plugin.settings import OwnerSettings
from plugin.tasks.table import TASKS
from tests.standin.api.execute import load_schema

FULL = OwnerSettings(nightly_cron="0 3 * * *", sweep_cron="*/15 * * * *", maintenance_cron="0 4 * * 0")


def test_nothing_is_scheduled_by_itself() -> None:
    assert wake_jobs(OwnerSettings(), "") == []


def test_what_the_sidecar_is_to_send() -> None:
    jobs = wake_jobs(FULL, "18:00-23:30")
    assert [(job["id"], job["cron"]) for job in jobs] == [
        ("nightly", "0 3 * * *"),
        ("sweep", "*/15 * * * *"),
        ("maintenance", "0 4 * * 0"),
        ("after_quiet_hours", "30 23 * * *"),
    ]
    modes = []
    for job in jobs:
        body = json.loads(job["body"])
        assert validate(load_schema(), parse(body["query"])) == []
        variables = body["variables"]
        assert variables["plugin"] == "stash-sense-native" and variables["description"].startswith(DESCRIPTION)
        assert variables["args"]["origin"] == "schedule"
        modes.append(variables["args"]["mode"])
    assert modes == ["analyse_new", "analyse_tagged", "maintenance", "drain"] and set(modes) <= set(TASKS)


def test_only_what_has_a_time() -> None:
    assert [job["id"] for job in wake_jobs(replace(FULL, nightly_cron="", maintenance_cron=""), "")] == ["sweep"]


def test_quiet_hours_that_are_none() -> None:
    with pytest.raises(QuietHoursError):
        wake_jobs(FULL, "at night")
