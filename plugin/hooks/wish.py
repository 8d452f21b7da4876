"""What a hook's event asks of us: pure, and nothing but the standard library's smallest parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.interface.input import HookContext

KIND_OF_TYPE = {"Scene": "scene", "Image": "image", "Gallery": "gallery"}


@dataclass(frozen=True, slots=True)
class Hints:
    """What hooks must know without asking. read_s: Unix seconds when it was read from Stash.

    tag_me, reprocess: ids in Stash of the tags that ask for work; None where there are none, or they are switched off.
    """

    analyse_new: bool = False
    ignore_updates: bool = False
    tag_me_name: str = "AI_TagMe"
    reprocess_name: str = "AI_Reprocess"
    tag_me: int | None = None
    reprocess: int | None = None
    read_s: float = 0.0


def may_matter(hook: HookContext) -> bool:
    """Whether the event can ask for anything at all, whatever the hints say: most updates cannot."""
    subject, _, event = hook.type.partition(".")
    if subject not in KIND_OF_TYPE:
        return False
    return event == "Create.Post" or (event == "Update.Post" and bool(_added_tags(hook.input)))


def wish_of(hook: HookContext, hints: Hints) -> str | None:
    """ "new", "tag_me", "reprocess", or None where nothing is to be done."""
    if not may_matter(hook):
        return None
    added = _added_tags(hook.input)
    is_update = hook.type.endswith(".Update.Post")
    if is_update and hints.ignore_updates:
        return None
    if hints.reprocess is not None and hints.reprocess in added:
        return "reprocess"
    if hints.tag_me is not None and hints.tag_me in added:
        return "tag_me"
    return "new" if hints.analyse_new and not is_update else None


def _added_tags(hook_input: Mapping[str, Any] | None) -> set[int]:
    """Tags that the input sets or adds; of a list (SET) all that it names, whether they are new or not."""
    value = (hook_input or {}).get("tag_ids")
    if isinstance(value, dict):
        value = value.get("ids") if value.get("mode") in ("ADD", "SET") else None
    if not isinstance(value, list):
        return set()
    return {int(item) for item in value if str(item).isdecimal()}
