"""The plugin installed into a stand-in for Stash of its own, everything analysed; gone when the block ends."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from plugin.interface.input import PLUGIN_ID
from plugin.setup.launch import stop
from plugin.setup.sidecar_environment import sidecar_dir
from scripts.commands.package import ROOT, build
from scripts.demonstration.installing import install, set_up, use_this_environment
from scripts.demonstration.library import make_library
from scripts.demonstration.standin_process import standin
from scripts.demonstration.stash_api import StashApi

PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The Python that Stash would find on PATH; an environment's would cost some milliseconds more."""


@contextlib.contextmanager
def installed_standin() -> Iterator[tuple[StashApi, Path]]:
    """The stand-in, and the folder of its configuration. Half a minute."""
    # A socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="sense-") as name:
        folder = Path(name)
        make_library(folder / "library")
        config_dir = folder / "stash"
        use_this_environment(config_dir)
        with contextlib.ExitStack() as opened:
            opened.callback(stop, sidecar_dir(str(config_dir / PLUGIN_ID)))
            stash = opened.enter_context(
                contextlib.closing(StashApi(opened.enter_context(standin(config_dir, folder / "library", 0))))
            )
            _make_ready(stash, folder)
            yield stash, config_dir


def _make_ready(stash: StashApi, folder: Path) -> None:
    package = build(ROOT, folder / "dist")
    # The stand-in's plugins must run on the Python that is measured: its packages are for that one.
    document = "mutation Set($input: ConfigGeneralInput!) { configureGeneral(input: $input) { pythonPath } }"
    stash.ask(document, {"input": {"pythonPath": PYTHON}})
    stash.wait_for(stash.scan(), _quietly)
    install(stash, package, package.index.as_uri(), _quietly)
    set_up(stash, _quietly)
    stash.wait_for(stash.run_task("Analyse new"), _quietly)
    stash.wait_until_idle(_quietly)


def _quietly(text: str) -> None:
    pass
