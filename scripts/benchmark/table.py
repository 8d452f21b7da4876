"""Rows of figures as a table that lines up."""

from __future__ import annotations

from collections.abc import Sequence


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A title, a head and rows; the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join([first, *others]).rstrip()

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([title, rule, line(head), rule, *map(line, rows)])


def ratio(of: float, to: float) -> str:
    """of / to as "2.31x", "-" where one of them is unknown."""
    return f"{of / to:.2f}x" if of > 0 and to > 0 else "-"


def seconds(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def megabytes(count: float) -> str:
    return f"{count / 1e6:.0f}" if count else "-"
