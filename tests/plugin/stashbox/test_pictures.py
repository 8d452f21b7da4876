"""Pictures that a stash-box leads to: from any server it names, but with an end, and never into the owner's network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

import pytest

from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import PictureRefused, StashBoxUnavailable
from plugin.stashbox.values import BoxImage
from tests.standin.samples import picture
from tests.standin.stashbox import Reply, Server, StashBox, keys_sent

PNG = {"Content-Type": "image/png"}


def fetch(box: StashBox, url: str, **options: Any) -> bytes:
    asked = StashBoxClient(box.endpoint, box.api_key, "A box", 6000, **options)
    return asked.picture(BoxImage("i", url, 1, 1))


def test_a_picture_of_the_box_and_of_its_cdn_come_without_the_key(box: StashBox, cdn: Server) -> None:
    assert fetch(box, box.show("a", Reply(picture(1), headers=PNG))) == picture(1)
    assert fetch(box, cdn.show("a", Reply(picture(2), headers=PNG))) == picture(2)
    assert keys_sent([box, cdn], box.api_key) == []


def test_a_body_without_a_length_ends_with_the_connection(box: StashBox) -> None:
    assert fetch(box, box.show("a", Reply(picture(1), headers=PNG, length=-1))) == picture(1)


@pytest.mark.parametrize("declared", [21 * 1024 * 1024, -1])
def test_a_huge_picture_is_not_read_to_its_end(box: StashBox, declared: int) -> None:
    chunk = b"\x89PNG" + b"x" * (1024 * 1024)
    url = box.show("huge", Reply(chunk, headers=PNG, length=declared, repeat=500))
    began = time.monotonic()
    with pytest.raises(PictureRefused, match="larger than 20 MiB"):
        fetch(box, url)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream", ""])
def test_what_is_no_picture_by_its_own_words(box: StashBox, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    with pytest.raises(PictureRefused, match="no picture"):
        fetch(box, box.show("page", Reply(b"<html>" * 1000, headers=headers)))


@pytest.mark.parametrize(
    ("status", "refusal"), [(404, PictureRefused), (403, PictureRefused), (503, StashBoxUnavailable)]
)
def test_a_picture_that_is_not_there(box: StashBox, status: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match=f"HTTP {status}"):
        fetch(box, box.show("a", Reply(status=status, headers=PNG)))


def test_a_server_of_pictures_that_wants_to_be_left_alone(box: StashBox) -> None:
    with pytest.raises(StashBoxUnavailable) as told:
        fetch(box, box.show("a", Reply(status=429, headers={"Retry-After": "30"})))
    assert told.value.retry_after_s == 30


def test_a_picture_that_was_cut_off(box: StashBox) -> None:
    with pytest.raises(StashBoxUnavailable):
        fetch(box, box.show("a", Reply(picture(1), headers=PNG, length=10_000)))
    with pytest.raises(PictureRefused, match="empty"):
        fetch(box, box.show("b", Reply(b"", headers=PNG)))


def test_redirects_are_followed_within_reason(box: StashBox, cdn: Server) -> None:
    end = cdn.show("end", Reply(picture(1), headers=PNG))
    third = box.show("third", Reply(status=302, headers={"Location": end}))
    second = box.show("second", Reply(status=301, headers={"Location": third.removeprefix(box.url)}))
    first = box.show("first", Reply(status=307, headers={"Location": second}))
    assert fetch(box, first) == picture(1)
    zeroth = box.show("zeroth", Reply(status=302, headers={"Location": first}))
    with pytest.raises(PictureRefused, match="more than 3 times"):
        fetch(box, zeroth)
    assert keys_sent([box, cdn], box.api_key) == []


def test_a_redirect_loop_ends(box: StashBox) -> None:
    loop = box.show("loop", Reply(status=302, headers={"Location": "/images/loop"}))
    with pytest.raises(PictureRefused, match="more than 3 times"):
        fetch(box, loop)
    assert len(box.asked) == 4


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "https://example.com/a.png", "ftp://example.com/a", "data:image/png,x", "http://[::1"],
)
def test_a_redirect_to_another_scheme_is_not_followed(box: StashBox, target: str) -> None:
    with pytest.raises(PictureRefused):
        fetch(box, box.show("a", Reply(status=302, headers={"Location": target})))


def test_nothing_is_fetched_from_the_owners_own_network(box: StashBox, elsewhere: Server) -> None:
    """The box of this test is at 127.0.0.1, by its owner's wish; 127.0.0.2 is nobody's wish."""
    private = elsewhere.show("secret", Reply(picture(1), headers=PNG))
    for url in (private, box.show("a", Reply(status=302, headers={"Location": private}))):
        with pytest.raises(PictureRefused, match="private network"):
            fetch(box, url)
    assert elsewhere.asked == []


def test_a_public_box_leads_to_no_machine_of_its_owner(box: StashBox) -> None:
    """Names are what a resolver says: the box is public, and a name of a picture's server leads home."""
    port = int(box.url.rsplit(":", 1)[1])
    names = {"box.example": ["93.184.216.34"], "home.example": ["127.0.0.1", "10.0.0.1"], "both.example": ["::1"]}
    box.show("secret", Reply(picture(1), headers=PNG))
    asked = StashBoxClient("https://box.example/graphql", "key", resolver=lambda host, port: names[host])
    for host in ("home.example", "both.example"):
        with pytest.raises(PictureRefused, match="private network"):
            asked.picture(BoxImage("i", f"http://{host}:{port}/images/secret", 1, 1))
    assert box.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(box: StashBox) -> None:
    """A name that means another address each time it is asked for cannot slip through."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
    url = box.show("a", Reply(picture(1), headers=PNG)).replace("127.0.0.1", "name.example")
    asked = StashBoxClient(
        box.endpoint.replace("127.0.0.1", "box.example"), "key", resolver=lambda host, port: next(answers)
    )
    assert asked.picture(BoxImage("i", url, 1, 1)) == picture(1)
    assert box.asked[-1].headers["Host"].startswith("name.example:")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "", "images/1.png", "http://", "http://a b/", "//x/a"]
)
def test_an_address_that_is_none(box: StashBox, url: str) -> None:
    with pytest.raises(PictureRefused):
        fetch(box, url)


def test_a_slow_server_ends_in_time_however_it_drips(box: StashBox) -> None:
    url = box.show("slow", Reply(picture(1) * 100, headers=PNG, pause_s=0.05))
    began = time.monotonic()
    with pytest.raises(StashBoxUnavailable, match="did not answer within"):
        fetch(box, url, picture_timeout_s=0.4)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("first", [b"", b"HTTP/1.0 200 OK\r\n"])
def test_a_server_that_never_comes_to_the_point_ends_in_time(box: StashBox, first: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                connection.sendall(first)
                while True:
                    connection.sendall(b"x" if first else b"")
                    time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(StashBoxUnavailable, match="did not answer within"):
            fetch(box, f"http://127.0.0.1:{listening.getsockname()[1]}/a.png", picture_timeout_s=0.3)
        assert time.monotonic() - began < 2
