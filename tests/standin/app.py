"""The parts of a running stand-in, for those who answer requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standin.asker import Asker
from tests.standin.clock import Clock
from tests.standin.jobs import JobQueue
from tests.standin.library.library import Library
from tests.standin.library.scan import Generated, Scanner
from tests.standin.log import Log
from tests.standin.plugins.packages import Packages
from tests.standin.plugins.runner import PluginRunner
from tests.standin.plugins.shelf import Shelf
from tests.standin.query.kinds import Kinds
from tests.standin.sessions import Sessions
from tests.standin.settings import Settings


@dataclass(frozen=True)
class App:
    settings: Settings
    clock: Clock
    log: Log
    library: Library
    kinds: Kinds
    jobs: JobQueue
    sessions: Sessions
    shelf: Shelf
    runner: PluginRunner
    packages: Packages
    scanner: Scanner
    generated: Generated


@dataclass(frozen=True)
class Ask:
    """One request to the API."""

    app: App
    asker: Asker

    @property
    def library(self) -> Library:
        return self.app.library

    @property
    def base_url(self) -> str:
        return self.asker.base_url

    def hooks(self, trigger: str, thing_id: int, input_value: Any, input_fields: list[str] | None = None) -> None:
        """Run the hooks of an event, after its transaction."""
        self.app.runner.run_hooks(self.asker, trigger, thing_id, input_value, input_fields)
