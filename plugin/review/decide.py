"""From what was seen to what is suggested. Pure: everything it needs is handed in, everything it decides comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugin.review.policy import Policy, PolicyBook
from plugin.review.ranges import Range, covers, joined, overlap, same_time
from plugin.review.tag_index import TagIndex
from plugin.stash.values import Marker, Medium
from plugin.store.analyses import Span, Total
from plugin.store.journal import Entry
from plugin.store.suggestions import Draft, Outcome, Refusal, Suggestion

SAME_RANGE = 0.3
"""Overlap (intersection over union) from which a new range is the same suggestion as before, moved a little."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the models saw in one medium."""

    model: str
    duration_s: float
    spans: Sequence[Span] = ()
    totals: Sequence[Total] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What the store knows of the medium already."""

    suggestions: Sequence[Suggestion] = ()
    refusals: Sequence[Refusal] = ()
    ours: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """outcome: for the suggestions. retract: writes of ours that the findings do not support any more, and that nobody
    confirmed. theirs: writes that the owner has changed or removed since; they are never touched again.
    """

    outcome: Outcome
    retract: tuple[Entry, ...] = ()
    theirs: tuple[Entry, ...] = ()


def decide(medium: Medium, findings: Findings, before: Before, book: PolicyBook, tags: TagIndex) -> Decision:
    """What to suggest, update, withdraw and take back for one medium.

    A tag or marker that is in Stash already is not suggested. What was refused is not suggested again, nor its tag by
    another label. A suggestion that was decided keeps its decision; a pending one follows the findings. What was undone
    once is never accepted by a policy again, even if it was withdrawn since. What is written stays while any label that
    means its tag is supported.
    """
    theirs, removed = owner_changes(medium, before.ours, before.suggestions, book, tags)
    gone = set(removed)
    open_before = [one for one in before.suggestions if one.id not in gone]
    refusals = [
        (refusal, tags.of_label(book.of(refusal.label)))
        for refusal in (*before.refusals, *_refusals_of(before.suggestions, gone))
    ]
    spans_of = _by_label(findings.spans)
    totals_of = {total.label.casefold(): total for total in findings.totals}

    new: list[Draft] = []
    updates: list[tuple[int, Draft]] = []
    supported: set[int] = set()
    kept_tags: set[int | None] = set()
    leaning: list[tuple[int | None, Draft]] = []
    for total in totals_of.values():
        policy = book.of(total.label)
        if policy.mode == "off":
            continue
        tag_id = tags.of_label(policy)
        drafts: list[Draft] = []
        spans = spans_of.get(total.label.casefold(), ())
        tag_draft = _tag_draft(medium, total, spans, policy, book, findings)
        if tag_draft is not None:
            drafts.append(tag_draft)
            kept_tags.add(tag_id)
        if medium.kind == "scene" and policy.marker:
            drafts += _marker_drafts(spans, policy, findings)
        for draft in drafts:
            known = _known(draft, open_before, supported)
            # Of what is suggested already: whether somebody added it by hand meanwhile.
            is_there = _is_there(draft, medium, tag_id, before.ours if known else ())
            is_refused = _is_refused(draft, tag_id, refusals)
            if known is None and not is_there and not is_refused:
                held = any(one.held and _is_about_the_same(one, draft) for one in before.suggestions)
                new.append(replace(draft, accept=draft.accept and not held, held=held))
            elif known is None:
                if draft.type == "marker":
                    leaning.append((tag_id, draft))
            elif known.state == "applied" or not (is_there or (is_refused and _may_be_dropped(known))):
                supported.add(known.id)
                updates.append((known.id, _kept_range(draft, known)))
    withdraw = [
        one.id
        for one in open_before
        if one.id not in supported
        and (one.state == "pending" or (one.state == "accepted" and one.decided_by != "owner"))
    ]
    unsupported = {
        one.id
        for one in open_before
        if one.state == "applied"
        and one.decided_by == "policy"
        and one.id not in supported
        and book.of(one.label).mode != "off"  # ignoring a label from now on takes nothing back
    }
    kept_tags |= {
        tags.of_label(book.of(one.label))
        for one in open_before
        if one.type == "tag" and one.state in ("accepted", "applied") and one.id not in unsupported | set(withdraw)
    }
    left = {entry.id for entry in theirs}
    retract = tuple(
        entry
        for entry in before.ours
        if entry.suggestion_id in unsupported
        and entry.id not in left
        and not (entry.action == "add_tag" and entry.tag_id in kept_tags)
        and not _is_leant_on(entry, medium, leaning)
    )
    return Decision(Outcome(tuple(new), tuple(updates), tuple(withdraw), tuple(removed)), retract, theirs)


def owner_changes(
    medium: Medium, ours: Iterable[Entry], suggestions: Iterable[Suggestion], book: PolicyBook, tags: TagIndex
) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """Writes of ours that the owner has changed or removed, and the suggestions that they thereby rejected."""
    ours, suggestions = list(ours), list(suggestions)
    by_id = {one.id: one for one in suggestions}
    markers = {marker.id: marker for marker in medium.markers}
    theirs, removed = owner_performers(medium, ours, suggestions)
    for entry in ours:
        suggestion = by_id.get(entry.suggestion_id) if entry.suggestion_id is not None else None
        if entry.action == "add_tag" and entry.tag_id not in medium.tags:
            theirs.append(entry)
            # A tag that was merged into another one is there under that one's id: then nothing was rejected.
            now = tags.of_label(book.of(suggestion.label)) if suggestion else None
            if suggestion and now not in medium.tags:
                removed.append(suggestion.id)
        elif entry.action == "create_marker":
            marker = markers.get(entry.marker_id) if entry.marker_id is not None else None
            if marker is None:
                theirs.append(entry)
                if suggestion:
                    removed.append(suggestion.id)
            elif is_edited(marker, entry):
                theirs.append(entry)
    return tuple(theirs), tuple(removed)


def owner_performers(
    medium: Medium, ours: Iterable[Entry], suggestions: Iterable[Suggestion]
) -> tuple[list[Entry], list[int]]:
    """Performers of ours that the owner has removed, and the suggestions that they thereby rejected."""
    known = {one.id for one in suggestions}
    theirs = [e for e in ours if e.action == "add_performer" and e.performer_id not in medium.performers]
    return theirs, [e.suggestion_id for e in theirs if e.suggestion_id is not None and e.suggestion_id in known]


def is_edited(marker: Marker, entry: Entry) -> bool:
    """Whether a marker is no longer as we wrote it: then it is its owner's."""
    return not (
        same_time(marker.start_s, entry.start_s)
        and same_time(marker.end_s, entry.end_s)
        and marker.title == entry.title
        and marker.primary_tag_id == entry.tag_id
        and not marker.tag_ids
    )


def _tag_draft(
    medium: Medium, total: Total, spans: Sequence[Span], policy: Policy, book: PolicyBook, findings: Findings
) -> Draft | None:
    """Its peak is where the label is to be seen best: what a page shows of it."""
    reason: dict[str, Any] = {"model": findings.model, "score": total.score}
    if medium.kind == "scene":
        needed_s = policy.needed_s(findings.duration_s)
        if total.seconds < needed_s or total.seconds <= 0:
            return None
        reason |= {"seconds": total.seconds, "needed_s": round(needed_s, 3), "share": total.share}
    elif medium.kind == "gallery":
        needed = book.image_share(total.label)
        if total.share < needed:
            return None
        reason |= {"share": total.share, "needed_share": needed}
    best = max(spans, key=lambda span: span.peak_score, default=None)
    peak_s = best.peak_s if best and medium.kind == "scene" else 0.0
    return Draft("tag", total.label, total.score, peak_s=peak_s, reason=reason, accept=policy.mode == "auto")


def _marker_drafts(spans: Sequence[Span], policy: Policy, findings: Findings) -> list[Draft]:
    return [
        Draft(
            "marker",
            policy.label,
            found.score,
            start_s=found.start_s,
            end_s=found.end_s,
            peak_s=found.peak_s,
            reason=_marker_reason(found, findings),
            accept=policy.mode == "auto",
        )
        for found in joined(spans, policy.max_gap_s)
        if found.length_s >= policy.min_marker_s
    ]


def _marker_reason(found: Range, findings: Findings) -> Mapping[str, Any]:
    return {
        "model": findings.model,
        "score": found.score,
        "peak_s": found.peak_s,
        "peak_score": found.peak_score,
        "spans": found.spans,
        "uncertainty_s": found.uncertainty_s,
    }


def _may_be_dropped(known: Suggestion) -> bool:
    """Whether a refused tag takes the suggestion with it. Refused ranges leave other ranges that touch them."""
    return known.type == "tag" and known.decided_by != "owner"


def _known(draft: Draft, open_before: Sequence[Suggestion], taken: set[int]) -> Suggestion | None:
    """The suggestion that the draft is a newer version of: the most overlapping one for markers. One whose range the
    owner has set stands for all that it touches.
    """
    same = [
        one
        for one in open_before
        if one.type == draft.type
        and one.label.casefold() == draft.label.casefold()
        and one.id not in taken
        and one.state in ("pending", "accepted", "applied")
    ]
    if draft.type == "tag":
        return next(iter(same), None)
    best = max(same, key=lambda one: overlap(one.start_s, one.end_s, draft.start_s, draft.end_s), default=None)
    if best is None:
        return None
    shared = overlap(best.start_s, best.end_s, draft.start_s, draft.end_s)
    return best if shared >= SAME_RANGE or (best.edited and shared > 0) else None


def _kept_range(draft: Draft, known: Suggestion) -> Draft:
    """The draft's new numbers, but the range that the owner set, accepted, or that is in Stash already."""
    if draft.type == "marker" and (known.edited or known.state != "pending"):
        return replace(draft, start_s=known.start_s, end_s=known.end_s)
    return draft


def _is_there(draft: Draft, medium: Medium, tag_id: int | None, ours: Sequence[Entry]) -> bool:
    """Whether Stash has it already, written by somebody else than us."""
    if tag_id is None:
        return False
    if draft.type == "tag":
        written = {entry.tag_id for entry in ours if entry.action == "add_tag"}
        return tag_id in medium.tags and tag_id not in written
    mine = {entry.marker_id for entry in ours}
    return any(
        covers(marker, draft.start_s, draft.end_s)
        for marker in medium.markers
        if marker.id not in mine and (marker.primary_tag_id == tag_id or tag_id in marker.tag_ids)
    )


def _is_leant_on(entry: Entry, medium: Medium, leaning: Sequence[tuple[int | None, Draft]]) -> bool:
    """Whether a marker of ours is why another label that means its tag has none of its own."""
    marker = next((one for one in medium.markers if one.id == entry.marker_id), None)
    return marker is not None and any(
        tag_id == entry.tag_id and covers(marker, draft.start_s, draft.end_s) for tag_id, draft in leaning
    )


def _is_refused(draft: Draft, tag_id: int | None, refusals: Iterable[tuple[Refusal, int | None]]) -> bool:
    """Under its own label, or under another one that means the same tag: the owner does not want that tag here."""
    return any(
        _is_about_the_same(refusal, draft)
        or (tag_id is not None and refused == tag_id and _is_about_the_same(replace(refusal, label=draft.label), draft))
        for refusal, refused in refusals
    )


def _is_about_the_same(one: Refusal | Suggestion, draft: Draft) -> bool:
    return (
        one.type == draft.type
        and one.label.casefold() == draft.label.casefold()
        and (draft.type == "tag" or (one.start_s < draft.end_s and one.end_s > draft.start_s))
    )


def _refusals_of(suggestions: Iterable[Suggestion], ids: set[int]) -> list[Refusal]:
    return [Refusal(one.type, one.label, one.start_s, one.end_s) for one in suggestions if one.id in ids]


def _by_label(spans: Iterable[Span]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.label.casefold(), []).append(span)
    return found
