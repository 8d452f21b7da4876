"""Lets the programs that Set up starts see neither Stash's working folder nor the neighbours among the plugins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def tidy(folder: str, plugin_dir: str) -> Iterator[None]:
    """Work in `folder`, with the plugins folder taken off PYTHONPATH; afterwards everything is as it was.

    Stash puts the folder above plugin_dir on PYTHONPATH, and `python -m` looks where it stands first: a plugin or a
    file called `pip` in either would be run in pip's place. Our own process is isolated (-I); its children are not.
    """
    stood, path = os.getcwd(), os.environ.get("PYTHONPATH")
    neighbours = os.path.realpath(os.path.dirname(os.path.abspath(plugin_dir)))
    others = [entry for entry in (path or "").split(os.pathsep) if entry and os.path.realpath(entry) != neighbours]
    os.environ["PYTHONPATH"] = os.pathsep.join(others)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(stood)
        if path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path
