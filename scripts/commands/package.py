"""Package the plugin: a zip and an index.yml that Stash's package manager installs from.

The same commit gives the same bytes. To install from it, serve the folder (`python3 -m http.server -d dist`) or name
its index.yml as a file:// address in Stash, under Settings > Plugins > Available Plugins > Add source.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from scripts import ui
from scripts.manifest import problems

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGIN_ID = "stash-sense-native"
"""Stash takes the id from the manifest's file name."""

MANIFEST = "stash-plugin.yml"
SINGLE_FILES = ("LICENSE", "pyproject.toml")
"""pyproject.toml says what Set up installs."""

FOLDERS = {
    "plugin": (".py", ".txt", ".sql"),
    "protos": (".py", ".proto"),
    "sidecar": (".json", ".py", ".txt", ".sql"),
    "ui/dist": (".js", ".css", ".svg", ".png", ".woff2", ".txt"),
}
"""Folder -> endings of the files below it that are needed at run time. Whatever else lies there stays here."""

_ZIP_BEGINS = datetime(1980, 1, 1, tzinfo=timezone.utc)


class PackagingError(Exception):
    """The plugin cannot be packaged. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was built. version: of the index, `<version of the manifest>-<short commit>`."""

    zip: Path
    index: Path
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the sources come from. commit: 7 digits, "-dirty" added if what is packaged differs from it."""

    commit: str
    date: datetime


def build(root: Path, out: Path) -> Package:
    """Write `<id>.zip` and `index.yml` into the folder `out`, made if need be. Raises PackagingError."""
    origin = origin_of(root)
    with tempfile.TemporaryDirectory(prefix="stash-sense-package-") as folder:
        staged = Path(folder)
        stage(root, staged)
        out.mkdir(parents=True, exist_ok=True)
        archive = out / f"{PLUGIN_ID}.zip"
        _write_zip(staged, archive, origin.date)
        manifest = (staged / f"{PLUGIN_ID}.yml").read_text(encoding="utf-8")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    version = "-".join(part for part in (_value(manifest, "version"), origin.commit) if part)
    index = out / "index.yml"
    index.write_text(_index(manifest, version, origin.date, archive.name, digest), encoding="utf-8", newline="\n")
    return Package(archive, index, version, digest)


def stage(root: Path, target: Path) -> None:
    """Copy what an installed plugin consists of into the empty folder `target`. Raises PackagingError."""
    for source in sources(root):
        copy = target / source
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / source, copy)
    manifest = (root / MANIFEST).read_text(encoding="utf-8") + _ui_part(target)
    (target / f"{PLUGIN_ID}.yml").write_text(manifest, encoding="utf-8", newline="\n")
    wrong = problems(target / f"{PLUGIN_ID}.yml")
    if wrong:
        raise PackagingError(f"Stash would not take {MANIFEST}:\n" + "\n".join("    " + line for line in wrong))
    others = [path.relative_to(target) for path in target.rglob("*.yml") if path.name != f"{PLUGIN_ID}.yml"]
    if others:
        raise PackagingError(f"Stash would load every .yml as a plugin of its own; rename {others[0]} to .yaml")


def sources(root: Path) -> list[Path]:
    """Files of the package as they lie in the repository, relative to `root`, in order; without the manifest."""
    files = [Path(name) for name in SINGLE_FILES]
    for folder, endings in FOLDERS.items():
        files += [path.relative_to(root) for path in _below(root / folder) if path.suffix in endings]
    return sorted(files, key=Path.as_posix)


def origin_of(root: Path) -> Origin:
    """The commit and its date; SOURCE_DATE_EPOCH (Unix seconds) goes before the commit's. Raises PackagingError."""
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if stated is not None and not stated.isdecimal():
        raise PackagingError(f"SOURCE_DATE_EPOCH is {stated!r}; it must be a whole number of seconds since 1970")
    last = _git(root, "log", "-1", "--format=%H %ct")
    if last is None:
        if stated is None:
            raise PackagingError("this is no git repository, so set SOURCE_DATE_EPOCH to the date of its sources")
        return Origin("", _date(stated))
    commit, seconds = last.split()
    # What is built is ignored by git: what it is built from tells.
    changed = _git(root, "status", "--porcelain", "--", MANIFEST, *SINGLE_FILES, *FOLDERS, *ui.SOURCES)
    return Origin(commit[:7] + ("-dirty" if changed else ""), _date(stated or seconds))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts):
            yield path


def _ui_part(staged: Path) -> str:
    """The manifest's `ui`, for the user interface that was built; "" if none was."""
    built = sorted(path.relative_to(staged).as_posix() for path in _below(staged / "ui" / "dist"))
    lines = []
    for key, ending in (("javascript", ".js"), ("css", ".css")):
        files = [name for name in built if name.endswith(ending)]
        lines += [f"  {key}:", *(f"    - {name}" for name in files)] if files else []
    return "\n".join(["ui:", *lines, ""]) if lines else ""


def _write_zip(folder: Path, archive: Path, date: datetime) -> None:
    """Everything below `folder` at the zip's root: sorted, of one date, mode 0644, compressed the same everywhere."""
    partial = archive.with_name(f".partial-{archive.name}")
    with zipfile.ZipFile(partial, "w") as writer:
        for path in sorted((path for path in folder.rglob("*") if path.is_file()), key=Path.as_posix):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), date.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: Stash keeps the modes of the entries.
            entry.external_attr = 0o100644 << 16
            writer.writestr(entry, path.read_bytes(), compresslevel=9)
    partial.replace(archive)


def _index(manifest: str, version: str, date: datetime, path: str, digest: str) -> str:
    """Stash offers an update when the date is newer; the version is only shown."""
    name, description = _value(manifest, "name"), _value(manifest, "description")
    return f"""- id: {PLUGIN_ID}
  name: {_quoted(name)}
  version: {_quoted(version)}
  date: {_quoted(date.strftime("%Y-%m-%d %H:%M:%S"))}
  path: {path}
  sha256: {digest}
  metadata:
    description: {_quoted(description)}
"""


def _value(manifest: str, key: str) -> str:
    import yaml

    return str(yaml.safe_load(manifest)[key])


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def _date(seconds: str) -> datetime:
    # Zip knows neither earlier dates nor odd seconds.
    whole = int(seconds) // 2 * 2
    return max(datetime.fromtimestamp(whole, timezone.utc), _ZIP_BEGINS)


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, None if it cannot, as outside a repository."""
    # A repository around an unpacked archive of ours is not ours.
    if not (root / ".git").exists():
        return None
    try:
        answer = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("scripts/package", description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", default=str(ROOT / "dist"), metavar="DIR", help="where to write (default dist)")
    parsed = parser.parse_args(arguments)
    try:
        ui.build_plugin(ROOT)
        package = build(ROOT, Path(parsed.out).expanduser().absolute())
    except (PackagingError, ui.UiError, OSError) as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(f"{PLUGIN_ID} {package.version}: {package.zip} ({package.zip.stat().st_size / 1e3:.0f} kB), {package.index}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
