from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sidecar.tagging.scoring import ScoringRule, ensemble, score

CLASS_Z = ScoringRule("class_z", logit_scale=1, enter=2.5, stay=2.0)
SOFTMAX = ScoringRule("background_softmax", logit_scale=100, enter=0.5, stay=0.3)


def unit_rows(seed: int, rows: int, dim: int = 64) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, dim))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_class_z_is_the_z_of_the_tag_among_its_dots_with_the_background() -> None:
    frames, tags, background = unit_rows(1, 7), unit_rows(2, 3), unit_rows(3, 100)
    expected = np.empty((7, 3))
    for i, frame in enumerate(frames.astype(np.float64)):
        for k, tag in enumerate(tags.astype(np.float64)):
            dots = background.astype(np.float64) @ tag
            expected[i, k] = (frame @ tag - dots.mean()) / dots.std()
    scores = score(frames, tags, background, CLASS_Z)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, expected, atol=1e-4)


def test_background_softmax_is_the_softmax_of_one_tag_among_the_background() -> None:
    frames, tags, background = unit_rows(1, 7), unit_rows(2, 3), unit_rows(3, 60)
    expected = np.empty((7, 3))
    for i, frame in enumerate(frames.astype(np.float64)):
        rivals = np.exp(100 * (background.astype(np.float64) @ frame)).sum()
        for k, tag in enumerate(tags.astype(np.float64)):
            own = np.exp(100 * (frame @ tag))
            expected[i, k] = own / (own + rivals)
    np.testing.assert_allclose(score(frames, tags, background, SOFTMAX), expected, rtol=2e-3, atol=1e-6)


@pytest.mark.parametrize("rule", [CLASS_Z, SOFTMAX])
def test_a_tag_on_the_frame_wins_and_tags_do_not_push_each_other_away(rule: ScoringRule) -> None:
    frame, background = unit_rows(1, 1), unit_rows(3, 60)
    other = unit_rows(2, 1)
    alone = score(frame, np.concatenate([frame, other]), background, rule)[0]
    together = score(frame, np.concatenate([frame, other, frame]), background, rule)[0]
    assert alone[0] > rule.enter
    assert alone[1] < rule.stay
    np.testing.assert_allclose(together[:2], alone, rtol=1e-5)


@pytest.mark.parametrize("rule", [CLASS_Z, SOFTMAX])
def test_stored_half_precision_rows_score_as_full_ones_across_blocks(rule: ScoringRule) -> None:
    frames, tags, background = unit_rows(1, 9000, 16), unit_rows(2, 3, 16), unit_rows(3, 60, 16)
    gentle = ScoringRule(rule.kind, 10, rule.enter, rule.stay)
    halves = score(frames.astype(np.float16), tags, background, gentle)
    np.testing.assert_allclose(halves, score(frames, tags, background, gentle), atol=0.01)
    # BLAS sums in another order for another block height, so rows agree only to the last bits of float32.
    np.testing.assert_allclose(halves[4100:4110], score(frames[4100:4110], tags, background, gentle), atol=0.01)


def test_extreme_logits_stay_finite() -> None:
    frames = unit_rows(1, 4)
    rule = ScoringRule("background_softmax", 1e4, 0.5, 0.3)
    with np.errstate(over="raise", invalid="raise"):
        scores = score(frames, np.concatenate([frames, -frames]), unit_rows(2, 60), rule)
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(np.diag(scores[:, :4]), 1, atol=1e-6)


def test_no_frames_and_no_tags_are_fine() -> None:
    assert score(unit_rows(1, 0), unit_rows(2, 3), unit_rows(3, 9), CLASS_Z).shape == (0, 3)
    assert score(unit_rows(1, 5), unit_rows(2, 0), unit_rows(3, 9), CLASS_Z).shape == (5, 0)


def test_vectors_of_different_models_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"share its dimension; received frame_vectors \(5, 64\), tag_vectors \(3, 32\)"
    ):
        score(unit_rows(1, 5), unit_rows(2, 3, 32), unit_rows(3, 9), CLASS_Z)
    with pytest.raises(ValueError, match="at least 2 background vectors"):
        score(unit_rows(1, 5), unit_rows(2, 3), unit_rows(3, 1), CLASS_Z)
    with pytest.raises(ValueError, match="equally near"):
        score(unit_rows(1, 5), unit_rows(2, 3), np.repeat(unit_rows(3, 1), 4, axis=0), CLASS_Z)


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="stay at most enter"):
        ScoringRule("class_z", 1, enter=2.0, stay=2.5)
    with pytest.raises(ValueError, match="logit_scale is 0"):
        ScoringRule("class_z", 0, enter=2.0, stay=1.0)
    with pytest.raises(ValueError, match="'cosine' is unknown"):
        ScoringRule("cosine", 1, enter=2.0, stay=1.0)  # type: ignore[arg-type]


def test_an_ensemble_is_the_normalised_mean_of_its_phrasings_in_any_order() -> None:
    phrases = unit_rows(1, 5)
    vectors = ensemble(phrases, [0, 1, 0, 1, 1])
    mean = phrases[[1, 3, 4]].mean(axis=0)
    np.testing.assert_allclose(vectors[1], mean / np.linalg.norm(mean), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_an_ensemble_without_direction_is_refused() -> None:
    phrases = unit_rows(1, 2)
    with pytest.raises(ValueError, match="Tag 1 has no phrasing"):
        ensemble(phrases, [0, 2])
    with pytest.raises(ValueError, match="Tag 0 has no phrasing"):
        ensemble(np.concatenate([phrases[:1], -phrases[:1]]), [0, 0])
    with pytest.raises(ValueError, match="2 phrase vectors for 1 phrases"):
        ensemble(phrases, [0])
