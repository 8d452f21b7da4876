"""The sidecar's faces as the plugin sees them: protos/faces.proto as values."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from typing import Any

import grpc

from plugin.faces_values import Enrolled, KnownPerson, Person, ReferenceImage, Verdict
from plugin.sidecar_client import LONG_S, SHORT_S, SidecarClient, as_sidecar_error
from protos import faces_pb2, faces_pb2_grpc

PAGE = 1000
"""Persons, keys or verdicts in one message."""

_SEX = {"": faces_pb2.SEX_UNSPECIFIED, "female": faces_pb2.SEX_FEMALE, "male": faces_pb2.SEX_MALE}
_SEX_NAME = {number: name for name, number in _SEX.items()}


class FacesClient:
    """Stubs over the channel of a client that is connected. Every method raises SidecarError."""

    def __init__(self, sidecar: SidecarClient) -> None:
        self.address = sidecar.address
        self._faces = faces_pb2_grpc.FacesStub(sidecar.channel)

    # References.

    def enrolment(self, model: str = "") -> Enrolment:
        """A stream that takes persons in. model: the face model, "" for the sidecar's. Close it."""
        return Enrolment(self._faces, self.address, model)

    def forget_people(self, keys: Sequence[str]) -> None:
        """Persons and all their references are gone; keys that are not known are no error."""
        for start in range(0, len(keys), PAGE):
            request = faces_pb2.ForgetPeopleRequest(keys=keys[start : start + PAGE])
            self._ask(self._faces.ForgetPeople, request, LONG_S)

    def known(self, keys: Sequence[str]) -> dict[str, KnownPerson]:
        """Those of these persons that are known, by key."""
        found: dict[str, KnownPerson] = {}
        for start in range(0, len(keys), PAGE):
            page = keys[start : start + PAGE]
            answer = self._ask(self._faces.ListPeople, faces_pb2.ListPeopleRequest(keys=page, limit=PAGE), SHORT_S)
            found.update((one.person.key, known_person(one)) for one in answer.people)
        return found

    def sources_of(self, key: str) -> set[str]:
        """Where the references that a person has under this very key come from; none of one who is not known."""
        try:
            answer = self._faces.GetPerson(faces_pb2.GetPersonRequest(key=key), timeout=SHORT_S)
        except grpc.RpcError as error:
            if isinstance(error, grpc.Call) and error.code() == grpc.StatusCode.NOT_FOUND:
                return set()
            raise as_sidecar_error(error, self.address) from error
        return {reference.source for reference in answer.references if reference.key == key}

    def all_people(self, key_prefix: str = "") -> Iterator[KnownPerson]:
        """Everybody whose key begins so, by name, page by page."""
        after = ""
        while True:
            request = faces_pb2.ListPeopleRequest(limit=PAGE, after=after, key_prefix=key_prefix)
            answer = self._ask(self._faces.ListPeople, request, SHORT_S)
            yield from map(known_person, answer.people)
            after = answer.next
            if not after:
                return

    # Tracks.

    def set_verdicts(self, verdicts: Sequence[Verdict], people: Sequence[Person] = ()) -> list[bool]:
        """Say all that is known of these tracks. people: those that verdicts name and that may not be known yet.
        Returns for each verdict whether the sidecar knows the track.
        """
        known: list[bool] = []
        for start in range(0, len(verdicts), PAGE):
            page = verdicts[start : start + PAGE]
            named = {verdict.is_key for verdict in page}
            request = faces_pb2.SetVerdictsRequest(
                verdicts=[
                    faces_pb2.Verdict(
                        content_key=verdict.content_key,
                        track_id=verdict.track_id,
                        is_key=verdict.is_key,
                        not_keys=verdict.not_keys,
                        bootstrap=verdict.bootstrap,
                    )
                    for verdict in page
                ],
                people=[person_message(person) for person in people if person.key in named],
            )
            known.extend(self._ask(self._faces.SetVerdicts, request, LONG_S).known)
        return known

    def _ask(self, method: Any, request: Any, timeout_s: float) -> Any:
        try:
            return method(request, timeout=timeout_s)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error


class Enrolment:
    """One Enrol stream in lock-step: what is answered for is durable. Used as a context manager."""

    def __init__(self, faces: Any, address: str, model: str) -> None:
        self._address, self._model = address, model
        self._requests: queue.SimpleQueue[faces_pb2.EnrolRequest | None] = queue.SimpleQueue()
        self._call = faces.Enrol(iter(self._requests.get, None))

    def __enter__(self) -> Enrolment:
        return self

    def __exit__(self, *error: object) -> None:
        self._requests.put(None)
        self._call.cancel()

    def enrol(self, person: Person, source: str, images: Sequence[ReferenceImage]) -> Enrolled:
        """Replace what is known of a person and of their images of this source. Waits for the answer, which takes as
        long as looking at the images does. Raises SidecarError; then the stream is at its end.
        """
        request = faces_pb2.EnrolRequest(
            person=person_message(person),
            source=source,
            images=[faces_pb2.ReferenceImage(image_id=image.image_id, data=image.data) for image in images],
            model=self._model,
        )
        self._model = ""  # only the first request of a stream may say it
        self._requests.put(request)
        try:
            answer = next(self._call)
        except StopIteration:
            # The sidecar ended the stream without a status that is an error: there is nobody to ask any more.
            raise as_sidecar_error(grpc.RpcError("the sidecar ended the stream of references"), self._address) from None
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self._address) from error
        return Enrolled(
            key=answer.key,
            outcomes=tuple(
                faces_pb2.ImageOutcome.Name(outcome).removeprefix("IMAGE_OUTCOME_").lower()
                for outcome in answer.outcomes
            ),
            references=answer.references,
            problem=answer.problem.message if answer.HasField("problem") else "",
        )


def person_message(person: Person) -> faces_pb2.Person:
    return faces_pb2.Person(
        key=person.key,
        name=person.name,
        aliases=person.aliases,
        same_as=person.same_as,
        sex=_SEX[person.sex],
        birthdate=person.birthdate,
    )


def known_person(message: faces_pb2.KnownPerson) -> KnownPerson:
    person = message.person
    return KnownPerson(
        person=Person(
            key=person.key,
            name=person.name,
            aliases=tuple(person.aliases),
            same_as=tuple(person.same_as),
            sex=_SEX_NAME.get(person.sex, ""),
            birthdate=person.birthdate,
        ),
        keys=tuple(message.keys) or (person.key,),
        references=dict(message.references),
        best_reference=message.best_reference,
    )
