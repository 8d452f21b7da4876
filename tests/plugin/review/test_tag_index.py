from __future__ import annotations

from plugin.review.policy import Policy
from plugin.review.tag_index import TagIndex
from plugin.stash.values import Tag

TAGS = (Tag(1, "Cat", ("kitty", "dog")), Tag(2, "Dog"), Tag(3, "Cat (AI)"), Tag(4, "Straße"))


def test_names_come_before_aliases_whatever_their_case() -> None:
    index = TagIndex(TAGS)
    assert [index.find(name) for name in ("cat", "KITTY", "dog", "STRASSE", "bird", "")] == [1, 1, 2, 4, None, None]


def test_the_first_tag_with_an_alias_counts() -> None:
    assert TagIndex([Tag(1, "a", ("x",)), Tag(2, "b", ("X",))]).find("x") == 1


def test_a_label_means_the_tag_that_its_policy_names_else_its_own() -> None:
    index = TagIndex(TAGS)
    assert index.of_label(Policy("kitty", "suggest")) == 1
    assert index.of_label(Policy("kitty", "suggest", stash_tag="Dog")) == 2
    assert index.of_label(Policy("cat", "suggest", stash_tag="Feline")) is None
    assert index.new_name(Policy("cat", "suggest")) == "cat"
    assert index.new_name(Policy("cat", "suggest", stash_tag="Feline")) == "Feline"


def test_with_a_suffix_the_tag_that_has_it_comes_first() -> None:
    index = TagIndex(TAGS, suffix=" (AI)")
    assert index.of_label(Policy("Cat", "suggest")) == 3
    assert index.of_label(Policy("dog", "suggest")) == 2, "an existing tag is used rather than a second one made"
    assert index.of_label(Policy("bird", "suggest")) is None
    assert index.new_name(Policy("bird", "suggest")) == "bird (AI)"
    assert index.new_name(Policy("bird", "suggest", stash_tag="Bird")) == "Bird", "what the owner wrote stays so"


def test_it_grows_and_is_filled_anew_in_place() -> None:
    index = TagIndex(TAGS)
    index.add(Tag(9, "Bird", ("fowl",)))
    assert (index.find("bird"), index.find("fowl")) == (9, 9)
    index.refill([Tag(7, "Cat")])
    assert (index.find("cat"), index.find("kitty"), index.find("bird")) == (7, None, None)
