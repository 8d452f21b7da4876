"""Who an unknown person is: a whole group of tracks is named at once, and the naming can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.commands.people import (
    NAMING,
    Identity,
    PeopleError,
    identity_of_performer,
    match_again,
    person_of,
    recorded,
    suggest_again,
    tell_now,
    tracks_of,
)
from plugin.commands.undoing import undo_run
from plugin.context import Context
from plugin.faces_values import Person, box_key, performer_id_of, stash_key
from plugin.queue.requests import queue_decisions, queue_writes
from plugin.stash.errors import StashFault
from plugin.store.faces import FaceAnalysis

AT_ONCE = 1000
"""Media that an operation decides on itself; the browser waits for it. More go to the queue."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Who a group is: a performer of Stash, a name of a new one, or (endpoint, id) of a stash-box."""

    performer_id: int | None = None
    create: str | None = None
    box: tuple[str, str] | None = None

    @property
    def is_one(self) -> bool:
        """A name beside a stash-box's person is what they are called."""
        return (self.performer_id is not None) + (self.create is not None or self.box is not None) == 1


@dataclass(frozen=True, slots=True)
class Named:
    """media: those in which the person is recognised or confirmed now. suggested: of them, those with a suggestion.

    queued: media that the queue writes.
    """

    naming_id: str
    performer_id: int
    media: tuple[tuple[str, int], ...]
    suggested: int
    queued: int


def name_group(context: Context, group_id: str, meant: Meant) -> Named:
    """Raises PeopleError, SidecarError, StashError, LockHeld. Nothing is written to media here: the queue does that."""
    store, tracks = context.store, tracks_of(context)
    found = tracks.group(group_id)
    if found is None:
        raise PeopleError(f"there is no group {group_id[:100]!r}; it may have been joined or named: reload")
    track_ids = [one.track.id for one in found[1]]
    with recorded(context, "A group of unknown people was named") as run_id:
        who = _performer(context, run_id, meant)
        performer_id = performer_id_of(who.keys[0])
        assert performer_id is not None
        store.runs.rename(run_id, f"Named {who.name}")
        content_keys, naming_id = tracks.name_group(group_id, Person(who.keys[0], who.name, same_as=who.keys[1:]))
        told = {"run_id": run_id, "keys": list(who.keys), "track_ids": track_ids}
        store.meta.set(NAMING + naming_id, told)
        media = match_again(context, tracks, content_keys)
        _confirm(context, media, track_ids, who)
        suggested = suggest_again(context, run_id, media[:AT_ONCE])
        queue_decisions(store, run_id, [(one.kind, one.media_id) for one in media[AT_ONCE:]])
        theirs = [one for one in suggested if not set(one.person_keys).isdisjoint(who.keys)]
        mine = [one.id for one in theirs if not set(one.reason.get("track_ids", ())).isdisjoint(track_ids)]
        store.suggestions.accept(mine)
        queued = queue_writes(store, run_id, f"Named {who.name}", store.suggestions.media_to_write(run_id))
    tell_now(context)
    return Named(naming_id, performer_id, tuple((one.kind, one.media_id) for one in media), len(theirs), queued)


def unname_group(context: Context, naming_id: str) -> list[tuple[str, int]]:
    """The group is there again; what was written for the naming is taken back, where nobody changed it since.

    Killed half-way, it is finished by the next call. Raises PeopleError, SidecarError, StashError, LockHeld. Returns
    the media that it concerned.
    """
    store, tracks = context.store, tracks_of(context)
    told = store.meta.get(NAMING + naming_id)
    found = tracks.unname_group(naming_id)
    if found is None and told is None:
        raise PeopleError(f"there is no naming {naming_id[:40]!r} to take back; it was already")
    # The sidecar has forgotten it already where a call was killed behind that: the tracks still tell their media.
    content_keys = found if found is not None else store.faces.contents_of(told["track_ids"])
    media = context.store.faces.of_contents(content_keys)
    if told is not None:
        undo_run(context, told["run_id"])
        with store.transaction():
            for one in media:
                store.verdicts.forget(one.kind, one.media_id, told["track_ids"], told["keys"])
        tell_now(context)
    match_again(context, tracks, content_keys)
    with recorded(context, "A naming was taken back") as run_id:
        suggest_again(context, run_id, media)
    store.meta.set(NAMING + naming_id, None)
    return [(one.kind, one.media_id) for one in media]


def _performer(context: Context, run_id: int, meant: Meant) -> Identity:
    """The performer of Stash who is meant, made where there is none. Never found by name: namesakes are others."""
    if meant.performer_id is not None:
        return person_of(context, stash_key(meant.performer_id))
    if meant.box is not None:
        same = context.stash.performers_of_box(*meant.box)
        if same:
            return identity_of_performer(min(same, key=lambda one: one.id))
    name = meant.create or person_of(context, box_key(*meant.box or ("", ""))).name
    with context.writer.turn():
        try:
            performer_id = context.writer.performers.create(run_id, name, meant.box)
        except StashFault as fault:
            raise PeopleError(
                f"{name} could not be made in Stash: {fault}. If that performer is meant, choose them instead"
            ) from fault
    return Identity((stash_key(performer_id), *([box_key(*meant.box)] if meant.box else [])), name)


def _confirm(context: Context, media: Sequence[FaceAnalysis], track_ids: Sequence[str], who: Identity) -> None:
    """The group's tracks are that person: the sidecar knows it by the naming, and this store from now on."""
    with context.store.transaction():
        for one in media:
            context.store.verdicts.confirm(one.kind, one.media_id, track_ids, who.keys, who.name)
