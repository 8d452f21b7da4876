"""Questions whose answers are kept as golden files: one of every operation, more where the answer's shape differs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.plugin.operations.golden_people import (
    ADA,
    ADAS,
    BO,
    BOS,
    BOX,
    HEBREW_TRACK,
    STRANGER,
    away,
    found_people,
    merged,
    named,
    people,
)
from tests.plugin.operations.golden_recommend import CONFIG, FRESH_LOAF, recommended
from tests.plugin.operations.golden_watching import EVENTS, SENT_MS, tracking, watched
from tests.plugin.operations.golden_world import MARKUP, RIGHT_LABEL, GoldenWorld, at_work

Before = Callable[[GoldenWorld, contextlib.ExitStack], None]


def nothing(_: GoldenWorld, __: contextlib.ExitStack) -> None: ...


def works(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    held.enter_context(at_work(found))


def paused(found: GoldenWorld, _: contextlib.ExitStack) -> None:
    found.context.store.drains.pause("paused by the owner")


def forgotten(found: GoldenWorld, _: contextlib.ExitStack) -> None:
    """Nothing was ever asked of the sidecar."""
    found.context.store.services.forget("sidecar")


def all_cancelled(found: GoldenWorld, _: contextlib.ExitStack) -> None:
    found.context.store.jobs.cancel_all()


@dataclass(frozen=True, slots=True)
class Case:
    """name: the operation's, and a word behind a dot where it has more than one. before: what happens first."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    before: Before = nothing

    @property
    def operation(self) -> str:
        return ".".join(self.name.split(".")[:2]) if self.name.split(".")[0] != "status" else _status(self.name)


def _status(name: str) -> str:
    return "status.check" if name == "status.check" else "status"


def scene(number: int) -> dict[str, Any]:
    return {"kind": "scene", "id": number}


COFFEE, MARKED_UP, HEBREW, CUT_OFF, WAITING, FIRST, SECOND, UNTOUCHED = range(1, 9)
"""Ids of the scenes."""

CASES = (
    Case("status", before=works),
    Case("status.paused", before=paused),
    Case("status.new", before=forgotten),
    Case("status.check", before=paused),
    Case("queue.list", before=works),
    Case("queue.list.children", {"parent_id": 9, "limit": 50}, works),
    Case("queue.list.failed", {"states": ["failed", "cancelled"], "roots": False}),
    Case("queue.list.words", {"words": MARKUP, "roots": False, "limit": 3}),
    Case("queue.list.nothing", {"words": "100%", "states": ["failed"]}),
    Case("queue.medium", scene(FIRST), works),
    Case("queue.medium.waiting", scene(WAITING), paused),
    Case("queue.medium.unknown", scene(99)),
    Case("queue.add", {"ids": {"scene": [HEBREW, CUT_OFF], "image": [1]}, "priority": "high"}),
    Case("queue.cancel", {"id": 9}, works),
    Case("queue.cancel_all", before=works),
    Case("queue.retry", {"id": 9}),
    Case("queue.pause"),
    Case("queue.resume", before=paused),
    Case("suggestions.list"),
    Case("suggestions.list.decided", {"states": ["accepted", "applied", "rejected", "withdrawn"], "limit": 50}),
    Case("suggestions.list.score", {"order": "score", "limit": 2, "type": "marker", "min_score": 2.5}),
    Case("suggestions.list.medium", {"order": "medium", "limit": 3, "after": '["image", 2, 0.0, 17]'}),
    Case("suggestions.list.nothing", {"label": "nothing is called so"}),
    Case("suggestions.groups"),
    Case("suggestions.groups.medium", {"by": "medium"}),
    Case("suggestions.groups.decided", {"states": ["applied", "rejected"], "words": "c", "limit": 1}),
    Case("suggestions.groups.run", {"by": "run"}),
    Case("suggestions.accept", {"ids": [4, 5, 99]}),
    Case("suggestions.accept.where", {"where": {"label": "cat", "kind": "scene", "min_score": 2.6}, "write": False}),
    Case("suggestions.reject", {"ids": [3, 4]}),
    Case("suggestions.reject.where", {"where": {"words": RIGHT_LABEL, "type": "marker"}}),
    Case("suggestions.edit", {"id": 5, "start_s": 41.25, "end_s": 59.5}),
    Case("suggestions.apply"),
    Case("suggestions.undo", {"ids": [1, 2, 13, 15]}),
    Case("suggestions.list.performer", {"type": "performer"}, people),
    Case("suggestions.groups.performer", {"type": "performer"}, people),
    Case("scene.analysis", scene(COFFEE)),
    Case("scene.analysis.hostile", scene(HEBREW)),
    Case("scene.analysis.in_work", scene(FIRST), works),
    Case("scene.analysis.failed", scene(CUT_OFF)),
    Case("scene.analysis.unknown", scene(99)),
    Case("scene.analysis.image", {"kind": "image", "id": 1}),
    Case("scene.analysis.gallery", {"kind": "gallery", "id": 1}),
    Case("media.states", {"kind": "scene", "ids": [COFFEE, MARKED_UP, HEBREW, CUT_OFF, WAITING, FIRST, 99]}, works),
    Case("media.undo", {"kind": "scene", "ids": [COFFEE, HEBREW]}),
    Case("people.state", before=people),
    Case("people.state.away", before=away),
    Case("people.medium", scene(COFFEE), people),
    Case("people.medium.nothing", scene(WAITING), people),
    Case("people.on_screen", scene(COFFEE), people),
    Case("people.pictures", {"ids": [ADAS, BOS, "0123"]}, people),
    Case("people.identify", {**scene(COFFEE), "at_s": 12.5, "box": [0.2, 0.1, 0.3, 0.4]}, people),
    Case("people.identify.nobody", {**scene(COFFEE), "at_s": 12.5, "box": [0.6, 0.1, 0.3, 0.4]}, people),
    Case("people.suggestions", before=people),
    Case("people.suggestions.maybe", {"decision": "maybe", "limit": 1}, people),
    Case("people.accept", {**scene(COFFEE), "track_id": ADAS, "key": ADA[0]}, people),
    Case("people.accept.new", {**scene(COFFEE), "track_id": BOS, "key": BO[0]}, people),
    Case("people.reject", {**scene(HEBREW), "track_id": HEBREW_TRACK, "key": ADA[0]}, people),
    Case("people.list", {"words": "a"}, people),
    Case("people.get", {"key": ADA[0]}, people),
    Case("people.remove_references", {"ids": ["0123"]}, people),
    Case("people.look_alikes", {"key": ADA[0]}, people),
    Case("people.groups", before=people),
    Case("people.groups.merged", {"order": "seconds"}, merged),
    Case("people.group", {"id": "group-1"}, people),
    Case("people.merge", {"ids": ["group-1", "group-2"]}, people),
    Case("people.unmerge", {"merge_id": "merge-1"}, merged),
    Case("people.split", {"id": "group-1", "track_ids": [STRANGER]}, people),
    Case("people.ignore", {"ids": ["group-2"], "ignored": True}, people),
    Case("people.name", {"id": "group-1", "performer_id": 2}, people),
    Case("people.name.new", {"id": "group-2", "create": {"name": "Somebody new"}}, people),
    Case("people.unname", {"naming_id": "naming-1"}, named),
    Case("people.find", {"words": "ada"}, found_people),
    Case("people.find.boxes", {"words": "ada", "boxes": True}, found_people),
    Case("people.find.nothing", {"words": " "}, found_people),
    Case("people.sync", {"endpoint": BOX, "whole": True}, found_people),
    Case("people.erase", {"confirmation": "erase all faces"}, people),
    Case("telemetry.state", before=watched),
    Case("telemetry.state.off"),
    Case("telemetry.ingest", {"sent_ms": SENT_MS, "events": EVENTS}, tracking),
    Case("telemetry.pause", {"seconds": 3600}, watched),
    Case("telemetry.export", {"limit": 3}, watched),
    Case("telemetry.export.later", {"after": "3", "limit": 2}, watched),
    Case("telemetry.erase", {"confirmation": "erase watch history", "scene_id": COFFEE}, watched),
    Case("history.list", {"limit": 4}, watched),
    Case("history.list.scene", {"scene_id": COFFEE, "limit": 1}, watched),
    Case("history.scene", {"id": COFFEE}, watched),
    Case("history.scene.nothing", {"id": UNTOUCHED}, watched),
    Case("history.remove", {"watch_ids": [1, 2, 99]}, watched),
    Case("history.statistics", {"weeks": 3, "tz_offset_min": 60}, watched),
    Case("history.statistics.nothing", {"weeks": 1, "source": "plugin"}),
    Case("recommend.list", before=recommended),
    Case("recommend.list.similar", {"context": "similar_scene"}, recommended),
    Case("recommend.list.nothing"),
    Case("recommend.query", {"limit": 3}, recommended),
    Case("recommend.query.similar", {"context": "similar_scene", "seeds": [COFFEE, 999], "limit": 2}, recommended),
    Case(
        "recommend.query.configured",
        {"recommender": "personalized_tfidf", "config": CONFIG, "exclude": [COFFEE]},
        recommended,
    ),
    Case("recommend.query.prune", {"context": "prune_candidates", "limit": 2}, recommended),
    Case("recommend.query.nothing", {"recommender": "personalized_tfidf"}),
    Case(
        "recommend.save",
        {"recommender": "fresh", "config": {"chance": 9, "newness": "much", "colour": "red"}},
        recommended,
    ),
    Case("recommend.reset", {"recommender": "fresh"}, recommended),
    Case("recommend.feedback", {"scene_id": FRESH_LOAF, "verdict": "less"}, recommended),
    Case("recommend.feedback_list", before=recommended),
    Case("recommend.refresh"),
    Case("policy.list"),
    Case("policy.set", {"rows": [{"label": "cat", "mode": "auto", "required_share": 0.25}, {"label": RIGHT_LABEL}]}),
    Case(
        "policy.preview",
        {
            "rows": [
                {"label": "cat", "mode": "auto", "required_share": 0.4},
                {"label": "Coffee", "mode": "suggest", "required_s": 60},
                {"label": RIGHT_LABEL, "marker": False, "threshold": 2.5},
                {"label": MARKUP, "phrasings": ["something else"]},
                {"label": "noise", "mode": "off"},
            ]
        },
    ),
    Case("policy.preview.nothing", {"rows": []}),
    Case("policy.export"),
    Case(
        "policy.import",
        {"csv": f"ai_tag_name,stash_tag_name,apply_threshold\ncat,Cat,0.4\n{MARKUP},,\n", "dry_run": True},
    ),
    Case("runs.list"),
    Case("runs.undo", {"id": 2}),
    Case("settings.get"),
    Case("settings.set", {"values": {"interval_s": 2, "workflow_tags": {"tagged": ""}}}),
    Case("settings.set.schedule", {"values": {"nightly_cron": "0 3 * * *"}}),
    Case("paths.probe", {"samples": 4}),
    Case("models.list"),
    Case("models.load", {"id": "lite"}),
    Case("models.unload", {"id": "lite"}),
    Case("models.download", {"id": "open_clip/ViT-B-32-256/datacomp_s34b_b86k", "licence": "MIT"}),
    Case("models.cancel_download", {"id": "unknown"}),
    Case("vocabulary.list"),
    Case(
        "thumbnails.list",
        {
            "moments": [
                {**scene(COFFEE), "at_s": 22.4},
                {**scene(COFFEE), "at_s": 120},
                {**scene(MARKED_UP), "at_s": 1},
                {"kind": "image", "id": 7, "at_s": 0},
            ]
        },
    ),
    Case("sidecar.restart"),
    Case("self_test.run"),
    Case("schedule.get"),
)
