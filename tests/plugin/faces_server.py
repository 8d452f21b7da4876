"""A sidecar that sees whom a test says, over real gRPC and the real messages: tracks, people and groups in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import grpc

from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import Access
from protos import (
    common_pb2,
    faces_pb2,
    faces_pb2_grpc,
    inference_pb2,
    inference_pb2_grpc,
    models_pb2,
    models_pb2_grpc,
)

JPEG = b"\xff\xd8 a face \xff\xd9"
MATCH, MAYBE, UNKNOWN = (
    common_pb2.FACE_DECISION_MATCH,
    common_pb2.FACE_DECISION_MAYBE,
    common_pb2.FACE_DECISION_UNKNOWN,
)


def candidate(name: str, *keys: str, decision: Any = MATCH, **fields: Any) -> inference_pb2.Candidate:
    numbers: dict[str, Any] = {
        "similarity": 0.75,
        "margin": 0.5,
        "reference_id": f"reference of {name}",
        "reference_source": "stash",
        "references": 2,
        "agreeing_views": 4,
    }
    return inference_pb2.Candidate(keys=keys, name=name, decision=decision, **{**numbers, **fields})


def track(
    track_id: str,
    *candidates: inference_pb2.Candidate,
    spans: tuple[tuple[float, float], ...] = ((1.0, 9.0),),
    **fields: Any,
) -> inference_pb2.Track:
    """16 hex digits are made of the id's letters."""
    mark = inference_pb2.FaceMark(pts_s=spans[0][0] + 0.5, left=0.25, top=0.125, width=0.2, height=0.3)
    numbers: dict[str, Any] = {"faces": 8, "views": 5, "quality": 0.875, "group_id": ""}
    return inference_pb2.Track(
        id=hex_id(track_id),
        spans=[inference_pb2.TimeRange(start_s=start_s, end_s=end_s) for start_s, end_s in spans],
        best=mark,
        marks=[mark],
        candidates=candidates,
        decision=candidates[0].decision if candidates else UNKNOWN,
        **{**numbers, **fields},
    )


def hex_id(name: str) -> str:
    return name.encode().hex()[:16].rjust(16, "0")


def report(*tracks: inference_pb2.Track, version: str = "g1", frames: int = 64) -> inference_pb2.FaceReport:
    return inference_pb2.FaceReport(
        model="dlib", tracks=tracks, frames=frames, faces=sum(one.faces for one in tracks), gallery_version=version
    )


@dataclass
class Seen:
    """What the sidecar knows. reports: by content key. log: names of calls, in order."""

    reports: dict[str, inference_pb2.FaceReport] = field(default_factory=dict)
    people: dict[str, faces_pb2.KnownPerson] = field(default_factory=dict)
    groups: dict[str, faces_pb2.Group] = field(default_factory=dict)
    merges: dict[str, list[faces_pb2.Group]] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], faces_pb2.Verdict] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    content_of_path: dict[str, str] = field(default_factory=dict)
    version: str = "g1"
    naming: dict[str, list[str]] = field(default_factory=dict)
    model_fails: bool = False

    def tracks_of_group(self, group_id: str) -> list[tuple[str, inference_pb2.Track]]:
        return [
            (content_key, one)
            for content_key, found in self.reports.items()
            for one in found.tracks
            if one.group_id == group_id
        ]


class Faces(faces_pb2_grpc.FacesServicer):
    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    def _note(self, request: Any) -> None:
        self.seen.log.append(type(request).__name__.removesuffix("Request"))
        self.seen.asked.append(request)

    def GetFaceState(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.FaceState:  # noqa: N802
        self._note(request)
        reports = self.seen.reports.values()
        return faces_pb2.FaceState(
            model="dlib",
            people=len(self.seen.people),
            references=sum(sum(one.references.values()) for one in self.seen.people.values()),
            references_by_source={"stash": 3, "track": 2},
            media=len(self.seen.reports),
            faces=sum(one.faces for one in reports),
            tracks=sum(len(one.tracks) for one in reports),
            groups=len(self.seen.groups),
            gallery_version=self.seen.version,
            search="exact",
            search_note="5 references are few enough to compare all.",
            points=[
                faces_pb2.OperatingPoint(
                    references="one reference",
                    match=0.625,
                    maybe=0.5,
                    match_false_accepts=0.001,
                    maybe_false_accepts=0.02,
                    basis="model",
                    trials=0,
                )
            ],
            size_bytes=123_456,
        )

    def Match(self, request: Any, context: grpc.ServicerContext) -> Iterator[faces_pb2.MatchResponse]:  # noqa: N802
        self._note(request)
        for content_key in request.content_keys:
            found = self.seen.reports.get(content_key)
            if found is None:
                problem = common_pb2.Problem(code=common_pb2.NOT_FOUND, message="its faces were not looked at")
                yield faces_pb2.MatchResponse(content_key=content_key, problem=problem)
            else:
                yield faces_pb2.MatchResponse(content_key=content_key, report=self.answer(content_key))

    def answer(self, content_key: str) -> inference_pb2.FaceReport:
        """The report with what verdicts say of it."""
        made = inference_pb2.FaceReport()
        made.CopyFrom(self.seen.reports[content_key])
        made.gallery_version = self.seen.version
        for one in made.tracks:
            said = self.seen.verdicts.get((content_key, one.id))
            if said is None:
                continue
            one.confirmed_key = said.is_key
            kept = [each for each in one.candidates if set(each.keys).isdisjoint(said.not_keys)]
            del one.candidates[:]
            one.candidates.extend(kept)
            one.decision = kept[0].decision if kept else UNKNOWN
        return made

    def SetVerdicts(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.SetVerdictsResponse:  # noqa: N802
        self._note(request)
        for one in request.verdicts:
            self.seen.verdicts[one.content_key, one.track_id] = one
        return faces_pb2.SetVerdictsResponse(known=[True] * len(request.verdicts))

    def Identify(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.IdentifyResponse:  # noqa: N802
        self._note(request)
        if request.location.path.endswith("cut off.mp4"):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "unreadable: the file ends after 3 of 61 s")
        if request.HasField("box") and request.box.left > 0.5:
            return faces_pb2.IdentifyResponse(pts_s=request.at_s, note="No face was found in the box; draw it wider.")
        first = next(iter(self.seen.reports.values())).tracks[0]
        return faces_pb2.IdentifyResponse(
            pts_s=request.at_s,
            faces=[
                faces_pb2.IdentifiedFace(
                    box=faces_pb2.FaceBox(left=0.25, top=0.125, width=0.2, height=0.3),
                    quality=0.75,
                    jpeg=JPEG,
                    candidates=first.candidates,
                    decision=first.decision,
                )
            ],
        )

    def FacePictures(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.FacePicturesResponse:  # noqa: N802
        self._note(request)
        known = {one.id for found in self.seen.reports.values() for one in found.tracks}
        return faces_pb2.FacePicturesResponse(pictures={one: JPEG for one in request.ids if one in known})

    def ListPeople(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.ListPeopleResponse:  # noqa: N802
        self._note(request)
        fitting = [one for one in self.seen.people.values() if request.words.lower() in one.person.name.lower()]
        fitting.sort(key=lambda one: one.person.name)
        start, limit = int(request.after or 0), request.limit or 100
        page = fitting[start : start + limit]
        more = str(start + limit) if start + limit < len(fitting) else ""
        return faces_pb2.ListPeopleResponse(people=page, next=more, total=len(fitting))

    def GetPerson(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.GetPersonResponse:  # noqa: N802
        self._note(request)
        found = next((one for one in self.seen.people.values() if request.key in one.keys), None)
        if found is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "nobody has this key")
        assert found is not None
        content_key = next(iter(self.seen.reports), "")
        return faces_pb2.GetPersonResponse(
            person=found,
            references=[
                faces_pb2.Reference(
                    id="0123", key=found.person.key, source="stash", image_id="sha256:ab", quality=0.75, jpeg=JPEG
                ),
                faces_pb2.Reference(
                    id="0124", key=found.person.key, source="track", content_key=content_key, pts_s=1.5, quality=0.5
                ),
            ],
            links=[faces_pb2.Link(key=found.keys[0], other_key=key, why="same_as") for key in found.keys[1:]],
        )

    def RemoveReferences(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> faces_pb2.RemoveReferencesResponse:
        self._note(request)
        return faces_pb2.RemoveReferencesResponse()

    def LookAlikes(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.LookAlikesResponse:  # noqa: N802
        self._note(request)
        others = [one for one in self.seen.people.values() if request.key not in one.keys]
        if len(others) == len(self.seen.people):
            context.abort(grpc.StatusCode.NOT_FOUND, "nobody has this key")
        return faces_pb2.LookAlikesResponse(
            people=[faces_pb2.LookAlike(person=one, similarity=0.5) for one in others[: request.limit]]
        )

    def ListGroups(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.ListGroupsResponse:  # noqa: N802
        self._note(request)
        groups = [one for one in self.seen.groups.values() if one.ignored is request.ignored]
        merges = [
            faces_pb2.Merge(id=merge_id, group_id=were[0].id, groups=len(were), at_unix_s=1_764_000_000.0)
            for merge_id, were in self.seen.merges.items()
        ]
        return faces_pb2.ListGroupsResponse(groups=groups[: request.limit], total=len(groups), merges=merges)

    def GetGroup(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.GetGroupResponse:  # noqa: N802
        self._note(request)
        group = self._group(request.id, context)
        tracks = [
            faces_pb2.GroupTrack(content_key=content_key, track=one, similarity=0.75)
            for content_key, one in self.seen.tracks_of_group(group.id)
        ]
        return faces_pb2.GetGroupResponse(group=group, tracks=tracks)

    def MergeGroups(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.MergeGroupsResponse:  # noqa: N802
        self._note(request)
        were = [self._group(one, context) for one in request.ids]
        self.seen.merges["merge-1"] = were
        first = were[0]
        for other in were[1:]:
            del self.seen.groups[other.id]
            first = faces_pb2.Group(
                id=first.id,
                media=first.media + other.media,
                tracks=first.tracks + other.tracks,
                seconds=first.seconds + other.seconds,
                best_track=first.best_track,
                newest_unix_s=max(first.newest_unix_s, other.newest_unix_s),
            )
        self.seen.groups[first.id] = first
        self._move(request.ids, first.id)
        return faces_pb2.MergeGroupsResponse(group=first, merge_id="merge-1")

    def UnmergeGroups(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> faces_pb2.UnmergeGroupsResponse:
        self._note(request)
        were = self.seen.merges.pop(request.merge_id, None)
        if were is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such merge")
        assert were is not None
        self.seen.groups.update({one.id: one for one in were})
        best = {one.best_track: one.id for one in were}
        for _, each in [pair for one in were for pair in self.seen.tracks_of_group(one.id)]:
            each.group_id = best.get(each.id, each.group_id)
        return faces_pb2.UnmergeGroupsResponse(groups=were)

    def SplitGroup(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.SplitGroupResponse:  # noqa: N802
        self._note(request)
        self._group(request.id, context)
        made = faces_pb2.Group(id="split-1", media=1, tracks=len(request.track_ids), best_track=request.track_ids[0])
        self.seen.groups[made.id] = made
        return faces_pb2.SplitGroupResponse(group=made)

    def IgnoreGroups(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.IgnoreGroupsResponse:  # noqa: N802
        self._note(request)
        for one in request.ids:
            self._group(one, context).ignored = request.ignored
        return faces_pb2.IgnoreGroupsResponse()

    def NameGroup(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.NameGroupResponse:  # noqa: N802
        self._note(request)
        del self.seen.groups[self._group(request.id, context).id]
        keys = [content_key for content_key, _ in self.seen.tracks_of_group(request.id)]
        for _, one in self.seen.tracks_of_group(request.id):
            one.group_id, one.decision = "", MATCH
            known = candidate(
                request.person.name, request.person.key, *request.person.same_as, reference_source="track"
            )
            one.candidates.insert(0, known)
        self.seen.naming["naming-1"] = keys
        return faces_pb2.NameGroupResponse(content_keys=keys, naming_id="naming-1")

    def UnnameGroup(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.UnnameGroupResponse:  # noqa: N802
        self._note(request)
        keys = self.seen.naming.pop(request.naming_id, None)
        if keys is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such naming")
        for content_key in keys or ():
            for one in self.seen.reports[content_key].tracks:
                if one.candidates and one.candidates[0].reference_source == "track":
                    del one.candidates[0]
                    one.decision, one.group_id = UNKNOWN, "group-1"
        return faces_pb2.UnnameGroupResponse(content_keys=keys)

    def RegroupTracks(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.RegroupTracksResponse]:
        self._note(request)
        yield faces_pb2.RegroupTracksResponse(tracks_done=1, tracks=2, groups=1)
        yield faces_pb2.RegroupTracksResponse(tracks_done=2, tracks=2, groups=1, done=True)

    def ExportFaces(self, request: Any, context: grpc.ServicerContext) -> Iterator[faces_pb2.FileChunk]:  # noqa: N802
        self._note(request)
        yield faces_pb2.FileChunk(data=b'{"kind": "person"}\n')
        yield faces_pb2.FileChunk(data=b'{"kind": "face"}\n')

    def EraseFaces(self, request: Any, context: grpc.ServicerContext) -> faces_pb2.EraseFacesResponse:  # noqa: N802
        self._note(request)
        faces, people = sum(one.faces for one in self.seen.reports.values()), len(self.seen.people)
        for each in (self.seen.reports, self.seen.people, self.seen.groups, self.seen.verdicts):
            each.clear()
        return faces_pb2.EraseFacesResponse(faces=faces, people=people)

    def _group(self, group_id: str, context: grpc.ServicerContext) -> faces_pb2.Group:
        if group_id not in self.seen.groups:
            context.abort(grpc.StatusCode.NOT_FOUND, f"there is no group {group_id}")
        return self.seen.groups[group_id]

    def _move(self, ids: Any, group_id: str) -> None:
        for one in ids:
            for _, each in self.seen.tracks_of_group(one):
                each.group_id = group_id


class Inference(inference_pb2_grpc.InferenceServicer):
    """Analyses at once: tags and faces as far as they are asked for."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces

    def Analyze(  # noqa: N802
        self, requests: Iterator[inference_pb2.AnalyzeRequest], context: grpc.ServicerContext
    ) -> Iterator[inference_pb2.AnalyzeEvent]:
        seen = self.faces.seen
        for request in requests:
            medium = request.medium
            seen.log.append("Analyze")
            seen.asked.append(medium)
            path = medium.location.path or medium.location.remote.url
            key = seen.content_of_path.get(path.rsplit("/", 1)[-1], f"key-{path}")
            said = inference_pb2.AnalyzeEvent(media_id=medium.media_id)
            if medium.HasField("faces") and seen.model_fails:
                why = common_pb2.Problem(code=common_pb2.MODEL_NOT_READY, message="the face model's file is damaged")
                said.error.CopyFrom(why)
                yield said
                continue
            if medium.HasField("faces"):
                seen.reports.setdefault(key, report())
                said.faces.CopyFrom(self.faces.answer(key))
                yield said
                said = inference_pb2.AnalyzeEvent(media_id=medium.media_id)
            elif medium.without_tags:
                said.error.CopyFrom(common_pb2.Problem(code=common_pb2.INVALID_REQUEST, message="nothing to look for"))
                yield said
                continue
            tags = [] if medium.without_tags else [common_pb2.TagSummary(tag="cat", seconds=30.0, share=0.5, score=3.0)]
            done = inference_pb2.Done(
                content_key=key, kind="video", duration_s=60.0, samples=16, model="lite", tags=tags
            )
            said.done.CopyFrom(done)
            yield said


class Models(models_pb2_grpc.ModelsServicer):
    def ListModels(  # noqa: N802
        self, request: models_pb2.ListModelsRequest, context: grpc.ServicerContext
    ) -> models_pb2.ListModelsResponse:
        model = models_pb2.Model(id="lite", state=models_pb2.MODEL_STATE_READY, scoring="class_z")
        return models_pb2.ListModelsResponse(models=[model], default_model="lite", version="0.4.0")


@contextlib.contextmanager
def faces_sidecar(seen: Seen) -> Iterator[SidecarClient]:
    """A client of a sidecar that knows this."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    faces = Faces(seen)  # type: ignore[abstract]
    faces_pb2_grpc.add_FacesServicer_to_server(faces, server)
    inference_pb2_grpc.add_InferenceServicer_to_server(Inference(faces), server)  # type: ignore[abstract]
    models_pb2_grpc.add_ModelsServicer_to_server(Models(), server)  # type: ignore[abstract]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with contextlib.closing(SidecarClient(Access(f"127.0.0.1:{port}"))) as client:
            yield client
    finally:
        server.stop(0).wait()
