"""Stash's configuration: what lies in its config.yml."""

from __future__ import annotations

import json
import secrets
import sys
import threading
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

VIDEO_EXTENSIONS = [
    "m4v", "mp4", "mov", "wmv", "avi", "mpg", "mpeg", "rmvb", "rm", "flv", "asf", "mkv", "webm", "f4v",
]  # fmt: skip
IMAGE_EXTENSIONS = ["png", "jpg", "jpeg", "gif", "webp", "avif"]
GALLERY_EXTENSIONS = ["zip", "cbz"]
GALLERY_COVER_REGEX = r"(poster|cover|folder|board)\.[^\.]+$"


@dataclass
class Saved:
    """What is kept over a restart. Names are ours; api/configuration.py gives them Stash's."""

    stashes: list[dict[str, Any]] = field(default_factory=list)
    """path, excludeVideo, excludeImage"""
    stash_boxes: list[dict[str, Any]] = field(default_factory=list)
    """endpoint, api_key, name, max_requests_per_minute"""
    plugin_sources: list[dict[str, Any]] = field(default_factory=list)
    """name, url, local_path"""
    plugins: dict[str, dict[str, Any]] = field(default_factory=dict)
    """plugin id -> its settings; what nobody set is absent"""
    disabled_plugins: list[str] = field(default_factory=list)
    ui: dict[str, Any] = field(default_factory=dict)
    plugins_path: str = ""
    generated_path: str = ""
    python_path: str = sys.executable
    username: str = ""
    password: str = ""
    api_key: str = ""
    session_key: str = field(default_factory=lambda: secrets.token_hex(32))
    """signs cookies, which therefore outlive a restart"""
    max_session_age_s: int = 3600
    parallel_tasks: int = 1
    video_file_naming: str = "OSHASH"
    calculate_md5: bool = False
    galleries_from_folders: bool = False
    log_level: str = "Info"


class Settings:
    """Saved values with the places that follow from them. save() writes them; set() changes and writes."""

    host = "0.0.0.0"
    """what Stash says of itself in server_connection; the stand-in listens on 127.0.0.1 only"""
    version: str | None = "v0.30.1"
    """null on custom builds of Stash"""

    def __init__(self, config_dir: Path) -> None:
        self.config_dir = config_dir.absolute()
        self._file = self.config_dir / "config.json"
        self._lock = threading.RLock()
        self.saved = self._read()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.saved, name)

    @property
    def plugins_path(self) -> Path:
        """Where plugins lie: <config dir>/plugins unless somebody says otherwise; may be relative, as in Stash."""
        return Path(self.saved.plugins_path) if self.saved.plugins_path else self.config_dir / "plugins"

    @property
    def generated_path(self) -> Path:
        return Path(self.saved.generated_path) if self.saved.generated_path else self.config_dir / "generated"

    @property
    def config_file(self) -> Path:
        """Where Stash's config.yml would lie."""
        return self.config_dir / "config.yml"

    @property
    def database_path(self) -> Path:
        """The file that holds the library. Not Stash's schema."""
        return self.config_dir / "standin.sqlite"

    @property
    def has_credentials(self) -> bool:
        return bool(self.saved.username and self.saved.password)

    def set(self, **values: Any) -> None:
        """Change saved values by name and write all of them."""
        with self._lock:
            for name, value in values.items():
                assert hasattr(self.saved, name), name
                setattr(self.saved, name, value)
            temporary = self._file.with_suffix(".new")
            temporary.write_text(json.dumps(asdict(self.saved), indent=1), "utf-8")
            temporary.replace(self._file)

    def _read(self) -> Saved:
        self.config_dir.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            return Saved()
        known = {field.name for field in fields(Saved)}
        values = json.loads(self._file.read_text("utf-8"))
        return Saved(**{name: value for name, value in values.items() if name in known})
