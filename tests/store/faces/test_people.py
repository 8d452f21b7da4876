"""Persons and their links: equal names alone never link, equal faces alone never link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.store import FeatureStore
from sidecar.store.faces import PersonRow
from sidecar.store.faces.identities import Alike, join
from sidecar.store.faces.people import plain
from tests.store.faces.samples import MODEL, enrol, reference

MATCH = 0.8


def test_what_is_said_of_a_person_is_replaced_and_saying_it_again_changes_nothing(store: FeatureStore) -> None:
    people = store.faces.people
    people.save(PersonRow("stash:1", "Ada", ("A. L.", "Ada L."), ("box:b|2", "box:a|1"), "female", "1815-12"))
    (back,) = people.get(["stash:1", "stash:9"]).values()
    assert (back.aliases, back.same_as) == (("A. L.", "Ada L."), ("box:a|1", "box:b|2"))
    generation = store.faces.references.generation()
    people.save(PersonRow("stash:1", "Ada", ("A. L.", "Ada L."), ("box:b|2", "box:a|1"), "female", "1815-12"))
    assert store.faces.references.generation() == generation
    people.save(PersonRow("stash:1", "Ada Lovelace"))
    assert people.get(["stash:1"])["stash:1"] == PersonRow("stash:1", "Ada Lovelace")
    assert store.faces.references.generation() > generation


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert plain("Zoë  O'Neil-Smith") == plain("zoe oneil smith") == "zoeoneilsmith"
    assert plain("Ζωή") == plain("ΖΩΗ") != plain("Zoe")
    assert plain("...") == ""


def test_one_person_needs_an_equal_name_and_an_equal_face(store: FeatureStore) -> None:
    faces = store.faces
    enrol(faces, "stash:1", "Zoë Smith", reference(1, 1))
    enrol(faces, "box:a|1", "Other", reference(1, 2), aliases=("zoe smith",))
    enrol(faces, "box:a|2", "Zoe Smith", reference(2, 1))  # an equal name, another face
    enrol(faces, "box:a|3", "Somebody Else", reference(1, 3))  # an equal face, another name
    keys = ["stash:1", "box:a|1", "box:a|2", "box:a|3"]
    assert faces.people.relink(MODEL, keys, MATCH) == 2  # the same link, told from either side
    assert faces.people.identity("stash:1") == faces.people.identity("box:a|1") == ("stash:1", "box:a|1")
    assert faces.people.identity("box:a|2") == ("box:a|2",)
    assert faces.people.identity("box:a|3") == ("box:a|3",)
    assert faces.people.links(["stash:1", "box:a|1"]) == (("stash:1", "box:a|1", "face_and_name"),)


def test_a_link_by_face_goes_with_the_last_face_on_either_side(store: FeatureStore) -> None:
    faces = store.faces
    enrol(faces, "stash:1", "Zoe", reference(1, 1))
    enrol(faces, "box:a|1", "Zoe", reference(1, 2))
    faces.people.relink(MODEL, ["stash:1"], MATCH)
    assert len(faces.people.identity("box:a|1")) == 2
    (there,) = faces.references.of(["box:a|1"], MODEL)
    faces.references.remove([there.id])
    assert faces.people.identity("stash:1") == ("stash:1",)


def test_a_link_goes_with_the_wrong_picture_that_made_it(store: FeatureStore) -> None:
    faces = store.faces
    enrol(faces, "stash:1", "Zoe", reference(1, 1))
    enrol(faces, "box:a|1", "Zoe", reference(2, 1), reference(1, 2))  # the second is of somebody else
    faces.people.relink(MODEL, ["stash:1"], MATCH)
    assert len(faces.people.identity("stash:1")) == 2
    _, wrong = faces.references.of(["box:a|1"], MODEL)
    faces.references.remove([wrong.id])
    assert faces.people.identity("stash:1") == ("stash:1",)


def test_a_link_by_face_goes_with_the_name(store: FeatureStore) -> None:
    faces = store.faces
    enrol(faces, "stash:1", "Zoe", reference(1, 1))
    enrol(faces, "box:a|1", "Zoe", reference(1, 2))
    faces.people.relink(MODEL, ["stash:1"], MATCH)
    faces.people.save(PersonRow("box:a|1", "Chloe"))
    assert faces.people.relink(MODEL, ["box:a|1"], MATCH) == 0
    assert faces.people.identity("stash:1") == ("stash:1",)


def test_two_of_the_own_library_are_one_only_where_it_is_said(store: FeatureStore) -> None:
    faces = store.faces
    for key, view in (("stash:1", 1), ("stash:2", 2), ("box:a|1", 3)):
        enrol(faces, key, "Zoe", reference(1, view))
    faces.people.relink(MODEL, ["stash:1", "stash:2", "box:a|1"], MATCH)
    ones = faces.people.identity("stash:1"), faces.people.identity("stash:2")
    assert sorted(map(len, ones)) == [1, 2]  # the stash-box's goes to the one that is more like it
    faces.people.save(PersonRow("stash:2", "Zoe", same_as=("stash:1",)))
    assert faces.people.identity("stash:1") == ("stash:1", "stash:2", "box:a|1")


def test_keys_that_nobody_enrolled_join_those_that_name_them(store: FeatureStore) -> None:
    faces = store.faces
    faces.people.save(PersonRow("stash:1", "Zoe", same_as=("box:a|1",)))
    faces.people.save(PersonRow("stash:2", "Zoe B", same_as=("box:a|1",)))
    faces.people.save(PersonRow("stash:3", "Zoe"))
    assert faces.people.identity("stash:2") == ("stash:1", "stash:2")
    everybody = faces.people.identities()
    assert everybody.keys("stash:2") == ("stash:2", "stash:1")
    assert everybody.number_of["stash:1"] == everybody.number_of["stash:2"] != everybody.number_of["stash:3"]
    assert faces.people.identities() is everybody
    faces.people.forget(["stash:1"])
    assert faces.people.identities().keys("stash:2") == ("stash:2",)


@given(
    same=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8),
    alike=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(80, 99)), max_size=8),
    seed=st.randoms(use_true_random=False),
)
def test_identities_do_not_depend_on_the_order_of_links_and_never_join_own_keys_by_face(same, alike, seed) -> None:  # type: ignore[no-untyped-def]
    def key(number: int) -> str:
        return f"stash:{number}" if number < 5 else f"box:a|{number}"

    pairs = [(key(one), key(other)) for one, other in same]
    links = [Alike(key(one), key(other), share / 100) for one, other, share in alike]
    once = join(pairs, links)
    seed.shuffle(pairs)
    seed.shuffle(links)
    assert join(pairs, links) == once
    said = join(pairs, [])
    own = [name for name in once if name.startswith("stash:")]
    for one in own:
        for other in own:
            if once[one] == once[other]:
                assert said.get(one, one) == said.get(other, other)


def test_persons_are_listed_by_name_where_they_or_one_with_them_have_faces(store: FeatureStore) -> None:
    faces = store.faces
    enrol(faces, "stash:1", "beta", reference(1, 1))
    enrol(faces, "stash:2", "Alpha", reference(2, 1), aliases=("Straße",))
    enrol(faces, "box:a|1", "Gamma", reference(3, 1))
    faces.people.save(PersonRow("stash:3", "delta", same_as=("box:a|1",)))
    faces.people.save(PersonRow("stash:4", "No Face"))
    page = faces.people.page(MODEL, limit=3)
    assert [person.name for person in page.people] == ["Alpha", "beta", "delta"]
    assert page.total == 4
    rest = faces.people.page(MODEL, limit=3, after=page.next)
    assert ([person.name for person in rest.people], rest.next, rest.total) == (["Gamma"], "", 4)
    assert [person.key for person in faces.people.page(MODEL, words="STRASSE").people] == ["stash:2"]
    assert [person.key for person in faces.people.page(MODEL, key_prefix="box:").people] == ["box:a|1"]
    assert faces.people.page("other@1").total == 0
    with pytest.raises(ValueError, match="what the page before gave"):
        faces.people.page(MODEL, after="nonsense")
