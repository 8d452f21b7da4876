"""The sentence encoder all-MiniLM-L6-v2 in plain numpy: short texts in, unit vectors out.

Written out because importing `transformers` costs 8 s and its legacy ONNX export lost the attention mask (vectors off
by 0.11). The architecture is BERT (Devlin et al. 2018) with 6 layers; pooling follows sentence-transformers: the mean
over all tokens, then L2. This file alone imports safetensors and tokenizers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.blas import use_one_blas_thread
from sidecar.values import Vectors

DIM = 384
MAX_TOKENS = 128
_LAYERS = 6
_HEADS = 12
_CHUNK = 64  # texts per pass: keeps the widest activation (64 x 128 x 1536 float32) at 50 MB

_Array = NDArray[np.float32]


class MiniLm:
    """The loaded encoder. Stateless between calls, so several threads may use it."""

    def __init__(self, weights_path: Path, tokenizer_path: Path) -> None:
        """Load 90 MB of float32 weights (about 0.1 s). Files must have been verified by the caller."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._weights: dict[str, _Array] = load_file(weights_path)
        self._tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    @property
    def memory_bytes(self) -> int:
        return sum(weight.nbytes for weight in self._weights.values())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as L2-normalised rows (len(texts), 384), in order. Texts beyond 128 tokens are cut."""
        vectors = np.zeros((len(texts), DIM), np.float32)
        by_length: dict[int, list[int]] = {}
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        for index, ids in enumerate(tokens):
            by_length.setdefault(len(ids), []).append(index)
        # Texts of one length need neither padding nor a mask, so neither can be got wrong.
        # One BLAS thread: these products are small, and OpenBLAS's workers spin. 1000 class names on two cores that
        # others use as well took 16.9 s with two threads and 2.3 s with one.
        use_one_blas_thread()
        for indices in by_length.values():
            for first in range(0, len(indices), _CHUNK):
                chunk = indices[first : first + _CHUNK]
                vectors[chunk] = self._forward(np.array([tokens[index] for index in chunk]))
        return vectors

    def _forward(self, ids: NDArray[np.int64]) -> Vectors:
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = hidden + weights["embeddings.token_type_embeddings.weight"][0]
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attend(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
            hidden = self._norm(hidden + attended, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
            hidden = self._norm(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        pooled = hidden.mean(axis=1)
        normalised: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return normalised

    def _attend(self, hidden: _Array, name: str) -> _Array:
        batch, length, width = hidden.shape

        def heads(part: str) -> _Array:
            split = self._linear(hidden, f"{name}.{part}").reshape(batch, length, _HEADS, width // _HEADS)
            return split.transpose(0, 2, 1, 3)

        weights = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32((width // _HEADS) ** 0.5)
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: _Array = (weights @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, width)
        return attended

    def _linear(self, values: _Array, name: str) -> _Array:
        # One product of two matrices: numpy would multiply a stack text by text, which measured 3 times slower.
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        result: _Array = (values.reshape(-1, values.shape[-1]) @ weight.T + bias).reshape(*values.shape[:-1], -1)
        return result

    def _norm(self, values: _Array, name: str) -> _Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        result: _Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def _gelu(values: _Array) -> _Array:
    """x·Φ(x) with erf after Abramowitz & Stegun 7.1.26 (error < 1.5e-7); numpy has no erf of its own."""
    x = np.abs(values) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * x)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    erf = np.sign(values) * (1 - series * np.exp(-x * x))
    result: _Array = (0.5 * values * (1 + erf)).astype(np.float32)
    return result
