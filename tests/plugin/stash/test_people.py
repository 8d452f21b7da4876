"""Performers as persons, their pictures, and the stash-boxes that are configured."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.interface.input import ServerConnection, parse_input
from plugin.stash.client import StashClient
from plugin.stash.errors import StashRefused, StashUnavailable
from plugin.stash.pictures import StashPictures
from plugin.stash.transport import HttpTransport
from tests.standin import Standin
from tests.standin.samples import picture

BOX = "https://box.example/graphql"


@pytest.fixture
def stash(tmp_path: Path) -> Iterator[Standin]:
    with Standin(tmp_path / "config", tmp_path / "library") as running:
        yield running


def server(stash: Standin) -> ServerConnection:
    return parse_input({"server_connection": stash.connection(), "args": {}}, "/plugin").server


def asking(stash: Standin) -> StashClient:
    return StashClient(HttpTransport(server(stash)))


def test_a_performer_as_a_person(stash: Standin) -> None:
    ada = stash.add_performer(
        "Ada",
        image=picture(1),
        stash_ids=[(BOX, "a")],
        gender="FEMALE",
        birthdate="1815-12-10",
        alias_list=("Countess",),
        disambiguation="the first",
    )
    stash.add_performer("Nobody")
    asked = asking(stash)
    assert asked.performer_ids() == {1: ((BOX, "a"),), 2: ()}
    found = asked.persons([2, 1, 99, 1])
    one = found[ada.id]
    assert set(found) == {1, 2} and (one.name, one.aliases, one.disambiguation) == ("Ada", ("Countess",), "the first")
    assert (one.gender, one.birthdate, one.stash_ids) == ("FEMALE", "1815-12-10", ((BOX, "a"),))
    assert one.has_image and not found[2].has_image and one.updated_s == ada.updated_s
    assert asked.persons([]) == {}
    assert [person.name for person in asked.persons_of_words("countess", 5)] == ["Ada"]


def test_a_person_has_another_state_after_every_change(stash: Standin) -> None:
    ada = stash.add_performer("Ada")
    asked = asking(stash)
    states = [asked.persons([1])[1].state]
    stash.set_performer_image(ada, picture(1))
    states.append(asked.persons([1])[1].state)
    stash.clock.advance(1)
    stash.set_performer_image(ada, picture(2))
    states.append(asked.persons([1])[1].state)
    assert len(set(states)) == 3 and asked.persons([1])[1].state == states[-1]


def test_stash_boxes_of_the_configuration(stash: Standin) -> None:
    stash.add_stash_box(BOX, "the-secret", "A box", 120)
    stash.add_stash_box("https://other.example/graphql", "")
    first, second = asking(stash).stash_boxes()
    assert (first.endpoint, first.api_key, first.name, first.per_minute) == (BOX, "the-secret", "A box", 120)
    assert second.per_minute == 240 and "the-secret" not in repr(first)


def test_pictures_come_as_they_are_over_one_connection(stash: Standin) -> None:
    ada, tom = stash.add_performer("Ada", image=picture(1)), stash.add_performer("Tom", image=picture(2))
    pictures = StashPictures(server(stash), {})
    assert pictures.of_performer(ada.id) == picture(1)
    assert pictures.of_performer(tom.id) == picture(2)
    assert pictures.of_performer(99) is None
    pictures.close()
    assert pictures.of_performer(ada.id) == picture(1)


def test_what_is_no_picture_is_left_out(stash: Standin) -> None:
    text = stash.add_performer("Text", image=base64.b64encode(b"not a picture").decode())
    huge = stash.add_performer("Huge", image=b"\x89PNG" + b"x" * 20 * 1024 * 1024)
    ada = stash.add_performer("Ada", image=picture(1))
    pictures = StashPictures(server(stash), {})
    assert pictures.of_performer(text.id) is None and pictures.of_performer(huge.id) is None
    assert pictures.of_performer(ada.id) == picture(1)


def test_behind_a_login_pictures_need_the_key_or_the_session(tmp_path: Path) -> None:
    with Standin(tmp_path / "c", tmp_path / "l", username="u", password="p", api_key="k") as stash:
        ada = stash.add_performer("Ada", image=picture(1))
        found = server(stash)
        with pytest.raises(StashRefused, match="does not show its pictures"):
            StashPictures(found, {}).of_performer(ada.id)
        assert StashPictures(found, {"ApiKey": "k"}).of_performer(ada.id) == picture(1)
        cookie = {"Cookie": f"{found.cookie_name}={found.session_cookie}"}
        assert StashPictures(found, cookie).of_performer(ada.id) == picture(1)


def test_a_stash_that_is_away(stash: Standin) -> None:
    ada = stash.add_performer("Ada", image=picture(1))
    pictures = StashPictures(server(stash), {})
    assert pictures.of_performer(ada.id)
    stash.restart()
    assert pictures.of_performer(ada.id) == picture(1)
    found = server(stash)
    stash.stop()
    with pytest.raises(StashUnavailable, match="does not answer"):
        StashPictures(found, {}).of_performer(ada.id)
