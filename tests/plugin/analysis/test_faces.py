"""What is handed on to the sidecar of what the owner said."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.analysis.faces import tell_verdicts
from plugin.faces_values import LONGEST_KEY, LONGEST_NAME, MOST_ALIASES, Person, Verdict
from plugin.store.faces import FaceAnalysis, Track
from plugin.store.marks import Mark
from plugin.store.store import Store


class Told:
    """Takes what the sidecar takes, and nothing else."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.verdicts: list[Verdict] = []

    def set_verdicts(self, verdicts: Sequence[Verdict], people: Sequence[Person] = ()) -> list[bool]:
        for one in people:
            assert 1 <= len(one.name.strip()) <= LONGEST_NAME and len(one.same_as) <= MOST_ALIASES
            assert all(1 <= len(key) <= LONGEST_KEY and key.isprintable() for key in (one.key, *one.same_as))
        self.people += people
        self.verdicts += verdicts
        return [True] * len(verdicts)


def test_a_performer_whom_the_sidecar_cannot_take_as_they_are_keeps_nothing_waiting(store: Store) -> None:
    run_id = store.runs.begin("x", "task")
    track = Track("a" * 16, ((0.0, 1.0),), 1, 1, 0.5, Mark(0.0, 0.1, 0.1, 0.2, 0.2), "unknown")
    looked = FaceAnalysis(
        "scene", 1, "One", run_id, "c", "key-1", "whole", "m", "", 9.0, 1, 1, "g", "", tracks=(track,)
    )
    store.faces.save(looked)
    boxes = [f"box:https://box.example/graphql|{number}" for number in range(MOST_ALIASES + 1)]
    keys = ["stash:1", f"box:https://{'x' * LONGEST_KEY}|1", "box:https://a|b\nc", *boxes]
    store.verdicts.confirm("scene", 1, [track.id], keys, "A  name of many words " * 20)
    told = Told()
    assert tell_verdicts(store, told) == 1  # type: ignore[arg-type]
    assert [one.is_key for one in told.verdicts] == ["stash:1"] and not store.verdicts.unsent()
    assert told.people[0].name.startswith("A name of many words A name") and told.people[0].same_as[0] == boxes[0]
