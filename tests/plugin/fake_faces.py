"""A sidecar that knows people by what it is told, over real gRPC: for tests of what the plugin tells it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import grpc

from plugin.context import Context
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import Access
from protos import common_pb2, faces_pb2, faces_pb2_grpc

ENROLLED, WANTED = faces_pb2.IMAGE_OUTCOME_ENROLLED, faces_pb2.IMAGE_OUTCOME_WANTED


@dataclass
class FakePerson:
    """person: as last said. images: source -> image ids."""

    person: faces_pb2.Person
    images: dict[str, list[str]] = field(default_factory=dict)


class FakeFaces(faces_pb2_grpc.FacesServicer):
    """Every picture whose bytes it has seen is a reference, unless outcomes says otherwise by image id.

    on_enrol: called with each request before it is answered; may raise to break the stream, or return a sentence, which
    becomes the person's problem.
    """

    def __init__(self) -> None:
        self.people: dict[str, FakePerson] = {}
        self.seen: set[str] = set()
        self.outcomes: dict[str, faces_pb2.ImageOutcome] = {}
        self.requests: list[faces_pb2.EnrolRequest] = []
        self.forgotten: list[str] = []
        self.verdicts: dict[tuple[str, str], faces_pb2.Verdict] = {}
        self.said: list[faces_pb2.Verdict] = []
        self.unknown_tracks: set[str] = set()
        self.on_enrol: Callable[[faces_pb2.EnrolRequest], str | None] = lambda request: None

    # What tests look at.

    def image_ids(self, key: str, source: str) -> list[str]:
        return self.people[key].images.get(source, [])

    def handed_over(self) -> list[tuple[str, int]]:
        """(key, how many pictures came with their bytes) of each request."""
        return [(one.person.key, sum(bool(image.data) for image in one.images)) for one in self.requests]

    def lose(self) -> None:
        """Its data folder is gone."""
        self.people.clear()
        self.seen.clear()
        self.verdicts.clear()

    # The service.

    def Enrol(  # noqa: N802
        self, requests: Iterator[faces_pb2.EnrolRequest], context: grpc.ServicerContext
    ) -> Iterator[faces_pb2.EnrolResponse]:
        for request in requests:
            problem = self.on_enrol(request)
            self.requests.append(request)
            key = request.person.key
            if problem:
                yield faces_pb2.EnrolResponse(
                    key=key, problem=common_pb2.Problem(code=common_pb2.STORE_ERROR, message=problem)
                )
                continue
            known = self.people.setdefault(key, FakePerson(request.person))
            known.person = request.person
            outcomes = [self._outcome(image) for image in request.images]
            known.images[request.source] = [
                image.image_id for image, outcome in zip(request.images, outcomes, strict=True) if outcome == ENROLLED
            ]
            references = sum(map(len, known.images.values()))
            yield faces_pb2.EnrolResponse(key=key, outcomes=outcomes, references=references)

    def ForgetPeople(  # noqa: N802
        self, request: faces_pb2.ForgetPeopleRequest, context: grpc.ServicerContext
    ) -> faces_pb2.ForgetPeopleResponse:
        for key in request.keys:
            self.people.pop(key, None)
            self.forgotten.append(key)
        return faces_pb2.ForgetPeopleResponse()

    def ListPeople(  # noqa: N802
        self, request: faces_pb2.ListPeopleRequest, context: grpc.ServicerContext
    ) -> faces_pb2.ListPeopleResponse:
        keys = [key for key in request.keys if key in self.people] or [
            key for key in sorted(self.people) if key.startswith(request.key_prefix) and not request.keys
        ]
        rows = [self.known(key) for key in keys]
        shown = [row for row in rows if row.references or len(row.keys) > 1 or request.keys]
        start = int(request.after or 0)
        page = shown[start : start + (request.limit or 100)]
        after = str(start + len(page)) if start + len(page) < len(shown) else ""
        return faces_pb2.ListPeopleResponse(people=page, next=after, total=len(shown))

    def GetPerson(  # noqa: N802
        self, request: faces_pb2.GetPersonRequest, context: grpc.ServicerContext
    ) -> faces_pb2.GetPersonResponse:
        if request.key not in self.people:
            context.abort(grpc.StatusCode.NOT_FOUND, f"nobody is known as {request.key}")
        references = [
            faces_pb2.Reference(id=f"{key} {image_id}", key=key, source=source, image_id=image_id)
            for key in self._identity(request.key)
            if key in self.people
            for source, ids in self.people[key].images.items()
            for image_id in ids
        ]
        return faces_pb2.GetPersonResponse(person=self.known(request.key), references=references)

    def SetVerdicts(  # noqa: N802
        self, request: faces_pb2.SetVerdictsRequest, context: grpc.ServicerContext
    ) -> faces_pb2.SetVerdictsResponse:
        for person in request.people:
            self.people.setdefault(person.key, FakePerson(person))
        for verdict in request.verdicts:
            self.said.append(verdict)
            self.verdicts[verdict.content_key, verdict.track_id] = verdict
        return faces_pb2.SetVerdictsResponse(
            known=[verdict.track_id not in self.unknown_tracks for verdict in request.verdicts]
        )

    def EraseFaces(  # noqa: N802
        self, request: faces_pb2.EraseFacesRequest, context: grpc.ServicerContext
    ) -> faces_pb2.EraseFacesResponse:
        self.lose()
        return faces_pb2.EraseFacesResponse()

    def known(self, key: str) -> faces_pb2.KnownPerson:
        identity = self._identity(key)
        references: dict[str, int] = {}
        for other in identity:
            for source, ids in self.people[other].images.items() if other in self.people else ():
                if ids:
                    references[source] = references.get(source, 0) + len(ids)
        for verdict in self.verdicts.values():
            if verdict.is_key in identity:
                source = "bootstrap" if verdict.bootstrap else "track"
                references[source] = references.get(source, 0) + 1
        return faces_pb2.KnownPerson(person=self.people[key].person, keys=identity, references=references)

    def _identity(self, key: str) -> list[str]:
        """Every key that hangs together with this one by what was said, this one first."""
        links: dict[str, set[str]] = {}
        for one in self.people.values():
            for other in one.person.same_as:
                links.setdefault(one.person.key, set()).add(other)
                links.setdefault(other, set()).add(one.person.key)
        found, level = [key], [key]
        while level:
            level = sorted({other for item in level for other in links.get(item, ())} - set(found))
            found += level
        return found

    def _outcome(self, image: faces_pb2.ReferenceImage) -> Any:
        if image.data:
            self.seen.add(image.image_id)
        if image.image_id not in self.seen:
            return WANTED
        return self.outcomes.get(image.image_id, ENROLLED)


@contextlib.contextmanager
def served(faces: FakeFaces) -> Iterator[str]:
    """The address of a sidecar with these faces."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    faces_pb2_grpc.add_FacesServicer_to_server(faces, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@contextlib.contextmanager
def faces_of(context: Context, faces: FakeFaces) -> Iterator[SidecarClient]:
    """A client of these faces, which is the context's from now on."""
    with served(faces) as address, contextlib.closing(SidecarClient(Access(address))) as client:
        context.connect_sidecar = lambda may_restart=False: client  # type: ignore[method-assign]
        yield client


def fake_faces() -> FakeFaces:
    return FakeFaces()  # type: ignore[abstract]
