"""What stored vectors say about a query: no decoding, no media."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from sidecar.engine.events import Failed, TagTotal, TimelineSpan
from sidecar.engine.judge import Judge
from sidecar.engine.samples import SampleSet
from sidecar.store import FeatureStore, PassState, StoreError
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
    """Score one content key anew; Failed where it is malformed, unreadable, or nothing is stored for the model."""
    try:
        return _score(store, key_text, parse_content_key(key_text), judge, prompts_s)
    except ValueError as error:
        return Failed(key_text, "invalid_request", str(error))
    except StoreError as error:
        return Failed(key_text, "store_error", str(error))


def _score(
    store: FeatureStore, key_text: str, key: ContentKey, judge: Judge, prompts_s: float
) -> ScoredTimeline | Failed:
    begun_at = time.monotonic()
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
    parts = re.fullmatch(r"(oshash|md5)-([0-9a-f]{1,64})-([0-9]{1,18})", text)
    if parts is not None:
        return ContentKey(parts[1], parts[2], int(parts[3]))  # type: ignore[arg-type]
    raise ValueError(f"{text[:100]!r} is no content key; it looks like oshash-0123456789abcdef-1048576")
