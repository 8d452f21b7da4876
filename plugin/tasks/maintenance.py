"""Task Maintenance: what keeps the data folder small, sound and true to Stash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plugin.commands.recomputing import read_library
from plugin.commands.watching import forget_gone, forget_unwanted
from plugin.context import Context
from plugin.interface import log
from plugin.queue.intake import take_in
from plugin.queue.schedule import keep_schedule
from plugin.setup import dependencies
from plugin.stash.values import KINDS, MediaKind
from plugin.store.library import SYNCED
from plugin.tasks.hooks import keep_hooks
from plugin.telemetry.ingest import derive_by_new_rules
from plugin.telemetry.privacy import Applied

PAGE = 500
DAY_S = 86_400.0


def maintain(context: Context, _: Mapping[str, Any]) -> str:
    """Check the store, back it up, forget what is old, unwanted or gone from Stash, repair interrupted writes."""
    store = context.store
    findings = store.db.check()
    if findings != "ok":
        log.error(f"the store is damaged: {findings}. Stop Stash and restore a file from the folder backups beside it.")
        return f"the store is damaged: {findings}"
    log.info(f"the store is sound; a copy is at {store.db.back_up('maintenance')}")
    log.progress(0.2)
    with context.writer.turn():
        pass  # repairs what a kill left between an intent and its confirmation
    take_in(store)
    gone = sum(_forget_gone(context, kind) for kind in KINDS)
    gone_watched, unwanted = forget_gone(context), forget_unwanted(context)
    derive_by_new_rules(store)
    if store.meta.get(SYNCED) is not None:  # somebody has wanted recommendations
        log.info(read_library(context, lambda share: log.progress(0.4 + 0.3 * share)))
    log.progress(0.7)
    before_s = context.clock() - context.settings.history_days * DAY_S
    jobs, runs = store.jobs.prune(before_s), store.runs.prune(before_s)
    packages = dependencies.prune(context.server.data_dir)
    keep_schedule(context)
    keep_hooks(context)
    store.db.shrink()
    return (
        f"{gone} media that are gone from Stash, {jobs} old jobs and {runs} old runs were forgotten; "
        f"{len(packages)} old folders of packages were removed" + _watching(gone_watched, unwanted)
    )


def _watching(gone: int, unwanted: Applied) -> str:
    """What was forgotten of watching; "" for nothing. It does not say of what."""
    if not gone and not unwanted.old and not unwanted.excluded:
        return ""
    return (
        f"; of watching, all of {gone} media that are gone, {unwanted.old} old events and {unwanted.excluded} of media"
        " that are not remembered were forgotten"
    )


def _forget_gone(context: Context, kind: MediaKind) -> int:
    """Forget media that Stash does not have any more, whatever is known of them."""
    store = context.store
    analysed = _gone(
        context, kind, lambda after_id: [one.media_id for one in store.analyses.page(kind, after_id, PAGE)]
    )
    looked_at = _gone(context, kind, lambda after_id: [one.media_id for one in store.faces.page(kind, after_id, PAGE)])
    gone = sorted({*analysed, *looked_at})
    for media_id in gone:
        store.analyses.forget(kind, media_id)
    return len(gone)


def _gone(context: Context, kind: MediaKind, page_after: Callable[[int], list[int]]) -> list[int]:
    """Those of ours that are not in Stash: both lists by ascending id, page by page."""
    after_id, gone = 0, list[int]()
    while page := page_after(after_id):
        in_stash = _ids_in_stash(context, kind, after_id, page[-1])
        gone += [media_id for media_id in page if media_id not in in_stash]
        after_id = page[-1]
    return gone


def _ids_in_stash(context: Context, kind: MediaKind, after_id: int, last_id: int) -> set[int]:
    ids: set[int] = set()
    while True:
        within = {"id": {"value": last_id + 1, "modifier": "LESS_THAN"}}
        rows, left = context.stash.rows(kind, within, after_id, PAGE)
        ids |= {row.id for row in rows}
        if len(rows) >= left:
            return ids
        after_id = rows[-1].id
