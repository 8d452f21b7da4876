"""What the sidecar is told of tracks, and who it finds in them now: no frame is decoded for either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from plugin.faces_values import LONGEST_NAME, MOST_ALIASES, Person, Verdict, is_key
from plugin.store.faces import FaceAnalysis, FaceReport
from plugin.store.store import Store
from plugin.store.verdicts import Verdict as Said
from plugin.track_values import Matched

if TYPE_CHECKING:
    from plugin.faces_client import FacesClient
    from plugin.tracks_client import TracksClient

PAGE = 500
"""Media that are matched in one request."""
KEPT_AT_ONCE = 50
"""Answers that are kept in one transaction, so that others who write wait for no more."""


def tell_verdicts(store: Store, faces: FacesClient) -> int:
    """Hand on what the owner said of tracks since the sidecar was last told. Returns how many. Raises SidecarError;
    what was not told waits on.
    """
    told = 0
    while verdicts := store.verdicts.unsent():
        people = {one.is_key: _person(one) for one in verdicts if one.is_key}
        messages = [Verdict(one.content_key, one.track_id, one.is_key, one.not_keys) for one in verdicts]
        faces.set_verdicts(messages, list(people.values()))
        store.verdicts.mark_sent(verdicts)
        told += len(verdicts)
    return told


def _person(said: Said) -> Person:
    """Who is meant, for a sidecar that does not know them yet: no longer than it takes, or nothing would be told."""
    name = " ".join(said.is_name.split())[:LONGEST_NAME] or said.is_key[:LONGEST_NAME]
    same_as = tuple(key for key in said.is_keys[1:] if is_key(key))
    return Person(said.is_key, name, same_as=same_as[:MOST_ALIASES])


def rematch(store: Store, tracks: TracksClient, media: Sequence[FaceAnalysis]) -> list[FaceAnalysis]:
    """Match stored media anew and keep the answers. Returns the media in which somebody is somebody else now, without
    their tracks. What the sidecar does not know any more is forgotten here too: it is due to be looked at again.

    Raises SidecarError; what was matched by then is kept.
    """
    changed: list[FaceAnalysis] = []
    for view in sorted({one.view for one in media}):
        for part in _parts([one for one in media if one.view == view]):
            of_key: dict[str, list[FaceAnalysis]] = {}
            for one in part:
                of_key.setdefault(one.content_key, []).append(one)
            dates = [its_media[0].date for its_media in of_key.values()]
            waiting: list[Matched] = []
            for answer in tracks.match(list(of_key), dates, view):
                waiting.append(answer)
                if len(waiting) == KEPT_AT_ONCE:
                    changed += _keep(store, waiting, of_key)
                    waiting.clear()
            changed += _keep(store, waiting, of_key)
    return changed


def rematch_outdated(store: Store, tracks: TracksClient, version: str) -> Iterator[list[FaceAnalysis]]:
    """Match what was matched with other references than now, page by page: each page's media that changed."""
    after_id = 0
    while page := store.faces.outdated(version, PAGE, after_id):
        after_id = page[-1].id
        yield rematch(store, tracks, page)


def _keep(store: Store, answers: Sequence[Matched], of_key: Mapping[str, Sequence[FaceAnalysis]]) -> list[FaceAnalysis]:
    """Keep answers in one transaction: the media that changed by them."""
    changed: list[FaceAnalysis] = []
    with store.transaction():
        for answer in answers:
            for one in of_key.get(answer.content_key, ()):
                if answer.report is None:
                    if answer.code == "not_found":
                        store.faces.forget(one.kind, one.media_id)
                    continue
                before = store.faces.get(one.kind, one.media_id)
                store.faces.rematch(one, answer.report, before.tracks if before else ())
                if before is None or _told(before) != _told(answer.report):
                    changed.append(one)
    return changed


def _told(seen: FaceAnalysis | FaceReport) -> dict[str, tuple[object, ...]]:
    return {track.id: track.told for track in seen.tracks}


def _parts(media: Sequence[FaceAnalysis]) -> Iterator[Sequence[FaceAnalysis]]:
    for first in range(0, len(media), PAGE):
        yield media[first : first + PAGE]
