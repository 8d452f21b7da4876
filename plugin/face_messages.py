"""protos' messages about faces as values: what was seen, who it may be. Shared by the two clients that hear of it."""

from __future__ import annotations

from typing import Any, cast

from plugin.store.faces import Candidate, FaceDecision, FaceReport, Track
from plugin.store.marks import Mark
from protos import common_pb2, inference_pb2


def face_report(message: inference_pb2.FaceReport) -> FaceReport:
    return FaceReport(
        model=message.model,
        tracks=tuple(track(one) for one in message.tracks),
        frames=message.frames,
        faces=message.faces,
        gallery_version=message.gallery_version,
    )


def track(message: inference_pb2.Track) -> Track:
    return Track(
        id=message.id,
        spans=tuple((round(span.start_s, 3), round(span.end_s, 3)) for span in message.spans),
        faces=message.faces,
        views=message.views,
        quality=round(message.quality, 4),
        best=_mark(message.best),
        decision=decision(message.decision),
        candidates=tuple(candidate(one) for one in message.candidates),
        group_id=message.group_id,
        confirmed_key=message.confirmed_key,
        marks=tuple(_mark(mark) for mark in message.marks),
    )


def candidate(message: inference_pb2.Candidate) -> Candidate:
    return Candidate(
        keys=tuple(message.keys),
        name=message.name,
        similarity=round(message.similarity, 4),
        margin=round(message.margin, 4),
        references=message.references,
        agreeing_views=message.agreeing_views,
        source=message.reference_source,
        reference_id=message.reference_id,
        lowered=tuple(message.lowered),
        decision=decision(message.decision),
    )


def decision(number: Any) -> FaceDecision:
    """One that is not known is no decision."""
    name = common_pb2.FaceDecision.Name(number) if number in common_pb2.FaceDecision.values() else ""
    short = name.removeprefix("FACE_DECISION_").lower()
    return cast(FaceDecision, short) if short in ("match", "maybe") else "unknown"


def _mark(mark: inference_pb2.FaceMark) -> Mark:
    shares = (round(share, 4) for share in (mark.left, mark.top, mark.width, mark.height))
    return Mark(round(mark.pts_s, 3), *shares)
