from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugin.review.policy import PolicyBook, policy_book
from plugin.settings import Defaults
from plugin.sidecar_values import TagWish
from plugin.store.policies import PolicyRow


def book(*rows: PolicyRow, defaults: Defaults | None = None, gallery_share: float = 0.3) -> PolicyBook:
    return policy_book(rows, defaults or Defaults(), gallery_share)


def test_a_label_without_a_row_follows_the_defaults() -> None:
    policy = book(defaults=Defaults("auto", 7.0, 0.5, False, 2.0, 3.0)).of("Cat")
    assert (policy.label, policy.mode, policy.stash_tag) == ("Cat", "auto", "")
    assert (policy.required_s, policy.required_share) == (7.0, 0.5)
    assert (policy.marker, policy.min_marker_s, policy.max_gap_s) == (False, 2.0, 3.0)
    assert (policy.threshold, policy.scoring, policy.phrasings) == (None, "", ())


def test_the_shipped_defaults_ask_before_they_write() -> None:
    assert book().of("cat").mode == "suggest"


def test_a_row_counts_where_it_says_something_whatever_the_case_of_its_label() -> None:
    policy = book(PolicyRow("CAT", stash_tag="Feline", marker=False, max_gap_s=0.0)).of("cat")
    assert (policy.stash_tag, policy.marker, policy.max_gap_s) == ("Feline", False, 0.0)
    assert (policy.mode, policy.min_marker_s) == ("suggest", Defaults().min_marker_s)


@pytest.mark.parametrize(
    ("row", "duration_s", "needed_s"),
    [
        (PolicyRow("cat"), 600.0, 10.0),  # 10 s, or a fifth of a short clip
        (PolicyRow("cat"), 20.0, 4.0),
        (PolicyRow("cat", required_share=0.35), 600.0, 210.0),  # not undercut by the default's ten seconds
        (PolicyRow("cat", required_s=60.0), 20.0, 60.0),
        (PolicyRow("cat", required_s=60.0, required_share=0.1), 100.0, 10.0),
        (PolicyRow("cat", required_s=0.0), 100.0, 0.0),
    ],
)
def test_a_requirement_of_its_own_replaces_both_defaults(row: PolicyRow, duration_s: float, needed_s: float) -> None:
    assert book(row).of("cat").needed_s(duration_s) == needed_s


def test_galleries_need_a_share_of_their_images() -> None:
    some = book(PolicyRow("cat", required_share=0.8), PolicyRow("dog", required_s=5.0), gallery_share=0.4)
    assert [some.image_share(label) for label in ("Cat", "dog", "bird")] == [0.8, 0.4, 0.4]


def test_the_sidecar_is_told_what_it_would_not_know() -> None:
    some = book(
        PolicyRow("cat", phrasings=("a cat", "a kitten")),
        PolicyRow("dog", threshold=3.0, scoring="class_z"),
        PolicyRow("Bird", threshold=0.5, scoring="background_softmax"),
        PolicyRow("any", threshold=1.0),
        PolicyRow("off", mode="off", phrasings=("off",)),
        PolicyRow("mode", mode="auto"),
    )
    assert some.wishes("class_z") == (
        TagWish("any", (), 1.0),
        TagWish("cat", ("a cat", "a kitten"), None),
        TagWish("dog", (), 3.0),
    )
    assert [wish.name for wish in some.wishes("background_softmax")] == ["any", "Bird", "cat"]


ROW = PolicyRow("cat", mode="suggest", required_s=5.0)


class TestDigest:
    @pytest.mark.parametrize(
        "change",
        [
            {"mode": "off"},
            {"stash_tag": "Feline"},
            {"required_s": 6.0},
            {"required_share": 0.1},
            {"marker": False},
            {"min_marker_s": 1.0},
            {"max_gap_s": 1.0},
        ],
    )
    def test_it_changes_when_findings_would_be_decided_otherwise(self, change: dict[str, Any]) -> None:
        assert book(replace(ROW, **change)).digest != book(ROW).digest

    @pytest.mark.parametrize(
        "change", [{"threshold": 3.0}, {"scoring": "class_z"}, {"phrasings": ("a cat",)}, {"label": "CAT"}]
    )
    def test_it_stays_when_only_what_is_found_could_change(self, change: dict[str, Any]) -> None:
        assert book(replace(ROW, **change)).digest == book(ROW).digest

    def test_a_row_that_says_what_the_defaults_say_changes_nothing(self) -> None:
        assert book(PolicyRow("cat", mode="suggest", marker=True)).digest == book().digest

    def test_the_order_of_rows_does_not_matter(self) -> None:
        other = PolicyRow("dog", mode="auto")
        assert book(ROW, other).digest == book(other, ROW).digest

    def test_defaults_and_the_share_of_galleries_are_in_it(self) -> None:
        digests = {
            book().digest,
            book(gallery_share=0.5).digest,
            *(
                book(defaults=replace(Defaults(), **change)).digest
                for change in (
                    {"mode": "auto"},
                    {"required_s": 1.0},
                    {"required_share": 0.9},
                    {"marker": False},
                    {"min_marker_s": 1.0},
                    {"max_gap_s": 1.0},
                )
            ),
        }
        assert len(digests) == 8
