"""One lucky frame names nobody, a look-alike is a maybe, and what contradicts a match only ever lowers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.faces import FaceTraits
from sidecar.people.calibration import OperatingPoint, OperatingPoints
from sidecar.people.contradictions import PersonFacts, contradictions
from sidecar.people.decision import CandidateEvidence, Decided, TrackEvidence, decide, recognise
from sidecar.people.index import ReferenceIndex
from sidecar.values import Vectors
from tests.people.vectors import unit

DIM = 64
ONE = OperatingPoint("one reference", 0.5, 0.4, 0.6, 0.006, 0.06, "library", 500)
SEVERAL = OperatingPoint("several references", 0.45, 0.35, 0.55, 0.004, 0.04, "library", 500)
POINTS = OperatingPoints(ONE, SEVERAL, margin=0.05, stranger=0.25, identities=100)
LEVELS = ("unknown", "maybe", "match")


def toward(seed: int, *parts: tuple[float, NDArray[np.float32]]) -> NDArray[np.float32]:
    """A unit vector with exactly these cosines with the (orthogonal) unit vectors, the rest at random."""
    rng = np.random.default_rng(seed)
    rest = rng.normal(size=DIM)
    for _, part in parts:
        rest -= (rest @ part) * part
    left = 1 - sum(cosine**2 for cosine, _ in parts)
    vector: NDArray[np.float32] = (sum(c * p for c, p in parts) + np.sqrt(left) * unit(rest)).astype(np.float32)
    return vector


A, B, C = np.eye(DIM, dtype=np.float32)[:3]


class Gallery:
    """An index of a few people; identity and reference ids are equal where each has one reference."""

    def __init__(self, folder: Path, references: Sequence[tuple[int, NDArray[np.float32]]]) -> None:
        self.index = ReferenceIndex(folder, DIM)
        vectors = np.stack([vector for _, vector in references])
        self.index.apply(range(len(references)), [identity for identity, _ in references], vectors)

    def ask(
        self, views: Sequence[NDArray[np.float32]], times_s: Sequence[float] | None = None, **more: object
    ) -> tuple[Decided, ...]:
        stacked = np.stack(views)
        times = np.arange(len(views)) * 4.0 if times_s is None else np.array(times_s)
        track = TrackEvidence(unit(stacked.mean(axis=0)), stacked, times)
        [result] = recognise([replace(track, **more)], self.index.search, POINTS)  # type: ignore[arg-type]
        return result


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery(tmp_path, [(0, A), (1, B), (2, C)])


def test_two_good_views_at_two_moments_are_a_match(gallery: Gallery) -> None:
    first, *others = gallery.ask([toward(1, (0.6, A)), toward(2, (0.6, A))])
    assert (first.decision, first.lowered) == ("match", ())
    assert (first.candidate.identity, first.candidate.reference, first.candidate.references) == (0, 0, 1)
    assert first.candidate.agreeing_views == 2
    assert first.candidate.similarity > 0.6, "the mean of two views is nearer to the person than each"
    assert first.candidate.margin == pytest.approx(first.candidate.similarity - others[0].candidate.similarity)
    assert [one.decision for one in others] == ["unknown", "unknown"]
    assert all(one.candidate.margin < 0 for one in others)


@pytest.mark.parametrize(
    ("times_s", "agreeing"), [([0.0, 0.04], 1), ([8.0, 8.2], 1), ([0.0, 0.04, 0.3], 2), ([4.0, 0.0, 8.0], 3)]
)
def test_neighbouring_frames_are_one_moment(gallery: Gallery, times_s: list[float], agreeing: int) -> None:
    first, *_ = gallery.ask([toward(n, (0.7, A)) for n in range(len(times_s))], times_s)
    assert first.candidate.agreeing_views == agreeing
    assert first.decision == ("match" if agreeing >= 2 else "maybe")


def test_one_lucky_frame_never_names_a_track(gallery: Gallery) -> None:
    """However strong it is, and however much it draws the mean of the track to itself."""
    for cosine, n_others in product((0.5, 0.7, 0.9, 0.99), (0, 1, 2, 5)):
        others = [toward(n, (0.1, B), (0.05, A)) for n in range(n_others)]
        first, *_ = gallery.ask([toward(99, (cosine, A)), *others])
        assert first.decision != "match", (cosine, n_others)
        if first.candidate.identity == 0 and first.candidate.similarity < ONE.match:
            assert first.decision == "unknown", (cosine, n_others)
    strong, *_ = gallery.ask([toward(99, (0.9, A))])
    assert (strong.decision, strong.lowered) == ("maybe", ("few_views",))
    weak, *_ = gallery.ask([toward(99, (0.45, A))])
    assert (weak.decision, weak.lowered) == ("unknown", ("few_views",))


def test_views_agree_only_if_they_are_more_alike_than_strangers_are(tmp_path: Path) -> None:
    """In a gallery of one, everybody is found first."""
    alone = Gallery(tmp_path, [(0, A)])
    first, *_ = alone.ask([toward(1, (0.95, A)), toward(2, (0.2, A))])
    assert first.candidate.similarity > ONE.match
    assert (first.candidate.agreeing_views, first.candidate.margin) == (1, first.candidate.similarity)
    assert (first.decision, first.lowered) == ("maybe", ("few_views",))


def test_an_image_needs_more_since_it_has_no_second_moment(gallery: Gallery) -> None:
    for cosine, decision, lowered in (
        (0.39, "unknown", ()),
        (0.45, "maybe", ()),
        (0.55, "maybe", ("few_views",)),
        (0.65, "match", ()),
    ):
        first, *_ = gallery.ask([toward(1, (cosine, A))], still=True)
        assert (first.decision, first.lowered) == (decision, lowered), cosine


def test_a_look_alike_within_the_margin_is_a_maybe(tmp_path: Path) -> None:
    twin = toward(7, (0.55, A))
    gallery = Gallery(tmp_path, [(0, A), (1, twin), (2, C)])
    between = unit(A + twin)
    first, second, *_ = gallery.ask([toward(n, (0.75, between)) for n in range(3)])
    assert {first.candidate.identity, second.candidate.identity} == {0, 1}
    assert first.candidate.similarity > ONE.match
    assert 0 <= first.candidate.margin < POINTS.margin
    assert (first.decision, first.lowered) == ("maybe", ("margin",))
    clearly, *_ = gallery.ask([toward(n, (0.75, A)) for n in range(3)])
    assert (clearly.candidate.identity, clearly.decision) == (0, "match")


def test_several_references_are_judged_by_the_best_few(tmp_path: Path) -> None:
    """One wrong picture among right ones does not name the person that it shows."""
    mine = [toward(n, (0.8, A)) for n in range(4)]
    gallery = Gallery(tmp_path, [*((0, one) for one in mine), (0, B), (1, C)])
    right, *_ = gallery.ask([toward(50 + n, (0.8, A)) for n in range(3)])
    assert (right.decision, right.candidate.references) == ("match", 5)
    wrong, *_ = gallery.ask([toward(60 + n, (0.8, B)) for n in range(3)])
    assert (wrong.candidate.identity, wrong.candidate.reference, wrong.decision) == (0, 4, "unknown")


def test_rejected_identities_are_left_out_and_compete_no_more(gallery: Gallery) -> None:
    views = [toward(n, (0.6, A), (0.58, B)) for n in range(3)]
    first, *_ = gallery.ask(views)
    assert (first.candidate.identity, first.decision, first.lowered) == (0, "maybe", ("margin",))
    second, *others = gallery.ask(views, rejected=frozenset([0]))
    assert (second.candidate.identity, second.candidate.agreeing_views, second.decision) == (1, 3, "match")
    assert all(one.candidate.identity != 0 for one in others)
    assert gallery.ask(views, rejected=frozenset([0, 1, 2])) == ()


def test_somebody_whom_a_like_track_is_not_is_one_step_less_sure(gallery: Gallery) -> None:
    first, *_ = gallery.ask([toward(n, (0.7, A)) for n in range(3)], doubted=frozenset([0]))
    assert (first.decision, first.lowered) == ("maybe", ("rejected_elsewhere",))


def test_nobody_is_known_and_nothing_is_asked(tmp_path: Path) -> None:
    index = ReferenceIndex(tmp_path, DIM)
    assert recognise([], index.search, POINTS) == ()
    track = TrackEvidence(A, np.zeros((0, DIM), np.float32), np.zeros(0))
    assert recognise([track, track], index.search, POINTS) == ((), ())


def test_tracks_without_good_views_are_never_named(gallery: Gallery) -> None:
    track = TrackEvidence(A, np.zeros((0, DIM), np.float32), np.zeros(0))
    [[first, *_]] = recognise([track], gallery.index.search, POINTS)
    assert first.candidate.similarity == pytest.approx(1.0)
    assert first.decision == "maybe"


evidence = st.builds(
    CandidateEvidence,
    identity=st.just(1),
    reference=st.just(1),
    similarity=st.floats(-1, 1),
    margin=st.floats(-1, 1),
    references=st.integers(1, 5),
    agreeing_views=st.integers(0, 4),
)


@given(evidence, st.booleans(), st.sets(st.sampled_from(["sex", "birthdate"])), st.booleans())
def test_contradictions_lower_by_one_step_and_say_so(
    candidate: CandidateEvidence, still: bool, contradicted: set[str], doubted: bool
) -> None:
    plain = decide(candidate, POINTS, still)
    against = decide(candidate, POINTS, still, sorted(contradicted), doubted)
    steps = bool(contradicted) + doubted
    expected = max(0, LEVELS.index(plain.decision) - steps)
    assert LEVELS.index(against.decision) == expected
    if plain.decision != "unknown" and contradicted:
        assert contradicted <= set(against.lowered)


@given(evidence, st.booleans(), st.floats(0, 1), st.integers(0, 3))
def test_more_evidence_never_makes_it_less_sure(
    candidate: CandidateEvidence, still: bool, more: float, views: int
) -> None:
    better = replace(
        candidate,
        similarity=candidate.similarity + more,
        margin=candidate.margin + more,
        agreeing_views=candidate.agreeing_views + views,
    )
    before, after = decide(candidate, POINTS, still), decide(better, POINTS, still)
    assert LEVELS.index(after.decision) >= LEVELS.index(before.decision)
    assert (before.decision == "match") <= (candidate.similarity >= POINTS.of(candidate.references).match)


FEMALE, MALE = FaceTraits("female", 0.95), FaceTraits("male", 0.95)


@pytest.mark.parametrize(
    ("facts", "traits", "date", "found"),
    [
        (PersonFacts(), [MALE], "2020-01-01", ()),
        (PersonFacts("female"), [MALE, MALE], "", ("sex",)),
        (PersonFacts("male"), [MALE, MALE], "", ()),
        (PersonFacts("female"), [MALE, FEMALE], "", ()),
        (PersonFacts("female"), [FaceTraits("male", 0.6)], "", ()),
        (PersonFacts("female"), [FaceTraits()], "", ()),
        (PersonFacts("", "2000-06-15"), [], "2018-06-14", ("birthdate",)),
        (PersonFacts("", "2000-06-15"), [], "2018-06-15", ()),
        (PersonFacts("", "2000-06-15"), [], "1999-01-01", ("birthdate",)),
        (PersonFacts("", "2000-06-15"), [], "", ()),
        (PersonFacts("", "2000"), [], "2018", ()),
        (PersonFacts("", "2000"), [], "2017", ("birthdate",)),
        (PersonFacts("", "2000-06"), [], "2018-05", ("birthdate",)),
        (PersonFacts("", "unknown"), [], "2018", ()),
        (PersonFacts("", "2000-13"), [], "2001-01-01", ()),
        (PersonFacts("", "1980-01-01"), [FaceTraits(age_years=25.0)], "2020-01-01", ()),
        (PersonFacts("", "1980-01-01"), [FaceTraits(age_years=19.0)], "2020-01-01", ("birthdate",)),
        (PersonFacts("", "1980-01-01"), [FaceTraits(age_years=62.0)], "2020-01-01", ("birthdate",)),
        (PersonFacts("", "1980-01-01"), [FaceTraits(age_years=5.0), *[FaceTraits(age_years=40.0)] * 2], "2020", ()),
        (PersonFacts("female", "1980"), [FaceTraits("male", 0.99, 5.0)], "2020", ("sex", "birthdate")),
    ],
)
def test_what_contradicts(facts: PersonFacts, traits: list[FaceTraits], date: str, found: tuple[str, ...]) -> None:
    assert contradictions(facts, traits, date) == found


def test_what_is_known_of_a_person_lowers_their_match(gallery: Gallery) -> None:
    views: Vectors = np.stack([toward(n, (0.7, A)) for n in range(3)])
    track = TrackEvidence(unit(views.mean(axis=0)), views, np.arange(3.0), False, [MALE] * 3, "2020-01-01")
    facts = {0: PersonFacts("female", "2010-01-01")}
    [[first, *_]] = recognise([track], gallery.index.search, POINTS, lambda one: facts.get(one, PersonFacts()))
    assert (first.candidate.identity, first.decision, first.lowered) == (0, "maybe", ("sex", "birthdate"))
