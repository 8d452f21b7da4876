"""What a medium needs, told from what is known of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from plugin.stash.values import MediaRow
from plugin.store.analyses import Analysis
from plugin.store.faces import FaceAnalysis

Need: TypeAlias = Literal["analyse", "retag", "decide"]
FaceNeed: TypeAlias = Literal["look", "match", "decide"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What analyses should have been made with. model, vocabulary: "" while unknown, then they make nothing stale."""

    model: str
    vocabulary: str
    query: str
    interval_s: float
    policy: str


def need_of(row: MediaRow, known: Analysis | None, wanted: Wanted) -> tuple[Need | None, str]:
    """The least that brings a medium up to date, and why; (None, "") where it is.

    analyse: frames must be looked at. retag: stored vectors suffice. decide: what was seen suffices. Samples that are
    nearer to each other than now wanted are good enough; only a finer interval needs another look, and only at what
    plays.
    """
    if known is None:
        return "analyse", "not analysed yet"
    if row.content and known.content and row.content != known.content:
        return "analyse", "the file was replaced"
    if wanted.model and known.model != wanted.model:
        return "analyse", f"analysed with {known.model}, now {wanted.model} is used"
    if known.duration_s > 0 and wanted.interval_s < known.interval_s - 1e-6:
        return "analyse", f"samples lie up to {known.interval_s:g} s apart, {wanted.interval_s:g} s are wanted"
    if wanted.vocabulary and known.vocabulary != wanted.vocabulary:
        return "retag", "the vocabulary has changed"
    if known.query != wanted.query:
        return "retag", "tags or thresholds have changed"
    if known.policy != wanted.policy:
        return "decide", "the policy has changed"
    return None, ""


@dataclass(frozen=True, slots=True)
class FacesWanted:
    """What media should have been looked at with. version: of the references. rules: digest of what decides."""

    model: str
    version: str
    rules: str


def face_need_of(row: MediaRow, known: FaceAnalysis | None, wanted: FacesWanted) -> FaceNeed | None:
    """The least that brings what is known of a medium's faces up to date; None where it is.

    look: frames must be looked at. match: stored faces suffice, who they are must be asked. decide: that suffices too.
    """
    if known is None or (row.content and known.content and row.content != known.content):
        return "look"
    if known.model != wanted.model:
        return "look"
    if known.gallery_version != wanted.version:
        return "match"
    return "decide" if known.rules != wanted.rules else None
