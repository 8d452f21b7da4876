"""Between the messages of the Inference service and the engine's values. Nothing is decided but what is malformed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from protos import inference_pb2
from sidecar.convert.common import from_note, from_problem, from_span, from_total, to_query
from sidecar.convert.faces import from_report, to_face_query
from sidecar.engine.events import Done, Event, FaceReport, Failed, Progress, Started
from sidecar.engine.request import InvalidRequest, MediumRequest, RefineMode, Sampling, TagQuery
from sidecar.engine.session import CancelMedium, Command, Refused
from sidecar.engine.stored import ScoredTimeline
from sidecar.values import View

SPANS_PER_BATCH = 500

Value = TypeVar("Value")

_REFINE: dict[int, RefineMode] = {
    inference_pb2.REFINE_UNSPECIFIED: "budget",
    inference_pb2.REFINE_BUDGET: "budget",
    inference_pb2.REFINE_FULL: "full",
    inference_pb2.REFINE_NONE: "none",
}


_VIEWS: dict[int, View] = {
    inference_pb2.VIEW_UNSPECIFIED: "whole",
    inference_pb2.VIEW_WHOLE: "whole",
    inference_pb2.VIEW_LEFT_EYE: "left_eye",
}


def to_commands(messages: Iterable[inference_pb2.AnalyzeRequest]) -> Iterator[Command]:
    """Turn the stream's messages into commands; tags and sampling carry over from one medium to the next.

    So does what was wrong with them: media that inherit a refused value are refused, never analysed with another one.
    """
    query: TagQuery | InvalidRequest = TagQuery()
    sampling: Sampling | InvalidRequest = Sampling()
    for message in messages:
        if message.WhichOneof("action") == "cancel_media_id":
            yield CancelMedium(message.cancel_media_id)
            continue
        medium = message.medium
        if medium.HasField("tags"):
            query = _or_refusal(lambda: to_query(medium.tags))  # noqa: B023 (called at once)
        if medium.HasField("sampling"):
            sampling = _or_refusal(lambda: to_sampling(medium.sampling))  # noqa: B023
        try:
            if message.WhichOneof("action") is None:
                raise InvalidRequest("the request has no action; set medium or cancel_media_id")
            for value in (query, sampling):
                if isinstance(value, InvalidRequest):
                    raise value
            assert isinstance(query, TagQuery)
            assert isinstance(sampling, Sampling)
            location, headers = to_location(medium.location)
            view = to_view(medium.view)
            faces = to_face_query(medium.faces) if medium.HasField("faces") else None
            tags = None if medium.without_tags else query
            yield MediumRequest(medium.media_id, location, headers, tags, sampling, view, faces)
        except InvalidRequest as error:
            yield Refused(medium.media_id, str(error))


def _or_refusal(make: Callable[[], Value]) -> Value | InvalidRequest:
    try:
        return make()
    except InvalidRequest as error:
        return error


def to_view(value: int) -> View:
    if value not in _VIEWS:
        raise InvalidRequest(f"view is {value}; use one of {inference_pb2.View.keys()}")
    return _VIEWS[value]


def from_view(view: View) -> inference_pb2.View:
    return inference_pb2.VIEW_LEFT_EYE if view == "left_eye" else inference_pb2.VIEW_WHOLE


def to_location(message: inference_pb2.MediaLocation) -> tuple[str, dict[str, str]]:
    """A location is (absolute path or URL, headers). Raises InvalidRequest where neither is set or both look wrong."""
    where = message.WhichOneof("where")
    if where == "path":
        if message.path.lower().startswith(("http://", "https://")):
            raise InvalidRequest("location.path holds a URL; put it into location.remote.url")
        return message.path, {}
    if where == "remote":
        if not message.remote.url.lower().startswith(("http://", "https://")):
            raise InvalidRequest("location.remote.url is no http or https URL")
        return message.remote.url, dict(message.remote.headers)
    raise InvalidRequest("the medium has no location; set location.path or location.remote")


def to_sampling(message: inference_pb2.Sampling) -> Sampling:
    standard = Sampling()
    if message.refine not in _REFINE:
        raise InvalidRequest(f"sampling.refine is {message.refine}; use one of {inference_pb2.Refine.keys()}")
    return Sampling(
        interval_s=message.interval_s or standard.interval_s,
        refine_s=message.refine_s or standard.refine_s,
        refine=_REFINE[message.refine],
        refine_budget=message.refine_budget if message.HasField("refine_budget") else standard.refine_budget,
        fresh=message.fresh,
    )


def from_event(event: Event) -> Iterator[inference_pb2.AnalyzeEvent]:
    """One event of the engine is one message, but for Done: its spans go ahead in batches."""
    if isinstance(event, Started):
        yield inference_pb2.AnalyzeEvent(
            media_id=event.media_id,
            started=inference_pb2.Started(
                content_key=event.content_key,
                kind=event.kind,
                duration_s=event.duration_s,
                width_px=event.width_px,
                height_px=event.height_px,
                decoder=event.decoder,
                plan=event.plan,
            ),
        )
    elif isinstance(event, Progress):
        yield inference_pb2.AnalyzeEvent(
            media_id=event.media_id,
            progress=inference_pb2.Progress(
                stage=event.stage,
                frames_decoded=event.frames_decoded,
                frames_embedded=event.frames_embedded,
                frames_per_s=event.frames_per_s,
                position_s=event.position_s,
                seconds_left=event.seconds_left,
            ),
        )
    elif isinstance(event, FaceReport):
        yield inference_pb2.AnalyzeEvent(media_id=event.media_id, faces=from_report(event))
    elif isinstance(event, Failed):
        yield inference_pb2.AnalyzeEvent(media_id=event.media_id, error=from_problem(event.code, event.message))
    else:
        for first in range(0, len(event.spans), SPANS_PER_BATCH):
            batch = inference_pb2.SpanBatch(spans=map(from_span, event.spans[first : first + SPANS_PER_BATCH]))
            yield inference_pb2.AnalyzeEvent(media_id=event.media_id, spans=batch)
        yield inference_pb2.AnalyzeEvent(media_id=event.media_id, done=_from_done(event))


def _from_done(event: Done) -> inference_pb2.Done:
    timings = event.timings
    return inference_pb2.Done(
        content_key=event.content_key,
        kind=event.kind,
        duration_s=event.duration_s,
        decoder=event.decoder,
        frames_decoded=event.frames_decoded,
        frames_embedded=event.frames_embedded,
        samples=event.samples,
        from_cache=event.from_cache,
        tags=map(from_total, event.tags),
        warnings=map(from_note, event.warnings),
        timings=inference_pb2.Timings(
            total_s=timings.total_s,
            coarse_s=timings.coarse_s,
            refine_s=timings.refine_s,
            prompts_s=timings.prompts_s,
            score_s=timings.score_s,
        ),
        model=event.model,
        plan=event.plan,
    )


def from_scored(content_key: str, scored: ScoredTimeline | Failed) -> inference_pb2.ScoreEvent:
    if isinstance(scored, Failed):
        return inference_pb2.ScoreEvent(content_key=content_key, error=from_problem(scored.code, scored.message))
    return inference_pb2.ScoreEvent(
        content_key=content_key,
        timeline=inference_pb2.Timeline(
            duration_s=scored.duration_s,
            spans=map(from_span, scored.spans),
            tags=map(from_total, scored.tags),
            score_s=scored.score_s,
            prompts_s=scored.prompts_s,
            warnings=map(from_note, scored.warnings),
        ),
    )
