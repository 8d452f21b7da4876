"""What may be remembered of watching right now, and forgetting what may not: with Stash asked where it matters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import cast

from plugin.context import Context
from plugin.interface import log
from plugin.settings import parse_stash_settings
from plugin.stash.values import KINDS, MediaKind
from plugin.store.errors import StoreError
from plugin.store.library import NameRow
from plugin.store.watch_events import Chosen
from plugin.telemetry import privacy
from plugin.telemetry.ingest import Rules, pauses


def rules_of(context: Context) -> Rules:
    """Raises StashError."""
    return Rules(
        tracking=is_tracking(context),
        pauses=pauses(context.store),
        retention_days=context.settings.watch_retention_days,
        excluded_tag_ids=excluded_tag_ids(context),
        erased_s=context.store.meta.get(privacy.ERASED) or 0.0,
    )


def is_tracking(context: Context) -> bool:
    """Stash's switch as it is now: nothing is kept from the moment on in which it goes off. Raises StashError."""
    tracking = parse_stash_settings(context.read_config().plugin_settings).track_watching
    if tracking and context.store.meta.get(privacy.SINCE) is None:
        context.store.meta.set(privacy.SINCE, context.clock())
    return tracking


def excluded_tag_ids(context: Context, fresh: bool = False) -> frozenset[int]:
    """Tags, with all below them, whose media are never remembered. Raises StashError."""
    names = context.settings.watch_excluded_tags
    return privacy.excluded_tag_ids(context.store, names, context.clock(), partial(_tags, context), fresh)


def tags_of(context: Context, kind: str, ids: Sequence[int]) -> dict[int, Collection[int]]:
    """Tags of media as Stash has them now; media that it does not have are left out. Raises StashError."""
    found: dict[int, Collection[int]] = {}
    for first in range(0, len(ids), privacy.MEDIA_PER_REQUEST):
        some = ids[first : first + privacy.MEDIA_PER_REQUEST]
        found |= {one.id: one.tag_ids for one in context.stash.media(cast(MediaKind, kind), some).values()}
    return found


def forget_unwanted(context: Context) -> privacy.Applied:
    """What is older than the owner wants, or has a tag that they leave out. Raises StashError, StoreError."""
    applied = privacy.apply(
        context.store,
        context.settings.watch_retention_days,
        excluded_tag_ids(context, fresh=True),
        context.clock(),
        partial(tags_of, context),
    )
    if applied.excluded:
        try:
            leave_no_trace(context)
        except StoreError as error:
            log.warning(f"forgotten, but the store's log or a backup may still hold it for a while ({error})")
    return applied


def leave_no_trace(context: Context) -> None:
    """After something was forgotten on purpose: it is in no catalogue, log or backup either. Raises StoreError; doing
    it again helps.
    """
    from plugin.library.building import count_plays_anew  # who only tells of watching shall not wait for it

    count_plays_anew(context.store)
    privacy.clean(context.store)


def forget_gone(context: Context) -> int:
    """What was watched of media that Stash does not have any more, unless it has lost most of them (looks_lost).
    Returns how many those were. Raises StashError.
    """
    count = 0
    for kind in KINDS:
        after_id, known, gone = 0, 0, list[int]()
        while ids := context.store.watch_events.media(kind, after_id, privacy.MEDIA_PER_REQUEST):
            after_id = ids[-1]
            known += len(ids)
            there = context.stash.media(kind, ids)
            gone += [one for one in ids if one not in there]
        if privacy.looks_lost(len(gone), known):
            log.warning(
                f"{len(gone)} of {known} watched media are gone from Stash. What was watched of them is kept: if they "
                "are gone for good, erase it under Privacy in the settings"
            )
            continue
        for portion in range(0, len(gone), privacy.MEDIA_PER_REQUEST):
            chosen = tuple(gone[portion : portion + privacy.MEDIA_PER_REQUEST])
            privacy.forget(context.store, Chosen(kind=kind, media_ids=chosen))
        count += len(gone)
    return count


def _tags(context: Context) -> list[NameRow]:
    """As Stash has them now: the library may never have been read, and tags come, move and change their names."""
    return [
        NameRow(one.kind, one.id, one.name, one.favorite, one.parents, one.aliases) for one in context.stash.tag_tree()
    ]
