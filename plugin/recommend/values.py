"""What recommending works with: a catalogue of scenes, a history of watching, a question, a ranking and its reasons.

Scenes are numbered: an *ordinal* is a scene's place in the catalogue, ascending by id, from 0. Inside, everything is by
ordinal; outside, everything is by scene id.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Term:
    """What scenes are compared by: a tag of Stash (tag_id), or a label of the sidecar's that is no tag (None)."""

    id: int
    name: str
    tag_id: int | None = None


class Posting(NamedTuple):
    """Scenes that have a term, ascending. ordinals: array("I"); weights: array("f"), the damped and length-normalised
    term frequency of each (see plugin.library.terms); seconds: array("f"), how long it is shown there.
    """

    ordinals: Sequence[int]
    weights: Sequence[float]
    seconds: Sequence[float]


class SceneTerm(NamedTuple):
    """A term of one scene. weight and seconds as in Posting."""

    term: int
    weight: float
    seconds: float


class Catalogue(Protocol):
    """All scenes of the library, as columns. What is loaded lazily is cached by whoever implements it."""

    @property
    def scene_ids(self) -> Sequence[int]:
        """By ordinal, ascending."""
        ...

    @property
    def alive(self) -> Sequence[int]:
        """0 where the scene is gone from Stash: never recommended."""
        ...

    @property
    def duration_s(self) -> Sequence[float]:
        """True length of the file; 0 where unknown."""
        ...

    @property
    def created_s(self) -> Sequence[float]:
        """When it came into the library, Unix seconds."""
        ...

    @property
    def studio(self) -> Sequence[int]:
        """0 for none."""
        ...

    @property
    def rating100(self) -> Sequence[int]:
        """-1 for none."""
        ...

    @property
    def o_count(self) -> Sequence[int]: ...

    @property
    def play_count(self) -> Sequence[int]:
        """The larger of Stash's and ours."""
        ...

    @property
    def size_mb(self) -> Sequence[float]: ...

    @property
    def norm(self) -> Sequence[float]:
        """Euclidean length of the weights of a scene's terms (plugin.recommend.weights.norm); 0 where it has none."""
        ...

    def ordinal(self, scene_id: int) -> int | None: ...

    def terms_of(self, ordinal: int) -> Sequence[SceneTerm]: ...

    def performers_of(self, ordinal: int) -> Sequence[int]: ...

    def posting(self, term: int) -> Posting: ...

    def scenes_of_performer(self, performer_id: int) -> Sequence[int]: ...

    def scenes_of_studio(self, studio_id: int) -> Sequence[int]: ...

    def term_of_tag(self, tag_id: int) -> int | None: ...

    def term_of_label(self, name: str) -> int | None:
        """By name, whatever its case: of a label of the sidecar's that is no tag."""
        ...

    def favorites(self, kind: str) -> frozenset[int]:
        """Ids of what the owner marked in Stash. kind: "performer" or "studio"."""
        ...

    def document_frequency(self, term: int) -> int:
        """How many scenes have the term."""
        ...

    @property
    def described(self) -> int:
        """How many scenes have any term: N of the inverse document frequency."""
        ...

    def name(self, kind: str, key: int) -> str:
        """kind: "term", "performer", "studio" or "scene" (its title, by scene id). "" where it is not known."""
        ...

    def tag_id_of(self, term: int) -> int | None: ...


class Visit(NamedTuple):
    """One stay with a scene. seconds: media seconds that were watched, each counted once."""

    at_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class WatchedScene:
    """What is known of the owner's watching of one scene, from one source or both, nothing counted twice.

    visits: newest first. watched_s: over all visits. share: of the scene's length, 0 to 1, watched at least once; where
    only Stash knows, its play duration over the length, 1 at most. rewatched_s: seconds beyond the first time.
    skipped: every visit was left within its first moments (below 5 % and below 20 s watched, and never liked).
    terms: what was seen in what was watched, seconds.
    """

    ordinal: int
    last_s: float
    visits: tuple[Visit, ...]
    watched_s: float
    share: float
    rewatched_s: float = 0.0
    plays: int = 0
    o_count: int = 0
    rating100: int | None = None
    skipped: bool = False
    terms: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """scenes: newest last_s first. feedback: a scene's ordinal -> "more", "less" or "hide". source: "plugin",
    "stash" or "plugin+stash".
    """

    now_s: float
    scenes: tuple[WatchedScene, ...] = ()
    feedback: Mapping[int, str] = field(default_factory=dict)
    source: str = "plugin+stash"

    def by_ordinal(self) -> dict[int, WatchedScene]:
        return {scene.ordinal: scene for scene in self.scenes}


class Centre(NamedTuple):
    """One of the tastes that the sidecar found in vectors of what was watched. share: of all that was watched, 0 to 1.
    because: ordinals of watched scenes that stand for it, best first. scores: by ordinal of scenes that have vectors,
    best first, cosine to the centre, about -1 to 1. nearest: beside scores, the ordinal of the watched scene of this
    taste that is most like it, and likeness: their cosine; left out where there is none.
    """

    id: int
    share: float
    because: Sequence[int]
    scores: Mapping[int, float]
    nearest: Mapping[int, int]
    likeness: Mapping[int, float] = {}


class Taste(Protocol):
    """What the sidecar computed; empty where it never did."""

    def centres(self) -> Sequence[Centre]:
        """Largest share first."""
        ...

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        """Scenes that look most like it, best first: (ordinal, cosine)."""
        ...

    def note(self) -> str:
        """Why there is nothing, or what it leaves out; "" for nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a scene must have, or must not, or gains by. presence: "require", "exclude" or "prefer". min_share and
    max_share: of the scene's length that shows the tag, 0 to 1; None for no bound. importance: 0 to 3, weighs "prefer".
    """

    term: int
    presence: str = "require"
    min_share: float | None = None
    max_share: float | None = None
    importance: float = 1.0


def nothing_watched(ordinal: int) -> Sequence[tuple[float, float]]:
    """No scene was watched."""
    return ()


def nothing_timed(ordinal: int) -> Mapping[int, Sequence[tuple[float, float]]]:
    """No scene's terms are timed."""
    return {}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a recommender. seeds, exclude: ordinals. config: every field of its schema, clamped.

    segments: what of a scene was watched, and spans: where its terms are shown (those that are known by place), both by
    ordinal, as ascending, disjoint (start_s, end_s). Asked of a few scenes only, so they may read the store.
    shared: what several recommenders need of the same catalogue and history, computed once; keys name all else that it
    depends on.
    """

    catalogue: Catalogue
    history: History
    taste: Taste
    context: str
    config: Mapping[str, Any]
    seeds: tuple[int, ...] = ()
    exclude: frozenset[int] = frozenset()
    segments: Callable[[int], Sequence[tuple[float, float]]] = nothing_watched
    spans: Callable[[int], Mapping[int, Sequence[tuple[float, float]]]] = nothing_timed
    shared: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ranking:
    """scored: (ordinal, score), best first; equal scores by ascending scene id. note: why there is nothing, or less
    than one would expect; "" for nothing to say. detail: what explain() and debugging want to know of how it was made.
    """

    scored: tuple[tuple[int, float], ...]
    note: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagReason:
    """seconds: how long the scene shows it; is_timed: whether that is known, and not all of the scene. weight: how much
    the owner's profile (or the seed) wants it, 0 to 1 of the profile. score: its part of the scene's score.
    """

    term: int
    name: str
    tag_id: int | None
    seconds: float
    weight: float
    score: float
    is_timed: bool


@dataclass(frozen=True, slots=True)
class SceneReason:
    """A scene that speaks for this one: a seed, or something that was watched. how: "seed", "watched" or "looks"."""

    ordinal: int
    title: str
    similarity: float
    how: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a scene stands where it does. sentence: one, for people. parts: of the score, by name ("tags", "performers",
    "studio", "looks", "recency", "feedback", ...), summing up to the score where the recommender's score is a sum.
    history: a summary of what the owner did with this very scene, {} where nothing.
    """

    sentence: str
    parts: Mapping[str, float] = field(default_factory=dict)
    tags: tuple[TagReason, ...] = ()
    performers: tuple[tuple[int, str, float], ...] = ()
    studio: tuple[int, str, float] | None = None
    scenes: tuple[SceneReason, ...] = ()
    history: Mapping[str, Any] = field(default_factory=dict)
    debug: Mapping[str, Any] = field(default_factory=dict)


class Recommender(Protocol):
    """Pure: everything that it knows stands in the question."""

    @property
    def spec(self) -> Spec: ...

    def rank(self, question: Question) -> Ranking: ...

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why: ...


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One setting of a recommender. type: "number", "slider", "select", "enum", "boolean", "text", "search", "tags" or
    "performers". low, high, step: of numbers and sliders. choices: of select and enum. advanced: shown on request only.
    The value of "tags" is a list of {"tag_id" | "label", "presence", "min_share", "max_share", "importance"} (see
    Constraint), of "performers" a list of {"id", "presence"}.
    """

    name: str
    type: str
    label: str
    help: str
    default: Any
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """contexts: of "global_feed", "similar_scene", "prune_candidates". needs_seeds: nothing comes of it without."""

    id: str
    label: str
    description: str
    contexts: tuple[str, ...]
    fields: tuple[Field, ...]
    needs_seeds: bool = False
