"""The plugins that lie below the plugins folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.standin.log import Log
from tests.standin.plugins.manifest import BadManifest, Manifest, read_manifest


class Shelf:
    """Loaded plugins, in the order in which Stash's walk finds them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._plugins: tuple[Manifest, ...] = ()

    @property
    def plugins(self) -> tuple[Manifest, ...]:
        return self._plugins

    def load(self, folder: Path) -> None:
        """Read every .yml anywhere below a folder, symlinks followed. A bad one is logged and left out."""
        found: list[Manifest] = []
        taken: set[str] = set()
        if not folder.is_dir():
            self._log.error(f"Error reading plugin configs: lstat {folder}: no such file or directory")
        for path in _ymls(folder):
            try:
                manifest = read_manifest(path)
            except BadManifest as error:
                self._log.error(f"Error loading plugin {path}: {error}")
                continue
            if manifest.id.lower() in taken:
                self._log.error(f"Error loading plugin {path}: plugin ID {manifest.id} already exists")
                continue
            taken.add(manifest.id.lower())
            found.append(manifest)
        self._plugins = tuple(found)

    def find(self, plugin_id: str) -> Manifest | None:
        """By its id, the case as it is."""
        return next((plugin for plugin in self._plugins if plugin.id == plugin_id), None)


def _ymls(folder: Path) -> Iterator[Path]:
    """Lexically by name within each folder, files and folders mixed, as filepath.Walk goes."""
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        return
    for path in paths:
        if path.suffix == ".yml":
            yield path
        if path.is_dir():
            yield from _ymls(path)
