"""The package, installed by the stand-in's package manager from its index as an owner would, set up, and run."""

from __future__ import annotations

import sys
from pathlib import Path

from plugin.setup.sidecar_environment import OVERRIDE_NAME, sidecar_dir
from scripts.commands.package import build
from tests.plugin.road.conftest import put
from tests.plugin.road.installed import PLUGIN_ID, ROOT, link_packages
from tests.standin import Standin

INSTALL = """mutation Install($source: String!) {
  installPackages(type: Plugin, packages: [{ id: "stash-sense-native", sourceURL: $source }])
}"""


def test_installed_from_its_index_set_up_and_run(tmp_path: Path, model_cache: Path, coffee: Path) -> None:
    build(ROOT, tmp_path / "dist")
    index = (tmp_path / "dist" / "index.yml").as_uri()
    with Standin(tmp_path / "config", tmp_path / "library") as stash:
        stash.add_plugin_source(index, "sense")
        stash.graphql(INSTALL, {"source": index})
        stash.wait_for_jobs()
        data_dir = stash.settings.config_dir / PLUGIN_ID
        link_packages(data_dir)
        sidecar = Path(sidecar_dir(str(data_dir)))
        sidecar.mkdir(parents=True)
        (sidecar / OVERRIDE_NAME).write_text(f"{sys.executable}\n")
        (sidecar / "cache").symlink_to(model_cache)
        scene = stash.add_scene(put(coffee, tmp_path / "library"), "Coffee")
        try:
            stash.run_task(PLUGIN_ID, "Set up", timeout_s=180)
            report = stash.run_operation(PLUGIN_ID, {"operation": "status"})["self_test"]
            assert not [check for check in report["checks"] if check["level"] == "fail"], report
            stash.run_task(PLUGIN_ID, "Analyse new", timeout_s=120)
            stash.wait_for_jobs()
            assert stash.tags_of(scene) == ["AI_Tagged"]
            found = stash.run_operation(PLUGIN_ID, {"operation": "suggestions.list"})
            assert found["count"] > 0
        finally:
            stash.graphql(
                "mutation S($p: ID!, $a: Map) { runPluginTask(plugin_id: $p, args_map: $a) }",
                {"p": PLUGIN_ID, "a": {"mode": "stop_sidecar"}},
            )
            stash.wait_for_jobs()
