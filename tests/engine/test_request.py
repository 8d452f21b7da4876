"""What may be asked: ranges are enforced with the value received and what is allowed."""

import math
from collections.abc import Callable

import pytest

from sidecar.engine.request import InvalidRequest, MediumRequest, Sampling, Tag, TagQuery


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Tag("  "), "tag name is empty"),
        (lambda: Tag("x" * 201), "201 characters; at most 200"),
        (lambda: Tag("a\nb"), "control characters"),
        (lambda: Tag("cat", phrasings=("a",) * 33), "33 phrasings; at most 32"),
        (lambda: Tag("cat", enter=1.0, stay=2.0), "stay 2.0 above enter 1.0"),
        (lambda: Tag("cat", enter=math.inf), "must be a finite number"),
        (lambda: TagQuery(tags=(Tag("cat"), Tag("Cat"))), "'cat' was asked for 2 times"),
        (lambda: Sampling(interval_s=0.1), "interval_s is 0.1; it must be from 0.25 to 60"),
        (lambda: Sampling(refine_s=math.nan), "refine_s is nan"),
        (lambda: Sampling(refine_budget=-1), "refine_budget is -1; it must be from 0 to 100"),
        (lambda: MediumRequest("", "/a.mp4"), "media_id is empty"),
        (lambda: MediumRequest("1", ""), "location is empty"),
    ],
)
def test_refuses_with_what_was_received_and_what_is_allowed(make: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        make()
    assert said in str(refused.value)


def test_a_tag_without_phrasings_leaves_them_to_the_judges() -> None:
    assert (Tag("steam train").phrasings, Tag("steam train").category) == ((), "")
