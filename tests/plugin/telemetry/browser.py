"""What a browser would tell of watching: a player that plays, seeks and pauses, with clocks of its own."""

from __future__ import annotations

from typing import Any


def name_of(number: int, what: str) -> str:
    """An id as the browser makes them, the same in every run."""
    return f"{what:0<8.8}-0000-4000-8000-{number:012d}"


class Player:
    """One load of one page. at_s: the clock of its machine; skew_s: how far that one is off."""

    def __init__(self, at_s: float, tab: int = 1, session: int = 1, skew_s: float = 0.0) -> None:
        self.at_s, self.mono_s, self.skew_s = at_s, 1.5, skew_s
        self.tab, self.session = name_of(tab, "7ab"), name_of(session, "5e5510")
        self._number, self._tab = 0, tab
        self.seq = 0
        self.watch, self.scene_id = "", 0
        self.position_s, self.rate, self.playing, self.visible, self.duration_s = 0.0, 1.0, False, True, 600.0
        self.events: list[dict[str, Any]] = []

    def tell(self, type_: str, **fields: Any) -> dict[str, Any]:
        self.seq += 1
        event = {
            "v": 1,
            "id": name_of(self._tab * 1_000_000 + self.seq, "e"),
            "type": type_,
            "session": self.session,
            "tab": self.tab,
            "seq": self.seq,
            "at_ms": round((self.at_s + self.skew_s) * 1000),
            "mono_ms": self.mono_s * 1000,
            **fields,
        }
        self.events.append(event)
        return event

    def of_scene(self, type_: str, **body: Any) -> dict[str, Any]:
        return self.tell(type_, watch=self.watch, scene_id=self.scene_id, **({"body": body} if body else {}))

    def state(self, type_: str, **more: Any) -> dict[str, Any]:
        return self.of_scene(
            type_,
            position_s=self.position_s,
            rate=self.rate,
            duration_s=self.duration_s,
            visible=self.visible,
            playing=self.playing,
            **more,
        )

    def enter(self, scene_id: int, number: int = 0) -> None:
        """number: of the watch; 0 for the next one of this tab."""
        self._number += 1
        self.watch, self.scene_id = name_of(number or self._tab * 1000 + self._number, "3a7c4"), scene_id
        self.position_s, self.rate, self.playing = 0.0, 1.0, False
        self.of_scene("scene_page_enter")

    def wait(self, seconds: float) -> None:
        """Time goes by, and the media with it if it plays; nothing is told."""
        self.at_s += seconds
        self.mono_s += seconds
        if self.playing:
            self.position_s += seconds * self.rate

    def play(self, seconds: float = 0.0, every_s: float = 10.0) -> None:
        """Begin or go on, and play for so long, telling of it."""
        if not self.playing:
            self.playing = True
            self.state("scene_watch_start")
        left_s = seconds
        while left_s > 0:
            self.wait(min(every_s, left_s))
            left_s -= every_s
            self.state("scene_watch_progress")

    def pause(self) -> None:
        self.playing = False
        self.state("scene_watch_pause")

    def seek(self, to_s: float) -> None:
        from_s, self.position_s = self.position_s, to_s
        self.state("scene_seek", from_s=from_s, to_s=to_s)

    def set_rate(self, rate: float) -> None:
        self.rate = rate
        self.state("scene_watch_progress")

    def show(self, visible: bool) -> None:
        self.visible = visible
        self.state("scene_watch_progress")

    def end(self) -> None:
        self.playing = False
        self.state("scene_watch_complete")

    def leave(self) -> None:
        self.of_scene("scene_page_leave")

    def watch_scene(self, scene_id: int, seconds: float, start_s: float = 0.0) -> None:
        """The whole stay."""
        self.enter(scene_id)
        self.position_s = start_s
        self.play(seconds)
        self.pause()
        self.leave()

    def take(self) -> list[dict[str, Any]]:
        """What was told since the last time."""
        told, self.events = self.events, []
        return told
