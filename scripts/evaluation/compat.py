"""The recommenders that we want to beat, formula by formula: the baseline `compat`.

The three recommenders that the Stash AI Server 0.9.3 ships, with their default settings and everything in them that is
odd, for measuring only. Where their results hang on a database that promises no order, ours is said at the place.
Scenes and tags are their ids, seeds too; a seed that the library does not have counts as one without anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[float, float]
Scored = list[tuple[int, float]]

PAGE = 40
"""Scenes that they answer with unless asked otherwise. The ranking of personalized_tfidf depends on it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """spans: (start_s, end_s) of each tag; they may overlap."""

    duration_s: float
    studio: int | None = None
    performers: tuple[int, ...] = ()
    spans: Mapping[int, Sequence[Span]] | None = None


class Watch(NamedTuple):
    """A stay with a scene that began so many days ago, and the stretches that were played."""

    scene: int
    days_ago: float
    segments: tuple[Span, ...]


class StashRow(NamedTuple):
    """What Stash itself counted of a scene."""

    scene: int
    play_duration_s: float
    view_days_ago: tuple[float, ...]


class Library:
    """Scenes, and how long each shows each tag.

    longest_first: of each tag. Equally long scenes come by descending id: so SQLite answers their query, which groups
    by scene and orders by the sum, descending. PostgreSQL promises nothing.
    """

    def __init__(self, scenes: Mapping[int, Scene]) -> None:
        self.scenes = {scene: scenes[scene] for scene in sorted(scenes)}
        self.seconds: dict[int, dict[int, float]] = {}
        self.by_tag: dict[int, dict[int, float]] = {}
        for scene, known in self.scenes.items():
            for tag in sorted(known.spans or ()):
                shown_s = math.fsum(end - start for start, end in (known.spans or {})[tag])
                if shown_s > 0:
                    self.seconds.setdefault(scene, {})[tag] = shown_s
                    self.by_tag.setdefault(tag, {})[scene] = shown_s
        self.longest_first = {
            tag: sorted(shown.items(), key=lambda each: (each[1], each[0]), reverse=True)
            for tag, shown in self.by_tag.items()
        }

    def inverse_document_frequency(self, tag: int) -> float:
        return math.log((1 + len(self.seconds)) / (1 + len(self.by_tag.get(tag, ())))) + 1.0


class Watched:
    """What was watched, from their own tracking and from Stash."""

    def __init__(self, watches: Iterable[Watch] = (), stash: Iterable[StashRow] = ()) -> None:
        self.watches = tuple(watches)
        self.stash = tuple(stash)
        self.play_duration_s = {row.scene: row.play_duration_s for row in self.stash}
        segments: dict[int, list[Span]] = {}
        for watch in self.watches:
            segments.setdefault(watch.scene, []).extend(watch.segments)
        self._segments = {scene: _merged(spans) for scene, spans in segments.items()}

    def segments(self, scene: int) -> list[Span]:
        """All that was ever played of it, whatever the window of days."""
        return self._segments.get(scene, [])

    def summary(self, recent_days: float, min_watch_s: float, limit: int) -> dict[int, tuple[float, float]]:
        """Scene -> (seconds, repeats counted again; days since it was last entered), latest first."""
        seconds: dict[int, float] = {}
        last: dict[int, float] = {}
        for watch in self.watches:
            if watch.days_ago <= recent_days:
                seconds[watch.scene] = seconds.get(watch.scene, 0.0) + sum(end - start for start, end in watch.segments)
                last[watch.scene] = min(last.get(watch.scene, math.inf), watch.days_ago)
        kept = [scene for scene in seconds if seconds[scene] >= min_watch_s and seconds[scene] > 0]
        kept.sort(key=lambda scene: (-last[scene], scene), reverse=True)
        return {scene: (seconds[scene], last[scene]) for scene in kept[:limit]}


@dataclass(slots=True)
class _Entry:
    """One scene of the profile. days_ago: infinite where it was never seen."""

    scene: int
    watched_s: float
    days_ago: float
    mode: str
    views: int = 0


def personalized_tfidf(library: Library, watched: Watched, seeds: Sequence[int], limit: int = PAGE) -> Scored:
    """Their feed: tags by what was watched, scenes by the seconds that they show them. Rounded to 6 decimals."""
    recent_days, min_watch_s, history_limit, profile_tags, pool = 45.0, 30.0, 400, 12, 200

    history = [
        _Entry(scene, seconds, days_ago, "observed_duration")
        for scene, (seconds, days_ago) in watched.summary(recent_days, min_watch_s, history_limit).items()
    ]
    _merge(history, _stash_history(watched.stash, recent_days, min_watch_s, history_limit))
    history = _latest(history, history_limit)
    known = {entry.scene for entry in history}
    history += [_Entry(seed, 0.0, math.inf, "seed_duration") for seed in dict.fromkeys(seeds) if seed not in known]
    history = _latest(history, history_limit)

    # A seed counts as watched for as long as its tags are shown, even where it truly was watched; without tags it goes.
    for entry in history:
        if entry.scene in seeds:
            entry.watched_s, entry.mode = sum(library.seconds.get(entry.scene, {}).values()), "seed_duration"
    history = [entry for entry in history if entry.scene not in seeds or entry.watched_s > 0]

    frequencies: dict[int, float] = {}
    for entry in history:
        file_s = library.scenes[entry.scene].duration_s if entry.scene in library.scenes else 0.0
        # Their mistake: the sum of all plays is taken for the length of the scene where it is the larger one.
        length_s = max(file_s, watched.play_duration_s.get(entry.scene, 0.0))
        seconds, repeats = _repeats(entry, length_s)
        for tag, shown_s in library.seconds.get(entry.scene, {}).items():
            overlap_s = min(shown_s, seconds) if seconds > 0 else shown_s
            frequencies[tag] = frequencies.get(tag, 0.0) + overlap_s * repeats
    weights = {tag: tf * library.inverse_document_frequency(tag) for tag, tf in frequencies.items()}
    profile = sorted(weights.items(), key=_score, reverse=True)[:profile_tags]
    if not profile:
        return []

    target = max(pool, limit + 20)
    per_tag = max(10, target // len(profile))
    excluded = {entry.scene for entry in history}
    scores: dict[int, float] = {}
    for tag, weight in profile:
        # LIMIT comes before the exclusion, and a scene gains only by tags whose longest it is among.
        for scene, shown_s in library.longest_first[tag][:per_tag]:
            if scene not in excluded:
                scores[scene] = scores.get(scene, 0.0) + weight * shown_s
    ranked = sorted(scores.items(), key=_score, reverse=True)[:target]
    return [(scene, round(score, 6)) for scene, score in ranked[:limit]]


def segment_similarity(
    library: Library, watched: Watched, seeds: Sequence[int], full_scene: bool = False, limit: int = PAGE
) -> Scored:
    """Scenes that show the seeds' tags as long as they were watched there. Rounded to 4 decimals, 0 to 1."""
    tag_limit, pool, min_overlap_s = 12, 300, 10.0

    profile: dict[int, float] = {}
    watched_s = 0.0
    for seed in seeds:
        seen = _seen(library, watched, seed)
        watched_s += _length(watched.segments(seed))
        for tag, seconds in ((library.seconds.get(seed) or seen) if full_scene else seen).items():
            profile[tag] = profile.get(tag, 0.0) + seconds
    active = dict(sorted(profile.items(), key=_score, reverse=True)[:tag_limit])
    if not active:
        return []
    # Seconds of watching, not of tags: what has several tags at once scores above 1.
    base = watched_s if watched_s > 0 else sum(active.values())
    overlaps: Scored = []
    for scene in _scenes_with(library, active):
        overlap_s = sum(min(library.seconds[scene].get(tag, 0.0), seconds) for tag, seconds in active.items())
        if scene not in seeds and overlap_s >= min_overlap_s:
            overlaps.append((scene, overlap_s))
    overlaps.sort(key=lambda each: (each[1] / base, each[1]), reverse=True)
    return [(scene, _share(overlap_s / base)) for scene, overlap_s in overlaps[:pool][:limit]]


def performer_tag_hybrid(library: Library, watched: Watched, seeds: Sequence[int], limit: int = PAGE) -> Scored:
    """Scenes with the seeds' performers, and with the tags that were watched lately. Rounded to 4 decimals, 0 to 1."""
    recent_days, history_limit, min_watch_s, profile_tags, pool = 60.0, 200, 15.0, 18, 250
    performer_weight, tag_weight, studio_bonus = 0.6, 0.3, 0.05
    if not seeds:
        return []

    of_seeds = [library.scenes[seed] for seed in seeds if seed in library.scenes]
    performers = {performer for scene in of_seeds for performer in scene.performers}
    studios = {scene.studio for scene in of_seeds if scene.studio is not None}
    history = watched.summary(recent_days, min_watch_s, history_limit)
    excluded = {*history, *seeds}

    seen: dict[int, float] = {}
    for scene in history:
        for tag, seconds in _seen(library, watched, scene).items():
            seen[tag] = seen.get(tag, 0.0) + seconds
    profile = dict(sorted(seen.items(), key=_score, reverse=True)[:profile_tags])
    interest, base = _interest(library, profile)

    matched = _matched_performers(library, performers, excluded, 2 * pool)
    strengths = [
        (scene, sum(weight * library.seconds[scene].get(tag, 0.0) for tag, weight in interest.items()) / base)
        for scene in _scenes_with(library, interest)
        if scene not in excluded
    ]
    strength = dict(strengths)
    strengths.sort(key=_score, reverse=True)
    # A scene that shares the studio alone is not looked at.
    candidates = list(dict.fromkeys([*matched, *(scene for scene, _ in strengths)]))[: 3 * pool]

    scored: Scored = []
    for scene in candidates:
        by_performers = performer_weight / len(performers) * len(matched.get(scene, ())) if performers else 0.0
        by_studio = studio_bonus if library.scenes[scene].studio in studios else 0.0
        score = by_performers + tag_weight * min(1.0, strength.get(scene, 0.0)) + by_studio
        if score > 0:
            scored.append((scene, score))
    scored.sort(key=lambda each: (each[1], each[0]), reverse=True)
    return [(scene, _share(score)) for scene, score in scored[:pool][:limit]]


def _stash_history(rows: Sequence[StashRow], recent_days: float, min_watch_s: float, limit: int) -> list[_Entry]:
    """Their reading of Stash: by views, or where Stash has none at all, by play durations, which have no date.

    The window is held against the last view alone: older views of the same scene count with it.
    """
    entries = [
        _Entry(row.scene, row.play_duration_s, min(row.view_days_ago), "", len(row.view_days_ago))
        for row in sorted(rows)
        if row.view_days_ago
    ]
    entries.sort(key=lambda entry: entry.days_ago)
    if not entries:
        entries = [
            _Entry(row.scene, row.play_duration_s, math.inf, "") for row in sorted(rows) if row.play_duration_s > 0
        ]
        entries.sort(key=lambda entry: entry.watched_s, reverse=True)
    kept = []
    for entry in entries[: 3 * limit]:
        estimated_s = entry.watched_s if entry.watched_s > 0 else 60.0 * entry.views
        if estimated_s >= min_watch_s and (entry.days_ago <= recent_days or not entry.views):
            entry.mode = "total_duration" if entry.watched_s > 0 else "view_count"
            kept.append(entry)
    return kept[:limit]


def _merge(history: list[_Entry], of_stash: Iterable[_Entry]) -> None:
    """Add Stash's entries to their own. The same watching is counted twice where both saw it."""
    known = {entry.scene: entry for entry in history}
    for entry in of_stash:
        if (own := known.get(entry.scene)) is None:
            history.append(entry)
        else:
            own.watched_s += entry.watched_s
            own.views += entry.views
            own.days_ago = min(own.days_ago, entry.days_ago)
            own.mode = "combined"


def _latest(history: list[_Entry], limit: int) -> list[_Entry]:
    """Latest first, then longest watched; equal ones stay in their order."""
    return sorted(history, key=lambda entry: (-entry.days_ago, entry.watched_s), reverse=True)[:limit]


def _repeats(entry: _Entry, length_s: float) -> tuple[float, float]:
    """(seconds, how often the scene was watched as they reckon it)."""
    seconds, views = entry.watched_s, entry.views
    if entry.mode in ("view_count", "combined") and length_s > 0:
        views = max(1, views)
        if seconds <= 0 or entry.mode == "view_count":
            seconds = length_s * views
    elif seconds <= 0:
        seconds = length_s
    if seconds > 0 and length_s > 0:
        return seconds, seconds / length_s
    return seconds, float(views) if views > 0 else 1.0


def _interest(library: Library, profile: Mapping[int, float]) -> tuple[dict[int, float], float]:
    """(weight of each tag, summing up to 1; what the profile itself scores)."""
    total = sum(profile.values())
    weighted = {tag: seconds / total * library.inverse_document_frequency(tag) for tag, seconds in profile.items()}
    whole = sum(weighted.values())
    interest = {tag: weight / whole for tag, weight in weighted.items()}
    return interest, sum(weight * profile[tag] for tag, weight in interest.items()) or 1.0


def _matched_performers(library: Library, performers: set[int], excluded: set[int], limit: int) -> dict[int, set[int]]:
    """Scene -> those of the performers who are in it, most first, then by descending id.

    Their query reads some 2 × pool × max(2, performers) rows of (scene, performer) without an order and drops excluded
    scenes only then, so that large libraries lose matches by chance; here the rows come by scene and performer.
    """
    rows = [
        (scene, performer)
        for scene, known in library.scenes.items()
        for performer in sorted(set(known.performers) & performers)
    ]
    matched: dict[int, set[int]] = {}
    for scene, performer in rows[: limit * max(2, len(performers))]:
        if scene not in excluded:
            matched.setdefault(scene, set()).add(performer)
    order = sorted(matched, key=lambda scene: (len(matched[scene]), scene), reverse=True)
    return {scene: matched[scene] for scene in order[:limit]}


def _scenes_with(library: Library, tags: Iterable[int]) -> list[int]:
    return sorted({scene for tag in tags for scene in library.by_tag.get(tag, ())})


def _seen(library: Library, watched: Watched, scene: int) -> dict[int, float]:
    """How long each tag was shown in what was played of a scene, repeats and overlaps counted once."""
    played = watched.segments(scene)
    spans = (library.scenes[scene].spans or {}) if played and scene in library.scenes else {}
    seen = {tag: _length(_common(_merged(spans[tag]), played)) for tag in sorted(spans)}
    return {tag: seconds for tag, seconds in seen.items() if seconds > 0}


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _common(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """Where two ascending lists of disjoint spans overlap."""
    common, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if end > start:
            common.append((start, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return common


def _length(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def _share(score: float) -> float:
    return round(max(0.0, min(1.0, score)), 4)


def _score(item: tuple[int, float]) -> float:
    return item[1]
