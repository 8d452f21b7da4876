from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.review.policy_csv import COLUMNS, Imported, PolicyError, from_csv, from_json, to_csv
from plugin.store.policies import PolicyRow

printable = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
names = st.one_of(
    printable, st.sampled_from(["=1+1", "-2+3+cmd|' /C calc'!A0", "+x", "@SUM(A1)", '"quoted"', "a,b", "a;b", "Ä ö"])
)
seconds = st.none() | st.floats(0, 86_400, allow_nan=False).map(lambda value: round(value, 6))
rows = st.builds(
    PolicyRow,
    label=names,
    mode=st.none() | st.sampled_from(["auto", "suggest", "off"]),
    stash_tag=st.none() | names,
    required_s=seconds,
    required_share=st.none() | st.integers(0, 10_000).map(lambda value: value / 10_000),
    marker=st.none() | st.booleans(),
    min_marker_s=seconds,
    max_gap_s=st.none() | st.floats(0, 3600),
    threshold=st.none() | st.floats(-1e6, 1e6, allow_nan=False),
    scoring=st.none() | st.sampled_from(["class_z", "background_softmax"]),
    phrasings=st.none() | st.lists(names.filter(lambda name: "|" not in name), min_size=1, max_size=3).map(tuple),
)


def normal(row: PolicyRow) -> PolicyRow:
    """scoring says the unit of a threshold, and nothing without one."""
    return row if row.threshold is not None else PolicyRow(**{**_fields(row), "scoring": None})


def _fields(row: PolicyRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PolicyRow.__slots__}


@given(st.lists(rows, max_size=5, unique_by=lambda row: row.label.casefold()))
def test_what_is_written_is_read_back_the_same(given_rows: list[PolicyRow]) -> None:
    imported = from_csv(to_csv(given_rows))
    assert list(imported.rows) == [normal(row) for row in given_rows]
    assert imported.notes == ()


@given(st.lists(rows, max_size=3))
def test_no_cell_is_a_formula_for_a_spreadsheet(given_rows: list[PolicyRow]) -> None:
    for line in csv.reader(io.StringIO(to_csv(given_rows))):
        for name, cell in zip(COLUMNS, line, strict=True):
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or (name == "threshold" and float(cell) <= 0)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for head in ("", "label,mode,required\n", "ai_tag_name,stash_tag_name,apply_threshold\n"):
        try:
            from_csv(head + text)
        except PolicyError as error:
            assert str(error)


def only(text: str, scoring: str = "") -> PolicyRow:
    (row,) = from_csv(text, scoring).rows
    return row


def test_the_full_form() -> None:
    text = (
        "label,mode,stash_tag,required,marker,min_marker_s,max_gap_s,threshold,scoring,phrasings\n"
        'cat,AUTO,Feline,15s 35%,no,2,0.5,3.25,class_z,"a cat | a kitten |"\n'
        "dog,,,,,,,,,\n"
        "\n"
        ",,,,,,,,,\n"
    )
    imported = from_csv(text)
    assert imported.rows == (
        PolicyRow("cat", "auto", "Feline", 15.0, 0.35, False, 2.0, 0.5, 3.25, "class_z", ("a cat", "a kitten")),
        PolicyRow("dog"),
    )
    assert set(imported.fields) == set(PolicyRow.__slots__) - {"label"}


@pytest.mark.parametrize(
    ("cell", "seconds_needed", "share"),
    [
        ("15", 15.0, None),
        ("15s", 15.0, None),
        ("35%", None, 0.35),
        ("15s 35%", 15.0, 0.35),
        ("35% 15s", 15.0, 0.35),
        ('"15s, 35%"', 15.0, 0.35),
        ('"1,5s"', 1.5, None),
        ("0%", None, 0.0),
    ],
)
def test_requirements(cell: str, seconds_needed: float | None, share: float | None) -> None:
    row = only(f"label,required\ncat,{cell}\n")
    assert (row.required_s, row.required_share) == (seconds_needed, share)


class TestSimpleForm:
    TEXT = "ai_tag_name,stash_tag_name,apply_threshold\nCat,Feline,0.4\n"

    def test_a_threshold_on_the_models_scale_is_taken(self) -> None:
        assert only(self.TEXT, "background_softmax") == PolicyRow(
            "Cat", stash_tag="Feline", threshold=0.4, scoring="background_softmax"
        )

    @pytest.mark.parametrize("scoring", ["class_z", ""])
    def test_a_threshold_on_another_scale_is_left_out_and_said(self, scoring: str) -> None:
        imported = from_csv(self.TEXT, scoring)
        assert imported.rows == (PolicyRow("Cat", stash_tag="Feline"),)
        (note,) = imported.notes
        assert note.startswith("line 2: the threshold 0.4 is on a scale from 0 to 1")

    def test_a_threshold_that_can_be_the_models_is_taken(self) -> None:
        row = only(self.TEXT.replace("0.4", "2.5"), "class_z")
        assert (row.threshold, row.scoring) == (2.5, "class_z")

    def test_without_thresholds(self) -> None:
        imported = from_csv("ai_tag_name,stash_tag_name\nCat,\n")
        assert imported.rows == (PolicyRow("Cat"),) and imported.fields == ("stash_tag",)


class TestOverWhatIsStored:
    STORED = (PolicyRow("Cat", "auto", "Feline", 5.0, threshold=3.0, scoring="class_z"), PolicyRow("dog", "off"))

    def test_columns_that_are_not_there_change_nothing(self) -> None:
        imported = from_csv("label,mode\ncat,off\ndog,off\nbird,auto\n")
        assert imported.over(self.STORED) == [
            PolicyRow("Cat", "off", "Feline", 5.0, threshold=3.0, scoring="class_z"),
            PolicyRow("bird", "auto"),
        ]

    def test_an_empty_cell_follows_the_default_again(self) -> None:
        imported = from_csv("label,mode,required\ncat,,\n")
        assert imported.over(self.STORED) == [
            PolicyRow("Cat", None, "Feline", threshold=3.0, scoring="class_z"),
        ]

    def test_the_simple_form_keeps_modes(self) -> None:
        imported = from_csv("ai_tag_name,stash_tag_name\nDOG,Canine\n")
        assert imported.over(self.STORED) == [PolicyRow("dog", "off", "Canine")]

    def test_what_was_exported_changes_nothing(self) -> None:
        assert from_csv(to_csv(self.STORED)).over(self.STORED) == []


class TestForms:
    def test_a_byte_order_mark_semicolons_and_decimal_commas(self) -> None:
        row = only("\ufefflabel;mode;threshold;required\r\nCat;auto;1,5;2,5s\r\n")
        assert (row.label, row.mode, row.threshold, row.required_s) == ("Cat", "auto", 1.5, 2.5)

    def test_a_label_that_comes_twice_counts_as_it_comes_last(self) -> None:
        imported = from_csv("label,mode\nCat,auto\ndog,off\nCAT,suggest\n")
        assert imported.rows == (PolicyRow("CAT", "suggest"), PolicyRow("dog", "off"))
        assert imported.notes == ("line 4: CAT stands in the table twice; this line counts",)

    def test_lines_are_counted_as_an_editor_counts_them(self) -> None:
        with pytest.raises(PolicyError, match=r"line 5: mode is 'sometimes'"):
            from_csv('label,mode\n\n"a",auto\n\nb,sometimes\n')

    def test_more_cells_than_columns_and_fewer(self) -> None:
        assert only("label,mode\ncat,auto,what,ever\n") == PolicyRow("cat", "auto")
        assert only("label,mode,marker\ncat\n") == PolicyRow("cat")

    def test_other_columns_are_no_hindrance(self) -> None:
        assert only("note, label ,MODE\nmine,cat,off\n") == PolicyRow("cat", "off")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names the columns ''; it must name label, or ai_tag_name"),
        ("name,mode\ncat,auto\n", "'name, mode'"),
        ("label\n,\n", None),
        ("label,mode\n ,auto\n", "line 2: label must be a text of 1 to 200 printable characters"),
        (f"label\n{'x' * 201}\n", "line 2: label must be"),
        ('label\n"two\nlines"\n', "label must be"),
        ("label\nc\x00t\n", None),
        ("label,mode\ncat,maybe\n", "mode is 'maybe'; it must be one of auto, suggest, off"),
        ("label,marker\ncat,perhaps\n", "marker is 'perhaps'; it must be yes or no"),
        ("label,required\ncat,often\n", "required is 'often'; it must be a number"),
        ("label,required\ncat,150%\n", "required_share is 1.5; it must be a number from 0 to 1"),
        ("label,required\ncat,-3\n", "required_s is -3.0"),
        ("label,threshold\ncat,nan\n", "threshold is nan"),
        ("label,threshold\ncat,inf\n", "threshold is inf"),
        ("label,max_gap_s\ncat,1e99\n", "max_gap_s is 1e"),
        ('label,mode\n"cat,auto\n', "this is no CSV"),
        ('label\n"cat" x\n', "this is no CSV"),
        (f"label\n{'x' * 200_000}\n", "this is no CSV: field larger"),
        (f"label,phrasings\ncat,{'x' * 501}\n", "a phrasing must have at most 500"),
        (f"label,scoring,threshold\ncat,{'x' * 51},1\n", "scoring must be a short text"),
    ],
)
def test_hostile_tables_are_refused_with_a_sentence(text: str, said: str | None) -> None:
    if said is None:
        with pytest.raises(PolicyError):
            from_csv(text)
            raise PolicyError("read as nothing")
        return
    with pytest.raises(PolicyError) as caught:
        from_csv(text)
    assert said in str(caught.value)


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(PolicyError, match="more than 20000"):
        from_csv("label\n" + "".join(f"label {number}\n" for number in range(20_001)))


class TestFromTheBrowser:
    def test_all_values(self) -> None:
        values = {
            "label": " Cat ",
            "mode": "auto",
            "stash_tag": "Feline",
            "required_s": 5,
            "required_share": 0.25,
            "marker": False,
            "min_marker_s": 2,
            "max_gap_s": 0,
            "threshold": 1.5,
            "scoring": "class_z",
            "phrasings": ["a cat", " a kitten ", ""],
        }
        assert from_json(values) == PolicyRow(
            "Cat", "auto", "Feline", 5.0, 0.25, False, 2.0, 0.0, 1.5, "class_z", ("a cat", "a kitten")
        )

    def test_nothing_but_a_label(self) -> None:
        assert from_json({"label": "cat", "mode": None, "phrasings": []}) == PolicyRow("cat")

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"label": None},
            {"label": 7},
            {"label": "  "},
            {"label": "a\nb"},
            {"label": "cat", "mode": "AUTO"},
            {"label": "cat", "mode": ["auto"]},
            {"label": "cat", "mode": {}},
            {"label": "cat", "marker": "yes"},
            {"label": "cat", "marker": 1},
            {"label": "cat", "required_s": "5"},
            {"label": "cat", "required_s": True},
            {"label": "cat", "required_s": -1},
            {"label": "cat", "required_share": 35},
            {"label": "cat", "threshold": float("nan")},
            {"label": "cat", "threshold": float("inf")},
            {"label": "cat", "threshold": 10**400},
            {"label": "cat", "phrasings": "a cat"},
            {"label": "cat", "phrasings": [1]},
            {"label": "cat", "phrasings": ["x"] * 33},
            {"label": "cat", "phrasings": ["a|b"]},
            {"label": "cat", "phrasings": ["a\x00b"]},
            {"label": "cat", "stash_tag": ""},
            {"label": "cat", "scoring": 5},
            {"label": "cat", "DROP TABLE": 1},
        ],
    )
    def test_hostile_values(self, values: dict[str, Any]) -> None:
        with pytest.raises(PolicyError):
            from_json(values)


def test_nothing_imported_changes_nothing() -> None:
    assert Imported(()).over([PolicyRow("cat", "auto")]) == []
