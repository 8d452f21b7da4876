"""Operating points: what they promise is kept on people whom nobody measured, in a library that is hard."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scripts.benchmark import synthetic_people
from scripts.benchmark.synthetic_people import SyntheticPeople, identify, interval, rules
from sidecar.people.calibration import (
    MATCH_FALSE_ACCEPTS,
    MAYBE_FALSE_ACCEPTS,
    OperatingPoints,
    calibrate,
)
from tests.people.vectors import unit

DIM = 128


def points_of(people: SyntheticPeople) -> OperatingPoints:
    return calibrate(people.identities, lambda rows: people.vectors[rows], rules(people.vectors.shape[1]))


def test_the_library_is_as_hard_as_it_is_said_to_be() -> None:
    people = synthetic_people.make(1, 2000, 512, 400)
    mates = [views @ views.T for views in people.views]
    cosines = np.concatenate([one[np.triu_indices(len(one), 1)] for one in mates])
    assert np.quantile(cosines, 0.01) < 0.3 < np.median(cosines) < 0.75
    own, vectors = people.of_track[people.of_track >= 0], people.vectors
    firsts = np.searchsorted(people.identities, own)
    known = [views for views, one in zip(people.views, people.of_track, strict=True) if one >= 0]
    to_reference = np.concatenate([views @ vectors[row] for views, row in zip(known, firsts, strict=True)])
    assert 0.15 < np.quantile(to_reference, 0.05) < np.quantile(to_reference, 0.95) < 0.85
    assert np.mean(np.unique(people.identities, return_counts=True)[1] == 1) > 0.55


def test_20_000_people_are_told_apart_and_strangers_stay_strangers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = synthetic_people.make(1, 20_000, DIM, 2_000)
    points = points_of(people)
    assert {points.one.basis, points.several.basis} == {"library"}
    assert points.one.match_false_accepts + points.several.match_false_accepts == pytest.approx(MATCH_FALSE_ACCEPTS)
    assert points.one.maybe_false_accepts + points.several.maybe_false_accepts == pytest.approx(MAYBE_FALSE_ACCEPTS)
    result = identify(people, points, tmp_path)
    with capsys.disabled():
        print("\n" + result.text())
    # Of all tracks of known people, single views included: within what a hard library should give.
    assert result.identified.low >= 0.70
    assert result.identified.high <= 0.95
    # The promise, on strangers who had no part in the measurement: not only on average, but beyond doubt.
    assert result.false_accepts.high <= MATCH_FALSE_ACCEPTS
    assert result.false_maybes.high <= MAYBE_FALSE_ACCEPTS
    assert result.misidentified.high <= 0.01
    # And it is the second moment that does it: by similarity alone, lucky frames would break it.
    assert result.false_accepts_by_similarity.low > MATCH_FALSE_ACCEPTS
    assert result.false_accepts_of_one_view.count == result.identified_of_one_view.count == 0


def test_the_points_alone_keep_the_promise_where_no_frame_is_lucky(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic_people, "LUCKY_SHARE", 0.0)
    people = synthetic_people.make(3, 2_000, DIM, 1_600)
    result = identify(people, points_of(people), tmp_path)
    assert result.false_accepts_by_similarity.low <= MATCH_FALSE_ACCEPTS
    assert result.false_accepts.high <= 2 * MATCH_FALSE_ACCEPTS
    assert result.false_maybes.high <= MAYBE_FALSE_ACCEPTS
    assert result.identified.low >= 0.7


def test_points_rise_with_the_gallery() -> None:
    people = synthetic_people.make(2, 8_000, DIM, 2)
    points = []
    for n in (120, 1_200, 8_000):
        kept = people.vectors[people.identities < n]
        points.append(calibrate(people.identities[people.identities < n], kept.__getitem__, rules(DIM)))
    assert [one.identities for one in points] == [120, 1_200, 8_000]
    for smaller, larger in pairwise(points):
        assert larger.one.maybe > smaller.one.maybe
        assert larger.one.match > smaller.one.match
        assert larger.several.maybe > smaller.several.maybe
    for one in points:
        for point in (one.one, one.several):
            assert point.maybe < point.match <= point.still <= 1


def test_a_part_of_a_large_gallery_tells_what_the_whole_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extrapolated from a fifth of the people, the points are those of all, and a little higher: less is known."""
    people = synthetic_people.make(4, 6_000, DIM, 2)
    whole = points_of(people)
    monkeypatch.setattr("sidecar.people.calibration.GALLERY_ROWS", 2_640)
    part = points_of(people)
    for of_whole, of_part in ((whole.one, part.one), (whole.several, part.several)):
        assert of_whole.maybe - 0.02 <= of_part.maybe <= of_whole.maybe + 0.08
        assert of_whole.match - 0.04 <= of_part.match <= of_whole.match + 0.1


def test_it_is_the_same_each_time() -> None:
    people = synthetic_people.make(5, 500, DIM, 2)
    assert points_of(people) == points_of(people)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_with_nothing_to_measure_the_models_own_points_stand(n: int) -> None:
    people = synthetic_people.make(6, 10, DIM, 2)
    kept = people.identities < n
    points = calibrate(people.identities[kept], lambda rows: people.vectors[kept][rows], rules(DIM))
    assert (points.one.basis, points.several.basis) == ("model", "model")
    for point in (points.one, points.several):
        assert point.match >= rules(DIM).match
        assert point.maybe >= rules(DIM).maybe
        assert math.isfinite(point.still)
    assert points.identities == n


def test_people_who_are_there_twice_do_not_spoil_the_points() -> None:
    """One human being under two identities is no false accept; a twentieth of the gallery would be."""
    people = synthetic_people.make(7, 2_000, DIM, 2)
    rng = np.random.default_rng(1)
    twice = people.identities < 100
    near = people.vectors[twice] + 0.03 * rng.normal(size=(np.count_nonzero(twice), DIM))
    doubled = replace(
        people,
        identities=np.concatenate([people.identities, people.identities[twice] + 5_000]),
        vectors=np.concatenate([people.vectors, unit(near)]),
    )
    assert points_of(doubled).one.match == pytest.approx(points_of(people).one.match, abs=0.05)


def test_another_models_scale_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """dlib's vectors all point one way: cosines of strangers lie around 0.8."""
    monkeypatch.setattr(synthetic_people, "ONE_REFERENCE_SHARE", 1.0)
    people = synthetic_people.make(8, 2_000, DIM, 2)
    shifted = unit(np.concatenate([0.5 * people.vectors, np.full((len(people.vectors), 1), 1.0)], axis=1))
    model = replace(rules(DIM), impostor_mean=0.8, impostor_sd=0.02, match=0.9, maybe=0.87)
    points = calibrate(people.identities, lambda rows: shifted[rows], model)
    plain = points_of(people)
    # The cosine of the shifted ones is 0.8 + 0.2 x that of the others.
    assert points.one.match == pytest.approx(0.8 + 0.2 * plain.one.match, abs=0.01)
    assert points.margin == pytest.approx(0.2 * plain.margin, rel=0.1)
    assert points.stranger == pytest.approx(0.8 + 0.2 * plain.stranger, abs=0.01)


def test_a_maybe_is_always_enough_for_a_view_to_speak() -> None:
    """dlib's strangers vary so much that three standard deviations lie above its match."""
    people = synthetic_people.make(9, 10, DIM, 2)
    wide = replace(rules(DIM), impostor_mean=0.12, impostor_sd=0.17, match=0.62, maybe=0.48)
    points = calibrate(people.identities, lambda rows: people.vectors[rows], wide)
    assert points.stranger <= min(points.one.maybe, points.several.maybe)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Clopper and Pearson's, 95 %, from R's binom.test.
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (2, 700, 0.00035, 0.01028), (50, 100, 0.3983, 0.6017)],
)
def test_intervals_are_clopper_pearsons(count: int, of: int, low: float, high: float) -> None:
    found = interval(count, of)
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)
