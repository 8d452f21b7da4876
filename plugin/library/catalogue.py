"""The catalogue as recommenders ask for it, read from the store as far as they do."""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from plugin.library.about import About, unpack_terms
from plugin.library.packing import unpack
from plugin.library.terms import Stretch, spans_of_markers
from plugin.recommend.values import Posting, SceneTerm
from plugin.store.catalogue import TermRow
from plugin.store.errors import CacheDamaged
from plugin.store.store import Store
from plugin.telemetry.coverage import union

Numbers = TypeVar("Numbers", bytes, "array[int]", "array[float]")

NO_POSTING = Posting(array("I"), array("f"), array("f"))


class StoreCatalogue:
    """Implements Catalogue. Empty where refresh_catalogue() never ran. Raises StoreError, of which CacheDamaged.

    All columns are of one moment. Postings are read later: what was added to them meanwhile is left out.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._tables = store, store.catalogue
        self._packed: dict[int, bytes] = {}
        self._terms: dict[int, tuple[SceneTerm, ...]] = {}
        self._postings: dict[int, Posting] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._rows: dict[int, TermRow | None] = {}

    @functools.cached_property
    def about(self) -> About:
        return About.of(self._columns.get("about", b""))

    @functools.cached_property
    def scene_ids(self) -> array[int]:
        return self._column("I", "scene_ids")

    @functools.cached_property
    def alive(self) -> bytes:
        return self._per_scene(self._columns.get("alive", b""))

    @functools.cached_property
    def duration_s(self) -> array[float]:
        return self._per_scene(self._column("f", "duration_s"))

    @functools.cached_property
    def created_s(self) -> array[float]:
        return self._per_scene(self._column("d", "created_s"))

    @functools.cached_property
    def studio(self) -> array[int]:
        return self._per_scene(self._column("I", "studio"))

    @functools.cached_property
    def rating100(self) -> array[int]:
        return self._per_scene(self._column("b", "rating100"))

    @functools.cached_property
    def o_count(self) -> array[int]:
        return self._per_scene(self._column("I", "o_count"))

    @functools.cached_property
    def play_count(self) -> array[int]:
        return self._per_scene(self._column("I", "play_count"))

    @functools.cached_property
    def size_mb(self) -> array[float]:
        return self._per_scene(self._column("f", "size_mb"))

    @functools.cached_property
    def norm(self) -> array[float]:
        return self._per_scene(self._column("f", "norm"))

    @property
    def described(self) -> int:
        return self.about.described

    def ordinal(self, scene_id: int) -> int | None:
        ids = self.scene_ids
        place = bisect_left(ids, scene_id)
        return place if place < len(ids) and ids[place] == scene_id else None

    def terms_of(self, ordinal: int) -> Sequence[SceneTerm]:
        known = self._terms.get(ordinal)
        if known is None:
            known = self._terms[ordinal] = tuple(map(SceneTerm, *self.unpacked_terms(ordinal)))
        return known

    def unpacked_terms(self, ordinal: int) -> tuple[array[int], array[float], array[float]]:
        """(terms, weights, seconds) of a scene, beside each other."""
        packed = self._packed.get(ordinal)
        if packed is None:
            packed = self._packed[ordinal] = self._tables.scene_terms([ordinal]).get(ordinal, b"")
        return unpack_terms(packed)

    def expect(self, ordinals: Iterable[int]) -> None:
        """The terms of these scenes will be asked for: read them all at once, a fifth of the price."""
        wanted = [ordinal for ordinal in ordinals if ordinal not in self._packed]
        self._packed.update(dict.fromkeys(wanted, b""))
        self._packed.update(self._tables.scene_terms(wanted))

    def performers_of(self, ordinal: int) -> Sequence[int]:
        ends, performers = self._performers
        return performers[ends[ordinal - 1] if ordinal else 0 : ends[ordinal]]

    def posting(self, term: int) -> Posting:
        known = self._postings.get(term)
        if known is None:
            row = self._tables.posting(term)
            known = NO_POSTING
            if row is not None:
                ordinals, weights, seconds = (
                    unpack("I", row.ordinals),
                    unpack("f", row.weights),
                    unpack("f", row.seconds),
                )
                if not len(ordinals) == len(weights) == len(seconds):
                    raise CacheDamaged
                here = bisect_left(ordinals, len(self.scene_ids))
                known = Posting(ordinals[:here], weights[:here], seconds[:here])
            self._postings[term] = known
        return known

    def scenes_of_performer(self, performer_id: int) -> Sequence[int]:
        keys, ends, scenes = self._scenes_of_performers
        place = bisect_left(keys, performer_id)
        if place == len(keys) or keys[place] != performer_id:
            return ()
        return scenes[ends[place - 1] if place else 0 : ends[place]]

    def scenes_of_studio(self, studio_id: int) -> Sequence[int]:
        return [ordinal for ordinal, each in enumerate(self.studio) if each == studio_id]

    def term_of_tag(self, tag_id: int) -> int | None:
        return self._tables.term_of_tag(tag_id)

    def term_of_label(self, name: str) -> int | None:
        return self._tables.term_of_label(name)

    def favorites(self, kind: str) -> frozenset[int]:
        return self._favorites[kind]

    def document_frequency(self, term: int) -> int:
        return self._counts.get(term, 0)

    def name(self, kind: str, key: int) -> str:
        known = self._names.get((kind, key))
        if known is None:
            known = self._term_name(key) if kind == "term" else self._store.library.name(kind, key)
            self._names[kind, key] = known
        return known

    def tag_id_of(self, term: int) -> int | None:
        row = self._term(term)
        return row.tag_id if row else None

    def _column(self, typecode: str, name: str) -> array[Any]:
        return unpack(typecode, self._columns.get(name, b""))

    def _per_scene(self, column: Numbers) -> Numbers:
        if len(column) != len(self.scene_ids):
            raise CacheDamaged
        return column

    def _term(self, term: int) -> TermRow | None:
        if term not in self._rows:
            self._rows[term] = self._tables.term(term)
        return self._rows[term]

    def _term_name(self, term: int) -> str:
        row = self._term(term)
        return row.name if row else ""

    @functools.cached_property
    def _columns(self) -> dict[str, bytes]:
        return self._tables.columns()

    @functools.cached_property
    def _counts(self) -> dict[int, int]:
        return self._tables.counts()

    @functools.cached_property
    def _performers(self) -> tuple[array[int], array[int]]:
        return self._per_scene(self._column("I", "performer_ends")), self._column("I", "performers")

    @functools.cached_property
    def _scenes_of_performers(self) -> tuple[array[int], array[int], array[int]]:
        names = ("performer_keys", "performer_scene_ends", "performer_scenes")
        keys, ends, scenes = (self._column("I", name) for name in names)
        return keys, ends, scenes

    @functools.cached_property
    def _favorites(self) -> dict[str, frozenset[int]]:
        return {kind: frozenset(self._store.library.favorites(kind)) for kind in ("performer", "studio")}


def spans_of_scene(store: Store, about: About, scene_id: int, duration_s: float) -> dict[int, Sequence[Stretch]]:
    """Term -> where the sidecar or a marker shows it, by the evidence that the catalogue is made of."""
    raw: dict[int, list[Stretch]] = {}
    if about.evidence != "stash":
        for label_id, start_s, end_s in store.catalogue.spans(scene_id):
            term = about.labels.get(label_id)
            if term is not None:
                raw.setdefault(term, []).append((start_s, end_s))
    if about.evidence != "ai":
        row = store.library.rows([scene_id]).get(scene_id)
        terms = {tag_id: store.catalogue.term_of_tag(tag_id) for tag_id, _, _ in row.markers} if row else {}
        known = [(terms[tag_id] or 0, start_s, end_s) for tag_id, start_s, end_s in row.markers] if row else []
        for term, spans in spans_of_markers(known, duration_s).items():
            raw.setdefault(term, []).extend(spans)
    raw.pop(0, None)
    return {term: union(stretches) for term, stretches in raw.items()}
