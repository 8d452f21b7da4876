from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugin.analysis.gallery import gallery_totals
from plugin.store.analyses import Total

TOTALS = st.builds(
    Total,
    label=st.sampled_from(["cat", "dog", "bird"]),
    category=st.just("animals"),
    seconds=st.just(0.0),
    share=st.just(1.0),
    score=st.integers(1, 9).map(float),
)


def seen(label: str, score: float) -> Total:
    return Total(label, "animals", 0.0, 1.0, score)


def test_the_share_of_images_that_show_a_label() -> None:
    images = {1: [seen("cat", 2.0), seen("dog", 4.0)], 2: [seen("cat", 3.0)], 3: []}
    assert gallery_totals(images, 4) == (
        Total("cat", "animals", 0.0, 0.5, 2.5),
        Total("dog", "animals", 0.0, 0.25, 4.0),
    )


def test_of_equal_shares_the_better_score_comes_first() -> None:
    images = {1: [seen("b", 2.0), seen("a", 2.0), seen("c", 5.0)]}
    assert [total.label for total in gallery_totals(images, 1)] == ["c", "a", "b"]


def test_images_that_show_nothing() -> None:
    assert gallery_totals({}, 3) == () and gallery_totals({1: []}, 1) == ()


@given(st.dictionaries(st.integers(1, 20), st.lists(TOTALS, max_size=3, unique_by=lambda one: one.label), min_size=1))
def test_shares_are_shares(images: dict[int, list[Total]]) -> None:
    for total in gallery_totals(images, len(images)):
        assert 0 < total.share <= 1
        assert min(one.score for ones in images.values() for one in ones) <= total.score <= 9
