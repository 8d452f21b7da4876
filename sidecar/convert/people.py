"""Between the messages of the Faces service and the engine's values."""

from __future__ import annotations

from protos import faces_pb2
from sidecar.convert.common import from_problem
from sidecar.convert.faces import DECISIONS, from_candidate, from_report, from_track
from sidecar.engine.events import FaceMark, FaceReport, FaceTrack, Failed
from sidecar.engine.people.directory import KnownPerson, LookAlike, PeopleListing, PersonDetails
from sidecar.engine.people.enrolment import Enrolled, Picture
from sidecar.engine.people.identify import Identified
from sidecar.engine.people.room import FaceState, GroupListing, ListedGroup
from sidecar.engine.people.unknown import GroupOrder, MemberTrack
from sidecar.engine.request import InvalidRequest
from sidecar.engine.stored import parse_content_key
from sidecar.faces import FaceBox, SexName
from sidecar.store.faces import PersonRow, ReferenceRow, TrackVerdict

_SEX_NAMES: dict[int, SexName] = {
    faces_pb2.SEX_UNSPECIFIED: "",
    faces_pb2.SEX_FEMALE: "female",
    faces_pb2.SEX_MALE: "male",
}
_SEXES: dict[SexName, faces_pb2.Sex] = {
    "": faces_pb2.SEX_UNSPECIFIED,
    "female": faces_pb2.SEX_FEMALE,
    "male": faces_pb2.SEX_MALE,
}
_ORDERS: dict[str, GroupOrder] = {"": "scenes", "scenes": "scenes", "seconds": "seconds", "newest": "newest"}


def to_person(message: faces_pb2.Person) -> PersonRow:
    """Raises InvalidRequest for a sex that is none; the rest is checked where it is kept."""
    if message.sex not in _SEX_NAMES:
        raise InvalidRequest(f"sex is {message.sex}; use one of {faces_pb2.Sex.keys()}")
    return PersonRow(
        key=message.key,
        name=message.name,
        aliases=tuple(message.aliases),
        same_as=tuple(message.same_as),
        sex=_SEX_NAMES[message.sex],
        birthdate=message.birthdate,
    )


def from_person(row: PersonRow) -> faces_pb2.Person:
    return faces_pb2.Person(
        key=row.key,
        name=row.name,
        aliases=row.aliases,
        same_as=row.same_as,
        sex=_SEXES[row.sex],
        birthdate=row.birthdate,
    )


def to_pictures(request: faces_pb2.EnrolRequest) -> tuple[Picture, ...]:
    return tuple(Picture(image.image_id, image.data) for image in request.images)


def from_enrolled(key: str, enrolled: Enrolled) -> faces_pb2.EnrolResponse:
    outcomes = [f"IMAGE_OUTCOME_{outcome.upper()}" for outcome in enrolled.outcomes]
    return faces_pb2.EnrolResponse(key=key, outcomes=outcomes, references=enrolled.references)


def from_known(known: KnownPerson) -> faces_pb2.KnownPerson:
    return faces_pb2.KnownPerson(
        person=from_person(known.person),
        keys=known.keys,
        references=known.references,
        best_reference=known.best_reference,
    )


def from_listing(listing: PeopleListing) -> faces_pb2.ListPeopleResponse:
    return faces_pb2.ListPeopleResponse(people=map(from_known, listing.people), next=listing.next, total=listing.total)


def from_details(details: PersonDetails) -> faces_pb2.GetPersonResponse:
    return faces_pb2.GetPersonResponse(
        person=from_known(details.person),
        references=[_from_reference(row, jpeg) for row, jpeg in details.references],
        links=[faces_pb2.Link(key=key, other_key=other, why=why) for key, other, why in details.links],
    )


def from_look_alike(alike: LookAlike) -> faces_pb2.LookAlike:
    return faces_pb2.LookAlike(person=from_known(alike.person), similarity=alike.similarity)


def from_match(content_key: str, found: FaceReport | Failed) -> faces_pb2.MatchResponse:
    if isinstance(found, Failed):
        return faces_pb2.MatchResponse(content_key=content_key, problem=from_problem(found.code, found.message))
    return faces_pb2.MatchResponse(content_key=content_key, report=from_report(found))


def to_verdict(message: faces_pb2.Verdict) -> TrackVerdict:
    """Raises InvalidRequest."""
    try:
        key = parse_content_key(message.content_key)
    except ValueError as error:
        raise InvalidRequest(str(error)) from None
    return TrackVerdict(key, message.track_id, message.is_key, tuple(message.not_keys), message.bootstrap)


def to_box(message: faces_pb2.FaceBox) -> FaceBox:
    return FaceBox(message.left, message.top, message.width, message.height)


def from_identified(identified: Identified) -> faces_pb2.IdentifyResponse:
    return faces_pb2.IdentifyResponse(
        faces=[
            faces_pb2.IdentifiedFace(
                box=faces_pb2.FaceBox(
                    left=face.box.left, top=face.box.top, width=face.box.width, height=face.box.height
                ),
                quality=face.quality,
                jpeg=face.jpeg,
                candidates=map(from_candidate, face.candidates),
                decision=DECISIONS[face.decision],
                group_id=face.group_id,
            )
            for face in identified.faces
        ],
        pts_s=identified.pts_s,
        note=identified.note,
    )


def to_order(text: str) -> GroupOrder:
    """Raises InvalidRequest."""
    if text not in _ORDERS:
        raise InvalidRequest(f'order is {text[:40]!r}; it must be "scenes", "seconds" or "newest"')
    return _ORDERS[text]


def from_group(listed: ListedGroup) -> faces_pb2.Group:
    row = listed.row
    return faces_pb2.Group(
        id=row.id,
        media=row.media,
        tracks=row.tracks,
        seconds=row.seconds,
        best_track=row.best_track,
        ignored=row.ignored,
        candidates=map(from_candidate, listed.candidates),
        newest_unix_s=row.newest_s,
    )


def from_groups(listing: GroupListing) -> faces_pb2.ListGroupsResponse:
    return faces_pb2.ListGroupsResponse(
        groups=map(from_group, listing.groups),
        next=listing.next,
        total=listing.total,
        merges=[
            faces_pb2.Merge(id=one.id, group_id=one.group_id, groups=len(one.before), at_unix_s=one.at_s)
            for one in listing.merges
        ],
    )


def from_member(member: MemberTrack) -> faces_pb2.GroupTrack:
    """Its marks and candidates are told with its medium."""
    track = member.track
    best = FaceMark(member.best_s, FaceBox(0, 0, 0, 0))
    shown = FaceTrack(track.id, track.spans, len(track.face_ids), track.views, track.quality, best, ())
    return faces_pb2.GroupTrack(content_key=str(member.key), track=from_track(shown), similarity=member.similarity)


def from_state(state: FaceState) -> faces_pb2.FaceState:
    return faces_pb2.FaceState(
        model=state.model,
        people=state.people,
        references=state.references,
        references_by_source=state.references_by_source,
        media=state.media,
        faces=state.faces,
        tracks=state.tracks,
        groups=state.groups,
        gallery_version=state.gallery_version,
        search=state.search,
        search_note=state.search_note,
        points=[
            faces_pb2.OperatingPoint(
                references=point.references,
                match=point.match,
                maybe=point.maybe,
                match_false_accepts=point.match_false_accepts,
                maybe_false_accepts=point.maybe_false_accepts,
                basis=point.basis,
                trials=point.trials,
            )
            for point in state.points
        ],
        size_bytes=state.size_bytes,
        last_import=state.last_import,
    )


def _from_reference(row: ReferenceRow, jpeg: bytes) -> faces_pb2.Reference:
    return faces_pb2.Reference(
        id=str(row.id),
        key=row.key,
        source=row.source,
        image_id=row.image_id,
        content_key=str(row.content_key) if row.content_key else "",
        pts_s=row.pts_s,
        quality=row.quality,
        jpeg=jpeg,
    )
