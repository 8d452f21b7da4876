"""The jobs "Scanning..." and "Generating..."."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.standin.jobs import Progress
from tests.standin.library.adding import Adder, Event, kind_of
from tests.standin.library.library import Library
from tests.standin.library.media_files import NotMedia, frame_jpeg, write_clip, write_sprite
from tests.standin.library.things import Scene
from tests.standin.log import Log
from tests.standin.settings import Settings


class Generated:
    """What Stash generates beside the library: sprites and their WebVTT, covers, clips of markers."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings

    def sprite(self, content_hash: str) -> Path:
        return Path(self._settings.generated_path) / "vtt" / f"{content_hash}_sprite.jpg"

    def vtt(self, content_hash: str) -> Path:
        return Path(self._settings.generated_path) / "vtt" / f"{content_hash}_thumbs.vtt"

    def screenshot(self, content_hash: str) -> Path:
        return Path(self._settings.generated_path) / "screenshots" / f"{content_hash}.jpg"

    def clip(self, content_hash: str, seconds: float) -> Path:
        """The place of a marker's clip."""
        return Path(self._settings.generated_path) / "markers" / content_hash / f"{int(seconds)}.mp4"

    def hash_of(self, scene: Scene) -> str:
        """The name that a scene's generated files carry."""
        file = self._library.file(scene)
        if file is None:
            return ""
        return file.md5 if self._settings.video_file_naming == "MD5" else file.oshash

    def make_sprite(self, scene: Scene, overwrite: bool = False) -> None:
        """Write sprite and WebVTT unless they are there. Raises NotMedia."""
        file, content_hash = self._library.file(scene), self.hash_of(scene)
        if file is None or not content_hash:
            return
        if overwrite or not self.vtt(content_hash).exists():
            write_sprite(Path(file.path), self.sprite(content_hash), self.vtt(content_hash), file.duration)

    def make_screenshot(self, scene: Scene, overwrite: bool = False) -> None:
        """Write the cover at a fifth of the duration, as Stash chooses it. Raises NotMedia."""
        file, content_hash = self._library.file(scene), self.hash_of(scene)
        if file is None or not content_hash:
            return
        path = self.screenshot(content_hash)
        if overwrite or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(frame_jpeg(Path(file.path), file.duration * 0.2, file.width or 640))

    def make_clip(self, scene: Scene, seconds: float) -> None:
        """Write a tiny clip of what a marker marks. Raises NotMedia."""
        file, content_hash = self._library.file(scene), self.hash_of(scene)
        if file is not None and content_hash:
            write_clip(Path(file.path), self.clip(content_hash, seconds), seconds)


class Scanner:
    """Finds new and changed files below paths, brings them in, and fires their hooks one after the other."""

    def __init__(self, library: Library, settings: Settings, generated: Generated, log: Log) -> None:
        self._adder = Adder(library, settings)
        self._library = library
        self._settings = settings
        self._generated = generated
        self._log = log
        self.listeners: list[Callable[[], None]] = []
        """called when a scan has ended"""

    def scan(
        self,
        paths: list[str],
        progress: Progress,
        fire: Callable[[Event], None],
        *,
        rescan: bool = False,
        sprites: bool = False,
        covers: bool = False,
    ) -> None:
        """A scan job's work. A file that cannot be read is logged and left out. Stops between two files."""
        roots = [Path(path) for path in paths] or [Path(stash["path"]) for stash in self._settings.stashes]
        found = [path for root in roots for path in _media_below(root)]
        progress.set(0)
        for at, path in enumerate(found):
            if progress.stopped.is_set():
                self._log.info("Stopping due to user request")
                return
            if self._in_library(path):
                with progress.sub_task(f"Scanning {path}"):
                    for event in self._scan_file(path, rescan):
                        fire(event)
                        self._generate(event, sprites, covers)
            progress.set((at + 1) / len(found))
        self._log.info("Scan finished")
        for listener in list(self.listeners):
            listener()

    def _scan_file(self, path: Path, rescan: bool) -> Iterator[Event]:
        try:
            yield from self._adder.add(path, rescan)
            members = self._adder.members(path) if kind_of(path) == "gallery" else []
        except (NotMedia, OSError) as error:
            self._log.error(f"error processing {path}: {error}")
            return
        for member in members:
            try:
                yield from self._adder.add_member(path, member)
            except (NotMedia, OSError) as error:
                self._log.error(f"error processing {path}/{member}: {error}")

    def _generate(self, event: Event, sprites: bool, covers: bool) -> None:
        # After the hooks, as in Stash: at Scene.Create.Post nothing has been generated.
        scene = self._library.find(Scene, event.thing_id) if event.trigger.startswith("Scene.") else None
        try:
            if scene is not None and covers:
                self._generated.make_screenshot(scene)
            if scene is not None and sprites:
                self._generated.make_sprite(scene)
        except (NotMedia, OSError) as error:
            self._log.error(f"Error generating content for scene {event.thing_id}: {error}")

    def _in_library(self, path: Path) -> bool:
        generated = Path(self._settings.generated_path)
        roots = [Path(stash["path"]) for stash in self._settings.stashes]
        if path.is_relative_to(generated) or not any(path.is_relative_to(root) for root in roots):
            self._log.debug(f"Skipping {path} as it is not in the stash library")
            return False
        return path.stat().st_size > 0


def _media_below(root: Path) -> Iterator[Path]:
    """By name within each folder, files and folders mixed."""
    if root.is_file():
        if kind_of(root) is not None:
            yield root
        return
    for path in sorted(root.iterdir(), key=lambda path: path.name) if root.is_dir() else ():
        yield from _media_below(path)
