"""One person at a time: what is fetched, what is handed over, what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from plugin.faces_values import Enrolled, Person, ReferenceImage
from plugin.people import keeper as module
from plugin.people.keeper import Keeper, NotNow, Picture, image_id_of
from plugin.store.store import Store

ADA = Person("stash:1", "Ada")


class Sidecar:
    """Wants the bytes of each picture once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.outcome = "enrolled"
        self.asked: list[list[ReferenceImage]] = []
        self.problem = ""

    def enrol(self, person: Person, source: str, images: Sequence[ReferenceImage]) -> Enrolled:
        self.asked.append(list(images))
        if self.problem:
            return Enrolled(person.key, (), 0, self.problem)
        self.seen.update(image.image_id for image in images if image.data)
        outcomes = tuple(self.outcome if image.image_id in self.seen else "wanted" for image in images)
        return Enrolled(person.key, outcomes)

    @property
    def sent(self) -> list[list[bytes]]:
        return [[image.data for image in images] for images in self.asked]


class Source:
    """Pictures by name, and how often each was fetched."""

    def __init__(self, **pictures: bytes | type[Exception] | None) -> None:
        self.pictures, self.fetched = pictures, list[str]()

    def listed(self) -> list[Picture]:
        return [Picture(name, self._fetch(name)) for name in self.pictures]

    def _fetch(self, name: str) -> Callable[[], bytes | None]:
        def fetch() -> bytes | None:
            self.fetched.append(name)
            found = self.pictures[name]
            if isinstance(found, type):
                raise found
            return found

        return fetch


@pytest.fixture
def sidecar() -> Sidecar:
    return Sidecar()


@pytest.fixture
def keeper(store: Store, sidecar: Sidecar) -> Keeper:
    return Keeper(store.face_references, sidecar)


def test_bytes_go_only_where_they_are_wanted(keeper: Keeper, sidecar: Sidecar, store: Store) -> None:
    source = Source(a=b"one", b=b"two")
    kept = keeper.keep(ADA, "stash", source.listed())
    assert (kept.outcomes, kept.fetched, kept.problem) == (("enrolled", "enrolled"), 2, "")
    assert sidecar.sent == [[b"", b""], [b"one", b"two"]]
    known = store.face_references.get("stash:1")
    assert known is not None and known.images == {"a": image_id_of(b"one"), "b": image_id_of(b"two")}


def test_what_was_handed_over_is_neither_fetched_nor_sent_again(keeper: Keeper, sidecar: Sidecar) -> None:
    source = Source(a=b"one")
    keeper.keep(ADA, "stash", source.listed())
    assert keeper.keep(ADA, "stash", source.listed()).fetched == 0
    assert source.fetched == ["a"] and sidecar.sent[2:] == [[b""]]


def test_another_picture_takes_the_place_of_the_first(keeper: Keeper, sidecar: Sidecar) -> None:
    keeper.keep(ADA, "stash", Source(a=b"one").listed())
    keeper.keep(ADA, "stash", Source(b=b"two").listed())
    assert [image.image_id for image in sidecar.asked[-1]] == [image_id_of(b"two")]


def test_the_same_bytes_under_another_name_are_not_sent_again(keeper: Keeper, sidecar: Sidecar) -> None:
    keeper.keep(ADA, "stash", Source(a=b"one").listed())
    keeper.keep(ADA, "stash", Source(b=b"one", c=b"one").listed())
    assert sidecar.sent[2:] == [[b""]]


def test_a_sidecar_that_lost_everything_gets_it_again(keeper: Keeper, sidecar: Sidecar) -> None:
    source = Source(a=b"one", b=b"two")
    keeper.keep(ADA, "stash", source.listed())
    sidecar.seen.discard(image_id_of(b"two"))
    assert keeper.keep(ADA, "stash", source.listed()).fetched == 1
    assert source.fetched == ["a", "b", "b"] and sidecar.sent[-1] == [b"", b"two"]


def test_what_is_no_picture_is_not_asked_for_again(keeper: Keeper, sidecar: Sidecar) -> None:
    source = Source(a=None, b=b"two")
    for _ in range(2):
        keeper.keep(ADA, "stash", source.listed())
    assert source.fetched == ["a", "b"] and len(sidecar.asked[-1]) == 1


def test_what_the_sidecar_cannot_read_is_not_handed_over_again(keeper: Keeper, sidecar: Sidecar) -> None:
    source = Source(a=b"one")
    sidecar.outcome = "unreadable"
    keeper.keep(ADA, "stash", source.listed())
    keeper.keep(ADA, "stash", source.listed())
    assert source.fetched == ["a"] and sidecar.asked[-1] == []


def test_what_does_not_come_is_tried_the_next_time_and_hides_nothing(keeper: Keeper, sidecar: Sidecar) -> None:
    source = Source(a=NotNow, b=b"two")
    assert keeper.keep(ADA, "stash", source.listed()).missing == 1
    assert sidecar.sent[-1] == [b"two"]
    source.pictures["a"] = b"one"
    assert keeper.keep(ADA, "stash", source.listed()).missing == 0
    assert source.fetched == ["a", "b", "a"] and sidecar.sent[-1] == [b"one", b""]


def test_somebody_without_a_picture_is_still_somebody(keeper: Keeper, sidecar: Sidecar) -> None:
    keeper.keep(ADA, "stash", [])
    assert sidecar.asked == [[]]


def test_who_could_not_be_taken_in_is_not_remembered(keeper: Keeper, sidecar: Sidecar, store: Store) -> None:
    sidecar.problem = "the disk is full"
    assert keeper.keep(ADA, "stash", Source(a=b"one").listed()).problem == "the disk is full"
    assert store.face_references.get("stash:1") is None


def test_many_large_pictures_go_in_several_messages(
    keeper: Keeper, sidecar: Sidecar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PORTION_BYTES", 10)
    source = Source(a=b"x" * 6, b=b"y" * 4, c=b"z" * 20, d=b"w")
    keeper.keep(ADA, "stash", source.listed())
    assert [[len(data) for data in sent] for sent in sidecar.sent] == [
        [0, 0, 0, 0],
        [6, 4, 0, 0],
        [0, 0, 20, 0],
        [0, 0, 0, 1],
    ]
    assert len({tuple(image.image_id for image in images) for images in sidecar.asked}) == 1
