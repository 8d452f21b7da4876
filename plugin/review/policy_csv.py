"""Policies as a table that spreadsheets read: out, and back in. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plugin.store.policies import PolicyRow

COLUMNS = (
    "label",
    "mode",
    "stash_tag",
    "required",
    "marker",
    "min_marker_s",
    "max_gap_s",
    "threshold",
    "scoring",
    "phrasings",
)
_FIELDS = {
    "required": ("required_s", "required_share"),
    "threshold": ("threshold", "scoring"),
    "scoring": (),
    "label": (),
    "stash_tag_name": ("stash_tag",),
    "apply_threshold": ("threshold", "scoring"),
}
"""Column -> the values that it stands for, where it is not the one of its name."""

SIMPLE_COLUMNS = ("ai_tag_name", "stash_tag_name", "apply_threshold")
"""The form that other taggers' users have."""

MODES = ("auto", "suggest", "off")
LONGEST_NAME = 200
MOST_ROWS = 20_000


class PolicyError(Exception):
    """A policy cannot be used. The message says which line, what was read and what is allowed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """rows: what was read. fields: the values that the table has columns for; others stay as they are stored. notes:
    what was read otherwise than written, for people.
    """

    rows: tuple[PolicyRow, ...]
    fields: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def over(self, stored: Iterable[PolicyRow]) -> list[PolicyRow]:
        """The stored rows that become others, as they are to be."""
        known = {row.label.casefold(): row for row in stored}
        changed = []
        for row in self.rows:
            before = known.get(row.label.casefold(), PolicyRow(row.label))
            after = replace(before, **{name: getattr(row, name) for name in self.fields})
            if after != before:
                changed.append(after)
        return changed


def to_csv(rows: Iterable[PolicyRow]) -> str:
    """One line per label. required is "15s", "35%", or both (the smaller counts). Empty cells follow the default."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = [
            _harmless(row.label),
            row.mode or "",
            _harmless(row.stash_tag or ""),
            _required(row),
            "" if row.marker is None else ("yes" if row.marker else "no"),
            _number(row.min_marker_s),
            _number(row.max_gap_s),
            _number(row.threshold),
            _harmless(row.scoring or ""),
            _harmless(" | ".join(row.phrasings or ())),
        ]
        writer.writerow(cells)
    return out.getvalue()


def from_csv(text: str, scoring: str = "") -> Imported:
    """Read either form. scoring: the unit of the model in use, for thresholds that do not say theirs. PolicyError."""
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    # Spreadsheets write semicolons where the comma is for decimals.
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        simple = set(SIMPLE_COLUMNS[:2]) <= set(names)
        if not simple and "label" not in names:
            raise PolicyError(
                f"the first line names the columns {', '.join(names)[:200]!r}; it must name label, or "
                f"{', '.join(SIMPLE_COLUMNS)}"
            )
        rows: dict[str, PolicyRow] = {}
        notes: list[str] = []
        for cells in reader:
            line = reader.line_num
            if len(rows) >= MOST_ROWS:
                raise PolicyError(f"there are more than {MOST_ROWS} lines")
            if not any((value or "").strip() for key, value in cells.items() if key):
                continue
            read = _simple_row if simple else _full_row
            row = read(line, {key: (value or "").strip() for key, value in cells.items() if key}, scoring, notes)
            if row.label.casefold() in rows:
                notes.append(f"line {line}: {row.label} stands in the table twice; this line counts")
            rows[row.label.casefold()] = row
    except csv.Error as error:
        raise PolicyError(f"this is no CSV: {error}") from error
    known = SIMPLE_COLUMNS[1:] if simple else COLUMNS
    fields = dict.fromkeys(field for name in known if name in names for field in _FIELDS.get(name, (name,)))
    return Imported(tuple(rows.values()), tuple(fields), tuple(notes))


def from_json(values: Mapping[str, Any]) -> PolicyRow:
    """A row as the browser sends it; missing and null values follow the default. Raises PolicyError."""
    known = {"label", "mode", "stash_tag", "required_s", "required_share", "marker", "min_marker_s", "max_gap_s"}
    known |= {"threshold", "scoring", "phrasings"}
    unknown = sorted(set(values) - known)
    if unknown:
        raise PolicyError(f"a policy has no value {str(unknown[0])[:50]!r}; it has {', '.join(sorted(known))}")
    phrasings = values.get("phrasings")
    if phrasings is not None and (
        not isinstance(phrasings, list) or len(phrasings) > 32 or not all(isinstance(one, str) for one in phrasings)
    ):
        raise PolicyError("phrasings must be a list of at most 32 texts")
    marker = values.get("marker")
    if marker is not None and not isinstance(marker, bool):
        raise PolicyError("marker must be true, false or null")
    return _checked(
        "",
        label=values.get("label"),
        mode=values.get("mode"),
        stash_tag=values.get("stash_tag"),
        required_s=values.get("required_s"),
        required_share=values.get("required_share"),
        marker=marker,
        min_marker_s=values.get("min_marker_s"),
        max_gap_s=values.get("max_gap_s"),
        threshold=values.get("threshold"),
        scoring=values.get("scoring"),
        phrasings=None if phrasings is None else tuple(one.strip() for one in phrasings if one.strip()) or None,
    )


def _full_row(line: int, cells: Mapping[str, str], scoring: str, _: list[str]) -> PolicyRow:
    required_s, required_share = _parse_required(line, cells.get("required", ""))
    threshold = _parse_number(line, "threshold", cells.get("threshold", ""))
    phrasings = tuple(part.strip() for part in cells.get("phrasings", "").split("|") if part.strip())
    return _checked(
        f"line {line}: ",
        label=cells["label"],
        mode=cells.get("mode", "").lower() or None,
        stash_tag=cells.get("stash_tag") or None,
        required_s=required_s,
        required_share=required_share,
        marker=_parse_switch(line, "marker", cells.get("marker", "")),
        min_marker_s=_parse_number(line, "min_marker_s", cells.get("min_marker_s", "")),
        max_gap_s=_parse_number(line, "max_gap_s", cells.get("max_gap_s", "")),
        threshold=threshold,
        scoring=(cells.get("scoring") or scoring or None) if threshold is not None else None,
        phrasings=phrasings or None,
    )


def _simple_row(line: int, cells: Mapping[str, str], scoring: str, notes: list[str]) -> PolicyRow:
    threshold = _parse_number(line, "apply_threshold", cells.get("apply_threshold", ""))
    if threshold is not None and 0 <= threshold <= 1 and scoring != "background_softmax":
        notes.append(
            f"line {line}: the threshold {threshold:g} is on a scale from 0 to 1, which the model in use does not have;"
            " the model's own threshold is kept"
        )
        threshold = None
    return _checked(
        f"line {line}: ",
        label=cells["ai_tag_name"],
        stash_tag=cells.get("stash_tag_name") or None,
        threshold=threshold,
        scoring=(scoring or None) if threshold is not None else None,
    )


def _checked(where: str, **values: Any) -> PolicyRow:
    for name in ("label", "stash_tag"):
        value = values.get(name)
        if value is None and name == "stash_tag":
            continue
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
            raise PolicyError(f"{where}{name} must be a text of 1 to {LONGEST_NAME} printable characters")
        values[name] = value.strip()
    if values.get("mode") not in (None, *MODES):
        raise PolicyError(f"{where}mode is {values['mode']!r}; it must be one of {', '.join(MODES)}")
    scoring = values.get("scoring")
    if scoring is not None and (not isinstance(scoring, str) or len(scoring) > 50):
        raise PolicyError(f"{where}scoring must be a short text")
    for name, low, high in (
        ("required_s", 0.0, 86_400.0),
        ("required_share", 0.0, 1.0),
        ("min_marker_s", 0.0, 86_400.0),
        ("max_gap_s", 0.0, 3_600.0),
        ("threshold", -1e6, 1e6),
    ):
        value = values.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise PolicyError(f"{where}{name} is {str(value)[:50]}; it must be a number from {low:g} to {high:g}")
        values[name] = float(value)
    for phrasing in values.get("phrasings") or ():
        if len(phrasing) > 500 or not phrasing.isprintable() or "|" in phrasing:
            raise PolicyError(f"{where}a phrasing must have at most 500 printable characters, and none of them a |")
    return PolicyRow(**values)


def _parse_required(line: int, cell: str) -> tuple[float | None, float | None]:
    """ "15", "15s", "35%", "15s 35%"."""
    seconds = share = None
    for part in filter(None, re.split(r"\s+|(?<=[s%]),", cell)):
        if part.endswith("%"):
            percent = _parse_number(line, "required", part[:-1])
            share = None if percent is None else round(percent / 100, 12)
        else:
            seconds = _parse_number(line, "required", part.removesuffix("s"))
    return seconds, share


def _parse_number(line: int, name: str, cell: str) -> float | None:
    if not cell:
        return None
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        raise PolicyError(f"line {line}: {name} is {cell[:50]!r}; it must be a number") from None


def _parse_switch(line: int, name: str, cell: str) -> bool | None:
    if not cell:
        return None
    lower = cell.lower()
    if lower in ("yes", "true", "1", "on"):
        return True
    if lower in ("no", "false", "0", "off"):
        return False
    raise PolicyError(f"line {line}: {name} is {cell[:50]!r}; it must be yes or no")


def _required(row: PolicyRow) -> str:
    parts = []
    if row.required_s is not None:
        parts.append(f"{_number(row.required_s)}s")
    if row.required_share is not None:
        parts.append(f"{_number(round(row.required_share * 100, 10))}%")
    return " ".join(parts)


def _number(value: float | None) -> str:
    """As short as it can be and still be read back as the same."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a tag's name for a formula; a leading space is stripped when it is read back."""
    return f" {cell}" if cell.startswith(("=", "+", "-", "@")) else cell
