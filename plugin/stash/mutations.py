"""Several changes of the library in one request: each is an alias of one mutation document, done in order by Stash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plugin.stash.documents import UPDATE_MEDIA
from plugin.stash.values import MediaKind


@dataclass
class MutationBatch:
    """Collects aliased mutations. Empty batches need not be sent."""

    _fields: list[str] = field(default_factory=list)
    _declarations: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._fields)

    def update_tags(
        self, alias: str, kind: MediaKind, media_ids: Sequence[int], tag_ids: Sequence[int], mode: str
    ) -> None:
        """mode: ADD or REMOVE; never SET, which would undo what others did meanwhile."""
        self._update(alias, kind, media_ids, "tag_ids", tag_ids, mode)

    def update_performers(
        self, alias: str, kind: MediaKind, media_ids: Sequence[int], performer_ids: Sequence[int], mode: str
    ) -> None:
        """As update_tags()."""
        self._update(alias, kind, media_ids, "performer_ids", performer_ids, mode)

    def create_marker(
        self, alias: str, scene_id: int, title: str, start_s: float, end_s: float | None, tag_id: int
    ) -> None:
        marker = {
            "scene_id": str(scene_id),
            "title": title,
            "seconds": start_s,
            "primary_tag_id": str(tag_id),
            "tag_ids": [],
        }
        if end_s is not None:
            marker["end_seconds"] = end_s
        self._add(alias, "sceneMarkerCreate", "SceneMarkerCreateInput!", marker)

    def destroy_marker(self, alias: str, marker_id: int) -> None:
        self._declarations.append(f"${alias}: ID!")
        self.variables[alias] = str(marker_id)
        self._fields.append(f"{alias}: sceneMarkerDestroy(id: ${alias})")

    def document(self) -> str:
        declarations = ", ".join(self._declarations)
        return f"mutation SenseChanges({declarations}) {{\n  " + "\n  ".join(self._fields) + "\n}"

    def _update(
        self, alias: str, kind: MediaKind, media_ids: Sequence[int], field_name: str, ids: Sequence[int], mode: str
    ) -> None:
        assert mode in ("ADD", "REMOVE")
        mutation, input_type = UPDATE_MEDIA[kind]
        change = {"ids": [str(one) for one in ids], "mode": mode}
        self._add(alias, mutation, input_type, {"ids": [str(media_id) for media_id in media_ids], field_name: change})

    def _add(self, alias: str, mutation: str, input_type: str, value: Mapping[str, Any]) -> None:
        self._declarations.append(f"${alias}: {input_type}")
        self.variables[alias] = value
        self._fields.append(f"{alias}: {mutation}(input: ${alias}) {{ id }}")
