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
from plugin.operations.people_arguments import box, box_person, face_id, key, new_performer, track_id
from plugin.operations.watching_arguments import LONGEST_PAUSE_S, batch

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
_CONTEXT = Argument(choice("global_feed", "similar_scene", "prune_candidates"), "global_feed")
_RECOMMENDER = {"context": _CONTEXT, "recommender": Argument(text(60))}

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
            "which": Argument(choice("new", "all", "tagged", "stored", "ids", "faces"), ""),
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
    Operation(
        "people.state", "operations.people:state", "what is known of faces, in numbers, and how matches are judged"
    ),
    Operation("people.medium", "operations.people:medium", "who is seen in one medium, and when", _ONE_MEDIUM),
    Operation("people.on_screen", "operations.people:on_screen", "where each face is, moment by moment", _ONE_MEDIUM),
    Operation(
        "people.pictures",
        "operations.people:pictures",
        "faces of up to 200 tracks and references",
        {"ids": Argument(list_of(face_id, 200))},
    ),
    Operation(
        "people.identify",
        "operations.people_identify:identify",
        "who is this: the faces of a moment, in a drawn box or everywhere; nothing is stored",
        {**_ONE_MEDIUM, "at_s": Argument(number(0, _DAYS_S), 0.0), "box": Argument(box, None)},
    ),
    Operation(
        "people.suggestions",
        "operations.people:suggested",
        "performers that wait for a decision, the newest first",
        {
            "limit": _PAGE["limit"],
            "after": Argument(text(500), ""),
            "decision": Argument(choice("", "match", "maybe"), ""),
        },
    ),
    Operation(
        "people.accept",
        "operations.people:accept",
        "a track is that person: written to Stash at once, where the performer is made if only a stash-box has them",
        {**_ONE_MEDIUM, "track_id": Argument(track_id), "key": Argument(key)},
    ),
    Operation(
        "people.reject",
        "operations.people:reject",
        "a track is not that person, for ever; what was written for it leaves Stash",
        {**_ONE_MEDIUM, "track_id": Argument(track_id), "key": Argument(key)},
    ),
    Operation(
        "people.list",
        "operations.people_known:find",
        "people with references, by name",
        {"words": Argument(text(), ""), "limit": _PAGE["limit"], "after": Argument(text(500), "")},
    ),
    Operation(
        "people.get",
        "operations.people_known:get",
        "one person with every reference and its picture",
        {"key": Argument(key)},
    ),
    Operation(
        "people.remove_references",
        "operations.people_known:remove_references",
        "take references away for ever",
        {"ids": Argument(list_of(face_id, 1000))},
    ),
    Operation(
        "people.look_alikes",
        "operations.people_known:look_alikes",
        "known people who look most like one",
        {"key": Argument(key), "limit": Argument(whole(1, 100), 10)},
    ),
    Operation(
        "people.groups",
        "operations.people_groups:find",
        "unknown people, and merges that can be taken back",
        {
            "order": Argument(choice("scenes", "seconds", "newest"), "scenes"),
            "limit": Argument(whole(1, 200), 50),
            "after": Argument(text(500), ""),
            "ignored": Argument(switch, False),
            "min_media": Argument(whole(1, 10_000), 1),
        },
    ),
    Operation("people.group", "operations.people_groups:get", "one unknown person's tracks", {"id": Argument(face_id)}),
    Operation(
        "people.merge",
        "operations.people_groups:merge",
        "groups are one person",
        {"ids": Argument(list_of(face_id, 100))},
    ),
    Operation(
        "people.unmerge",
        "operations.people_groups:unmerge",
        "take a merge back as if it had never been",
        {"merge_id": Argument(face_id)},
    ),
    Operation(
        "people.split",
        "operations.people_groups:split",
        "tracks of a group are somebody else",
        {"id": Argument(face_id), "track_ids": Argument(list_of(track_id, 500))},
    ),
    Operation(
        "people.ignore",
        "operations.people_groups:ignore",
        "ignore groups, or stop ignoring them",
        {"ids": Argument(list_of(face_id, 1000)), "ignored": Argument(switch)},
    ),
    Operation(
        "people.name",
        "operations.people_groups:name",
        "a group is that performer, a new one, or somebody of a stash-box; the group's media are written by the queue",
        {
            "id": Argument(face_id),
            "performer_id": Argument(identifier, None),
            "create": Argument(new_performer, None),
            "box": Argument(box_person, None),
        },
    ),
    Operation(
        "people.unname",
        "operations.people_groups:unname",
        "take a naming back, and what was written to Stash for it",
        {"naming_id": Argument(face_id)},
    ),
    Operation(
        "people.find",
        "operations.people_sources:find",
        "performers by name or alias, in Stash and, with boxes, in stash-boxes, which learn the words alone",
        {"words": Argument(text()), "boxes": Argument(switch, False)},
    ),
    Operation(
        "people.sync",
        "operations.people_sources:sync",
        "update face references; with endpoint and whole, all performers of that stash-box too",
        {"endpoint": Argument(text(300), ""), "whole": Argument(switch, False)},
    ),
    Operation(
        "people.erase",
        "operations.people:erase",
        'delete all that is known of faces; confirmation must be "erase all faces"',
        {"confirmation": Argument(text())},
    ),
    Operation(
        "telemetry.state", "operations.telemetry:state", "whether watching is remembered, and how much of it there is"
    ),
    Operation(
        "telemetry.ingest",
        "operations.telemetry:ingest",
        "up to 1000 events of watching; each is answered: accepted, duplicate, or refused with a reason",
        {"sent_ms": Argument(number(0, 1e14)), "events": Argument(batch)},
    ),
    Operation(
        "telemetry.pause",
        "operations.telemetry:pause",
        "remember nothing for so long; 0 goes on",
        {"seconds": Argument(number(0, LONGEST_PAUSE_S))},
    ),
    Operation(
        "telemetry.export",
        "operations.telemetry:export",
        "all that is kept of watching, page by page",
        {"after": Argument(text(20), ""), "limit": Argument(whole(1, 5000), 2000)},
    ),
    Operation(
        "telemetry.erase",
        "operations.telemetry:erase",
        'forget what was watched, or some of it; confirmation must be "erase watch history"',
        {
            "confirmation": Argument(text()),
            "before_s": Argument(number(0, 1e11), None),
            "scene_id": Argument(identifier, None),
        },
    ),
    Operation(
        "history.list",
        "operations.history:find",
        "stays with scenes, the newest first",
        {
            "limit": Argument(whole(1, 500), 50),
            "before": Argument(text(100), ""),
            "scene_id": Argument(identifier, None),
        },
    ),
    Operation(
        "history.scene", "operations.history:scene", "what of one scene was watched, and how many times", {"id": _ID}
    ),
    Operation(
        "history.remove",
        "operations.history:remove",
        "forget stays with scenes",
        {"watch_ids": Argument(list_of(identifier, 1000))},
    ),
    Operation(
        "history.statistics",
        "operations.history:statistics",
        "hours per week, hour and weekday; tags, performers, studios and scenes by time",
        {
            "weeks": Argument(whole(1, 260), 26),
            "source": Argument(choice("plugin+stash", "plugin", "stash"), "plugin+stash"),
            "tz_offset_min": Argument(whole(-1440, 1440), 0),
        },
    ),
    Operation(
        "recommend.list",
        "operations.recommend:find",
        "recommenders of a context, their settings, and how well each foretold what was watched",
        {"context": _CONTEXT},
    ),
    Operation(
        "recommend.query",
        "operations.recommend:query",
        "scenes to watch next, scenes like seeds, or what could go: best first, each with why",
        {
            "context": _CONTEXT,
            "recommender": Argument(text(60), ""),
            "config": Argument(mapping, None),
            "seeds": Argument(list_of(identifier, 20), []),
            "exclude": Argument(list_of(identifier, 1000), []),
            "limit": Argument(whole(1, 200), 40),
            "cursor": Argument(text(120), ""),
        },
    ),
    Operation(
        "recommend.save",
        "operations.recommend:save",
        "keep a recommender's settings for a context, and open the context with it unless chosen is false",
        {**_RECOMMENDER, "config": Argument(mapping, {}), "chosen": Argument(switch, True)},
    ),
    Operation("recommend.reset", "operations.recommend:reset", "a recommender has its defaults again", _RECOMMENDER),
    Operation(
        "recommend.feedback",
        "operations.recommend:feedback",
        "more like this scene, less, hide it, or none of these",
        {"scene_id": _ID, "verdict": Argument(choice("more", "less", "hide", "none"))},
    ),
    Operation("recommend.feedback_list", "operations.recommend:feedback_list", "what was said of scenes, newest first"),
    Operation(
        "recommend.refresh",
        "operations.recommend:refresh",
        "put the task Recompute recommendations into Stash's queue, unless it waits there",
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
