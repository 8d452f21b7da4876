"""What stored vectors say about a query: no decoding, no media."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sidecar.engine.events import Failed, TagTotal, TimelineSpan
from sidecar.engine.judge import Judge
from sidecar.engine.samples import SampleSet
from sidecar.store import FeatureStore, PassState
from sidecar.values import ContentKey, Note


@dataclass(frozen=True, slots=True)
class ScoredTimeline:
    """The timeline of one stored medium. score_s excludes prompts_s."""

    duration_s: float
    spans: tuple[TimelineSpan, ...]
    tags: tuple[TagTotal, ...]
    warnings: tuple[Note, ...]
    score_s: float
    prompts_s: float


def score_stored(store: FeatureStore, key_text: str, judge: Judge, prompts_s: float) -> ScoredTimeline | Failed:
    """Score one content key anew; Failed where it is malformed or nothing is stored for the judge's model."""
    begun_at = time.monotonic()
    try:
        key = parse_content_key(key_text)
    except ValueError as error:
        return Failed(key_text, "invalid_request", str(error))
    media, state = store.media(key), store.pass_state(key, judge.model_key) or PassState()
    samples = SampleSet(store, key, judge)
    if media is None or not len(samples):
        return Failed(
            key_text, "not_found", f"nothing is stored for {key_text} and model {judge.model_id}; analyse it first"
        )
    duration_s = state.seen_duration_s or media.duration_s or 0.0
    scored = samples.scored(duration_s)
    spans: tuple[TimelineSpan, ...] = ()
    if media.kind == "image":
        tags = judge.still_image_tags(scored.scores)
    else:
        spans, tags = judge.timeline(scored)
    warnings = (*state.warnings, *judge.notes)
    return ScoredTimeline(duration_s, spans, tags, warnings, time.monotonic() - begun_at, prompts_s)


def parse_content_key(text: str) -> ContentKey:
    """The inverse of str(ContentKey). Raises ValueError saying what is expected."""
    algorithm, _, rest = text.partition("-")
    digest, _, size = rest.partition("-")
    if algorithm in ("oshash", "md5") and digest.isalnum() and digest == digest.lower() and size.isdigit():
        return ContentKey(algorithm, digest, int(size))  # type: ignore[arg-type]
    raise ValueError(f"{text[:100]!r} is no content key; it looks like oshash-0123456789abcdef-1048576")
