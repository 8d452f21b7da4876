"""Watches and analyses as tests want them in a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.store.analyses import Analysis, Span, Total
from plugin.store.library import LibraryRow
from plugin.store.store import Store
from plugin.store.watch_values import Segment, Watch
from plugin.telemetry.coverage import length_s, union

Stretch = tuple[float, float]


def known_scene(scene_id: int, title: str = "", **more: Any) -> LibraryRow:
    """A minute's scene of which Stash knows nothing else."""
    told: dict[str, Any] = {
        "scene_id": scene_id,
        "title": title or f"Scene {scene_id}",
        "duration_s": 60.0,
        "size_bytes": 1_000_000,
        "studio_id": None,
        "date": "",
        "created_s": 500.0,
        "updated_s": 500.0,
        "rating100": None,
        "organized": False,
        "o_count": 0,
        "play_count": 0,
        "play_duration_s": 0.0,
        "resume_s": 0.0,
        "last_played_s": None,
        "plays": (),
        "o_times": (),
        "performers": (),
        "tags": (),
        "markers": (),
        "base_play_s": 0.0,
        "version": 1,
    }
    return LibraryRow(**{**told, **more})


def watched(
    store: Store,
    scene_id: int,
    stretches: Sequence[Stretch],
    at_s: float = 1000.0,
    duration_s: float = 60.0,
    watch: str = "",
) -> None:
    """One watch of a scene; each stretch was played right after the one before."""
    name = watch or f"watch of {scene_id} at {at_s}"
    segments, now_s = [], at_s
    for start_s, end_s in stretches:
        segments.append(Segment(start_s, end_s, now_s, 1.0))
        now_s += end_s - start_s
    told = Watch(
        id=0,
        watch=name,
        session="session",
        tab="tab",
        scene_id=scene_id,
        started_s=at_s,
        ended_s=now_s,
        wall_s=now_s - at_s,
        played_s=length_s(stretches),
        unique_s=length_s(union(stretches)),
        last_s=stretches[-1][1] if stretches else 0.0,
        duration_s=duration_s,
        completed=False,
    )
    store.watches.save(told, segments, 0, None, 0)


def analysed(store: Store, scene_id: int, spans: Mapping[str, Sequence[Stretch]], duration_s: float = 60.0) -> None:
    """A scene in which the sidecar saw these labels."""
    run_id = store.runs.begin("Analyse new", "task")
    store.analyses.save(
        Analysis(
            kind="scene",
            media_id=scene_id,
            name=f"scene {scene_id}",
            run_id=run_id,
            content="oshash-1-1",
            content_key=f"oshash-{scene_id}-1",
            view="",
            model="lite",
            vocabulary="v",
            query="q",
            interval_s=4.0,
            duration_s=duration_s,
            samples=10,
            decoder="d",
            plan="p",
            warnings=(),
            policy="",
            spans=tuple(
                Span(label, "", start_s, end_s, 1.0, start_s, 1.0)
                for label, stretches in spans.items()
                for start_s, end_s in stretches
            ),
            totals=tuple(
                Total(label, "", length_s(stretches), length_s(stretches) / duration_s, 1.0)
                for label, stretches in spans.items()
            ),
        )
    )
