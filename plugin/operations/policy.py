"""Policies: what is done with each label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plugin.commands.policies import import_rows
from plugin.context import Context
from plugin.review.policy_csv import from_json, to_csv


def find(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """rows: labels with values of their own. labels: all seen so far, in how many media, and how the owner decided."""
    store = context.store
    agreed = store.suggestions.accepted_shares()
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


def export(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"csv": to_csv(context.store.policies.rows())}


def take_in(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    imported, changed = import_rows(context, args["csv"], args["dry_run"])
    return {"read": len(imported.rows), "changed": [asdict(row) for row in changed], "notes": list(imported.notes)}
