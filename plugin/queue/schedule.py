"""The schedule that the sidecar keeps for us: made of the settings, told again when it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from plugin.analysis.paths import PathRuleError
from plugin.context import Context
from plugin.installation.failures import SetupError
from plugin.interface import log
from plugin.interface.input import PLUGIN_ID
from plugin.queue.asking import DESCRIPTION
from plugin.queue.quiet import QuietHoursError, parse_quiet_hours
from plugin.settings import OwnerSettings, SettingError
from plugin.sidecar_values import SidecarError
from plugin.stash.documents import RUN_TASK

TOLD = "schedule_told"
"""meta: digest of the schedule that the sidecar has."""

JITTER_S = 120


def wake_jobs(settings: OwnerSettings, quiet_hours: str) -> list[dict[str, Any]]:
    """What the sidecar is to send, and when. Pure. Raises QuietHoursError."""
    jobs = [
        _job("nightly", settings.nightly_cron, "analyse what is new", {"mode": "analyse_new"}),
        _job("sweep", settings.sweep_cron, "analyse what is marked", {"mode": "analyse_tagged"}),
        _job("maintenance", settings.maintenance_cron, "maintenance", {"mode": "maintenance"}),
    ]
    quiet = parse_quiet_hours(quiet_hours)
    if quiet is not None:
        jobs.append(_job("after_quiet_hours", f"{quiet[1] % 60} {quiet[1] // 60} * * *", "go on", {"mode": "drain"}))
    return [job for job in jobs if job["cron"]]


def keep_schedule(context: Context) -> None:
    """Tell the sidecar if the schedule has changed. What is in the way is a warning: the task at hand goes on."""
    try:
        if tell_schedule(context):
            log.info("the sidecar knows the new schedule")
    except (SidecarError, SetupError, SettingError, QuietHoursError, PathRuleError) as error:
        log.warning(f"the schedule could not be set: {error}")


def tell_schedule(context: Context) -> bool:
    """Tell the sidecar the schedule, if it has changed. Returns whether it was told.

    Raises SidecarError, SetupError, SettingError (a login without an API key: nobody could come in), StashError.
    """
    settings, config = context.settings, context.config
    jobs = wake_jobs(settings, context.stash_settings.quiet_hours)
    url = f"{settings.stash_url or context.server.origin}/graphql"
    headers = {"ApiKey": config.api_key} if config.api_key else {}
    told = [{**job, "body": job["body"].decode()} for job in jobs]
    # Another sidecar does not know what this one was told.
    text = json.dumps([context.stash_settings.sidecar_address, url, headers, told], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if digest == context.store.meta.get(TOLD) or (not jobs and context.store.meta.get(TOLD) is None):
        return False
    if jobs and config.has_login and not config.api_key:
        raise SettingError(
            "Stash has a login but no API key, so the schedule could not come in; make a key in Settings > Security"
        )
    sidecar = context.connect_sidecar()
    if jobs:
        sidecar.set_schedule(url, headers, jobs)
    else:
        sidecar.clear_schedule()
    context.store.meta.set(TOLD, digest)
    return True


def _job(name: str, cron: str, what: str, args: Mapping[str, Any]) -> dict[str, Any]:
    variables = {
        "plugin": PLUGIN_ID,
        "description": f"{DESCRIPTION}: {what}",
        "args": {**args, "origin": "schedule"},
    }
    body = json.dumps({"query": RUN_TASK, "variables": variables}).encode()
    return {"id": name, "cron": cron, "body": body, "jitter_s": JITTER_S if name != "after_quiet_hours" else 0}
