"""Installs plugins from package sources, as Stash does."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from posixpath import dirname, isabs, join, normpath
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote, urlsplit, urlunsplit

import yaml

from tests.standin.jobs import Progress
from tests.standin.log import Log
from tests.standin.settings import Settings

MANIFEST = "manifest"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
LEGACY_FORMAT = "%Y-%m-%d %H:%M:%S %z"


class PackageError(Exception):
    """What went wrong with a source or a package, in Stash's words."""


class UnknownPackage(Exception):
    """The source does not have it."""


@dataclass(frozen=True)
class Spec:
    """Which package, from which source."""

    id: str
    source_url: str


@dataclass(frozen=True)
class Package:
    """A package of a source, or one that is installed (then files says what was unpacked)."""

    id: str
    name: str
    source_url: str
    version: str = ""
    date_s: float | None = None
    """seconds since 1970; an upgrade is what has a later date"""
    metadata: tuple[tuple[str, Any], ...] = ()
    requires: tuple[str, ...] = ()
    path: str = ""
    sha256: str = ""
    files: tuple[str, ...] = ()

    @property
    def spec(self) -> Spec:
        return Spec(self.id, self.source_url)


class Packages:
    """<plugins path>/<the source's local_path>/<package id>/, with a list of its files in a file called manifest."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self._settings = settings
        self._log = log

    def available(self, source_url: str) -> dict[Spec, Package]:
        """What a source offers. Raises PackageError if its index cannot be had or read."""
        try:
            rows = yaml.load(_fetch(source_url), _TextLoader) or []
            found = [_from_index(row, source_url) for row in rows]
        except (yaml.YAMLError, TypeError, KeyError, ValueError, AttributeError) as error:
            raise PackageError(f"listing remote packages: reading package list: {error}") from error
        except OSError as error:
            raise PackageError(f"listing remote packages: failed to get package list: {error}") from error
        packages: dict[Spec, Package] = {}
        for package in found:
            known = packages.get(package.spec)
            if known is None or not _later(known, package):
                packages[package.spec] = package
        return packages

    def installed(self) -> dict[Spec, Package]:
        """What is installed below every source's folder. Raises PackageError for a manifest that cannot be read."""
        packages: dict[Spec, Package] = {}
        for folder in dict.fromkeys(self._folders()):
            for package_folder in sorted(folder.iterdir()) if folder.is_dir() else ():
                manifest = package_folder / MANIFEST
                if package_folder.is_dir() and manifest.exists():
                    package = _from_manifest(manifest)
                    packages[package.spec] = package
        return packages

    def install(self, spec: Spec) -> None:
        """Install or replace one package: files of the old one that its manifest lists go, others stay.

        Raises PackageError, with whatever state was reached, and UnknownPackage, where Stash panics.
        """
        package = self.available(spec.source_url).get(spec)
        if package is None:
            raise UnknownPackage("runtime error: invalid memory address or nil pointer dereference")
        try:
            data = _fetch(_resolve(spec.source_url, package.path))
        except OSError as error:
            raise PackageError(f"getting remote package: failed to get package file: {error}") from error
        found = hashlib.sha256(data).hexdigest()
        if found != package.sha256:
            raise PackageError(f"package data ({found}) does not match expected SHA256 ({package.sha256})")
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise PackageError(f"reading zip data: {error}") from error
        folder = self._folder_of(spec)
        if (folder / MANIFEST).exists():
            self._delete_files(folder)
        with archive:
            files = tuple(_unpack(archive, entry, folder) for entry in archive.infolist() if not entry.is_dir())
        _write_manifest(folder / MANIFEST, replace(package, files=files))

    def uninstall(self, spec: Spec) -> None:
        """Delete what the manifest lists, and the folder if nothing else is in it. Raises PackageError."""
        folder = self._folder_of(spec)
        try:
            self._delete_files(folder)
        except OSError as error:
            raise PackageError(f"deleting local package: getting manifest: {error}") from error
        with contextlib.suppress(OSError):
            folder.rmdir()

    def upgradable(self) -> list[Spec]:
        """Installed packages of which their source has a later date."""
        return [
            spec
            for spec, package in self.installed().items()
            if (newer := self.remote(spec)) and _later(newer, package)
        ]

    def remote(self, spec: Spec) -> Package | None:
        """What the source of an installed package offers now; None if it offers none or cannot be asked."""
        try:
            return self.available(spec.source_url).get(spec)
        except PackageError as error:
            self._log.warning(f"error listing remote package {spec.source_url}: {error}")
            return None

    def work_through(self, progress: Progress, specs: list[Spec], verb: str) -> None:
        """A job's work over packages. As in Stash, one that fails is logged only; an unknown one ends the job."""
        doing = {"install": "Installing", "update": "Updating", "uninstall": "Uninstalling"}[verb]
        for at, spec in enumerate(specs):
            if progress.stopped.is_set():
                self._log.info(f"Cancelled {doing.lower()} packages")
                return
            progress.set(at / len(specs))
            self._log.info(f"{doing} package {spec.id}")
            with progress.sub_task(f"{doing} {spec.id}"):
                try:
                    if verb == "uninstall":
                        self.uninstall(spec)
                    else:
                        self.install(spec)
                except PackageError as error:
                    self._log.error(f"Error {doing.lower()} package {spec.id} from {spec.source_url}: {error}")
        progress.set(1.0)
        self._log.info(f"Finished {doing.lower()} packages")

    def _folders(self) -> list[Path]:
        return [
            self._settings.plugins_path / (source.get("local_path") or "") for source in self._settings.plugin_sources
        ]

    def _folder_of(self, spec: Spec) -> Path:
        for source in self._settings.plugin_sources:
            if source["url"] == spec.source_url:
                return self._settings.plugins_path / (source.get("local_path") or "") / spec.id
        return self._settings.plugins_path / spec.id

    def _delete_files(self, folder: Path) -> None:
        for name in _from_manifest(folder / MANIFEST).files:
            with contextlib.suppress(OSError):
                (folder / name).unlink()
        (folder / MANIFEST).unlink()


class _TextLoader(yaml.SafeLoader):
    """Dates and versions stay the texts that they are."""


def _text_of(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    return str(node.value)


for _tag in ("timestamp", "float", "int", "bool"):
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _text_of)


def _from_index(row: Mapping[str, Any], source_url: str) -> Package:
    return Package(
        id=str(row["id"]),
        name=str(row.get("name") or ""),
        source_url=source_url,
        version=str(row.get("version") or ""),
        date_s=_date_s(row.get("date")),
        metadata=tuple((row.get("metadata") or {}).items()),
        requires=tuple(row.get("requires") or ()),
        path=str(row.get("path") or ""),
        sha256=str(row.get("sha256") or ""),
        files=tuple(row.get("files") or ()),
    )


def _from_manifest(path: Path) -> Package:
    row = yaml.load(path.read_text("utf-8"), _TextLoader)
    return _from_index(row, str(row.get("source_repository") or ""))


def _write_manifest(path: Path, package: Package) -> None:
    at = datetime.fromtimestamp(package.date_s or 0, timezone.utc)
    row = {
        "id": package.id,
        "name": package.name,
        "metadata": dict(package.metadata),
        "version": package.version,
        "date": at.strftime(TIME_FORMAT),
        "requires": list(package.requires),
        "source_repository": package.source_url,
        "files": list(package.files),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(row, sort_keys=False, allow_unicode=True), "utf-8")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> str:
    """Write one entry with the mode that it has in the zip. Go's Clean leaves ../ as it is; the stand-in refuses it."""
    name = normpath(entry.filename)
    if name.startswith("../") or isabs(name):
        raise PackageError(f"installing package: the stand-in refuses {entry.filename!r}, which leaves the folder")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(entry.external_attr >> 16) if entry.external_attr >> 16 else _mode_without_unix(entry)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(archive.read(entry))
    return name


def _mode_without_unix(entry: zipfile.ZipInfo) -> int:
    """Go: an entry that a Unix program wrote without a mode has mode 0; one of another system is 0666."""
    return 0 if entry.create_system == 3 else 0o666


def _date_s(text: Any) -> float | None:
    if not text:
        return None
    for form in (TIME_FORMAT, LEGACY_FORMAT):
        with contextlib.suppress(ValueError):
            found = datetime.strptime(str(text), form)
            return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()
    raise ValueError(f"date {text!r} is not of the form 2006-01-02 15:04:05")


def _later(one: Package, other: Package) -> bool:
    return (one.date_s or 0) > (other.date_s or 0)


def _resolve(source_url: str, path: str) -> str:
    if urlsplit(path).scheme:
        if urlsplit(path).scheme == "file" and urlsplit(source_url).scheme != "file":
            raise PackageError(f"getting remote package: {path} is invalid for a remotely hosted package list")
        return path
    source = urlsplit(source_url)
    full = path if isabs(path) else normpath(join(dirname(source.path), path))
    return urlunsplit((source.scheme, source.netloc, full, "", ""))


def _fetch(url: str) -> bytes:
    """The bytes at a file: or http(s): address. Raises OSError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(unquote(parts.path)).read_bytes()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            data: bytes = answer.read()
            return data
    except ValueError as error:
        raise URLError(str(error)) from error
