"""The queue as the browser sees and steers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.context import Context
from plugin.locks import DRAIN_LOCK
from plugin.operations.arguments import MOST_IDS, ArgumentError, identifier, list_of
from plugin.queue.reconcile import wake
from plugin.queue.requests import request_batch
from plugin.queue.standing import standing
from plugin.stash.values import KINDS
from plugin.store.jobs import PRIORITIES, Job

_PRIORITY_NAMES = {number: name for name, number in PRIORITIES.items()}


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page, and how many jobs there are in all that are asked for."""
    chosen = {
        "states": args["states"],
        "words": args["words"],
        "parent_id": args["parent_id"],
        "roots_only": args["roots"],
    }
    jobs = context.store.jobs.find(limit=args["limit"], before_id=args["before_id"], **chosen)
    return {"count": context.store.jobs.count(**chosen), "jobs": as_rows(context, jobs)}


def of_medium(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """The medium's job, how far the work on it is (null unless it is in work now), and whether anybody works."""
    store, key = context.store, (args["kind"], args["id"])
    job = store.jobs.of_medium(*key)
    where = standing(store)
    return {
        "job": None if job is None else as_rows(context, [job])[0],
        "ahead": store.jobs.ahead_of(job) if job is not None and job.state == "pending" else 0,
        "progress": where.of_medium(*key),
        "drain": {"state": where.state, "sentence": where.sentence},
    }


def add(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Enqueue, and see that somebody works. Asking anew ends a pause. Ids mean those alone (with which=stored: of them
    those that were analysed before; with which=faces: only who is in them), filters their kinds.
    """
    ids, filters = _ids(args["ids"]), _filters(args["filters"])
    which = args["which"] or ("ids" if ids else "new")
    if (which == "ids" or ids) and not any(ids.values()):
        raise ArgumentError("ids must name media, for instance {scene: [12]}")
    if ids and (which not in ("ids", "stored", "faces") or filters):
        raise ArgumentError(
            "ids name all that is meant: with them which is ids, stored or faces, and there are no filters"
        )
    options = {
        "which": which,
        "kinds": args["kinds"] or ([] if ids else list(filters or context.settings.analyse_kinds)),
        "filters": filters,
        "ids": ids,
        "fresh": args["fresh"],
    }
    title = args["title"].strip() or _title(options)
    job_id = request_batch(context.store, title, "operation", options, args["priority"])
    return {"id": job_id, "state": wake(context.store, context.stash, DRAIN_LOCK)}


def cancel(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    count = context.store.jobs.cancel(args["id"])
    context.store.runs.end_finished()
    return {"cancelled": count}


def cancel_all(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    count = context.store.jobs.cancel_all()
    context.store.runs.end_finished()
    return {"cancelled": count}


def retry(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    count = context.store.jobs.retry(args["id"])
    return {"retried": count, "state": wake(context.store, context.stash, DRAIN_LOCK)}


def pause(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    context.store.drains.pause("paused by the owner")
    return {"state": "paused"}


def resume(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": wake(context.store, context.stash, DRAIN_LOCK)}


def as_rows(context: Context, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """name: what a person recognises it by. run_title: of the run that it belongs to. media: of a batch or a gallery,
    how many below it are in which state.
    """
    store = context.store
    names = store.analyses.names((job.kind, job.media_id) for job in jobs if job.kind and job.media_id)
    titles = store.runs.titles(job.run_id for job in jobs)
    return [
        {
            **_as_json(job),
            "name": job.name or names.get((job.kind or "", job.media_id or 0)) or f"{job.kind} {job.media_id}",
            "run_title": titles.get(job.run_id, ""),
            "media": store.jobs.counts(job.id) if job.action == "batch" or job.kind == "gallery" else {},
        }
        for job in jobs
    ]


def _as_json(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "parent_id": job.parent_id,
        "run_id": job.run_id,
        "action": job.action,
        "kind": job.kind,
        "media_id": job.media_id,
        "priority": _PRIORITY_NAMES.get(job.priority, "normal"),
        "state": job.state,
        "reason_code": job.reason_code,
        "reason": job.reason,
        "attempts": job.attempts,
        "next_try_s": job.not_before_s or None,
        "cancel_asked": job.cancel_asked,
        "created_s": job.created_s,
        "started_s": job.started_s,
        "ended_s": job.ended_s,
    }


def _ids(value: Mapping[str, Any]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for kind, given in value.items():
        if kind not in KINDS:
            raise ArgumentError(f"ids must be an object of kind (scene, image, gallery) to at most {MOST_IDS} ids")
        ids[kind] = sorted(set(list_of(identifier, MOST_IDS)(f"ids.{kind}", given)))
    return ids


def _filters(value: Mapping[str, Any]) -> dict[str, Any]:
    if not set(value) <= set(KINDS) or not all(isinstance(one, dict) for one in value.values()):
        raise ArgumentError("filters must be an object of kind (scene, image, gallery) to one of Stash's own filters")
    return dict(value)


def _title(options: Mapping[str, Any]) -> str:
    if options["ids"]:
        many = {"scene": "scenes", "image": "images", "gallery": "galleries"}
        parts = [
            f"{kind} {ids[0]}" if len(ids) == 1 else f"{len(ids)} {many[kind]}"
            for kind, ids in options["ids"].items()
            if ids
        ]
        what = {"ids": "Analyse", "faces": "Identify performers in"}.get(options["which"], "Re-tag")
        return f"{what} {' and '.join(parts)}"
    return {
        "faces": "Identify performers",
        "new": "Analyse new",
        "all": "Analyse everything",
        "tagged": "Analyse what is marked",
    }.get(options["which"], "Re-tag")
