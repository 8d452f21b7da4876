"""What to watch next: recommenders, their configuration, and scenes with the reasons for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plugin.commands.recommending import Asked, Recommended, Recommending, ask_for_recommendations
from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.recommend.config import parse_config
from plugin.recommend.values import Recommender, SceneReason, Why

METRICS = ("hit_rate", "ndcg", "coverage", "novelty", "cases")


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """The recommenders of a context. best: the one that foretold the owner's own watching best; null while unknown."""
    recommending, where = Recommending(context.store), args["context"]
    entries = [_entry(recommending, where, one) for one in recommending.recommenders(where).values()]
    judged = [entry for entry in entries if entry["evaluation"]]
    return {
        "context": where,
        "chosen": recommending.chosen(where),
        "recommenders": entries,
        "best": max(judged, key=lambda entry: entry["evaluation"]["ndcg"][0])["id"] if judged else None,
        "library": _library(recommending),
    }


def query(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page of scenes, best first, each with why. note: why there is nothing, or less than expected."""
    recommending = Recommending(context.store)
    asked = Asked(
        args["context"],
        args["recommender"] and _named_so(recommending, args["context"], args["recommender"]).spec.id,
        args["config"],
        tuple(args["seeds"]),
        tuple(args["exclude"]),
        args["limit"],
        args["cursor"],
    )
    page = recommending.page(asked)
    return {
        "recommender": page.recommender,
        "config": page.config,
        "warnings": list(page.warnings),
        "items": [_item(recommending, one) for one in page.items],
        "next": page.next,
        "total": page.total,
        "note": page.note,
        "library": _library(recommending),
    }


def save(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a configuration for a context, and open it with this recommender if chosen."""
    recommending, where = Recommending(context.store), args["context"]
    recommender = _named_so(recommending, where, args["recommender"])
    config, warnings = parse_config(recommender.spec, args["config"])
    context.store.recommendations.prefer(where, recommender.spec.id, config, args["chosen"])
    return {**_entry(recommending, where, recommender), "warnings": list(warnings)}


def reset(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Forget what was saved of a recommender in a context."""
    recommending, where = Recommending(context.store), args["context"]
    recommender = _named_so(recommending, where, args["recommender"])
    context.store.recommendations.forget_preference(where, recommender.spec.id)
    return {**_entry(recommending, where, recommender), "warnings": []}


def feedback(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """More or less like a scene, hide it, or none of these any more."""
    context.store.recommendations.tell(args["scene_id"], args["verdict"])
    return {"scene_id": args["scene_id"], "verdict": args["verdict"]}


def feedback_list(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """All that was said of scenes, the newest first."""
    catalogue = Recommending(context.store).catalogue
    return {
        "feedback": [
            {
                "scene_id": one.scene_id,
                "title": catalogue.name("scene", one.scene_id),
                "verdict": one.verdict,
                "at_s": one.at_s,
            }
            for one in context.store.recommendations.feedback()
        ]
    }


def refresh(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Ask Stash for the task that brings everything up to date, unless one waits. job_id: null where one does."""
    job_id = ask_for_recommendations(context.stash)
    return {"job_id": job_id, "state": "waits" if job_id is None else "asked"}


def _named_so(recommending: Recommending, where: str, name: str) -> Recommender:
    there = recommending.recommenders(where)
    if name not in there:
        raise ArgumentError(f"{where} has no recommender {name[:60]!r}; it has: {', '.join(there)}")
    return there[name]


def _entry(recommending: Recommending, where: str, recommender: Recommender) -> dict[str, Any]:
    """A recommender as the browser takes it. saved: whether config is the owner's own."""
    spec, rooms = recommender.spec, recommending.store.recommendations
    judged = rooms.evaluations(where).get(spec.id)
    why_not = recommending.why_not(where, recommender)
    return {
        "id": spec.id,
        "label": spec.label,
        "description": spec.description,
        "contexts": list(spec.contexts),
        "needs_seeds": spec.needs_seeds,
        "fields": [{**asdict(field), "default": _plain(field.default)} for field in spec.fields],
        "config": recommending.config(where, recommender),
        "saved": spec.id in rooms.preferences(where),
        "weight": None if judged is None else judged.weight,
        "evaluation": None
        if judged is None
        else {**{name: judged.metrics.get(name) for name in METRICS}, "at_s": judged.at_s},
        "ready": not why_not,
        "why_not": why_not,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _library(recommending: Recommending) -> dict[str, Any]:
    return asdict(recommending.library())


def _item(recommending: Recommending, one: Recommended) -> dict[str, Any]:
    return {
        "scene_id": one.scene_id,
        "title": one.title,
        "score": round(one.score, 6),
        "why": _why(recommending, one.why),
    }


def _why(recommending: Recommending, why: Why) -> dict[str, Any]:
    return {
        "sentence": why.sentence,
        "parts": {name: round(value, 6) for name, value in why.parts.items()},
        "tags": [
            {
                "name": tag.name,
                "tag_id": tag.tag_id,
                "seconds": round(tag.seconds, 1),
                "weight": round(tag.weight, 4),
                "score": round(tag.score, 6),
                "is_timed": tag.is_timed,
            }
            for tag in why.tags
        ],
        "performers": [_named(each) for each in why.performers],
        "studio": None if why.studio is None else _named(why.studio),
        "scenes": [_scene(recommending, scene) for scene in why.scenes],
        "history": _rounded(why.history),
        "debug": _rounded(why.debug),
    }


def _rounded(value: Any) -> Any:
    """Numbers in it with six decimals: the last ones differ from machine to machine."""
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _named(each: tuple[int, str, float]) -> dict[str, Any]:
    key, name, score = each
    return {"id": key, "name": name, "score": round(score, 6)}


def _scene(recommending: Recommending, scene: SceneReason) -> dict[str, Any]:
    return {
        "scene_id": recommending.catalogue.scene_ids[scene.ordinal],
        "title": scene.title,
        "similarity": round(scene.similarity, 4),
        "how": scene.how,
    }
