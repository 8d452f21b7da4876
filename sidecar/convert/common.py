"""What several services' messages share."""

from __future__ import annotations

from protos import common_pb2
from sidecar.engine.events import TagTotal, TimelineSpan
from sidecar.engine.request import Tag, TagQuery
from sidecar.values import Note


def to_query(message: common_pb2.TagQuery) -> TagQuery:
    tags = tuple(
        Tag(
            name=tag.name,
            category=tag.category,
            phrasings=tuple(tag.phrasings),
            enter=tag.enter if tag.HasField("enter") else None,
            stay=tag.stay if tag.HasField("stay") else None,
        )
        for tag in message.tags
    )
    return TagQuery(message.model, message.vocabulary or not tags, tags)


def from_span(span: TimelineSpan) -> common_pb2.Span:
    return common_pb2.Span(
        tag=span.tag,
        category=span.category,
        start_s=span.start_s,
        end_s=span.end_s,
        score=span.score,
        peak_s=span.peak_s,
        peak_score=span.peak_score,
        start_uncertainty_s=span.start_uncertainty_s,
        end_uncertainty_s=span.end_uncertainty_s,
    )


def from_total(total: TagTotal) -> common_pb2.TagSummary:
    return common_pb2.TagSummary(
        tag=total.tag, category=total.category, seconds=total.seconds, share=total.share, score=total.score
    )


def from_note(note: Note) -> common_pb2.Warning:
    return common_pb2.Warning(code=note.code, message=note.message)


def from_problem(code: str, message: str) -> common_pb2.Problem:
    """code is a ProblemCode in lower case; one that the contract does not know becomes INTERNAL."""
    known = code.upper() in common_pb2.ProblemCode.keys()  # noqa: SIM118 (an enum wrapper, not a dict)
    return common_pb2.Problem(code=code.upper() if known else "INTERNAL", message=message)
