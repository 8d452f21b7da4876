from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.analysis.paths import parse_rules
from plugin.analysis.prepare import CannotPrepare, Surroundings, at_origin, prepare, view_of, without_key
from plugin.sidecar_values import Look, MediumWish
from plugin.stash.values import MediaFile, Medium

SECRET = "eyJhbGciOiJIUzI1NiJ9.secret"
FILE = MediaFile("/data/films/a.mp4", 1000, "oshash-abc", 60.0, 1920, 1080)
SCENE = Medium("scene", 5, "One", {}, FILE, f"http://10.0.0.2:9999/scene/5/stream?apikey={SECRET}")
AROUND = Surroundings(parse_rules("/data => /mnt"), "VR", {"ApiKey": SECRET})
LOOK = Look(interval_s=2.0)


def test_a_file_is_handed_over_by_its_path_on_the_sidecars_machine() -> None:
    assert prepare("7", SCENE, AROUND, LOOK) == MediumWish("7", path="/mnt/films/a.mp4", view="whole", look=LOOK)


def test_the_stream_is_asked_for_with_the_key_in_a_header_and_never_in_the_url() -> None:
    wish = prepare("7", SCENE, AROUND, LOOK, over_url=True)
    assert (wish.url, wish.path, wish.headers) == ("http://10.0.0.2:9999/scene/5/stream", "", {"ApiKey": SECRET})
    assert SECRET not in repr(wish) and SECRET not in repr(AROUND)


def test_a_member_of_a_zip_has_no_path_that_could_be_opened() -> None:
    member = replace(FILE, path="/data/pictures.zip/1.png", in_zip=True)
    image = Medium("image", 6, "", {}, member, f"http://10.0.0.2:9999/image/6/image?t=1&apikey={SECRET}")
    wish = prepare("8", image, AROUND, LOOK)
    assert (wish.url, wish.path) == ("http://10.0.0.2:9999/image/6/image?t=1", "")


def test_another_origin_where_the_sidecar_reaches_stash_otherwise() -> None:
    around = replace(AROUND, stash_url="https://stash.home:443")
    assert prepare("7", SCENE, around, LOOK, over_url=True).url == "https://stash.home:443/scene/5/stream"
    assert prepare("7", SCENE, around, LOOK).path == "/mnt/films/a.mp4"


@pytest.mark.parametrize(
    ("medium", "over_url", "said"),
    [
        (replace(SCENE, file=None), False, "Stash has no file for scene 5"),
        (replace(SCENE, url=""), True, "Stash serves no content for scene 5"),
        (replace(SCENE, url="", file=replace(FILE, in_zip=True)), False, "Stash serves no content"),
    ],
)
def test_what_cannot_be_handed_over_is_said(medium: Medium, over_url: bool, said: str) -> None:
    with pytest.raises(CannotPrepare, match=said) as caught:
        prepare("7", medium, AROUND, LOOK, over_url)
    assert caught.value.code == "no_file"


def test_one_eye_of_what_has_the_tag_for_vr() -> None:
    assert prepare("7", replace(SCENE, tags={1: "other", 2: "vr"}), AROUND, LOOK).view == "left_eye"
    assert view_of(replace(SCENE, tags={1: "VR180"}), "VR") == "whole"
    assert view_of(replace(SCENE, tags={1: ""}), "") == "whole"


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("http://x/scene/5/stream", "http://x/scene/5/stream"),
        ("http://x/s?apikey=a", "http://x/s"),
        ("http://x/s?a=1&apikey=k&b=2", "http://x/s?a=1&b=2"),
        ("http://x/s?apikey=a&apikey=b", "http://x/s"),
        ("http://x/s?apikey=", "http://x/s"),
        ("http://x/s?default=&t=5", "http://x/s?default=&t=5"),
        ("http://x/a%20b?q=%C3%BC", "http://x/a%20b?q=%C3%BC"),
    ],
)
def test_keys_are_taken_out_of_urls(url: str, cleaned: str) -> None:
    assert without_key(url) == cleaned


def test_origins() -> None:
    assert at_origin("http://x:1/a?b=1", "") == "http://x:1/a?b=1"
    assert at_origin("http://x:1/a?b=1", "https://y") == "https://y/a?b=1"
