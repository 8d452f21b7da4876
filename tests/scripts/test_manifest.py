"""The manifest's rules are Stash's: one unknown key and the plugin is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.manifest import problems

GOOD = """name: Shelf
version: "0.1"
exec: [python, "{pluginDir}/main.py"]
tasks:
  - name: Dust
    defaultArgs: {mode: dust}
hooks:
  - name: Notice
    triggeredBy: [Scene.Create.Post, Tag.Merge.Post]
settings:
  depth: {type: NUMBER, displayName: Depth}
"""


def judge(folder: Path, text: str, name: str = "shelf.yml") -> list[str]:
    (folder / "main.py").write_text("")
    (folder / name).write_text(text)
    return problems(folder / name)


def test_a_good_manifest_has_no_problems(tmp_path: Path) -> None:
    assert judge(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: Shelf", "name: Shelf\nid: shelf", "the top has the key 'id'"),
        ("name: Shelf", "name: Shelf\nrequires: [x]", "the top has the key 'requires'"),
        ('"0.1"', "0.1", "version is 0.1, which YAML reads as float"),
        ("{mode: dust}", "{mode: {deep: yes}}", "tasks[0].defaultArgs.mode is {'deep': True}"),
        ("{mode: dust}", "{limit: 3}", "tasks[0].defaultArgs.limit is 3"),
        ("Scene.Create.Post", "Scene.Created.Post", "hooks[0].triggeredBy[0] is 'Scene.Created.Post'"),
        ("type: NUMBER", "type: FLOAT", "settings.depth.type is 'FLOAT'"),
        ("displayName: Depth", "default: 3", "settings.depth has the key 'default'"),
        ("main.py", "start.py", "start.py is named, but not there"),
        ("name: Shelf", "name: [", "no YAML"),
        (
            "name: Shelf",
            "name: Shelf\nui: {javascript: [shelf.js], csp: {img-src: []}}",
            "ui.csp has the key 'img-src'",
        ),
        ("name: Shelf", "name: Shelf\nui: {css: [shelf.css]}", "shelf.css is named, but not there"),
        ("name: Dust", "description: Dust", "tasks[0] has no name"),
    ],
)
def test_what_stash_refuses_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in judge(tmp_path, GOOD.replace(old, new)))


def test_the_id_is_the_files_name(tmp_path: Path) -> None:
    assert "other characters" in judge(tmp_path, GOOD, "my shelf.yml")[0]
