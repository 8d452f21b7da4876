"""Watching through the operations, with a stand-in for Stash: what is kept, and that what is not to be kept is gone."""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.calls import load
from plugin.commands.recomputing import refresh
from plugin.context import Context
from plugin.interface.input import PLUGIN_ID
from plugin.library.sync import sync_library
from plugin.operations import telemetry
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.tasks.maintenance import maintain
from plugin.telemetry import privacy
from plugin.telemetry.ingest import rederive_all
from tests.plugin.clock import Hands
from tests.plugin.telemetry.browser import Player
from tests.plugin.world import Doom, Killed, World

NOW_S = 1_764_000_000.0
DAY_S = 86_400.0


class Asked:
    """The plugin's operations, at a time of our choosing. scenes: two of Stash's."""

    def __init__(self, world: World) -> None:
        self.world, self.clock = world, Hands()
        self.clock.now_s = NOW_S
        self.context = Context(world.server, is_task=False, clock=self.clock)
        self.store = self.context.store
        add = world.stash.add_scene_without_media
        self.scenes = [add(f"/library/{number}.mp4", f"Scene {number}", duration=600.0).id for number in range(2)]
        self.track()

    def __call__(self, name: str, **args: Any) -> Any:
        operation = OPERATIONS[name]
        return load(operation.handler)(self.context, parse_arguments(operation, args))

    def track(self, on: bool = True) -> None:
        self.world.stash.configure_plugin(PLUGIN_ID, trackWatching=on)

    def tell(self, player: Player) -> list[str]:
        """status, or code where it was refused."""
        told = self("telemetry.ingest", sent_ms=self.clock.now_s * 1000, events=player.take())
        return [one.get("code") or one["status"] for one in told["results"]]

    def watch(self, scene: int, days_ago: float = 0.1, seconds: float = 60, tab: int = 1) -> str:
        """What became of all events of a stay with the first or second scene: one word."""
        player = Player(self.clock.now_s - days_ago * DAY_S, tab=tab)
        player.watch_scene(self.scenes[scene], seconds)
        (word,) = set(self.tell(player))
        return word

    def tag(self, name: str, *scenes: int) -> int:
        tag_id = self.context.stash.create_tag(name)
        for scene in scenes:
            self.world.stash.change(self.world.stash.scene(self.scenes[scene]), tag_ids=(tag_id,))
        return tag_id

    def watched(self) -> list[int]:
        """The scenes of all stays, as 0 and 1."""
        return [self.scenes.index(one["scene_id"]) for one in self("history.list")["watches"]]

    def files(self) -> bytes:
        """All that lies in the data folder."""
        return b"".join(path.read_bytes() for path in sorted(Path(self.world.data_dir).rglob("*")) if path.is_file())


@pytest.fixture
def ask(world: World) -> Iterator[Asked]:
    asked = Asked(world)
    yield asked
    asked.context.close()


def test_nothing_is_kept_while_the_switch_is_off(ask: Asked) -> None:
    ask.track(on=False)
    assert ask.watch(0) == "off" and ask("telemetry.state")["since_s"] is None
    ask.track()
    assert ask.watch(0) == "accepted"
    ask.track(on=False)
    assert ask.watch(1, tab=2) == "off"
    assert ask.watched() == [0]
    state = ask("telemetry.state")
    assert (state["tracking"], state["watches"], state["seconds"]) == (False, 1, 60)
    assert state["since_s"] == NOW_S - 0.1 * DAY_S


def test_a_batch_that_is_too_large_is_refused_whole(ask: Asked) -> None:
    with pytest.raises(ArgumentError, match="at most 1000"):
        ask("telemetry.ingest", sent_ms=0, events=[{}] * 1001)
    assert len(ask("telemetry.ingest", sent_ms=0, events=[{}] * 1000)["results"]) == 1000


def test_a_pause_holds_for_its_hour_and_what_was_watched_in_it_never_comes(ask: Asked) -> None:
    assert ask("telemetry.pause", seconds=3600)["paused_until_s"] == NOW_S + 3600
    ask.clock.now_s += 600
    player = Player(ask.clock.now_s - 300)
    player.watch_scene(ask.scenes[0], 60)
    later = list(player.events)
    assert set(ask.tell(player)) == {"paused"}
    ask.clock.now_s += 3001
    assert ask("telemetry.state")["paused_until_s"] is None
    player.events = later
    assert set(ask.tell(player)) == {"paused"}
    assert ask.watch(1, days_ago=0.001, seconds=10, tab=2) == "paused" and ask.watch(1, 1, tab=3) == "accepted"
    ask("telemetry.pause", seconds=3600)
    ask.clock.now_s += 10
    assert ask("telemetry.pause", seconds=0)["paused_until_s"] is None
    ask.clock.now_s += 100
    assert ask.watch(1, days_ago=0.0006, seconds=10, tab=4) == "accepted"


def test_what_played_on_through_a_pause_is_not_remembered_though_what_came_before_and_after_is(ask: Asked) -> None:
    """A browser that heard of the pause too late hands in everything, in two batches."""
    ask("telemetry.pause", seconds=3600)
    player = Player(NOW_S - 600)
    player.duration_s = 20_000.0
    player.enter(ask.scenes[0])
    player.play(5600)
    player.pause()
    events, ask.clock.now_s = player.take(), NOW_S + 6000
    for part in (events[:100], events[100:]):
        player.events = part
        ask.tell(player)
    told = ask("history.scene", id=ask.scenes[0])
    assert told["coverage"] == [[0, 590, 1], [4200, 5600, 1]]
    assert rederive_all(ask.store) == 1
    assert ask("history.scene", id=ask.scenes[0])["coverage"] == told["coverage"]


def test_erasing_ends_no_pause(ask: Asked) -> None:
    ask("telemetry.pause", seconds=3600)
    ask("telemetry.erase", confirmation="erase watch history")
    ask.clock.now_s += 60
    assert ask("telemetry.state")["paused_until_s"] == NOW_S + 3600
    assert ask.watch(0, days_ago=0.0001, seconds=5) == "paused"


def test_a_tag_is_left_out_by_the_name_that_it_has_now(ask: Asked) -> None:
    tag_id = ask.tag("Old name", 0)
    sync_library(ask.store, ask.context.stash)
    ask.world.stash.graphql(f'mutation {{ tagUpdate(input: {{ id: "{tag_id}", name: "New name" }}) {{ id }} }}')
    ask("settings.set", values={"watch_excluded_tags": ["New name"]})
    assert ask.watch(0) == "excluded" and ask.watch(1, tab=2) == "accepted"


def test_tags_that_are_left_out_with_those_below_them(ask: Asked) -> None:
    outer = ask.world.stash.add_tag("Private", aliases=["mine"]).id
    inner = ask.world.stash.add_tag("Very private", parents=["Private"]).id
    ask.world.stash.change(ask.world.stash.scene(ask.scenes[1]), tag_ids=(inner,))
    assert ask.watch(0) == ask.watch(1, tab=2) == "accepted"
    ask("settings.set", values={"watch_excluded_tags": ["MINE"]})
    assert ask.watched() == [0] and ask("telemetry.state")["excluded_tag_ids"] == [outer, inner]
    assert ask.watch(1, tab=3) == "excluded" and ask.watch(0, tab=4) == "accepted"
    fresh = ask.tag("Newer", 0)
    ask("settings.set", values={"watch_excluded_tags": ["newer"]})
    assert ask.watched() == [] and ask("telemetry.state")["excluded_tag_ids"] == [fresh]


def test_what_is_older_than_its_owner_wants_goes(ask: Asked) -> None:
    assert ask.watch(0, days_ago=100) == ask.watch(1, days_ago=10, tab=2) == "accepted"
    ask("settings.set", values={"watch_retention_days": 50})
    assert ask.watched() == [1] and ask("telemetry.state")["retention_days"] == 50
    assert ask.watch(0, days_ago=51, tab=3) == "too_old"
    ask.clock.now_s += 41 * DAY_S
    assert "10 old events" in maintain(ask.context, {})
    assert ask.watched() == [] and ask.store.db.rows("SELECT * FROM watch_session") == []
    ask("settings.set", values={"watch_retention_days": 0})
    assert ask.watch(0, days_ago=399, tab=4) == "accepted"


def test_what_is_gone_from_stash_is_forgotten(ask: Asked) -> None:
    ask.watch(0)
    ask.watch(1, tab=2)
    ask.world.stash.graphql(f'mutation {{ sceneDestroy(input: {{ id: "{ask.scenes[1]}" }}) }}')
    assert "all of 1 media that are gone" in maintain(ask.context, {})
    assert ask.watched() == [0] and ask("telemetry.state")["events"] == 10
    assert "of watching" not in maintain(ask.context, {})


def test_reading_the_library_forgets_what_was_watched_of_scenes_that_are_gone(ask: Asked) -> None:
    sync_library(ask.store, ask.context.stash)
    ask.watch(0)
    ask.watch(1, tab=2)
    for scene_id in ask.scenes:
        ask.store.recommendations.tell(scene_id, "more")
    ask.world.stash.graphql(f'mutation {{ sceneDestroy(input: {{ id: "{ask.scenes[0]}" }}) }}')
    sync_library(ask.store, ask.context.stash)
    assert [one.scene_id for one in ask.store.recommendations.feedback()] == [ask.scenes[1]]
    assert ask.watched() == [1] and ask("history.list")["watches"][0]["title"] == "Scene 1"


def test_the_export_is_all_there_is_and_can_be_told_again(ask: Asked) -> None:
    ask.watch(0)
    ask.watch(1, tab=2)
    ask.store.db.run("INSERT INTO recommend_feedback VALUES (?, 'less', 5)", ask.scenes[0])
    ask.store.db.run("INSERT INTO recommend_preference VALUES ('global_feed', 'blend', '{\"a\": 1}', 1, 5)")
    first = ask("telemetry.export", limit=9)
    assert first["feedback"] == [{"scene_id": ask.scenes[0], "verdict": "less", "at_s": 5}]
    assert first["preferences"][0]["config"] == {"a": 1}
    events, page = list(first["events"]), first
    while page["next"]:
        page = ask("telemetry.export", limit=9, after=page["next"])
        assert "feedback" not in page
        events += page["events"]
    assert len(events) == 20 and json.loads(json.dumps(events)) == events
    before = ask("history.list")["watches"]
    ask("telemetry.erase", confirmation="erase watch history")
    ask.store.meta.set(privacy.ERASED, None)  # a store that never had any of it
    told = ask("telemetry.ingest", sent_ms=NOW_S * 1000, events=events)
    assert {one["status"] for one in told["results"]} == {"accepted"}
    again = ask("history.list")["watches"]
    assert [{**one, "id": 0} for one in again] == [{**one, "id": 0} for one in before]
    with pytest.raises(ArgumentError, match="after"):
        ask("telemetry.export", after="x")


def test_erasing_leaves_nothing_in_any_file(ask: Asked) -> None:
    player = Player(NOW_S - 1000)
    player.watch_scene(ask.scenes[0], 60)
    player.tell("library_search", body={"kind": "scenes", "words": "a very telling word"})
    assert set(ask.tell(player)) == {"accepted"}
    ask.store.db.back_up("before")
    traces = [player.watch.encode(), player.tab.encode(), player.session.encode(), b"a very telling word"]
    assert all(trace in ask.files() for trace in traces)
    with pytest.raises(ArgumentError, match="word for word"):
        ask("telemetry.erase", confirmation="erase")
    erased = ask("telemetry.erase", confirmation="erase watch history")
    assert erased == {"events": 11, "watches": 1, "note": ""}
    assert not any(trace in ask.files() for trace in traces)
    assert ask.watched() == [] and ask("telemetry.state")["seconds"] == 0
    for table in ("watch_event", "watch_session", "scene_watch", "watch_segment", "watched_scene", "watched_stale"):
        assert ask.store.db.number(f"SELECT count(*) FROM {table}") == 0


def test_what_a_browser_kept_is_not_taken_in_after_all_was_erased(ask: Asked) -> None:
    player = Player(NOW_S - 1000)
    player.watch_scene(ask.scenes[0], 60)
    kept = list(player.events)
    assert set(ask.tell(player)) == {"accepted"}
    ask("telemetry.erase", confirmation="erase watch history")
    ask.clock.now_s += 60
    told = ask("telemetry.ingest", sent_ms=ask.clock.now_s * 1000, events=kept)
    assert {one["code"] for one in told["results"]} == {"too_old"}
    assert ask.watch(1, days_ago=0, seconds=10) == "accepted"


def test_while_others_read_erasing_says_that_the_log_still_holds_it(ask: Asked) -> None:
    player = Player(NOW_S - 1000)
    player.watch_scene(ask.scenes[0], 60)
    ask.tell(player)
    ask.store.db.run("PRAGMA busy_timeout = 50")
    with contextlib.closing(sqlite3.connect(ask.store.db.path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM watch_event").fetchall()
        erased = ask("telemetry.erase", confirmation="erase watch history")
        assert erased["events"] == 10 and "erase again later" in erased["note"]
        assert player.watch.encode() in ask.files()
    assert ask("telemetry.erase", confirmation="erase watch history")["note"] == ""
    assert player.watch.encode() not in ask.files()


@pytest.mark.parametrize("way", ["erase all", "erase scene", "remove", "leave out"])
def test_what_is_forgotten_on_purpose_leaves_no_trace_in_what_came_of_it(ask: Asked, way: str) -> None:
    ask.tag("Private", 0)
    sync_library(ask.store, ask.context.stash)
    ask.watch(0)
    refresh(ask.context)
    assert ask("recommend.list")["library"]["watched"] == 1
    db = ask.store.db
    db.run("INSERT INTO ranking VALUES ('a', 1, '{}', '', '', '{}')")
    db.run("INSERT INTO taste (begun_s, done_s) VALUES (1, 2)")
    db.run("INSERT INTO taste_centre VALUES (1, 0, 1, '', '', '', '', '', '')")
    if way == "remove":
        ask("history.remove", watch_ids=[ask("history.list")["watches"][0]["id"]])
    elif way == "leave out":
        ask("settings.set", values={"watch_excluded_tags": ["Private"]})
    else:
        scene = {"scene_id": ask.scenes[0]} if way == "erase scene" else {}
        ask("telemetry.erase", confirmation="erase watch history", **scene)
    assert ask.watched() == [] and ask("recommend.list")["library"]["watched"] == 0
    for table in ("ranking", "taste_centre", "recommend_evaluation", "watched_scene"):
        assert db.number(f"SELECT count(*) FROM {table}") == 0


def test_no_event_tells_of_another_scene(ask: Asked) -> None:
    """Where somebody came from is which kind of page."""
    player = Player(NOW_S - 1000)
    player.watch_scene(ask.scenes[1], 60)
    player.events[0]["body"] = {"referrer": f"/scenes/{ask.scenes[0]}"}
    ask.tell(player)
    assert ask("telemetry.export")["events"][0]["body"] == {"referrer": "/scenes"}


def test_a_part_can_be_erased_by_scene_by_time_and_by_stay(ask: Asked) -> None:
    for tab, (scene, days) in enumerate([(0, 30), (1, 20), (0, 10), (1, 5)], 1):
        ask.watch(scene, days, tab=tab)
    said = {"confirmation": "erase watch history"}
    assert ask("telemetry.erase", **said, scene_id=ask.scenes[0], before_s=NOW_S - 15 * DAY_S)["watches"] == 1
    assert ask.watched() == [1, 0, 1]
    assert ask("telemetry.erase", **said, before_s=NOW_S - 15 * DAY_S)["events"] == 10
    assert ask.watched() == [1, 0]
    newest = ask("history.list", limit=1)
    (trace,) = ask.store.watches.names([newest["watches"][0]["id"]])
    assert trace.encode() in ask.files()
    assert ask("history.list", before=newest["next"])["watches"][0]["scene_id"] == ask.scenes[0]
    assert ask("history.remove", watch_ids=[newest["watches"][0]["id"], 999]) == {"removed": 1}
    assert trace.encode() not in ask.files()
    assert ask.watched() == [0] and ask("telemetry.state")["events"] == 10
    assert ask("history.remove", watch_ids=[]) == {"removed": 0}
    with pytest.raises(ArgumentError, match="before"):
        ask("history.list", before="[NaN, 1]")


def test_a_stay_is_erased_wholly_however_many_events_are_forgotten_at_a_time(
    ask: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "PAGE", 7)
    for tab, days in enumerate((30, 20, 10), 1):
        ask.watch(0, days, seconds=300, tab=tab)
    erased = ask("telemetry.erase", confirmation="erase watch history", before_s=NOW_S - 20 * DAY_S + 100)
    assert (erased["watches"], erased["events"]) == (2, 68)
    assert ask("telemetry.state")["events"] == 34 and ask.watched() == [0]


def test_what_was_seen_of_a_scene(ask: Asked) -> None:
    player = Player(NOW_S - 1000)
    player.enter(ask.scenes[0])
    player.play(30)
    player.seek(20)
    player.play(20)
    player.end()
    ask.tell(player)
    told = ask("history.scene", id=ask.scenes[0])
    assert told["coverage"] == [[0, 20, 1], [20, 30, 2], [30, 40, 1]]
    assert (told["plugin_s"], told["watched_s"], told["plays"]) == (50, 50, 1)
    assert told["duration_s"] == 600 and told["last_s"] == NOW_S - 950 and told["base_s"] is None
    (watch,) = told["watches"]
    assert (watch["unique_s"], watch["completed"], watch["rate"]) == (40, True, 1)
    assert ask("history.scene", id=12345)["watches"] == []


def test_hours_stand_where_they_were_spent_by_the_owners_clock(ask: Asked) -> None:
    """24 November 2025 was a Monday; 16:00 UTC is 17:00 in Berlin."""
    player = Player(NOW_S - DAY_S + 6.5 * 3600, tab=1)  # Sunday, 23:30 in Berlin
    player.duration_s = 7200.0
    player.watch_scene(ask.scenes[0], 3600)
    player.tell("session_end")
    assert set(ask.tell(player)) == {"accepted"}
    told = ask("history.statistics", weeks=2, source="plugin", tz_offset_min=60)
    assert [week["hours"] for week in told["weeks"]] == [0.5, 0.5]
    assert told["weeks"][1]["start_s"] == NOW_S - 17 * 3600
    assert (told["by_hour"][23], told["by_hour"][0], told["total_hours"]) == (0.5, 0.5, 1)
    assert (told["by_weekday"][6], told["by_weekday"][0]) == (0.5, 0.5)
    assert told["by_weekday_hour"][6][23] == 0.5
    assert told["scenes_top"] == [{"scene_id": ask.scenes[0], "title": "", "hours": 1, "plays": 1}]
    utc = ask("history.statistics", weeks=1, source="plugin")
    assert utc["total_hours"] == 0 and utc["note"]
    assert ask("history.statistics", weeks=2, source="plugin")["by_hour"][22:] == [0.5, 0.5]


def test_hours_of_weeks_days_and_scenes_are_the_same_hours(ask: Asked) -> None:
    """Of two hours around the beginning of a week, one is in it; also by clocks of half hours."""
    monday_s = NOW_S - 16 * 3600
    for tab, (scene, from_s) in enumerate([(0, -3600), (1, 3600), (0, -3 * 86_400)], 1):
        player = Player(monday_s + from_s, tab=tab)
        player.duration_s = 9000.0
        player.watch_scene(ask.scenes[scene], 7200)
        ask.tell(player)
    for weeks, hours, watches, offset_min in ((1, 3, 2, 0), (2, 6, 3, 0), (1, 2.5, 2, -30), (1, 3.5, 2, 30)):
        told = ask("history.statistics", weeks=weeks, source="plugin", tz_offset_min=offset_min)
        assert (told["total_hours"], told["watches"]) == (hours, watches)
        for parts in (told["by_hour"], told["by_weekday"], [week["hours"] for week in told["weeks"]]):
            assert sum(parts) == pytest.approx(hours)
        assert sum(one["hours"] for one in told["scenes_top"]) == pytest.approx(hours)


def test_nothing_of_what_was_watched_stands_in_the_log(ask: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    player = Player(NOW_S - 1000)
    player.watch_scene(ask.scenes[0], 60)
    player.tell("library_search", body={"words": "a very telling word"})
    player.tell("image_view", image_id=5, body={"visible_s": "a very telling word"})
    ask.tell(player)
    ask("telemetry.erase", confirmation="erase watch history")
    maintain(ask.context, {})
    said = "".join(capsys.readouterr())
    assert "telling" not in said and player.watch not in said


def test_killed_at_any_step_a_batch_is_there_or_not_and_erasing_is_done_by_the_next_call(world: World) -> None:
    world.stash.configure_plugin(PLUGIN_ID, trackWatching=True)
    now_s = time.time()
    told = parse_arguments(OPERATIONS["telemetry.ingest"], {"sent_ms": now_s * 1000, "events": _evening(now_s)})
    said = parse_arguments(OPERATIONS["telemetry.erase"], {"confirmation": "erase watch history"})
    for step in itertools.count():
        ended = 0
        with world.process(Doom(step)) as context, contextlib.suppress(Killed):
            telemetry.ingest(context, told)
            ended += 1
        with world.process() as context:
            there = (context.store.watch_events.count(), context.store.watches.totals())
            assert there in ((0, (0, 0.0)), (20, (2, 120.0)))
            again = telemetry.ingest(context, told)["results"]
            assert {one["status"] for one in again} == {"accepted" if there[0] == 0 else "duplicate"}
        with world.process(Doom(step)) as context, contextlib.suppress(Killed):
            telemetry.erase(context, said)
            ended += 1
        with world.process() as context:
            events, (watches, _) = context.store.watch_events.count(), context.store.watches.totals()
            assert (events, watches) in ((0, 0), (20, 2))
            telemetry.erase(context, said)
            assert context.store.watch_events.count() == 0
            context.store.meta.set(privacy.ERASED, None)
        if ended == 2:
            break
    assert step > 3


def _evening(now_s: float) -> list[dict[str, Any]]:
    player = Player(now_s - 1000)
    for scene_id in (1, 2):
        player.watch_scene(scene_id, 60)
    return player.take()
