"""What a scene is about: seconds of terms from three sources, none counted twice."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.library.labels import TermKey, label_keys
from plugin.library.terms import (
    POINT_S,
    common_s,
    seconds_of_terms,
    seen_in,
    spans_of_markers,
)
from plugin.recommend.weights import TAG_S
from plugin.review.policy import policy_book
from plugin.review.tag_index import TagIndex
from plugin.settings import Defaults
from plugin.stash.values import Tag
from plugin.store.policies import PolicyRow
from plugin.telemetry.coverage import length_s, union

STRETCHES = st.lists(
    st.tuples(st.floats(0, 900), st.floats(0, 100)).map(lambda one: (one[0], one[0] + one[1])), max_size=8
).map(union)


def test_of_each_term_the_largest_counts() -> None:
    terms = seconds_of_terms(
        600.0, seen=[(1, 90.0), (2, 5.0)], tags=[1, 2, 3], markers=[(1, 0.0, 30.0), (4, 100.0, 200.0)]
    )
    assert terms == {1: 90.0, 2: TAG_S, 3: TAG_S, 4: 100.0}


def test_a_bare_tag_of_a_short_clip_is_no_minute() -> None:
    assert seconds_of_terms(20.0, [], [1], []) == {1: 10.0}
    assert seconds_of_terms(0.0, [], [1], []) == {1: TAG_S}


def test_markers_overlap_and_points_have_a_length() -> None:
    spans = spans_of_markers([(1, 10.0, 20.0), (1, 15.0, 30.0), (1, 100.0, None), (2, 590.0, None)], 600.0)
    assert spans == {1: ((10.0, 30.0), (100.0, 100.0 + POINT_S)), 2: ((590.0, 600.0),)}


def test_labels_are_the_tags_that_their_policies_mean() -> None:
    tags = TagIndex([Tag(1, "Dog"), Tag(2, "cat (AI)"), Tag(3, "Automobile", ("car",))], " (AI)")
    book = policy_book([PolicyRow("bird", stash_tag="Dog"), PolicyRow("mud", mode="off")], Defaults(), 0.3)
    labels = {1: "dog", 2: "cat", 3: "car", 4: "bird", 5: "mud", 6: "AI_Tagged", 7: "a red sofa"}
    assert label_keys(labels, tags, book, {"ai_tagged"}) == {
        1: TermKey(1),
        2: TermKey(2),
        3: TermKey(3),
        4: TermKey(1),
        7: TermKey(None, "a red sofa"),
    }


def test_what_was_seen_in_what_was_watched() -> None:
    """Term 1 by place, term 2 everywhere alike: a quarter of the scene was watched."""
    seen = seen_in([(0.0, 10.0), (20.0, 35.0)], {1: [(5.0, 25.0)]}, {1: 20.0, 2: 60.0}, 100.0)
    assert seen == {1: 10.0, 2: 15.0}


@given(STRETCHES, STRETCHES)
def test_what_two_have_in_common_is_in_both(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    common = common_s(first, second)
    assert abs(common - common_s(second, first)) < 1e-6
    assert -1e-6 <= common <= min(length_s(first), length_s(second)) + 1e-6
    together = length_s(union([*first, *second]))
    assert abs(length_s(first) + length_s(second) - common - together) < 1e-6
