"""Tags that steer and show the work: which a medium should have after something happened to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plugin.settings import WorkflowTags

Event = Literal["analysed", "failed"]


@dataclass(frozen=True, slots=True)
class WorkflowChange:
    """Names of tags to add to and to remove from a medium, whatever it has now."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


NO_CHANGE = WorkflowChange()


def transition(event: Event, names: WorkflowTags) -> WorkflowChange:
    """analysed: tagged comes, the wishes and the error go. failed for a reason that lasts: the error comes, and the
    wish goes, for asking again is the owner's; what an earlier analysis found stays, and so does "tagged".

    A cause that passes (the sidecar is away) changes no tag: nothing happened to the medium.
    """
    if event == "analysed":
        change = WorkflowChange((names.tagged,), (names.tag_me, names.reprocess, names.errored))
    else:
        change = WorkflowChange((names.errored,), (names.tag_me, names.reprocess))
    return WorkflowChange(tuple(filter(None, change.add)), tuple(filter(None, change.remove)))
