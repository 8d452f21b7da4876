"""Configuration, version and system status."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from tests.standin.api.changes import Input
from tests.standin.api.registry import ApiError, answers
from tests.standin.app import Ask
from tests.standin.settings import GALLERY_COVER_REGEX, GALLERY_EXTENSIONS, IMAGE_EXTENSIONS, VIDEO_EXTENSIONS

HASH = "standin"
SCHEMA_VERSION = 75

SAVED_AS = {
    "stashes": "stashes",
    "generatedPath": "generated_path",
    "pluginsPath": "plugins_path",
    "calculateMD5": "calculate_md5",
    "videoFileNamingAlgorithm": "video_file_naming",
    "parallelTasks": "parallel_tasks",
    "username": "username",
    "maxSessionAge": "max_session_age_s",
    "logLevel": "log_level",
    "createGalleriesFromFolders": "galleries_from_folders",
    "stashBoxes": "stash_boxes",
    "pythonPath": "python_path",
    "pluginPackageSources": "plugin_sources",
}
"""Stash's name -> ours"""

INTERFACE = {
    "sfwContentMode": False,
    "menuItems": ["scenes", "images", "groups", "markers", "galleries", "performers", "studios", "tags"],
    "soundOnPreview": False,
    "wallShowTitle": True,
    "wallPlayback": "video",
    "showScrubber": True,
    "maximumLoopDuration": 0,
    "noBrowser": True,
    "notificationsEnabled": True,
    "autostartVideo": False,
    "autostartVideoOnPlaySelected": True,
    "continuePlaylistDefault": False,
    "showStudioAsText": False,
    "css": "",
    "cssEnabled": False,
    "javascript": "",
    "javascriptEnabled": False,
    "customLocales": "",
    "customLocalesEnabled": False,
    "language": "en-GB",
    "handyKey": "",
    "funscriptOffset": 0,
    "useStashHostedFunscript": False,
}


@answers("Query.version")
def version(ask: Ask, source: None) -> dict[str, str | None]:
    return {"version": ask.app.settings.version, "hash": HASH, "build_time": "2026-01-01 00:00:00"}


@answers("Query.systemStatus")
def system_status(ask: Ask, source: None) -> dict[str, Any]:
    return {
        "databaseSchema": SCHEMA_VERSION,
        "databasePath": str(ask.app.settings.database_path),
        "configPath": str(ask.app.settings.config_file),
        "appSchema": SCHEMA_VERSION,
        "status": "OK",
        "os": {"posix": "linux", "nt": "windows"}.get(os.name, os.name),
        "workingDir": str(Path.cwd()),
        "homeDir": str(Path.home()),
        "ffmpegPath": None,
        "ffprobePath": None,
    }


@answers("Query.configuration")
def configuration(ask: Ask, source: None) -> dict[str, Any]:
    return {"general": general(ask), "interface": INTERFACE, "ui": ask.app.settings.ui}


@answers("ConfigResult.plugins")
def plugin_settings(ask: Ask, source: Any, include: list[str] | None = None) -> dict[str, dict[str, Any]]:
    """What was set, by plugin; a plugin without any is absent, and so is a setting that nobody touched."""
    saved: dict[str, dict[str, Any]] = ask.app.settings.plugins
    if not include:
        return saved
    return {plugin_id: saved[plugin_id] for plugin_id in include if saved.get(plugin_id)}


def general(ask: Ask) -> dict[str, Any]:
    """configuration.general, with Stash's defaults for what the stand-in does not have."""
    settings = ask.app.settings
    folder = settings.config_dir
    fixed: dict[str, Any] = {
        "databasePath": str(settings.database_path),
        "backupDirectoryPath": "",
        "deleteTrashPath": "",
        "metadataPath": "",
        "configFilePath": str(settings.config_file),
        "scrapersPath": str(folder / "scrapers"),
        "cachePath": str(folder / "cache"),
        "blobsPath": "",
        "blobsStorage": "DATABASE",
        "ffmpegPath": "",
        "ffprobePath": "",
        "previewAudio": True,
        "previewSegments": 12,
        "previewSegmentDuration": 0.75,
        "previewExcludeStart": "0",
        "previewExcludeEnd": "0",
        "previewPreset": "slow",
        "transcodeHardwareAcceleration": False,
        "maxTranscodeSize": "ORIGINAL",
        "maxStreamingTranscodeSize": "ORIGINAL",
        "transcodeInputArgs": [],
        "transcodeOutputArgs": [],
        "liveTranscodeInputArgs": [],
        "liveTranscodeOutputArgs": [],
        "drawFunscriptHeatmapRange": True,
        "writeImageThumbnails": True,
        "createImageClipsFromVideos": False,
        "apiKey": settings.api_key,
        "password": f"hash of {len(settings.password)} characters" if settings.password else "",
        "logFile": "",
        "logOut": True,
        "logAccess": False,
        "logFileMaxSize": 0,
        "videoExtensions": VIDEO_EXTENSIONS,
        "imageExtensions": IMAGE_EXTENSIONS,
        "galleryExtensions": GALLERY_EXTENSIONS,
        "galleryCoverRegex": GALLERY_COVER_REGEX,
        "excludes": [],
        "imageExcludes": [],
        "customPerformerImageLocation": "",
        "scraperPackageSources": [],
    }
    kept = {name: getattr(settings.saved, ours) for name, ours in SAVED_AS.items()}
    places = {"pluginsPath": str(settings.plugins_path), "generatedPath": str(settings.generated_path)}
    return {**fixed, **kept, **places}


@answers("Mutation.configureGeneral")
def configure_general(ask: Ask, source: None, input: Input) -> dict[str, Any]:
    settings = ask.app.settings
    values = {SAVED_AS[name]: value for name, value in input.items() if name in SAVED_AS and value is not None}
    for path in (value["path"] for value in values.get("stashes", ())):
        if not Path(path).exists():
            raise ApiError(f"stat {path}: no such file or directory")
    if input.get("password") is not None and input["password"] != general(ask)["password"]:
        values["password"] = input["password"]
    for box in values.get("stash_boxes", ()):
        box.setdefault("max_requests_per_minute", 240)
    for source_row in values.get("plugin_sources", ()):
        source_row.setdefault("name", None)
        source_row.setdefault("local_path", None)
    settings.set(**values)
    if "plugins_path" in values:
        ask.app.shelf.load(settings.plugins_path)
    return general(ask)


@answers("Mutation.generateAPIKey")
def generate_api_key(ask: Ask, source: None, input: Input) -> str:
    """A new key, or none if there is no user or the key is to go."""
    settings = ask.app.settings
    key = "" if input.get("clear") or not settings.username else secrets.token_urlsafe(48)
    settings.set(api_key=key)
    return key


@answers("Mutation.configureUI")
def configure_ui(
    ask: Ask,
    source: None,
    input: dict[str, Any] | None = None,
    partial: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """input replaces everything; partial is merged into what is there, map by map."""
    settings = ask.app.settings
    if input is not None:
        settings.set(ui=input)
    if partial is not None:
        settings.set(ui=_merged(settings.ui, partial))
    found: dict[str, Any] = settings.ui
    return found


@answers("Mutation.configureUISetting")
def configure_ui_setting(ask: Ask, source: None, key: str, value: Any = None) -> dict[str, Any]:
    """Set one key; dots lead into maps."""
    nested: Any = value
    for part in reversed(key.split(".")):
        nested = {part: nested}
    return configure_ui(ask, None, partial=nested)


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
