"""The sidecar's tracks, unknown people and their data as the plugin sees them: the rest of protos/faces.proto."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import grpc

from plugin.face_messages import candidate, decision, face_report, track
from plugin.faces_client import known_person, person_message
from plugin.faces_values import KnownPerson, Person
from plugin.sidecar_client import LONG_S, SHORT_S, VIEWS, SidecarClient, as_sidecar_error, location_of, told_problem
from plugin.sidecar_values import MediumWish, Problem
from plugin.track_values import (
    Box,
    FaceState,
    Group,
    GroupPage,
    GroupTrack,
    Identified,
    IdentifiedFace,
    Matched,
    Merge,
    PersonDetail,
    Reference,
    Regrouping,
)
from protos import common_pb2, faces_pb2, faces_pb2_grpc

GROUPS_S = 60.0
"""Time for a page of groups: the first one reads every track that nobody knows, 10 s where there are 100 000."""
IDENTIFY_S = 60.0
"""Time for one picture: a medium on a slow disk, a model that is loaded first."""


class TracksClient:
    """Stubs over the channel of a client that is connected. Every method raises SidecarError."""

    def __init__(self, sidecar: SidecarClient) -> None:
        self.address = sidecar.address
        self._faces = faces_pb2_grpc.FacesStub(sidecar.channel)

    def state(self) -> FaceState:
        answer = self._ask(self._faces.GetFaceState, faces_pb2.GetFaceStateRequest(), SHORT_S)
        return FaceState(
            model=answer.model,
            people=answer.people,
            references=answer.references,
            references_by_source=dict(sorted(answer.references_by_source.items())),
            media=answer.media,
            faces=answer.faces,
            tracks=answer.tracks,
            groups=answer.groups,
            gallery_version=answer.gallery_version,
            search=answer.search,
            search_note=answer.search_note,
            points=tuple(
                {
                    "references": point.references,
                    "match": round(point.match, 4),
                    "maybe": round(point.maybe, 4),
                    "match_false_accepts": point.match_false_accepts,
                    "maybe_false_accepts": point.maybe_false_accepts,
                    "basis": point.basis,
                    "trials": point.trials,
                }
                for point in answer.points
            ),
            size_bytes=answer.size_bytes,
            last_import=answer.last_import,
        )

    def match(self, content_keys: Sequence[str], dates: Sequence[str] = (), view: str = "whole") -> Iterator[Matched]:
        """Match stored tracks anew, in order, without decoding. dates: of each medium, or none at all."""
        request = faces_pb2.MatchRequest(content_keys=content_keys, dates=dates, view=VIEWS[view])
        try:
            for answer in self._faces.Match(request, timeout=LONG_S):
                if answer.WhichOneof("result") == "problem":
                    code = common_pb2.ProblemCode.Name(answer.problem.code).lower()
                    yield Matched(answer.content_key, None, code, answer.problem.message)
                else:
                    yield Matched(answer.content_key, face_report(answer.report))
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error

    def identify(self, medium: MediumWish, at_s: float, box: Box | None, date: str) -> Identified | Problem:
        """The faces of one moment, in a drawn box or everywhere; a Problem where the medium itself is the trouble."""
        request = faces_pb2.IdentifyRequest(
            location=location_of(medium), at_s=at_s, view=VIEWS[medium.view], date=date, box=_box_message(box)
        )
        try:
            answer = self._faces.Identify(request, timeout=IDENTIFY_S)
        except grpc.RpcError as error:
            problem = told_problem(medium.media_id, error)
            if problem is None:
                raise as_sidecar_error(error, self.address) from error
            return problem
        faces = tuple(
            IdentifiedFace(
                box=_box(face.box),
                quality=round(face.quality, 4),
                jpeg=face.jpeg,
                candidates=tuple(candidate(one) for one in face.candidates),
                decision=decision(face.decision),
                group_id=face.group_id,
            )
            for face in answer.faces
        )
        return Identified(faces, round(answer.pts_s, 3), answer.note)

    def pictures(self, ids: Sequence[str]) -> dict[str, bytes]:
        """JPEGs of at most 200 tracks and references; those that are not known are left out."""
        answer = self._ask(self._faces.FacePictures, faces_pb2.FacePicturesRequest(ids=ids), SHORT_S)
        return dict(answer.pictures)

    # Known people.

    def people(self, words: str, limit: int, after: str) -> tuple[tuple[KnownPerson, ...], str, int]:
        """A page by name, what the next one begins after, and how many there are."""
        request = faces_pb2.ListPeopleRequest(words=words, limit=limit, after=after)
        answer = self._ask(self._faces.ListPeople, request, SHORT_S)
        return tuple(known_person(one) for one in answer.people), answer.next, answer.total

    def person(self, key: str) -> PersonDetail | None:
        """None where nobody has this key."""
        answer = self._ask_for(self._faces.GetPerson, faces_pb2.GetPersonRequest(key=key), SHORT_S)
        if answer is None:
            return None
        return PersonDetail(
            person=known_person(answer.person),
            references=tuple(
                Reference(
                    id=one.id,
                    key=one.key,
                    source=one.source,
                    image_id=one.image_id,
                    content_key=one.content_key,
                    pts_s=round(one.pts_s, 3),
                    quality=round(one.quality, 4),
                    jpeg=one.jpeg,
                )
                for one in answer.references
            ),
            links=tuple((link.key, link.other_key, link.why) for link in answer.links),
        )

    def remove_references(self, ids: Sequence[str]) -> None:
        self._ask(self._faces.RemoveReferences, faces_pb2.RemoveReferencesRequest(ids=ids), LONG_S)

    def look_alikes(self, key: str, limit: int) -> list[tuple[KnownPerson, float]] | None:
        """Who looks most like somebody, most alike first; None where nobody has this key."""
        answer = self._ask_for(self._faces.LookAlikes, faces_pb2.LookAlikesRequest(key=key, limit=limit), SHORT_S)
        if answer is None:
            return None
        return [(known_person(one.person), round(one.similarity, 4)) for one in answer.people]

    # Unknown people.

    def groups(self, order: str, limit: int, after: str, ignored: bool, min_media: int) -> GroupPage:
        request = faces_pb2.ListGroupsRequest(
            limit=limit, after=after, order=order, ignored=ignored, min_media=min_media
        )
        answer = self._ask(self._faces.ListGroups, request, GROUPS_S)
        merges = tuple(Merge(one.id, one.group_id, one.groups, one.at_unix_s) for one in answer.merges)
        return GroupPage(tuple(map(_group, answer.groups)), answer.next, answer.total, merges)

    def group(self, group_id: str) -> tuple[Group, tuple[GroupTrack, ...]] | None:
        """A group with at most 500 tracks, best first; None where there is none."""
        answer = self._ask_for(self._faces.GetGroup, faces_pb2.GetGroupRequest(id=group_id), SHORT_S)
        if answer is None:
            return None
        tracks = tuple(GroupTrack(one.content_key, track(one.track), round(one.similarity, 4)) for one in answer.tracks)
        return _group(answer.group), tracks

    def merge_groups(self, ids: Sequence[str]) -> tuple[Group, str]:
        """The group that they are now, and the merge's id."""
        answer = self._ask(self._faces.MergeGroups, faces_pb2.MergeGroupsRequest(ids=ids), LONG_S)
        return _group(answer.group), answer.merge_id

    def unmerge_groups(self, merge_id: str) -> tuple[Group, ...]:
        answer = self._ask(self._faces.UnmergeGroups, faces_pb2.UnmergeGroupsRequest(merge_id=merge_id), LONG_S)
        return tuple(map(_group, answer.groups))

    def split_group(self, group_id: str, track_ids: Sequence[str]) -> Group:
        request = faces_pb2.SplitGroupRequest(id=group_id, track_ids=track_ids)
        return _group(self._ask(self._faces.SplitGroup, request, LONG_S).group)

    def ignore_groups(self, ids: Sequence[str], ignored: bool) -> None:
        self._ask(self._faces.IgnoreGroups, faces_pb2.IgnoreGroupsRequest(ids=ids, ignored=ignored), SHORT_S)

    def name_group(self, group_id: str, person: Person) -> tuple[tuple[str, ...], str]:
        """Content keys of media whose reports changed, and the naming's id."""
        request = faces_pb2.NameGroupRequest(id=group_id, person=person_message(person))
        answer = self._ask(self._faces.NameGroup, request, LONG_S)
        return tuple(answer.content_keys), answer.naming_id

    def unname_group(self, naming_id: str) -> tuple[str, ...] | None:
        """Content keys of media whose reports changed; None where there is no such naming."""
        answer = self._ask_for(self._faces.UnnameGroup, faces_pb2.UnnameGroupRequest(naming_id=naming_id), LONG_S)
        return None if answer is None else tuple(answer.content_keys)

    def regroup(self) -> Iterator[Regrouping]:
        """Group all unknown people anew; the last answer is done."""
        try:
            for one in self._faces.RegroupTracks(faces_pb2.RegroupTracksRequest()):
                yield Regrouping(one.tracks_done, one.tracks, one.groups, one.done)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error

    # All of it.

    def export(self) -> Iterator[bytes]:
        """Everything that is known of faces, as JSON lines: the owner's own copy, piece by piece."""
        try:
            for chunk in self._faces.ExportFaces(faces_pb2.ExportFacesRequest(everything=True)):
                yield chunk.data
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error

    def erase(self, confirmation: str) -> tuple[int, int]:
        """Delete everything. Returns (faces, people)."""
        answer = self._ask(self._faces.EraseFaces, faces_pb2.EraseFacesRequest(confirmation=confirmation), LONG_S)
        return answer.faces, answer.people

    def _ask(self, method: Any, request: Any, timeout_s: float) -> Any:
        try:
            return method(request, timeout=timeout_s)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error

    def _ask_for(self, method: Any, request: Any, timeout_s: float) -> Any:
        """The answer, or None where what is asked for is not there."""
        try:
            return method(request, timeout=timeout_s)
        except grpc.RpcError as error:
            if isinstance(error, grpc.Call) and error.code() == grpc.StatusCode.NOT_FOUND:
                return None
            raise as_sidecar_error(error, self.address) from error


def _group(message: faces_pb2.Group) -> Group:
    return Group(
        id=message.id,
        media=message.media,
        tracks=message.tracks,
        seconds=round(message.seconds, 3),
        best_track=message.best_track,
        ignored=message.ignored,
        newest_s=message.newest_unix_s,
        candidates=tuple(candidate(one) for one in message.candidates),
    )


def _box(box: faces_pb2.FaceBox) -> Box:
    return round(box.left, 4), round(box.top, 4), round(box.width, 4), round(box.height, 4)


def _box_message(box: Box | None) -> faces_pb2.FaceBox | None:
    if box is None:
        return None
    left, top, width, height = box
    return faces_pb2.FaceBox(left=left, top=top, width=width, height=height)
