"""One medium, there and back: open, look, refine, remember, judge."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sidecar.engine import views
from sidecar.engine.coarse import CoarsePass
from sidecar.engine.embedding import Embedding, EmbedImages
from sidecar.engine.events import Done, Event, Progress, Started, TimelineSpan, Timings
from sidecar.engine.judge import Judge
from sidecar.engine.refinement import Refinement
from sidecar.engine.request import MediumRequest, Sampling
from sidecar.engine.samples import SampleSet
from sidecar.engine.turns import Turns
from sidecar.media.decoder import Decoder, open_decoder
from sidecar.media.info import MediaInfo
from sidecar.media.nvdec import GpuResize
from sidecar.media.plan import DecodePlan, choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import Source
from sidecar.store import Coverage, FeatureStore, PassState
from sidecar.values import Cancelled, ContentKey, FrameGeometry, IsCancelled

log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 0.5

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
class Hardware:
    """What may be used for one medium."""

    device: Literal["auto", "cpu", "cuda"]
    threads: int
    gpu_resize: GpuResize | None = None


class Analysis:
    """Analyses one medium of a known source. run() emits Started, Progress and, last, Done.

    It raises MediaError, StoreError or Cancelled instead of Done; whatever was stored until then stays.
    """

    def __init__(
        self,
        request: MediumRequest,
        source: Source,
        eye: Eye,
        store: FeatureStore,
        hardware: Hardware,
        turns: Turns,
        emit: Callable[[Event], None],
        is_cancelled: IsCancelled,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._request, self._source, self._eye, self._store = request, source, eye, store
        self._hardware, self._emit, self._is_cancelled, self._clock = hardware, emit, is_cancelled, clock
        self._turns = turns
        self._judge = eye.judge
        self._embedding = Embedding(eye.embed, eye.batch_size, is_cancelled)
        self._started_at = clock()
        self._progress_at = 0.0
        self._stage: Literal["coarse", "refine", "score"] = "coarse"
        self._duration_s = 0.0
        self._coarse_s = self._refine_s = 0.0

    def run(self) -> None:
        key = self._source.content_key()
        with self._turns.turn(f"{key} {self._judge.model_key}", self._is_cancelled):
            self._answer(key)

    def _answer(self, key: ContentKey) -> None:
        if self._request.sampling.fresh:
            self._store.forget_features(key, self._judge.model_key)
        state = self._store.pass_state(key, self._judge.model_key) or PassState()
        samples = SampleSet(self._store, key, self._judge)
        if self._is_known(key, state):
            self._answer_from_store(key, state, samples)
        else:
            self._look(key, samples)

    def _is_known(self, key: ContentKey, state: PassState) -> bool:
        if state.coarse_interval_s is None or state.coarse_interval_s > self._request.sampling.interval_s:
            return False
        return self._store.media(key) is not None

    def _answer_from_store(self, key: ContentKey, state: PassState, samples: SampleSet) -> None:
        """Everything that was asked is known, but for boundaries that a full refinement still wants sharper."""
        media = self._store.media(key)
        assert media is not None
        self._duration_s = state.seen_duration_s or media.duration_s or 0.0
        self._store.remember_media(key, media.kind, self._source.name)
        if media.kind == "video" and self._wants_refinement(state, samples):
            info = probe(self._source)
            plan = "boundaries only: the rest is stored" + self._view_sentence(
                info.display_width_px, info.display_height_px
            )
            with self._decoder(info) as decoder:
                self._emit_started(key, info, decoder.name, plan)
                state = self._refine(decoder, samples, state, self._later_budget(decoder, info))
                self._finish(key, media.kind, state, samples, decoder, plan)
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
        self._finish(key, media.kind, state, samples, None, "nothing was decoded: everything was stored" + view)

    def _wants_refinement(self, state: PassState, samples: SampleSet) -> bool:
        """Full: as long as a boundary is wide. Budget: only where none was spent yet, as after a kill."""
        if self._request.sampling.refine == "full":
            return state.refine_level != "full" or self._open_windows(samples)
        return (
            self._request.sampling.refine == "budget" and state.refine_level == "none" and self._open_windows(samples)
        )

    def _later_budget(self, decoder: Decoder, info: MediaInfo) -> float | None:
        """The budget where the coarse pass is long past: a share of what its plan is expected to cost."""
        sampling = self._request.sampling
        if sampling.refine == "full":
            return None
        share = choose_plan(info, sampling.interval_s).expected_decoded_share
        return sampling.refine_budget * share * decoder.window_cost(0.0, self._duration_s)

    def _look(self, key: ContentKey, samples: SampleSet) -> None:
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
                self._look_coarsely(decoder, plan, samples)
                state = self._coarse_state(decoder, info)
                self._store.set_pass_state(key, self._judge.model_key, state)
                if info.kind == "video" and self._request.sampling.refine != "none":
                    full = self._request.sampling.refine == "full"
                    budget = None if full else self._request.sampling.refine_budget * decoder.stats.decode_cost
                    state = self._refine(decoder, samples, state, budget)
            except Cancelled:
                samples.save()
                raise
            self._finish(key, info.kind, state, samples, decoder, plan.reason)

    def _look_coarsely(self, decoder: Decoder, plan: DecodePlan, samples: SampleSet) -> None:
        sampling = self._request.sampling
        begun_at = self._clock()
        CoarsePass(
            decoder=decoder,
            plan=plan,
            geometry=self._eye.geometry,
            interval_s=sampling.interval_s,
            refine_s=None if sampling.refine == "none" else sampling.refine_s,
            duration_s=self._duration_s,
            judge=self._judge,
            samples=samples,
            embedding=self._embedding,
            is_cancelled=self._is_cancelled,
            on_progress=lambda position_s: self._report(decoder, position_s),
        ).run(resume_at(samples.coverage, sampling.interval_s))
        self._duration_s = duration_after(decoder, self._duration_s)
        self._coarse_s = self._clock() - begun_at

    def _refine(self, decoder: Decoder, samples: SampleSet, state: PassState, budget: float | None) -> PassState:
        self._stage = "refine"
        begun_at = self._clock()
        refine_s = self._request.sampling.refine_s
        Refinement(
            decoder=decoder,
            geometry=self._eye.geometry,
            refine_s=refine_s,
            budget=budget,
            duration_s=self._duration_s,
            judge=self._judge,
            samples=samples,
            embedding=self._embedding,
            is_cancelled=self._is_cancelled,
            on_progress=lambda position_s: self._report(decoder, position_s),
        ).run()
        self._refine_s = self._clock() - begun_at
        return replace(state, refine_level="full" if budget is None else "budget", refine_s=refine_s)

    def _coarse_state(self, decoder: Decoder, info: MediaInfo) -> PassState:
        return PassState(
            coarse_interval_s=self._request.sampling.interval_s,
            seen_duration_s=self._duration_s,
            decoder=decoder.name,
            warnings=tuple(dict.fromkeys((*info.warnings, *decoder.notes))),
        )

    def _open_windows(self, samples: SampleSet) -> bool:
        refine_s = self._request.sampling.refine_s
        return bool(self._judge.windows(samples.scored(self._duration_s), refine_s, samples.covered(refine_s)))

    def _finish(
        self,
        key: ContentKey,
        kind: Literal["video", "image"],
        state: PassState,
        samples: SampleSet,
        decoder: Decoder | None,
        plan: str,
    ) -> None:
        """Remember how far it was looked at, judge, and tell."""
        decoded = decoder.stats.frames_decoded if decoder else 0
        if decoder is not None:
            notes = tuple(dict.fromkeys((*state.warnings, *decoder.notes)))
            embedded = state.frames_embedded + self._embedding.frames_embedded
            state = replace(
                state, warnings=notes, frames_decoded=state.frames_decoded + decoded, frames_embedded=embedded
            )
            self._store.set_pass_state(key, self._judge.model_key, state)
        scoring_at = self._clock()
        scored = samples.scored(self._duration_s)
        spans: tuple[TimelineSpan, ...] = ()
        if kind == "image":
            tags = self._judge.still_image_tags(scored.scores)
        else:
            spans, tags = self._judge.timeline(scored)
        now = self._clock()
        done = Done(
            media_id=self._request.media_id,
            content_key=str(key),
            kind=kind,
            duration_s=self._duration_s,
            decoder=state.decoder,
            frames_decoded=decoded,
            frames_embedded=self._embedding.frames_embedded,
            samples=len(scored.pts_s),
            model=self._judge.model_id,
            plan=plan,
            spans=spans,
            tags=tags,
            warnings=(*state.warnings, *self._judge.notes),
            timings=Timings(
                total_s=now - self._started_at,
                coarse_s=self._coarse_s,
                refine_s=self._refine_s,
                prompts_s=self._eye.prompts_s,
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
                frames_embedded=self._embedding.frames_embedded,
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


def resume_at(coverage: tuple[Coverage, ...], interval_s: float) -> float:
    """Where an interrupted coarse pass goes on: the end of what is covered from 0 on, or 0."""
    reached_s = 0.0
    for part in sorted(coverage):
        if part.max_gap_s <= interval_s and part.start_s <= reached_s + 1e-6:
            reached_s = max(reached_s, part.end_s)
    return reached_s


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
