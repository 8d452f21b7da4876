"""What recommendations rest on, made anew: the library as Stash has it, what scenes are about, what was watched."""

from __future__ import annotations

from collections.abc import Callable

from plugin.commands.watching import forget_unwanted
from plugin.context import Context
from plugin.interface import log
from plugin.library.building import Refreshed, refresh_catalogue
from plugin.library.history import settle_watched
from plugin.library.sync import sync_library
from plugin.stash.errors import StashError
from plugin.store.errors import StoreError
from plugin.store.library import SYNCED

WATCHED_AT_ONCE = 50
"""Scenes whose watches are summed up in one transaction."""

Progress = Callable[[float], None]


def refresh(context: Context) -> Refreshed:
    """What has changed of analyses, tags, markers, policies and watches. Asks Stash for nothing. Raises StoreError."""
    done = refresh_catalogue(context.store, context.settings, context.book)
    while settle_watched(context.store, WATCHED_AT_ONCE):
        pass
    return done


def read_library(context: Context, on_progress: Progress) -> str:
    """Read what has changed in Stash, forget what must not be remembered any more, and refresh. Returns a sentence.
    Raises StashError, StoreError.
    """
    read = sync_library(context.store, context.stash, on_progress=lambda share: on_progress(0.8 * share))
    forget_unwanted(context)  # by the tags that media have now
    done = refresh(context)
    on_progress(1.0)
    described = f"{done.scenes} were described anew" if done.scenes else "none is to be described anew"
    gone = f", {read.gone} are gone" if read.gone else ""
    return f"of {read.scenes} scenes {read.changed} were new or changed{gone}; {described}"


def keep_up(context: Context) -> None:
    """After something was analysed: let recommendations know of it, where anybody has wanted some. It is no reason to
    fail if that is impossible now; the next time makes up for it.
    """
    if context.store.meta.get(SYNCED) is None:
        return
    try:
        sync_library(context.store, context.stash, activity=False)
        refresh(context)
    except (StashError, StoreError) as error:
        log.warning(f"recommendations will know of what was analysed later: {error}")
