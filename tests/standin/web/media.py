"""Streams, images, sprites: what lies on disk, served as Go's http.ServeContent does."""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from tests.standin.app import App
from tests.standin.library.media_files import NotMedia, frame_jpeg, portrait_of_nobody, read_member, thumbnail
from tests.standin.library.things import File, Gallery, Image, Marker, Performer, Scene, Studio, Tag
from tests.standin.web.messages import Request, Response

NOT_FOUND = Response.text(404, "Not Found")
CHUNK_BYTES = 256 * 1024
PLACEHOLDER = (
    b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#8a9ba8" d="M2 2h12v12H2z"/></svg>"""
)


@dataclass(frozen=True)
class Slice:
    """Bytes [start, end) of a body."""

    start: int
    end: int


def media(app: App, request: Request, parts: list[str]) -> Response:
    """The answer for /scene, /image, /gallery, /tag, /performer and /studio. parts: the path's parts."""
    kind, rest = parts[0], parts[1:]
    if kind == "scene" and len(rest) == 1:
        return _generated(app, request, rest[0])
    if len(rest) < 2 or not rest[0].isdecimal():
        return NOT_FOUND
    thing_id, what = int(rest[0]), rest[1]
    if kind == "scene":
        scene = app.library.find(Scene, thing_id)
        return NOT_FOUND if scene is None else _scene(app, request, scene, rest[1:])
    if kind == "image":
        image = app.library.find(Image, thing_id)
        return NOT_FOUND if image is None else _image(app, image, what)
    if kind == "gallery":
        gallery = app.library.find(Gallery, thing_id)
        images = app.library.images_of(thing_id) if gallery is not None else []
        return _image(app, images[0], "thumbnail") if images else NOT_FOUND
    table: dict[str, type[Any]] = {"tag": Tag, "performer": Performer, "studio": Studio}
    thing = app.library.find(table[kind], thing_id)
    if thing is None or what != "image":
        return NOT_FOUND
    if kind == "performer" and (not thing.image or request.parameter("default") == "true"):
        return Response(200, portrait_of_nobody(), "image/png")
    return _stored_image(thing.image) if thing.image else Response(200, PLACEHOLDER, "image/svg+xml")


def _generated(app: App, request: Request, name: str) -> Response:
    for suffix, place, content_type in (
        ("_sprite.jpg", app.generated.sprite, "image/jpeg"),
        ("_thumbs.vtt", app.generated.vtt, "text/vtt"),
    ):
        if name.endswith(suffix):
            content_hash = PurePath(name.removesuffix(suffix)).name
            path = place(content_hash)
            _generate_for_page(app, request, path, partial(_make_sprite, app, content_hash))
            return Response(file=path, content_type=content_type) if path.exists() else NOT_FOUND
    return NOT_FOUND


_generating = threading.Lock()


def _generate_for_page(app: App, request: Request, path: Path, make: Callable[[], None]) -> None:
    """A page that is looked at finds what Stash would have generated after its scan; scans of tests need not wait."""
    if path.exists() or not request.is_from_a_page:
        return
    with _generating:
        try:
            if not path.exists():
                make()
        except (NotMedia, OSError) as error:
            app.log.debug(f"nothing generated for {path.name}: {error}")


def _make_sprite(app: App, content_hash: str) -> None:
    for scene in app.library.all(Scene):
        if app.generated.hash_of(scene) == content_hash:
            app.generated.make_sprite(scene)
            return


def _scene(app: App, request: Request, scene: Scene, what: list[str]) -> Response:
    file = app.library.file(scene)
    content_hash = app.generated.hash_of(scene)
    if what[0] == "stream" and len(what) == 1:
        if file is None or not Path(file.path).exists():
            return NOT_FOUND
        return Response(file=Path(file.path), content_type=_type_of(file.path, "video/mp4"))
    if what[0] == "screenshot":
        if scene.cover:
            return _stored_image(scene.cover)
        path = app.generated.screenshot(content_hash)
        _generate_for_page(app, request, path, lambda: app.generated.make_screenshot(scene))
        return Response(file=path, content_type="image/jpeg") if path.exists() else _placeholder()
    if what[:2] == ["vtt", "thumbs"]:
        return _generated(app, request, f"{content_hash}_thumbs.vtt")
    if what[:2] == ["vtt", "sprite"]:
        return _generated(app, request, f"{content_hash}_sprite.jpg")
    if what[:2] == ["vtt", "chapter"]:
        return Response(200, _chapters(app, scene).encode(), "text/vtt")
    if what[0] == "scene_marker" and len(what) == 3 and what[1].isdecimal():
        return _marker(app, request, scene, int(what[1]), what[2])
    return NOT_FOUND


def _marker(app: App, request: Request, scene: Scene, marker_id: int, what: str) -> Response:
    marker, file = app.library.find(Marker, marker_id), app.library.file(scene)
    if marker is None or file is None:
        return NOT_FOUND
    if what == "stream":
        clip = app.generated.clip(app.generated.hash_of(scene), marker.seconds)
        _generate_for_page(app, request, clip, lambda: app.generated.make_clip(scene, marker.seconds))
        return Response(file=clip, content_type="video/mp4") if clip.exists() else NOT_FOUND
    if what != "screenshot":
        return NOT_FOUND
    try:
        return Response(200, frame_jpeg(Path(file.path), marker.seconds, 320), "image/jpeg")
    except (NotMedia, OSError):
        return NOT_FOUND


def _chapters(app: App, scene: Scene) -> str:
    lines = ["WEBVTT", ""]
    for number, marker in enumerate(app.library.markers_of(scene.id), 1):
        at = f"{int(marker.seconds // 3600):02d}:{int(marker.seconds // 60 % 60):02d}:{marker.seconds % 60:06.3f}"
        title = marker.title or app.library.get(Tag, marker.primary_tag_id).name
        lines += [str(number), f"{at} --> {at}", title, ""]
    return "\n".join(lines)


def _image(app: App, image: Image, what: str) -> Response:
    file = app.library.file(image)
    if file is None or what not in ("image", "thumbnail"):
        return NOT_FOUND
    try:
        data = _image_bytes(app, file)
        if what == "thumbnail":
            return Response(200, thumbnail(data), "image/jpeg")
    except NotMedia:
        pass
    except OSError as error:
        return Response.text(500, str(error))
    return Response(200, data, _type_of(file.path, "application/octet-stream"))


def _image_bytes(app: App, file: File) -> bytes:
    if file.zip_file_id is None:
        return Path(file.path).read_bytes()
    container = app.library.get(File, file.zip_file_id)
    return read_member(Path(container.path), file.path.removeprefix(container.path).lstrip("/"))


def _stored_image(encoded: str) -> Response:
    import base64

    data = base64.b64decode(encoded)
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"GIF8": "image/gif"}
    found = next((name for magic, name in kinds.items() if data.startswith(magic)), "application/octet-stream")
    return Response(200, data, found)


def _placeholder() -> Response:
    return Response(200, PLACEHOLDER, "image/svg+xml")


def _type_of(path: str, default: str) -> str:
    return mimetypes.guess_type(path)[0] or default


# Ranges.


def ranged(request: Request, response: Response) -> tuple[Response, Slice]:
    """Status, headers and slice for a request's Range header. One range only; several are answered in full.

    Only files and pictures have ranges.
    """
    size = len(response.body) if response.file is None else response.file.stat().st_size
    whole = Slice(0, size)
    if response.file is None and not response.content_type.startswith("image/"):
        return response, whole
    headers = [*response.headers, ("Accept-Ranges", "bytes")]
    if response.file is not None:
        headers.append(("Last-Modified", formatdate(response.file.stat().st_mtime, usegmt=True)))
    wanted = request.headers.get("range")
    if wanted is None or response.status != 200:
        return _with(response, response.status, headers), whole
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.replace(" ", ""))
    if found is None and "," in wanted:
        return _with(response, 200, headers), whole
    if found is None or found.groups() == ("", ""):
        return _unsatisfiable(size), Slice(0, 0)
    first, last = found.groups()
    if not first:
        part = Slice(max(0, size - int(last)), size)
    else:
        part = Slice(int(first), min(size, int(last) + 1) if last else size)
    if part.start >= size or part.end <= part.start:
        return _unsatisfiable(size), Slice(0, 0)
    headers.append(("Content-Range", f"bytes {part.start}-{part.end - 1}/{size}"))
    return _with(response, 206, headers), part


def chunks(response: Response, part: Slice) -> Iterator[bytes]:
    """The bytes of a slice, in pieces."""
    if response.file is None:
        yield response.body[part.start : part.end]
        return
    with response.file.open("rb") as file:
        file.seek(part.start)
        left = part.end - part.start
        while left > 0 and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


def _with(response: Response, status: int, headers: list[tuple[str, str]]) -> Response:
    return Response(
        status, response.body, response.content_type, tuple(headers), response.file, cookies=response.cookies
    )


def _unsatisfiable(size: int) -> Response:
    return Response(416, b"", headers=(("Content-Range", f"bytes */{size}"), ("Accept-Ranges", "bytes")))
