"""Pages of suggestions: whatever the order and the filters, they hold each one once, and say where they end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from plugin.context import Context
from plugin.operations import suggestions as operations
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.store.analyses import Failure
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft
from tests.plugin.store.samples import analysis
from tests.plugin.world import World, suggest

LABELS = ("cat", "Cat person", 'dog "x"', "<b>%_\\</b>", "🐈 חתול")


@pytest.fixture
def context(world: World) -> Iterator[Context]:
    chance = random.Random(1)
    with world.process() as process:
        run_ids = [process.store.runs.begin(f"Run {n}", "task") for n in range(2)]
        for media_id in range(1, 13):
            drafts = [Draft("tag", label, chance.choice([2.5, 3.0, 3.5])) for label in LABELS if chance.random() < 0.5]
            starts = [chance.choice([0.0, 10.0, 20.0, 1e-9, 86_400.5]) for _ in range(chance.randrange(4))]
            drafts += [Draft("marker", "cat", chance.choice([2.5, 1 / 3]), at_s, at_s + 5) for at_s in starts]
            kind: Any = chance.choice(["scene", "image", "gallery"])
            suggest(process, chance.choice(run_ids), media_id, *drafts, kind=kind, accept=False)
        yield process


def ask(context: Context, name: str = "suggestions.list", **args: Any) -> dict[str, Any]:
    function = {"suggestions.list": operations.find, "suggestions.groups": operations.groups}[name]
    return function(context, parse_arguments(OPERATIONS[name], args))


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"label": "CAT"},
    {"words": "cat"},
    {"words": "%_\\"},
    {"type": "marker"},
    {"kind": "scene"},
    {"min_score": 3.0, "run_id": 1},
    {"states": ["rejected", "withdrawn"]},
    {"states": []},
)
KEYS: dict[str, Any] = {
    "newest": lambda one: -one["id"],
    "score": lambda one: (-one["score"], -one["id"]),
    "medium": lambda one: (one["kind"], one["media_id"], one["start_s"], one["id"]),
}


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
@pytest.mark.parametrize("order", KEYS)
@pytest.mark.parametrize("limit", [1, 4, 500])
def test_pages_hold_each_one_once_and_in_order(
    context: Context, order: str, chosen: dict[str, Any], limit: int
) -> None:
    rows: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = ask(context, order=order, limit=limit, **after, **chosen)
        rows += page["suggestions"]
        if page["next"] is None:
            break
        assert len(page["suggestions"]) == limit
        after = {"after": page["next"]}
    assert [one["id"] for one in rows] == [one["id"] for one in sorted(rows, key=KEYS[order])]
    assert len({one["id"] for one in rows}) == len(rows) == page["count"]
    assert page["count"] == ask(context, limit=500, **chosen)["count"]


@pytest.mark.parametrize("chosen", [one for one in FILTERS if set(one) <= {"words", "type", "kind", "states"}], ids=str)
@pytest.mark.parametrize("by", ["label", "medium", "run"])
def test_groups_count_what_the_list_holds(context: Context, by: str, chosen: dict[str, Any]) -> None:
    key = {"label": "label", "medium": "media_id", "run": "run_id"}[by]
    rows = ask(context, limit=500, **chosen)["suggestions"]
    groups = ask(context, "suggestions.groups", by=by, **chosen)["groups"]
    assert sum(one["count"] for one in groups) == len(rows)
    for group in groups:
        scores = [one["score"] for one in rows if one[key] == group[key]]
        assert (group["count"], group["top_score"], group["low_score"]) == (len(scores), max(scores), min(scores))
    assert [one["count"] for one in groups] == sorted((one["count"] for one in groups), reverse=True)


def test_rows_say_what_their_tag_is_called_and_how_long_their_medium_plays(world: World) -> None:
    with world.process() as context:
        context.store.policies.save([PolicyRow("cat", stash_tag="Felines")])
        run_id = context.store.runs.begin("Analyse new", "task")
        for kind in ("scene", "image"):
            context.store.analyses.save(analysis(run_id, 1, kind, name=f"The {kind}"))
        for kind in ("scene", "image", "gallery"):
            suggest(context, run_id, 1, Draft("tag", "cat", 3.0), Draft("tag", "dog", 3.0), kind=kind, accept=False)  # type: ignore[arg-type]
        rows = ask(context, order="medium")["suggestions"]
        assert [(one["kind"], one["tag"], one["duration_s"], one["name"]) for one in rows] == [
            ("gallery", "Felines", None, ""),
            ("gallery", "dog", None, ""),
            ("image", "Felines", None, "The image"),
            ("image", "dog", None, "The image"),
            ("scene", "Felines", 60.0, "The scene"),
            ("scene", "dog", 60.0, "The scene"),
        ]
        context.store.analyses.save_failure(Failure("gallery", 1, "Failed since", run_id, "", "x", "y"))
        assert ask(context, "suggestions.groups", by="medium")["groups"][0]["count"] == 2


@pytest.mark.parametrize(
    "args",
    [
        {"after": "x"},
        {"after": "[]"},
        {"after": "null"},
        {"after": '{"id": 1}'},
        {"after": "[[1]]"},
        {"after": "[null]"},
        {"after": "[1, 2]"},
        {"after": "[" * 200},
        {"after": f"[{1 << 63}]"},
        {"after": f'["scene", 1, 0.5, -{10**30}]', "order": "medium"},
        {"after": '["\\ud800"]'},
        {"label": "\ud800 and more"},
        {"words": "\udfff and more"},
        {"after": "x" * 100_000},
        {"after": 7},
        {"after": "[3.5]", "order": "score"},
        {"order": "label"},
        {"order": "score", "before_id": 3},
        {"after": "[3]", "before_id": 3},
        {"limit": 501},
        {"limit": 0},
    ],
    ids=lambda args: str(args)[:40],
)
def test_what_is_no_page_is_refused_with_a_sentence(context: Context, args: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError) as caught:
        ask(context, **args)
    assert 20 < len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "after", ["[true]", "[1e400]", "[-1e300]", '["9"]', '["x\'; DROP TABLE suggestion; --"]', "[NaN]"]
)
def test_a_cursor_that_nobody_gave_harms_nothing(context: Context, after: str) -> None:
    ask(context, after=after)
    assert ask(context)["count"] > 0


def test_what_came_since_is_not_decided_with_what_was_seen(world: World) -> None:
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, 1, Draft("tag", "cat", 3.0), accept=False)
        seen = ask(context, label="cat")
        suggest(context, run_id, 2, Draft("tag", "cat", 3.0), accept=False)
        where = {"label": "cat", "up_to_id": seen["newest_id"]}
        args = parse_arguments(OPERATIONS["suggestions.reject"], {"where": where})
        answer = operations.reject(context, args)
        assert (answer["rejected"], answer["left"]) == (1, 0)
        assert [one["media_id"] for one in ask(context, label="cat")["suggestions"]] == [2]
        assert ask(context, **where)["count"] == 0
