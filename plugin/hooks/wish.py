"""What a hook's event asks of us: pure, and nothing but the standard library's smallest parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.interface.input import HookContext

KIND_OF_TYPE = {"Scene": "scene", "Image": "image", "Gallery": "gallery", "Performer": "performer"}
PERSON = "person"
"""The wish that a performer is looked at: whom their pictures show, or that they are gone."""
TELLING_FIELDS = frozenset(
    {"name", "disambiguation", "aliases", "alias_list", "gender", "birthdate", "image", "stash_ids"}
)
"""Of a performer's update: what says who they are and how they look."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What hooks must know without asking. read_s: Unix seconds when it was read from Stash.

    tag_me, reprocess: ids in Stash of the tags that ask for work; None where there are none, or they are switched off.
    follow_performers: faces are in use, so whom the pictures of performers show is to be kept in step.
    """

    analyse_new: bool = False
    ignore_updates: bool = False
    tag_me_name: str = "AI_TagMe"
    reprocess_name: str = "AI_Reprocess"
    tag_me: int | None = None
    reprocess: int | None = None
    follow_performers: bool = False
    read_s: float = 0.0


def may_matter(hook: HookContext) -> bool:
    """Whether the event can ask for anything at all, whatever the hints say: most updates cannot."""
    subject, _, event = hook.type.partition(".")
    if subject not in KIND_OF_TYPE:
        return False
    if subject == "Performer":
        telling = event != "Update.Post" or not TELLING_FIELDS.isdisjoint(hook.fields)
        return event in ("Create.Post", "Update.Post", "Destroy.Post") and telling
    return event == "Create.Post" or (event == "Update.Post" and bool(_added_tags(hook.input)))


def wish_of(hook: HookContext, hints: Hints) -> str | None:
    """ "new", "tag_me", "reprocess", "person", or None where nothing is to be done."""
    if not may_matter(hook):
        return None
    if hook.type.startswith("Performer."):
        ignored = hints.ignore_updates and hook.type.endswith(".Update.Post")
        return PERSON if hints.follow_performers and not ignored else None
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
