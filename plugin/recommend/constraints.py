"""Which scenes may come at all, and what those gain that have what is preferred."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from plugin.recommend.liking import DAY_S
from plugin.recommend.values import Catalogue, Constraint, Question

PREFERRED = 0.25
"""What a preferred tag of importance 1 adds to a score, where it is shown for as long as it ever is."""

FORGOTTEN_S = 90 * DAY_S
"""The setting "only after 90 days"."""


def constraints(question: Question) -> list[Constraint]:
    """Those of its config. A tag that no scene has: term 0, which nothing has."""
    found = []
    for entry in question.config.get("tags", ()):
        term = _term(question.catalogue, entry)
        found.append(
            Constraint(term or 0, entry["presence"], entry["min_share"], entry["max_share"], entry["importance"])
        )
    return found


def missing_tags(question: Question) -> list[str]:
    """Names of required tags that no scene has: why there is nothing."""
    return [
        str(entry.get("label") or f"number {entry['tag_id']}")
        for entry in question.config.get("tags", ())
        if entry["presence"] == "require" and not _term(question.catalogue, entry)
    ]


def allowed(question: Question) -> bytearray:
    """By ordinal: 1 where the scene may come; computed once per question, not to be changed.

    Not: gone ones, seeds, exclusions, hidden ones and those that the owner wants less of, watched ones if so
    configured, and what the constraints forbid.
    """
    catalogue, history, config = question.catalogue, question.history, question.config
    parts = [config.get(name) for name in ("watched", "tags", "performers", "min_minutes", "max_minutes")]
    key = ("allowed", repr(parts), question.seeds, question.exclude, tuple(history.feedback.items()))
    if key in question.shared:
        known: bytearray = question.shared[key]
        return known
    mask = question.shared[key] = bytearray(catalogue.alive)
    for ordinal in (*question.seeds, *question.exclude):
        mask[ordinal] = 0
    for ordinal, verdict in history.feedback.items():
        if verdict in ("hide", "less"):
            mask[ordinal] = 0
    rule = config.get("watched", "keep")
    if rule != "keep":
        since_s = history.now_s - FORGOTTEN_S if rule == "after_90_days" else float("-inf")
        for scene in history.scenes:
            if scene.last_s > since_s:
                mask[scene.ordinal] = 0
    _by_length(mask, catalogue, config)
    for constraint in constraints(question):
        if constraint.presence != "prefer":
            _apply(mask, _within(catalogue, constraint), constraint.presence)
    for entry in config.get("performers", ()):
        if entry["presence"] != "prefer":
            _apply(mask, catalogue.scenes_of_performer(entry["id"]), entry["presence"])
    return mask


def preferred(question: Question) -> dict[int, float]:
    """What scenes gain by what is preferred, by ordinal; others gain nothing. Computed once per question."""
    catalogue = question.catalogue
    key = ("preferred", repr((question.config.get("tags"), question.config.get("performers"))))
    if key in question.shared:
        known: dict[int, float] = question.shared[key]
        return known
    gains = question.shared[key] = {}
    for constraint in constraints(question):
        if constraint.presence == "prefer":
            posting = catalogue.posting(constraint.term)
            greatest = max(posting.weights, default=0.0)
            fits = _bounds(constraint)
            for ordinal, weight, seconds in zip(posting.ordinals, posting.weights, posting.seconds, strict=True):
                if fits(_share(catalogue, ordinal, seconds)):
                    gain = PREFERRED * constraint.importance * weight / greatest
                    gains[ordinal] = gains.get(ordinal, 0.0) + gain
    for entry in question.config.get("performers", ()):
        if entry["presence"] == "prefer":
            for ordinal in catalogue.scenes_of_performer(entry["id"]):
                gains[ordinal] = gains.get(ordinal, 0.0) + PREFERRED
    return gains


def _term(catalogue: Catalogue, entry: Mapping[str, Any]) -> int | None:
    return catalogue.term_of_tag(entry["tag_id"]) if "tag_id" in entry else catalogue.term_of_label(entry["label"])


def _by_length(mask: bytearray, catalogue: Catalogue, config: Mapping[str, Any]) -> None:
    """Scenes whose length is unknown stay."""
    shortest, longest = 60.0 * config.get("min_minutes", 0), 60.0 * config.get("max_minutes", 0)
    if not shortest and not longest:
        return
    for ordinal, seconds in enumerate(catalogue.duration_s):
        if seconds and (seconds < shortest or (longest and seconds > longest)):
            mask[ordinal] = 0


def _within(catalogue: Catalogue, constraint: Constraint) -> list[int]:
    posting = catalogue.posting(constraint.term)
    if constraint.min_share is None and constraint.max_share is None:
        return list(posting.ordinals)
    fits = _bounds(constraint)
    return [
        ordinal
        for ordinal, seconds in zip(posting.ordinals, posting.seconds, strict=True)
        if fits(_share(catalogue, ordinal, seconds))
    ]


def _bounds(constraint: Constraint) -> Callable[[float], bool]:
    low = 0.0 if constraint.min_share is None else constraint.min_share
    high = 1.0 if constraint.max_share is None else constraint.max_share
    return lambda share: low <= share <= high


def _share(catalogue: Catalogue, ordinal: int, seconds: float) -> float:
    """Of the scene that shows a term, 0 to 1. All of it where its length is unknown."""
    length_s = catalogue.duration_s[ordinal]
    return min(1.0, seconds / length_s) if length_s > 0 else 1.0


def _apply(mask: bytearray, ordinals: Iterable[int] | Sequence[int], presence: str) -> None:
    if presence == "exclude":
        for ordinal in ordinals:
            mask[ordinal] = 0
        return
    kept = bytearray(len(mask))
    for ordinal in ordinals:
        kept[ordinal] = mask[ordinal]
    mask[:] = kept
