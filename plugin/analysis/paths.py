"""Path mapping: what Stash calls a file, and what the sidecar's machine calls it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

SlashMode: TypeAlias = Literal["auto", "unix", "windows"]

_DRIVE = re.compile(r"^[A-Za-z]:(?:[\\/]|$)")
_ARROW = re.compile(r"\s*=>\s*")
# Nothing else in brackets: folders may be called [HD].
_MODE = re.compile(r"\s*\[(auto|unix|windows)\]$", re.IGNORECASE)


class PathRuleError(Exception):
    """A path mapping cannot be read. The message says which and how one is written."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """Paths below `source` lie below `target`. slashes: how the result is written; auto: as the target is."""

    source: str
    target: str
    slashes: SlashMode = "auto"

    def __str__(self) -> str:
        return f"{self.source} => {self.target}" + ("" if self.slashes == "auto" else f" [{self.slashes}]")


def parse_rules(text: str) -> tuple[PathRule, ...]:
    """Rules of `from => to`, with an optional ` [unix]` or ` [windows]`, apart by semicolons or lines.

    Raises PathRuleError. The longest source comes first, so the nearest rule wins.
    """
    rules = []
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        line: str = part.strip()
        slashes: str = "auto"
        found = _MODE.search(line)
        if found:
            line, slashes = line[: found.start()], found[1].lower()
        sides = _ARROW.split(line)
        if len(sides) != 2 or not all(sides):
            raise PathRuleError(
                f"{part.strip()!r} is no path mapping; write: /path/in/stash => /path/of/sidecar; another => one"
            )
        if not is_absolute(sides[0]) or not is_absolute(sides[1]):
            raise PathRuleError(f"{part.strip()!r}: both sides of a path mapping must be absolute paths")
        rules.append(PathRule(sides[0], sides[1], slashes))  # type: ignore[arg-type]
    return tuple(sorted(rules, key=lambda rule: -len(_parts(rule.source))))


def map_path(path: str, rules: Sequence[PathRule]) -> str:
    """The path on the sidecar's machine. Sources match whole folders at the path's beginning; without a rule that does,
    the path stays as it is. Windows paths are compared without case.
    """
    parts = _parts(path)
    for rule in sorted(rules, key=lambda rule: -len(_parts(rule.source))):
        source = _parts(rule.source)
        blind = is_windows(rule.source)
        if len(source) <= len(parts) and all(
            _same(one, other, blind) for one, other in zip(source, parts, strict=False)
        ):
            return _join(rule.target, parts[len(source) :], rule.slashes)
    return path


def suggest_rule(stash_path: str, sidecar_path: str) -> PathRule | None:
    """The shortest rule that turns one path into the other: what they have in common at the end is left out.

    None where they are the same, or have not even the file's name in common. Only a machine with Windows finds names in
    another case.
    """
    if stash_path == sidecar_path:
        return None
    blind = is_windows(sidecar_path)
    left, right = _parts(stash_path), _parts(sidecar_path)
    common = 0
    while common < min(len(left), len(right)) - 1 and _same(left[-1 - common], right[-1 - common], blind):
        common += 1
    if common == 0:
        return None
    source = _join(left[0], left[1 : len(left) - common], "auto")
    target = _join(right[0], right[1 : len(right) - common], "auto")
    return PathRule(source, target)


def best_rules(pairs: Iterable[tuple[str, str]]) -> list[tuple[PathRule, int]]:
    """Rules for pairs of (Stash's path, the sidecar's), and how many pairs each explains; most first."""
    counts: dict[PathRule, int] = {}
    for stash_path, sidecar_path in pairs:
        rule = suggest_rule(stash_path, sidecar_path)
        if rule is not None:
            counts[rule] = counts.get(rule, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].source))


def is_windows(path: str) -> bool:
    """A drive letter or a UNC path."""
    return bool(_DRIVE.match(path)) or path.startswith(("\\\\", "//"))


def is_absolute(path: str) -> bool:
    return path.startswith("/") or is_windows(path)


def _parts(path: str) -> list[str]:
    """The root ("/", "C:", "\\\\server\\share") and the names below it."""
    if is_windows(path):
        names = [name for name in re.split(r"[\\/]+", path) if name]
        if _DRIVE.match(path):
            return names
        return ["\\\\" + "\\".join(names[:2]), *names[2:]]
    # A backslash is a letter like any other in Unix names.
    return ["/", *(name for name in path.split("/") if name)]


def _same(one: str, other: str, blind: bool) -> bool:
    return one.casefold() == other.casefold() if blind else one == other


def _join(root: str, names: Sequence[str], slashes: SlashMode) -> str:
    # Windows takes both; a target that is written with / stays so.
    windows = is_windows(root) and "/" not in root if slashes == "auto" else slashes == "windows"
    slash = "\\" if windows else "/"
    if slashes == "unix":
        root = root.replace("\\", "/")
    elif slashes == "windows":
        root = root.replace("/", "\\")
    base = root.rstrip("\\/")
    if not names:
        return base + slash if not base or (_DRIVE.match(base + slash) and len(base) == 2) else base
    return slash.join([base, *names])
