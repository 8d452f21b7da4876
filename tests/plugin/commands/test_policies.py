from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugin.commands.policies import import_rows
from plugin.review.policy_csv import PolicyError
from plugin.store.policies import PolicyRow
from tests.plugin.world import WatchedContext, World

STORED = PolicyRow("Cat", "auto", "Feline", required_s=5.0)


@pytest.fixture
def context(world: World) -> Iterator[WatchedContext]:
    with world.process() as found:
        found.store.policies.save([STORED])
        yield found


def rows(context: WatchedContext) -> list[PolicyRow]:
    return context.store.policies.rows()


def test_only_what_the_table_says_changes(context: WatchedContext) -> None:
    imported, changed = import_rows(context, "label,mode\ncat,off\ndog,auto\n")
    assert len(imported.rows) == 2
    assert changed == [PolicyRow("Cat", "off", "Feline", required_s=5.0), PolicyRow("dog", "auto")]
    assert rows(context) == changed


def test_a_dry_run_changes_nothing(context: WatchedContext) -> None:
    _, changed = import_rows(context, "label,mode\ncat,off\n", dry_run=True)
    assert len(changed) == 1 and rows(context) == [STORED]


def test_a_table_with_one_wrong_line_changes_nothing(context: WatchedContext) -> None:
    with pytest.raises(PolicyError, match="line 3"):
        import_rows(context, "label,mode\ncat,off\ndog,perhaps\n")
    assert rows(context) == [STORED]


def test_a_threshold_is_of_the_model_that_was_last_seen(context: WatchedContext) -> None:
    table = "ai_tag_name,stash_tag_name,apply_threshold\nCat,Feline,0.4\n"
    imported, _ = import_rows(context, table)
    assert len(imported.notes) == 1 and rows(context)[0].threshold is None
    detail = {"version": "1", "model": "clip", "vocabulary": "v", "scoring": "background_softmax", "device": "cpu"}
    context.store.services.worked("sidecar", "", {**detail, "models": [], "decoders": []})
    imported, _ = import_rows(context, table)
    assert imported.notes == ()
    (row,) = rows(context)
    assert (row.threshold, row.scoring, row.mode) == (0.4, "background_softmax", "auto")
