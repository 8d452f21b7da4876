"""A plugin's yml, read as strictly as Stash reads it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

INTERFACES = ("raw", "rpc", "js")
SETTING_TYPES = ("STRING", "NUMBER", "BOOLEAN")


class BadManifest(Exception):
    """The file is no manifest that Stash would load."""


@dataclass(frozen=True)
class Task:
    """A named task, or what hooks share with one."""

    name: str = ""
    description: str = ""
    exec_args: tuple[str, ...] = ()
    default_args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hook:
    task: Task
    triggered_by: tuple[str, ...] = ()
    """not validated: a misspelt trigger never fires"""


@dataclass(frozen=True)
class Setting:
    name: str
    type: str = "STRING"
    display_name: str = ""
    description: str = ""


@dataclass(frozen=True)
class Ui:
    requires: tuple[str, ...] = ()
    javascript: tuple[str, ...] = ()
    css: tuple[str, ...] = ()
    assets: tuple[tuple[str, str], ...] = ()
    csp: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Manifest:
    """One plugin. Its id is the file's name without .yml."""

    id: str
    path: Path
    name: str = ""
    description: str | None = None
    url: str | None = None
    version: str | None = None
    interface: str = "raw"
    exec: tuple[str, ...] = ()
    err_log: str = ""
    tasks: tuple[Task, ...] = ()
    hooks: tuple[Hook, ...] = ()
    settings: tuple[Setting, ...] = ()
    """sorted by name"""
    ui: Ui = Ui()

    @property
    def shown_name(self) -> str:
        return self.name or self.id

    @property
    def folder(self) -> Path:
        return self.path.parent

    def task(self, name: str) -> Task | None:
        return next((task for task in self.tasks if task.name == name), None)

    def hooks_for(self, trigger: str) -> list[Hook]:
        """Once for each time that a hook names the trigger."""
        return [hook for hook in self.hooks for named in hook.triggered_by if named == trigger]


class _Loader(yaml.SafeLoader):
    """Every scalar stays the text that was written, except null; a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        self.flatten_mapping(node)
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in found:
                raise BadManifest(
                    f'yaml: unmarshal errors:\n  line {key_node.start_mark.line + 1}: key "{key}" already set'
                )
            found[key] = self.construct_object(value_node, deep=True)
        return found


def _text_of(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    return str(node.value)


for _tag in ("bool", "int", "float", "timestamp", "binary", "str"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _text_of)
_Loader.add_constructor(
    "tag:yaml.org,2002:map",
    lambda loader, node: loader.construct_mapping(node, deep=True),  # type: ignore[arg-type]
)


def read_manifest(path: Path) -> Manifest:
    """The plugin that a yml describes. Raises BadManifest for what Stash's strict decoder refuses."""
    try:
        with path.open(encoding="utf-8") as file:
            document = next(yaml.load_all(file, _Loader), None)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadManifest(f"yaml: {error}") from error
    if document is None:
        raise BadManifest("EOF")
    fields = _record(
        document,
        "plugin.Config",
        {
            "name": _text,
            "description": _text_or_none,
            "url": _text_or_none,
            "version": _text_or_none,
            "interface": _text,
            "exec": _texts,
            "errLog": _text,
            "tasks": _list_of(_task),
            "hooks": _list_of(_hook),
            "ui": _ui,
            "settings": _settings,
        },
    )
    interface = fields.get("interface") or "raw"
    if interface not in INTERFACES:
        raise BadManifest(f"invalid interface type {interface}")
    return Manifest(
        id=path.name.rpartition(".")[0],
        path=path,
        name=fields.get("name", ""),
        description=fields.get("description"),
        url=fields.get("url"),
        version=fields.get("version"),
        interface=interface,
        exec=fields.get("exec", ()),
        err_log=fields.get("errLog", ""),
        tasks=fields.get("tasks", ()),
        hooks=fields.get("hooks", ()),
        settings=fields.get("settings", ()),
        ui=fields.get("ui", Ui()),
    )


Reader = Callable[[Any], Any]


def _record(value: Any, type_name: str, readers: dict[str, Reader]) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadManifest(f"yaml: unmarshal errors: cannot unmarshal {_kind(value)} into {type_name}")
    for key in value:
        if key not in readers:
            raise BadManifest(f"yaml: unmarshal errors: field {key} not found in type {type_name}")
    return {key: readers[key](item) for key, item in value.items()}


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise BadManifest(f"yaml: unmarshal errors: cannot unmarshal {_kind(value)} into string")
    return "" if value is None else str(value)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _list_of(read: Reader) -> Reader:
    def reader(value: Any) -> tuple[Any, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            raise BadManifest(f"yaml: unmarshal errors: cannot unmarshal {_kind(value)} into a list")
        return tuple(read(item) for item in value)

    return reader


_texts = _list_of(_text)


def _text_map(value: Any) -> tuple[tuple[str, str], ...]:
    if value is not None and not isinstance(value, dict):
        raise BadManifest(f"yaml: unmarshal errors: cannot unmarshal {_kind(value)} into map[string]string")
    return tuple((_text(key), _text(item)) for key, item in (value or {}).items())


_TASK_READERS: dict[str, Reader] = {
    "name": _text,
    "description": _text,
    "execArgs": _texts,
    "defaultArgs": _text_map,
}


def _make_task(fields: dict[str, Any]) -> Task:
    return Task(
        fields.get("name", ""), fields.get("description", ""), fields.get("execArgs", ()), fields.get("defaultArgs", ())
    )


def _task(value: Any) -> Task:
    return _make_task(_record(value, "plugin.OperationConfig", _TASK_READERS))


def _hook(value: Any) -> Hook:
    fields = _record(value, "plugin.HookConfig", {**_TASK_READERS, "triggeredBy": _texts})
    return Hook(_make_task(fields), fields.get("triggeredBy", ()))


def _csp(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    readers: dict[str, Reader] = {"script-src": _texts, "style-src": _texts, "connect-src": _texts}
    return tuple(_record(value, "plugin.PluginCSP", readers).items())


def _ui(value: Any) -> Ui:
    readers: dict[str, Reader] = {
        "requires": _texts,
        "javascript": _texts,
        "css": _texts,
        "assets": _text_map,
        "csp": _csp,
    }
    return Ui(**_record(value, "plugin.UIConfig", readers))


def _settings(value: Any) -> tuple[Setting, ...]:
    if value is not None and not isinstance(value, dict):
        raise BadManifest(
            f"yaml: unmarshal errors: cannot unmarshal {_kind(value)} into map[string]plugin.SettingConfig"
        )
    settings = []
    for name, described in (value or {}).items():
        fields = _record(described, "plugin.SettingConfig", {"type": _text, "displayName": _text, "description": _text})
        kind = fields.get("type") or "STRING"
        if kind not in SETTING_TYPES:
            raise BadManifest(f"invalid type {kind} for setting {name}")
        settings.append(Setting(str(name), kind, fields.get("displayName", ""), fields.get("description", "")))
    return tuple(sorted(settings, key=lambda setting: setting.name))


def _kind(value: Any) -> str:
    return "!!map" if isinstance(value, dict) else "!!seq" if isinstance(value, list) else f"!!str `{value}`"
