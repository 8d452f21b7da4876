"""What the plugin asks of Stash, in its own values. It alone speaks GraphQL to Stash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from plugin.interface.input import PLUGIN_ID
from plugin.stash import documents, library_values, values
from plugin.stash.errors import StashFault
from plugin.stash.library_values import Activity, LibraryName, LibraryScene, LibraryState
from plugin.stash.mutations import MutationBatch
from plugin.stash.transport import Transport
from plugin.stash.values import (
    BoxAccess,
    MediaFile,
    MediaKind,
    MediaRow,
    Medium,
    PerformerDetail,
    StashConfig,
    StashJob,
    StashPerson,
    Tag,
    TagDetail,
)

ANY_ACTIVITY = {
    "play_count": {"value": 0, "modifier": "GREATER_THAN"},
    "OR": {
        "o_counter": {"value": 0, "modifier": "GREATER_THAN"},
        "OR": {
            "play_duration": {"value": 0, "modifier": "GREATER_THAN"},
            "OR": {"resume_time": {"value": 0, "modifier": "GREATER_THAN"}},
        },
    },
}
"""Scenes that somebody has done something with. Stash counts whole seconds here: less than one is nothing."""

JOB_PREFIX = "Running plugin task: "
"""What Stash puts before a task's description."""


class StashClient:
    """Every method is one request, but for the paging ones. All raise StashError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.requests = 0

    def configuration(self) -> StashConfig:
        """Configuration and version; from then on the API key, where there is one, goes beside the cookie."""
        data = self._call(documents.CONFIGURATION, {"plugin": [PLUGIN_ID]})
        general = data["configuration"]["general"]
        api_key = general.get("apiKey") or ""
        if api_key:
            self._transport.use_api_key(api_key)
        ui = data["configuration"].get("ui") or {}
        return StashConfig(
            version=(data.get("version") or {}).get("version") or "",
            api_key=api_key,
            has_login=bool(general.get("username")),
            library_paths=tuple(stash["path"] for stash in general.get("stashes") or ()),
            vr_tag=str(ui.get("vrTag") or ""),
            plugin_settings=dict((data["configuration"].get("plugins") or {}).get(PLUGIN_ID) or {}),
        )

    def media(self, kind: MediaKind, ids: Sequence[int]) -> dict[int, Medium]:
        """Those of the media that exist, by id."""
        ids = list(dict.fromkeys(ids))  # Stash refuses an id that comes twice
        if not ids:
            return {}
        document, root, rows, make = {
            "scene": (documents.SCENES, "findScenes", "scenes", values.scene),
            "image": (documents.IMAGES, "findImages", "images", values.image),
            "gallery": (documents.GALLERIES, "findGalleries", "galleries", values.gallery),
        }[kind]
        return self._existing(document, root, rows, make, ids)

    def rows(
        self, kind: MediaKind, media_filter: Mapping[str, Any] | None, after_id: int, per_page: int
    ) -> tuple[list[MediaRow], int]:
        """The next media of a selection by ascending id, and how many are left with them. Media that come and go
        meanwhile shift nothing, unlike with page numbers.
        """
        document, root, field = {
            "scene": (documents.SCENE_ROWS, "findScenes", "scenes"),
            "image": (documents.IMAGE_ROWS, "findImages", "images"),
            "gallery": (documents.GALLERY_ROWS, "findGalleries", "galleries"),
        }[kind]
        chosen: dict[str, Any] = {"id": {"value": after_id, "modifier": "GREATER_THAN"}}
        if media_filter:
            chosen["AND"] = dict(media_filter)
        paging = {"page": 1, "per_page": per_page, "sort": "id", "direction": "ASC"}
        data = self._call(document, {"media": chosen, "page": paging})[root]
        return [_row(kind, row) for row in data[field]], int(data["count"])

    def images_of(self, gallery_id: int, per_page: int = 500) -> Iterator[MediaRow]:
        """The images of a gallery by ascending id."""
        chosen = {"galleries": {"value": [str(gallery_id)], "modifier": "INCLUDES"}}
        after_id = 0
        while True:
            rows, left = self.rows("image", chosen, after_id, per_page)
            yield from rows
            if len(rows) >= left:
                return
            after_id = rows[-1].id

    def sample_files(self, count: int) -> list[MediaFile]:
        """Primary files of scenes from all over the library."""
        paging = {"page": 1, "per_page": count, "sort": "random_20", "direction": "ASC"}
        rows = self._call(documents.SCENE_ROWS, {"media": {}, "page": paging})["findScenes"]["scenes"]
        return [values.media_file(row["files"][0], "oshash") for row in rows if row.get("files")]

    def tags(self) -> list[Tag]:
        """All tags with their aliases."""
        rows = self._call(documents.TAGS)["findTags"]["tags"]
        return [Tag(int(row["id"]), row["name"], tuple(row.get("aliases") or ())) for row in rows]

    def create_tag(self, name: str, description: str = "", parent_id: int | None = None) -> int:
        """Raises StashFault where a tag has this name or alias already."""
        tag: dict[str, Any] = {"name": name, "description": description, "ignore_auto_tag": True}
        if parent_id is not None:
            tag["parent_ids"] = [str(parent_id)]
        return int(self._call(documents.CREATE_TAG, {"input": tag})["tagCreate"]["id"])

    def tag_detail(self, tag_id: int) -> TagDetail | None:
        """None where it is gone."""
        row = self._call(documents.TAG_DETAIL, {"id": str(tag_id)})["findTag"]
        if row is None:
            return None
        uses = sum(int(row[key] or 0) for key in row if key.endswith("_count"))
        return TagDetail(row["name"], tuple(row["aliases"] or ()), row["description"] or "", uses)

    def destroy_tag(self, tag_id: int) -> None:
        self._call(documents.DESTROY_TAG, {"id": str(tag_id)})

    def performers_of_box(self, endpoint: str, box_id: str) -> list[PerformerDetail]:
        """Performers that a stash-box calls so: at most one, unless their owner gave the id to several."""
        chosen = {"stash_id_endpoint": {"endpoint": endpoint, "stash_id": box_id, "modifier": "EQUALS"}}
        found = self._same_performers(chosen)
        return [one for one in found if (endpoint, box_id) in one.stash_ids]

    def performers_of_name(self, name: str) -> list[PerformerDetail]:
        """Namesakes, to the letter."""
        found = self._same_performers({"name": {"value": name, "modifier": "EQUALS"}})
        return [one for one in found if one.name == name]

    def performer_detail(self, performer_id: int) -> PerformerDetail | None:
        """None where they are gone."""
        row = self._call(documents.PERFORMER_DETAIL, {"id": str(performer_id)})["findPerformer"]
        return values.performer_detail(row) if row else None

    def performer_ids(self) -> dict[int, tuple[tuple[str, str], ...]]:
        """All performers by ascending id, each with their (endpoint, id) in stash-boxes."""
        rows = self._call(documents.PERFORMER_IDS)["findPerformers"]["performers"]
        found = {
            int(row["id"]): tuple((item["endpoint"], item["stash_id"]) for item in row.get("stash_ids") or ())
            for row in rows
        }
        return dict(sorted(found.items()))

    def persons(self, ids: Sequence[int]) -> dict[int, StashPerson]:
        """Those of the performers that exist, by id."""
        ids = list(dict.fromkeys(ids))
        return self._existing(documents.PERSONS, "findPerformers", "performers", values.person, ids) if ids else {}

    def persons_of_words(self, words: str, limit: int) -> list[StashPerson]:
        """Performers whose name or alias has all of these words, as Stash's own search finds them."""
        paging = {"q": words, "page": 1, "per_page": limit, "sort": "name", "direction": "ASC"}
        rows = self._call(documents.PERSONS_BY_WORDS, {"page": paging})["findPerformers"]["performers"]
        return [values.person(row) for row in rows]

    def stash_boxes(self) -> list[BoxAccess]:
        """The stash-boxes of Stash's configuration, each endpoint once."""
        rows = self._call(documents.STASH_BOXES)["configuration"]["general"].get("stashBoxes") or ()
        boxes = [
            BoxAccess(
                row["endpoint"],
                row.get("api_key") or "",
                row.get("name") or "",
                int(row.get("max_requests_per_minute") or 0),
            )
            for row in rows
        ]
        return list({box.endpoint: box for box in boxes}.values())

    def create_performer(self, name: str, box: tuple[str, str] | None = None) -> int:
        """box: (endpoint, id) in a stash-box. Raises StashFault where a performer has this name already."""
        performer: dict[str, Any] = {"name": name}
        if box is not None:
            performer["stash_ids"] = [{"endpoint": box[0], "stash_id": box[1]}]
        return int(self._call(documents.CREATE_PERFORMER, {"input": performer})["performerCreate"]["id"])

    def destroy_performer(self, performer_id: int) -> None:
        self._call(documents.DESTROY_PERFORMER, {"id": str(performer_id)})

    def library_state(self) -> LibraryState:
        """How much there is, and when it was changed last."""
        data = self._call(documents.LIBRARY_STATE)
        scenes, markers = data["findScenes"], data["findSceneMarkers"]
        changed = [values.unix_s(row["updated_at"]) for row in (*scenes["scenes"], *markers["scene_markers"])]
        return LibraryState(int(scenes["count"]), int(markers["count"]), max(changed, default=0.0))

    def tag_tree(self) -> list[LibraryName]:
        """All tags, with those above them."""
        return library_values.tag_names(self._call(documents.TAG_TREE))

    def library_names(self) -> list[LibraryName]:
        """All tags, performers and studios."""
        return library_values.library_names(self._call(documents.LIBRARY_NAMES))

    def library_scenes(
        self, chosen: Mapping[str, Any] | None, after_id: int, per_page: int
    ) -> tuple[list[LibraryScene], int]:
        """The next scenes of a selection by ascending id, and how many are left with them, as rows() does."""
        rows, left = self._scenes_after(documents.LIBRARY_SCENES, chosen, after_id, per_page)
        return [library_values.library_scene(row) for row in rows], left

    def library_scenes_of(self, ids: Sequence[int]) -> list[LibraryScene]:
        """Those of the scenes that exist."""
        ids = list(dict.fromkeys(ids))
        make = library_values.library_scene
        return (
            list(self._existing(documents.LIBRARY_SCENES_OF, "findScenes", "scenes", make, ids).values()) if ids else []
        )

    def library_activity(self, after_id: int, per_page: int) -> tuple[dict[int, Activity], int]:
        """The next scenes that were played, liked or counted, by ascending id, and how many are left with them."""
        rows, left = self._scenes_after(documents.LIBRARY_ACTIVITY, ANY_ACTIVITY, after_id, per_page)
        return {int(row["id"]): library_values.activity(row) for row in rows}, left

    def library_ids(self, after_id: int, per_page: int) -> tuple[list[int], int]:
        """The next scenes by ascending id, and how many are left with them."""
        rows, left = self._scenes_after(documents.LIBRARY_IDS, None, after_id, per_page)
        return [int(row["id"]) for row in rows], left

    def jobs(self) -> list[StashJob]:
        """Stash's queue: what runs and what waits."""
        return [_job(row) for row in self._call(documents.JOBS)["jobQueue"] or ()]

    def find_job(self, job_id: int) -> StashJob | None:
        """A job of the queue or one of the last ten that ended; None for others."""
        row = self._call(documents.FIND_JOB, {"id": str(job_id)})["findJob"]
        return _job(row) if row else None

    def run_task(self, description: str, args: Mapping[str, Any]) -> int:
        """Put a task of ours into Stash's queue. Returns the job's id."""
        variables = {"plugin": PLUGIN_ID, "description": description, "args": dict(args)}
        return int(self._call(documents.RUN_TASK, variables)["runPluginTask"])

    def reload_plugins(self) -> None:
        """Have Stash read all manifests again."""
        self._call(documents.RELOAD_PLUGINS)

    def change(self, batch: MutationBatch) -> dict[str, Any]:
        """Send a batch; {alias: result}. On StashFault some of it may have been done: read the state to know."""
        return self._call(batch.document(), batch.variables) if len(batch) else {}

    def close(self) -> None:
        self._transport.close()

    def _scenes_after(
        self, document: str, chosen: Mapping[str, Any] | None, after_id: int, per_page: int
    ) -> tuple[list[Mapping[str, Any]], int]:
        wanted: dict[str, Any] = {"id": {"value": after_id, "modifier": "GREATER_THAN"}}
        if chosen:
            wanted["AND"] = dict(chosen)
        paging = {"page": 1, "per_page": per_page, "sort": "id", "direction": "ASC"}
        data = self._call(document, {"media": wanted, "page": paging})["findScenes"]
        return data["scenes"], int(data["count"])

    def _existing(
        self, document: str, root: str, field: str, make: Callable[[Mapping[str, Any]], Any], ids: Sequence[int]
    ) -> dict[int, Any]:
        """What Stash has of these ids, by id; each comes once, for it refuses one that comes twice."""
        try:
            data = self._call(document, {"ids": [str(one) for one in ids]})
        except StashFault as fault:
            if not any("not found" in message for message in fault.messages):
                raise
            # One id that is gone makes Stash refuse all of them.
            if len(ids) == 1:
                return {}
            middle = len(ids) // 2
            halves = (self._existing(document, root, field, make, half) for half in (ids[:middle], ids[middle:]))
            return {key: thing for half in halves for key, thing in half.items()}
        return {thing.id: thing for thing in map(make, data[root][field])}

    def _same_performers(self, chosen: Mapping[str, Any]) -> list[PerformerDetail]:
        rows = self._call(documents.SAME_PERFORMERS, {"performers": chosen})["findPerformers"]["performers"]
        return [values.performer_detail(row) for row in rows]

    def _call(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.requests += 1
        return self._transport.call(document, variables)


def _row(kind: MediaKind, row: Mapping[str, Any]) -> MediaRow:
    if kind == "gallery":
        return MediaRow(int(row["id"]), f"images-{int(row.get('image_count') or 0)}")
    files = [item for item in row.get("files" if kind == "scene" else "visual_files") or [] if item]
    content = values.media_file(files[0], "oshash" if kind == "scene" else "md5").content if files else ""
    return MediaRow(int(row["id"]), content)


def _job(row: Mapping[str, Any]) -> StashJob:
    return StashJob(int(row["id"]), row["status"], row["description"].removeprefix(JOB_PREFIX))
