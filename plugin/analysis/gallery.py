"""A gallery's tags: how many of its images show what. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.store.analyses import Total


def gallery_totals(images: Mapping[int, Sequence[Total]], analysed: int) -> tuple[Total, ...]:
    """share: images that show the label, of those analysed; score: the mean of theirs. Most images first."""
    found: dict[str, list[Total]] = {}
    for totals in images.values():
        for total in totals:
            found.setdefault(total.label, []).append(total)
    summed = [
        Total(
            label=label,
            category=totals[0].category,
            seconds=0.0,
            share=round(len(totals) / analysed, 4),
            score=round(sum(total.score for total in totals) / len(totals), 4),
        )
        for label, totals in found.items()
    ]
    return tuple(sorted(summed, key=lambda total: (-total.share, -total.score, total.label)))
