from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.faces_values import Person, box_key, box_of, performer_id_of, stash_key
from plugin.people.persons import of_box, of_stash, sex_of
from plugin.people.refresh import chosen_boxes, owned
from plugin.stash.values import BoxAccess, StashPerson
from plugin.stashbox.values import BoxPerformer

BOX = "https://box.example/graphql"


def ada(**values: object) -> StashPerson:
    fields = {
        "id": 5,
        "name": "Ada",
        "disambiguation": "",
        "aliases": (),
        "gender": "",
        "birthdate": "",
        "image_path": "",
        "stash_ids": (),
        "updated_s": 0.0,
    }
    return StashPerson(**{**fields, **values})  # type: ignore[arg-type]


def test_a_performer_of_stash_is_the_same_as_in_stash_boxes() -> None:
    person = of_stash(
        ada(stash_ids=((BOX, "a"), ("https://b/", "b"), (BOX, "a")), gender="FEMALE", birthdate="1815-12")
    )
    assert person.key == "stash:5" and person.same_as == (f"box:{BOX}|a", "box:https://b/|b")
    assert (person.sex, person.birthdate) == ("female", "1815-12")


def test_an_alias_is_another_name() -> None:
    person = of_stash(ada(aliases=("ADA", "Countess", "", "Countess", " The\n first ")))
    assert person.aliases == ("Countess", "The first")


def test_what_the_sidecar_would_refuse_is_left_out() -> None:
    long = "https://" + "x" * 300
    person = of_stash(
        ada(name=" \x00 ", stash_ids=((long, "a"), ("a\nb", "c")), birthdate="soon", aliases=("x" * 300,))
    )
    assert person == Person("stash:5", "stash:5", ("x" * 200,))


def test_of_a_box_they_are_only_themselves() -> None:
    person = of_box(BOX, BoxPerformer("a", "Ada", gender="MALE", birthdate="1815"))
    assert person == Person(f"box:{BOX}|a", "Ada", (), (), "male", "1815")


@pytest.mark.parametrize("gender", ["TRANSGENDER_FEMALE", "TRANSGENDER_MALE", "INTERSEX", "NON_BINARY", "", "other"])
def test_a_model_that_knows_two_sexes_is_not_asked_of_everybody(gender: str) -> None:
    assert sex_of(gender) == ""


@given(st.integers(1, 2**53), st.text(), st.text().filter(lambda text: "|" not in text))
def test_keys_are_read_as_they_are_made(performer_id: int, endpoint: str, box_id: str) -> None:
    assert performer_id_of(stash_key(performer_id)) == performer_id
    assert box_of(box_key(endpoint, box_id)) == (endpoint, box_id)
    assert performer_id_of(box_key(endpoint, box_id)) is None and box_of(stash_key(performer_id)) is None


def test_boxes_are_chosen_by_endpoint_or_name() -> None:
    one, two = BoxAccess(BOX, "k", "First", 240), BoxAccess("https://other/graphql", "k", "Second", 240)
    assert chosen_boxes([one, two], ["all"]) == [one, two]
    assert chosen_boxes([one, two], ["second"]) == [two] and chosen_boxes([one, two], [BOX.upper()]) == [one]
    assert chosen_boxes([one, two], []) == [] and chosen_boxes([one, two], ["third"]) == []


def test_ids_that_the_library_has_in_a_box() -> None:
    performers = {1: ((BOX, "b"), ("https://other", "x")), 2: ((BOX, "a"),), 3: ((BOX, "b"),), 4: ()}
    assert owned(performers, BOX) == ["a", "b"]
