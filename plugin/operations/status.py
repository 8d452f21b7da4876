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
    sidecar = store.services.get(SERVICE)
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
        "sidecar": None
        if sidecar is None
        else {
            "ok": sidecar.ok,
            "message": sidecar.message,
            "checked_s": sidecar.checked_s,
            "next_try_s": sidecar.not_before_s or None,
            "version": sidecar.detail.get("version", ""),
            "model": sidecar.detail.get("model", ""),
            "device": sidecar.detail.get("device", ""),
        },
        "can_analyse": dependencies.can_call_sidecar(context.server.data_dir),
        "self_test": store.meta.get(SELF_TEST),
    }
