"""How everything stands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any

from plugin.context import STASH_VERSION, Context
from plugin.locks import DRAIN_LOCK, is_held
from plugin.queue.reconcile import reconcile
from plugin.setup import dependencies
from plugin.setup.task import SELF_TEST
from plugin.setup.whereabouts import whereabouts
from plugin.sidecar_health import SERVICE
from plugin.version import VERSION


def status(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """From the store alone, so that a page may ask every few seconds; Stash is asked only where work lies idle."""
    store = context.store
    state = store.drains.get()
    works = is_held(os.path.join(store.data_dir, DRAIN_LOCK))
    lies_idle = not works and state.state == "idle" and _has_work(context)
    was_killed = not works and state.state == "running"
    if lies_idle or was_killed:
        reconcile(store, context.stash, DRAIN_LOCK)
    return _status(context, works)


def check(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Ask Stash and the sidecar now, whatever is remembered of them."""
    from plugin.installation.failures import SetupError
    from plugin.sidecar_values import SidecarError

    context.read_config()
    context.store.services.forget(SERVICE)
    with contextlib.suppress(SidecarError, SetupError):  # remembered, with its sentence
        context.connect_sidecar()
    reconcile(context.store, context.stash, DRAIN_LOCK)
    return _status(context, is_held(os.path.join(context.store.data_dir, DRAIN_LOCK)))


def _has_work(context: Context) -> bool:
    return context.store.jobs.has_startable(context.clock()) or context.store.events.count() > 0


def _status(context: Context, works: bool) -> dict[str, Any]:
    store = context.store
    state = store.drains.get()
    return {
        "ready": True,
        "version": VERSION,
        "stash_version": store.meta.get(STASH_VERSION, ""),
        "drain": {
            "state": "running" if works else "paused" if state.state == "paused" else "idle",
            "sentence": state.sentence,
            "share": state.share,
            "detail": dict(state.detail),
            "heartbeat_s": state.heartbeat_s,
        },
        "queue": store.jobs.counts(),
        "noticed": store.events.count(),
        "analysed": store.analyses.counts(),
        "failed": store.analyses.failure_count(),
        "suggestions": {
            "pending": store.suggestions.count(),
            "accepted": store.suggestions.count(("accepted",)),
        },
        "sidecar": sidecar_state(context),
        "can_analyse": dependencies.can_call_sidecar(context.server.data_dir),
        "self_test": store.meta.get(SELF_TEST),
    }


def sidecar_state(context: Context) -> dict[str, Any] | None:
    """The sidecar as it was last seen, and where it runs; None before anything was asked of it.

    is_ours: the plugin started it here, or would. log_path: "" unless it is ours. version_mismatch: a sentence where
    the plugin and the sidecar are of different versions, else "".
    """
    known = context.store.services.get(SERVICE)
    if known is None:
        return None
    where = whereabouts(context.server.data_dir, context.stash_settings.sidecar_address, known.ok)
    version = known.detail.get("version", "")
    return {
        "ok": known.ok,
        "message": known.message,
        "checked_s": known.checked_s,
        "next_try_s": known.not_before_s or None,
        "version": version,
        "version_mismatch": _mismatch(version, where.is_ours),
        "model": known.detail.get("model", ""),
        "device": known.detail.get("device", ""),
        "address": where.address,
        "is_ours": where.is_ours,
        "log_path": where.log_path,
    }


def _mismatch(version: str, is_ours: bool) -> str:
    if version in ("", VERSION):
        return ""
    remedy = "restart the sidecar" if is_ours else "update the older of the two"
    return f"The sidecar is version {version}, the plugin {VERSION}: {remedy}."
