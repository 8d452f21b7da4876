"""A preview says what a re-tag then does."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from plugin.analysis.record import Recorder
from plugin.analysis.staleness import Wanted
from plugin.commands.previewing import LabelPreview, preview_rows
from plugin.context import Context
from plugin.review.decide import Findings
from plugin.review.policy import Policy
from plugin.review.preview import Evidence, Limits, above, limits, preview
from plugin.stash.values import MediaKind
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import State
from tests.plugin.review.test_decide import CAT_SEEN
from tests.plugin.store.samples import analysis, span, total
from tests.plugin.world import World, write

SCENES = 12
ROWS = [
    PolicyRow("cat", mode="auto"),
    PolicyRow("cat", mode="off"),
    PolicyRow("CAT", required_s=30.0),
    PolicyRow("cat", required_share=0.05, min_marker_s=0.5),
    PolicyRow("cat", mode="auto", required_s=25.0, max_gap_s=60.0),
    PolicyRow("cat", marker=False),
    PolicyRow("cat", mode="auto", min_marker_s=15.0),
    PolicyRow("cat", stash_tag="Felines"),
]


def recorder(context: Context) -> Recorder:
    wanted = Wanted("lite", "v1", "q1", 4.0, context.book.digest)
    return Recorder(context.store, context.book, context.writer.tags, wanted)


def fill(world: World, context: Context, first: PolicyRow, seed: int, own: float = 0.0) -> None:
    """Scenes that were decided by a policy, written and judged by their owner; a cat and a dog in each. own: share of
    the scenes that their owner had tagged or marked before.
    """
    chance = random.Random(seed)
    context.store.policies.save([first])
    context.__dict__.pop("writer", None)
    run_id = context.store.runs.begin("Analyse new", "task")
    ids = []
    for n in range(SCENES):
        tags = ["cat"] if chance.random() < own else []
        scene = world.stash.add_scene_without_media(f"/{n}.mp4", f"{n}", duration=100.0, tags=tags)
        if chance.random() < own:
            world.stash.add_marker(scene, "cat", 0.0, 20.0)
        ids.append(scene.id)
    media = context.stash.media("scene", ids)
    with context.writer.turn():
        for media_id in ids:
            starts = [30.0 * k for k in range(chance.randrange(1, 4))]
            spans = [
                span(name, start_s, start_s + chance.uniform(1, 25), chance.uniform(2, 4))
                for start_s, name in itertools.product(starts, ("cat", "dog"))
            ]
            seconds = {
                name: sum(one.end_s - one.start_s for one in spans if one.label == name) for name in ("cat", "dog")
            }
            totals = tuple(total(name, seconds_s, seconds_s / 100.0) for name, seconds_s in seconds.items())
            found = analysis(run_id, media_id, spans=tuple(spans), totals=totals, duration_s=100.0)
            recorder(context).record(run_id, media[media_id], replace(found, policy=context.book.digest))
    write(context, run_id, ids)
    for one in context.store.suggestions.find(limit=500):
        act = chance.random()
        if act < 0.2:
            context.store.suggestions.reject([one.id])
        elif act < 0.3:
            context.store.suggestions.accept([one.id])
        elif act < 0.4:
            context.store.suggestions.reopen([one.id], held=True)


PAIRS = [pair for pair in itertools.product(ROWS, ROWS) if pair[0] is not pair[1]]


@pytest.mark.parametrize(("first", "second"), PAIRS[::3])
def test_a_re_tag_does_what_the_preview_says(world: World, first: PolicyRow, second: PolicyRow) -> None:
    with world.process() as context:
        fill(world, context, first, seed=ROWS.index(first))
    told, done = previewed(world, second), re_tagged(world, second)
    assert (told.showing, told.found.seen, told.found.is_whole) == (SCENES, SCENES, True)
    assert counts(told) == done


@pytest.mark.parametrize(("first", "second"), PAIRS[1::4])
def test_what_its_owner_has_already_makes_it_less(world: World, first: PolicyRow, second: PolicyRow) -> None:
    """Of what is in Stash by somebody else the store knows only where the policy before would have suggested it."""
    with world.process() as context:
        fill(world, context, first, ROWS.index(first), own=0.3)
    told, done = counts(previewed(world, second)), re_tagged(world, second)
    for name in ("pending then", "written"):
        assert all(real <= said for real, said in zip(done[name], told[name], strict=True)), name
    assert told["pending now"] == done["pending now"]


def test_what_its_owner_has_already_is_known_where_it_would_have_been_suggested(world: World) -> None:
    with world.process() as context:
        fill(world, context, PolicyRow("cat", mode="suggest"), seed=5, own=0.4)
    told = counts(previewed(world, PolicyRow("cat", mode="auto")))
    assert told == re_tagged(world, PolicyRow("cat", mode="auto"))
    assert told["written"] != (0, 0)


def previewed(world: World, row: PolicyRow) -> LabelPreview:
    with world.process() as context:
        before = context.store.policies.rows()
        (told,) = preview_rows(context, [row])
        assert context.store.policies.rows() == before, "nothing is saved"
    return told


def re_tagged(world: World, row: PolicyRow) -> dict[str, tuple[int, int]]:
    """What saving the row and a re-tag do, as (tags, markers) of cats."""
    with world.process() as context:
        store = context.store
        pending = of_cats(context, "pending")
        accepted = {one.id for one in store.suggestions.find(("accepted",), limit=500, label="cat")}
        store.policies.save([row])
        run_id = store.runs.begin("Re-tag", "task")
        stored = [store.analyses.get("scene", n) for n in range(1, SCENES + 1)]
        media = context.stash.media("scene", range(1, SCENES + 1))
        with context.writer.turn():
            plans = [recorder(context).decide_again(run_id, media[one.media_id], one) for one in stored if one]
        cats = {one.id for one in store.suggestions.find((), limit=500, label="cat")}
        written = Counter(
            one.type for plan in plans for one in plan.accepted if one.id in cats and one.id not in accepted
        )
        retracted = Counter(entry.action for plan in plans for entry in plan.retract if entry.suggestion_id in cats)
        return {
            "pending now": pending,
            "pending then": of_cats(context, "pending"),
            "written": (written["tag"], written["marker"]),
            "taken back": (retracted["add_tag"], retracted["create_marker"]),
        }


def of_cats(context: Context, state: State) -> tuple[int, int]:
    found = Counter(one.type for one in context.store.suggestions.find((state,), limit=500, label="cat"))
    return found["tag"], found["marker"]


def counts(told: LabelPreview) -> dict[str, tuple[int, int]]:
    found = told.found
    tallies = {"pending now": found.pending_now, "pending then": found.pending_then}
    tallies |= {"written": found.written, "taken back": found.taken_back}
    return {name: (tally.tags, tally.markers) for name, tally in tallies.items()}


def test_what_would_not_change_is_left_out(world: World) -> None:
    with world.process() as context:
        context.store.policies.save([PolicyRow("cat", mode="auto")])
        rows = [PolicyRow("dog"), PolicyRow("cat", mode="auto"), PolicyRow("bird", mode="off"), PolicyRow("Bird")]
        assert preview_rows(context, rows) == []
        assert [one.label for one in preview_rows(context, [PolicyRow("Cat")])] == ["Cat"]


def test_after_the_time_limit_the_rest_is_not_looked_at(world: World) -> None:
    with world.process() as context:
        fill(world, context, PolicyRow("cat"), seed=1)
        times = itertools.chain([0.0, 1.0, 1.0], itertools.repeat(6.0))
        rows = [PolicyRow("cat", mode="auto"), PolicyRow("dog", mode="auto", phrasings=("a dog",))]
        cat, dog = preview_rows(context, rows, clock=lambda: next(times))
        assert (cat.showing, cat.found.seen, cat.found.is_whole) == (SCENES, SCENES, True)
        assert (dog.showing, dog.found.seen, dog.found.is_whole) == (0, 0, False)
        assert isinstance(dog, LabelPreview) and not dog.limits.is_known


def test_media_that_were_not_reached_are_not_counted() -> None:
    media = [Evidence("scene", n, CAT_SEEN) for n in range(200)]
    looks = iter([True, True, False])
    found = preview("cat", media, book(), book(mode="auto"), go_on=lambda: next(looks))
    assert (found.seen, found.is_whole) == (128, False)


def book(**fields: Any) -> Any:
    from plugin.review.policy import policy_book
    from plugin.settings import Defaults

    return policy_book([PolicyRow("cat", **fields)] if fields else [], Defaults(), 0.3)


LOWER = "What the other threshold finds beside what is stored is known after a re-tag."
HIGHER = "Ranges may also become shorter; how much is known after a re-tag."
PHRASED = "What the other phrasings find is known after a re-tag."
UNLIKE = "It was not looked for as it is now; what is found is known after a re-tag."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"mode": "auto"}, Limits()),
        ({}, {"threshold": 2.5}, Limits(False, 2.5, LOWER)),
        ({}, {"threshold": 3.0}, Limits(True, 3.0, HIGHER)),
        ({"threshold": 3.0}, {"threshold": 2.9}, Limits(False, 2.9, LOWER)),
        ({"threshold": 3.0}, {"threshold": 3.1}, Limits(True, 3.1, HIGHER)),
        ({"threshold": 3.0}, {}, Limits(False, None, LOWER)),
        ({"threshold": 3.0, "scoring": "other"}, {"threshold": 9.0, "scoring": "other"}, Limits()),
        ({}, {"phrasings": ("a cat",)}, Limits(False, None, PHRASED)),
        ({"phrasings": ("a cat",)}, {"phrasings": ("a cat",), "mode": "off"}, Limits()),
        ({"phrasings": ("a cat",), "mode": "off"}, {"phrasings": ("a cat",)}, Limits(False, None, UNLIKE)),
        ({"mode": "off"}, {}, Limits()),
        ({"mode": "off"}, {"threshold": 1.0}, Limits(False, None, UNLIKE)),
    ],
)
def test_what_stored_spans_can_tell(old: dict[str, Any], new: dict[str, Any], expected: Limits) -> None:
    before, after = (Policy("cat", **{"mode": "suggest", **fields}) for fields in (old, new))
    assert limits(before, after, "class_z", [2.75, 4.0]) == expected


def test_nothing_stored_tells_nothing_of_thresholds() -> None:
    assert not limits(Policy("cat", "suggest"), Policy("cat", "suggest", threshold=9.0), "", ()).is_known


@pytest.mark.parametrize(
    ("kind", "threshold", "seconds", "share"),
    [("scene", None, 30.0, 0.3), ("scene", 3.5, 20.0, 0.2), ("scene", 9.0, None, None), ("gallery", 9.0, 30.0, 0.3)],
)
def test_a_higher_threshold_leaves_less(
    kind: MediaKind, threshold: float | None, seconds: float | None, share: float | None
) -> None:
    spans = [span("cat", 0, 10, 2.4), span("cat", 20, 40, 3.0)]
    found = above(Findings("lite", 100.0, spans, [total("cat", 30.0, 0.3)]), kind, threshold)
    assert [(one.seconds, one.share) for one in found.totals] == ([] if seconds is None else [(seconds, share)])


def test_an_image_that_scores_less_is_gone() -> None:
    found = Findings("lite", 0.0, [], [total("cat", 0.0, 1.0, 2.9)])
    assert above(found, "image", 2.9) == found
    assert above(found, "image", 3.0).totals == []
