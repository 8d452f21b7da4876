"""The hints file: what the last process that asked Stash found, for hooks that come a thousand at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from plugin.hooks.wish import Hints

NAME = "hooks.json"
FRESH_S = 60.0
"""Hints older than this are read anew where an event may matter: a switch in Stash's settings works within a minute."""


def read_hints(data_dir: str) -> Hints | None:
    """None where Set up never ran, or the file cannot be read."""
    try:
        with open(os.path.join(data_dir, NAME), encoding="utf-8") as file:
            values = json.load(file)
        # A field that an earlier version did not know has its default.
        hints = Hints(**{key: values[key] for key in values.keys() & set(Hints.__slots__)})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return hints if isinstance(hints.read_s, (int, float)) else None


def write_hints(data_dir: str, hints: Hints) -> None:
    """Replace the file at once. A disk that refuses it is no reason to fail: hooks read again later."""
    beside = os.path.join(data_dir, f".{NAME}.{os.getpid()}")
    try:
        with open(beside, "w", encoding="utf-8") as file:
            json.dump({key: getattr(hints, key) for key in Hints.__slots__}, file)
        os.replace(beside, os.path.join(data_dir, NAME))
    except OSError:
        return


def hints_from(answer: Mapping[str, Any], known: Hints, plugin_id: str, now_s: float) -> Hints:
    """Hints from Stash's answer to documents.HOOK_HINTS."""
    settings = (answer["configuration"].get("plugins") or {}).get(plugin_id) or {}

    def tag_id(alias: str, name: str) -> int | None:
        # Stash compares with LIKE, where _ stands for any letter.
        rows = answer[alias]["tags"] if name else []
        return next((int(row["id"]) for row in rows if row["name"].casefold() == name.casefold()), None)

    return Hints(
        analyse_new=settings.get("analyseNew") is True,
        ignore_updates=settings.get("ignoreUpdates") is True,
        tag_me_name=known.tag_me_name,
        reprocess_name=known.reprocess_name,
        tag_me=tag_id("tag_me", known.tag_me_name),
        reprocess=tag_id("reprocess", known.reprocess_name),
        follow_performers=known.follow_performers,
        read_s=now_s,
    )
