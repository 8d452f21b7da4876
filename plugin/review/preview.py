"""What another policy would do with what is stored of a label. Pure: it decides by the same function as a re-tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from plugin.review.decide import Before, Findings, decide
from plugin.review.policy import Policy, PolicyBook
from plugin.review.ranges import overlap
from plugin.review.tag_index import TagIndex
from plugin.stash.values import Marker, MediaKind, Medium, Tag
from plugin.store.analyses import Span, Total
from plugin.store.journal import Entry
from plugin.store.suggestions import Draft, Suggestion

LOOK_UP_EVERY = 64
"""Media between two looks at the clock."""
COVERED = 0.5
"""As plugin.review.ranges.covers has it."""
OPEN = ("pending", "accepted", "applied")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one medium and one label. is_current: decided by the policy that is stored now, so that what it
    supports and nobody was asked about is in Stash already.
    """

    kind: MediaKind
    id: int
    findings: Findings
    before: Before = field(default_factory=Before)
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """tags, markers: how many suggestions or writes."""

    tags: int = 0
    markers: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """media: those where the tag is suggested, accepted or written, now and then. written: what mode "auto" would
    write. taken_back: of ours in Stash. seen: how many media were looked at; is_whole: all of them.
    """

    media_now: int = 0
    media_then: int = 0
    pending_now: Tally = Tally()
    pending_then: Tally = Tally()
    written: Tally = Tally()
    taken_back: Tally = Tally()
    seen: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What stored spans can tell of another threshold. is_known: enough for the new policy. threshold: spans whose peak
    is lower are gone by it. sentence: what they cannot tell, "" if nothing.
    """

    is_known: bool = True
    threshold: float | None = None
    sentence: str = ""


def preview(
    label: str,
    media: Iterable[Evidence],
    old: PolicyBook,
    new: PolicyBook,
    threshold: float | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Preview:
    """Decide every medium by the new policy, and compare with what is there. threshold: see Limits. go_on: asked now
    and then; where it says no, the answer is not whole.
    """
    counts: dict[str, int] = {}
    seen, is_whole = 0, True
    for one in media:
        if seen % LOOK_UP_EVERY == 0 and not go_on():
            is_whole = False
            break
        seen += 1
        for name in _changes(one, old, new, threshold):
            counts[name] = counts.get(name, 0) + 1

    def tally(name: str) -> Tally:
        return Tally(counts.get(f"{name} tag", 0), counts.get(f"{name} marker", 0))

    return Preview(
        counts.get("has", 0),
        counts.get("would have", 0),
        tally("pending"),
        tally("would be pending"),
        tally("written"),
        tally("taken back"),
        seen,
        is_whole,
    )


def limits(old: Policy, new: Policy, scoring: str, peaks: Sequence[float]) -> Limits:
    """scoring: the model's unit; thresholds in another one do not count. peaks: of the spans that are stored."""
    if new.mode == "off":
        return Limits()
    if new.phrasings != old.phrasings:
        return Limits(False, sentence="What the other phrasings find is known after a re-tag.")
    before, after = _threshold(old, scoring), _threshold(new, scoring)
    if old.mode == "off" and (old.phrasings or before is not None or after is not None):
        return Limits(False, sentence="It was not looked for as it is now; what is found is known after a re-tag.")
    if before == after:
        return Limits()
    # The model's own threshold is not stored, but no span that is there can have had a lower peak.
    known = before if before is not None else min(peaks, default=None)
    if after is None or known is None or after < known:
        return Limits(False, after, "What the other threshold finds beside what is stored is known after a re-tag.")
    return Limits(True, after, "Ranges may also become shorter; how much is known after a re-tag.")


def _threshold(policy: Policy, scoring: str) -> float | None:
    return policy.threshold if not scoring or policy.scoring in ("", scoring) else None


def _changes(one: Evidence, old: PolicyBook, new: PolicyBook, threshold: float | None) -> Iterable[str]:
    """What is counted of one medium."""
    before, known = one.before, {suggestion.id: suggestion for suggestion in one.before.suggestions}
    yield from (f"pending {suggestion.type}" for suggestion in known.values() if suggestion.state == "pending")
    has_tag = any(suggestion.type == "tag" and suggestion.state in OPEN for suggestion in known.values())
    medium, tags = _as_it_stands(one), _tags(before.ours)
    decision = decide(medium, above(one.findings, one.kind, threshold), before, new, tags)
    outcome = decision.outcome
    fresh = outcome.new
    if fresh and one.is_current and _tag_name(old.of(fresh[0].label)) == _tag_name(new.of(fresh[0].label)):
        there = decide(medium, one.findings, before, old, tags).outcome.new
        fresh = tuple(draft for draft in fresh if not any(_is_same(draft, other) for other in there))
    for draft in fresh:
        yield f"written {draft.type}" if draft.accept else f"would be pending {draft.type}"
    for suggestion_id, draft in outcome.updates:
        yield from _of_update(known[suggestion_id], draft)
    yield from (
        f"taken back {'tag' if entry.action == 'add_tag' else 'marker'}"
        for entry in decision.retract
        if entry.action in ("add_tag", "create_marker")
    )
    if has_tag:
        yield "has"
    retracted = {entry.suggestion_id for entry in decision.retract}
    gone = retracted | set(outcome.withdraw)
    keeps_tag = any(
        suggestion.type == "tag" and suggestion.state in OPEN and suggestion.id not in gone
        for suggestion in known.values()
    )
    if keeps_tag or any(draft.type == "tag" for draft in fresh):
        yield "would have"


def _tag_name(policy: Policy) -> str:
    return (policy.stash_tag or policy.label).casefold()


def _of_update(known: Suggestion, draft: Draft) -> Iterable[str]:
    """What becomes of a suggestion that stays, as plugin.store.suggestions follows a policy."""
    if known.state == "pending":
        if draft.accept and not known.held:
            yield f"written {known.type}"
        else:
            yield f"would be pending {known.type}"
    elif known.state == "accepted" and known.decided_by == "policy" and not draft.accept:
        yield f"would be pending {known.type}"


def above(findings: Findings, kind: str, threshold: float | None) -> Findings:
    """Findings without what a higher threshold does not find. A gallery's are made of images, and stay."""
    if threshold is None or kind == "gallery":
        return findings
    if kind == "image":
        return replace(findings, totals=[total for total in findings.totals if total.score >= threshold])
    spans = [span for span in findings.spans if span.peak_score >= threshold]
    if len(spans) == len(findings.spans):
        return findings
    totals = [_of_spans(total, spans, findings.duration_s) for total in findings.totals] if spans else []
    return replace(findings, spans=spans, totals=totals)


def _of_spans(total: Total, spans: Sequence[Span], duration_s: float) -> Total:
    seconds = sum(span.end_s - span.start_s for span in spans)
    return replace(total, seconds=seconds, share=seconds / duration_s if duration_s > 0 else 0.0)


def _as_it_stands(one: Evidence) -> Medium:
    """The medium as far as the store knows it: with what we wrote, and nothing of its owner's."""
    ours = one.before.ours
    return Medium(
        one.kind,
        one.id,
        "",
        {entry.tag_id: entry.tag_name for entry in ours if entry.action == "add_tag" and entry.tag_id is not None},
        None,
        markers=tuple(_marker(entry) for entry in ours if entry.action == "create_marker"),
    )


def _marker(entry: Entry) -> Marker:
    return Marker(entry.marker_id or 0, entry.title, entry.start_s or 0.0, entry.end_s, entry.tag_id or 0)


def _tags(ours: Iterable[Entry]) -> TagIndex:
    return TagIndex([Tag(entry.tag_id, entry.tag_name) for entry in ours if entry.tag_id is not None])


def _is_same(one: Draft, other: Draft) -> bool:
    """Whether what keeps one from being suggested keeps the other: a tag, or a marker that covers it."""
    if one.type == "tag" or other.type == "tag":
        return one.type == other.type
    return overlap(one.start_s, one.end_s, other.start_s, other.end_s) >= COVERED
