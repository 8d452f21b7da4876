"""What the self-test asks, asked of the real Stash and the real sidecar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from plugin.analysis.paths import best_rules, map_path, parse_rules
from plugin.setup.self_test import Sample, SidecarFacts, StashFacts
from plugin.sidecar_health import SERVICE

if TYPE_CHECKING:
    from plugin.context import Context
    from plugin.setup.self_test import PathAnswer
    from plugin.sidecar_client import SidecarClient

MOST_FILES_LOOKED_FOR = 20
"""See FindFilesRequest in protos/media.proto."""


class WorldProbes:
    """Fulfils self_test.Probes with a task's context."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._client: SidecarClient | None = None

    def stash(self) -> StashFacts:
        config = self._context.read_config()
        return StashFacts(config.version, config.has_login, bool(config.api_key))

    def sidecar(self) -> SidecarFacts:
        # Set up is asked for because something was wrong: nothing rests, and what runs with old settings is restarted.
        self._context.store.services.forget(SERVICE)
        self._client = self._context.connect_sidecar(may_restart=True)
        told = self._client.capabilities(self._context.settings.model)
        chosen = next((row for row in told.models if row["id"] == told.model), {})
        return SidecarFacts(
            address=self._client.address,
            version=told.version,
            model=told.model,
            state=str(chosen.get("state", "")),
            reason=str(chosen.get("reason", "")),
            embedded=bool(chosen.get("embedded")),
        )

    def samples(self, count: int) -> Sequence[Sample]:
        rules = parse_rules(self._context.stash_settings.path_mappings)
        return [
            Sample(file.path, map_path(file.path, rules), file.size_bytes, True)
            for file in self._context.stash.sample_files(count)
            if not file.in_zip
        ]

    def check_paths(self, paths: Sequence[str]) -> tuple[Sequence[PathAnswer], Sequence[str]]:
        assert self._client is not None
        return self._client.check_paths(paths)

    def suggest_mapping(self, unseen: Sequence[Sample]) -> str:
        assert self._client is not None
        tried = unseen[:MOST_FILES_LOOKED_FOR]
        wanted = [(re.split(r"[\\/]", sample.stash_path)[-1], sample.size_bytes) for sample in tried]
        found = self._client.find_files(wanted)
        pairs = [(sample.stash_path, paths[0]) for sample, paths in zip(tried, found, strict=True) if paths]
        kept = parse_rules(self._context.stash_settings.path_mappings)
        fresh = [rule for rule, _ in best_rules(pairs)]
        replaced = {rule.source for rule in fresh}
        return "; ".join(map(str, [*fresh, *(rule for rule in kept if rule.source not in replaced)])) if fresh else ""
