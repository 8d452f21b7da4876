from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sidecar.store import AFTER_CUT, KEYFRAME, Coverage, FeatureStore, PassState
from sidecar.values import ContentKey, Note
from tests.store.samples import DIM, MODEL, content, is_true_to_its_times, steps, times, vectors_at

COARSE = times(0, 4, 8, 12)


def append_coarse(store: FeatureStore, key: ContentKey = content(1)) -> int:  # noqa: B008 - a frozen value
    return store.append(key, MODEL, DIM, COARSE, None, vectors_at(COARSE), [Coverage(0, 12, 4)])


def test_samples_come_back_in_time_order_after_a_reopening(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        assert append_coarse(store) == 4
        fine = times(9, 8.5, 9.5)
        flags = np.array([AFTER_CUT, 0, KEYFRAME | AFTER_CUT], np.uint16)
        assert store.append(content(1), MODEL, DIM, fine, flags, vectors_at(fine), [Coverage(8, 9.5, 0.5)]) == 3
    with FeatureStore.open(data_dir) as store:
        features = store.features(content(1), MODEL)
    assert features is not None
    assert features.pts_s.tolist() == [0, 4, 8, 8.5, 9, 9.5, 12]
    assert features.flags.tolist() == [0, 0, 0, 0, AFTER_CUT, KEYFRAME | AFTER_CUT, 0]
    assert features.coverage == (Coverage(0, 12, 4), Coverage(8, 9.5, 0.5))
    assert features.vectors.dtype == np.float16
    assert is_true_to_its_times(features)


def test_the_same_append_twice_is_one_append(store: FeatureStore) -> None:
    append_coarse(store)
    size = store.usage().rows
    assert append_coarse(store) == 0
    assert store.usage().rows == size


def test_of_samples_with_one_time_stamp_the_first_wins(store: FeatureStore) -> None:
    pts_s = times(1, 1, 2)
    store.append(content(1), MODEL, DIM, pts_s, None, vectors_at(times(1, 5, 2)))
    store.append(content(1), MODEL, DIM, times(2 + 1e-9, 3), None, vectors_at(times(7, 3)))
    features = store.features(content(1), MODEL)
    assert features is not None
    assert features.pts_s.tolist() == [1, 2, 3]
    assert is_true_to_its_times(features)


def test_coverage_alone_can_be_added(store: FeatureStore) -> None:
    append_coarse(store)
    assert (
        store.append(content(1), MODEL, DIM, times(), None, np.zeros((0, DIM), np.float32), [Coverage(12, 14, 4)]) == 0
    )
    features = store.features(content(1), MODEL)
    assert features is not None
    assert features.coverage == (Coverage(0, 14, 4),)
    assert len(features.pts_s) == 4


def test_coverage_before_any_sample_is_kept(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        store.append(content(1), MODEL, DIM, times(), None, np.zeros((0, DIM), np.float32), [Coverage(0, 1, 4)])
    with FeatureStore.open(data_dir) as store:
        features = store.features(content(1), MODEL)
        assert features is not None
        assert features.vectors.shape == (0, DIM)
        assert features.coverage == (Coverage(0, 1, 4),)
        append_coarse(store)
        assert len(list(store.iter_feature_sets(MODEL))) == 1


def test_models_and_contents_do_not_mix(store: FeatureStore) -> None:
    append_coarse(store)
    store.append(content(1), "other", 8, COARSE, None, vectors_at(COARSE, 8))
    store.append(ContentKey("md5", "0" * 32, 1001), MODEL, DIM, times(0), None, vectors_at(times(0)))
    assert store.features(content(2), MODEL) is None
    other = store.features(content(1), "other")
    assert other is not None and other.dim == 8
    assert [len(found.pts_s) for found in store.iter_feature_sets(MODEL)] == [1, 4]


def test_float16_vectors_are_stored_as_they_are(store: FeatureStore) -> None:
    halves = vectors_at(COARSE).astype(np.float16)
    store.append(content(1), MODEL, DIM, COARSE, None, halves)
    features = store.features(content(1), MODEL)
    assert features is not None
    assert np.array_equal(features.vectors, halves)


@pytest.mark.parametrize(
    ("pts_s", "vectors", "why"),
    [
        (times(1, 2), np.zeros((1, DIM)), "expected pts_s"),
        (times(1), np.zeros((1, DIM + 1)), "expected pts_s"),
        (times(float("nan")), np.zeros((1, DIM)), "pts_s must be finite"),
        (times(1), np.full((1, DIM), np.nan), "vectors must be finite"),
        (times(1), np.full((1, DIM), 1e9), "vectors must be finite"),
    ],
)
def test_samples_that_do_not_fit_are_refused(
    store: FeatureStore,
    pts_s: np.ndarray[tuple[int], np.dtype[np.float64]],
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    why: str,
) -> None:
    with pytest.raises(ValueError, match=why):
        store.append(content(1), MODEL, DIM, pts_s, None, vectors.astype(np.float32))
    assert store.features(content(1), MODEL) is None


def test_another_dimension_under_the_same_model_is_refused(store: FeatureStore) -> None:
    append_coarse(store)
    with pytest.raises(ValueError, match="has dim 24, got vectors of dim 8"):
        store.append(content(1), MODEL, 8, COARSE, None, vectors_at(COARSE, 8))


@pytest.mark.parametrize("digest", ["../../../etc/x", "", "ABCDEF0123456789", "0123456789abcdef\n"])
def test_a_key_that_would_make_a_bad_file_name_is_refused(store: FeatureStore, digest: str) -> None:
    with pytest.raises(ValueError, match="not a content key"):
        append_coarse(store, ContentKey("oshash", digest, 1))


def test_a_moved_file_keeps_its_features_and_what_was_known_of_it(data_dir: Path) -> None:
    now = iter([100.0, 200.0])
    with FeatureStore.open(data_dir, clock=lambda: next(now)) as store:
        store.remember_media(
            content(1), "video", "/old/a.mp4", duration_s=60.5, width_px=64, height_px=48, codec="h264"
        )
        append_coarse(store)
        store.remember_media(content(1), "video", "/new/\udcff.mp4")
        row, features = store.media(content(1)), store.features(content(1), MODEL)
        assert store.media(content(2)) is None
    assert row is not None and features is not None
    assert (row.path, row.duration_s, row.codec) == ("/new/\udcff.mp4", 60.5, "h264")
    assert (row.first_seen_s, row.last_seen_s) == (100.0, 200.0)
    assert features.path == "/new/\udcff.mp4"


def test_a_pass_state_repeats_its_warnings(store: FeatureStore) -> None:
    assert store.pass_state(content(1), MODEL) is None
    notes = (Note("truncated", "only 12 s of /a/\udcff.mp4 decode"), Note("a", ""))
    state = PassState(4.0, "budget", 0.5, 12.0, 360, 40, "pyav-cpu", notes)
    store.set_pass_state(content(1), MODEL, PassState())
    store.set_pass_state(content(1), MODEL, state)
    assert store.pass_state(content(1), MODEL) == state
    assert store.pass_state(content(1), "other") is None


def test_what_is_forgotten_leaves_nothing(store: FeatureStore, data_dir: Path) -> None:
    append_coarse(store)
    append_coarse(store, content(2))
    store.remember_media(content(1), "video", "/a.mp4")
    store.set_pass_state(content(1), MODEL, PassState(4.0))
    store.forget(content(1))
    assert store.features(content(1), MODEL) is None
    assert store.media(content(1)) is None
    assert store.pass_state(content(1), MODEL) is None
    assert [path.name[:24] for path in data_dir.rglob("*.vec")] == ["oshash-0000000000000002-"]
    assert append_coarse(store) == 4


def test_the_features_of_one_model_can_be_forgotten_alone(store: FeatureStore, data_dir: Path) -> None:
    append_coarse(store)
    store.append(content(1), "other", 8, COARSE, None, vectors_at(COARSE, 8))
    store.remember_media(content(1), "video", "/a.mp4")
    for model_key in (MODEL, "other"):
        store.set_pass_state(content(1), model_key, PassState(4.0))
    store.forget_features(content(1), MODEL)
    assert store.features(content(1), MODEL) is None
    assert store.pass_state(content(1), MODEL) is None
    assert store.features(content(1), "other") is not None
    assert store.pass_state(content(1), "other") is not None
    assert store.media(content(1)) is not None
    assert len(list(data_dir.rglob("*.vec"))) == 1
    assert (store.count_rows(MODEL), store.count_rows("other")) == ((0, 0), (4, 1))


def test_a_file_that_was_doomed_when_we_died_is_deleted_at_the_next_start(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        append_coarse(store)
        (file,) = data_dir.rglob("*.vec")
        kept = file.read_bytes()
        store.forget(content(1))
        store._db.run("INSERT INTO doomed_file VALUES (?)", f"{file.parent.name}/{file.name}")
    file.write_bytes(kept)
    FeatureStore.open(data_dir).close()
    assert not file.exists()


def test_prompts_are_remembered_for_their_model_only(data_dir: Path) -> None:
    vectors = vectors_at(times(1, 2))
    with FeatureStore.open(data_dir) as store:
        store.remember_prompts(MODEL, ["a cat", "ein \udcff"], vectors)
    with FeatureStore.open(data_dir) as store:
        found = store.prompt_vectors(MODEL, ["a dog", "ein \udcff", "a cat", "a cat"])
        assert store.prompt_vectors("other", ["a cat"]) == {}
        assert store.usage().prompts == 2
    assert list(found) == ["ein \udcff", "a cat"]
    assert np.array_equal(found["a cat"], vectors[0])
    assert found["a cat"].dtype == np.float32


def test_thousands_of_prompts_are_found_at_once(store: FeatureStore) -> None:
    texts = [f"prompt {n}" for n in range(3000)]
    store.remember_prompts(MODEL, texts, vectors_at(steps(0, 3000)))
    assert list(store.prompt_vectors(MODEL, texts)) == texts


def test_prompt_vectors_that_do_not_fit_are_refused(store: FeatureStore) -> None:
    with pytest.raises(ValueError, match="one vector per text"):
        store.remember_prompts(MODEL, ["a"], vectors_at(times(1, 2)))
    with pytest.raises(ValueError, match="finite"):
        store.remember_prompts(MODEL, ["a"], np.full((1, 4), np.nan, np.float32))


def test_usage_counts_what_is_there(store: FeatureStore, data_dir: Path) -> None:
    append_coarse(store)
    store.remember_media(content(1), "video", "/a.mp4")
    usage = store.usage()
    assert (usage.media, usage.feature_sets, usage.rows) == (1, 1, 4)
    on_disk = sum(
        path.stat().st_size for path in data_dir.rglob("*") if path.suffix == ".vec" or "sidecar.db" in path.name
    )
    assert usage.size_bytes == on_disk
