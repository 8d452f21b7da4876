"""Whether an interrupted write reached Stash, told from what Stash has now. Pure."""

from __future__ import annotations

from collections.abc import Container

from plugin.review.ranges import same_time
from plugin.stash.values import Medium
from plugin.store.journal import Entry

CLOCK_SLACK_S = 2.0
"""Stash's clock and ours may differ by this much where both run on one machine."""


def find_created(entry: Entry, medium: Medium, known: Container[int]) -> int | None:
    """The marker that a create_marker entry made: same tag, title, start and end, created after the intent, and not
    one that the journal knows already. None where there is none.
    """
    if entry.action != "create_marker":
        return None
    for marker in medium.markers:
        if (
            marker.id not in known
            and marker.primary_tag_id == entry.tag_id
            and marker.title == entry.title
            and same_time(marker.start_s, entry.start_s)
            and same_time(marker.end_s, entry.end_s)
            and (marker.created_s == 0 or marker.created_s >= entry.intent_s - CLOCK_SLACK_S)
        ):
            return marker.id
    return None


def outcome_of(entry: Entry, medium: Medium, created_marker_id: int | None) -> bool:
    """Whether the entry's write was done. The state was read before the intent: what is there now came after it."""
    if entry.action == "add_tag":
        return entry.tag_id in medium.tags
    if entry.action == "remove_tag":
        return entry.tag_id not in medium.tags
    if entry.action == "add_performer":
        return entry.performer_id in medium.performers
    if entry.action == "remove_performer":
        return entry.performer_id not in medium.performers
    if entry.action == "create_marker":
        return created_marker_id is not None
    return all(marker.id != entry.marker_id for marker in medium.markers)
