"""Performers, studios and groups: fields and mutations."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.standin.api.changes import (
    PLAIN,
    Input,
    Reader,
    bulk_ids,
    bulk_texts,
    changed_fields,
    date,
    hook_input,
    image_data,
    optional_id,
    set_ids,
    set_texts,
    stash_ids,
    text,
)
from tests.standin.api.registry import ApiError, always, answers, to_int, to_ints
from tests.standin.api.updating import after_hooks, in_transaction, put_changed
from tests.standin.app import Ask
from tests.standin.library.library import Library
from tests.standin.library.things import Gallery, Group, Image, Performer, Scene, Studio, Tag

MEDIA: tuple[type[Any], ...] = (Scene, Image, Gallery)
HAVE_STUDIO: tuple[type[Any], ...] = (*MEDIA, Group)
COUNTED: dict[str, type[Any]] = {"scene": Scene, "image": Image, "gallery": Gallery}

always([], "Performer.groups", "Studio.groups")
always(0, "Performer.group_count", "Studio.group_count", "Group.performer_count")
always(None, "Group.front_image_path", "Group.back_image_path")


def _count(kind: type[Any], field: str) -> Any:
    return lambda ask, thing, depth=None: ask.library.uses_of(kind, field, thing.id)


for _name, _kind in COUNTED.items():
    answers(f"Performer.{_name}_count")(_count(_kind, "performer_ids"))
    answers(f"Studio.{_name}_count")(_count(_kind, "studio_id"))


@answers("Performer.created_at", "Studio.created_at", "Group.created_at")
def created_at(ask: Ask, thing: Performer | Studio | Group) -> int:
    return thing.created_s


@answers("Performer.updated_at", "Studio.updated_at", "Group.updated_at")
def updated_at(ask: Ask, thing: Performer | Studio | Group) -> int:
    return thing.updated_s


@answers("Performer.url", "Studio.url")
def url(ask: Ask, thing: Performer | Studio) -> str | None:
    return thing.urls[0] if thing.urls else None


@answers("Performer.tags", "Studio.tags", "Group.tags")
def tags(ask: Ask, thing: Performer | Studio | Group) -> list[Tag]:
    return ask.library.tags(thing.tag_ids)


@answers("Performer.image_path")
def performer_image_path(ask: Ask, performer: Performer) -> str:
    """Never null: a placeholder's carries &default=true."""
    base = f"{ask.base_url}/performer/{performer.id}/image?t={performer.updated_s}"
    return base + ("" if performer.image else "&default=true")


@answers("Studio.image_path")
def studio_image_path(ask: Ask, studio: Studio) -> str:
    return f"{ask.base_url}/studio/{studio.id}/image?t={studio.updated_s}" + ("" if studio.image else "&default=true")


@answers("Performer.custom_fields")
def custom_fields(ask: Ask, performer: Performer) -> dict[str, Any]:
    return dict(performer.custom_fields)


@answers("Performer.twitter", "Performer.instagram")
def old_address(ask: Ask, performer: Performer) -> None:
    return None


@answers("Performer.performer_count")
def performer_count(ask: Ask, performer: Performer) -> int:
    """How many others appear with them."""
    others = {
        other
        for scene in ask.library.all(Scene)
        if performer.id in scene.performer_ids
        for other in scene.performer_ids
    }
    return len(others - {performer.id})


@answers("Performer.o_counter")
def o_counter(ask: Ask, performer: Performer) -> int:
    scenes = sum(len(scene.o_history_s) for scene in ask.library.all(Scene) if performer.id in scene.performer_ids)
    return scenes + sum(image.o_counter for image in ask.library.all(Image) if performer.id in image.performer_ids)


@answers("Performer.scenes")
def performer_scenes(ask: Ask, performer: Performer) -> list[Scene]:
    return [scene for scene in ask.library.all(Scene) if performer.id in scene.performer_ids]


@answers("Studio.parent_studio")
def parent_studio(ask: Ask, studio: Studio) -> Studio | None:
    return ask.library.find(Studio, studio.parent_id or 0)


@answers("Studio.child_studios")
def child_studios(ask: Ask, studio: Studio) -> list[Studio]:
    return ask.library.many(Studio, ask.library.child_studios_of(studio.id))


@answers("Studio.performer_count")
def studio_performer_count(ask: Ask, studio: Studio, depth: int | None = None) -> int:
    scenes = [scene for scene in ask.library.all(Scene) if scene.studio_id == studio.id]
    return len({performer for scene in scenes for performer in scene.performer_ids})


@answers("Studio.o_counter")
def studio_o_counter(ask: Ask, studio: Studio) -> int:
    return sum(len(scene.o_history_s) for scene in ask.library.all(Scene) if scene.studio_id == studio.id)


@answers("Group.scenes")
def group_scenes(ask: Ask, group: Group) -> list[Scene]:
    return [scene for scene in ask.library.all(Scene) if any(place.group_id == group.id for place in scene.groups)]


@answers("Group.scene_count")
def group_scene_count(ask: Ask, group: Group, depth: int | None = None) -> int:
    return len(group_scenes(ask, group))


@answers("Group.o_counter")
def group_o_counter(ask: Ask, group: Group) -> int:
    return sum(len(scene.o_history_s) for scene in group_scenes(ask, group))


@answers("Group.studio")
def group_studio(ask: Ask, group: Group) -> Studio | None:
    return ask.library.find(Studio, group.studio_id or 0)


# Mutations.

TEXTS = [
    "disambiguation",
    "ethnicity",
    "country",
    "eye_color",
    "hair_color",
    "measurements",
    "fake_tits",
    "career_length",
    "tattoos",
    "piercings",
    "details",
]
VALUES = ["gender", "height_cm", "weight", "penis_length", "circumcised", "rating100"]


def _performer_readers(ask: Ask, bulk: bool) -> dict[str, Reader]:
    library = ask.library
    return {
        **{name: (lambda value, had: text(value)) for name in ("name", *TEXTS)},
        **{name: (lambda value, had: value) for name in VALUES},
        **{name: PLAIN[name] for name in ("favorite", "ignore_auto_tag")},
        "birthdate": lambda value, had: date(value),
        "death_date": lambda value, had: date(value),
        "alias_list": bulk_texts if bulk else set_texts,
        "urls": bulk_texts if bulk else set_texts,
        "tag_ids": (bulk_ids if bulk else set_ids)(library, Tag, "tag ids"),
        "stash_ids": lambda value, had: stash_ids(value, library.now_s()),
        "image": lambda value, had: image_data(value, "image"),
        "custom_fields": _custom_fields,
    }


def _custom_fields(value: Mapping[str, Any] | None, had: tuple[tuple[str, Any], ...] | None) -> tuple[Any, ...]:
    """A map that is all there is, or full (all), partial (these too) and remove."""
    given, known = value or {}, dict(had or ())
    if had is None:
        known = dict(given)
    elif given.get("full") is not None:
        known = dict(given["full"])
    else:
        known.update(given.get("partial") or {})
        for name in given.get("remove") or ():
            known.pop(name, None)
    return tuple(sorted(known.items()))


def _check_performer_name(library: Library, performer: Performer) -> None:
    """Raises ApiError unless name and disambiguation together are new, and no alias repeats another or the name."""
    if not performer.name:
        raise ApiError("performer name must not be blank")
    for other in library.all(Performer):
        same = other.name == performer.name and other.disambiguation == performer.disambiguation
        if same and other.id != performer.id:
            extra = f" and disambiguation '{performer.disambiguation}'" if performer.disambiguation else ""
            raise ApiError(f"performer with name '{performer.name}'{extra} already exists")
    seen = {performer.name.lower()}
    for alias in performer.alias_list:
        if alias.lower() in seen:
            raise ApiError(f"performer contains duplicate alias '{alias}'")
        seen.add(alias.lower())


@answers("Mutation.performerCreate")
def performer_create(ask: Ask, source: None, input: Input) -> Performer | None:
    def work() -> Performer:
        library, now_s = ask.library, ask.library.now_s()
        fields = changed_fields(input, _performer_readers(ask, bulk=False), None)
        performer = Performer(library.new_id(Performer), now_s, now_s, **fields)
        _check_performer_name(library, performer)
        return library.put(performer)

    performer = in_transaction(ask, work)
    given = (hook_input("PerformerCreateInput", input), None)
    (found,) = after_hooks(ask, Performer, "Performer.Create.Post", [performer], [given])
    return found


@answers("Mutation.performerUpdate")
def performer_update(ask: Ask, source: None, input: Input) -> Performer | None:
    def work() -> Performer:
        performer = ask.library.get(Performer, to_int(input["id"], "id"))
        changed = put_changed(ask, performer, input, _performer_readers(ask, bulk=False))
        _check_performer_name(ask.library, changed)
        return changed

    performer = in_transaction(ask, work)
    given = (hook_input("PerformerUpdateInput", input), list(input))
    (found,) = after_hooks(ask, Performer, "Performer.Update.Post", [performer], [given])
    return found


@answers("Mutation.bulkPerformerUpdate")
def bulk_performer_update(ask: Ask, source: None, input: Input) -> list[Performer | None]:
    ids = to_ints(input.get("ids"), "ids")

    def work() -> list[Performer]:
        readers = _performer_readers(ask, bulk=True)
        return [put_changed(ask, ask.library.get(Performer, number), input, readers) for number in ids]

    performers = in_transaction(ask, work)
    given = (hook_input("BulkPerformerUpdateInput", input), list(input))
    return after_hooks(ask, Performer, "Performer.Update.Post", performers, [given] * len(performers))


@answers("Mutation.performerDestroy")
def performer_destroy(ask: Ask, source: None, input: Input) -> bool:
    performer_id = to_int(input["id"], "id")
    in_transaction(ask, lambda: _remove_performer(ask.library, performer_id, None))
    ask.hooks("Performer.Destroy.Post", performer_id, hook_input("PerformerDestroyInput", input, ("id",)))
    return True


@answers("Mutation.performersDestroy")
def performers_destroy(ask: Ask, source: None, ids: list[str]) -> bool:
    performer_ids = to_ints(ids, "ids")

    def work() -> None:
        for performer_id in performer_ids:
            _remove_performer(ask.library, performer_id, None)

    in_transaction(ask, work)
    for performer_id in performer_ids:
        ask.hooks("Performer.Destroy.Post", performer_id, list(ids))
    return True


@answers("Mutation.performerMerge")
def performer_merge(ask: Ask, source: None, input: Input) -> Performer:
    """Media, tags and stash ids of the sources go to the destination. Fires no hook, as in Stash."""
    library = ask.library
    source_ids = list(dict.fromkeys(to_ints(input["source"], "source ids")))
    destination_id = to_int(input["destination"], "destination id")
    if destination_id in source_ids:
        raise ApiError("destination performer cannot be in source list")

    def work() -> Performer:
        destination = library.get(Performer, destination_id)
        sources = [library.get(Performer, performer_id) for performer_id in source_ids]
        values = {name: value for name, value in (input.get("values") or {}).items() if name != "id"}
        merged = put_changed(ask, destination, values, _performer_readers(ask, bulk=False))
        tag_ids = (tag_id for performer in (merged, *sources) for tag_id in performer.tag_ids)
        ids = (stash_id for performer in (merged, *sources) for stash_id in performer.stash_ids)
        unique = {(stash_id.endpoint, stash_id.stash_id): stash_id for stash_id in ids}
        merged = replace(merged, tag_ids=tuple(dict.fromkeys(tag_ids)), stash_ids=tuple(unique.values()))
        library.put(merged)
        for performer_id in source_ids:
            _remove_performer(library, performer_id, destination_id)
        return merged

    return in_transaction(ask, work)


def _remove_performer(library: Library, performer_id: int, heir_id: int | None) -> None:
    """Media that named the performer name the heir, or nobody."""
    library.get(Performer, performer_id)
    for kind in MEDIA:
        for thing in library.all(kind):
            if performer_id in thing.performer_ids:
                left = (heir_id if other == performer_id else other for other in thing.performer_ids)
                ids = tuple(dict.fromkeys(other for other in left if other is not None))
                library.put(replace(thing, performer_ids=ids))
    library.remove(Performer, performer_id)


def _studio_fields(ask: Ask, value: Input, studio: Studio | None) -> dict[str, Any]:
    library = ask.library
    readers: dict[str, Reader] = {
        **{name: PLAIN[name] for name in ("favorite", "ignore_auto_tag", "details", "rating100")},
        "name": lambda item, had: text(item),
        "parent_id": optional_id(library, Studio, "parent id"),
        "aliases": set_texts,
        "urls": set_texts,
        "tag_ids": set_ids(library, Tag, "tag ids"),
        "stash_ids": lambda item, had: stash_ids(item, library.now_s()),
        "image": lambda item, had: image_data(item, "image"),
    }
    return changed_fields(value, readers, studio)


def _check_studio_name(library: Library, studio: Studio) -> None:
    if not studio.name:
        raise ApiError("studio name must not be blank")
    if any(other.name.lower() == studio.name.lower() and other.id != studio.id for other in library.all(Studio)):
        raise ApiError(f"studio with name '{studio.name}' already exists")


@answers("Mutation.studioCreate")
def studio_create(ask: Ask, source: None, input: Input) -> Studio | None:
    def work() -> Studio:
        library, now_s = ask.library, ask.library.now_s()
        studio = Studio(library.new_id(Studio), now_s, now_s, **_studio_fields(ask, input, None))
        _check_studio_name(library, studio)
        return library.put(studio)

    studio = in_transaction(ask, work)
    given = (hook_input("StudioCreateInput", input), None)
    (found,) = after_hooks(ask, Studio, "Studio.Create.Post", [studio], [given])
    return found


@answers("Mutation.studioUpdate")
def studio_update(ask: Ask, source: None, input: Input) -> Studio | None:
    def work() -> Studio:
        library = ask.library
        studio = library.get(Studio, to_int(input["id"], "id"))
        changed = replace(studio, **_studio_fields(ask, input, studio), updated_s=library.now_s())
        _check_studio_name(library, changed)
        return library.put(changed)

    studio = in_transaction(ask, work)
    given = (hook_input("StudioUpdateInput", input), list(input))
    (found,) = after_hooks(ask, Studio, "Studio.Update.Post", [studio], [given])
    return found


@answers("Mutation.studioDestroy")
def studio_destroy(ask: Ask, source: None, input: Input) -> bool:
    library, studio_id = ask.library, to_int(input["id"], "id")

    def work() -> None:
        library.get(Studio, studio_id)
        for kind in HAVE_STUDIO:
            for thing in library.all(kind):
                if thing.studio_id == studio_id:
                    library.put(replace(thing, studio_id=None))
        for child in library.all(Studio):
            if child.parent_id == studio_id:
                library.put(replace(child, parent_id=None))
        library.remove(Studio, studio_id)

    in_transaction(ask, work)
    ask.hooks("Studio.Destroy.Post", studio_id, hook_input("StudioDestroyInput", input, ("id",)))
    return True
