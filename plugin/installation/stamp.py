"""Remembers, in the environment, which extras were installed completely, from which requirements."""

from __future__ import annotations

import hashlib
import json
import os
import sys

from plugin.installation.failures import SetupError
from plugin.installation.requirements import EMBEDDED, read_requirements

OPTIONAL = "index"
"""The extra that is tried after the sidecar's, and done without where it cannot be had."""
IN_VAIN = "in vain: "
"""What stands before the digest of an optional extra that could not be installed."""
STAMP = "stash-sense-extras.json"
UNFINISHED = "stash-sense-unfinished"


def python_of(venv: str) -> str:
    """Path of the environment's Python, whether it exists or not."""
    if os.name == "nt":
        return os.path.join(venv, "Scripts", "python.exe")
    return os.path.join(venv, "bin", "python")


def python_if_complete(sources: str, venv: str, extras: tuple[str, ...]) -> str | None:
    """Path of the environment's Python if no install is under way or was broken off and every extra is there."""
    python = python_of(venv)
    if os.path.exists(os.path.join(venv, UNFINISHED)) or not os.path.exists(python):
        return None
    done = read(venv)
    wanted = digests(sources, extras, done.get("", version_tag()))
    return python if all(is_settled(done.get(extra), wanted[extra], extra, extras) for extra in wanted) else None


def is_settled(recorded: str | None, digest: str, extra: str, asked: tuple[str, ...]) -> bool:
    """True if nothing is left to do for an extra. An optional one that was tried in vain is tried again when it is
    asked for alone.
    """
    in_vain = extra == OPTIONAL and asked != (OPTIONAL,) and recorded == IN_VAIN + digest
    return recorded == digest or in_vain


def version_tag() -> str:
    """The running Python's version, without the patch level: packages are installed for 3.x, not for 3.x.y."""
    return f"{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}"


def read(venv: str) -> dict[str, str]:
    """Digest of each installed extra, and under "" the version of the Python; empty if nothing (valid) is recorded."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: digest for name, digest in content.items() if isinstance(name, str) and isinstance(digest, str)}


def write(venv: str, done: dict[str, str]) -> None:
    """Record what is installed; a kill leaves the old record or the new one, never half of one."""
    path = os.path.join(venv, STAMP)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(done, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def digests(sources: str, extras: tuple[str, ...], python_version: str) -> dict[str, str]:
    """sha256 of what each extra asks for: its requirements as text, and the Python that they are installed for.

    Raises SetupError for an extra that does not exist.
    """
    requirements = read_requirements(sources)
    unknown = sorted(set(extras) - requirements.keys())
    if unknown:
        known = ", ".join(sorted(requirements))
        raise SetupError(f"there is no extra named {', '.join(unknown)}. Choose from: {known}.")
    return {
        extra: hashlib.sha256("\n".join([python_version, *requirements[extra]]).encode()).hexdigest()
        for extra in extras
    }


def is_embedded(extra: str) -> bool:
    """True for the extra whose packages are pinned by hash and installed without their dependencies."""
    return extra == EMBEDDED
