"""The catalogue is made of the library and its analyses, and kept as they are: only what has changed is made anew.

All of one refresh commits at once. A kill leaves the catalogue as it was, and every scene remembers what it was made
of, so that the next refresh finds what this one did not do.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugin.library.about import FORMAT, About, pack_terms, unpack_terms
from plugin.library.labels import TermKey, label_keys
from plugin.library.packing import pack, unpack
from plugin.library.terms import Evidence, seconds_of_terms
from plugin.recommend.weights import average_length_s, norm, weigh
from plugin.review.policy import PolicyBook
from plugin.review.tag_index import TagIndex
from plugin.settings import OwnerSettings
from plugin.stash.values import Tag
from plugin.store.catalogue import PostingRow, SceneRow
from plugin.store.library import LibraryRow, SceneSummary
from plugin.store.store import Store

PAGE = 500
"""Scenes whose evidence is read at once."""

TRIES = 3
"""Times that it begins again because another process refreshed the catalogue meanwhile."""

MANY, MANY_SHARE = 300, 0.3
"""From so many changed scenes on, which are this share of all, everything is made anew: it costs the same."""
DEAD_SHARE = 0.25
"""Places of scenes that are gone, of all places."""
GROWTH = 2.0
"""The average length is as it was when everything was made; with so many times the scenes it may be another."""

NO_SCENE = SceneSummary(0.0, 0.0, 0, -1, 0, 0, 0.0, ())


@dataclass(frozen=True, slots=True)
class Refreshed:
    """scenes: whose terms were made anew; gone: those that are not there any more; whole: everything was made anew."""

    scenes: int = 0
    gone: int = 0
    whole: bool = False


def refresh_catalogue(store: Store, settings: OwnerSettings, book: PolicyBook, whole: bool = False) -> Refreshed:
    """Bring the catalogue up to date with the library, analyses, policies and recommend_from. Raises StoreError."""
    for _ in range(TRIES):
        done = _Builder(store, settings, book).run(whole)
        if done is not None:
            return done
    return Refreshed()  # others were faster each time: theirs is as new


class _Builder:
    def __init__(self, store: Store, settings: OwnerSettings, book: PolicyBook) -> None:
        self._store, self._tables, self._library = store, store.catalogue, store.library
        self._evidence: Evidence = settings.recommend_from  # type: ignore[assignment]
        names = (*settings.workflow_tags.names(), settings.parent_tag)
        self._ignored = tuple(sorted(name.casefold() for name in names if name))
        self._about = About.of(self._tables.column("about"))
        self._tag_terms: dict[int, int] = {}
        self._labels = self._terms_of_labels(book, settings.tag_suffix)

    def run(self, whole: bool) -> Refreshed | None:
        """None where another process was faster."""
        gone = self._tables.gone()
        outdated = self._outdated()
        if whole or self._must_begin_anew(outdated, gone):
            return self._build()
        return self._update(outdated, gone)

    def _terms_of_labels(self, book: PolicyBook, suffix: str) -> dict[int, int]:
        """Label id -> term; and terms for all tags, which are remembered on the way."""
        tags = [Tag(one.id, one.name, one.aliases) for one in self._library.names("tag")]
        keys = label_keys(self._tables.labels(), TagIndex(tags, suffix), book, self._ignored)
        wanted = {tag.id: tag.name for tag in tags if tag.name.casefold() not in self._ignored}
        names = dict.fromkeys(key.label for key in keys.values() if key.tag_id is None)
        known = {one.tag_id: one.name for one in self._tables.terms() if one.tag_id is not None}
        self._tables.save_terms({key: name for key, name in wanted.items() if known.get(key) != name}, names)
        by_key: dict[TermKey, int] = {}
        for term in self._tables.terms():
            if term.tag_id is None:
                by_key[TermKey(None, (term.label or "").casefold())] = term.id
            elif term.tag_id in wanted:
                by_key[TermKey(term.tag_id)] = self._tag_terms[term.tag_id] = term.id
        folded = {label_id: replace(key, label=key.label.casefold()) for label_id, key in keys.items()}
        return {label_id: by_key[key] for label_id, key in folded.items() if key in by_key}

    def _outdated(self) -> dict[int, str]:
        outdated = self._tables.outdated()
        before = self._about.labels
        others = {key for key in before.keys() | self._labels.keys() if before.get(key) != self._labels.get(key)}
        if others and self._about.format:
            ids = [scene_id for scene_id in self._tables.scenes_of_labels(others) if scene_id not in outdated]
            evidence = self._tables.evidence() if ids else {}
            outdated.update({scene_id: evidence[scene_id] for scene_id in ids if scene_id in evidence})
        return outdated

    def _must_begin_anew(self, outdated: Mapping[int, str], gone: Sequence[int]) -> bool:
        about = self._about
        if not self._tables.is_sound():
            return True
        if (about.format, about.evidence, about.ignored) != (FORMAT, self._evidence, self._ignored):
            return True
        ids = unpack("I", self._tables.column("scene_ids"))
        alive = self._tables.column("alive")
        dead = len(ids) - sum(alive) + len(gone)
        if dead > DEAD_SHARE * len(ids) + 10 or about.described > GROWTH * about.built_of + 10:
            return True
        if len(outdated) > max(MANY, MANY_SHARE * len(ids)):
            return True
        known = self._tables.scenes(outdated)
        return bool(ids) and any(scene_id <= ids[-1] for scene_id in outdated if scene_id not in known)

    def _build(self) -> Refreshed | None:
        evidence = self._tables.evidence()
        ids = array("I", sorted(evidence))
        found: list[tuple[array[int], array[float]]] = []  # smaller than dicts, of which there would be one per scene
        for page in _pages(ids):
            found += [(array("I", terms), array("f", terms.values())) for terms in self._read_terms(page)]
        average_s = average_length_s(sum(seconds) for _, seconds in found)
        postings: dict[int, tuple[array[int], array[float], array[float]]] = {}
        scenes, norms = [], array("f")
        for ordinal, (terms_of, seconds_of) in enumerate(found):
            weighed = weigh(dict(zip(terms_of, seconds_of, strict=True)), average_s)
            for term, weight, seconds in weighed:
                columns = postings.get(term)
                if columns is None:
                    columns = postings[term] = (array("I"), array("f"), array("f"))
                columns[0].append(ordinal)
                columns[1].append(weight)
                columns[2].append(seconds)
            norms.append(norm(weight for _, weight, _ in weighed))
            scenes.append(SceneRow(ids[ordinal], ordinal, evidence[ids[ordinal]], pack_terms(weighed)))
        rows = [
            PostingRow(term, len(one[0]), pack(one[0]), pack(one[1]), pack(one[2])) for term, one in postings.items()
        ]
        described = sum(1 for value in norms if value)
        about = About(
            FORMAT, self._about.generation, self._evidence, self._ignored, self._labels, average_s, described, described
        )
        columns_of = self._columns(ids, norms)
        if not self._commit(about, columns_of, rows, scenes, (), whole=True):
            return None
        return Refreshed(len(scenes), 0, whole=True)

    def _update(self, outdated: Mapping[int, str], gone: Sequence[int]) -> Refreshed | None:
        ids = unpack("I", self._tables.column("scene_ids"))
        norms = unpack("f", self._tables.column("norm"))
        known = self._tables.scenes((*outdated, *gone))
        changes: dict[int, dict[int, tuple[float, float] | None]] = {}
        scenes = []
        for scene_id in gone:
            _take_back(known[scene_id], changes)
            norms[known[scene_id].ordinal] = 0.0
        ordered = sorted(outdated)
        for page in _pages(ordered):
            for scene_id, terms in zip(page, self._read_terms(page), strict=True):
                if scene_id in known:
                    ordinal = known[scene_id].ordinal
                    _take_back(known[scene_id], changes)
                else:
                    ordinal = len(ids)
                    ids.append(scene_id)
                    norms.append(0.0)
                weighed = weigh(terms, self._about.average_s)
                for term, weight, seconds in weighed:
                    changes.setdefault(term, {})[ordinal] = (weight, seconds)
                norms[ordinal] = norm(weight for _, weight, _ in weighed)
                scenes.append(SceneRow(scene_id, ordinal, outdated[scene_id], pack_terms(weighed)))
        rows = [_changed_posting(term, self._tables.posting(term), change) for term, change in changes.items()]
        about = replace(self._about, labels=self._labels, described=sum(1 for value in norms if value))
        if not self._commit(about, self._columns(ids, norms), rows, scenes, gone):
            return None
        return Refreshed(len(scenes), len(gone))

    def _read_terms(self, ids: Sequence[int]) -> list[dict[int, float]]:
        """Of scenes, in their order; nothing for one that went meanwhile."""
        rows = self._library.rows(ids)
        totals = {} if self._evidence == "stash" else self._tables.totals(ids)
        return [self._terms_of(rows.get(scene_id), totals.get(scene_id, ())) for scene_id in ids]

    def _terms_of(self, row: LibraryRow | None, totals: Iterable[tuple[int, float]]) -> dict[int, float]:
        if row is None:
            return {}
        seen = [(self._labels[label_id], seconds) for label_id, seconds in totals if label_id in self._labels]
        if self._evidence == "ai":
            return seconds_of_terms(row.duration_s, seen, (), ())
        terms = self._tag_terms
        tags = [terms[tag_id] for tag_id in row.tags if tag_id in terms]
        markers = [(terms[tag_id], start_s, end_s) for tag_id, start_s, end_s in row.markers if tag_id in terms]
        return seconds_of_terms(row.duration_s, seen, tags, markers)

    def _columns(self, ids: array[int], norms: array[float]) -> dict[str, bytes]:
        """Everything of scenes but their terms: read anew each time, which costs less than looking what has changed."""
        return columns_of(ids, norms, self._library.summaries())

    def _commit(
        self,
        about: About,
        columns: Mapping[str, bytes],
        postings: Sequence[PostingRow] = (),
        scenes: Sequence[SceneRow] = (),
        gone: Sequence[int] = (),
        whole: bool = False,
    ) -> bool:
        """False where another process was faster: then nothing of this is written."""
        with self._store.transaction():
            if About.of(self._tables.column("about")).generation != self._about.generation:
                return False
            if whole:
                self._tables.clear()
            about = replace(about, generation=about.generation + 1)
            self._tables.save_columns({**columns, "about": about.as_json()})
            self._tables.save_postings(postings)
            self._tables.save_scenes(scenes)
            self._tables.forget_scenes(gone)
            # What was seen in what was watched of them is another now.
            self._store.watched.mark_stale([*(one.scene_id for one in scenes), *gone])
        return True


def count_plays_anew(store: Store) -> None:
    """After watches were forgotten: the catalogue counts them no more. Whoever refreshes it meanwhile begins again."""
    tables = store.catalogue
    with store.transaction():
        about = About.of(tables.column("about"))
        if about.format != FORMAT:
            return
        scenes = store.library.summaries()
        told = (scenes.get(scene_id, NO_SCENE) for scene_id in unpack("I", tables.column("scene_ids")))
        plays = pack(array("I", (scene.play_count for scene in told)))
        about = replace(about, generation=about.generation + 1)
        tables.save_columns({"play_count": plays, "about": about.as_json()})


def columns_of(ids: Sequence[int], norms: array[float], scenes: Mapping[int, SceneSummary]) -> dict[str, bytes]:
    """Columns by name, packed. scenes: those that are there; others of ids are gone."""
    alive = bytearray(scene_id in scenes for scene_id in ids)
    told = [scenes.get(scene_id, NO_SCENE) for scene_id in ids]
    ends, performers = array("I"), array("I")
    of_performer: dict[int, list[int]] = {}
    for ordinal, scene in enumerate(told):
        performers.extend(scene.performers)
        ends.append(len(performers))
        for performer_id in scene.performers:
            of_performer.setdefault(performer_id, []).append(ordinal)
    keys = array("I", sorted(of_performer))
    inverse_ends, inverse = array("I"), array("I")
    for key in keys:
        inverse.extend(of_performer[key])
        inverse_ends.append(len(inverse))
    columns: dict[str, array[Any]] = {
        "scene_ids": array("I", ids),
        "duration_s": array("f", (scene.duration_s for scene in told)),
        "created_s": array("d", (scene.created_s for scene in told)),
        "studio": array("I", (scene.studio for scene in told)),
        "rating100": array("b", (scene.rating100 for scene in told)),
        "o_count": array("I", (scene.o_count for scene in told)),
        "play_count": array("I", (scene.play_count for scene in told)),
        "size_mb": array("f", (scene.size_mb for scene in told)),
        "norm": norms,
        "performer_ends": ends,
        "performers": performers,
        "performer_keys": keys,
        "performer_scene_ends": inverse_ends,
        "performer_scenes": inverse,
    }
    return {"alive": bytes(alive), **{name: pack(column) for name, column in columns.items()}}


def _take_back(scene: SceneRow, changes: dict[int, dict[int, tuple[float, float] | None]]) -> None:
    """What the scene was posted for is to go, unless it comes again."""
    for term in unpack_terms(scene.terms)[0]:
        changes.setdefault(term, {})[scene.ordinal] = None


def _changed_posting(
    term: int, before: PostingRow | None, change: Mapping[int, tuple[float, float] | None]
) -> PostingRow:
    """The posting with its changed ordinals merged in; ascending as before."""
    ordinals, weights, seconds = array("I"), array("f"), array("f")
    had = before or PostingRow(term, 0, b"", b"", b"")
    old_ordinals, old_weights, old_seconds = (
        unpack("I", had.ordinals),
        unpack("f", had.weights),
        unpack("f", had.seconds),
    )
    place = 0
    for ordinal in (*sorted(change), None):
        after = len(old_ordinals) if ordinal is None else bisect_left(old_ordinals, ordinal, place)
        ordinals.extend(old_ordinals[place:after])
        weights.extend(old_weights[place:after])
        seconds.extend(old_seconds[place:after])
        if ordinal is None:
            break
        place = after + (after < len(old_ordinals) and old_ordinals[after] == ordinal)
        if (new := change[ordinal]) is not None:
            ordinals.append(ordinal)
            weights.append(new[0])
            seconds.append(new[1])
    return PostingRow(term, len(ordinals), pack(ordinals), pack(weights), pack(seconds))


def _pages(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
