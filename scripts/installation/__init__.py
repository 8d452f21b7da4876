"""Makes `.venv` hold what a launcher needs. Standard library only; the fast path imports next to nothing."""

from __future__ import annotations

import os

from scripts.installation.failures import SetupError

NVIDIA_DEVICE = "/dev/nvidiactl"

__all__ = ["SetupError", "ensure_extras"]


def ensure_extras(root: str, extras: tuple[str, ...]) -> str:
    """Return the path of `.venv`'s Python once every one of `extras` is installed there ("nvidia" with "sidecar" where
    an NVIDIA driver is loaded).

    Costs a few milliseconds when nothing is missing. Otherwise takes the lock, repairs what a killed run left, and
    installs; says on stderr what it does. Raises SetupError with a sentence for people.
    """
    from scripts.installation import stamp

    if "sidecar" in extras and os.path.exists(NVIDIA_DEVICE):
        extras = (*extras, "nvidia")
    python = stamp.python_if_complete(root, extras)
    if python is not None:
        return python
    from scripts.installation import ensure

    return ensure.install_missing(root, extras)
