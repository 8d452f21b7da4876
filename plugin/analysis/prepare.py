"""How one medium is handed to the sidecar: its path or its URL, and which part of the picture counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from plugin.analysis.paths import PathRule, map_path
from plugin.sidecar_values import Look, MediumWish
from plugin.stash.values import Medium
from plugin.track_values import FaceWish

UNSEEN = frozenset({"not_found", "outside_media_roots", "permission_denied"})
"""Problems of a path that Stash's own URL may get around."""


class CannotPrepare(Exception):
    """There is nothing to hand to the sidecar. code: for machines; the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for all media of a drain. stash_headers: who we are, for URLs of Stash; secrets, never logged.

    stash_url: origin under which the sidecar reaches Stash; "" where it is the one in Stash's URLs.
    """

    rules: Sequence[PathRule] = ()
    vr_tag: str = ""
    stash_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    stash_url: str = ""


def prepare(
    media_id: str,
    medium: Medium,
    around: Surroundings,
    look: Look,
    over_url: bool = False,
    faces: FaceWish | None = None,
) -> MediumWish:
    """over_url: ask Stash for the content instead of opening the file. Raises CannotPrepare."""
    if medium.file is None:
        raise CannotPrepare("no_file", f"Stash has no file for {medium.kind} {medium.id}")
    view = view_of(medium, around.vr_tag)
    if over_url or medium.file.in_zip:
        if not medium.url:
            raise CannotPrepare("no_file", f"Stash serves no content for {medium.kind} {medium.id}")
        url = at_origin(without_key(medium.url), around.stash_url)
        return MediumWish(media_id, url=url, headers=around.stash_headers, view=view, look=look, faces=faces)
    path = map_path(medium.file.path, around.rules)
    return MediumWish(media_id, path=path, view=view, look=look, faces=faces)


def view_of(medium: Medium, vr_tag: str) -> str:
    """One eye of what has the tag that Stash's interface settings name for VR."""
    if vr_tag and any(name.casefold() == vr_tag.casefold() for name in medium.tags.values()):
        return "left_eye"
    return "whole"


def without_key(url: str) -> str:
    """Stash writes its API key into the URLs that it tells; it goes as a header instead, which nobody logs."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "apikey"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def at_origin(url: str, origin: str) -> str:
    """The same resource under another origin; "" keeps it."""
    if not origin:
        return url
    base, parts = urlsplit(origin), urlsplit(url)
    return urlunsplit(parts._replace(scheme=base.scheme, netloc=base.netloc))
