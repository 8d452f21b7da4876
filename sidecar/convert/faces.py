"""Between the messages about faces and the engine's values."""

from __future__ import annotations

from protos import common_pb2, inference_pb2
from sidecar.engine.events import FaceCandidate, FaceMark, FaceReport, FaceTrack
from sidecar.engine.request import FaceQuery
from sidecar.faces import FaceDecisionName

MAX_MARKS = 2000

DECISIONS: dict[FaceDecisionName, common_pb2.FaceDecision] = {
    "unknown": common_pb2.FACE_DECISION_UNKNOWN,
    "maybe": common_pb2.FACE_DECISION_MAYBE,
    "match": common_pb2.FACE_DECISION_MATCH,
}


def to_face_query(message: inference_pb2.FaceQuery) -> FaceQuery:
    return FaceQuery(message.model, message.date, tuple(message.known_keys))


def from_report(report: FaceReport) -> inference_pb2.FaceReport:
    return inference_pb2.FaceReport(
        model=report.model,
        tracks=map(from_track, report.tracks),
        frames=report.frames,
        faces=report.faces,
        gallery_version=report.gallery_version,
    )


def from_track(track: FaceTrack) -> inference_pb2.Track:
    return inference_pb2.Track(
        id=track.id,
        spans=[inference_pb2.TimeRange(start_s=start_s, end_s=end_s) for start_s, end_s in track.spans],
        faces=track.faces,
        views=track.views,
        quality=track.quality,
        best=from_mark(track.best),
        marks=map(from_mark, thinned(track.marks)),
        candidates=map(from_candidate, track.candidates),
        decision=DECISIONS[track.decision],
        group_id=track.group_id,
        confirmed_key=track.confirmed_key,
    )


def from_mark(mark: FaceMark) -> inference_pb2.FaceMark:
    box = mark.box
    return inference_pb2.FaceMark(pts_s=mark.pts_s, left=box.left, top=box.top, width=box.width, height=box.height)


def from_candidate(candidate: FaceCandidate) -> inference_pb2.Candidate:
    return inference_pb2.Candidate(
        keys=candidate.keys,
        name=candidate.name,
        similarity=candidate.similarity,
        margin=candidate.margin,
        reference_id=candidate.reference_id,
        reference_source=candidate.reference_source,
        references=candidate.references,
        agreeing_views=candidate.agreeing_views,
        lowered=candidate.lowered,
        decision=DECISIONS[candidate.decision],
    )


def thinned(marks: tuple[FaceMark, ...]) -> tuple[FaceMark, ...]:
    """At most MAX_MARKS of them, evenly taken."""
    step = -(-len(marks) // MAX_MARKS) or 1
    return marks[::step]
