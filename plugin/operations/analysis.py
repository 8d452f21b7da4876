"""What was seen in media."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.operations import queue
from plugin.operations.suggestions import as_json


def analysis(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """The newest analysis of one medium with spans and totals, its suggestions, and what is happening to it."""
    store, book, key = context.store, context.book, (args["kind"], args["id"])
    known = store.analyses.get(*key)
    failure = store.analyses.failures(key[0], [key[1]]).get(key[1])
    return {
        "kind": key[0],
        "id": key[1],
        "analysis": None
        if known is None
        else {
            "name": known.name,
            "run_id": known.run_id,
            "model": known.model,
            "view": known.view,
            "interval_s": known.interval_s,
            "duration_s": known.duration_s,
            "samples": known.samples,
            "decoder": known.decoder,
            "plan": known.plan,
            "warnings": [{"code": code, "message": message} for code, message in known.warnings],
            "done_s": known.done_s,
            "spans": [
                {
                    "label": span.label,
                    "category": span.category,
                    "start_s": span.start_s,
                    "end_s": span.end_s,
                    "score": span.score,
                    "peak_s": span.peak_s,
                    "peak_score": span.peak_score,
                    "start_uncertainty_s": span.start_uncertainty_s,
                    "end_uncertainty_s": span.end_uncertainty_s,
                }
                for span in known.spans
            ],
            "totals": [
                {
                    "label": total.label,
                    "category": total.category,
                    "seconds": total.seconds,
                    "share": total.share,
                    "score": total.score,
                }
                for total in known.totals
            ],
        },
        "failure": None
        if failure is None
        else {"code": failure.code, "message": failure.message, "failed_s": failure.failed_s},
        "suggestions": [as_json(one, book) for one in store.suggestions.of_medium(*key)],
        **queue.of_medium(context, args),
    }


def states(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """states: id -> "analysed", "pending", "running" or "failed"; media that nothing is known of are left out. waiting:
    id -> how many suggestions wait for a decision, where there are some.
    """
    store, kind, ids = context.store, args["kind"], args["ids"]
    found: dict[str, str] = {str(media_id): "analysed" for media_id in store.analyses.known(kind, ids)}
    found.update({str(media_id): "failed" for media_id in store.analyses.failures(kind, ids)})
    found.update({str(media_id): state for media_id, state in store.jobs.unfinished(kind, ids).items()})
    waiting = {str(media_id): count for media_id, count in store.suggestions.waiting(kind, ids).items()}
    return {"states": found, "waiting": waiting}
