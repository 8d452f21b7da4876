"""Changing policies in the store."""

from __future__ import annotations

from plugin.context import Context
from plugin.review.policy_csv import Imported, from_csv
from plugin.store.policies import PolicyRow


def import_rows(context: Context, text: str, dry_run: bool = False) -> tuple[Imported, list[PolicyRow]]:
    """Policies from CSV, and those of them that differ from what is stored; stored unless dry_run. PolicyError."""
    from plugin.sidecar_health import known_capabilities

    known = known_capabilities(context)
    imported = from_csv(text, known.scoring if known else "")
    changed = imported.over(context.store.policies.rows())
    if not dry_run:
        context.store.policies.save(changed)
    return imported, changed
