"""The self-test: each line says what is, and where something is wrong, what helps."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from plugin.setup import dependencies, file_system, self_test
from plugin.setup.self_test import Result, Sample, SidecarFacts, StashFacts
from plugin.version import VERSION

SAMPLES = (Sample("/data/a.mp4", "/data/a.mp4", 100), Sample("/data/b.mp4", "/data/b.mp4", 200))


@dataclass(frozen=True)
class Answer:
    path: str
    size_bytes: int = 0
    code: str = ""
    message: str = ""


@dataclass
class World:
    """What is asked. An exception in place of an answer is raised."""

    stash_facts: StashFacts | Exception = field(default_factory=lambda: StashFacts("v0.30.1", False, False))
    sidecar_facts: SidecarFacts | Exception = field(
        default_factory=lambda: SidecarFacts("unix:/x", VERSION, "open_clip/x", "not_loaded")
    )
    files: tuple[Sample, ...] = SAMPLES
    sizes: Mapping[str, int] = field(default_factory=lambda: {"/data/a.mp4": 100, "/data/b.mp4": 200})
    mapping: str = ""
    asked: int = 0

    def stash(self) -> StashFacts:
        if isinstance(self.stash_facts, Exception):
            raise self.stash_facts
        return self.stash_facts

    def sidecar(self) -> SidecarFacts:
        self.asked += 1
        if isinstance(self.sidecar_facts, Exception):
            raise self.sidecar_facts
        return self.sidecar_facts

    def samples(self, count: int) -> Sequence[Sample]:
        return self.files[:count]

    def check_paths(self, paths: Sequence[str]) -> tuple[Sequence[Answer], Sequence[str]]:
        outside = "outside_media_roots"
        answers = [
            Answer(path, self.sizes[path]) if path in self.sizes else Answer(path, 0, outside, "not below /mnt")
            for path in paths
        ]
        return answers, ["/mnt"]

    def suggest_mapping(self, unseen: Sequence[Sample]) -> str:
        return self.mapping


@pytest.fixture(autouse=True)
def packages_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "is_installed", lambda data: True)
    monkeypatch.setattr(dependencies, "can_call_sidecar", lambda data: True)


def check(world: World, data: Path) -> dict[str, Result]:
    results = self_test.run(str(data), world)
    assert json.loads(json.dumps(self_test.as_json(results))) == self_test.as_json(results)
    assert all(result.remedy for result in results if result.level != "ok")
    assert [result.name for result in results] == [
        "Python",
        "Stash",
        "Data folder",
        "Disk space",
        "Sidecar",
        "Models",
        "Media",
        "Schedule",
    ]
    return {result.name: result for result in results}


def test_where_all_is_well_every_line_says_so(tmp_path: Path) -> None:
    world = World()
    results = check(world, tmp_path / "new")
    assert {result.level for result in results.values()} == {"ok"}
    assert "all 2 files" in results["Media"].sentence
    assert self_test.summary(list(results.values())) == "Everything is ready."
    assert world.asked == 1
    assert list((tmp_path / "new").iterdir()) == []


def test_a_sidecar_that_does_not_answer_is_asked_once_and_said_once(tmp_path: Path) -> None:
    world = World(sidecar_facts=RuntimeError("nothing answers at unix:/x"))
    results = check(world, tmp_path)
    assert (results["Sidecar"].level, results["Sidecar"].sentence) == ("fail", "nothing answers at unix:/x")
    assert results["Models"].sentence.startswith("Not looked at")
    assert results["Media"].sentence.startswith("Not looked at")
    assert world.asked == 1
    assert "Not everything is ready: Sidecar." in self_test.summary(list(results.values()))


@pytest.mark.parametrize(
    ("version", "level"), [("v0.27.2", "warn"), ("v0.28.0", "ok"), ("0.31.0-dev", "ok"), ("", "ok"), ("v1.0", "ok")]
)
def test_stash_versions(version: str, level: str, tmp_path: Path) -> None:
    assert check(World(stash_facts=StashFacts(version, False, False)), tmp_path)["Stash"].level == level


def test_stash_that_does_not_answer(tmp_path: Path) -> None:
    results = check(World(stash_facts=ConnectionError("Stash at http://x does not answer")), tmp_path)
    assert results["Stash"].level == "fail"
    assert results["Schedule"].remedy == results["Media"].remedy == "See Stash."


def test_a_login_without_an_api_key(tmp_path: Path) -> None:
    results = check(World(stash_facts=StashFacts("v0.30.0", True, False)), tmp_path)
    assert results["Schedule"].level == "warn"
    assert "Generate an API key" in results["Schedule"].remedy
    assert check(World(stash_facts=StashFacts("v0.30.0", True, True)), tmp_path)["Schedule"].level == "ok"


def test_another_version_and_models(tmp_path: Path) -> None:
    facts = SidecarFacts("unix:/x", "0.0.1", "open_clip/x", "failed", "weights are damaged")
    results = check(World(sidecar_facts=facts), tmp_path)
    assert f"version 0.0.1, the plugin {VERSION}" in results["Sidecar"].sentence
    assert results["Models"].level == "fail"
    assert "weights are damaged" in results["Models"].sentence
    coming = check(World(sidecar_facts=replace(facts, state="downloading", reason="")), tmp_path)["Models"]
    assert (coming.level, "still being downloaded" in coming.sentence) == ("warn", True)
    lite = replace(facts, model="lite", state="ready", embedded=True)
    assert check(World(sidecar_facts=lite), tmp_path)["Models"].level == "ok"


def test_media_that_the_sidecar_does_not_see(tmp_path: Path) -> None:
    blind = World(sizes={"/data/b.mp4": 200})
    media = check(blind, tmp_path)["Media"]
    assert media.level == "warn"
    assert "cannot read 1 of 2 files" in media.sentence
    assert "not below /mnt" in media.sentence
    assert "stream URLs" in media.sentence
    assert "/mnt" in media.remedy

    media = check(World(sizes={}, mapping="/data => /mnt/media"), tmp_path)["Media"]
    assert media.remedy == "It would with the setting Path mappings: /data => /mnt/media"

    no_urls = tuple(replace(sample, has_url=False) for sample in SAMPLES)
    assert check(World(sizes={}, files=no_urls), tmp_path)["Media"].level == "fail"

    media = check(World(sizes={"/data/a.mp4": 100, "/data/b.mp4": 7}), tmp_path)["Media"]
    assert (media.level, "other sizes" in media.sentence) == ("warn", True)

    assert check(World(files=()), tmp_path)["Media"].level == "ok"


def test_a_network_folder_degrades_to_truncate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_system, "kind_of", lambda folder: "cifs")
    result = check(World(), tmp_path)["Data folder"]
    assert result.level == "warn"
    assert "cifs is a network file system" in result.sentence
    assert "TRUNCATE" in result.sentence


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    results = self_test.run(str(tmp_path / "file" / "data"), World())
    assert next(result for result in results if result.name == "Data folder").level == "fail"


def test_little_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for gigabytes, level in ((0.1, "fail"), (1.0, "warn"), (50.0, "ok")):
        free = int(gigabytes * 1e9)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder, free=free: type("U", (), {"free": free}))
        assert check(World(), tmp_path)["Disk space"].level == level


def test_the_probe_tells_sound_folders_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_system.judge(str(tmp_path)).journal_mode == "WAL"
    # A file system whose processes do not see each other's writes, played by two different files.
    other_side = file_system._OTHER_SIDE.replace("connect(sys.argv[1]", "connect(sys.argv[1] + '-elsewhere'")
    monkeypatch.setattr(file_system, "_OTHER_SIDE", other_side)
    verdict = file_system.judge(str(tmp_path))
    assert (verdict.journal_mode, verdict.why) == ("TRUNCATE", "two processes do not see each other's writes there")
    assert list(tmp_path.iterdir()) == []


MOUNTS = """22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /root/.stash rw,relatime - virtiofs host rw
31 22 0:31 / /mnt/my\\040share rw - cifs //nas/share rw
32 22 0:32 / /mnt rw - ext4 /dev/vdb rw
33 22 0:33 / /over rw - ext4 /dev/vdc rw
34 33 0:34 / /over rw - nfs4 nas:/over rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/root/.stash/stash-sense-native", "virtiofs"),
        ("/root/.stashed", "ext4"),
        ("/mnt/my share/x", "cifs"),
        ("/mnt/other", "ext4"),
        ("/over/x", "nfs4"),
    ],
)
def test_the_kind_of_a_folder_is_that_of_its_nearest_mount(path: str, kind: str) -> None:
    assert file_system._kind_in(MOUNTS, path) == kind
