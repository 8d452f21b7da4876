"""The sidecar as the plugin sees it. It and the clients of faces, tracks and tastes alone call gRPC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import grpc

from plugin.face_messages import face_report
from plugin.sidecar_values import (
    Access,
    CancelWish,
    Capabilities,
    Event,
    Found,
    MediumWish,
    PathCheck,
    Picture,
    Problem,
    Progress,
    Question,
    SidecarError,
    Wish,
)
from plugin.store.analyses import Span, Total
from plugin.store.faces import FaceReport
from plugin.track_values import FaceWish
from protos import (
    common_pb2,
    inference_pb2,
    inference_pb2_grpc,
    media_pb2,
    media_pb2_grpc,
    models_pb2,
    models_pb2_grpc,
    schedule_pb2,
    schedule_pb2_grpc,
)

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
SHORT_S = 10.0
"""Time for calls that need no work."""
LONG_S = 600.0
"""Time for calls that may load a model or read many vectors."""

_PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,
}
REFINE = {
    "budget": inference_pb2.REFINE_BUDGET,
    "full": inference_pb2.REFINE_FULL,
    "none": inference_pb2.REFINE_NONE,
}
VIEWS = {"whole": inference_pb2.VIEW_WHOLE, "left_eye": inference_pb2.VIEW_LEFT_EYE}


class SidecarClient:
    """Stubs over one channel. Every method raises SidecarError."""

    def __init__(self, access: Access) -> None:
        self.address = access.address
        self.channel = _channel(access)
        self._inference = inference_pb2_grpc.InferenceStub(self.channel)
        self._models = models_pb2_grpc.ModelsStub(self.channel)
        self._media = media_pb2_grpc.MediaStub(self.channel)
        self._schedule = schedule_pb2_grpc.ScheduleStub(self.channel)

    def close(self) -> None:
        self.channel.close()

    def capabilities(self, model: str = "", timeout_s: float = SHORT_S) -> Capabilities:
        """Version, models, decoders. model: the one whose unit is told; "" for the default."""
        answer = self._ask(self._models.ListModels, models_pb2.ListModelsRequest(), timeout_s)
        wanted = model or answer.default_model
        chosen = next((row for row in answer.models if row.id == wanted), None)
        return Capabilities(
            version=answer.version,
            model=wanted,
            vocabulary=answer.vocabulary_version,
            scoring=chosen.scoring if chosen else "",
            device=chosen.device if chosen else "",
            models=tuple(map(_model, answer.models)),
            decoders=tuple(
                {"name": row.name, "available": row.available, "reason": row.reason} for row in answer.decoders
            ),
            default_model=answer.default_model,
            default_face_model=answer.default_face_model,
        )

    def load_model(self, model: str) -> dict[str, Any]:
        """Load it now; its row when it is ready, which may take a minute."""
        return _model(self._ask(self._models.LoadModel, models_pb2.LoadModelRequest(id=model), LONG_S).model)

    def unload_model(self, model: str) -> None:
        """Free its memory, once nobody uses it."""
        self._ask(self._models.UnloadModel, models_pb2.UnloadModelRequest(id=model), SHORT_S)

    def download_model(self, model: str, licence: str) -> dict[str, Any]:
        """Begin to fetch its weights under the licence that the owner agreed to; its row."""
        request = models_pb2.DownloadModelRequest(id=model, agreed_licence=licence)
        return _model(self._ask(self._models.DownloadModel, request, SHORT_S).model)

    def cancel_download(self, model: str) -> None:
        self._ask(self._models.CancelDownload, models_pb2.CancelDownloadRequest(id=model), SHORT_S)

    def vocabulary(self, model: str = "") -> list[dict[str, Any]]:
        """The vocabulary's tags: name, category, and whether the model can judge them. May load the model."""
        request = models_pb2.ListVocabularyRequest(model=model)
        answer = self._ask(self._models.ListVocabulary, request, LONG_S)
        return [{"name": tag.name, "category": tag.category, "judged": tag.judged} for tag in answer.tags]

    def analyze(self, wishes: Iterator[Wish], question: Question) -> AnalyzeCall:
        """Stream wishes; iterate the call for the answers. Each medium ends in exactly one Found or Problem."""
        return AnalyzeCall(self._inference.Analyze(_requests(wishes, question)))

    def score(self, content_keys: Sequence[str], question: Question, view: str = "whole") -> Iterator[Found | Problem]:
        """Judge stored vectors anew, in order, without decoding. media_id of the answers is the content key."""
        request = inference_pb2.ScoreRequest(content_keys=content_keys, tags=_query(question), view=VIEWS[view])
        try:
            for event in self._inference.Score(request, timeout=LONG_S):
                if event.WhichOneof("result") == "error":
                    yield _problem(event.content_key, event.error)
                    continue
                timeline = event.timeline
                yield Found(
                    media_id=event.content_key,
                    content_key=event.content_key,
                    duration_s=timeline.duration_s,
                    samples=0,
                    decoder="",
                    plan="",
                    model="",
                    from_cache=True,
                    total_s=timeline.score_s,
                    spans=tuple(_span(span) for span in timeline.spans),
                    totals=tuple(_total(total) for total in timeline.tags),
                    warnings=tuple((warning.code, warning.message) for warning in timeline.warnings),
                )
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error

    def thumbnails(
        self, medium: MediumWish, at_s: Sequence[float], size_px: int, timeout_s: float
    ) -> list[Picture] | Problem:
        """JPEGs of a medium's keyframes at or before 1 to 200 moments, longer edge size_px, in their order.

        Moments at which nothing can be decoded are left out; a Problem where the medium itself is the trouble.
        """
        request = inference_pb2.ThumbnailsRequest(
            location=location_of(medium), at_s=at_s, size_px=size_px, view=VIEWS[medium.view]
        )
        try:
            answer = self._inference.Thumbnails(request, timeout=timeout_s)
        except grpc.RpcError as error:
            problem = told_problem(medium.media_id, error)
            if problem is None:
                raise as_sidecar_error(error, self.address) from error
            return problem
        return [Picture(one.at_s, one.pts_s, one.jpeg) for one in answer.thumbnails]

    def check_paths(self, paths: Sequence[str], timeout_s: float = 60.0) -> tuple[list[PathCheck], list[str]]:
        """What the sidecar can read of at most 1000 paths, and its media roots."""
        answer = self._ask(self._media.CheckPaths, media_pb2.CheckPathsRequest(paths=paths), timeout_s)
        checks = []
        for check in answer.checks:
            if check.WhichOneof("result") == "visible":
                checks.append(PathCheck(check.path, check.visible.size_bytes, "", ""))
            else:
                code = common_pb2.ProblemCode.Name(check.problem.code).lower()
                checks.append(PathCheck(check.path, 0, code, check.problem.message))
        return checks, list(answer.media_roots)

    def find_files(self, wanted: Sequence[tuple[str, int]], time_limit_s: float = 5.0) -> list[list[str]]:
        """Full paths below the media roots of files with these (name, size in bytes), in order; at most 20."""
        files = [media_pb2.WantedFile(file_name=name, size_bytes=size) for name, size in wanted]
        request = media_pb2.FindFilesRequest(files=files, time_limit_s=time_limit_s)
        answer = self._ask(self._media.FindFiles, request, time_limit_s + SHORT_S)
        return [list(found.paths) for found in answer.files]

    def set_schedule(self, url: str, headers: Mapping[str, str], jobs: Sequence[Mapping[str, Any]]) -> None:
        """Replace the schedule. jobs: id, cron, body (bytes), jitter_s."""
        request = schedule_pb2.SetScheduleRequest(
            wake=schedule_pb2.WakeRequest(url=url, headers=headers),
            jobs=[schedule_pb2.ScheduledJob(enabled=True, **job) for job in jobs],
        )
        self._ask(self._schedule.SetSchedule, request, SHORT_S)

    def clear_schedule(self) -> None:
        self._ask(self._schedule.ClearSchedule, schedule_pb2.ClearScheduleRequest(), SHORT_S)

    def schedule(self) -> list[dict[str, Any]]:
        """Each job with its next and last run, Unix seconds."""
        state = self._ask(self._schedule.GetSchedule, schedule_pb2.GetScheduleRequest(), SHORT_S)
        return [
            {
                "id": job.id,
                "cron": job.cron,
                "next_run_s": job.next_run_unix_s if job.HasField("next_run_unix_s") else None,
                "last_run_s": job.last_run_unix_s if job.HasField("last_run_unix_s") else None,
                "last_outcome": job.last_outcome.message if job.HasField("last_outcome") else "",
            }
            for job in state.jobs
        ]

    def _ask(self, method: Any, request: Any, timeout_s: float) -> Any:
        try:
            return method(request, timeout=timeout_s)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error


class AnalyzeCall:
    """One Analyze stream. cancel() from any thread ends it; work in the sidecar stops within a second."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def cancel(self) -> None:
        self._call.cancel()

    def __iter__(self) -> Iterator[Event]:
        spans: dict[str, list[Span]] = {}
        faces: dict[str, FaceReport] = {}
        try:
            for event in self._call:
                kind = event.WhichOneof("event")
                if kind == "progress":
                    left = event.progress.seconds_left if event.progress.HasField("seconds_left") else None
                    yield Progress(
                        event.media_id,
                        event.progress.stage,
                        event.progress.position_s,
                        event.progress.frames_per_s,
                        left,
                    )
                elif kind == "spans":
                    spans.setdefault(event.media_id, []).extend(_span(span) for span in event.spans.spans)
                elif kind == "faces":
                    faces[event.media_id] = face_report(event.faces)
                elif kind == "done":
                    its_spans, seen = spans.pop(event.media_id, []), faces.pop(event.media_id, None)
                    yield _found(event.media_id, event.done, its_spans, seen)
                elif kind == "error":
                    spans.pop(event.media_id, None)
                    faces.pop(event.media_id, None)
                    yield _problem(event.media_id, event.error)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, "") from error


def _requests(wishes: Iterator[Wish], question: Question) -> Iterator[inference_pb2.AnalyzeRequest]:
    said = False
    for wish in wishes:
        if isinstance(wish, CancelWish):
            yield inference_pb2.AnalyzeRequest(cancel_media_id=wish.media_id)
            continue
        look = wish.look
        medium = inference_pb2.MediumRequest(
            media_id=wish.media_id,
            location=location_of(wish),
            tags=None if said else _query(question),
            sampling=inference_pb2.Sampling(
                interval_s=look.interval_s, refine=REFINE[look.refine], refine_s=look.refine_s, fresh=look.fresh
            ),
            view=VIEWS[wish.view],
            faces=_face_query(wish.faces),
            without_tags=wish.faces is not None and wish.faces.alone,
        )
        said = True
        yield inference_pb2.AnalyzeRequest(medium=medium)


def _face_query(wish: FaceWish | None) -> inference_pb2.FaceQuery | None:
    if wish is None:
        return None
    return inference_pb2.FaceQuery(date=wish.date, known_keys=wish.known_keys)


def location_of(medium: MediumWish) -> inference_pb2.MediaLocation:
    if medium.url:
        return inference_pb2.MediaLocation(remote=inference_pb2.RemoteMedia(url=medium.url, headers=medium.headers))
    return inference_pb2.MediaLocation(path=medium.path)


def _model(row: models_pb2.Model) -> dict[str, Any]:
    """A model as pages show it; what the fields mean stands in protos/models.proto."""
    return {
        "id": row.id,
        "job": row.job,
        "licence": row.licence,
        "licence_url": row.licence_url,
        "source": row.source,
        "revision": row.revision,
        "checksums": list(row.checksums),
        "size_bytes": row.size_bytes,
        "downloaded_bytes": row.downloaded_bytes,
        "dim": row.dim,
        "speed_class": row.speed_class,
        "embedded": row.embedded,
        "state": models_pb2.ModelState.Name(row.state).removeprefix("MODEL_STATE_").lower(),
        "reason": row.reason,
        "device": row.device,
        "runtime": row.runtime,
        "memory_bytes": row.memory_bytes,
        "scoring": row.scoring,
        "note": row.note,
    }


def _query(question: Question) -> common_pb2.TagQuery:
    return common_pb2.TagQuery(
        model=question.model,
        vocabulary=question.vocabulary,
        tags=[
            common_pb2.TagDefinition(name=tag.name, phrasings=tag.phrasings, enter=tag.threshold)
            for tag in question.tags
        ],
    )


def _found(media_id: str, done: inference_pb2.Done, spans: list[Span], faces: FaceReport | None) -> Found:
    return Found(
        media_id=media_id,
        content_key=done.content_key,
        duration_s=done.duration_s,
        samples=done.samples,
        decoder=done.decoder,
        plan=done.plan,
        model=done.model,
        from_cache=done.from_cache,
        total_s=done.timings.total_s,
        spans=tuple(spans),
        totals=tuple(_total(total) for total in done.tags),
        warnings=tuple((warning.code, warning.message) for warning in done.warnings),
        faces=faces,
    )


def _span(span: common_pb2.Span) -> Span:
    return Span(
        label=span.tag,
        category=span.category,
        start_s=round(span.start_s, 4),
        end_s=round(span.end_s, 4),
        score=round(span.score, 4),
        peak_s=round(span.peak_s, 4),
        peak_score=round(span.peak_score, 4),
        start_uncertainty_s=round(span.start_uncertainty_s, 4),
        end_uncertainty_s=round(span.end_uncertainty_s, 4),
    )


def _total(total: common_pb2.TagSummary) -> Total:
    return Total(total.tag, total.category, round(total.seconds, 4), round(total.share, 4), round(total.score, 4))


def _problem(media_id: str, problem: common_pb2.Problem) -> Problem:
    return Problem(media_id, common_pb2.ProblemCode.Name(problem.code).lower(), problem.message)


def told_problem(media_id: str, error: grpc.RpcError) -> Problem | None:
    """What is wrong with the medium, where a call about one failed for that: its details begin with the code."""
    if not isinstance(error, grpc.Call) or error.code() != grpc.StatusCode.FAILED_PRECONDITION:
        return None
    code, _, message = str(error.details() or "").partition(": ")
    return Problem(media_id, code, message) if code.upper() in common_pb2.ProblemCode.keys() else None  # noqa: SIM118


def as_sidecar_error(error: grpc.RpcError, address: str) -> SidecarError:
    """What a call's end means, as a sentence."""
    if not isinstance(error, grpc.Call):
        return SidecarError(str(error), passes=True)
    code, details = error.code(), str(error.details() or "")
    where = f" at {address}" if address else ""
    if code == grpc.StatusCode.UNAVAILABLE:
        return SidecarError(f"the sidecar{where} cannot be reached ({details[:200]})", passes=True)
    if code == grpc.StatusCode.UNAUTHENTICATED:
        return SidecarError(
            f"the sidecar{where} wants a token; put its token into a file and name it in the setting sidecarTokenFile"
        )
    if code == grpc.StatusCode.UNIMPLEMENTED:
        return SidecarError(f"the sidecar{where} is older than the plugin and does not know how to do this: update it")
    if code == grpc.StatusCode.DEADLINE_EXCEEDED:
        return SidecarError(f"the sidecar{where} did not answer in time", passes=True)
    if code == grpc.StatusCode.INVALID_ARGUMENT and details:
        return SidecarError(f"the sidecar refused it: {details[:500]}")
    return SidecarError(f"the sidecar{where} answered {code.name}: {details[:500]}", passes=code in _PASSING)


def _channel(access: Access) -> grpc.Channel:
    options = (
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.enable_http_proxy", 0),  # a proxy of the environment must never see a local address
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
    )
    if access.tls_ca:
        channel = grpc.secure_channel(access.address, grpc.ssl_channel_credentials(access.tls_ca.encode()), options)
    else:
        channel = grpc.insecure_channel(access.address, options)
    return grpc.intercept_channel(channel, _Bearer(access.token)) if access.token else channel


class _Bearer(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[type-arg]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[type-arg]
    grpc.StreamStreamClientInterceptor,  # type: ignore[type-arg]
):
    def __init__(self, token: str) -> None:
        self._metadata = (("authorization", f"Bearer {token}"),)

    def _call(self, continuation, details, request):  # type: ignore[no-untyped-def]
        return continuation(details._replace(metadata=(*(details.metadata or ()), *self._metadata)), request)

    intercept_unary_unary = intercept_unary_stream = intercept_stream_stream = _call
