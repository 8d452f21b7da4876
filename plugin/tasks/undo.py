"""Task Undo last run: everything that the newest run wrote is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.undoing import undo_run
from plugin.context import Context
from plugin.operations.arguments import identifier


def undo_last_run(context: Context, args: Mapping[str, Any]) -> str:
    """args.run_id names another run than the newest one that left something in Stash. Raises ArgumentError: what is no
    number of a run must not undo another one.
    """
    given = args.get("run_id")
    runs = context.store.runs
    run = runs.last_with_writes() if given in (None, "") else runs.get(identifier("run_id", given))
    if run is None:
        return "there is no run whose writes are still in Stash" if given in (None, "") else f"there is no run {given}"
    undone = undo_run(context, run.id)
    left = f"; {undone.left} were changed or removed by you before and were left" if undone.left else ""
    return f"undone: {run.title}: {undone.taken_back} writes taken back{left}"
