"""One medium, there and back: open, look, refine, remember, judge."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sidecar.engine import views
from sidecar.engine.coarse import CoarsePass
from sidecar.engine.embedding import Embedding, EmbedImages
from sidecar.engine.events import Done, Event, FaceReport, Progress, Started, TagTotal, TimelineSpan, Timings
from sidecar.engine.judge import Judge
from sidecar.engine.people.watch import FaceWatch, LookForFaces
from sidecar.engine.refinement import Refinement
from sidecar.engine.request import MediumRequest, Sampling
from sidecar.engine.turns import Turns
from sidecar.engine.watch import TagWatch, Watch, Watches
from sidecar.faces import FaceRules
from sidecar.media.decoder import Decoder, open_decoder
from sidecar.media.info import MediaInfo
from sidecar.media.nvdec import GpuResize
from sidecar.media.plan import DecodePlan, choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import Source
from sidecar.store import FeatureStore, PassState, RefineLevel
from sidecar.values import Cancelled, ContentKey, FrameGeometry, IsCancelled, Note

log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 0.5

UNSEEN_PX = 32
"""Edge of the square that a decoder makes where nobody looks at it."""

LEAST_FACE_REFINE_S = 20.0
"""Media seconds that may be decoded to find when people come and go, however little the coarse pass decoded: about two
seconds of work at 1080p on two cores."""

FULL_REFINE_SHARE = 0.2
"""Of all frames: where the coarse plan decodes more than this, keyframes are far apart and boundaries are dear."""


@dataclass(frozen=True, slots=True)
class Eye:
    """How this medium's frames become vectors: a leased model and the way to it."""

    judge: Judge
    geometry: FrameGeometry
    batch_size: int
    embed: EmbedImages
    prompts_s: float


@dataclass(frozen=True, slots=True)
class FaceEye:
    """How this medium's faces are found: a leased model and the way to it.

    model_key: of the model and the view. tell: what is to be said of the medium once its faces are stored.
    """

    model_key: str
    rules: FaceRules
    detect_px: int
    look: LookForFaces
    tell: Callable[[ContentKey], FaceReport]


@dataclass(frozen=True, slots=True)
class Hardware:
    """What may be used for one medium."""

    device: Literal["auto", "cpu", "cuda"]
    threads: int
    gpu_resize: GpuResize | None = None


class Analysis:
    """Analyses one medium of a known source: for tags (eye), for faces, or for both in one decode.

    run() emits Started, Progress, FaceReport where faces were asked for and, last, Done.
    It raises MediaError, StoreError or Cancelled instead of Done; whatever was stored until then stays.
    """

    def __init__(
        self,
        request: MediumRequest,
        source: Source,
        eye: Eye | None,
        faces: FaceEye | None,
        store: FeatureStore,
        hardware: Hardware,
        turns: Turns,
        emit: Callable[[Event], None],
        is_cancelled: IsCancelled,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._request, self._source, self._eye, self._faces, self._store = request, source, eye, faces, store
        self._hardware, self._emit, self._is_cancelled, self._clock = hardware, emit, is_cancelled, clock
        self._turns = turns
        self._tags: TagWatch | None = None
        self._people: FaceWatch | None = None
        self._looking = Watches(())
        self._started_at = clock()
        self._progress_at = 0.0
        self._stage: Literal["coarse", "refine", "score"] = "coarse"
        self._duration_s = 0.0
        self._coarse_s = self._refine_s = 0.0

    def run(self) -> None:
        key = self._source.content_key()
        model_keys = [eye.model_key for eye in (self._eye and self._eye.judge, self._faces) if eye]
        with contextlib.ExitStack() as turns:
            for model_key in sorted(model_keys):  # in one order, so that two analyses never wait for each other
                turns.enter_context(self._turns.turn(f"{key} {model_key}", self._is_cancelled))
            self._answer(key)

    def _answer(self, key: ContentKey) -> None:
        if self._eye is not None:
            embedding = Embedding(self._eye.embed, self._eye.batch_size, self._is_cancelled)
            self._tags = TagWatch(self._store, key, self._eye.judge, embedding)
        if self._faces is not None:
            eye = self._faces
            self._people = FaceWatch(self._store.faces, key, eye.model_key, eye.rules, eye.look, self._is_cancelled)
        watches = self._watches()
        if self._request.sampling.fresh:
            for watch in watches:
                watch.forget()
        unknown = tuple(watch for watch in watches if not self._is_known(key, watch))
        if unknown:
            self._look(key, Watches(unknown))
        else:
            self._answer_from_store(key)

    def _watches(self) -> list[Watch]:
        return [watch for watch in (self._tags, self._people) if watch is not None]

    def _is_known(self, key: ContentKey, watch: Watch) -> bool:
        interval_s = watch.state().coarse_interval_s
        if interval_s is None or interval_s > self._request.sampling.interval_s:
            return False
        return self._store.media(key) is not None

    def _answer_from_store(self, key: ContentKey) -> None:
        """Everything that was asked is known, but for boundaries that a full refinement still wants sharper."""
        media = self._store.media(key)
        assert media is not None
        seen_s = max((watch.state().seen_duration_s or 0.0 for watch in self._watches()), default=0.0)
        self._duration_s = seen_s or media.duration_s or 0.0
        self._store.remember_media(key, media.kind, self._source.name)
        wanting = self._wanting_refinement() if media.kind == "video" else Watches(())
        if wanting.all:
            info = probe(self._source)
            plan = "boundaries only: the rest is stored" + self._view_sentence(
                info.display_width_px, info.display_height_px
            )
            with self._decoder(info) as decoder:
                self._emit_started(key, info, decoder.name, plan)
                self._refine(decoder, wanting, self._later_budget(decoder, info))
                self._finish(key, media.kind, wanting, decoder, plan)
            return
        view = self._view_sentence(media.width_px or 0, media.height_px or 0)
        self._emit(
            Started(
                self._request.media_id,
                str(key),
                media.kind,
                self._duration_s,
                media.width_px or 0,
                media.height_px or 0,
                "",
                "nothing is decoded: everything is stored" + view,
            )
        )
        plan = "nothing was decoded: everything was stored" + view
        self._finish(key, media.kind, Watches(()), None, plan)

    def _wanting_refinement(self, but: Watches | None = None) -> Watches:
        """Who wants boundaries sharper. Full: as long as one is wide. Budget: only where none was spent yet, as after
        a kill. but: those that need not be asked.
        """
        sampling = self._request.sampling
        wanting = []
        for watch in self._watches():
            if (but is not None and watch in but.all) or sampling.refine == "none":
                continue
            level = watch.state().refine_level
            is_open = bool(watch.windows(sampling.refine_s, self._duration_s))
            if (sampling.refine == "full" and (level != "full" or is_open)) or (level == "none" and is_open):
                wanting.append(watch)
        return Watches(tuple(wanting))

    def _later_budget(self, decoder: Decoder, info: MediaInfo) -> float | None:
        """The budget where the coarse pass is long past: a share of what its plan is expected to cost."""
        sampling = self._request.sampling
        if sampling.refine == "full":
            return None
        share = choose_plan(info, sampling.interval_s).expected_decoded_share
        return self._budget(decoder, share * decoder.window_cost(0.0, self._duration_s))

    def _budget(self, decoder: Decoder, coarse_cost: float) -> float:
        """A share of the coarse pass. Where faces are looked for, enough at least for the few cuts of a short film."""
        share = self._request.sampling.refine_budget
        least = decoder.window_cost(0.0, min(LEAST_FACE_REFINE_S, self._duration_s)) if self._faces and share else 0.0
        return max(share * coarse_cost, least)

    def _look(self, key: ContentKey, watches: Watches) -> None:
        info = probe(self._source)
        plan = plan_for(choose_plan(info, self._request.sampling.interval_s), self._request.sampling)
        plan = replace(plan, reason=plan.reason + self._view_sentence(info.display_width_px, info.display_height_px))
        self._duration_s = info.duration_s
        self._store.remember_media(
            key,
            info.kind,
            self._source.name,
            duration_s=info.duration_s,
            width_px=info.display_width_px,
            height_px=info.display_height_px,
            container=info.container,
            codec=info.codec,
        )
        with self._decoder(info) as decoder:
            self._emit_started(key, info, decoder.name, plan.reason)
            try:
                self._look_coarsely(decoder, plan, watches)
                for watch in watches.all:
                    watch.set_state(self._coarse_state(decoder, info))
                if info.kind == "video" and self._request.sampling.refine != "none":
                    full = self._request.sampling.refine == "full"
                    self._refine(decoder, watches, None if full else self._budget(decoder, decoder.stats.decode_cost))
                    # What was known already may still want its own closer look.
                    others = self._wanting_refinement(but=watches)
                    if others.all:
                        self._refine(decoder, others, self._later_budget(decoder, info))
                        watches = Watches((*watches.all, *others.all))
            except Cancelled:
                watches.save()
                raise
            self._finish(key, info.kind, watches, decoder, plan.reason)

    def _look_coarsely(self, decoder: Decoder, plan: DecodePlan, watches: Watches) -> None:
        sampling = self._request.sampling
        self._looking = watches
        begun_at = self._clock()
        CoarsePass(
            decoder=decoder,
            plan=plan,
            geometry=self._geometry(watches),
            interval_s=sampling.interval_s,
            refine_s=None if sampling.refine == "none" else sampling.refine_s,
            duration_s=self._duration_s,
            watches=watches,
            is_cancelled=self._is_cancelled,
            on_progress=lambda position_s: self._report(decoder, position_s),
        ).run()
        self._duration_s = duration_after(decoder, self._duration_s)
        self._coarse_s = self._clock() - begun_at

    def _refine(self, decoder: Decoder, watches: Watches, budget: float | None) -> None:
        self._stage = "refine"
        self._looking = watches
        begun_at = self._clock()
        refine_s = self._request.sampling.refine_s
        Refinement(
            decoder=decoder,
            geometry=self._geometry(watches),
            refine_s=refine_s,
            budget=budget,
            duration_s=self._duration_s,
            watches=watches,
            is_cancelled=self._is_cancelled,
            on_progress=lambda position_s: self._report(decoder, position_s),
        ).run()
        self._refine_s += self._clock() - begun_at
        for watch in watches.all:
            level: RefineLevel = "full" if budget is None else "budget"
            watch.set_state(replace(watch.state(), refine_level=level, refine_s=refine_s))

    def _geometry(self, watches: Watches) -> FrameGeometry:
        """What these watches want to see of a frame."""
        view = self._request.view
        seen = FrameGeometry(UNSEEN_PX, "squash", view)
        if self._eye is not None and self._tags in watches.all:
            seen = self._eye.geometry
        if self._faces is not None and self._people in watches.all:
            seen = replace(seen, detail_px=self._faces.detect_px)
        return seen

    def _coarse_state(self, decoder: Decoder, info: MediaInfo) -> PassState:
        return PassState(
            coarse_interval_s=self._request.sampling.interval_s,
            seen_duration_s=self._duration_s,
            decoder=decoder.name,
            warnings=tuple(dict.fromkeys((*info.warnings, *decoder.notes))),
        )

    def _finish(
        self,
        key: ContentKey,
        kind: Literal["video", "image"],
        watches: Watches,
        decoder: Decoder | None,
        plan: str,
    ) -> None:
        """Remember how far it was looked at, judge, and tell. watches: those that have seen more than before."""
        decoded = decoder.stats.frames_decoded if decoder else 0
        if decoder is not None:
            for watch in watches.all:
                state = watch.state()
                watch.set_state(
                    replace(
                        state,
                        warnings=tuple(dict.fromkeys((*state.warnings, *decoder.notes))),
                        frames_decoded=state.frames_decoded + decoded,
                        frames_embedded=state.frames_embedded + watch.n_taken,
                    )
                )
        scoring_at = self._clock()
        if self._faces is not None and self._people is not None:
            if self._people in watches.all:
                self._people.settle(self._duration_s)
            self._emit(replace(self._faces.tell(key), media_id=self._request.media_id))
        spans: tuple[TimelineSpan, ...] = ()
        tags: tuple[TagTotal, ...] = ()
        samples = len(self._people.looked_s) if self._people is not None else 0
        notes: tuple[Note, ...] = ()
        model_id = ""
        if self._eye is not None and self._tags is not None:
            judge = self._eye.judge
            scored = self._tags.samples.scored(self._duration_s)
            if kind == "image":
                tags = judge.still_image_tags(scored.scores)
            else:
                spans, tags = judge.timeline(scored)
            samples, notes, model_id = len(scored.pts_s), judge.notes, judge.model_id
        states = [watch.state() for watch in self._watches()]
        now = self._clock()
        done = Done(
            media_id=self._request.media_id,
            content_key=str(key),
            kind=kind,
            duration_s=self._duration_s,
            decoder=states[0].decoder,
            frames_decoded=decoded,
            frames_embedded=watches.n_taken,
            samples=samples,
            model=model_id,
            plan=plan,
            spans=spans,
            tags=tags,
            warnings=tuple(dict.fromkeys((*(note for state in states for note in state.warnings), *notes))),
            timings=Timings(
                total_s=now - self._started_at,
                coarse_s=self._coarse_s,
                refine_s=self._refine_s,
                prompts_s=self._eye.prompts_s if self._eye else 0.0,
                score_s=now - scoring_at,
            ),
        )
        log.info("%s: %s", self._source.name, summary(done))
        self._emit(done)

    def _view_sentence(self, width_px: int, height_px: int) -> str:
        return views.sentence(self._request.view, width_px, height_px)

    def _decoder(self, info: MediaInfo) -> Decoder:
        hardware = self._hardware
        return open_decoder(self._source, info, hardware.device, hardware.threads, hardware.gpu_resize)

    def _emit_started(self, key: ContentKey, info: MediaInfo, decoder: str, plan: str) -> None:
        log.info("%s: %s, %.1f s, %s; %s", self._source.name, info.codec, info.duration_s, decoder, plan)
        self._emit(
            Started(
                self._request.media_id,
                str(key),
                info.kind,
                info.duration_s,
                info.display_width_px,
                info.display_height_px,
                decoder,
                plan,
            )
        )

    def _report(self, decoder: Decoder, position_s: float) -> None:
        now = self._clock()
        if now - self._progress_at < PROGRESS_EVERY_S:
            return
        self._progress_at = now
        elapsed_s = max(now - self._started_at, 1e-6)
        self._emit(
            Progress(
                media_id=self._request.media_id,
                stage=self._stage,
                frames_decoded=decoder.stats.frames_decoded,
                frames_embedded=self._looking.n_taken,
                frames_per_s=decoder.stats.frames_decoded / elapsed_s,
                position_s=position_s,
                seconds_left=self._seconds_left(elapsed_s, position_s),
            )
        )

    def _seconds_left(self, elapsed_s: float, position_s: float) -> float | None:
        """The coarse pass at the pace so far, plus refinement as far as its budget bounds it; else unknown."""
        sampling = self._request.sampling
        if self._stage != "coarse" or sampling.refine == "full" or position_s <= 0 or self._duration_s <= 0:
            return None
        whole_s = elapsed_s * self._duration_s / position_s
        budget = sampling.refine_budget if sampling.refine == "budget" else 0.0
        return max(0.0, whole_s * (1 + budget) - elapsed_s)


def plan_for(plan: DecodePlan, sampling: Sampling) -> DecodePlan:
    """The plan, or decoding throughout where a full refinement would decode most of what the plan leaves out.

    Measured on 4k with a cut every 7 s: 28 % decoded coarsely and then every boundary took 22.7 s, all of it 17.1 s;
    and decoding throughout leaves spare frames around every boundary.
    """
    if sampling.refine != "full" or plan.kind != "keyframes" or plan.expected_decoded_share <= FULL_REFINE_SHARE:
        return plan
    reason = f"{plan.reason} All boundaries are wanted sharp, so it is decoded throughout."
    return replace(plan, kind="sequential", reason=reason, expected_decoded_share=1.0)


def duration_after(decoder: Decoder, probed_s: float) -> float:
    """The length to go by after a whole pass: what was seen is a least length, unless it proved the probe wrong."""
    seen_s = decoder.stats.duration_s_seen
    if any(note.code == "duration_mismatch" for note in decoder.notes):
        return seen_s
    return max(probed_s, seen_s)


def summary(done: Done) -> str:
    """One line for the log: what was found, how fast."""
    speed = f"{done.duration_s / done.timings.total_s:.0f}x" if done.timings.total_s > 0 else "-"
    how = "from the store" if done.from_cache else f"{done.frames_decoded} frames decoded, {speed}"
    return f"{len(done.spans)} spans of {len(done.tags)} tags in {done.timings.total_s:.2f} s ({how})"
