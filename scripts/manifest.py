"""What Stash demands of a plugin's manifest. It reads strictly: one unknown key, and the whole plugin is not there.

From Stash's pkg/plugin/config.go, setting.go and hook/hooks.go at v0.31. Trigger names are not checked by Stash, where
a misspelt one never fires; here they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Check = Callable[[Any, str], Iterator[str]]

_ID = re.compile(r"[A-Za-z0-9_-]+")
_OBJECTS = ("Scene", "SceneMarker", "Image", "Gallery", "GalleryChapter", "Group", "Performer", "Studio", "Tag")
_TRIGGERS = {f"{name}.{event}.Post" for name in _OBJECTS for event in ("Create", "Update", "Destroy")} | {
    "Tag.Merge.Post"
}


def problems(path: Path) -> list[str]:
    """Why Stash would refuse, or ignore a part of, the manifest at `path`; empty if all is well.

    Files that the manifest names are looked for beside it.
    """
    import yaml

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return [f"no YAML: {error}"]
    if not isinstance(document, dict):
        return ["no mapping at the top"]
    found = list(_mapping(_TOP)(document, ""))
    if not _ID.fullmatch(path.stem):
        found.append(f"the id {path.stem!r}, which is the file's name, has other characters than A-Z a-z 0-9 _ -")
    here = [name for name in _files_named(document) if not name.startswith(("http://", "https://"))]
    return found + [f"{name} is named, but not there" for name in here if not (path.parent / name).is_file()]


def _files_named(document: Mapping[str, Any]) -> list[str]:
    ui = document.get("ui") or {}
    listed = [*(ui.get("javascript") or []), *(ui.get("css") or [])]
    executed = [str(part) for part in document.get("exec") or []]
    return listed + [part[len("{pluginDir}/") :] for part in executed if part.startswith("{pluginDir}/")]


def _text(value: object, where: str) -> Iterator[str]:
    # YAML reads 0.2 and yes as something else than text, and Stash wants text.
    if not isinstance(value, str):
        yield f"{where} is {value!r}, which YAML reads as {type(value).__name__}; put it in quotes"


def _filled(value: object, where: str) -> Iterator[str]:
    yield from _text(value, where)
    if value == "":
        yield f"{where} is empty"


def _one_of(*allowed: str) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{where} is {value!r}; choose from: {', '.join(allowed)}"

    return check


def _list(item: Check) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for number, entry in enumerate(value):
            yield from item(entry, f"{where}[{number}]")

    return check


def _map_of(item: Check) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is no mapping"
            return
        for key, entry in value.items():
            yield from _text(key, f"the key {key!r} of {where}")
            yield from item(entry, f"{where}.{key}")

    return check


def _mapping(known: Mapping[str, Check], needed: tuple[str, ...] = ()) -> Check:
    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is no mapping"
            return
        for key, entry in value.items():
            if key in known:
                yield from known[key](entry, f"{where}.{key}".lstrip("."))
            else:
                yield f"{where or 'the top'} has the key {key!r}, which Stash does not know: it would refuse the plugin"
        for key in needed:
            if key not in value:
                yield f"{where} has no {key}"

    return check


_TASK: Mapping[str, Check] = {
    "name": _filled,
    "description": _text,
    "execArgs": _list(_text),
    "defaultArgs": _map_of(_text),
}
_HOOK: Mapping[str, Check] = {**_TASK, "triggeredBy": _list(_one_of(*sorted(_TRIGGERS)))}
_SETTING: Mapping[str, Check] = {
    "type": _one_of("STRING", "NUMBER", "BOOLEAN"),
    "displayName": _text,
    "description": _text,
}
_UI: Mapping[str, Check] = {
    "requires": _list(_text),
    "javascript": _list(_filled),
    "css": _list(_filled),
    "assets": _map_of(_text),
    "csp": _mapping({name: _list(_text) for name in ("script-src", "style-src", "connect-src")}),
}
_TOP: Mapping[str, Check] = {
    "name": _filled,
    "description": _text,
    "url": _text,
    "version": _text,
    "interface": _one_of("raw", "rpc", "js"),
    "exec": _list(_text),
    "errLog": _one_of("trace", "debug", "info", "warning", "error", "none"),
    "tasks": _list(_mapping(_TASK, ("name",))),
    "hooks": _list(_mapping(_HOOK, ("name", "triggeredBy"))),
    "ui": _mapping(_UI),
    "settings": _map_of(_mapping(_SETTING)),
}
