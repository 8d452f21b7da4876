"""Installing, upgrading and uninstalling plugins from an index.yml."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.standin import GraphQLFailed, Standin
from tests.standin.samples import manifest, program


class Source:
    """A package source in a folder."""

    def __init__(self, folder: Path, stash: Standin, local_path: str = "local") -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.rows: list[dict[str, Any]] = []
        self.url = (folder / "index.yml").as_uri()
        stash.add_plugin_source(self.url, local_path)

    def publish(self, package_id: str, files: dict[str, str], date: str, version: str = "1", **more: Any) -> None:
        """A zip with these files (mode 0644, *.sh 0755), and its row in the index."""
        path = self.folder / f"{package_id}-{version}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
                archive.writestr(entry, text)
        row = {
            "id": package_id,
            "name": package_id.title(),
            "version": version,
            "date": date,
            "path": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "metadata": {"description": "A test"},
            **more,
        }
        self.rows = [row for row in self.rows if row["id"] != package_id] + [row]
        (self.folder / "index.yml").write_text(yaml.safe_dump(self.rows), "utf-8")


@pytest.fixture
def source(stash: Standin, tmp_path: Path) -> Source:
    return Source(tmp_path / "source", stash)


def run(stash: Standin, verb: str, *specs: dict[str, str]) -> str:
    """The job's status."""
    query = f"mutation($p: [PackageSpecInput!]!) {{ {verb}Packages(type: Plugin, packages: $p) }}"
    job_id = stash.graphql(query, {"p": list(specs)})[f"{verb}Packages"]
    return stash.app.jobs.wait_for(int(job_id)).status


def spec(source: Source, package_id: str = "mine") -> dict[str, str]:
    return {"id": package_id, "sourceURL": source.url}


def test_install_upgrade_uninstall(stash: Standin, source: Source) -> None:
    files = {"mine.yml": manifest(name="Mine"), "main.py": program("answer(1)"), "run.sh": "#!", "old.txt": "x"}
    source.publish("mine", files, "2024-01-01 00:00:00")
    found = stash.graphql(
        "query($s: String!) { availablePackages(type: Plugin, source: $s) {"
        " package_id name version date metadata sourceURL requires { package_id } } }",
        {"s": source.url},
    )["availablePackages"]
    assert found == [
        {
            "package_id": "mine",
            "name": "Mine",
            "version": "1",
            "date": "2024-01-01T00:00:00Z",
            "metadata": {"description": "A test"},
            "sourceURL": source.url,
            "requires": [],
        }
    ]
    assert run(stash, "install", spec(source)) == "FINISHED"
    folder = stash.settings.plugins_path / "local" / "mine"
    assert stash.run_operation("mine") == 1, "plugins are loaded anew after an installation"
    assert stat.S_IMODE((folder / "main.py").stat().st_mode) == 0o644
    assert stat.S_IMODE((folder / "run.sh").stat().st_mode) == 0o755
    assert yaml.safe_load((folder / "manifest").read_text())["files"] == list(files)

    (folder / "leftover.txt").write_text("unlisted files survive")
    source.publish("mine", {**files, "main.py": program("answer(2)")}, "2024-01-02 00:00:00", version="0.9")
    installed = "{ installedPackages(type: Plugin) { package_id version date source_package { version date } } }"
    assert stash.graphql(installed)["installedPackages"] == [
        {
            "package_id": "mine",
            "version": "1",
            "date": "2024-01-01T00:00:00Z",
            "source_package": {"version": "0.9", "date": "2024-01-02T00:00:00Z"},
        }
    ]
    job_id = stash.graphql("mutation { updatePackages(type: Plugin) }")["updatePackages"]
    stash.app.jobs.wait_for(int(job_id))
    assert stash.run_operation("mine") == 2, "a later date is an upgrade, whatever the version says"
    assert (folder / "leftover.txt").exists()

    source.publish("mine", {"mine.yml": manifest(), "main.py": "broken"}, "2023-01-01 00:00:00", version="2")
    stash.graphql("mutation { updatePackages(type: Plugin) }")
    stash.wait_for_jobs()
    assert stash.run_operation("mine") == 2, "an earlier date is none"

    assert run(stash, "uninstall", spec(source)) == "FINISHED"
    assert [path.name for path in folder.iterdir()] == ["leftover.txt"]
    assert stash.graphql("{ plugins { id } }") == {"plugins": None}


def test_files_that_a_new_version_dropped_are_gone(stash: Standin, source: Source) -> None:
    source.publish("mine", {"mine.yml": manifest(), "old.txt": "x"}, "2024-01-01 00:00:00")
    run(stash, "install", spec(source))
    source.publish("mine", {"mine.yml": manifest()}, "2024-01-02 00:00:00")
    run(stash, "update", spec(source))
    assert not (stash.settings.plugins_path / "local" / "mine" / "old.txt").exists()


def test_a_wrong_digest_leaves_what_was_there_and_the_job_finished(stash: Standin, source: Source) -> None:
    source.publish("mine", {"mine.yml": manifest(), "main.py": program("answer(1)")}, "2024-01-01 00:00:00")
    run(stash, "install", spec(source))
    source.publish("mine", {"mine.yml": "broken: 1"}, "2024-01-02 00:00:00", sha256="0" * 64)
    assert run(stash, "update", spec(source)) == "FINISHED"
    assert stash.log.has("does not match expected SHA256", "error")
    assert stash.run_operation("mine") == 1


def test_what_no_source_has(stash: Standin, source: Source) -> None:
    source.publish("mine", {"mine.yml": manifest()}, "2024-01-01 00:00:00")
    assert run(stash, "install", spec(source, "other")) == "FAILED"
    with pytest.raises(GraphQLFailed, match="failed to get package list"):
        stash.graphql('{ availablePackages(type: Plugin, source: "file:///nowhere/index.yml") { name } }')


def test_requirements_are_shown_not_resolved(stash: Standin, source: Source) -> None:
    source.publish("base", {"base.yml": manifest()}, "2024-01-01 00:00:00")
    source.publish("mine", {"mine.yml": manifest()}, "2024-01-01 00:00:00", requires=["base", "nowhere"])
    query = "query($s: String!) { availablePackages(type: Plugin, source: $s) { package_id requires { package_id } } }"
    found = stash.graphql(query, {"s": source.url})["availablePackages"]
    assert found[1] == {"package_id": "mine", "requires": [{"package_id": "base"}]}
    run(stash, "install", spec(source))
    assert [plugin["id"] for plugin in stash.graphql("{ plugins { id } }")["plugins"]] == ["mine"]


def test_an_http_source(stash: Standin, tmp_path: Path) -> None:
    # The stand-in itself serves the folder, as a plugin's assets.
    stash.add_plugin("host", "name: Host\nui: {assets: {/: files}}")
    source = Source(stash.settings.plugins_path / "host" / "files", stash)
    source.publish("mine", {"mine.yml": manifest()}, "2024-01-01 00:00:00")
    source.url = f"{stash.url}/plugin/host/assets/index.yml"
    stash.add_plugin_source(source.url, "web")
    assert run(stash, "install", spec(source)) == "FINISHED"
    assert (stash.settings.plugins_path / "web" / "mine" / "mine.yml").exists()
