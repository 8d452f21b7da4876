"""Tags: fields and mutations. Names and aliases share one namespace, compared as LIKE compares."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.standin.api.changes import (
    PLAIN,
    Input,
    Reader,
    bulk_ids,
    bulk_texts,
    changed_fields,
    hook_input,
    image_data,
    set_ids,
    set_texts,
    stash_ids,
    text,
)
from tests.standin.api.registry import ApiError, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction
from tests.standin.app import Ask
from tests.standin.library.library import Library, tag_order
from tests.standin.library.things import Gallery, Group, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.text import like

COUNTED = {
    "scene": Scene,
    "scene_marker": Marker,
    "image": Image,
    "gallery": Gallery,
    "performer": Performer,
    "studio": Studio,
    "group": Group,
}
CARRIERS: tuple[type[Any], ...] = (Scene, Marker, Image, Gallery, Performer, Studio, Group)


def _count(kind: type[Any]) -> Any:
    return lambda ask, tag, depth=None: ask.library.uses_of_tag(kind, tag.id, depth)


for _name, _kind in COUNTED.items():
    answers(f"Tag.{_name}_count")(_count(_kind))


@answers("Tag.created_at")
def created_at(ask: Ask, tag: Tag) -> int:
    return tag.created_s


@answers("Tag.updated_at")
def updated_at(ask: Ask, tag: Tag) -> int:
    return tag.updated_s


@answers("Tag.image_path")
def image_path(ask: Ask, tag: Tag) -> str:
    return f"{ask.base_url}/tag/{tag.id}/image?t={tag.updated_s}" + ("" if tag.image else "&default=true")


@answers("Tag.parents")
def parents(ask: Ask, tag: Tag) -> list[Tag]:
    return ask.library.tags(tag.parent_ids)


@answers("Tag.children")
def children(ask: Ask, tag: Tag) -> list[Tag]:
    return ask.library.tags(ask.library.children_of(tag.id))


@answers("Tag.parent_count")
def parent_count(ask: Ask, tag: Tag) -> int:
    return len(tag.parent_ids)


@answers("Tag.child_count")
def child_count(ask: Ask, tag: Tag) -> int:
    return len(ask.library.children_of(tag.id))


# Mutations.


def _readers(ask: Ask) -> dict[str, Reader]:
    library = ask.library
    return {
        **{name: PLAIN[name] for name in ("favorite", "ignore_auto_tag")},
        "name": lambda value, had: text(value),
        "sort_name": lambda value, had: text(value),
        "description": lambda value, had: text(value),
        "aliases": set_texts,
        "stash_ids": lambda value, had: stash_ids(value, library.now_s()),
        "parent_ids": set_ids(library, Tag, "parent tag ids"),
        "image": lambda value, had: image_data(value, "image"),
    }


@answers("Mutation.tagCreate")
def tag_create(ask: Ask, source: None, input: Input) -> Tag | None:
    def work() -> Tag:
        library, now_s = ask.library, ask.library.now_s()
        fields = changed_fields(input, _readers(ask), None)
        if not fields["name"]:
            raise ApiError("tag name must not be blank")
        _check_names(library, 0, [fields["name"], *fields.get("aliases", ())])
        tag = library.put(Tag(library.new_id(Tag), now_s, now_s, **fields))
        _set_children(library, tag.id, to_ints(input.get("child_ids"), "child tag ids"))
        _check_hierarchy(library, tag)
        return tag

    tag = in_transaction(ask, work)
    given = (hook_input("TagCreateInput", input, ("name",)), None)
    (found,) = after_hooks(ask, Tag, "Tag.Create.Post", [tag], [given])
    return found


@answers("Mutation.tagUpdate")
def tag_update(ask: Ask, source: None, input: Input) -> Tag | None:
    tag = in_transaction(ask, lambda: _update(ask, to_int(input["id"], "id"), input, _readers(ask)))
    given = (hook_input("TagUpdateInput", input, ("id",)), list(input))
    (found,) = after_hooks(ask, Tag, "Tag.Update.Post", [tag], [given])
    return found


@answers("Mutation.bulkTagUpdate")
def bulk_tag_update(ask: Ask, source: None, input: Input) -> list[Tag | None]:
    library = ask.library
    readers = {
        **{name: PLAIN[name] for name in ("favorite", "ignore_auto_tag")},
        "description": lambda value, had: text(value),
        "aliases": bulk_texts,
        "parent_ids": bulk_ids(library, Tag, "parent tag ids"),
    }
    ids = to_ints(input.get("ids"), "ids")
    tags = in_transaction(ask, lambda: [_update(ask, tag_id, input, readers) for tag_id in ids])
    given = (hook_input("BulkTagUpdateInput", input), list(input))
    return after_hooks(ask, Tag, "Tag.Update.Post", tags, [given] * len(tags))


def _update(ask: Ask, tag_id: int, value: Input, readers: dict[str, Reader]) -> Tag:
    library = ask.library
    tag = library.get(Tag, tag_id)
    fields = changed_fields(value, readers, tag)
    if "name" in fields:
        if not fields["name"]:
            raise ApiError("tag name must not be blank")
        _check_names(library, tag_id, [fields["name"]])
    _check_names(library, tag_id, fields.get("aliases", ()))
    changed = library.put(replace(tag, **fields, updated_s=library.now_s()))
    had = library.children_of(tag_id)
    if isinstance(value.get("child_ids"), dict):
        _set_children(library, tag_id, bulk_ids(library, Tag, "child tag ids")(value["child_ids"], had))
    elif "child_ids" in value:
        _set_children(library, tag_id, to_ints(value["child_ids"], "child tag ids"))
    if "parent_ids" in value or "child_ids" in value:
        _check_hierarchy(library, changed)
    return changed


@answers("Mutation.tagDestroy")
def tag_destroy(ask: Ask, source: None, input: Input) -> bool:
    tag_id = to_int(input["id"], "id")
    in_transaction(ask, lambda: _destroy(ask.library, tag_id))
    ask.hooks("Tag.Destroy.Post", tag_id, hook_input("TagDestroyInput", input, ("id",)))
    return True


@answers("Mutation.tagsDestroy")
def tags_destroy(ask: Ask, source: None, ids: list[str]) -> bool:
    numbers = to_ints(ids, "ids")

    def work() -> None:
        for tag_id in numbers:
            _destroy(ask.library, tag_id)

    in_transaction(ask, work)
    for tag_id in numbers:
        ask.hooks("Tag.Destroy.Post", tag_id, ids)
    return True


def _destroy(library: Library, tag_id: int) -> None:
    if any(marker.primary_tag_id == tag_id for marker in library.all(Marker)):
        raise ApiError("cannot delete tag used as a primary tag in scene markers")
    library.get(Tag, tag_id)
    for kind in CARRIERS:
        for thing in library.all(kind):
            if tag_id in thing.tag_ids:
                library.put(replace(thing, tag_ids=tuple(other for other in thing.tag_ids if other != tag_id)))
    _set_children(library, tag_id, ())
    library.remove(Tag, tag_id)


def _set_children(library: Library, tag_id: int, child_ids: Iterable[int]) -> None:
    wanted = set(child_ids)
    for child_id in wanted:
        if library.find(Tag, child_id) is None:
            raise ApiError("inserting into tags_relations: FOREIGN KEY constraint failed")
    for tag in library.all(Tag):
        if tag.id in wanted and tag_id not in tag.parent_ids:
            library.put(replace(tag, parent_ids=(*tag.parent_ids, tag_id)))
        elif tag.id not in wanted and tag_id in tag.parent_ids:
            library.put(replace(tag, parent_ids=tuple(other for other in tag.parent_ids if other != tag_id)))


def _check_names(library: Library, tag_id: int, names: Iterable[str]) -> None:
    """Raises ApiError if another tag has a name or an alias that is LIKE one of these: case does not matter, and %
    and _ in the new name are wildcards. Stash looks at the first match only."""
    for name in names:
        named = _first(tag for tag in library.all(Tag) if like(tag.name, name))
        if named is not None and named.id != tag_id:
            raise ApiError(f"tag with name '{name}' already exists")
        aliased = _first(tag for tag in library.all(Tag) if any(like(alias, name) for alias in tag.aliases))
        if aliased is not None and aliased.id != tag_id:
            raise ApiError(f"name '{name}' is used as alias for '{aliased.name}'")


def _first(tags: Iterable[Tag]) -> Tag | None:
    return min(tags, key=tag_order, default=None)


def _check_hierarchy(library: Library, tag: Tag) -> None:
    """Raises ApiError if a tag became its own ancestor."""
    level, seen = list(tag.parent_ids), set(tag.parent_ids)
    while level:
        level = [up for tag_id in level for up in library.get(Tag, tag_id).parent_ids if up not in seen]
        seen.update(level)
    if tag.id in seen:
        below = set(library.with_descendants(Tag, [tag.id], -1)[tag.id])
        bad = next((library.get(Tag, up) for up in tag.parent_ids if up in below), tag)
        raise ApiError(
            f'cannot apply tag "{bad.name}" as a parent of "{tag.name}" as it is already a descendant ({bad.name})'
        )
