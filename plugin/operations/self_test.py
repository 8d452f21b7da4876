"""The self-test that ends Set up, by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.setup import self_test
from plugin.setup.probes import WorldProbes
from plugin.setup.task import remember


def run(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Installs nothing; starts the sidecar where it is the plugin's and down, or runs with settings that are not so any
    more. The rows are kept for `status`, as Set up keeps its own.
    """
    return remember(context, self_test.run(context.server.data_dir, WorldProbes(context)))
