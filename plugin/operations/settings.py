"""Settings: those of the store are changed here, those of Stash's page there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plugin.commands.watching import forget_unwanted
from plugin.context import OWNER_SETTINGS, Context
from plugin.queue.schedule import TOLD
from plugin.settings import as_json, with_setting


def get(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"store": as_json(context.settings), "stash": asdict(context.stash_settings)}


def change(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """All of the values or none. A schedule that has changed is told to the sidecar if it can be reached now; what of
    watching may not be kept any more is forgotten at once.
    """
    with context.store.transaction():  # two pages that save at once keep each other's values
        before = after = context.settings
        for key, value in args["values"].items():
            after = with_setting(after, str(key), value)
        context.store.meta.set(OWNER_SETTINGS, as_json(after))
    note = ""
    if before.workflow_tags != after.workflow_tags:
        context.read_config()  # leaves the new names for hooks
    if (before.watch_retention_days, before.watch_excluded_tags) != (
        after.watch_retention_days,
        after.watch_excluded_tags,
    ):
        forget_unwanted(context)
    crons = ("nightly_cron", "sweep_cron", "maintenance_cron", "stash_url")
    if any(getattr(before, name) != getattr(after, name) for name in crons):
        note = _tell(context)
    return {"store": as_json(after), "note": note}


def _tell(context: Context) -> str:
    """ "" where the sidecar knows, else what is in the way."""
    from plugin.known_errors import KNOWN_ERRORS
    from plugin.queue.schedule import tell_schedule

    try:
        tell_schedule(context)
    except KNOWN_ERRORS as error:
        context.store.meta.set(TOLD, None)
        return f"saved; the sidecar learns the schedule with the next task ({error})"
    return ""
