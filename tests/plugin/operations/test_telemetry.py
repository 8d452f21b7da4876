from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from plugin.calls import load
from plugin.context import Context
from plugin.interface.input import PLUGIN_ID
from plugin.operations.arguments import parse_arguments
from plugin.operations.table import OPERATIONS
from tests.plugin.clock import Hands
from tests.plugin.telemetry.browser import Player
from tests.plugin.world import World


class Asked:
    """The plugin's operations, at a time of our choosing."""

    def __init__(self, world: World) -> None:
        self.world, self.clock = world, Hands()
        self.clock.now_s = 1_764_000_000.0
        self.context = Context(world.server, is_task=False, clock=self.clock)

    def __call__(self, name: str, **args: Any) -> Any:
        operation = OPERATIONS[name]
        return load(operation.handler)(self.context, parse_arguments(operation, args))

    def tell(self, events: list[Any], **args: Any) -> list[str]:
        """status, or code where it was refused."""
        told = self("telemetry.ingest", sent_ms=self.clock.now_s * 1000, events=events, **args)
        return [one.get("code") or one["status"] for one in told["results"]]

    def track(self, on: bool = True) -> None:
        self.world.stash.configure_plugin(PLUGIN_ID, trackWatching=on)


@pytest.fixture
def ask(world: World) -> Iterator[Asked]:
    asked = Asked(world)
    yield asked
    asked.context.close()


def test_nothing_is_kept_while_the_switch_is_off(ask: Asked) -> None:
    player = Player(at_s=ask.clock.now_s - 100)
    player.watch_scene(7, seconds=60)
    events = player.take()
    assert set(ask.tell(events)) == {"off"}
    ask.track()
    assert set(ask.tell(events)) == {"accepted"}
    ask.track(on=False)
    player.watch_scene(8, seconds=60)
    assert set(ask.tell(player.take())) == {"off"}
    assert ask("telemetry.state")["events"] == len(events)
