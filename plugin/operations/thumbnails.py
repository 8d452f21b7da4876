"""Small pictures of moments, for pages that show where something was seen."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plugin.analysis.paths import parse_rules
from plugin.analysis.prepare import UNSEEN, CannotPrepare, Surroundings, prepare
from plugin.context import Context
from plugin.sidecar_values import Look, MediumWish, Picture, Problem, SidecarError
from plugin.stash.values import MediaKind, Medium

if TYPE_CHECKING:
    from plugin.sidecar_client import SidecarClient

SIZE_PX = 240
"""Of the longer edge."""
TOTAL_S, MEDIUM_S = 20.0, 8.0
"""How long a page waits for all pictures, and how much of it one medium may take: a disk that sleeps or a stalled
stream takes no time from the others."""
AT_ONCE = 4
LATE = "not in time; ask again"


@dataclass(frozen=True, slots=True)
class Asked:
    """The moments of one medium, seconds, each once."""

    kind: MediaKind
    id: int
    at_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of one medium: pictures, and why some or all are missing ("" if none is)."""

    asked: Asked
    pictures: tuple[Picture, ...] = ()
    problem: str = ""


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Pictures by medium, in the order of asking, with their moments ascending. A medium that fails harms no other.

    Raises what concerns all of them: SidecarError, SetupError, StashError, PathRuleError.
    """
    groups = by_medium(args["moments"])
    sidecar = context.connect_sidecar()
    deadline_s = time.monotonic() + TOTAL_S
    media = {kind: context.stash.media(kind, [one.id for one in groups if one.kind == kind]) for kind in _KINDS}
    views = _views(context, groups)
    around = surroundings(context)

    def show(asked: Asked) -> Shown:
        medium = media[asked.kind].get(asked.id)
        if medium is None:
            return Shown(asked, problem=f"Stash has no {asked.kind} {asked.id}")
        return _show(sidecar, asked, medium, around, views.get((asked.kind, asked.id)), deadline_s)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return as_json(pool.map(show, groups))


_KINDS: tuple[MediaKind, ...] = ("scene", "image")


def by_medium(moments: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """Moments by medium, in the order in which media come first."""
    found: dict[tuple[MediaKind, int], set[float]] = {}
    for moment in moments:
        found.setdefault((moment["kind"], moment["id"]), set()).add(moment["at_s"])
    return [Asked(kind, media_id, tuple(sorted(at_s))) for (kind, media_id), at_s in found.items()]


def as_json(shown: Iterable[Shown]) -> dict[str, Any]:
    pictures, problems = [], []
    for one in shown:
        medium = {"kind": one.asked.kind, "id": one.asked.id}
        pictures += [
            {
                **medium,
                "at_s": picture.at_s,
                "pts_s": round(picture.pts_s, 4),
                "data_url": f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}",
            }
            for picture in one.pictures
        ]
        if one.problem:
            problems.append({**medium, "message": one.problem})
    return {"pictures": pictures, "problems": problems}


def _show(
    sidecar: SidecarClient, asked: Asked, medium: Medium, around: Surroundings, view: str | None, deadline_s: float
) -> Shown:
    """By its path; over Stash's own URL where the sidecar does not see that."""
    own_deadline_s = min(deadline_s, time.monotonic() + MEDIUM_S)

    def ask(over_url: bool) -> Sequence[Picture] | Problem:
        wish = prepare(str(asked.id), medium, around, Look(), over_url)
        if view is not None:
            wish = replace(wish, view=view)
        return _pictures(sidecar, wish, asked.at_s, own_deadline_s)

    try:
        answer = ask(over_url=False)
        if isinstance(answer, Problem) and answer.code in UNSEEN and medium.url:
            answer = ask(over_url=True)
    except CannotPrepare as error:
        return Shown(asked, problem=str(error))
    except SidecarError as error:
        return Shown(asked, problem=LATE if time.monotonic() >= own_deadline_s - _SOON_S else str(error))
    if isinstance(answer, Problem):
        return Shown(asked, problem=answer.message)
    missing = sorted(set(asked.at_s) - {picture.at_s for picture in answer})
    shown_as = ", ".join(f"{at_s:g}" for at_s in missing)
    return Shown(asked, tuple(answer), f"nothing can be shown at {shown_as} s" if missing else "")


_SOON_S = 0.05


def _pictures(
    sidecar: SidecarClient, wish: MediumWish, at_s: Sequence[float], deadline_s: float
) -> Sequence[Picture] | Problem:
    left_s = deadline_s - time.monotonic()
    if left_s < _SOON_S:
        raise SidecarError(LATE, passes=True)
    return sidecar.thumbnails(wish, at_s, SIZE_PX, left_s)


def _views(context: Context, groups: Sequence[Asked]) -> dict[tuple[MediaKind, int], str]:
    """The part of the picture that was analysed, where that is known: what is shown is what was judged."""
    return {
        (kind, media_id): known.view
        for kind in _KINDS
        for media_id, known in context.store.analyses.known(
            kind, [one.id for one in groups if one.kind == kind]
        ).items()
    }


def surroundings(context: Context) -> Surroundings:
    """What holds for all media that are looked at now."""
    rules = parse_rules(context.stash_settings.path_mappings)
    return Surroundings(rules, context.config.vr_tag, context.media_headers(), context.settings.stash_url)
