"""Policies: what is done with each label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plugin.commands.policies import import_rows
from plugin.commands.previewing import preview_rows
from plugin.context import Context
from plugin.review.policy_csv import from_json, to_csv


def find(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """rows: labels with values of their own. labels: all seen so far, in how many media, and how the owner decided."""
    store = context.store
    agreed = {label: shares for (label, key), shares in store.suggestions.accepted_shares().items() if not key}
    return {
        "defaults": asdict(context.settings.defaults),
        "rows": [asdict(row) for row in store.policies.rows()],
        "labels": [
            {"label": name, "category": category, "media": media, "agreed": agreed.get(name, (0, 0))}
            for name, category, media in store.analyses.labels()
        ],
    }


def save(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """All rows or none. Suggestions follow when the media are next re-tagged."""
    rows = [from_json(row) for row in args["rows"]]
    context.store.policies.save(rows)
    return {"saved": len(rows)}


def preview(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """What saving these rows and a re-tag would do, as far as stored spans can tell, for each label that would change.

    seen: media that were looked at, of those showing it. complete: all of them.
    """
    found = preview_rows(context, [from_json(row) for row in args["rows"]])
    return {
        "complete": all(one.found.is_whole for one in found),
        "labels": [
            {
                "label": one.label,
                "complete": one.found.is_whole,
                "seen": one.found.seen,
                "showing": one.showing,
                "media": {"now": one.found.media_now, "then": one.found.media_then},
                "pending": {"now": asdict(one.found.pending_now), "then": asdict(one.found.pending_then)},
                "written": asdict(one.found.written),
                "taken_back": asdict(one.found.taken_back),
                "needs_retag": not one.limits.is_known,
                "sentence": one.limits.sentence,
            }
            for one in found
        ],
    }


def export(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"csv": to_csv(context.store.policies.rows())}


def take_in(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    imported, changed = import_rows(context, args["csv"], args["dry_run"])
    return {"read": len(imported.rows), "changed": [asdict(row) for row in changed], "notes": list(imported.notes)}
