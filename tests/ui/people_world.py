"""Who is known and who is not, as the plugin would tell a page: its operations people.* answered in its place.

Only these are; everything else of the page asks the plugin itself. tests/golden holds what the plugin does answer, and
ui/test/golden.test.ts that the page understands it.
"""

from __future__ import annotations

import base64
import io
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

BOX = "https://box.example/graphql"


def picture(shade: int) -> str:
    """A small JPEG that differs by shade."""
    data = io.BytesIO()
    Image.new("RGB", (24, 24), (shade * 53 % 256, shade * 97 % 256, shade * 29 % 256)).save(data, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode()}"


def who(key: str, name: str, performer_id: int | None = None, *more: str) -> dict[str, Any]:
    boxes = [{"endpoint": BOX, "name": "A box", "id": one.split("|")[1]} for one in (key, *more) if "|" in one]
    return {"key": key, "keys": [key, *more], "name": name, "performer_id": performer_id, "boxes": boxes}


def candidate(one: dict[str, Any], decision: str = "match", **rest: Any) -> dict[str, Any]:
    evidence = {"similarity": 0.6, "margin": 0.4, "references": 4, "agreeing_views": 12, "source": "stash"}
    return {**one, **evidence, "reference_id": "r1", "lowered": [], "decision": decision, **rest}


def track(track_id: str, spans: list[list[float]], decision: str = "unknown", **rest: Any) -> dict[str, Any]:
    seconds = sum(end_s - start_s for start_s, end_s in spans)
    best = {"pts_s": spans[0][0] if spans else 0.0, "box": [0.4, 0.2, 0.2, 0.4]}
    told: dict[str, Any] = {"id": track_id, "spans": spans, "seconds": seconds, "faces": 9, "views": 7, "quality": 0.8}
    told |= {"best": best, "decision": decision, "who": None, "confirmed": False, "candidates": [], "group_id": ""}
    return {**told, "suggestion_id": None, "suggestion_state": "", **rest}


@dataclass
class PeopleWorld:
    """groups: id -> ids of its tracks. asked: (operation, arguments) in order."""

    tracks: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    faces: list[list[dict[str, Any]]] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    references: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    likely: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)
    performers: list[dict[str, Any]] = field(default_factory=list)
    ready: bool = True
    page_size: int = 60
    scene_id: int = 1
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _merges: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _named: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def serve(self, page: Page) -> None:
        page.route("**/graphql", self._answer)

    def times(self, operation: str) -> list[dict[str, Any]]:
        """Arguments of every request for an operation so far."""
        return [args for name, args in self.asked if name == f"people.{operation}"]

    def _answer(self, route: Route) -> None:
        asked = route.request.post_data_json if route.request.method == "POST" else None
        args = (asked or {}).get("variables", {}).get("args") if isinstance(asked, dict) else None
        if not isinstance(args, dict) or not str(args.get("operation", "")).startswith("people."):
            route.fallback()
            return
        operation = args.pop("operation")
        self.asked.append((operation, args))
        named = {f"{name}_" if name == "id" else name: value for name, value in args.items()}
        output = getattr(self, f"_{operation.removeprefix('people.')}")(**named)
        route.fulfill(json={"data": {"runPluginOperation": output}})

    # One of a scene.

    def _medium(self, kind: str, id_: int) -> dict[str, Any]:
        told = {"kind": kind, "media_id": id_, "looked": bool(self.tracks), "model": "dlib", "frames": 40}
        return {**told, "faces": 30, "looked_s": time.time(), "duration_s": 18.0, "tracks": self.tracks}

    def _on_screen(self, kind: str, id_: int) -> dict[str, Any]:
        return {"marks": self.marks}

    def _pictures(self, ids: list[str]) -> dict[str, Any]:
        return {"pictures": {one: picture(sum(one.encode())) for one in ids if one != "gone"}}

    def _identify(self, kind: str, id_: int, at_s: float = 0, box: Any = None) -> dict[str, Any]:
        faces = self.faces.pop(0) if self.faces else []
        note = "" if faces else "No face was found; a sharper moment may help."
        return {"pts_s": at_s, "note": note, "faces": faces}

    def _accept(self, kind: str, id_: int, track_id: str, key: str) -> dict[str, Any]:
        for one in self.tracks:
            if one["id"] == track_id:
                one |= {"who": self._who(key), "confirmed": True, "decision": "match"}
        told = {"written": True, "suggestion_id": None, "performer_id": None, "run_id": None}
        return {**told, "created": key.startswith("box:")}

    def _reject(self, kind: str, id_: int, track_id: str, key: str) -> dict[str, Any]:
        for one in self.tracks:
            if one["id"] == track_id:
                one["candidates"] = [this for this in one["candidates"] if this["key"] != key]
        return {"suggestion_id": None, "taken_back": 0}

    def _who(self, key: str) -> dict[str, Any]:
        performer_id = int(key.split(":")[1]) if key.startswith("stash:") else None
        name = next((one["name"] for one in self.performers if one["id"] == performer_id), key)
        return who(key, name, performer_id)

    # Who is known.

    def _state(self) -> dict[str, Any]:
        count = sum(len(rows) for rows in self.references.values())
        point = {"references": "several references", "match": 0.5, "maybe": 0.4, "match_false_accepts": 0.01}
        point |= {"maybe_false_accepts": 0.05, "basis": "library", "trials": 4000}
        box = {"endpoint": BOX, "name": "A box", "synced_s": None, "known": 1, "wanted": 3, "problem": ""}
        told: dict[str, Any] = {"ready": self.ready, "why": "" if self.ready else "the sidecar does not answer"}
        told |= {"model": "dlib", "people": len(self.known), "references": count, "media": 4, "faces": 90, "tracks": 12}
        told |= {"references_by_source": {"stash": count}, "groups": len(self._shown(False)), "search": "exact"}
        told |= {"search_note": "below 50 000 references", "points": [point], "size_bytes": 4096, "last_import": ""}
        return {**told, "boxes": [box]}

    def _list(self, words: str = "", limit: int = 60, after: str = "") -> dict[str, Any]:
        found = [one for one in self.known.values() if words.lower() in one["name"].lower()]
        start = int(after or 0)
        shown = found[start : start + self.page_size]
        more = start + self.page_size < len(found)
        people = [self._known(one) for one in shown]
        return {"people": people, "next": str(start + self.page_size) if more else "", "total": len(found)}

    def _known(self, one: dict[str, Any]) -> dict[str, Any]:
        rows = self.references.get(one["key"], [])
        return {**one, "references": {"stash": len(rows)}, "picture_id": rows[0]["id"] if rows else "", "scenes": 2}

    def _get(self, key: str) -> dict[str, Any]:
        links = [{"key": key, "other_key": other, "why": "same_as"} for other in self.known[key]["keys"][1:]]
        return {"person": self._known(self.known[key]), "references": self.references.get(key, []), "links": links}

    def _remove_references(self, ids: list[str]) -> dict[str, Any]:
        before = sum(len(rows) for rows in self.references.values())
        self.references = {k: [one for one in rows if one["id"] not in ids] for k, rows in self.references.items()}
        return {"removed": before - sum(len(rows) for rows in self.references.values())}

    def _look_alikes(self, key: str, limit: int = 10) -> dict[str, Any]:
        others = [one for one in self.known.values() if one["key"] != key]
        people = [{**one, "similarity": 0.81, "picture_id": self._known(one)["picture_id"]} for one in others]
        return {"people": people}

    # Who is not.

    def _shown(self, ignored: bool) -> list[str]:
        return [one for one in self.groups if (one in self.ignored) == ignored]

    def _group_of(self, id_: str) -> dict[str, Any]:
        tracks = self.groups[id_]
        told: dict[str, Any] = {"id": id_, "media": len(tracks), "tracks": len(tracks), "seconds": 5.0 * len(tracks)}
        told |= {"best_track": tracks[0], "ignored": id_ in self.ignored, "newest_s": time.time()}
        return {**told, "candidates": self.likely.get(id_, [])}

    def _groups(self, order: str = "scenes", limit: int = 60, after: str = "", **rest: Any) -> dict[str, Any]:
        ids = sorted(self._shown(rest.get("ignored", False)), key=lambda one: -len(self.groups[one]))
        start = int(after or 0)
        more = start + self.page_size < len(ids)
        merges = [
            {"id": merge_id, "group_id": next(iter(before)), "groups": len(before), "at_s": time.time() - 60}
            for merge_id, before in self._merges.items()
        ]
        shown = [self._group_of(one) for one in ids[start : start + self.page_size]]
        following = str(start + self.page_size) if more else ""
        return {"groups": shown, "next": following, "total": len(ids), "merges": merges}

    def _group(self, id_: str) -> dict[str, Any]:
        tracks = [
            {"kind": "scene", "media_id": self.scene_id, "name": "A film", "content_key": "c", "track_id": one}
            | {"spans": [[2.0 + n, 5.0 + n]], "seconds": 3.0, "pts_s": 3.0 + n, "similarity": 0.7}
            for n, one in enumerate(self.groups[id_])
        ]
        return {"group": self._group_of(id_), "tracks": tracks}

    def _merge(self, ids: list[str]) -> dict[str, Any]:
        before = {one: self.groups.pop(one) for one in ids}
        self.groups[ids[0]] = [one for tracks in before.values() for one in tracks]
        merge_id = f"m{len(self.asked)}"
        self._merges[merge_id] = before
        return {"group": self._group_of(ids[0]), "merge_id": merge_id}

    def _unmerge(self, merge_id: str) -> dict[str, Any]:
        before = self._merges.pop(merge_id)
        self.groups |= before
        return {"groups": [self._group_of(one) for one in before]}

    def _split(self, id_: str, track_ids: list[str]) -> dict[str, Any]:
        self.groups[id_] = [one for one in self.groups[id_] if one not in track_ids]
        self.groups[f"{id_}-rest"] = track_ids
        return {"group": self._group_of(f"{id_}-rest")}

    def _ignore(self, ids: list[str], ignored: bool) -> dict[str, Any]:
        self.ignored = self.ignored | set(ids) if ignored else self.ignored - set(ids)
        return {"ids": ids}

    def _name(self, id_: str, **rest: Any) -> dict[str, Any]:
        naming_id = f"n{len(self.asked)}"
        self._named[naming_id] = (id_, self.groups.pop(id_))
        media = [{"kind": "scene", "id": self.scene_id}]
        return {"naming_id": naming_id, "performer_id": 7, "media": media, "suggested": 4}

    def _unname(self, naming_id: str) -> dict[str, Any]:
        group_id, tracks = self._named.pop(naming_id)
        self.groups[group_id] = tracks
        return {"media": [{"kind": "scene", "id": self.scene_id}]}

    def _find(self, words: str, boxes: bool = False) -> dict[str, Any]:
        found = [one for one in self.performers if words.lower() in one["name"].lower()]
        elsewhere = [{"endpoint": BOX, "box": "A box", "id": "b-9", "name": f"{words} of the box"}] if boxes else []
        told = [{**one, "disambiguation": "", "picture": ""} for one in found]
        return {
            "performers": told,
            "boxes": [{**one, "disambiguation": "", "picture_url": ""} for one in elsewhere],
            "problems": [],
        }

    def _sync(self, endpoint: str, whole: bool = False) -> dict[str, Any]:
        return {"job_id": 1}

    def _erase(self, confirmation: str) -> dict[str, Any]:
        told = {"faces": 90, "people": len(self.known)}
        self.known, self.groups, self.references = {}, {}, {}
        return told
