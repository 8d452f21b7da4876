"""Vectors of prompts, kept for ever: a text's vector under one model never changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from sidecar.store.database import Database
from sidecar.store.sets import blob_of, model_id


def find_prompts(db: Database, model_key: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors that are known, by text; a text that is not known is left out."""
    by_digest = {_digest(text): text for text in texts}
    rows = db.rows(
        """SELECT text_sha256, vector FROM prompt JOIN model ON model.id = model_id
           WHERE model_key = ? AND text_sha256 IN (SELECT value FROM json_each(?))""",
        *(model_key, json.dumps(list(by_digest))),
    )
    found = {by_digest[digest]: np.frombuffer(blob, "<f4").astype(np.float32) for digest, blob in rows}
    return {text: found[text] for text in dict.fromkeys(texts) if text in found}


def save_prompts(db: Database, model_key: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Remember one row of vectors per text. Raises ValueError for shapes that do not fit or values not finite."""
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise ValueError(f"expected one vector per text, got {len(texts)} texts and vectors of shape {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("prompt vectors must be finite")
    with db.transaction():
        model = model_id(db, model_key)
        for text, vector in zip(texts, vectors, strict=True):
            blob = np.ascontiguousarray(vector, "<f4").tobytes()
            sql = "INSERT OR REPLACE INTO prompt (model_id, text_sha256, vector) VALUES (?, ?, ?)"
            db.run(sql, model, _digest(text), blob)


def _digest(text: str) -> str:
    return sha256(blob_of(text)).hexdigest()
