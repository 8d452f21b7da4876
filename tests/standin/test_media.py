"""Real files over HTTP: ranges, images also out of zips, sprites."""

from __future__ import annotations

import hashlib
import http.client
import struct
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.standin import Standin
from tests.standin.library.media_files import NotMedia, oshash
from tests.standin.samples import picture, write_picture, write_video


def fetch(stash: Standin, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", stash.port, timeout=10)
    connection.request(method, path, headers={"Range": headers["range"]} if "range" in headers else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def paths(stash: Standin, scene_id: int) -> dict[str, str]:
    query = f"{{ findScene(id: {scene_id}) {{ paths {{ screenshot preview stream webp vtt sprite caption }} }} }}"
    found: dict[str, str] = stash.graphql(query)["findScene"]["paths"]
    return {name: url.removeprefix(stash.url) for name, url in found.items()}


def test_facts_of_a_video(stash: Standin, video: Path) -> None:
    scene = stash.add_scene(video)
    fields = "path basename size width height duration frame_rate format video_codec audio_codec"
    query = f"{{ findScene(id: {scene.id}) {{ title files {{ {fields} fingerprints {{ type value }} }} }} }}"
    found = stash.graphql(query)["findScene"]
    (file,) = found["files"]
    assert found["title"] == ""
    assert file == {
        "path": str(video),
        "basename": "two seconds.mp4",
        "size": video.stat().st_size,
        "width": 64,
        "height": 48,
        "duration": 2.0,
        "frame_rate": 10.0,
        "format": "mp4",
        "video_codec": "mpeg4",
        "audio_codec": "",
        "fingerprints": [{"type": "oshash", "value": oshash(video)}],
    }


def test_oshash_is_the_published_algorithm(tmp_path: Path) -> None:
    path = tmp_path / "file"
    data = bytes(range(256)) * 1024
    path.write_bytes(data)
    words = [word for chunk in (data[:65536], data[-65536:]) for word in struct.unpack("<8192Q", chunk)]
    assert oshash(path) == f"{(len(data) + sum(words)) % 2**64:016x}"
    path.write_bytes(b"x" * 21)
    short = [word for chunk in (b"x" * 16, b"x" * 16) for word in struct.unpack("<2Q", chunk)]
    assert oshash(path) == f"{(21 + sum(short)) % 2**64:016x}"
    path.write_bytes(b"x" * 8)
    with pytest.raises(NotMedia):
        oshash(path)


def test_streams_have_ranges(stash: Standin, video: Path) -> None:
    data = video.read_bytes()
    address = f"/scene/{stash.add_scene(video).id}/stream"
    status, headers, body = fetch(stash, address)
    assert (status, body, headers["content-type"]) == (200, data, "video/mp4")
    assert headers["accept-ranges"] == "bytes"
    for wanted, expected in (
        ("bytes=0-9", data[:10]),
        ("bytes=10-", data[10:]),
        ("bytes=-5", data[-5:]),
        (f"bytes=5-{len(data) * 2}", data[5:]),
    ):
        status, headers, body = fetch(stash, address, range=wanted)
        assert (status, body) == (206, expected)
    assert headers["content-range"] == f"bytes 5-{len(data) - 1}/{len(data)}"
    status, headers, body = fetch(stash, address, range=f"bytes={len(data)}-")
    assert (status, headers["content-range"]) == (416, f"bytes */{len(data)}")
    status, headers, body = fetch(stash, address, method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(data)), b"")
    status, headers, body = fetch(stash, address, method="HEAD", range="bytes=0-9")
    assert (status, headers["content-length"], body) == (206, "10", b"")


def test_addresses_come_from_the_host_that_was_asked_and_prove_nothing(stash: Standin, video: Path) -> None:
    scene = stash.add_scene(video)
    query = f"{{ findScene(id: {scene.id}) {{ paths {{ sprite }} }} }}"
    found = stash.graphql(query, headers={"Host": "stash.example:1234"})["findScene"]["paths"]["sprite"]
    assert found == f"http://stash.example:1234/scene/{oshash(video)}_sprite.jpg"
    for name in ("sprite", "vtt", "preview", "webp", "caption"):
        assert fetch(stash, paths(stash, scene.id)[name])[0] == 404, name
    assert fetch(stash, "/scene/99/stream")[0] == 404


def test_the_stream_address_carries_the_key(tmp_path: Path, video: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l", username="u", password="p", api_key="key") as stash:
        address = paths(stash, stash.add_scene(video).id)["stream"]
        assert address.endswith("/stream?apikey=key")
        assert fetch(stash, address)[0] == 200
        assert fetch(stash, urlsplit(address).path)[0] == 302


def test_sprites_on_demand(stash: Standin, video: Path) -> None:
    scene = stash.add_scene(video)
    assert stash.make_sprite(scene) == stash.settings.generated_path / "vtt" / f"{oshash(video)}_sprite.jpg"
    status, headers, body = fetch(stash, paths(stash, scene.id)["sprite"])
    assert (status, headers["content-type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")
    status, headers, body = fetch(stash, paths(stash, scene.id)["vtt"])
    lines = body.decode().splitlines()
    assert lines[:4] == ["WEBVTT", "", "00:00:00.000 --> 00:00:00.025", f"{oshash(video)}_sprite.jpg#xywh=0,0,160,120"]
    assert sum("-->" in line for line in lines) == 81


def test_a_vanished_file_is_404(stash: Standin, tmp_path: Path) -> None:
    video = write_video(tmp_path / "gone.mp4")
    scene = stash.add_scene(video)
    video.unlink()
    assert fetch(stash, f"/scene/{scene.id}/stream")[0] == 404


def test_images_also_out_of_zips(stash: Standin) -> None:
    plain = write_picture(stash.library_dir / "one.png", 1)
    image = stash.add_image(plain)
    zipped = stash.add_image_in_zip("pictures.zip", "deep/two.png", picture(2))
    query = """{ findImages(filter: {per_page: -1}) { images {
      id paths { image thumbnail } galleries { id } visual_files {
      ... on ImageFile { path width height size zip_file { path } fingerprint(type: "md5") } } } } }"""
    found = {image["id"]: image for image in stash.graphql(query)["findImages"]["images"]}
    for which, data, path in ((image, picture(1), plain), (zipped, picture(2), None)):
        shown = found[str(which.id)]
        (file,) = shown["visual_files"]
        assert (file["width"], file["height"], file["size"]) == (8, 6, len(data))
        assert file["fingerprint"] == hashlib.md5(data).hexdigest()
        archive = str(stash.library_dir / "pictures.zip")
        assert file["path"] == (str(path) if path else f"{archive}/deep/two.png")
        assert file["zip_file"] == (None if path else {"path": archive})
        assert not Path(file["path"]).exists() or path
        assert fetch(stash, shown["paths"]["image"].removeprefix(stash.url))[2] == data
        assert fetch(stash, shown["paths"]["thumbnail"].removeprefix(stash.url))[2][:2] == b"\xff\xd8"
    assert found[str(zipped.id)]["galleries"] != []
    assert fetch(stash, "/image/99/image")[0] == 404


def test_plugin_files(stash: Standin) -> None:
    text = "name: P\nui: {javascript: [a.js, gone.js, b.js], css: [c.css], assets: {/img: pictures, /: web}}"
    files = {"a.js": "1", "b.js": "2", "c.css": "3", "pictures/x.txt": "4", "web/img2.txt": "5", "secret.txt": "6"}
    stash.add_plugin("p", text, files)
    assert fetch(stash, "/plugin/p/javascript")[2] == b"1\n\n2\n"
    assert fetch(stash, "/plugin/p/css")[2] == b"3\n"
    assert fetch(stash, "/plugin/p/assets/img/x.txt")[2] == b"4"
    assert fetch(stash, "/plugin/p/assets/../secret.txt")[0] == 404
    assert fetch(stash, "/plugin/p/assets/%2e%2e/secret.txt")[0] == 404
    assert fetch(stash, "/plugin/q/javascript")[0] == 404
    found = stash.graphql("{ plugins { paths { javascript css } } }")["plugins"][0]["paths"]
    assert found == {"javascript": [f"{stash.url}/plugin/p/javascript"], "css": [f"{stash.url}/plugin/p/css"]}
    stash.graphql("mutation { setPluginsEnabled(enabledMap: {p: false}) }")
    assert fetch(stash, "/plugin/p/javascript")[0] == 400


def test_pages(stash: Standin) -> None:
    for path in ("/", "/scenes", "/scenes/1", "/index.html"):
        status, headers, _ = fetch(stash, path)
        assert (status, headers["content-type"]) == (200, "text/html")
        assert "child-src 'none'" in headers["content-security-policy"]
    assert fetch(stash, "/nothing.js")[0] == 404
    assert fetch(stash, "/healthz")[0] == 200


def test_a_performer_without_a_picture_shows_nobody(stash: Standin) -> None:
    nobody, somebody = stash.add_performer("Nobody"), stash.add_performer("Somebody", image=picture(3))
    found = stash.graphql('{ findPerformers(filter: {sort: "id"}) { performers { image_path } } }')["findPerformers"]
    of_nobody, of_somebody = (row["image_path"].removeprefix(stash.url) for row in found["performers"])
    assert of_nobody == f"/performer/{nobody.id}/image?t={nobody.updated_s}&default=true"
    assert of_somebody == f"/performer/{somebody.id}/image?t={somebody.updated_s}"
    status, headers, shown = fetch(stash, of_somebody)
    assert (status, headers["content-type"], shown) == (200, "image/png", picture(3))
    status, headers, placeholder = fetch(stash, of_nobody)
    assert (status, headers["content-type"]) == (200, "image/png") and placeholder != shown
    assert fetch(stash, of_somebody + "&default=true")[2] == placeholder
