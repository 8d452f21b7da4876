"""Builds judges from queries: which tags, in which words, with which thresholds; phrase vectors are kept for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.judge import Judge, group_by_rule
from sidecar.engine.request import InvalidRequest, Tag, TagQuery
from sidecar.models.embedder import ImageTextEmbedder
from sidecar.store import FeatureStore
from sidecar.tagging.scoring import ScoringRule, ensemble
from sidecar.tagging.vocabulary import (
    CUSTOM_CATEGORY,
    TagDefinition,
    Vocabulary,
    VocabularyError,
    prompts,
    same_name,
    shipped_vocabulary,
    split_by_knowledge,
    vocabulary_from_file,
)
from sidecar.values import Note, Vectors

log = logging.getLogger(__name__)

OWNERS_FILE = "vocabulary.txt"
"""An edited copy of the shipped vocabulary in the data folder replaces it."""

KEPT_JUDGES = 32

TEXTS_AT_ONCE = 256
"""Phrases embedded before they are remembered and images of others get a turn."""

EmbedTexts: TypeAlias = Callable[[Sequence[str]], Vectors]
"""Embeds texts through the accelerator's owner, between batches of images; waits for them."""


@dataclass(frozen=True, slots=True)
class VocabularyTag:
    """A tag of the vocabulary, and whether a model can judge it. phrasings: how many stand for it."""

    name: str
    category: str
    phrasings: int
    judged: bool


@dataclass(frozen=True, slots=True)
class _Wanted:
    """named: asked for by name, so worth a word if it cannot be judged. large: one of so many that chance has a say."""

    tag: TagDefinition
    enter: float | None
    stay: float | None
    named: bool
    large: bool


class Judges:
    """Judges by model and query. Thread-safe. data_dir may hold the owner's vocabulary.txt."""

    def __init__(self, store: FeatureStore, data_dir: Path) -> None:
        self._store = store
        self._owners_file = data_dir / OWNERS_FILE
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, TagQuery, int], Judge] = OrderedDict()

    def judge(self, query: TagQuery, embedder: ImageTextEmbedder, embed_texts: EmbedTexts) -> tuple[Judge, float]:
        """A judge, and the seconds that unknown phrases took (0.0 where every vector was known).

        Raises InvalidRequest for a query that cannot be judged, VocabularyError for a broken vocabulary file.
        """
        key = (embedder.model_key, query, self._vocabulary_stamp())
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept, 0.0
        judge, prompts_s = self._build(query, embedder, embed_texts)
        with self._lock:
            self._kept[key] = judge
            while len(self._kept) > KEPT_JUDGES:
                self._kept.popitem(last=False)
        return judge, prompts_s

    def phrase_vectors(
        self, texts: Sequence[str], embedder: ImageTextEmbedder, embed_texts: EmbedTexts
    ) -> tuple[Vectors, float]:
        """Vectors (len(texts), dim) of dressed phrases, and the seconds that those not yet known took."""
        return self._remembered(embedder.model_key, texts, embedder.dim, embed_texts)

    def _knows(self, texts: Sequence[str], embedder: ImageTextEmbedder) -> tuple[NDArray[np.bool_], float]:
        """Which texts the model can judge; remembered like a vector of one number, since asking costs as much."""

        def ask(missing: Sequence[str]) -> Vectors:
            return embedder.knows(missing).astype(np.float32)[:, None]

        answers, seconds = self._remembered(f"{embedder.model_key}.knows", texts, 1, ask)
        return answers[:, 0] > 0, seconds

    def _remembered(
        self,
        model_key: str,
        texts: Sequence[str],
        dim: int,
        compute: EmbedTexts,
    ) -> tuple[Vectors, float]:
        known = self._store.prompt_vectors(model_key, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        begun_at = time.monotonic()
        for first in range(0, len(missing), TEXTS_AT_ONCE):
            part = missing[first : first + TEXTS_AT_ONCE]
            vectors = compute(part)
            self._store.remember_prompts(model_key, part, vectors)
            known.update(zip(part, vectors, strict=True))
        seconds = time.monotonic() - begun_at if missing else 0.0
        if missing:
            log.info("%d new phrases for %s in %.2f s", len(missing), model_key, seconds)
        rows = [known[text] for text in texts]
        return (np.stack(rows) if rows else np.zeros((0, dim), np.float32)), seconds

    def vocabulary(self) -> Vocabulary:
        """The owner's vocabulary where there is one, else the shipped one. Raises VocabularyError."""
        return vocabulary_from_file(self._owners_file) if self._owners_file.exists() else shipped_vocabulary()

    def templates(self, embedder: ImageTextEmbedder) -> tuple[str, ...]:
        """How this model wants phrases to be dressed. Raises InvalidRequest for a broken vocabulary file."""
        return _templates(self._checked_vocabulary(), embedder)

    def vocabulary_version(self) -> str:
        """Names the vocabulary in use; "" where it cannot be read."""
        try:
            return self.vocabulary().version
        except VocabularyError:
            return ""

    def vocabulary_tags(self, embedder: ImageTextEmbedder) -> tuple[str, tuple[VocabularyTag, ...]]:
        """The version of the vocabulary in use, and its tags. Raises InvalidRequest for a broken vocabulary file."""
        vocabulary = self._checked_vocabulary()
        wanted = [_Wanted(tag, None, None, named=False, large=True) for tag in vocabulary.tags]
        judged = {item.tag.name for item in self._judgeable(wanted, embedder)[0]}
        return vocabulary.version, tuple(
            VocabularyTag(tag.name, tag.category, len(tag.phrasings), tag.name in judged) for tag in vocabulary.tags
        )

    def _checked_vocabulary(self) -> Vocabulary:
        try:
            return self.vocabulary()
        except VocabularyError as error:
            raise InvalidRequest(f"the vocabulary cannot be used: {error}") from error

    def _vocabulary_stamp(self) -> int:
        return self._owners_file.stat().st_mtime_ns if self._owners_file.exists() else 0

    def _build(self, query: TagQuery, embedder: ImageTextEmbedder, embed_texts: EmbedTexts) -> tuple[Judge, float]:
        vocabulary = self._checked_vocabulary()
        wanted, left_out, knows_s = self._judgeable(_wanted(query, vocabulary), embedder)
        facts = embedder.scoring
        templates = _templates(vocabulary, embedder)
        phrases = prompts([item.tag.phrasings for item in wanted], templates)
        vectors, vectors_s = self.phrase_vectors(phrases.texts, embedder, embed_texts)
        seconds = knows_s + vectors_s
        tag_vectors = ensemble(vectors, phrases.tag_of) if wanted else np.zeros((0, embedder.dim), np.float32)
        background = embedder.background_vectors()
        if background is None:
            dressed = prompts([(phrase,) for phrase in vocabulary.background], templates)
            background_vectors, more_seconds = self.phrase_vectors(dressed.texts, embedder, embed_texts)
            background, seconds = ensemble(background_vectors, dressed.tag_of), seconds + more_seconds
        thresholds = [
            _thresholds(item, facts.enter_large if item.large else facts.enter, facts.stay) for item in wanted
        ]
        judge = Judge(
            model_id=embedder.spec.id,
            model_key=embedder.model_key,
            tags=tuple(item.tag for item in wanted),
            tag_vectors=tag_vectors,
            background=background,
            scoring_rule=ScoringRule(facts.kind, facts.logit_scale, facts.enter, facts.stay),
            groups=group_by_rule(thresholds),
            notes=_not_judged(left_out, embedder.spec.id),
        )
        return judge, seconds

    def _judgeable(
        self, wanted: Sequence[_Wanted], embedder: ImageTextEmbedder
    ) -> tuple[list[_Wanted], list[_Wanted], float]:
        """Those the model can judge, in the words it knows; the others; and the seconds that asking took."""
        seconds = 0.0

        def knows(texts: Sequence[str]) -> NDArray[np.bool_]:
            nonlocal seconds
            known, seconds = self._knows(texts, embedder)
            return known

        judged, _ = split_by_knowledge([item.tag for item in wanted], knows)
        by_name = {tag.name: tag for tag in judged}
        known = [replace(item, tag=by_name[item.tag.name]) for item in wanted if item.tag.name in by_name]
        return known, [item for item in wanted if item.tag.name not in by_name], seconds


def _templates(vocabulary: Vocabulary, embedder: ImageTextEmbedder) -> tuple[str, ...]:
    """The vocabulary's own for models trained on captions; the embedded one wants plain words."""
    return vocabulary.templates if embedder.scoring.kind == "background_softmax" else ("{}",)


def _wanted(query: TagQuery, vocabulary: Vocabulary) -> list[_Wanted]:
    """The query's own tags, then those of the vocabulary that it does not name itself."""
    known = {same_name(tag.name): tag for tag in vocabulary.tags}
    own = [_named(tag, known.get(same_name(tag.name)), query.vocabulary) for tag in query.tags]
    if not query.vocabulary:
        return own
    named = {same_name(tag.name) for tag in query.tags}
    others = (tag for name, tag in known.items() if name not in named)
    return own + [_Wanted(tag, None, None, named=False, large=True) for tag in others]


def _named(tag: Tag, known: TagDefinition | None, among_vocabulary: bool) -> _Wanted:
    """A tag that the query names; without words of its own it takes those of the vocabulary's tag of its name."""
    if known is None or tag.phrasings:
        definition = TagDefinition(tag.name, tag.category or CUSTOM_CATEGORY, tag.phrasings or (tag.name,))
        return _Wanted(definition, tag.enter, tag.stay, named=True, large=False)
    definition = TagDefinition(tag.name, tag.category or known.category, known.phrasings)
    return _Wanted(definition, tag.enter, tag.stay, named=True, large=among_vocabulary)


def _thresholds(item: _Wanted, enter: float, stay: float) -> tuple[float, float]:
    """The tag's own thresholds where it has them; a stay never lies above its enter."""
    own_enter = item.enter if item.enter is not None else max(enter, item.stay if item.stay is not None else enter)
    return own_enter, min(own_enter, item.stay if item.stay is not None else stay)


def _not_judged(left_out: Sequence[_Wanted], model_id: str) -> tuple[Note, ...]:
    """Only tags that were asked for by name are worth a warning; the vocabulary is cut to what a model can do."""
    names = [item.tag.name for item in left_out if item.named]
    if not names:
        return ()
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return (
        Note(
            "tag_not_judged",
            f"the model {model_id} cannot judge {shown}: it knows concrete things only. An open_clip model can "
            "(scripts/fetch_models).",
        ),
    )
