"""Small libraries with a little watching, as JSON files hold them: what rankings are compared on."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.evaluation.compat import Library, Scene, Span, StashRow, Watch, Watched

RECOMMENDERS = ("personalized_tfidf", "segment_similarity", "performer_tag_hybrid")
FULL_SCENE = "full_scene"


class BadCase(Exception):
    """A file cannot be used. The message says where and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """asked: of each recommender, the questions as (their name in the file, seeds, whether full scenes count)."""

    name: str
    library: Library
    watched: Watched
    asked: Mapping[str, tuple[tuple[str, tuple[int, ...], bool], ...]]


def read_cases(path: Path) -> list[Case]:
    """Raises BadCase."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadCase(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadCase(f"{path} is no JSON: {error}") from error
    cases = _of_kind(_of_kind(document, dict, "the file").get("cases"), list, '"cases"')
    return [_case(each, f"case {number}") for number, each in enumerate(cases, start=1)]


def _case(value: Any, where: str) -> Case:
    case = _of_kind(value, dict, where)
    name = _of_kind(case.get("name", ""), str, f"{where}, name")
    where = f"case {name}" if name else where
    library = _of_kind(case.get("library"), dict, f"{where}, library")
    listed = _of_kind(library.get("scenes"), dict, f"{where}, scenes")
    scenes = {_id(key, f"{where}, scenes"): _scene(each, f"{where}, scene {key}") for key, each in listed.items()}
    watches = [
        _watch(each, scenes, f"{where}, watch {number}")
        for number, each in enumerate(_rows("watch", library, case, where), start=1)
    ]
    stash = [
        _stash_row(each, scenes, f"{where}, stash {number}")
        for number, each in enumerate(_rows("stash", library, case, where), start=1)
    ]
    if len({row.scene for row in stash}) < len(stash):
        raise BadCase(f"{where}, stash: a scene has two rows")
    return Case(name, Library(scenes), Watched(watches, stash), _asked(case, where))


def _rows(name: str, library: Mapping[str, Any], case: Mapping[str, Any], where: str) -> list[Any]:
    """They stand in the library, or beside it."""
    rows: list[Any] = _of_kind(library.get(name, case.get(name, [])), list, f"{where}, {name}")
    return rows


def _scene(value: Any, where: str) -> Scene:
    scene = _of_kind(value, dict, where)
    studio = scene.get("studio")
    spans = _of_kind(scene.get("spans", {}), dict, f"{where}, spans")
    return Scene(
        duration_s=_seconds(scene.get("duration"), f"{where}, duration"),
        studio=None if studio is None else _id(studio, f"{where}, studio"),
        performers=tuple(
            _id(each, f"{where}, performers")
            for each in _of_kind(scene.get("performers", []), list, f"{where}, performers")
        ),
        spans={_id(tag, f"{where}, spans"): _spans(listed, f"{where}, tag {tag}") for tag, listed in spans.items()},
    )


def _watch(value: Any, scenes: Mapping[int, Scene], where: str) -> Watch:
    watch = _of_kind(value, dict, where)
    return Watch(
        _known_scene(watch, scenes, where),
        _seconds(watch.get("days_ago"), f"{where}, days_ago"),
        _spans(watch.get("segs"), f"{where}, segs"),
    )


def _stash_row(value: Any, scenes: Mapping[int, Scene], where: str) -> StashRow:
    row = _of_kind(value, dict, where)
    views = _of_kind(row.get("view_days_ago", []), list, f"{where}, view_days_ago")
    return StashRow(
        _known_scene(row, scenes, where),
        _seconds(row.get("play_duration_s", 0), f"{where}, play_duration_s"),
        tuple(_seconds(each, f"{where}, view_days_ago") for each in views),
    )


def _asked(case: Mapping[str, Any], where: str) -> dict[str, tuple[tuple[str, tuple[int, ...], bool], ...]]:
    """As the keys under "expected" name them, and for each list under "seeds" all that there is."""
    asked: dict[str, dict[str, tuple[tuple[int, ...], bool]]] = {recommender: {} for recommender in RECOMMENDERS}
    for recommender, answers in _of_kind(case.get("expected", {}), dict, f"{where}, expected").items():
        if recommender not in asked:
            raise BadCase(f"{where}, expected: {recommender} is none of {', '.join(RECOMMENDERS)}")
        for key in _of_kind(answers, dict, f"{where}, expected, {recommender}"):
            asked[recommender][key] = _question(key, recommender, f"{where}, expected, {recommender}, {key}")
    for listed in _of_kind(case.get("seeds", []), list, f"{where}, seeds"):
        seeds = tuple(_id(each, f"{where}, seeds") for each in _of_kind(listed, list, f"{where}, seeds"))
        key = json.dumps(list(seeds))
        for recommender in RECOMMENDERS:
            asked[recommender][key] = (seeds, False)
        asked["segment_similarity"][f"{key} {FULL_SCENE}"] = (seeds, True)
    return {of: tuple((key, *question) for key, question in each.items()) for of, each in asked.items()}


def _question(key: str, recommender: str, where: str) -> tuple[tuple[int, ...], bool]:
    listed, _, mode = key.partition("]")
    try:
        seeds = json.loads(listed + "]")
    except (ValueError, RecursionError):
        raise BadCase(f"{where}: no list of seeds, such as [5] or [1, 2]") from None
    if mode.strip() and not (recommender == "segment_similarity" and mode.strip() == FULL_SCENE):
        raise BadCase(f"{where}: what stands after the list is not known; segment_similarity knows {FULL_SCENE}")
    return tuple(_id(each, where) for each in _of_kind(seeds, list, where)), bool(mode.strip())


def _known_scene(row: Mapping[str, Any], scenes: Mapping[int, Scene], where: str) -> int:
    scene = _id(row.get("scene"), f"{where}, scene")
    if scene not in scenes:
        raise BadCase(f"{where}: scene {scene} is not in the library")
    return scene


def _spans(value: Any, where: str) -> tuple[Span, ...]:
    spans = []
    for each in _of_kind(value, list, where):
        if len(pair := _of_kind(each, list, where)) != 2:
            raise BadCase(f"{where}: {json.dumps(each)} is no [start_s, end_s]")
        start, end = (_seconds(second, where) for second in pair)
        if end < start:
            raise BadCase(f"{where}: {json.dumps(each)} ends before it starts")
        spans.append((start, end))
    return tuple(spans)


def _seconds(value: Any, where: str) -> float:
    """Or days: any number from 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e9 or math.isnan(value):
        raise BadCase(f"{where} is {_shown(value)}; it must be a number from 0")
    return float(value)


def _id(value: Any, where: str) -> int:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadCase(f"{where}: {_shown(value)} is no id; ids are whole numbers from 0")
    return int(text)


_KINDS: dict[type[Any], str] = {dict: "an object", list: "a list", str: "a text"}


def _of_kind(value: Any, kind: type[Any], where: str) -> Any:
    if not isinstance(value, kind):
        raise BadCase(f"{where} is {_shown(value)}; it must be {_KINDS[kind]}")
    return value


def _shown(value: Any) -> str:
    text = "missing" if value is None else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
