"""Which yml files become plugins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.standin.log import Log
from tests.standin.plugins.manifest import BadManifest, Manifest, read_manifest
from tests.standin.plugins.shelf import Shelf

FULL = """
name: Full
description: All keys
url: https://example.org
version: 0.10
interface: raw
exec: [python, "-X", utf8, "{pluginDir}/main.py"]
errLog: info
tasks:
  - name: Do it
    description: Does it
    execArgs: [--fast]
    defaultArgs: {mode: it, count: 3, yes: true}
hooks:
  - name: Watch
    triggeredBy: [Scene.Create.Post, Scene.Misspelt.Post]
    defaultArgs: {mode: hook}
settings:
  b: {type: NUMBER, displayName: B, description: A number}
  a: {}
ui:
  requires: [other]
  javascript: [a.js, https://example.org/b.js]
  css: [a.css]
  assets: {/: .}
  csp: {connect-src: [https://example.org]}
"""


def read(folder: Path, text: str, name: str = "plugin.yml") -> Manifest:
    path = folder / name
    path.write_text(text, "utf-8")
    return read_manifest(path)


def test_every_key_is_read_and_scalars_stay_the_text_that_was_written(tmp_path: Path) -> None:
    found = read(tmp_path, FULL, "my.plugin.yml")
    assert (found.id, found.name, found.version) == ("my.plugin", "Full", "0.10")
    assert dict(found.tasks[0].default_args) == {"mode": "it", "count": "3", "yes": "true"}
    assert found.tasks[0].exec_args == ("--fast",)
    assert [hook.task.name for hook in found.hooks_for("Scene.Create.Post")] == ["Watch"]
    assert [(setting.name, setting.type) for setting in found.settings] == [("a", "STRING"), ("b", "NUMBER")]
    assert found.ui.javascript == ("a.js", "https://example.org/b.js")


@pytest.mark.parametrize(
    "text",
    [
        "name: x\nid: y",
        "name: x\nrequires: [y]",
        "settings: {a: {type: STRING, default: 1}}",
        "settings: {a: {type: FLOAT}}",
        "interface: grpc",
        "tasks: [{name: x, defaultArgs: {a: [1]}}]",
        "tasks: [{name: x, triggeredBy: [y]}]",
        "tasks: {name: x}",
        "exec: python",
        "name: x\nname: y",
        "name: [",
        "",
        "- name: x",
        "services: {db: {image: postgres}}",
    ],
)
def test_what_the_strict_decoder_refuses(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadManifest):
        read(tmp_path, text)


def test_every_yml_anywhere_is_a_plugin_yaml_is_not_and_ids_are_unique_whatever_their_case(tmp_path: Path) -> None:
    for name in ("a/one.yml", "b/deep/er/two.yml", "b/ONE.yml", "c/three.yaml", "d/bad.yml"):
        path = tmp_path / "plugins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nonsense: 1" if "bad" in name else "name: x", "utf-8")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "linked.yml").write_text("name: linked", "utf-8")
    (tmp_path / "plugins" / "z").symlink_to(outside, target_is_directory=True)
    log = Log()
    shelf = Shelf(log)
    shelf.load(tmp_path / "plugins")
    assert [plugin.id for plugin in shelf.plugins] == ["one", "two", "linked"]
    assert shelf.find("ONE") is None
    assert log.has("plugin ID ONE already exists", "error")
    assert log.has("field nonsense not found in type plugin.Config", "error")
