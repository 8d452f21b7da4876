"""What was watched of a scene: no hooks, and updated_at stays."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.standin.api.registry import answers, to_int
from tests.standin.api.updating import in_transaction
from tests.standin.app import Ask
from tests.standin.library.store import NotFound
from tests.standin.library.things import Scene
from tests.standin.times import rfc3339_utc


@answers("Mutation.sceneSaveActivity")
def scene_save_activity(
    ask: Ask,
    source: None,
    id: str,
    resume_time: float | None = None,
    playDuration: float | None = None,  # noqa: N803
) -> bool:
    def change(scene: Scene) -> Scene:
        resume = scene.resume_time if resume_time is None else resume_time
        return replace(scene, resume_time=resume, play_duration=scene.play_duration + (playDuration or 0.0))

    _change_quietly(ask, id, change)
    return True


@answers("Mutation.sceneResetActivity")
def scene_reset_activity(
    ask: Ask,
    source: None,
    id: str,
    reset_resume: bool | None = None,
    reset_duration: bool | None = None,
) -> bool:
    def change(scene: Scene) -> Scene:
        return replace(
            scene,
            resume_time=0.0 if reset_resume else scene.resume_time,
            play_duration=0.0 if reset_duration else scene.play_duration,
        )

    _change_quietly(ask, id, change)
    return True


@answers("Mutation.sceneAddPlay")
def scene_add_play(ask: Ask, source: None, id: str, times: list[float] | None = None) -> dict[str, Any]:
    return _change_history(ask, id, "play_history_s", _adding(ask, times))


@answers("Mutation.sceneDeletePlay")
def scene_delete_play(ask: Ask, source: None, id: str, times: list[float] | None = None) -> dict[str, Any]:
    return _change_history(ask, id, "play_history_s", _deleting(times))


@answers("Mutation.sceneResetPlayCount")
def scene_reset_play_count(ask: Ask, source: None, id: str) -> int:
    return int(_change_history(ask, id, "play_history_s", lambda had: ())["count"])


@answers("Mutation.sceneAddO")
def scene_add_o(ask: Ask, source: None, id: str, times: list[float] | None = None) -> dict[str, Any]:
    return _change_history(ask, id, "o_history_s", _adding(ask, times))


@answers("Mutation.sceneDeleteO")
def scene_delete_o(ask: Ask, source: None, id: str, times: list[float] | None = None) -> dict[str, Any]:
    return _change_history(ask, id, "o_history_s", _deleting(times))


@answers("Mutation.sceneResetO")
def scene_reset_o(ask: Ask, source: None, id: str) -> int:
    return int(_change_history(ask, id, "o_history_s", lambda had: ())["count"])


History = tuple[float, ...]


def _adding(ask: Ask, times: list[float] | None) -> Callable[[History], History]:
    added = times or [ask.library.now_s()]
    return lambda had: tuple(sorted([*had, *(int(at) for at in added)], reverse=True))


def _deleting(times: list[float] | None) -> Callable[[History], History]:
    def change(had: History) -> History:
        left = list(had)
        for at in times or left[:1]:
            if int(at) in left:
                left.remove(int(at))
        return tuple(left)

    return change


def _change_history(ask: Ask, scene_id: str, field: str, change: Callable[[History], History]) -> dict[str, Any]:
    def put(scene: Scene) -> Scene:
        fields: dict[str, Any] = {field: change(getattr(scene, field))}
        return replace(scene, **fields)

    scene = _change_quietly(ask, scene_id, put)
    history = getattr(scene, field)
    return {"count": len(history), "history": [rfc3339_utc(at_s) for at_s in history]}


def _change_quietly(ask: Ask, scene_id: str, change: Callable[[Scene], Scene]) -> Scene:
    number = to_int(scene_id, "id")

    def work() -> Scene:
        scene = ask.library.find(Scene, number)
        if scene is None:
            raise NotFound(f"scenes: id {number} not found")
        return ask.library.put(change(scene))

    return in_transaction(ask, work)
