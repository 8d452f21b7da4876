"""Brings the packaged plugin into a Stash, and makes it ready there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from plugin.interface.input import PLUGIN_ID
from plugin.setup.sidecar_environment import OVERRIDE_NAME, sidecar_dir
from scripts.commands.package import Package
from scripts.demonstration.stash_api import DemonstrationError, StashApi

Say = Callable[[str], None]


def install(stash: StashApi, package: Package, index_url: str, say: Say) -> None:
    """Add the index as a source of packages, and install from it. Raises DemonstrationError if Stash has not got it."""
    say(f"Installing {PLUGIN_ID} {package.version} from {index_url} ...")
    stash.add_package_source("Stash Sense Native (this clone)", index_url)
    stash.wait_for(stash.install_package(index_url), say)
    if stash.plugin_version() is None:
        raise DemonstrationError(
            f"Stash did not install the plugin; its log says why. It must be able to read {index_url}: if it runs in a "
            "container or elsewhere, serve the folder dist (`python3 -m http.server -d dist 8099`) and name it with "
            "--index http://THIS-MACHINE:8099/index.yml"
        )


def use_this_environment(config_dir: Path) -> Path:
    """Let the plugin start its sidecar with the Python that runs this, which has all that it needs. The note's path."""
    note = Path(sidecar_dir(str(config_dir / PLUGIN_ID))) / OVERRIDE_NAME
    note.parent.mkdir(parents=True, exist_ok=True)
    note.parent.parent.chmod(0o700)
    note.write_text(f"{sys.executable}\n", encoding="utf-8")
    return note


def set_up(stash: StashApi, say: Say) -> bool:
    """Run the task Set up to its end. True if its self-test found nothing that is in the way."""
    say("Running its task Set up ...")
    stash.wait_for(stash.run_task("Set up"), say)
    status = stash.operation("status")
    checks = (status.get("self_test") or {}).get("checks") or []
    return bool(status.get("ready")) and bool(checks) and all(check["level"] != "fail" for check in checks)
