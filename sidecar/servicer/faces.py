"""The Faces service: messages in, the people's room called, messages out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import grpc

from protos import faces_pb2, faces_pb2_grpc
from sidecar.convert import people as convert
from sidecar.convert.common import from_problem
from sidecar.convert.inference import to_location, to_view
from sidecar.engine.engine import Engine
from sidecar.engine.request import InvalidRequest
from sidecar.servicer.errors import guard, guard_stream
from sidecar.servicer.progress import as_stream


class FacesServicer(faces_pb2_grpc.FacesServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._people = engine.people

    @guard
    def GetFaceState(  # noqa: N802
        self, request: faces_pb2.GetFaceStateRequest, context: grpc.ServicerContext
    ) -> faces_pb2.FaceState:
        return convert.from_state(self._people.state(lambda: not context.is_active()))

    @guard_stream
    def Enrol(  # noqa: N802
        self, request_iterator: Iterator[faces_pb2.EnrolRequest], context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.EnrolResponse]:
        model = ""
        for number, request in enumerate(request_iterator):
            if number == 0:
                model = request.model
            try:
                if number and request.model not in ("", model):
                    raise InvalidRequest("only the first request of a stream may say the model")
                person = convert.to_person(request.person)
                pictures = convert.to_pictures(request)
                enrolled = self._people.enrol(person, request.source, pictures, model, lambda: not context.is_active())
                yield convert.from_enrolled(person.key, enrolled)
            except InvalidRequest as error:
                yield faces_pb2.EnrolResponse(
                    key=request.person.key, problem=from_problem("invalid_request", str(error))
                )

    @guard
    def ForgetPeople(  # noqa: N802
        self, request: faces_pb2.ForgetPeopleRequest, context: grpc.ServicerContext
    ) -> faces_pb2.ForgetPeopleResponse:
        self._people.forget_people(tuple(request.keys))
        return faces_pb2.ForgetPeopleResponse()

    @guard
    def ListPeople(  # noqa: N802
        self, request: faces_pb2.ListPeopleRequest, context: grpc.ServicerContext
    ) -> faces_pb2.ListPeopleResponse:
        listing = self._people.list_people(
            tuple(request.keys),
            request.words,
            request.limit or 100,
            request.after,
            request.key_prefix,
            lambda: not context.is_active(),
        )
        return convert.from_listing(listing)

    @guard
    def GetPerson(  # noqa: N802
        self, request: faces_pb2.GetPersonRequest, context: grpc.ServicerContext
    ) -> faces_pb2.GetPersonResponse:
        return convert.from_details(self._people.person(request.key, lambda: not context.is_active()))

    @guard
    def RemoveReferences(  # noqa: N802
        self, request: faces_pb2.RemoveReferencesRequest, context: grpc.ServicerContext
    ) -> faces_pb2.RemoveReferencesResponse:
        self._people.remove_references(tuple(request.ids))
        return faces_pb2.RemoveReferencesResponse()

    @guard
    def LookAlikes(  # noqa: N802
        self, request: faces_pb2.LookAlikesRequest, context: grpc.ServicerContext
    ) -> faces_pb2.LookAlikesResponse:
        alike = self._people.look_alikes(
            request.key, request.limit or 10, request.key_prefix, lambda: not context.is_active()
        )
        return faces_pb2.LookAlikesResponse(people=map(convert.from_look_alike, alike))

    @guard_stream
    def Match(  # noqa: N802
        self, request: faces_pb2.MatchRequest, context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.MatchResponse]:
        matched = self._people.match(
            request.content_keys,
            request.dates,
            request.model,
            to_view(request.view),
            lambda: not context.is_active(),
        )
        for content_key, found in matched:
            if not context.is_active():
                return
            yield convert.from_match(content_key, found)

    @guard
    def SetVerdicts(  # noqa: N802
        self, request: faces_pb2.SetVerdictsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.SetVerdictsResponse:
        known = self._people.set_verdicts(
            tuple(map(convert.to_verdict, request.verdicts)),
            tuple(map(convert.to_person, request.people)),
            lambda: not context.is_active(),
        )
        return faces_pb2.SetVerdictsResponse(known=known)

    @guard
    def Identify(  # noqa: N802
        self, request: faces_pb2.IdentifyRequest, context: grpc.ServicerContext
    ) -> faces_pb2.IdentifyResponse:
        box = convert.to_box(request.box) if request.HasField("box") else None
        where = request.WhichOneof("picture")
        if where is None:
            raise InvalidRequest("the request has no picture; set location or image")
        location, headers = to_location(request.location) if where == "location" else ("", {})
        identified = self._engine.identify(
            location=location,
            headers=headers,
            image=request.image if where == "image" else b"",
            at_s=request.at_s,
            box=box,
            view=to_view(request.view),
            model=request.model,
            date=request.date,
            is_cancelled=lambda: not context.is_active(),
        )
        return convert.from_identified(identified)

    @guard
    def FacePictures(  # noqa: N802
        self, request: faces_pb2.FacePicturesRequest, context: grpc.ServicerContext
    ) -> faces_pb2.FacePicturesResponse:
        return faces_pb2.FacePicturesResponse(pictures=self._people.pictures(tuple(request.ids)))

    @guard
    def ListGroups(  # noqa: N802
        self, request: faces_pb2.ListGroupsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.ListGroupsResponse:
        listing = self._people.groups(
            request.limit or 50,
            request.after,
            convert.to_order(request.order),
            request.ignored,
            request.min_media,
            lambda: not context.is_active(),
        )
        return convert.from_groups(listing)

    @guard
    def GetGroup(  # noqa: N802
        self, request: faces_pb2.GetGroupRequest, context: grpc.ServicerContext
    ) -> faces_pb2.GetGroupResponse:
        listed, members = self._people.group(request.id, lambda: not context.is_active())
        return faces_pb2.GetGroupResponse(group=convert.from_group(listed), tracks=map(convert.from_member, members))

    @guard
    def MergeGroups(  # noqa: N802
        self, request: faces_pb2.MergeGroupsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.MergeGroupsResponse:
        listed, merge_id = self._people.merge_groups(tuple(request.ids), lambda: not context.is_active())
        return faces_pb2.MergeGroupsResponse(group=convert.from_group(listed), merge_id=merge_id)

    @guard
    def UnmergeGroups(  # noqa: N802
        self, request: faces_pb2.UnmergeGroupsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.UnmergeGroupsResponse:
        groups = self._people.unmerge_groups(request.merge_id, lambda: not context.is_active())
        return faces_pb2.UnmergeGroupsResponse(groups=map(convert.from_group, groups))

    @guard
    def SplitGroup(  # noqa: N802
        self, request: faces_pb2.SplitGroupRequest, context: grpc.ServicerContext
    ) -> faces_pb2.SplitGroupResponse:
        listed = self._people.split_group(request.id, tuple(request.track_ids), lambda: not context.is_active())
        return faces_pb2.SplitGroupResponse(group=convert.from_group(listed))

    @guard
    def IgnoreGroups(  # noqa: N802
        self, request: faces_pb2.IgnoreGroupsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.IgnoreGroupsResponse:
        self._people.ignore_groups(tuple(request.ids), request.ignored, lambda: not context.is_active())
        return faces_pb2.IgnoreGroupsResponse()

    @guard
    def NameGroup(  # noqa: N802
        self, request: faces_pb2.NameGroupRequest, context: grpc.ServicerContext
    ) -> faces_pb2.NameGroupResponse:
        content_keys, naming_id = self._people.name_group(
            request.id, convert.to_person(request.person), lambda: not context.is_active()
        )
        return faces_pb2.NameGroupResponse(content_keys=content_keys, naming_id=naming_id)

    @guard
    def UnnameGroup(  # noqa: N802
        self, request: faces_pb2.UnnameGroupRequest, context: grpc.ServicerContext
    ) -> faces_pb2.UnnameGroupResponse:
        content_keys = self._people.unname_group(request.naming_id, lambda: not context.is_active())
        return faces_pb2.UnnameGroupResponse(content_keys=content_keys)

    @guard_stream
    def RegroupTracks(  # noqa: N802
        self, request: faces_pb2.RegroupTracksRequest, context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.RegroupTracksResponse]:
        for step in as_stream(
            lambda tell, is_cancelled: self._people.regroup(
                request.model, lambda done, total: tell((done, total)), is_cancelled
            ),
            lambda: not context.is_active(),
        ):
            tracks_done, tracks = step.told
            groups = step.result[1] if step.result is not None else 0
            if step.result is not None:
                tracks_done = tracks = step.result[0]
            yield faces_pb2.RegroupTracksResponse(
                tracks_done=tracks_done, tracks=tracks, groups=groups, done=step.result is not None
            )

    @guard_stream
    def ExportFaces(  # noqa: N802
        self, request: faces_pb2.ExportFacesRequest, context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.FileChunk]:
        if request.everything:
            pieces = self._people.export_everything()
        else:
            pieces = self._people.export(
                request.key_prefix,
                request.private_prefix,
                request.since_generation,
                request.model,
                lambda: not context.is_active(),
            )
        for piece in pieces:
            yield faces_pb2.FileChunk(data=piece)

    @guard
    def ImportFaces(  # noqa: N802
        self, request: Iterator[faces_pb2.FileChunk], context: grpc.ServicerContext
    ) -> faces_pb2.ImportFacesResponse:
        first = next(request, faces_pb2.FileChunk())
        pieces = itertools.chain([first.data], (chunk.data for chunk in request))
        taken_in = self._people.take_in(pieces, first.name, lambda: not context.is_active())
        return faces_pb2.ImportFacesResponse(
            people=taken_in.people,
            references=taken_in.references,
            known_people=taken_in.known_people,
            generation=taken_in.generation,
        )

    @guard
    def RollBackImport(  # noqa: N802
        self, request: faces_pb2.RollBackImportRequest, context: grpc.ServicerContext
    ) -> faces_pb2.RollBackImportResponse:
        done = self._people.roll_back()
        return faces_pb2.RollBackImportResponse(
            name=done.name,
            references_removed=done.references_removed,
            references_restored=done.references_restored,
        )

    @guard
    def EraseFaces(  # noqa: N802
        self, request: faces_pb2.EraseFacesRequest, context: grpc.ServicerContext
    ) -> faces_pb2.EraseFacesResponse:
        faces, people = self._people.erase(request.confirmation)
        return faces_pb2.EraseFacesResponse(faces=faces, people=people)
