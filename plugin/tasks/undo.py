"""Task Undo last run: everything that the newest run wrote is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.undoing import undo_run
from plugin.context import Context


def undo_last_run(context: Context, args: Mapping[str, Any]) -> str:
    """args.run_id names another run than the newest one that left something in Stash."""
    given = str(args.get("run_id") or "")
    run = context.store.runs.get(int(given)) if given.isdecimal() else context.store.runs.last_with_writes()
    if run is None:
        return "there is no run whose writes are still in Stash"
    undone = undo_run(context, run.id)
    left = f"; {undone.left} were changed or removed by you before and were left" if undone.left else ""
    return f"undone: {run.title}: {undone.taken_back} writes taken back{left}"
