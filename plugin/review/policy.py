"""What the owner wants done with each label: pure values, made of the defaults and the label's own row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from plugin.settings import Defaults
from plugin.sidecar_values import TagWish
from plugin.store.policies import PolicyRow


@dataclass(frozen=True, slots=True)
class Policy:
    """One label's policy.

    mode: "auto" writes to Stash by itself, "suggest" asks, "off" ignores. stash_tag: name of the tag in Stash, "" for
    the label's own. required_s, required_share: a scene gets the tag when it was seen for this many seconds or this
    share of the duration (0 to 1); where both are given, the smaller of the two, so that short clips are not left out.
    marker: also make markers. min_marker_s: shorter ranges make none. max_gap_s: ranges this near become one.
    threshold: score at which a range may begin, in the unit `scoring` of the model; None for the model's own.
    """

    label: str
    mode: str
    stash_tag: str = ""
    required_s: float | None = None
    required_share: float | None = None
    marker: bool = True
    min_marker_s: float = 0.0
    max_gap_s: float = 0.0
    threshold: float | None = None
    scoring: str = ""
    phrasings: tuple[str, ...] = ()

    def needed_s(self, duration_s: float) -> float:
        """Seconds that the label must be seen in a scene of this length."""
        limits = []
        if self.required_s is not None:
            limits.append(self.required_s)
        if self.required_share is not None:
            limits.append(self.required_share * duration_s)
        return min(limits, default=0.0)


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """All policies. of() answers for every label."""

    defaults: Defaults = field(default_factory=Defaults)
    rows: Mapping[str, PolicyRow] = field(default_factory=dict)
    gallery_share: float = 0.3

    def of(self, label: str) -> Policy:
        row = self.rows.get(label.casefold()) or PolicyRow(label)
        defaults = self.defaults
        # A label's own requirement replaces both defaults: "35 %" must not be undercut by ten seconds.
        own = row.required_s is not None or row.required_share is not None
        return Policy(
            label=label,
            mode=row.mode or defaults.mode,
            stash_tag=row.stash_tag or "",
            required_s=row.required_s if own else defaults.required_s,
            required_share=row.required_share if own else defaults.required_share,
            marker=defaults.marker if row.marker is None else row.marker,
            min_marker_s=defaults.min_marker_s if row.min_marker_s is None else row.min_marker_s,
            max_gap_s=defaults.max_gap_s if row.max_gap_s is None else row.max_gap_s,
            threshold=row.threshold,
            scoring=row.scoring or "",
            phrasings=row.phrasings or (),
        )

    def image_share(self, label: str) -> float:
        """Share of a gallery's images that must show the label, 0 to 1."""
        row = self.rows.get(label.casefold())
        return row.required_share if row and row.required_share is not None else self.gallery_share

    def wishes(self, scoring: str) -> tuple[TagWish, ...]:
        """What the sidecar must know: labels with phrasings of their own, and thresholds in the model's unit."""
        found = []
        for row in sorted(self.rows.values(), key=lambda row: row.label.casefold()):
            threshold = row.threshold if row.scoring in (None, "", scoring) else None
            if row.mode != "off" and (row.phrasings or threshold is not None):
                found.append(TagWish(row.label, row.phrasings or (), threshold))
        return tuple(found)

    @property
    def digest(self) -> str:
        """Changes when stored findings would be decided otherwise. What they were found by is in Question.digest."""
        own = [self._decided_by(label) for label in sorted(self.rows)]
        others = PolicyBook(self.defaults, {}, self.gallery_share)
        differing = [one for one in own if one != others._decided_by(one[0]["label"])]
        text = json.dumps([others._decided_by(""), differing], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _decided_by(self, label: str) -> tuple[dict[str, Any], float]:
        policy = replace(self.of(label), threshold=None, scoring="", phrasings=())
        return asdict(policy), self.image_share(label)


def policy_book(rows: Iterable[PolicyRow], defaults: Defaults, gallery_share: float) -> PolicyBook:
    return PolicyBook(defaults, {row.label.casefold(): row for row in rows}, gallery_share)
