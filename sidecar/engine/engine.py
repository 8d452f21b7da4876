"""The engine: everything the sidecar can do, knowing nothing of gRPC."""

from __future__ import annotations

import contextlib
import logging
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from sidecar.engine.analysis import UNSEEN_PX, Analysis, Eye, Hardware
from sidecar.engine.errors import EngineError
from sidecar.engine.events import Failed
from sidecar.engine.judge import Judge
from sidecar.engine.judges import EmbedTexts, Judges, VocabularyTag
from sidecar.engine.models import ModelRoom
from sidecar.engine.people.identify import Identified
from sidecar.engine.people.room import PeopleRoom
from sidecar.engine.request import InvalidRequest, MediumRequest, TagQuery
from sidecar.engine.session import Emit, Session
from sidecar.engine.stored import ScoredTimeline, score_stored
from sidecar.engine.taste import MAX_NEIGHBOURS, TasteEvent, TasteModel, TasteRoom, WatchedScene
from sidecar.engine.turns import Turns
from sidecar.engine.views import VIEWS, feature_key
from sidecar.faces import FaceBox
from sidecar.media.access import AccessPolicy
from sidecar.media.errors import MediaError
from sidecar.media.find import FoundFiles, WantedFile, find_files, size_of_visible
from sidecar.media.frames import FULL_PX
from sidecar.media.moment import frame_at
from sidecar.media.source import open_source
from sidecar.media.still import read_portrait
from sidecar.media.thumbnails import Thumbnail, thumbnails
from sidecar.models.embedder import EmbedderOptions, ImageTextEmbedder
from sidecar.models.errors import ModelError, UnknownModel
from sidecar.models.torchvision_compat import resize_frame
from sidecar.store import FeatureStore, StoreError, search_moments
from sidecar.tagging.scoring import ensemble
from sidecar.tagging.vocabulary import prompts
from sidecar.values import Cancelled, FrameGeometry, IsCancelled, View

log = logging.getLogger(__name__)

MAX_CHECKED_PATHS = 1000
MAX_WANTED_FILES = 20
MEDIA_AT_ONCE = 2
"""Per stream: one decodes while the other computes."""


class EngineSettings(Protocol):
    """What the engine reads of the sidecar's settings."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def media_roots(self) -> tuple[Path, ...]: ...
    @property
    def allowed_origins(self) -> tuple[str, ...]: ...
    @property
    def model(self) -> str: ...
    @property
    def face_model(self) -> str: ...
    @property
    def device(self) -> Literal["auto", "cpu", "cuda"]: ...
    @property
    def threads(self) -> int: ...
    @property
    def idle_unload_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class FoundMoment:
    """One moment of a search. score ranks; it is no confidence."""

    content_key: str
    path: str
    pts_s: float
    score: float
    view: View


@dataclass(frozen=True, slots=True)
class FoundMoments:
    """Best first, and how much was compared."""

    moments: tuple[FoundMoment, ...]
    samples: int
    media: int


@dataclass(frozen=True, slots=True)
class PathCheck:
    """Whether a file can be read. problem: (code, sentence) where it cannot; see MediaError."""

    path: str
    size_bytes: int
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ListedVocabulary:
    """The vocabulary in use, as one model judges it."""

    version: str
    tags: tuple[VocabularyTag, ...]
    model: str


class Engine:
    """Thread-safe. close() stops what still runs. access: what may be read."""

    def __init__(self, settings: EngineSettings, store: FeatureStore) -> None:
        self._settings, self._store = settings, store
        self.access = AccessPolicy(settings.media_roots, settings.allowed_origins)
        options = EmbedderOptions(
            cache_dir=settings.data_dir / "cache",
            models_dir=settings.data_dir / "models",
            device=settings.device,
            threads=settings.threads,
        )
        self.models = ModelRoom(options, settings.model, settings.idle_unload_s, settings.face_model)
        self._judges = Judges(store, settings.data_dir)
        self.people = PeopleRoom(store.faces, self.models, settings.data_dir / "faces")
        self._taste = TasteRoom(store, settings.threads)
        self._turns = Turns()
        self._draining = threading.Event()
        self._in_work_lock = threading.Lock()
        self._in_work = 0

    def open_session(self, is_cancelled: IsCancelled) -> Session:
        """A new client's stream of media."""
        client_id = uuid.uuid4().hex

        def analyse(request: MediumRequest, emit: Emit, is_medium_cancelled: IsCancelled) -> None:
            with self._counted() as media_in_work:
                self._analyse(client_id, request, emit, is_medium_cancelled, media_in_work)

        workers = min(MEDIA_AT_ONCE, max(1, self._settings.threads))
        return Session(
            analyse, workers, is_cancelled, self._draining.is_set, lambda: self.models.forget_client(client_id)
        )

    def score(
        self, content_keys: Sequence[str], query: TagQuery, view: View, is_cancelled: IsCancelled
    ) -> Iterator[tuple[str, ScoredTimeline | Failed]]:
        """Score media that are stored in this view anew, in order.

        Raises EngineError, InvalidRequest, Cancelled before the first.
        """
        if not 1 <= len(content_keys) <= 100_000:
            raise InvalidRequest(f"{len(content_keys)} content keys were sent; send 1 to 100 000")
        with _as_engine_errors(), self._texts(query.model, is_cancelled) as (model, embed):
            judge, prompts_s = self._judges.judge(query, model, embed)
            judge = _for_view(judge, view)
            for key in content_keys:
                yield key, score_stored(self._store, key, judge, prompts_s)
                prompts_s = 0.0

    def search_moments(
        self,
        model: str,
        words: str,
        limit: int,
        min_gap_s: float,
        views: Sequence[View],
        is_cancelled: IsCancelled,
    ) -> FoundMoments:
        """Rank all stored moments of these views (none: of all) by words. Raises EngineError, InvalidRequest."""
        if not words.strip() or len(words) > 500:
            raise InvalidRequest(f"words has {len(words)} characters; 1 to 500 are allowed")
        if not 1 <= limit <= 1000:
            raise InvalidRequest(f"limit is {limit}; it must be from 1 to 1000")
        if not 0 <= min_gap_s <= 3600:
            raise InvalidRequest(f"min_gap_s is {min_gap_s}; it must be from 0 to 3600")
        with _as_engine_errors(), self._texts(model, is_cancelled) as (embedder, embed):
            dressed = prompts([(words.strip(),)], self._judges.templates(embedder))
            vectors, _ = self._judges.phrase_vectors(dressed.texts, embedder, embed)
            query_vector = ensemble(vectors, dressed.tag_of)[0]
            keys = {feature_key(embedder.model_key, view): view for view in views or VIEWS}
            found = search_moments(self._store, tuple(keys), query_vector, limit, min_gap_s, is_cancelled)
            samples, media = self._store.count_rows(*keys)
        moments = tuple(
            FoundMoment(str(m.content_key), m.path or "", m.pts_s, m.score, keys[m.model_key]) for m in found
        )
        return FoundMoments(moments, samples, media)

    def taste(
        self, model: str, scenes: Sequence[WatchedScene], n_neighbours: int, is_cancelled: IsCancelled
    ) -> Iterator[TasteEvent]:
        """What these scenes look like to each other and to what of them was watched; scenes by ascending id.

        Raises EngineError, InvalidRequest, Cancelled.
        """
        if n_neighbours > MAX_NEIGHBOURS:
            raise InvalidRequest(f"{n_neighbours} neighbours were asked for; at most {MAX_NEIGHBOURS} are allowed")
        with _as_engine_errors():
            with self.models.lease(model, is_cancelled) as lease:
                asked = TasteModel(lease.model.spec.id, lease.model.model_key)
            yield from self._taste.compute(asked, scenes, n_neighbours, is_cancelled)

    def thumbnails(
        self,
        location: str,
        headers: Mapping[str, str],
        at_s: Sequence[float],
        size_px: int,
        view: View,
        is_cancelled: IsCancelled,
    ) -> tuple[Thumbnail, ...]:
        """JPEGs of the keyframes at or before the given moments, of this view of them.

        Raises EngineError, InvalidRequest, Cancelled.
        """
        if not 1 <= len(at_s) <= 200:
            raise InvalidRequest(f"{len(at_s)} moments were asked for; 1 to 200 are allowed")
        if not 16 <= size_px <= 640:
            raise InvalidRequest(f"size_px is {size_px}; it must be from 16 to 640")
        with _as_engine_errors(), open_source(location, self.access, headers, is_cancelled) as source:
            return tuple(thumbnails(source, at_s, size_px, view, is_cancelled))

    def identify(
        self,
        location: str,
        headers: Mapping[str, str],
        image: bytes,
        at_s: float,
        box: FaceBox | None,
        view: View,
        model: str,
        date: str,
        is_cancelled: IsCancelled,
    ) -> Identified:
        """Who is in a picture: a medium at a moment, or, where location is empty, an image that was sent.

        Raises EngineError, InvalidRequest, Cancelled.
        """
        if not 0 <= at_s <= 1e6:
            raise InvalidRequest(f"at_s is {at_s}; it must be from 0 to 1 000 000")
        with _as_engine_errors():
            if not location:
                pts_s, detail = 0.0, read_portrait(image, FULL_PX)
            else:
                geometry = FrameGeometry(UNSEEN_PX, "squash", view, detail_px=FULL_PX)
                with open_source(location, self.access, headers, is_cancelled) as source:
                    frame = frame_at(source, at_s, geometry, is_cancelled)
                assert frame.detail is not None
                pts_s, detail = frame.pts_s, frame.detail
            return self.people.identify(detail.image, pts_s, box, model, date, is_cancelled)

    def check_paths(self, paths: Sequence[str], is_cancelled: IsCancelled) -> tuple[PathCheck, ...]:
        """Whether each of up to 1 000 paths could be analysed. Raises InvalidRequest, Cancelled."""
        if len(paths) > MAX_CHECKED_PATHS:
            raise InvalidRequest(f"{len(paths)} paths were sent; at most {MAX_CHECKED_PATHS} are allowed")
        checks = []
        for path in paths:
            if is_cancelled():
                raise Cancelled
            try:
                checks.append(PathCheck(path, size_of_visible(path, self.access)))
            except MediaError as error:
                checks.append(PathCheck(path, 0, (error.code, str(error))))
        return tuple(checks)

    def find_files(
        self, wanted: Sequence[WantedFile], time_limit_s: float, max_folders: int, is_cancelled: IsCancelled
    ) -> FoundFiles:
        """Where files of these names and sizes lie below the media roots. Raises InvalidRequest, Cancelled."""
        if not 1 <= len(wanted) <= MAX_WANTED_FILES:
            raise InvalidRequest(f"{len(wanted)} files were asked for; 1 to {MAX_WANTED_FILES} are allowed")
        for file in wanted:
            if not 1 <= len(file.name) <= 255 or "/" in file.name or "\0" in file.name:
                raise InvalidRequest(f"{file.name[:80]!r} is no file name; send it without its folders")
        if not 0.1 <= time_limit_s <= 30:
            raise InvalidRequest(f"time_limit_s is {time_limit_s}; it must be from 0.1 to 30")
        if max_folders > 1_000_000:
            raise InvalidRequest(f"max_folders is {max_folders}; it must be from 1 to 1 000 000")
        return find_files(wanted, self.access, time_limit_s, max_folders, is_cancelled)

    def vocabulary_version(self) -> str:
        """Names the vocabulary in use; "" where it cannot be read."""
        return self._judges.vocabulary_version()

    def vocabulary(self, model: str, is_cancelled: IsCancelled) -> ListedVocabulary:
        """The vocabulary in use, and what a model can judge of it. Raises EngineError, InvalidRequest, Cancelled."""
        with _as_engine_errors(), self._texts(model, is_cancelled) as (embedder, _):
            version, tags = self._judges.vocabulary_tags(embedder)
            return ListedVocabulary(version, tags, embedder.spec.id)

    def drain(self) -> None:
        """Take on nothing new; media in work go on, downloads are broken off: they resume when asked for again."""
        self._draining.set()
        self.models.stop_downloads()

    def sweep(self) -> None:
        """Called about every second: free what is idle."""
        self.models.sweep()

    def close(self) -> None:
        self._draining.set()
        self.people.close()
        self.models.close()

    def _analyse(
        self, client_id: str, request: MediumRequest, emit: Emit, is_cancelled: IsCancelled, media_in_work: int
    ) -> None:
        """Analyse one medium; whatever goes wrong is told as Failed, but for Cancelled."""
        media_id = request.media_id
        try:
            with contextlib.ExitStack() as held:
                source = held.enter_context(open_source(request.location, self.access, request.headers, is_cancelled))
                eye = held.enter_context(self._eye(client_id, request, is_cancelled)) if request.query else None
                faces = (
                    held.enter_context(self.people.eye(request.faces, request.view, is_cancelled))
                    if request.faces
                    else None
                )
                threads = max(1, self._settings.threads // media_in_work)
                hardware = Hardware(self._settings.device, threads, resize_frame)
                Analysis(request, source, eye, faces, self._store, hardware, self._turns, emit, is_cancelled).run()
        except Cancelled:
            raise
        except MediaError as error:
            if is_cancelled():  # FFmpeg makes "unreadable" of a stream that was cut on purpose
                raise Cancelled from None
            log.warning("%s: %s", error.code, error)
            emit(Failed(media_id, error.code, str(error)))
        except ModelError as error:
            emit(Failed(media_id, "model_not_ready", str(error)))
        except StoreError as error:
            log.error("%s", error)
            emit(Failed(media_id, "store_error", str(error)))
        except InvalidRequest as error:
            emit(Failed(media_id, "invalid_request", str(error)))
        except Exception:
            if is_cancelled():
                raise Cancelled from None
            incident = uuid.uuid4().hex[:8]
            log.exception("analysis failed (incident %s)", incident)
            emit(
                Failed(
                    media_id, "internal", f"the sidecar failed unexpectedly; its log has the details under {incident}"
                )
            )

    @contextlib.contextmanager
    def _eye(self, client_id: str, request: MediumRequest, is_cancelled: IsCancelled) -> Iterator[Eye]:
        """How this medium's frames are judged; the model is leased meanwhile."""
        assert request.query is not None
        with self.models.lease(request.query.model, is_cancelled) as lease:
            embed_texts = self.models.embed_texts(client_id, lease, is_cancelled)
            judge, prompts_s = self._judges.judge(request.query, lease.model, embed_texts)
            yield Eye(
                judge=_for_view(judge, request.view),
                geometry=replace(lease.model.geometry, view=request.view),
                batch_size=lease.model.batch_size,
                embed=self.models.embed_images(client_id, lease, is_cancelled),
                prompts_s=prompts_s,
            )

    @contextlib.contextmanager
    def _texts(self, model: str, is_cancelled: IsCancelled) -> Iterator[tuple[ImageTextEmbedder, EmbedTexts]]:
        """A leased model and the way of one call's texts to it; what still waits is dropped at the end."""
        client_id = uuid.uuid4().hex
        with self.models.lease(model, is_cancelled) as lease:
            try:
                yield lease.model, self.models.embed_texts(client_id, lease, is_cancelled)
            finally:
                self.models.forget_client(client_id)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[int]:
        """Counts media in work, so that the CPU's threads are divided among them."""
        with self._in_work_lock:
            self._in_work += 1
            media_in_work = self._in_work
        try:
            yield media_in_work
        finally:
            with self._in_work_lock:
                self._in_work -= 1


def _for_view(judge: Judge, view: View) -> Judge:
    """The same judge, shown the vectors of one view."""
    return replace(judge, model_key=feature_key(judge.model_key, view))


@contextlib.contextmanager
def _as_engine_errors() -> Iterator[None]:
    """Turns the rooms' errors into EngineError for calls that concern no stream."""
    try:
        yield
    except UnknownModel as error:
        raise EngineError("unknown_model", str(error)) from error
    except ModelError as error:
        raise EngineError("model_not_ready", str(error)) from error
    except MediaError as error:
        raise EngineError("media", f"{error.code}: {error}") from error
    except StoreError as error:
        raise EngineError("store_error", str(error)) from error
