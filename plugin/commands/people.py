"""What an owner says of faces: this is that person, this is not; and what follows from it, in Stash too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugin.analysis.faces import rematch, tell_verdicts
from plugin.analysis.record import Recorder
from plugin.analysis.staleness import Wanted
from plugin.commands.applying import write_now
from plugin.commands.undoing import reject_suggestions
from plugin.context import Context
from plugin.faces_values import box_key, box_of, performer_id_of, stash_key
from plugin.installation import SetupError
from plugin.interface import log
from plugin.people.forgetting import alone, forget_references
from plugin.review.performers import Seen, draft_of, sightings
from plugin.review.tag_index import TagIndex
from plugin.sidecar_values import SidecarError
from plugin.stash.errors import StashError
from plugin.stash.values import KINDS, Medium, PerformerDetail
from plugin.store.errors import StoreError
from plugin.store.faces import FaceAnalysis, Track
from plugin.store.store import Store
from plugin.store.suggestions import Outcome, Suggestion

if TYPE_CHECKING:
    from plugin.tracks_client import TracksClient

MEDIA_PER_REQUEST = 100
BOX_TIMEOUT_S = 8.0
"""For a stash-box that is asked who somebody is, while a page waits."""
NAMING = "naming:"
"""meta, before a naming's id: what is needed to take it back."""
ERASE = "erase all faces"
"""What must be said, word for word, to have all face data deleted."""


class PeopleError(Exception):
    """What is said of a face cannot be. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person who is meant: every key of theirs, the one that is meant first."""

    keys: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """suggestion: as it is now, None where the medium has the performer already. created: they were made in Stash."""

    suggestion: Suggestion | None
    performer_id: int | None
    run_id: int
    created: bool
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """faces, people: that the sidecar knew. media: that were looked at. withdrawn: suggestions that waited."""

    faces: int
    people: int
    media: int
    withdrawn: int


def tracks_of(context: Context) -> TracksClient:
    """The sidecar's tracks. Raises SidecarError, SetupError, StashError."""
    from plugin.tracks_client import TracksClient

    return TracksClient(context.connect_sidecar())


def tell_now(context: Context) -> bool:
    """Hand on what was said of tracks. Where the sidecar is away it waits for the next drain; then False."""
    if not context.store.verdicts.unsent(1):
        return True
    from plugin.faces_client import FacesClient

    try:
        tell_verdicts(context.store, FacesClient(context.connect_sidecar()))
    except (SidecarError, SetupError, StashError) as error:
        log.debug(f"what was said of faces is handed on later: {error}")
        return False
    return True


def accept_track(context: Context, kind: str, media_id: int, track_id: str, key: str) -> Accepted:
    """This track is that person: they are written to the medium now. Raises PeopleError, StashError, LockHeld."""
    store = context.store
    analysis, track = _track(store, kind, media_id, track_id)
    who = identity_of(context, analysis, track, key)
    run_id = store.runs.begin(f"{who.name} in {analysis.name}", "operation")
    try:
        medium = _read(context, [(kind, media_id)]).get((kind, media_id))
        if medium is None:
            store.analyses.forget(kind, media_id)
            raise PeopleError(f"{kind} {media_id} is no longer in Stash")
        with store.transaction():
            store.verdicts.confirm(kind, media_id, [track_id], who.keys, who.name)
            suggestion = _suggestion_of(store, kind, media_id, who.keys)
            there = {performer_id_of(one) for one in who.keys} & set(medium.performers)
            if suggestion is None and not there:
                suggestion = _suggest(context, run_id, medium, who)
            if suggestion is not None:
                store.suggestions.accept([suggestion.id])
                # A decision for all of the person's tracks; this one is theirs whatever it was before.
                store.verdicts.confirm(kind, media_id, [track_id], who.keys, who.name)
        failed: list[str] = []
        if suggestion is not None:
            written = write_now(context, run_id, [(kind, media_id)])
            failed = list(written["failed"])  # type: ignore[call-overload]
        tell_now(context)
    finally:
        store.runs.end(run_id)
    made = [entry for entry in store.journal.of_run(run_id) if entry.action == "create_performer"]
    if suggestion is None:
        return Accepted(None, next(iter(there), None), run_id, False)
    (now,) = store.suggestions.get([suggestion.id])
    added = [entry.performer_id for entry in store.journal.of_suggestions([now.id])]
    performer_id = next(iter(added), None) or now.performer_id
    return Accepted(now, performer_id, run_id, bool(made), tuple(failed))


def reject_track(
    context: Context, kind: str, media_id: int, track_id: str, key: str
) -> tuple[int | None, int, tuple[str, ...]]:
    """This track is not that person, for ever. Where no other track of theirs is left, the person is refused for the
    medium, and leaves it in Stash if we wrote them. Returns (the suggestion, writes taken back, what Stash would not
    give up). Raises PeopleError, StashError, LockHeld.
    """
    store = context.store
    analysis, track = _track(store, kind, media_id, track_id)
    who = identity_of(context, analysis, track, key)
    suggestion = _suggestion_of(store, kind, media_id, who.keys)
    store.verdicts.deny(kind, media_id, [track_id], who.keys)
    taken_back, failed = 0, tuple[str, ...]()
    if suggestion is not None and suggestion.state != "rejected":
        seen = Seen(analysis, store.verdicts.of_medium(kind, media_id))
        left = next((one for one in sightings(seen) if not set(one.keys).isdisjoint(who.keys)), None)
        if left is None:
            _, undone = reject_suggestions(context, [suggestion.id])
            taken_back, failed = undone.taken_back, undone.failed
        else:
            medium = Medium(kind, media_id, analysis.name, {}, None)  # type: ignore[arg-type]
            draft = draft_of(medium, left, seen, context.face_rules)
            # Also where it is written: whoever undoes that, or accepts it again, means the tracks that are left.
            outcome = Outcome(updates=((suggestion.id, draft),))
            store.suggestions.record(suggestion.run_id, kind, media_id, outcome, {})
    tell_now(context)
    return suggestion.id if suggestion else None, taken_back, failed


def identity_of(context: Context, analysis: FaceAnalysis, track: Track, key: str) -> Identity:
    """Whom a key means: as the medium's tracks know them, else Stash, else the sidecar. Raises PeopleError."""
    for other in (track, *analysis.tracks):
        for candidate in other.candidates:
            if key in candidate.keys:
                keys = (key, *(one for one in candidate.keys if one != key))
                return Identity(_stash_first(keys), candidate.name)
    said = context.store.verdicts.of_medium(analysis.kind, analysis.media_id).get(track.id)
    if said is not None and key in said.is_keys:
        return Identity(said.is_keys, said.is_name)
    return person_of(context, key)


def person_of(context: Context, key: str) -> Identity:
    """A person by their key: of Stash, else as the sidecar knows them, else of the stash-box. Raises PeopleError where
    nobody knows them, SidecarError and its kind, StashError, StashBoxError.
    """
    performer_id = performer_id_of(key)
    if performer_id is not None:
        detail = context.stash.performer_detail(performer_id)
        if detail is None:
            raise PeopleError(f"there is no performer {performer_id} in Stash")
        return identity_of_performer(detail)
    found = tracks_of(context).person(key)
    if found is not None:
        return Identity(_stash_first(found.person.keys), found.person.person.name)
    name = _name_in_box(context, key)
    if not name:
        raise PeopleError(f"nobody is known as {key[:100]!r}; choose a performer, or update the face references first")
    return Identity((key,), name)


def identity_of_performer(detail: PerformerDetail) -> Identity:
    """Of a performer of Stash: the same human being in each of the stash-boxes that they are linked to."""
    return Identity((stash_key(detail.id), *(box_key(*one) for one in detail.stash_ids)), detail.name)


def suggest_again(context: Context, run_id: int, media: Iterable[FaceAnalysis]) -> list[Suggestion]:
    """Decide anew who is suggested for media, from what is stored. Returns their performers that wait or are accepted.
    Raises StashError.
    """
    recorder = face_recorder(context)
    keys = [(one.kind, one.media_id) for one in media if one.kind != "gallery"]
    found: list[Suggestion] = []
    for first in range(0, len(keys), MEDIA_PER_REQUEST):
        for medium in _read(context, keys[first : first + MEDIA_PER_REQUEST]).values():
            recorder.decide_again(run_id, medium, None)
            waiting = context.store.suggestions.of_medium(medium.kind, medium.id, ("pending", "accepted"))
            found += [one for one in waiting if one.type == "performer"]
    return found


def match_again(context: Context, tracks: TracksClient, content_keys: Sequence[str]) -> list[FaceAnalysis]:
    """Match the media of these contents anew; all of them, changed or not. Raises SidecarError."""
    media = context.store.faces.of_contents(content_keys)
    rematch(context.store, tracks, [one for one in media if one.kind != "gallery"])
    return media


def erase_all(context: Context) -> Erased:
    """Everything that is known of faces goes, in the sidecar and here; killed between the two, it is done by the next
    call. Performers that were written stay in Stash. Raises SidecarError and its kind, LockHeld.
    """
    with alone(context.store, 10.0):  # whoever updates references would bring back what goes
        faces, people = tracks_of(context).erase(ERASE)
        media, withdrawn = context.store.faces.erase()
        forget_references(context.store)
        context.store.meta.forget(NAMING)
    try:
        context.store.db.compact()
        context.store.db.replace_backups("erased")
    except StoreError as error:
        log.warning(
            f"what was deleted is still in free pages of the store, or in its backups ({error}); erase again when "
            "nothing works"
        )
    return Erased(faces, people, media, withdrawn)


def face_recorder(context: Context) -> Recorder:
    """Decides on faces only: of tags nothing is asked."""
    return Recorder(context.store, context.book, TagIndex(()), Wanted("", "", "", 0.0, ""), context.face_rules)


@contextlib.contextmanager
def recorded(context: Context, title: str) -> Iterator[int]:
    """A run for what the block does."""
    run_id = context.store.runs.begin(title, "operation")
    try:
        yield run_id
    finally:
        context.store.runs.end(run_id)


def _track(store: Store, kind: str, media_id: int, track_id: str) -> tuple[FaceAnalysis, Track]:
    analysis = store.faces.get(kind, media_id)
    track = next((one for one in analysis.tracks if one.id == track_id), None) if analysis is not None else None
    if analysis is None or track is None:
        raise PeopleError(f"{kind} {media_id} has no track {track_id[:40]!r}; it may have been looked at anew: reload")
    return analysis, track


def _suggestion_of(store: Store, kind: str, media_id: int, keys: Sequence[str]) -> Suggestion | None:
    """The person's suggestion for a medium: an open one before one that was decided against."""
    same = [
        one
        for one in store.suggestions.of_medium(kind, media_id)
        if one.type == "performer" and not set(keys).isdisjoint(one.person_keys)
    ]
    order = ("applied", "accepted", "pending", "rejected", "withdrawn")
    return min(same, key=lambda one: (order.index(one.state), -one.id), default=None)


def _suggest(context: Context, run_id: int, medium: Medium, who: Identity) -> Suggestion | None:
    """A suggestion of the person for a medium that had none. Inside a transaction, after the verdict."""
    store, key = context.store, (medium.kind, medium.id)
    analysis = store.faces.get(*key)
    if analysis is None:
        return None
    seen = Seen(analysis, store.verdicts.of_medium(*key))
    sighting = next((one for one in sightings(seen) if not set(one.keys).isdisjoint(who.keys)), None)
    if sighting is None:
        return None
    draft = draft_of(medium, sighting, seen, context.face_rules)
    store.suggestions.record(run_id, *key, Outcome((draft,)), {})
    return _suggestion_of(store, *key, who.keys)


def _name_in_box(context: Context, key: str) -> str:
    """What a stash-box of Stash's calls somebody; "" where none of them has them. Only their id is told to it."""
    endpoint, box_id = box_of(key) or ("", "")
    access = next((one for one in context.stash.stash_boxes() if one.endpoint == endpoint), None) if endpoint else None
    if access is None:
        return ""
    from plugin.stashbox.client import StashBoxClient

    client = StashBoxClient(access.endpoint, access.api_key, access.name, access.per_minute, timeout_s=BOX_TIMEOUT_S)
    found = client.find([box_id]).get(box_id)
    return found.name if found is not None and not found.is_gone else ""


def _read(context: Context, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Medium]:
    found: dict[tuple[str, int], Medium] = {}
    for kind in KINDS:
        ids = [media_id for its_kind, media_id in keys if its_kind == kind]
        found.update({(kind, media_id): medium for media_id, medium in context.stash.media(kind, ids).items()})
    return found


def _stash_first(keys: Sequence[str]) -> tuple[str, ...]:
    """The keys, those of Stash before others; their order is kept otherwise."""
    return tuple(sorted(dict.fromkeys(keys), key=lambda one: performer_id_of(one) is None))
