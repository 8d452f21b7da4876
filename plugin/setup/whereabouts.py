"""Where the sidecar runs as far as can be told without asking it, and whether it is the plugin's to restart."""

from __future__ import annotations

import os
from dataclasses import dataclass

from plugin.setup.address import is_local
from plugin.setup.owner import log_file_of, owner_of
from plugin.setup.sidecar_environment import OVERRIDE_NAME, environment_dir, sidecar_dir


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """address: "" where nothing runs and the plugin chooses one. is_ours: the plugin started it, or would start it.

    log_path: "" unless it is ours and has written one. why_not: why it can't be restarted from here, "" where it can.
    """

    address: str
    is_ours: bool
    log_path: str = ""
    why_not: str = ""


def whereabouts(data_dir: str, chosen_address: str, answers: bool = False) -> Whereabouts:
    """data_dir: the plugin's. chosen_address: the setting Sidecar address. answers: it was well when it was last asked.

    Costs about a millisecond.
    """
    if chosen_address and not is_local(chosen_address):
        return Whereabouts(
            chosen_address,
            False,
            why_not=f"the sidecar at {chosen_address} is on another machine: it can't be restarted from here. "
            "Restart it there.",
        )
    folder = sidecar_dir(data_dir)
    owner = owner_of(folder)
    if owner is not None and owner.is_ours:
        return Whereabouts(owner.address, True, _log_of(folder))
    if owner is not None and not owner.pid:
        return Whereabouts(chosen_address, False, why_not="the sidecar is just starting; ask again in a moment.")
    address = owner.address if owner is not None else chosen_address
    if owner is not None or (chosen_address and (answers or not _can_start(data_dir))):
        return Whereabouts(
            address,
            False,
            why_not=f"the sidecar at {address} was not started by the plugin: it can't be restarted from here. "
            "Restart it where it was started.",
        )
    return Whereabouts(address, _can_start(data_dir), _log_of(folder))


def _can_start(data_dir: str) -> bool:
    """Whether a sidecar was installed here, without a look at whether it is complete."""
    override = os.path.join(sidecar_dir(data_dir), OVERRIDE_NAME)
    return os.path.exists(override) or os.path.isdir(environment_dir(data_dir))


def _log_of(folder: str) -> str:
    path = log_file_of(folder)
    return path if os.path.exists(path) else ""
