"""Persons, candidates and pictures as pages take them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from plugin.context import Context
from plugin.faces_values import box_of, performer_id_of
from plugin.store.faces import Candidate


class People:
    """Makes JSON of persons. Asks the store how stash-boxes are called."""

    def __init__(self, context: Context) -> None:
        self._names: Mapping[str, str] = context.store.meta.get("stash_box_names", {})

    def who(self, keys: Sequence[str], name: str) -> dict[str, Any]:
        """keys: every key of the identity, the one that is meant first."""
        boxes = [found for key in keys if (found := box_of(key)) is not None]
        return {
            "key": keys[0] if keys else "",
            "keys": list(keys),
            "name": name,
            "performer_id": next((one for key in keys if (one := performer_id_of(key)) is not None), None),
            "boxes": [
                {"endpoint": endpoint, "name": self._names.get(endpoint) or _host(endpoint), "id": box_id}
                for endpoint, box_id in boxes
            ],
        }

    def candidate(self, one: Candidate) -> dict[str, Any]:
        return {
            **self.who(one.keys, one.name),
            "similarity": one.similarity,
            "margin": one.margin,
            "references": one.references,
            "agreeing_views": one.agreeing_views,
            "source": one.source,
            "reference_id": one.reference_id,
            "lowered": list(one.lowered),
            "decision": one.decision,
        }


def picture(jpeg: bytes) -> str:
    """A data URL; "" where there is no picture."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else ""


def _host(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or endpoint
