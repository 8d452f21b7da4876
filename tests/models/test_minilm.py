"""The numpy BERT against values that transformers' BertModel gave for the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from sidecar.models.catalogue import LITE
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.minilm import MAX_TOKENS, MiniLm
from sidecar.models.weights import ChecksumMemory, packaged_file

# transformers 5 BertModel, float32, mean of last_hidden_state over all tokens, then L2: the first four components.
CANONICAL = {
    "a cup of coffee": (-0.03356777, 0.06589021, 0.02797956, 0.1158371),
    "tabby cat": (0.00744685, -0.02319912, -0.00702183, -0.06907266),
    "A rocket launching from its pad, seen from far away, with clouds.": (
        0.01467228,
        0.02720981,
        -0.00808205,
        -0.04687,
    ),
    "café au lait 東京": (0.06601424, -0.0184665, 0.02451207, -0.01085531),
    "": (-0.11883838, 0.04829868, -0.00254813, -0.01101121),
    "x " * 300: (0.00639395, -0.01725872, -0.011792, -0.04904755),
}


@pytest.fixture(scope="module")
def encoder(options: EmbedderOptions) -> MiniLm:
    memory = ChecksumMemory(options.cache_dir / "checksums.json")
    return MiniLm(packaged_file(LITE.files[1], memory), packaged_file(LITE.files[2], memory))


def test_equals_the_reference_implementation(encoder: MiniLm) -> None:
    vectors = encoder.embed(list(CANONICAL))
    np.testing.assert_allclose(vectors[:, :4], np.array(list(CANONICAL.values())), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_does_not_depend_on_its_neighbours(encoder: MiniLm) -> None:
    alone = encoder.embed(["tabby cat"])
    among = encoder.embed(["dog", "tabby cat", "a much longer sentence about a dog that sleeps", "grey hat"])
    np.testing.assert_allclose(among[1], alone[0], atol=1e-6)


def test_texts_are_cut_at_the_limit(encoder: MiniLm) -> None:
    long, longer = encoder.embed(["x " * MAX_TOKENS, "x " * 5 * MAX_TOKENS])
    np.testing.assert_allclose(long, longer, atol=1e-6)


def test_nearness_is_meaning(encoder: MiniLm) -> None:
    cat, kitten, truck = encoder.embed(["a cat", "a kitten", "a truck"])
    assert cat @ kitten > 0.7 > 0.5 > cat @ truck


def test_no_texts(encoder: MiniLm) -> None:
    assert encoder.embed([]).shape == (0, 384)
