"""The settings: the few that Stash's own page holds, and the richer ones of the store, with their defaults.

Stash's page knows texts, whole numbers and switches, shows an unset switch as off, and can be read by any page in the
browser: so switches are off by default, and no secret is ever kept there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

STASH_SETTINGS: dict[str, tuple[type, Any]] = {
    "sidecarAddress": (str, ""),
    "sidecarTokenFile": (str, ""),
    "pathMappings": (str, ""),
    "installSidecar": (bool, False),
    "analyseNew": (bool, False),
    "ignoreUpdates": (bool, False),
    "trackWatching": (bool, False),
    "quietHours": (str, ""),
}
"""Key in stash-plugin.yml -> (type, default). A test compares it with the manifest."""


class SettingError(Exception):
    """A setting has a value that it cannot have. The message says which, what was received and what is allowed."""


@dataclass(frozen=True, slots=True)
class StashSettings:
    """What Stash's settings page holds.

    sidecar_address: "" for one that the plugin starts itself; host:port or unix:/path. sidecar_token_file: "" for the
    one of the data folder. quiet_hours: "HH:MM-HH:MM" of local time in which nothing is analysed, "" for none.
    """

    sidecar_address: str = ""
    sidecar_token_file: str = ""
    path_mappings: str = ""
    install_sidecar: bool = False
    analyse_new: bool = False
    ignore_updates: bool = False
    track_watching: bool = False
    quiet_hours: str = ""


def parse_stash_settings(values: Mapping[str, Any]) -> StashSettings:
    """Keys that are absent, null or of another type than Stash's page writes have their defaults."""
    read: dict[str, Any] = {}
    for key, (kind, default) in STASH_SETTINGS.items():
        value = values.get(key)
        if kind is bool and isinstance(value, str):
            value = value.strip().lower() in ("true", "1", "yes", "on")
        read[_snake(key)] = value.strip() if isinstance(value, str) else value if isinstance(value, kind) else default
    return StashSettings(**read)


@dataclass(frozen=True, slots=True)
class WorkflowTags:
    """Names of the tags that steer and show the work; "" switches one off."""

    tag_me: str = "AI_TagMe"
    tagged: str = "AI_Tagged"
    errored: str = "AI_Errored"
    reprocess: str = "AI_Reprocess"

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.tag_me, self.tagged, self.errored, self.reprocess) if name)


@dataclass(frozen=True, slots=True)
class Defaults:
    """The policy of a label that has none of its own. See plugin.review.policy.Policy."""

    mode: str = "suggest"
    required_s: float = 10.0
    required_share: float = 0.2
    marker: bool = True
    min_marker_s: float = 5.0
    max_gap_s: float = 4.0


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """What is kept in the store.

    model: "" for the sidecar's default. vocabulary: look for the sidecar's vocabulary beside the owner's own labels.
    interval_s, refine, refine_s: see Sampling in protos/inference.proto. media_at_once: media that a drain has in work.
    tag_suffix and parent_tag: for tags that the plugin creates. gallery_share: share of a gallery's images that must
    show a label. analyse_kinds: what tasks without a selection look at. history_days: how long ended jobs are kept.
    face_model: of a sidecar that the plugin starts; "" for the best one there. identify_performers: "off" looks for
    faces only where that is asked for; "auto" writes matches by itself.
    performer_maybes: who is only worth a look is suggested too. performer_gallery_share, performer_gallery_images: a
    person is suggested for a gallery who is in this share of its images, and in so many at least. face_sources:
    stash-boxes whose pictures of performers are looked at, by endpoint or name; "all" of Stash's configuration.
    box_images: pictures of one performer of a stash-box, the largest.
    watch_retention_days: how long what was watched is remembered, 0 for ever. watch_excluded_tags: names of tags; what
    has one of them, or one below it, is never remembered. recommend_from: what scenes are compared by: "ai" (what the
    sidecar saw), "stash" (tags and markers) or "both".
    nightly_cron, sweep_cron, maintenance_cron: "" for never. stash_url: where the sidecar reaches Stash; "": where the
    plugin does.
    """

    model: str = ""
    vocabulary: bool = True
    interval_s: float = 4.0
    refine: str = "budget"
    refine_s: float = 0.5
    media_at_once: int = 2
    tag_suffix: str = ""
    parent_tag: str = ""
    gallery_share: float = 0.3
    analyse_kinds: tuple[str, ...] = ("scene", "image", "gallery")
    history_days: int = 90
    face_model: str = ""
    identify_performers: str = "suggest"
    performer_maybes: bool = True
    performer_gallery_share: float = 0.05
    performer_gallery_images: int = 2
    face_sources: tuple[str, ...] = ("all",)
    box_images: int = 5
    watch_retention_days: int = 730
    watch_excluded_tags: tuple[str, ...] = ()
    recommend_from: str = "both"
    nightly_cron: str = ""
    sweep_cron: str = ""
    maintenance_cron: str = ""
    stash_url: str = ""
    workflow_tags: WorkflowTags = field(default_factory=WorkflowTags)
    defaults: Defaults = field(default_factory=Defaults)


def parse_owner_settings(values: Mapping[str, Any]) -> OwnerSettings:
    """What is stored, over the defaults; a stored value that is not allowed any more has its default."""
    settings = OwnerSettings()
    for key, value in values.items():
        try:
            settings = with_setting(settings, key, value)
        except SettingError:
            continue
    return settings


def with_setting(settings: OwnerSettings, key: str, value: Any) -> OwnerSettings:
    """The settings with one of them changed; of those that are objects, the values that are given. Raises SettingError
    with what is allowed.
    """
    check = _CHECKS.get(key)
    if check is None:
        raise SettingError(f"no setting is named {_shown(key)}; the settings are: {', '.join(sorted(_CHECKS))}")
    before = getattr(settings, key)
    if isinstance(before, WorkflowTags | Defaults) and isinstance(value, Mapping):
        value = {**_plain(before), **value}
    return replace(settings, **{key: check(key, value)})


def as_json(settings: OwnerSettings) -> dict[str, Any]:
    """Every setting by name, as values of JSON."""
    return {item.name: _plain(getattr(settings, item.name)) for item in fields(settings)}


def _plain(value: Any) -> Any:
    if isinstance(value, WorkflowTags | Defaults):
        return {item.name: getattr(value, item.name) for item in fields(value)}
    return list(value) if isinstance(value, tuple) else value


def _number(low: float, high: float) -> Callable[[str, Any], float]:
    def check(key: str, value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise SettingError(f"{key} is {_shown(value)}; it must be a number from {low:g} to {high:g}")
        return float(value)

    return check


def _whole(low: int, high: int) -> Callable[[str, Any], int]:
    def check(key: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise SettingError(f"{key} is {_shown(value)}; it must be a whole number from {low} to {high}")
        return value

    return check


def _text(longest: int) -> Callable[[str, Any], str]:
    def check(key: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or not (value == "" or value.isprintable()):
            raise SettingError(f"{key} must be a text of at most {longest} printable characters")
        return value.strip()

    return check


def _suffix(key: str, value: Any) -> str:
    """Its space at the beginning is meant: "cat" becomes "cat (AI)"."""
    _text(50)(key, value)
    return str(value).rstrip()


def _choice(*allowed: str) -> Callable[[str, Any], str]:
    def check(key: str, value: Any) -> str:
        if value not in allowed:
            raise SettingError(f"{key} is {_shown(value)}; it must be one of {', '.join(allowed)}")
        return str(value)

    return check


def _switch(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SettingError(f"{key} is {_shown(value)}; it must be true or false")
    return value


def _kinds(key: str, value: Any) -> tuple[str, ...]:
    known = ("scene", "image", "gallery")
    # None would mean all of them to whoever selects.
    if not isinstance(value, list | tuple) or not value or not all(kind in known for kind in value):
        raise SettingError(f"{key} is {_shown(value)}; it must be a list of one or more of {', '.join(known)}")
    return tuple(kind for kind in known if kind in value)


def _texts(most: int, longest: int) -> Callable[[str, Any], tuple[str, ...]]:
    def check(key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise SettingError(f"{key} must be a list of at most {most} texts")
        texts = (_text(longest)(f"{key}[{number}]", item) for number, item in enumerate(value))
        return tuple(dict.fromkeys(text for text in texts if text))

    return check


def _cron(key: str, value: Any) -> str:
    text = _text(100)(key, value)
    if text and len(text.split()) != 5:
        raise SettingError(f"{key} is {value!r}; it must have five fields (minute hour day month weekday), or be empty")
    return text


def _origin(key: str, value: Any) -> str:
    text = _text(300)(key, value).rstrip("/")
    if text and not re.fullmatch(r"https?://[^/\s@?#]+", text):
        raise SettingError(f"{key} is {value!r}; write http://host:port, or leave it empty")
    return text


def _workflow_tags(key: str, value: Any) -> WorkflowTags:
    known = [item.name for item in fields(WorkflowTags)]
    if not isinstance(value, Mapping) or not set(value) <= set(known):
        raise SettingError(f"{key} must be an object with some of {', '.join(known)}")
    read = WorkflowTags(**{name: _text(200)(f"{key}.{name}", tag) for name, tag in value.items()})
    if len({name.casefold() for name in read.names()}) != len(read.names()):
        raise SettingError(f"{key} names one tag twice; each needs a name of its own, or none")
    return read


def _defaults(key: str, value: Any) -> Defaults:
    checks: dict[str, Callable[[str, Any], Any]] = {
        "mode": _choice("auto", "suggest", "off"),
        "required_s": _number(0, 86_400),
        "required_share": _number(0, 1),
        "marker": _switch,
        "min_marker_s": _number(0, 86_400),
        "max_gap_s": _number(0, 3_600),
    }
    if not isinstance(value, Mapping) or not set(value) <= set(checks):
        raise SettingError(f"{key} must be an object with some of {', '.join(checks)}")
    return Defaults(**{name: checks[name](f"{key}.{name}", item) for name, item in value.items()})


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "model": _text(300),
    "vocabulary": _switch,
    "interval_s": _number(0.25, 60),
    "refine": _choice("budget", "full", "none"),
    "refine_s": _number(0.04, 10),
    "media_at_once": _whole(1, 8),
    "tag_suffix": _suffix,
    "parent_tag": _text(200),
    "gallery_share": _number(0, 1),
    "analyse_kinds": _kinds,
    "history_days": _whole(1, 3650),
    "face_model": _text(300),
    "identify_performers": _choice("suggest", "auto", "off"),
    "performer_maybes": _switch,
    "performer_gallery_share": _number(0, 1),
    "performer_gallery_images": _whole(1, 1000),
    "face_sources": _texts(50, 300),
    "box_images": _whole(1, 20),
    "watch_retention_days": _whole(0, 36_500),
    "watch_excluded_tags": _texts(200, 200),
    "recommend_from": _choice("ai", "stash", "both"),
    "nightly_cron": _cron,
    "sweep_cron": _cron,
    "maintenance_cron": _cron,
    "stash_url": _origin,
    "workflow_tags": _workflow_tags,
    "defaults": _defaults,
}


def _snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def _shown(value: Any) -> str:
    return repr(value)[:80]
