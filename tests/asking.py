"""Short ways to ask a sidecar, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from protos import common_pb2, inference_pb2
from scripts.sample_video import Shot, cut_times_s
from scripts.sidecar_client import SidecarClient
from tests.conftest import CONCRETE_TAGS, TAG_OF_PHOTO

FULL = inference_pb2.Sampling(refine=inference_pb2.REFINE_FULL)


@dataclass
class Answer:
    """All that was said about one medium."""

    started: inference_pb2.Started | None = None
    progress: list[inference_pb2.Progress] = field(default_factory=list)
    spans: list[common_pb2.Span] = field(default_factory=list)
    done: inference_pb2.Done | None = None
    error: common_pb2.Problem | None = None

    @property
    def code(self) -> str:
        return common_pb2.ProblemCode.Name(self.error.code) if self.error else ""

    def of(self, tag: str) -> list[tuple[float, float]]:
        return [(span.start_s, span.end_s) for span in self.spans if span.tag == tag]


def tag_query(tags: Mapping[str, Sequence[str]] = CONCRETE_TAGS, **more: Any) -> common_pb2.TagQuery:
    definitions = [common_pb2.TagDefinition(name=name, phrasings=phrasings) for name, phrasings in tags.items()]
    return common_pb2.TagQuery(model="lite", tags=definitions, **more)


def request(
    path: Path | str,
    media_id: str | None = None,
    query: common_pb2.TagQuery | None = None,
    sampling: inference_pb2.Sampling | None = None,
) -> inference_pb2.AnalyzeRequest:
    medium = inference_pb2.MediumRequest(
        media_id=media_id or str(path),
        location=inference_pb2.MediaLocation(path=str(path)),
        tags=query or tag_query(),
        sampling=sampling or inference_pb2.Sampling(),
    )
    return inference_pb2.AnalyzeRequest(medium=medium)


def analyze(
    client: SidecarClient, requests: Iterable[inference_pb2.AnalyzeRequest], timeout_s: float = 120
) -> dict[str, Answer]:
    """Everything the sidecar said, by media id. Checks that each medium ends exactly once, and nothing follows it."""
    answers: dict[str, Answer] = {}
    for event in client.inference.Analyze(iter(requests), timeout=timeout_s):
        answer = answers.setdefault(event.media_id, Answer())
        assert answer.done is None, f"{event} follows done"
        assert answer.error is None, f"{event} follows error"
        kind = event.WhichOneof("event")
        if kind == "spans":
            answer.spans.extend(event.spans.spans)
        elif kind == "progress":
            answer.progress.append(event.progress)
        else:
            setattr(answer, kind, getattr(event, kind))
    for media_id, answer in answers.items():
        assert (answer.done is None) != (answer.error is None), f"{media_id} has no end"
    return answers


def analyze_one(client: SidecarClient, path: Path, **more: Any) -> Answer:
    (answer,) = analyze(client, [request(path, **more)]).values()
    return answer


def truth(shots: Sequence[Shot]) -> dict[str, list[tuple[float, float]]]:
    """Tag -> ranges in which its photo is on screen."""
    times = cut_times_s(shots)
    ranges: dict[str, list[tuple[float, float]]] = {}
    for shot, start_s, end_s in zip(shots, times, times[1:], strict=False):
        ranges.setdefault(TAG_OF_PHOTO[shot.photo], []).append((start_s, end_s))
    return ranges
