from __future__ import annotations

from plugin.store.policies import PolicyRow
from plugin.store.store import Store

FULL = PolicyRow("Cat", "auto", "Feline", 5.0, 0.25, False, 2.0, 3.0, 1.5, "class_z", ("a cat", "a kitten"))


def test_rows_are_kept_as_they_are(store: Store) -> None:
    store.policies.save([FULL, PolicyRow("dog", marker=True), PolicyRow("bird", required_s=0.0)])
    assert store.policies.rows() == [PolicyRow("bird", required_s=0.0), FULL, PolicyRow("dog", marker=True)]


def test_a_label_has_one_row_whatever_its_case(store: Store) -> None:
    store.policies.save([FULL])
    store.policies.save([PolicyRow("CAT", mode="off")])
    assert store.policies.rows() == [PolicyRow("CAT", mode="off")]


def test_a_row_of_nothing_follows_the_defaults_again(store: Store) -> None:
    store.policies.save([FULL])
    assert PolicyRow("cat").is_empty and not FULL.is_empty
    store.policies.save([PolicyRow("cat")])
    assert store.policies.rows() == []
