"""How SQLite and Stash compare and search texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

DIGITS = re.compile(r"([0-9]+)")


@lru_cache(maxsize=4096)
def _like_pattern(pattern: str) -> re.Pattern[str]:
    # SQLite folds the case of ASCII letters only.
    parts = []
    for char in pattern:
        if char == "%":
            parts.append(".*")
        elif char == "_":
            parts.append(".")
        elif char.isascii() and char.isalpha():
            parts.append(f"[{char.lower()}{char.upper()}]")
        else:
            parts.append(re.escape(char))
    return re.compile("".join(parts), re.S)


def like(value: str | None, pattern: str) -> bool | None:
    """SQL's value LIKE pattern: % and _ are wildcards, ASCII letters match in either case, NULL gives NULL."""
    return None if value is None else _like_pattern(pattern).fullmatch(value) is not None


def natural_key(text: str) -> tuple[Any, ...]:
    """Sorts "a2" before "a10", whatever the case (Stash's collation NATURAL_CI)."""
    parts = DIGITS.split(text.lower())
    return tuple((0, int(part), part) if part.isdigit() and part.isascii() else (1, 0, part) for part in parts if part)


@dataclass(frozen=True)
class Search:
    """A search text, taken apart: all of must, one of each of any_sets, none of must_not."""

    must: tuple[str, ...] = ()
    any_sets: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()

    def found_in(self, texts: list[str | None]) -> bool:
        """Whether the texts of one thing satisfy it."""

        def has(word: str) -> bool:
            return any(like(text, f"%{word}%") for text in texts)

        return (
            all(has(word) for word in self.must)
            and all(any(has(word) for word in words) for words in self.any_sets)
            and not any(like(text or "", f"%{word}%") for word in self.must_not for text in texts)
        )


def parse_search(text: str) -> Search:
    """What Stash understands: words, "phrases", -exclusions, and OR or | between two words."""
    words = _join_phrases(text.strip().split(" "))
    any_sets: list[tuple[str, ...]] = []
    at = 1
    while at < len(words) - 1:
        if words[at].lower() != "or" and words[at] != "|":
            at += 1
            continue
        last = at + 1
        while last + 2 < len(words) and words[last + 1].lower() == "or":
            last += 2
        any_sets.append(tuple(word for word in map(_unquoted, words[at - 1 : last + 1 : 2]) if word))
        words[at - 1 : last + 1] = []
        at = max(1, at - 1)
    must_not = tuple(_unquoted(word[1:]) for word in words if len(word) > 1 and word[0] == "-")
    must = tuple(_unquoted(word) for word in words if not (len(word) > 1 and word[0] == "-"))
    return Search(tuple(filter(None, must)), tuple(any_sets), tuple(filter(None, must_not)))


def _join_phrases(words: list[str]) -> list[str]:
    joined: list[str] = []
    start: int | None = None
    for at, word in enumerate(words):
        bare = word.removeprefix("-")
        if start is None and bare.startswith('"') and (len(bare) < 2 or not bare.endswith('"')):
            start = at
        elif start is None:
            joined.append(word)
        elif word.endswith('"'):
            joined.append(" ".join(words[start : at + 1]))
            start = None
    return joined + (words[start:] if start is not None else [])


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word
