"""A search index over references: a cache of what the sidecar's database knows, in a folder of its own per model."""

from __future__ import annotations

from sidecar.people.index.found import Known
from sidecar.people.index.reference_index import EXACT_LIMIT, ReferenceIndex
from sidecar.people.index.references import References

__all__ = ["EXACT_LIMIT", "Known", "ReferenceIndex", "References"]
