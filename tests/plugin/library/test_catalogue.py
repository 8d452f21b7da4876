"""The catalogue: what scenes are about, kept as the library and its analyses are; updates end where building would."""

from __future__ import annotations

import contextlib
import random
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.library.building import Refreshed, refresh_catalogue
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import term_spans
from plugin.library.packing import pack, unpack
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.review.policy import PolicyBook, policy_book
from plugin.settings import OwnerSettings
from plugin.store.errors import CacheDamaged
from plugin.store.library import Library, LibraryRow, NameRow, SceneSummary
from plugin.store.policies import PolicyRow
from plugin.store.store import Store, open_store
from tests.plugin.library.samples import analysed, known_scene

SETTINGS = OwnerSettings()
BOOK = PolicyBook()
TAGS = [NameRow("tag", 1, "kissing"), NameRow("tag", 2, "dancing"), NameRow("tag", 3, "AI_Tagged")]


@pytest.fixture
def library(store: Store) -> Store:
    """Three scenes: the first analysed, the second tagged and marked, the third with nothing."""
    store.library.replace_names(
        [
            *TAGS,
            NameRow("performer", 11, "Ann", favorite=True),
            NameRow("performer", 12, "Ben"),
            NameRow("studio", 21, "Acme"),
        ]
    )
    store.library.save(
        [
            known_scene(10, "First", performers=(11, 12), studio_id=21, rating100=80, size_bytes=5_000_000),
            known_scene(
                20, "Second", tags=(1, 3), markers=((2, 10.0, 30.0), (2, 25.0, 40.0), (2, 50.0, None)), performers=(12,)
            ),
            known_scene(30, "Third"),
        ]
    )
    analysed(store, 10, {"Kissing": [(0.0, 20.0)], "red sofa": [(5.0, 50.0)]})
    return store


def seconds(catalogue: StoreCatalogue, scene_id: int) -> dict[str, float]:
    ordinal = catalogue.ordinal(scene_id)
    assert ordinal is not None
    return {catalogue.name("term", each.term): each.seconds for each in catalogue.terms_of(ordinal)}


def refreshed(store: Store, settings: OwnerSettings = SETTINGS, book: PolicyBook = BOOK) -> StoreCatalogue:
    refresh_catalogue(store, settings, book)
    return StoreCatalogue(store)


def test_before_it_was_made_it_is_empty(store: Store) -> None:
    catalogue = StoreCatalogue(store)
    assert (len(catalogue.scene_ids), catalogue.described, catalogue.ordinal(1)) == (0, 0, None)
    assert catalogue.document_frequency(1) == 0 and len(catalogue.posting(1).ordinals) == 0


def test_what_was_seen_tagged_and_marked_becomes_terms(library: Store) -> None:
    """A label is the tag of its name; of a marker each second counts once; a bare tag stands for half of the scene; the
    tags that steer our own work are none.
    """
    catalogue = refreshed(library)
    assert seconds(catalogue, 10) == {"kissing": 20.0, "red sofa": 45.0}
    assert seconds(catalogue, 20) == {"kissing": 30.0, "dancing": 40.0}
    assert seconds(catalogue, 30) == {}
    assert catalogue.described == 2
    kissing = catalogue.term_of_tag(1)
    assert kissing is not None and list(catalogue.posting(kissing).ordinals) == [0, 1]
    assert (catalogue.document_frequency(kissing), catalogue.tag_id_of(kissing)) == (2, 1)
    sofa = catalogue.term_of_label("RED SOFA")
    assert sofa is not None and catalogue.tag_id_of(sofa) is None and catalogue.name("term", sofa) == "red sofa"


def test_columns_are_the_scenes(library: Store) -> None:
    catalogue = refreshed(library)
    assert list(catalogue.scene_ids) == [10, 20, 30] and list(catalogue.alive) == [1, 1, 1]
    assert (catalogue.studio[0], catalogue.rating100[0], catalogue.rating100[1], catalogue.size_mb[0]) == (
        21,
        80,
        -1,
        5.0,
    )
    assert [list(catalogue.performers_of(ordinal)) for ordinal in range(3)] == [[11, 12], [12], []]
    assert [list(catalogue.scenes_of_performer(who)) for who in (11, 12, 13)] == [[0], [0, 1], []]
    assert list(catalogue.scenes_of_studio(21)) == [0]
    assert catalogue.favorites("performer") == {11} and catalogue.favorites("studio") == frozenset()
    assert [catalogue.name("scene", 20), catalogue.name("performer", 12), catalogue.name("studio", 21)] == [
        "Second",
        "Ben",
        "Acme",
    ]
    assert catalogue.norm[0] > 0 and catalogue.norm[2] == 0


def test_terms_are_known_by_place_where_something_says_where(library: Store) -> None:
    catalogue = refreshed(library)
    spans = {catalogue.name("term", term): where for term, where in term_spans(library, catalogue, 1).items()}
    assert spans == {"dancing": ((10.0, 40.0), (50.0, 60.0))}, "a point in time lasts to the end of the scene at most"
    spans = {catalogue.name("term", term): where for term, where in term_spans(library, catalogue, 0).items()}
    assert spans == {"kissing": ((0.0, 20.0),), "red sofa": ((5.0, 50.0),)}


@pytest.mark.parametrize(
    ("evidence", "first", "second"),
    [
        ("ai", {"kissing": 20.0, "red sofa": 45.0}, {}),
        ("stash", {}, {"kissing": 30.0, "dancing": 40.0}),
    ],
)
def test_the_owner_says_what_counts(
    library: Store, evidence: str, first: dict[str, float], second: dict[str, float]
) -> None:
    refreshed(library)
    catalogue = refreshed(library, replace(SETTINGS, recommend_from=evidence))
    assert (seconds(catalogue, 10), seconds(catalogue, 20)) == (first, second)


def test_what_the_owner_switched_off_or_refused_is_no_evidence(library: Store) -> None:
    book = policy_book([PolicyRow("red sofa", mode="off")], SETTINGS.defaults, 0.3)
    assert seconds(refreshed(library), 10) == {"kissing": 20.0, "red sofa": 45.0}
    assert seconds(refreshed(library, book=book), 10) == {"kissing": 20.0}
    (label_id,) = [key for key, name in library.catalogue.labels().items() if name == "Kissing"]
    library.db.run(
        "INSERT INTO refusal (kind, media_id, type, label_id, why, at_s) VALUES ('scene', 10, 'tag', ?, '', 0)",
        label_id,
    )
    assert seconds(refreshed(library, book=book), 10) == {}


def test_a_label_becomes_the_tag_that_is_made_for_it(library: Store) -> None:
    assert seconds(refreshed(library), 10)["red sofa"] == 45.0
    library.library.replace_names([*TAGS, NameRow("tag", 9, "sofa", aliases=("Red Sofa",))])
    after = refreshed(library)
    assert seconds(after, 10) == {"kissing": 20.0, "sofa": 45.0}
    assert after.document_frequency(after.term_of_label("red sofa") or 0) == 0


def test_only_what_has_changed_is_made_anew(library: Store) -> None:
    assert refresh_catalogue(library, SETTINGS, BOOK) == Refreshed(3, 0, whole=True)
    assert refresh_catalogue(library, SETTINGS, BOOK) == Refreshed()
    analysed(library, 30, {"dancing": [(0.0, 10.0)]})
    library.library.save([known_scene(40, "Fourth", tags=(1,))])
    assert refresh_catalogue(library, SETTINGS, BOOK) == Refreshed(2, 0)
    catalogue = StoreCatalogue(library)
    assert seconds(catalogue, 30) == {"dancing": 10.0} and seconds(catalogue, 40) == {"kissing": 30.0}
    dancing = catalogue.term_of_tag(2)
    assert dancing is not None and list(catalogue.posting(dancing).ordinals) == [1, 2]
    assert list(catalogue.scene_ids) == [10, 20, 30, 40] and catalogue.described == 4


def test_a_scene_that_is_gone_keeps_its_place_and_nothing_else(library: Store) -> None:
    refreshed(library)
    library.library.forget([10])
    catalogue = refreshed(library)
    assert list(catalogue.alive) == [0, 1, 1] and catalogue.ordinal(20) == 1
    kissing = catalogue.term_of_tag(1)
    assert kissing is not None and list(catalogue.posting(kissing).ordinals) == [1]
    assert catalogue.described == 1 and list(catalogue.scenes_of_performer(11)) == []


def test_a_scene_with_a_lower_id_makes_everything_anew(library: Store) -> None:
    refreshed(library)
    library.library.save([known_scene(5, "Older", tags=(2,))])
    assert refresh_catalogue(library, SETTINGS, BOOK).whole
    assert list(StoreCatalogue(library).scene_ids) == [5, 10, 20, 30]


def told(store: Store) -> list[object]:
    """All that a catalogue says, by names."""
    catalogue = StoreCatalogue(store)
    scenes: list[object] = []
    for ordinal, scene_id in enumerate(catalogue.scene_ids):
        if catalogue.alive[ordinal]:
            terms = [(each.term, round(each.weight, 5), each.seconds) for each in catalogue.terms_of(ordinal)]
            scenes.append((scene_id, terms, round(catalogue.norm[ordinal], 4), list(catalogue.performers_of(ordinal))))
    postings = {}
    for term in (row.id for row in store.catalogue.terms()):
        found = catalogue.posting(term)
        postings[term] = [
            (catalogue.scene_ids[ordinal], round(weight, 5), length)
            for ordinal, weight, length in zip(found.ordinals, found.weights, found.seconds, strict=True)
        ]
    return [scenes, postings, catalogue.described]


@pytest.mark.parametrize("seed", range(4))
def test_updates_end_where_making_everything_anew_would(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    names = [NameRow("tag", key, f"tag {key}") for key in range(1, 8)]
    store.library.replace_names(names)

    def scene(scene_id: int, version: int) -> LibraryRow:
        tags = tuple(sorted(chance.sample(range(1, 8), chance.randrange(4))))
        markers = tuple((chance.randrange(1, 8), float(n * 5), float(n * 5 + 4)) for n in range(chance.randrange(3)))
        people = tuple(sorted(chance.sample(range(1, 5), chance.randrange(3))))
        return replace(known_scene(scene_id, tags=tags, markers=markers, performers=people), version=version)

    ids = list(range(1, 40))
    store.library.save([scene(key, 1) for key in ids])
    refresh_catalogue(store, SETTINGS, BOOK)
    for step in range(2, 7):
        for _ in range(4):
            store.library.save([scene(chance.choice(ids), step)])
        ids.append(ids[-1] + 1)
        store.library.save([scene(ids[-1], 1)])
        analysed(store, chance.choice(ids), {f"tag {chance.randrange(1, 9)}": [(0.0, 12.0)]})
        store.library.forget([ids.pop(chance.randrange(len(ids) - 1))])
        assert not refresh_catalogue(store, SETTINGS, BOOK).whole
    updated = told(store)
    # With the same average, for that stays as it was until everything is made anew.
    average_s = StoreCatalogue(store).about.average_s
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("plugin.library.building.average_length_s", lambda lengths: average_s)
        refresh_catalogue(store, SETTINGS, BOOK, whole=True)
    assert updated == told(store)


@pytest.mark.parametrize(
    ("table", "column", "blob"),
    [
        ("catalogue_column", "data", b""),
        ("catalogue_column", "data", b"12345"),
        ("catalogue_posting", "weights", b""),
        ("catalogue_posting", "ordinals", b"12345"),
        ("catalogue_scene", "terms", b"12345"),
    ],
)
def test_what_is_damaged_is_said_and_made_anew(library: Store, table: str, column: str, blob: bytes) -> None:
    refresh_catalogue(library, SETTINGS, BOOK)
    before = told(library)
    library.db.run(f"UPDATE {table} SET {column} = ?", blob)
    with contextlib.suppress(CacheDamaged):
        assert told(library) != before
    refresh_catalogue(library, SETTINGS, BOOK)
    assert told(library) == before and not refresh_catalogue(library, SETTINGS, BOOK).whole


class Killed(BaseException):
    pass


@contextmanager
def dying(store: Store, at: int) -> Iterator[list[int]]:
    """The process is gone before its at-th commit, or after it; the list holds how many there were."""
    run, passed = store.db.run, [0]

    def watched(sql: str, *values: object) -> int:
        for moment in (0, 1) if sql == "COMMIT" else ():
            if passed[0] == at:
                raise Killed
            passed[0] += 1
            if moment == 0:
                run(sql, *values)
        return 0 if sql == "COMMIT" else run(sql, *values)

    store.db.run = watched  # type: ignore[method-assign]
    try:
        yield passed
    finally:
        del store.db.run


@pytest.mark.parametrize("begun", [False, True])
def test_killed_at_any_moment_it_is_as_before_or_as_it_will_be(tmp_path: Path, begun: bool) -> None:
    def prepared(name: str) -> Store:
        store = open_store(str(tmp_path / name))
        store.library.replace_names(TAGS)
        store.library.save([known_scene(key, tags=(1, 2)) for key in range(1, 6)])
        if begun:
            refresh_catalogue(store, SETTINGS, BOOK)
        analysed(store, 2, {"a label": [(0.0, 9.0)]})
        store.library.save([known_scene(7, tags=(2,))])
        store.library.forget([1])
        return store

    whole = prepared("whole")
    with dying(whole, -1) as passed:
        refresh_catalogue(whole, SETTINGS, BOOK)
    wanted = told(whole)
    assert passed[0] >= 4
    for moment in range(passed[0]):
        store = prepared(str(moment))
        before = told(store)
        with dying(store, moment), pytest.raises(Killed):
            refresh_catalogue(store, SETTINGS, BOOK)
        store.close()
        store = open_store(store.data_dir)
        assert told(store)[0] in (before[0], wanted[0])
        refresh_catalogue(store, SETTINGS, BOOK)
        assert told(store) == wanted
        store.close()
    whole.close()


def test_two_at_once_end_with_one_catalogue(library: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower of two finds that the other was faster, and begins again from there."""
    other = open_store(library.data_dir)
    columns, faster = type(library.library).summaries, [other]

    def meanwhile(room: Library) -> dict[int, SceneSummary]:
        if faster:
            refresh_catalogue(faster.pop(), SETTINGS, BOOK)
        return columns(room)

    monkeypatch.setattr(type(library.library), "summaries", meanwhile)
    assert refresh_catalogue(library, SETTINGS, BOOK) == Refreshed()
    assert StoreCatalogue(library).described == 2
    other.close()


def test_packed_numbers_are_the_same_on_every_machine() -> None:
    assert pack(array("I", [1, 258])) == b"\x01\0\0\0\x02\x01\0\0"
    assert unpack("I", b"\x01\0\0\0\x02\x01\0\0") == array("I", [1, 258])


def test_it_weighs_as_a_catalogue_in_memory_does(library: Store) -> None:
    """Who tries recommenders on generated libraries finds what owners get."""
    stored = refreshed(library)
    scenes = [
        CatalogueScene(scene_id, terms={each.term: each.seconds for each in stored.terms_of(ordinal)})
        for ordinal, scene_id in enumerate(stored.scene_ids)
    ]
    memory = MemoryCatalogue.build(scenes)
    assert memory.described == stored.described and list(memory.norm) == list(stored.norm)
    for ordinal in range(len(scenes)):
        for one, other in zip(memory.terms_of(ordinal), stored.terms_of(ordinal), strict=True):
            assert one == pytest.approx(other, rel=1e-6), "the store keeps 32 bits"
    for term in (row.id for row in library.catalogue.terms()):
        assert memory.posting(term) == stored.posting(term)
        assert memory.document_frequency(term) == stored.document_frequency(term)
