from __future__ import annotations

import pytest

from plugin.review.workflow import Event, WorkflowChange, transition
from plugin.settings import WorkflowTags

NAMES = WorkflowTags("me", "tagged", "errored", "again")


@pytest.mark.parametrize(
    ("event", "names", "add", "remove"),
    [
        ("analysed", NAMES, ("tagged",), ("me", "again", "errored")),
        ("failed", NAMES, ("errored",), ("me", "again")),
        ("analysed", WorkflowTags("", "", "errored", ""), (), ("errored",)),
        ("failed", WorkflowTags("me", "tagged", "", "again"), (), ("me", "again")),
        ("analysed", WorkflowTags("", "", "", ""), (), ()),
        ("failed", WorkflowTags("", "", "", ""), (), ()),
    ],
)
def test_transitions(event: Event, names: WorkflowTags, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    assert transition(event, names) == WorkflowChange(add, remove)
