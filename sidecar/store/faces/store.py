"""The face store: everything about faces in the sidecar's database, room by room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from sidecar.faces import Face
from sidecar.store.coverage import Coverage
from sidecar.store.database import Database
from sidecar.store.faces import counter, everything, media, tracks
from sidecar.store.faces.groups import GroupTable
from sidecar.store.faces.imports import ImportTable
from sidecar.store.faces.people import PeopleTable
from sidecar.store.faces.references import ReferenceTable
from sidecar.store.faces.rows import FaceSizes, LookedFaces, StoredFace, StoredTrack
from sidecar.store.faces.verdicts import VerdictTable
from sidecar.store.rows import PassState, PtsSeconds
from sidecar.values import ContentKey

_TABLES = (
    "group_change",
    "group_track",
    "unknown_group",
    "track_refusal",
    "track_verdict",
    "face_medium",
    "person",
    "import_before",
    "face_import",
    "refused_image",
    "gone_reference",
)
"""In an order that leaves no row whose owner is gone; the other tables of faces follow from these."""

_LARGE = {
    "face": ("measures", "vector"),
    "face_picture": ("jpeg",),
    "face_look": ("pts_s",),
    "face_track": ("face_ids", "spans", "centroid"),
    "face_reference": ("vector",),
    "reference_picture": ("jpeg",),
    "import_before": ("body",),
    "group_change": ("body",),
}


class FaceStore:
    """Thread-safe; each call is one transaction. Every method raises StoreError; vectors are kept as float16.

    Of media, a model key is the face model's with the view in it, where that is not the whole picture. Of persons,
    references, groups and imports it is the model's own: a face is a face, whatever view it was seen in.
    """

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        """Use FeatureStore.faces."""
        self._db, self._clock = db, clock
        self.people = PeopleTable(db)
        self.references = ReferenceTable(db)
        self.verdicts = VerdictTable(db)
        self.groups = GroupTable(db, clock)
        self.imports = ImportTable(db, clock)

    def transaction(self) -> AbstractContextManager[None]:
        """Makes several calls one: all or nothing. Others wait meanwhile, so nothing slow belongs in it."""
        return self._db.transaction()

    # Faces of media

    def looked(self, key: ContentKey, model_key: str) -> LookedFaces | None:
        """All faces of a medium, without their pictures; None where it was never looked at."""
        return media.load(self._db, key, model_key)

    def add(
        self,
        key: ContentKey,
        model_key: str,
        looked_s: Sequence[float] | PtsSeconds,
        faces: Sequence[Face],
        coverage: Sequence[Coverage] = (),
    ) -> None:
        """Add frames that were looked at, the faces in them (with pictures), and what is covered once they are in.

        A frame that was looked at before (to the microsecond) is left out with its faces, so a call
        that is made twice is one. Raises ValueError for a face in no such frame and for vectors that do not fit.
        """
        media.add(self._db, key, model_key, looked_s, faces, coverage, self._clock())

    def set_state(self, key: ContentKey, model_key: str, state: PassState) -> None:
        """Replace the record of how far the passes have come. Call it after the faces that it speaks of."""
        media.set_state(self._db, key, model_key, state, self._clock())

    def faces(self, face_ids: Sequence[int]) -> dict[int, StoredFace]:
        """Faces by StoredFace.id, without their pictures; those that are gone are left out."""
        return media.faces_by_id(self._db, face_ids)

    def face_pictures(self, face_ids: Sequence[int]) -> dict[int, bytes]:
        """JPEGs by StoredFace.id; a face that has none is left out."""
        return media.pictures(self._db, face_ids)

    def keep_pictures(self, key: ContentKey, model_key: str, face_ids: Sequence[int]) -> None:
        """Drop the pictures of all other faces of the medium."""
        media.keep_pictures(self._db, key, model_key, face_ids)

    def forget(self, key: ContentKey, model_key: str) -> None:
        """Delete the faces and tracks of a medium under one model. What was said of its tracks stays."""
        media.forget(self._db, key, model_key)

    # Tracks

    def save_tracks(self, key: ContentKey, model_key: str, found: Sequence[StoredTrack]) -> None:
        """Make these the tracks of a medium.

        What was said of a track that is gone goes over to the one that has more than half of its faces. Raises
        ValueError for ids that are none, and for a medium that was never looked at.
        """
        tracks.save(self._db, key, model_key, found, self._clock())

    def tracks(self, key: ContentKey, model_key: str) -> tuple[StoredTrack, ...]:
        """The tracks of a medium, in the order in which they were saved."""
        return tracks.load(self._db, key, model_key)

    def find_tracks(self, track_ids: Sequence[str]) -> dict[str, tuple[ContentKey, str, StoredTrack]]:
        """(content, model key, track) by id; those that are not there are left out."""
        return tracks.find(self._db, track_ids)

    def iter_tracks(self, *model_keys: str) -> Iterator[tuple[ContentKey, StoredTrack]]:
        """Every track under these keys, some at a time; what is saved meanwhile may be in or out."""
        return tracks.of_model(self._db, model_keys)

    # All of it

    @property
    def database_id(self) -> str:
        """32 hex digits: name this set of references in the files that are made of it. Another one after erase()."""
        return counter.database_id(self._db)

    def size(self, model_key: str) -> FaceSizes:
        """How much is stored, persons and references under one model, the rest under all. size_bytes is an estimate."""
        sources = self._db.rows(
            """SELECT source, count(*) FROM face_reference JOIN model ON model.id = model_id
               WHERE model_key = ? GROUP BY source ORDER BY source""",
            model_key,
        )
        (people,) = self._db.rows(
            """SELECT count(DISTINCT person_id) FROM face_reference JOIN model ON model.id = model_id
               WHERE model_key = ?""",
            model_key,
        )[0]
        media_n, faces_n, tracks_n, groups_n = (
            int(self._db.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - the names stand in this line
            for table in ("face_medium", "face", "face_track", "unknown_group")
        )
        return FaceSizes(
            people=int(people),
            references=sum(number for _, number in sources),
            references_by_source=dict(sources),
            media=media_n,
            faces=faces_n,
            tracks=tracks_n,
            groups=groups_n,
            size_bytes=self._size_bytes(),
        )

    def everything(self) -> Iterator[tuple[str, dict[str, object]]]:
        """(what it is, its values by name) of every row, some at a time; vectors are float16. See everything.py."""
        return everything.rows(self._db)

    def erase(self) -> tuple[int, int]:
        """Delete all that is known of faces, so that it is not in the file either; (faces, persons) that there were.

        Ids and the generation go on from where they were: what is remembered elsewhere meets nobody else.
        """
        with self._db.transaction():
            (faces_n,), (people_n,) = (
                self._db.rows(f"SELECT count(*) FROM {table}")[0]  # noqa: S608 - the names stand in this line
                for table in ("face", "person")
            )
            self._db.run(
                """DELETE FROM pass_state WHERE (content_id, model_id) IN
                     (SELECT content_id, model_id FROM face_medium)"""
            )
            for table in _TABLES:
                self._db.run(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
            counter.grow(self._db)
            self._db.run("UPDATE face_counter SET database_id = lower(hex(randomblob(16)))")
        self._db.empty_log()
        return int(faces_n), int(people_n)

    def _size_bytes(self) -> int:
        """About how much all of it takes: rows of each table times the mean of the newest hundred.

        Adding all of them up would read all of them: gigabytes, in a large library.
        """
        total = 0.0
        for table, columns in _LARGE.items():
            length = " + ".join(f"length({column})" for column in columns)
            newest = f"SELECT {length} + 100 AS bytes FROM {table} ORDER BY rowid DESC LIMIT 100"  # noqa: S608
            sql = f"SELECT (SELECT count(*) FROM {table}) * coalesce(avg(bytes), 0) FROM ({newest})"  # noqa: S608
            total += self._db.rows(sql)[0][0]
        return round(total)
