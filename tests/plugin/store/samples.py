"""Rows for tests of the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin.store.analyses import Analysis, Span, Total
from plugin.store.journal import Intent
from plugin.store.store import Store
from plugin.store.suggestions import Draft, Outcome, Suggestion

ANALYSIS = Analysis(
    kind="scene",
    media_id=1,
    name="A scene",
    run_id=1,
    content="oshash-a-10",
    content_key="key",
    view="whole",
    model="lite",
    vocabulary="v1",
    query="q1",
    interval_s=4.0,
    duration_s=60.0,
    samples=15,
    decoder="cpu",
    plan="keyframes",
    warnings=(("truncated", "it ends early"),),
    policy="p1",
)


def span(label: str, start_s: float, end_s: float, score: float = 3.0) -> Span:
    return Span(label, "things", start_s, end_s, score, (start_s + end_s) / 2, score + 1)


def total(label: str, seconds: float = 10.0, share: float = 0.2, score: float = 3.0) -> Total:
    return Total(label, "things", seconds, share, score)


def analysis(run_id: int, media_id: int = 1, kind: str = "scene", **fields: Any) -> Analysis:
    return replace(ANALYSIS, run_id=run_id, media_id=media_id, kind=kind, **fields)


def suggest(store: Store, run_id: int, *drafts: Draft, kind: str = "scene", media_id: int = 1) -> list[Suggestion]:
    """Record drafts as a decision does; the suggestions of the medium."""
    outcome = Outcome(tuple(drafts))
    ids = store.analyses.label_ids({draft.label: "" for draft in drafts})
    store.suggestions.record(run_id, kind, media_id, outcome, ids)
    return store.suggestions.of_medium(kind, media_id)


def add_tag_intent(suggestion_id: int | None, tag_id: int = 7, media_id: int = 1) -> Intent:
    return Intent("suggestion", "add_tag", "scene", media_id, tag_id, "cat", suggestion_id)
