"""What recommending costs with 20 000 scenes, a million spans and 200 000 watched stretches: medians of CPU."""

from __future__ import annotations

import contextlib
import json
import os
import site
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from plugin.commands.recommending import Asked, Recommending
from plugin.interface.input import PLUGIN_ID
from plugin.library.building import refresh_catalogue
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, settle_watched
from plugin.recommend.registry import recommenders
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.store.store import Store, open_store
from plugin.telemetry.ingest import Rules, ingest
from scripts.benchmark.synthetic_library import NOW_S, QUICK, TAGS, WHOLE, Size, make_store
from scripts.benchmark.table import table

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_MS = 150.0
"""Of CPU for any recommendation, as told inside the process: what Python and imports cost every operation is the floor
of the rows below, each a process of its own.
"""
INGEST_LIMIT_MS = 100.0
SEED = 5
"""A scene that is often watched in the generated library."""

_START = """import gc, sys
gc.disable()
sys.path[:0] = {paths!r}
import json
from plugin.interface.input import parse_input
call = parse_input(json.loads(sys.stdin.read()), {root!r})
from plugin.calls import answer
output, error = answer(call)
sys.stdout.write(json.dumps({{"output": output, "error": error}}))
"""
"""What plugin/main.py does for an operation, with this environment's packages."""


def recommend_table(quick: bool) -> tuple[str, Any]:
    """Reading, each recommender alone and as a process of the plugin, updates, and taking events in."""
    size, runs = (QUICK, 5) if quick else (WHOLE, 15)
    with tempfile.TemporaryDirectory(prefix="sense-") as name:
        folder = Path(name)
        began_s = time.perf_counter()
        store = make_store(folder / PLUGIN_ID, size)
        made_s = time.perf_counter() - began_s
        figures: list[dict[str, Any]] = []
        try:
            figures += _parts(store, runs)
        finally:
            store.close()
        figures += _processes(folder, runs)
        figures += _changes(folder / PLUGIN_ID, size, runs)
    rows = [
        [one["what"], f"{one['cpu_ms']:.1f}", f"{one['worst_ms']:.1f}", _limit(one), one.get("note", "")]
        for one in figures
    ]
    title = (
        f"Recommending: {size.scenes:,} scenes, {size.spans:,} spans, {size.segments:,} watched stretches"
        f" (CPU ms, median of {runs}; made in {made_s:.0f} s)"
    ).replace(",", " ")
    return table(title.replace("  ", ", "), ["", "CPU ms", "worst", "limit", ""], rows), figures


def _limit(figure: Mapping[str, Any]) -> str:
    limit = figure.get("limit_ms")
    if limit is None:
        return ""
    return f"{limit:.0f} {'kept' if figure['cpu_ms'] <= limit else 'MISSED'}"


def _parts(store: Store, runs: int) -> Iterator[dict[str, Any]]:
    """In this process, with everything imported and nothing of the store in memory but SQLite's pages."""
    catalogue = StoreCatalogue(store)
    yield _timed("the catalogue's columns", runs, lambda: StoreCatalogue(store).alive)
    for source in ("plugin", "stash", "plugin+stash"):
        yield _timed(f"reading the history, {source}", runs, partial(read_history, store, catalogue, NOW_S, source))
    for context, one in _questions():
        asked = Asked(context, one, {}, (SEED,) if context == "similar_scene" else ())
        cost = _timed(f"{one} ({context}), inside the process", runs, partial(_page, store, asked))
        yield {**cost, "limit_ms": LIMIT_MS}


def _page(store: Store, asked: Asked) -> object:
    return Recommending(store).page(asked)


def _questions() -> list[tuple[str, str]]:
    return [(context, one.spec.id) for one in recommenders().values() for context in one.spec.contexts]


def _processes(folder: Path, runs: int) -> Iterator[dict[str, Any]]:
    """A process of its own for each call, as Stash starts it."""
    bare = _run_many(folder, None, runs)
    yield {"what": "a bare interpreter", **bare}
    floor = _run_many(folder, {"operation": "recommend.feedback_list"}, runs)
    yield {"what": "floor: an operation that reads one table", **floor}
    for context, one in _questions():
        args: dict[str, Any] = {"operation": "recommend.query", "context": context, "recommender": one, "config": {}}
        if context == "similar_scene":
            args["seeds"] = [SEED]
        cost = _run_many(folder, args, runs)
        above = f"{cost['cpu_ms'] - floor['cpu_ms']:+.0f} on the floor, {cost['items']} scenes"
        yield {"what": f"{one} ({context}), a process of its own", **cost, "note": above}


def _run_many(folder: Path, args: Mapping[str, Any] | None, runs: int) -> dict[str, Any]:
    connection = {
        "Scheme": "http",
        "Host": "127.0.0.1",
        "Port": 9,
        "SessionCookie": None,
        "Dir": str(folder),
        "PluginDir": str(ROOT),
    }
    paths = [str(ROOT), *site.getsitepackages()]
    code = "pass" if args is None else _START.format(paths=paths, root=str(ROOT))
    command = [sys.executable, "-X", "utf8", "-I", "-S", "-c", code]
    document = json.dumps({"server_connection": connection, "args": args or {}})
    costs, answer = [], b""
    for run in range(runs + 1):
        cost_s, answer = _cpu_of(command, document.encode())
        if run:  # the first compiles byte code
            costs.append(cost_s)
    told = json.loads(answer) if answer else {"output": {}, "error": None}
    if told["error"]:
        raise RuntimeError(f"{args}: {told['error']}")
    output = told["output"]
    return {**_summary(costs), "items": len(output.get("items", ())) if isinstance(output, dict) else 0}


def _cpu_of(command: Sequence[str], document: bytes) -> tuple[float, bytes]:
    """CPU seconds of a process, and what it answered. Raises RuntimeError where it failed."""
    before = os.times()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin as stdin, contextlib.suppress(BrokenPipeError):
            stdin.write(document)
        answer = process.stdout.read()
        if sys.platform == "win32":
            process.wait()
            after = os.times()
            cost_s = after.children_user + after.children_system - before.children_user - before.children_system
        else:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cost_s = used.ru_utime + used.ru_stime  # os.times() counts in hundredths
    if process.returncode:
        raise RuntimeError(f"{command[-1][-60:]!r} ended with {process.returncode}")
    return cost_s, answer


def _changes(data_dir: Path, size: Size, runs: int) -> Iterator[dict[str, Any]]:
    store = open_store(str(data_dir), lambda: NOW_S)
    settings, book = OwnerSettings(), PolicyBook()

    try:
        for count, said in ((1, "1 scene"), (100, "100 scenes")):
            what = f"the catalogue after {said} changed"
            refreshing = partial(refresh_catalogue, store, settings, book)
            yield _timed(what, runs, refreshing, partial(_tag, store, count))
            yield _timed(f"what was watched of {said}", 1, partial(settle_watched, store, count))
        yield _timed("the whole catalogue anew", 1, lambda: refresh_catalogue(store, settings, book, whole=True))
        batches = [_events(turn, size) for turn in range(runs)]
        rules = Rules(tracking=True)
        yield {
            **_timed(
                "taking in 1000 events of 40 watches",
                runs,
                lambda: ingest(store, rules, NOW_S, batches.pop(), NOW_S, lambda kind, ids: {}),
            ),
            "limit_ms": INGEST_LIMIT_MS,
        }
    finally:
        store.close()


def _tag(store: Store, count: int, turn: int) -> None:
    """Scenes have other tags than before, as after an edit in Stash."""
    rows = store.library.rows(range(1, count + 1)).values()
    tags = (1 + turn % TAGS, 1 + (turn + 7) % TAGS)
    store.library.save([replace(row, tags=tags, version=row.version + 1) for row in rows])


def _events(turn: int, size: Size) -> list[dict[str, Any]]:
    """Forty watches with 25 events each, as the browser tells of them: played, and every tenth time sought."""
    events: list[dict[str, Any]] = []
    tab, session = str(uuid.UUID(int=turn + 1)), str(uuid.UUID(int=turn + 10_000))
    for watch in range(40):
        position_s = 0.0
        for number in range(25):
            at_s = watch * 300.0 + number * 10.0
            position_s += 10.0 if number else 0.0
            body = {"position_s": position_s, "rate": 1.0, "duration_s": 900.0, "visible": True, "playing": number < 24}
            kind = (
                "scene_watch_start" if number == 0 else "scene_watch_pause" if number == 24 else "scene_watch_progress"
            )
            if number % 10 == 9:
                kind, body = "scene_seek", {**body, "from_s": position_s, "to_s": position_s + 30.0}
                position_s += 30.0
                body["position_s"] = position_s
            events.append(
                {
                    "v": 1,
                    "id": str(uuid.UUID(int=turn * 10_000 + len(events) + 1)),
                    "type": kind,
                    "session": session,
                    "tab": tab,
                    "seq": len(events) + 1,
                    "at_ms": int((NOW_S - 90_000 + at_s) * 1000),
                    "mono_ms": at_s * 1000.0,
                    "watch": str(uuid.UUID(int=turn * 1000 + watch + 1)),
                    "scene_id": 1 + (turn * 40 + watch) % size.scenes,
                    "body": body,
                }
            )
    return events


def _timed(
    what: str, runs: int, work: Callable[[], object], prepare: Callable[[int], object] = lambda turn: None
) -> dict[str, Any]:
    costs = []
    for turn in range(runs):
        prepare(turn)
        before_s = time.process_time()
        work()
        costs.append(time.process_time() - before_s)
    return {"what": what, **_summary(costs)}


def _summary(costs_s: Sequence[float]) -> dict[str, Any]:
    return {"cpu_ms": statistics.median(costs_s) * 1000, "worst_ms": max(costs_s) * 1000}
