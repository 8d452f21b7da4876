"""Tasks that put work into the queue and then work on it, in this very job of Stash's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plugin.commands.recomputing import keep_up
from plugin.context import Context
from plugin.interface import log
from plugin.locks import DRAIN_LOCK
from plugin.queue.asking import own_job
from plugin.queue.drain import Drain
from plugin.queue.reconcile import ASKED_JOB, look_back
from plugin.queue.requests import request_batch, request_writes
from plugin.queue.schedule import keep_schedule
from plugin.queue.select import SelectionError
from plugin.stash.values import KINDS
from plugin.tasks.hooks import keep_hooks


def analyse_new(context: Context, args: Mapping[str, Any]) -> str:
    """What was never analysed, or is not up to date."""
    return _enqueue_and_drain(context, args, "new", "Analyse new")


def analyse_all(context: Context, args: Mapping[str, Any]) -> str:
    """Everything, up to date or not; frames that are stored are not decoded again unless `fresh` is set."""
    return _enqueue_and_drain(context, args, "all", "Analyse everything")


def analyse_tagged(context: Context, args: Mapping[str, Any]) -> str:
    """What the owner marked with AI_TagMe or AI_Reprocess."""
    return _enqueue_and_drain(context, args, "tagged", "Analyse tagged AI_TagMe")


def retag(context: Context, args: Mapping[str, Any]) -> str:
    """Judge stored vectors anew, by the vocabulary, thresholds and policies of now."""
    return _enqueue_and_drain(context, args, "stored", "Re-tag from stored features")


def identify_performers(context: Context, args: Mapping[str, Any]) -> str:
    """Faces alone: of media that were not looked at yet; and who they are, where references have changed."""
    return _enqueue_and_drain(context, args, "faces", "Identify performers")


def apply_accepted(context: Context, args: Mapping[str, Any]) -> str:
    """Write what was accepted and is not in Stash yet."""
    _come_in(context)
    context.store.drains.resume()
    count = request_writes(context.store, "Apply accepted suggestions", origin_of(args))
    log.info(f"{count} media have accepted suggestions that are not in Stash yet")
    return _drain(context)


def drain(context: Context, _: Mapping[str, Any]) -> str:
    """Go on with what waits. What the plugin asks for itself; a pause holds."""
    _come_in(context)
    if context.store.drains.get().state == "paused":
        return "paused; resume it on the Tasks page, or start a task"
    return _drain(context)


def origin_of(args: Mapping[str, Any]) -> str:
    return "schedule" if args.get("origin") == "schedule" else "task"


def _enqueue_and_drain(context: Context, args: Mapping[str, Any], which: str, title: str) -> str:
    _come_in(context)
    if origin_of(args) == "schedule":
        if context.store.drains.get().state == "paused":
            return "paused by the owner, so the schedule adds nothing"
    else:
        context.store.drains.resume()  # asked anew
    filters = _filters(args)
    options: dict[str, Any] = {
        "which": which,
        # Who filters scenes and names no kinds does not mean every image as well.
        "kinds": _kinds(args.get("kinds")) or list(filters or context.settings.analyse_kinds),
        "filters": filters,
        "fresh": _truth(args.get("fresh")),
    }
    request_batch(context.store, title, origin_of(args), options, _priority(args))
    return _drain(context)


def _come_in(context: Context) -> None:
    """Learn whether the owner stopped the work before; and remember this job, for they may stop it before it is at
    work: starting a sidecar takes its time.
    """
    look_back(context.store, context.stash, DRAIN_LOCK)
    context.store.meta.set(ASKED_JOB, own_job(context.stash.jobs()))


def _drain(context: Context) -> str:
    keep_schedule(context)
    keep_hooks(context)
    drain = Drain(context)
    sentence = drain.run()
    if drain.worked and not context.store.jobs.has_work():
        keep_up(context)
    return sentence


def _kinds(value: Any) -> list[str]:
    """A list, or a text of names apart by commas, as Stash's task arguments may be either."""
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    singular = [str(name).strip().lower().removesuffix("s").replace("gallerie", "gallery") for name in names]
    wrong = [name for name in singular if name and name not in KINDS]
    if wrong:
        raise SelectionError(f"kinds holds {wrong[0]!r}; it must be made of scene, image, gallery")
    return [name for name in singular if name]


def _filters(args: Mapping[str, Any]) -> dict[str, Any]:
    """Stash's own filters, as objects or as JSON texts: scene_filter, image_filter, gallery_filter."""
    filters: dict[str, Any] = {}
    for kind in KINDS:
        value = args.get(f"{kind}_filter")
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except ValueError as error:
                raise SelectionError(f"{kind}_filter is no JSON: {error}") from error
        if value:
            if not isinstance(value, dict):
                raise SelectionError(f"{kind}_filter must be an object, as Stash's own filters are")
            filters[kind] = value
    return filters


def _truth(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))


def _priority(args: Mapping[str, Any]) -> str:
    value = args.get("priority", "normal")
    if value not in ("high", "normal", "low"):
        raise SelectionError(f"priority is {value!r}; it must be high, normal or low")
    return str(value)
