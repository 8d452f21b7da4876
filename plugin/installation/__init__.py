"""Makes environments that hold extras of pyproject.toml: a checkout's `.venv`, the sidecar's in the data folder.

Standard library only, and importable with nothing installed; the fast path imports next to nothing.
"""

from __future__ import annotations

import os

from plugin.installation.failures import SetupError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plugin.installation.say import Say

NVIDIA_DEVICE = "/dev/nvidiactl"

__all__ = ["SetupError", "ensure_extras", "python_if_complete"]


def ensure_extras(sources: str, extras: tuple[str, ...], environment: str | None = None, say: Say | None = None) -> str:
    """Return the path of the environment's Python once every one of `extras` is installed there ("nvidia" with
    "sidecar" where an NVIDIA driver is loaded; "index" is tried with it, and done without where it cannot be had).

    sources: folder of pyproject.toml and plugin/, a checkout or an installed plugin. environment: the folder to make;
    default: `.venv` in sources. say: takes each line of progress; default: standard error.
    Costs a few milliseconds when nothing is missing. Otherwise takes the lock, repairs what a killed run left, and
    installs. Raises SetupError with a sentence for people.
    """
    environment = environment or os.path.join(sources, ".venv")
    python = python_if_complete(sources, extras, environment)
    if python is not None:
        return python
    from plugin.installation import ensure
    from plugin.installation.say import to_stderr

    return ensure.install_missing(sources, environment, _with_nvidia(extras), say or to_stderr)


def python_if_complete(sources: str, extras: tuple[str, ...], environment: str) -> str | None:
    """Path of the environment's Python if all extras are there, else None. Changes nothing. See ensure_extras()."""
    from plugin.installation import stamp

    return stamp.python_if_complete(sources, environment, _with_nvidia(extras))


def _with_nvidia(extras: tuple[str, ...]) -> tuple[str, ...]:
    return (*extras, "nvidia") if "sidecar" in extras and os.path.exists(NVIDIA_DEVICE) else extras
