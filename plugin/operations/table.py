"""Every operation: its name, what it does, its arguments. README's table is checked against this one."""

from __future__ import annotations

from plugin.operations.arguments import (
    Argument,
    Operation,
    choice,
    identifier,
    kind,
    list_of,
    mapping,
    number,
    switch,
    text,
    whole,
)
from plugin.operations.filters import FILTERS
from plugin.operations.moments import moments

_STATES = ("pending", "running", "completed", "failed", "cancelled")
_DECISIONS = ("pending", "accepted", "applied", "rejected", "withdrawn")
_DAYS_S = 30 * 24 * 3600.0

_ID = Argument(identifier)
_KIND = Argument(kind)
_PAGE = {"limit": Argument(whole(1, 500), 100), "before_id": Argument(identifier, None)}
_IDS = Argument(list_of(identifier))
_MODEL = Argument(text(300))
_ONE_MEDIUM = {"kind": _KIND, "id": _ID}
_CHOSEN = {"states": Argument(list_of(choice(*_DECISIONS)), ["pending"]), **FILTERS}
_DECIDED = {"ids": Argument(list_of(identifier), []), "where": Argument(mapping, None)}

_ALL = (
    Operation("status", "operations.status:status", "what is ready, what works, what waits, and what is wrong"),
    Operation("status.check", "operations.status:check", "ask Stash and the sidecar anew, and wake the queue"),
    Operation(
        "queue.list",
        "operations.queue:find",
        "jobs, the newest first",
        {
            "states": Argument(list_of(choice(*_STATES)), []),
            "words": Argument(text(), ""),
            "parent_id": Argument(identifier, None),
            "roots": Argument(switch, True),
            **_PAGE,
        },
    ),
    Operation(
        "queue.medium", "operations.queue:of_medium", "the job of one medium, and how many are before it", _ONE_MEDIUM
    ),
    Operation(
        "queue.add",
        "operations.queue:add",
        "enqueue media: by ids, by Stash's own filters, or all that are due",
        {
            "which": Argument(choice("new", "all", "tagged", "stored", "ids"), ""),
            "ids": Argument(mapping, {}),
            "filters": Argument(mapping, {}),
            "kinds": Argument(list_of(kind, 3), []),
            "fresh": Argument(switch, False),
            "priority": Argument(choice("high", "normal", "low"), "high"),
            "title": Argument(text(), ""),
        },
    ),
    Operation("queue.cancel", "operations.queue:cancel", "cancel a job and all below it", {"id": _ID}),
    Operation("queue.cancel_all", "operations.queue:cancel_all", "cancel all that waits or is in work"),
    Operation("queue.retry", "operations.queue:retry", "put what failed or was cancelled back", {"id": _ID}),
    Operation("queue.pause", "operations.queue:pause", "finish what is in work, then begin nothing"),
    Operation("queue.resume", "operations.queue:resume", "go on"),
    Operation(
        "suggestions.list",
        "operations.suggestions:find",
        "suggestions, the newest first or in another order",
        {
            **_CHOSEN,
            "order": Argument(choice("newest", "score", "medium"), "newest"),
            **_PAGE,
            "after": Argument(text(500), ""),
        },
    ),
    Operation(
        "suggestions.groups",
        "operations.suggestions:groups",
        "suggestions counted by label, by medium or by run",
        {
            "by": Argument(choice("label", "medium", "run"), "label"),
            "states": _CHOSEN["states"],
            "limit": Argument(whole(1, 1000), 200),
            **{name: FILTERS[name] for name in ("kind", "type", "words", "min_score")},
        },
    ),
    Operation(
        "suggestions.accept",
        "operations.suggestions:accept",
        "say yes to those of ids, or to all that waits and fits where; writes to Stash at once unless write is false",
        {**_DECIDED, "write": Argument(switch, True)},
    ),
    Operation(
        "suggestions.reject",
        "operations.suggestions:reject",
        "say no for ever, to those of ids, or to all that waits and fits where",
        _DECIDED,
    ),
    Operation(
        "suggestions.edit",
        "operations.suggestions:edit",
        "give a marker another range",
        {"id": _ID, "start_s": Argument(number(0, _DAYS_S)), "end_s": Argument(number(0, _DAYS_S))},
    ),
    Operation("suggestions.apply", "operations.suggestions:apply", "write all that is accepted"),
    Operation("suggestions.undo", "operations.suggestions:undo", "take decisions back, in Stash too", {"ids": _IDS}),
    Operation(
        "scene.analysis",
        "operations.analysis:analysis",
        "what was seen in one medium: spans, totals, suggestions, reasons",
        {"kind": Argument(kind, "scene"), "id": _ID},
    ),
    Operation(
        "media.states",
        "operations.analysis:states",
        "analysed, pending or failed, for many media; and how many suggestions wait there",
        {"kind": _KIND, "ids": Argument(list_of(identifier, 1000))},
    ),
    Operation(
        "media.undo",
        "operations.runs:undo_media",
        "take back all that was written to one medium, or to those of ids",
        {"kind": _KIND, "id": Argument(identifier, None), "ids": Argument(list_of(identifier, 1000), [])},
    ),
    Operation("policy.list", "operations.policy:find", "policies, labels seen so far, and the defaults"),
    Operation("policy.set", "operations.policy:save", "change policies", {"rows": Argument(list_of(mapping, 5000))}),
    Operation(
        "policy.preview",
        "operations.policy:preview",
        "what saving these policies would do, from what is stored; nothing is written",
        {"rows": Argument(list_of(mapping, 5000))},
    ),
    Operation("policy.export", "operations.policy:export", "all policies as CSV"),
    Operation(
        "policy.import",
        "operations.policy:take_in",
        "policies from CSV; with dry_run only what it would change",
        {"csv": Argument(text(2_000_000)), "dry_run": Argument(switch, False)},
    ),
    Operation("runs.list", "operations.runs:find", "runs and what came of them, the newest first", _PAGE),
    Operation("runs.undo", "operations.runs:undo", "take back all that a run wrote", {"id": _ID}),
    Operation("settings.get", "operations.settings:get", "every setting, and where it is kept"),
    Operation(
        "settings.set", "operations.settings:change", "change settings of the store", {"values": Argument(mapping)}
    ),
    Operation(
        "paths.probe",
        "operations.paths:probe",
        "which of Stash's files the sidecar sees, and mappings that would help",
        {"rules": Argument(text(5000), None), "samples": Argument(whole(1, 100), 20)},
    ),
    Operation("models.list", "operations.models:find", "models and decoders of the sidecar"),
    Operation("models.load", "operations.models:load", "load a model now, and answer when it is ready", {"id": _MODEL}),
    Operation("models.unload", "operations.models:unload", "free a model's memory once nobody uses it", {"id": _MODEL}),
    Operation(
        "models.download",
        "operations.models:download",
        "begin to fetch a model's weights; licence is the text that its owner agreed to",
        {"id": _MODEL, "licence": Argument(text(500))},
    ),
    Operation(
        "models.cancel_download",
        "operations.models:cancel_download",
        "stop fetching; what has arrived is kept",
        {"id": _MODEL},
    ),
    Operation(
        "vocabulary.list",
        "operations.vocabulary:find",
        "tags that the sidecar looks for by itself, and which of them the model can judge",
    ),
    Operation(
        "thumbnails.list",
        "operations.thumbnails:find",
        "small pictures of up to 60 moments of scenes and images",
        {"moments": Argument(moments)},
    ),
    Operation(
        "sidecar.restart",
        "operations.sidecar:restart",
        "stop the sidecar that the plugin started, and start it with the present settings",
    ),
    Operation(
        "self_test.run", "operations.self_test:run", "the test that ends Set up, by itself: nothing is installed"
    ),
    Operation("schedule.get", "operations.schedule:get", "when the sidecar wakes Stash next"),
)

OPERATIONS = {operation.name: operation for operation in _ALL}
