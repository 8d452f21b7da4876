from __future__ import annotations

import pytest

from plugin.stashbox.addresses import is_public, origin
from plugin.stashbox.pace import Pace, retry_after_s
from plugin.stashbox.values import BoxImage, birthdate, largest_first, performer


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "no address",
        "",
    ],
)
def test_addresses_of_the_owners_network_and_of_nobody(address: str) -> None:
    assert not is_public(address)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://Box.Example/graphql?x") == "https://box.example:443"
    assert origin("http://box.example:9998/") == "http://box.example:9998"


def test_a_bucket_lets_a_burst_through_and_then_one_at_a_time() -> None:
    now, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(240, lambda: now[0], sleep)
    for _ in range(4 + 240):
        pace.wait()
    assert now[0] == pytest.approx(60) and max(slept) == pytest.approx(0.25)
    now[0] += 3600  # a rest earns a burst, no more
    slept.clear()
    for _ in range(5):
        pace.wait()
    assert slept == [pytest.approx(0.25)]


def test_a_limit_below_one_a_second_is_kept_too() -> None:
    now = [0.0]
    pace = Pace(6, lambda: now[0], lambda seconds: now.__setitem__(0, now[0] + seconds))
    for _ in range(4):
        pace.wait()
    assert now[0] == pytest.approx(30)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12", 12.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("99999999999", 3600.0),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 20.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, 10.0) == seconds


def test_what_a_box_says_of_a_performer_is_made_fit() -> None:
    row = {
        "id": 7,
        "name": "  Ada\x1b\nLovelace ",
        "aliases": ["", None, "A" * 500],
        "birth_date": "12 May",
        "images": None,
    }
    found = performer(row)
    assert (found.id, found.name, found.birthdate, found.images) == ("7", "Ada Lovelace", "", ())
    assert found.aliases == ("A" * 200,)


def test_birthdates() -> None:
    good = ["1815", "1815-12", "1815-12-10"]
    assert [birthdate(text) for text in good] == good
    assert [birthdate(text) for text in ("1815-1", "18", "", None, 1815, "1815-12-10T00:00:00Z")] == [""] * 6


def test_the_largest_pictures_come_first_and_equal_ones_as_the_box_orders_them() -> None:
    images = tuple(BoxImage(str(n), "u", width, 10) for n, width in enumerate([5, 9, 5, 7]))
    assert [image.id for image in largest_first(images, 3)] == ["1", "3", "0"]
