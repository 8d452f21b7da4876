"""A catalogue in memory, of any scenes: for generated libraries, for replays of a history and for tests."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plugin.recommend.values import Posting, SceneTerm, Term
from plugin.recommend.weights import average_length_s, norm, weigh

NO_POSTING = Posting(array("I"), array("f"), array("f"))


@dataclass(frozen=True, slots=True)
class CatalogueScene:
    """One scene as a catalogue takes it. terms: seconds by term. Everything else as in Catalogue; studio 0 for none,
    rating100 -1 for none.
    """

    scene_id: int
    title: str = ""
    duration_s: float = 0.0
    created_s: float = 0.0
    studio: int = 0
    performers: tuple[int, ...] = ()
    terms: Mapping[int, float] = field(default_factory=dict)
    rating100: int = -1
    o_count: int = 0
    play_count: int = 0
    size_mb: float = 0.0


class MemoryCatalogue:
    """Implements Catalogue. Use build()."""

    def __init__(
        self,
        scenes: Sequence[CatalogueScene],
        terms: Iterable[Term],
        names: Mapping[tuple[str, int], str],
        favorites: Mapping[str, Iterable[int]],
    ):
        self.scene_ids = array("I", (scene.scene_id for scene in scenes))
        self.alive = bytearray(b"\1" * len(scenes))
        self.duration_s = array("f", (scene.duration_s for scene in scenes))
        self.created_s = array("d", (scene.created_s for scene in scenes))
        self.studio = array("I", (scene.studio for scene in scenes))
        self.rating100 = array("b", (scene.rating100 for scene in scenes))
        self.o_count = array("I", (scene.o_count for scene in scenes))
        self.play_count = array("I", (scene.play_count for scene in scenes))
        self.size_mb = array("f", (scene.size_mb for scene in scenes))
        self._performers = tuple(scene.performers for scene in scenes)
        self._names = {**names, **{("scene", scene.scene_id): scene.title for scene in scenes}}
        self._favorites = {kind: frozenset(ids) for kind, ids in favorites.items()}
        self._of_label: dict[str, int] = {}
        self._tag_ids: dict[int, int | None] = {}
        self._of_tag: dict[int, int] = {}
        for term in terms:
            self._names["term", term.id] = term.name
            self._tag_ids[term.id] = term.tag_id
            if term.tag_id is not None:
                self._of_tag[term.tag_id] = term.id
            else:
                self._of_label[term.name.casefold()] = term.id
        self._of_performer: dict[int, array[int]] = {}
        self._of_studio: dict[int, array[int]] = {}
        self._terms: list[tuple[SceneTerm, ...]] = []
        self._postings: dict[int, Posting] = {}
        self._average_s = average_length_s(sum(scene.terms.values()) for scene in scenes)
        for ordinal, scene in enumerate(scenes):
            self._place(ordinal, scene)
        self.norm = array("f", (norm(term.weight for term in terms) for terms in self._terms))
        self._described = sum(1 for terms in self._terms if terms)

    @classmethod
    def build(
        cls,
        scenes: Iterable[CatalogueScene],
        terms: Iterable[Term] = (),
        names: Mapping[tuple[str, int], str] | None = None,
        favorites: Mapping[str, Iterable[int]] | None = None,
    ) -> MemoryCatalogue:
        """names: of performers and studios, by ("performer" | "studio", id); favorites: ids by kind. Scenes in any
        order, each id once.
        """
        return cls(sorted(scenes, key=lambda scene: scene.scene_id), terms, names or {}, favorites or {})

    def _place(self, ordinal: int, scene: CatalogueScene) -> None:
        weighed = tuple(SceneTerm(*each) for each in weigh(scene.terms, self._average_s))
        self._terms.append(weighed)
        for term, weight, seconds in weighed:
            posting = self._postings.setdefault(term, Posting(array("I"), array("f"), array("f")))
            posting.ordinals.append(ordinal)  # type: ignore[attr-defined]
            posting.weights.append(weight)  # type: ignore[attr-defined]
            posting.seconds.append(seconds)  # type: ignore[attr-defined]
        for performer_id in scene.performers:
            self._of_performer.setdefault(performer_id, array("I")).append(ordinal)
        if scene.studio:
            self._of_studio.setdefault(scene.studio, array("I")).append(ordinal)

    def ordinal(self, scene_id: int) -> int | None:
        place = bisect_left(self.scene_ids, scene_id)
        return place if place < len(self.scene_ids) and self.scene_ids[place] == scene_id else None

    def terms_of(self, ordinal: int) -> Sequence[SceneTerm]:
        return self._terms[ordinal]

    def performers_of(self, ordinal: int) -> Sequence[int]:
        return self._performers[ordinal]

    def posting(self, term: int) -> Posting:
        return self._postings.get(term, NO_POSTING)

    def scenes_of_performer(self, performer_id: int) -> Sequence[int]:
        return self._of_performer.get(performer_id, ())

    def scenes_of_studio(self, studio_id: int) -> Sequence[int]:
        return self._of_studio.get(studio_id, ())

    def term_of_tag(self, tag_id: int) -> int | None:
        return self._of_tag.get(tag_id)

    def term_of_label(self, name: str) -> int | None:
        return self._of_label.get(name.casefold())

    def favorites(self, kind: str) -> frozenset[int]:
        return self._favorites.get(kind, frozenset())

    def document_frequency(self, term: int) -> int:
        return len(self.posting(term).ordinals)

    @property
    def described(self) -> int:
        return self._described

    def name(self, kind: str, key: int) -> str:
        return self._names.get((kind, key), "")

    def tag_id_of(self, term: int) -> int | None:
        return self._tag_ids.get(term)
