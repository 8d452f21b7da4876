"""What saving policies would do, from what is stored: nothing is written, and nobody is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from plugin.context import Context
from plugin.review.decide import Before, Findings
from plugin.review.policy import PolicyBook
from plugin.review.preview import Evidence, Limits, Preview, limits, preview
from plugin.sidecar_health import known_capabilities
from plugin.stash.values import MediaKind
from plugin.store.policies import PolicyRow
from plugin.store.store import Store

TIME_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class LabelPreview:
    """showing: media whose stored analysis shows the label."""

    label: str
    showing: int
    limits: Limits
    found: Preview


def preview_rows(
    context: Context, rows: Sequence[PolicyRow], clock: Callable[[], float] = time.monotonic
) -> list[LabelPreview]:
    """Of the rows that would change something, in their order. After TIME_LIMIT_S the rest is not looked at."""
    store, old = context.store, context.book
    deadline = clock() + TIME_LIMIT_S
    known = known_capabilities(context)
    scoring = known.scoring if known else ""
    by_label = {row.label.casefold(): row for row in rows}  # of two rows for one label, the later one is saved last
    new = replace(old, rows={**old.rows, **by_label})
    changed = [row.label for key, row in by_label.items() if row != old.rows.get(key, PolicyRow(row.label))]
    return [_of_label(store, label, old, new, scoring, lambda: clock() < deadline) for label in dict.fromkeys(changed)]


def _of_label(
    store: Store, label: str, old: PolicyBook, new: PolicyBook, scoring: str, go_on: Callable[[], bool]
) -> LabelPreview:
    if not go_on():
        return LabelPreview(label, 0, limits(old.of(label), new.of(label), scoring, ()), Preview(is_whole=False))
    media = list(evidence(store, label, old.digest))
    known = limits(old.of(label), new.of(label), scoring, [peak for one in media for peak in _peaks(one)])
    return LabelPreview(label, len(media), known, preview(label, media, old, new, known.threshold, go_on))


def evidence(store: Store, label: str, policy: str) -> Iterator[Evidence]:
    """All that is stored of one label, by medium. policy: digest of the present policies."""
    suggestions, refusals = store.suggestions.of_label(label), store.suggestions.refusals_of_label(label)
    ours = store.journal.of_label(label)
    for one in store.analyses.showing(label):
        key = (one.kind, one.media_id)
        yield Evidence(
            cast(MediaKind, one.kind),
            one.media_id,
            Findings(one.model, one.duration_s, one.spans, (one.total,)),
            Before(suggestions.get(key, ()), refusals.get(key, ()), ours.get(key, ())),
            one.policy == policy,
        )


def _peaks(one: Evidence) -> Iterator[float]:
    if one.kind == "scene":
        yield from (span.peak_score for span in one.findings.spans)
    elif one.kind == "image":
        yield from (total.score for total in one.findings.totals)
