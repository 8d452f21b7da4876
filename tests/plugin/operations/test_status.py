"""What status says of the sidecar, from the store and the data folder alone."""

from __future__ import annotations

import pytest

from plugin.interface.input import PLUGIN_ID
from plugin.operations.status import sidecar_state
from plugin.version import VERSION
from tests.plugin.world import World


def test_nothing_is_said_of_a_sidecar_that_was_never_asked(world: World) -> None:
    with world.process() as context:
        assert sidecar_state(context) is None


@pytest.mark.parametrize(
    ("version", "address", "sentence"),
    [
        (VERSION, "gpu.example:50151", ""),
        ("", "gpu.example:50151", ""),
        (
            "0.1.0",
            "gpu.example:50151",
            f"The sidecar is version 0.1.0, the plugin {VERSION}: update the older of the two.",
        ),
        ("0.1.0", "", f"The sidecar is version 0.1.0, the plugin {VERSION}: restart the sidecar."),
    ],
)
def test_another_version_is_a_sentence(world: World, version: str, address: str, sentence: str) -> None:
    world.stash.configure_plugin(PLUGIN_ID, sidecarAddress=address)
    (world.data_dir / "sidecar" / "env").mkdir(parents=True)
    with world.process() as context:
        context.read_config()
        context.store.services.worked("sidecar", "lite on cpu", {"version": version, "model": "lite"})
        state = sidecar_state(context)
    assert state is not None
    assert (state["version_mismatch"], state["version"], state["model"]) == (sentence, version, "lite")
    assert (state["address"], state["is_ours"], state["log_path"]) == (address, not address, "")
