from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.stash import values
from plugin.stash.values import MediaFile, Medium, StashConfig, unix_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("2024-05-17T12:00:00Z", 1715947200.0),
        ("2024-05-17T14:00:00+02:00", 1715947200.0),
        ("2024-05-17 06:30:00-05:30", 1715947200.0),
        ("2024-05-17T12:00:00.5Z", 1715947200.5),
        ("2024-05-17T12:00:00.123456789Z", 1715947200.123456789),
        ("", 0.0),
        ("yesterday", 0.0),
        ("2024-05-17", 0.0),
        ("2024-05-17T12:00:00", 0.0),
        ("0001-01-01T00:00:00Z", 0.0),
        ("2024-13-45T99:99:99Z", 0.0),
    ],
)
def test_times_of_go(text: str, seconds: float) -> None:
    assert unix_s(text) == pytest.approx(seconds)


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_times_in_any_zone(moment: datetime, zone: timezone) -> None:
    assert unix_s(moment.replace(tzinfo=zone).isoformat()) == pytest.approx(moment.replace(tzinfo=zone).timestamp())


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert unix_s(text) >= 0.0 or text


FILE: dict[str, Any] = {
    "path": "/data/a.mp4",
    "size": 1000,
    "width": 1920,
    "height": 1080,
    "duration": 60.5,
    "fingerprints": [
        {"type": name, "value": value} for name, value in (("phash", "f"), ("oshash", "ab"), ("md5", "cd"))
    ],
    "zip_file": None,
}


def test_a_scene() -> None:
    row = {
        "id": "5",
        "title": None,
        "tags": [{"id": "7", "name": "cat"}],
        "paths": {"stream": "http://x/scene/5/stream"},
        "files": [FILE, {**FILE, "path": "/data/b.mp4"}],
        "scene_markers": [
            {
                "id": "3",
                "title": "cat",
                "seconds": 1.5,
                "end_seconds": None,
                "created_at": "1970-01-01T00:00:09Z",
                "primary_tag": {"id": "7"},
                "tags": [{"id": "8"}],
            }
        ],
    }
    scene = values.scene(row)
    assert scene.file == MediaFile("/data/a.mp4", 1000, "oshash-ab", 60.5, 1920, 1080)
    assert (scene.id, scene.name, scene.tags, scene.url) == (5, "a.mp4", {7: "cat"}, "http://x/scene/5/stream")
    (marker,) = scene.markers
    assert (marker.id, marker.start_s, marker.end_s, marker.primary_tag_id) == (3, 1.5, None, 7)
    assert (marker.tag_ids, marker.created_s) == (frozenset({8}), 9.0)


def test_an_image_without_files_and_one_that_plays() -> None:
    row = {"id": "5", "title": "", "tags": [], "paths": {"image": "http://x/image/5/image"}, "visual_files": []}
    assert values.image(row).file is None
    clip = values.image({**row, "visual_files": [None, FILE]})
    assert clip.file is not None and (clip.file.fingerprint, clip.file.duration_s) == ("md5-cd", 60.5)


def test_a_gallery_is_told_by_its_images() -> None:
    gallery = values.gallery({"id": "5", "title": "", "image_count": 12, "tags": []})
    assert (gallery.image_count, gallery.file, gallery.name) == (12, None, "gallery 5")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"files": [{"path": "/a/b.zip"}], "folder": None}, "b.zip"),
        ({"files": [], "folder": {"path": "C:\\a\\b\\"}}, "b"),
        ({"files": [], "folder": {"path": "/"}}, "gallery 5"),
        ({"title": "one", "folder": {"path": "/a"}}, "one"),
    ],
)
def test_a_gallery_without_a_title_is_named_by_where_it_lies(row: dict[str, Any], name: str) -> None:
    assert values.gallery({"id": "5", "title": "", "tags": [], **row}).name == name


def test_content_stays_when_a_file_is_moved_and_changes_when_it_is_replaced() -> None:
    one = values.media_file(FILE, "oshash")
    assert values.media_file({**FILE, "path": "/elsewhere.mp4"}, "oshash").content == one.content
    assert values.media_file({**FILE, "size": 1001}, "oshash").content != one.content
    other = [{"type": "oshash", "value": "ee"}]
    assert values.media_file({**FILE, "fingerprints": other}, "oshash").content != one.content


@pytest.mark.parametrize(
    ("prints", "wanted", "found"),
    [
        ([{"type": "md5", "value": "cd"}], "oshash", "md5-cd"),
        ([{"type": "oshash", "value": "ab"}], "md5", "oshash-ab"),
        ([{"type": "oshash", "value": ""}, {"type": "md5", "value": "cd"}], "oshash", "md5-cd"),
        ([{"type": "phash", "value": "f0"}], "oshash", ""),
        ([], "oshash", ""),
    ],
)
def test_the_fingerprint_that_there_is(prints: list[dict[str, str]], wanted: str, found: str) -> None:
    assert values.media_file({**FILE, "fingerprints": prints}, wanted).fingerprint == found


def test_names_of_files_of_any_system() -> None:
    file = values.media_file({**FILE, "path": "C:\\Videos\\a b.mp4", "zip_file": {"path": "C:\\x.zip"}}, "oshash")
    assert file.in_zip and Medium("scene", 5, "", {}, file).name == "a b.mp4"
    assert Medium("scene", 5, "A title", {}, file).name == "A title"
    assert Medium("scene", 5, "", {}, None).name == "scene 5"


def test_the_key_is_in_no_representation() -> None:
    assert "secret" not in repr(StashConfig("v0.30", "secret", True, (), "", {}))
