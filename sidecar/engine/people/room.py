"""All that the sidecar does about people, behind one door."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidecar.engine.analysis import FaceEye
from sidecar.engine.events import FaceCandidate, FaceReport, Failed
from sidecar.engine.models import ModelRoom
from sidecar.engine.people.directory import Directory, LookAlike, PeopleListing, PersonDetails
from sidecar.engine.people.enrolment import Enrolled, Enrolment, Picture
from sidecar.engine.people.exchange import Exchange
from sidecar.engine.people.identify import Identified, check_box, identify
from sidecar.engine.people.known_model import ModelPeople, ModelsPeople
from sidecar.engine.people.looking import FaceLooker
from sidecar.engine.people.naming import Naming
from sidecar.engine.people.unknown import GroupOrder, GroupRow, MemberTrack
from sidecar.engine.people.verdicts import Verdicts
from sidecar.engine.request import FaceQuery, InvalidRequest
from sidecar.engine.stored import parse_content_key
from sidecar.engine.views import feature_key
from sidecar.faces import FaceBox
from sidecar.people.calibration import OperatingPoint
from sidecar.store import FaceStore, StoreError
from sidecar.store.faces import Imported, PersonRow, RolledBack, TrackVerdict
from sidecar.store.faces.groups import GroupChange
from sidecar.values import ContentKey, IsCancelled, RgbImage, View

ERASE_WORDS = "erase all faces"
MAX_PICTURES = 200
MAX_MERGES = 50
GROUP_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class FaceState:
    """What is known, in numbers; see FaceState in protos/faces.proto."""

    model: str
    people: int
    references: int
    references_by_source: Mapping[str, int]
    media: int
    faces: int
    tracks: int
    groups: int
    gallery_version: str
    search: str
    search_note: str
    points: tuple[OperatingPoint, ...]
    size_bytes: int
    last_import: str


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group and whom it is somewhat like, best first."""

    row: GroupRow
    candidates: tuple[FaceCandidate, ...]


@dataclass(frozen=True, slots=True)
class GroupListing:
    """A page of groups. next: the cursor of the page after; "" at the end. merges: can be taken back, newest first."""

    groups: tuple[ListedGroup, ...]
    next: str
    total: int
    merges: tuple[GroupChange, ...]


class PeopleRoom:
    """Thread-safe. Every method may raise ModelError and StoreError; those with is_cancelled, Cancelled.

    model: the id of a face model; "" is the sidecar's.
    """

    def __init__(self, store: FaceStore, models: ModelRoom, folder: Path) -> None:
        self._store, self._models, self._folder = store, models, folder
        self._looker = FaceLooker()
        self._enrolment = Enrolment(store)
        self._verdicts = Verdicts(store)
        self._naming = Naming(store, self._verdicts)
        self._exchange = Exchange(store, folder / "exchange")
        self.of_models = ModelsPeople(store, models, folder)

    # Media

    @contextlib.contextmanager
    def eye(self, query: FaceQuery, view: View, is_cancelled: IsCancelled) -> Iterator[FaceEye]:
        """How a medium's faces are found and told; its model is leased meanwhile."""
        with self._models.faces(query.model, is_cancelled) as lease:
            people = self.of_models.of_loaded(lease.model, query.model)
            model_key = feature_key(people.model_key, view)
            yield FaceEye(
                model_key=model_key,
                rules=people.rules,
                detect_px=lease.model.detect_px,
                look=lambda frame: self._looker.look(lease, frame),
                tell=_teller(people, model_key, query.date),
            )

    def match(
        self, content_keys: Sequence[str], dates: Sequence[str], model: str, view: View, is_cancelled: IsCancelled
    ) -> Iterator[tuple[str, FaceReport | Failed]]:
        """Compare stored tracks anew, in order. Raises InvalidRequest before the first."""
        if not 1 <= len(content_keys) <= 100_000:
            raise InvalidRequest(f"{len(content_keys)} content keys were sent; send 1 to 100 000")
        if dates and len(dates) != len(content_keys):
            raise InvalidRequest(f"{len(dates)} dates were sent for {len(content_keys)} content keys; send none or all")
        people = self.of_models.of(model, is_cancelled)
        model_key = feature_key(people.model_key, view)
        for at, text in enumerate(content_keys):
            try:
                query = FaceQuery(date=dates[at] if dates else "")
                report = people.reports.of_medium(parse_content_key(text), model_key, query.date)
            except (ValueError, InvalidRequest) as error:
                yield text, Failed(text, "invalid_request", str(error))
                continue
            if report is None:
                what = f"the faces of {text} were not looked at with {people.model_id}; analyse it first"
                yield text, Failed(text, "not_found", what)
            else:
                yield text, report

    def identify(
        self,
        image: RgbImage,
        pts_s: float,
        box: FaceBox | None,
        model: str,
        date: str,
        is_cancelled: IsCancelled,
    ) -> Identified:
        """The faces of one picture, in a box or anywhere. Raises InvalidRequest."""
        FaceQuery(date=date)
        if box is not None:
            check_box(box)
        with self._models.faces(model, is_cancelled) as lease:
            people = self.of_models.of_loaded(lease.model, model)
            return identify(image, pts_s, box, lease.model, people, date)

    def pictures(self, ids: Sequence[str]) -> dict[str, bytes]:
        """JPEGs of tracks and references by id; those that are not known are left out. Raises InvalidRequest."""
        if len(ids) > MAX_PICTURES:
            raise InvalidRequest(f"{len(ids)} ids were sent; at most {MAX_PICTURES} are allowed")
        references = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 16]
        found = {str(one): jpeg for one, jpeg in self._store.references.pictures(references).items()}
        tracks = self._store.find_tracks([one for one in ids if len(one) == 16])
        of_faces = self._store.face_pictures([track.best_face for _, _, track in tracks.values()])
        found.update(
            (one, of_faces[track.best_face]) for one, (_, _, track) in tracks.items() if track.best_face in of_faces
        )
        return found

    # Persons

    def enrol(
        self, person: PersonRow, source: str, pictures: Sequence[Picture], model: str, is_cancelled: IsCancelled
    ) -> Enrolled:
        """Take a person in. Raises InvalidRequest; then nothing has changed."""
        with self._models.faces(model, is_cancelled) as lease:
            self.of_models.of_loaded(lease.model, model)
            return self._enrolment.take_in(person, source, pictures, lease.model, is_cancelled)

    def forget_people(self, keys: Sequence[str]) -> None:
        if len(keys) > 10_000:
            raise InvalidRequest(f"{len(keys)} keys were sent; at most 10 000 are allowed")
        self._store.people.forget(keys)

    def list_people(
        self,
        keys: Sequence[str],
        words: str,
        limit: int,
        after: str,
        key_prefix: str,
        is_cancelled: IsCancelled,
    ) -> PeopleListing:
        directory = self._directory("", is_cancelled)
        return directory.of_keys(keys) if keys else directory.page(words, limit, after, key_prefix)

    def person(self, key: str, is_cancelled: IsCancelled) -> PersonDetails:
        return self._directory("", is_cancelled).person(key)

    def look_alikes(self, key: str, limit: int, key_prefix: str, is_cancelled: IsCancelled) -> list[LookAlike]:
        return self._directory("", is_cancelled).look_alikes(key, limit, key_prefix)

    def remove_references(self, ids: Sequence[str]) -> None:
        """Unknown ids are no error. Raises InvalidRequest for what is no id."""
        if not all(one.isascii() and one.isdigit() and len(one) < 16 for one in ids):
            raise InvalidRequest("ids of references are numbers, as GetPerson gives them")
        self._store.references.remove([int(one) for one in ids])

    def set_verdicts(
        self, verdicts: Sequence[TrackVerdict], told: Sequence[PersonRow], is_cancelled: IsCancelled
    ) -> tuple[bool, ...]:
        """For each whether its track is known. Raises InvalidRequest."""
        tracks = self._store.find_tracks([verdict.track_id for verdict in verdicts])
        model_keys = {model_key.split(".view-")[0] for _, model_key, _ in tracks.values()}
        people = self._of_keys(model_keys, is_cancelled)
        known = self._verdicts.say(verdicts, told, people.model_key, people.rules.match)
        people.unknown.leave([verdict.track_id for verdict in verdicts if verdict.is_key])
        return known

    # Unknown people

    def groups(
        self,
        limit: int,
        after: str,
        order: GroupOrder,
        ignored: bool,
        min_media: int,
        is_cancelled: IsCancelled,
    ) -> GroupListing:
        if not 1 <= limit <= 200:
            raise InvalidRequest(f"limit is {limit}; it must be from 1 to 200")
        if after and not (after.isascii() and after.isdigit() and len(after) < 10):
            raise InvalidRequest("after must be what the page before gave as next")
        people = self.of_models.of("", is_cancelled)
        rows = people.unknown.rows(ignored, max(1, min_media), order)
        start = int(after or 0)
        page = rows[start : start + limit]
        return GroupListing(
            self._listed(people, page),
            str(start + limit) if start + limit < len(rows) else "",
            len(rows),
            tuple(people.unknown.merges(MAX_MERGES)),
        )

    def group(self, group_id: str, is_cancelled: IsCancelled) -> tuple[ListedGroup, list[MemberTrack]]:
        people = self.of_models.of("", is_cancelled)
        (listed,) = self._listed(people, [people.unknown.row(group_id)])
        return listed, people.unknown.members(group_id)

    def merge_groups(self, ids: Sequence[str], is_cancelled: IsCancelled) -> tuple[ListedGroup, str]:
        if not 2 <= len(set(ids)) <= 100:
            raise InvalidRequest(f"{len(set(ids))} groups were sent; 2 to 100 can be merged")
        people = self.of_models.of("", is_cancelled)
        row, merge_id = people.unknown.merge(ids)
        return self._listed(people, [row])[0], merge_id

    def unmerge_groups(self, merge_id: str, is_cancelled: IsCancelled) -> tuple[ListedGroup, ...]:
        people = self.of_models.of("", is_cancelled)
        return self._listed(people, people.unknown.unmerge(merge_id))

    def split_group(self, group_id: str, track_ids: Sequence[str], is_cancelled: IsCancelled) -> ListedGroup:
        people = self.of_models.of("", is_cancelled)
        return self._listed(people, [people.unknown.split(group_id, track_ids)])[0]

    def ignore_groups(self, ids: Sequence[str], ignored: bool, is_cancelled: IsCancelled) -> None:
        self.of_models.of("", is_cancelled).unknown.ignore(ids, ignored)

    def name_group(self, group_id: str, person: PersonRow, is_cancelled: IsCancelled) -> tuple[tuple[str, ...], str]:
        return self._naming.name(self.of_models.of("", is_cancelled), group_id, person, is_cancelled)

    def unname_group(self, naming_id: str, is_cancelled: IsCancelled) -> tuple[str, ...]:
        return self._naming.unname(self.of_models.of("", is_cancelled), naming_id, is_cancelled)

    def regroup(
        self, model: str, on_progress: Callable[[int, int], None], is_cancelled: IsCancelled
    ) -> tuple[int, int]:
        """(tracks, groups)."""
        people = self.of_models.of(model, is_cancelled)
        return people.unknown.regroup(people.reports.are_named, on_progress, is_cancelled)

    # All of it

    def state(self, is_cancelled: IsCancelled) -> FaceState:
        people = self.of_models.of("", is_cancelled)
        sizes = self._store.size(people.model_key)
        version = people.gallery.version
        points = people.gallery.points
        imported = self._store.imports.last()
        return FaceState(
            model=people.model_id,
            people=sizes.people,
            references=sizes.references,
            references_by_source=sizes.references_by_source,
            media=sizes.media,
            faces=sizes.faces,
            tracks=sizes.tracks,
            groups=sizes.groups,
            gallery_version=version,
            search=people.gallery.index.search_kind,
            search_note=people.gallery.index.note,
            points=(points.one, points.several),
            size_bytes=sizes.size_bytes + people.gallery.index.size_bytes,
            last_import=imported.name if imported else "",
        )

    def export(
        self, key_prefix: str, private_prefix: str, since_generation: int, model: str, is_cancelled: IsCancelled
    ) -> Iterator[bytes]:
        """A face database, piece by piece; see ExportFacesRequest. Raises InvalidRequest."""
        with self._models.faces(model, is_cancelled) as lease:
            spec, model_key = lease.model.spec, lease.model.model_key
        yield from self._exchange.export(spec, model_key, key_prefix, private_prefix, since_generation)

    def export_everything(self) -> Iterator[bytes]:
        """All that is known of faces, as JSON lines, piece by piece."""
        yield from self._exchange.everything()

    def take_in(self, pieces: Iterable[bytes], name: str, is_cancelled: IsCancelled) -> Imported:
        """Take in a face database of the sidecar's model. Raises InvalidRequest; then nothing has changed."""
        with self._models.faces("", is_cancelled) as lease:
            spec, model_key = lease.model.spec, lease.model.model_key
        return self._exchange.receive(pieces, name, spec, model_key)

    def roll_back(self) -> RolledBack:
        """Take the last import back. Raises EngineError not_found."""
        return self._exchange.roll_back()

    def erase(self, confirmation: str) -> tuple[int, int]:
        """Delete everything about faces: (faces, persons) that there were. Raises InvalidRequest."""
        if confirmation != ERASE_WORDS:
            raise InvalidRequest(f'confirmation must be "{ERASE_WORDS}", word for word; nothing was erased')
        erased = self._store.erase()
        for people in self.of_models.all():
            people.gallery.index.erase()
            people.unknown.forget()
        shutil.rmtree(self._folder, ignore_errors=True)
        return erased

    def close(self) -> None:
        self._looker.close()
        self.of_models.close()

    # Within

    def _directory(self, model: str, is_cancelled: IsCancelled) -> Directory:
        people = self.of_models.of(model, is_cancelled)
        return Directory(self._store, people.gallery, people.model_key)

    def _of_keys(self, model_keys: set[str], is_cancelled: IsCancelled) -> ModelPeople:
        """The model that found the tracks, where it is one that was used here; else the sidecar's."""
        usual = self.of_models.of("", is_cancelled)
        if usual.model_key in model_keys:
            return usual
        return next((one for one in self.of_models.all() if one.model_key in model_keys), usual)

    def _listed(self, people: ModelPeople, rows: Sequence[GroupRow]) -> tuple[ListedGroup, ...]:
        listed = []
        for row in rows:
            centroid = people.unknown.centroid(row.id)
            found = people.gallery.search(centroid[None], GROUP_CANDIDATES)[0] if centroid is not None else ()
            listed.append(ListedGroup(row, people.reports.resembling(found)))
        return tuple(listed)


def _teller(people: ModelPeople, model_key: str, date: str) -> Callable[[ContentKey], FaceReport]:
    def tell(key: ContentKey) -> FaceReport:
        report = people.reports.of_medium(key, model_key, date, newly_seen=True)
        if report is None:  # its faces were just looked at
            raise StoreError("all faces were erased while this medium was looked at; look at it again")
        return report

    return tell
