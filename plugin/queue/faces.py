"""Faces in a drain: whether they can be looked for now, what is due for it, and who is somebody else by now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plugin.analysis.faces import rematch_outdated, tell_verdicts
from plugin.analysis.staleness import FacesWanted
from plugin.faces_values import stash_key
from plugin.interface import log
from plugin.review.performers import FaceRules, Seen
from plugin.sidecar_values import SidecarError
from plugin.stash.values import Medium
from plugin.store.faces import FaceAnalysis
from plugin.store.jobs import FACES, ONLY, Job, NewMedium
from plugin.store.store import Store
from plugin.track_values import FaceWish

if TYPE_CHECKING:
    from plugin.sidecar_client import SidecarClient

MOST_IMAGES = 30_000
"""Images of one gallery that are summed up."""


class FaceWork:
    """by_themselves: analyses look for faces too; else only where that is asked for by name."""

    def __init__(self, store: Store, rules: FaceRules, by_themselves: bool) -> None:
        self._store, self._rules, self._by_themselves = store, rules, by_themselves
        self._model, self._version, self._why = "", "", "the sidecar was not reached yet"
        self._sidecar: SidecarClient | None = None
        self._is_asked = False

    def learn(self, sidecar: SidecarClient) -> None:
        """Hand on what waits to be said. What it can do is asked where somebody wants faces: that loads a model.

        One that knows no faces is no trouble for tags.
        """
        from plugin.faces_client import FacesClient

        self._sidecar, self._is_asked = sidecar, False
        try:
            if self._store.verdicts.unsent(1):
                tell_verdicts(self._store, FacesClient(sidecar))
        except SidecarError as error:
            self._unable(str(error))

    def give_up(self, why: str) -> None:
        """No more faces until the sidecar is reached anew: it has no model for them after all."""
        self._unable(why)
        log.warning(f"faces are not looked for: {why}")

    def _unable(self, why: str) -> None:
        self._is_asked, self._model, self._why = True, "", why

    def _ask(self) -> None:
        """See what the sidecar can do, once after it was reached."""
        if self._is_asked or self._sidecar is None:
            return
        from plugin.tracks_client import TracksClient

        try:
            state = TracksClient(self._sidecar).state()
        except SidecarError as error:
            self._unable(str(error))
            log.debug(f"faces are not looked for: {error}")
            return
        self._is_asked, self._model, self._version = True, state.model, state.gallery_version
        self._why = "" if state.model else "the sidecar has no face model"

    @property
    def why_not(self) -> str:
        """Why no face can be looked for; "" where they can."""
        self._ask()
        return self._why

    @property
    def wanted(self) -> FacesWanted | None:
        """What media should have been looked at with; None where faces cannot be looked for."""
        self._ask()
        return FacesWanted(self._model, self._version, self._rules.digest) if self._model else None

    @property
    def of_themselves(self) -> FacesWanted | None:
        """The same, but None where analyses leave faces out."""
        return self.wanted if self._by_themselves else None

    def of_job(self, job: Job) -> FacesWanted | None:
        """The same for one job, which may ask for faces by name."""
        return self.wanted if is_only_faces(job) else self.of_themselves

    def wish(self, job: Job, medium: Medium) -> FaceWish | None:
        """Whom to look for in a medium; None where faces are left out."""
        if self.of_job(job) is None or medium.kind == "gallery":
            return None
        known = tuple(stash_key(performer_id) for performer_id in sorted(medium.performers))
        return FaceWish(medium.date, known, alone=is_only_faces(job))

    def rematch(self, batch: Job) -> Iterator[int]:
        """Match what is stored with the references of now, page by page; media in which somebody is somebody else are
        decided anew by the batch. Yields how many after each page. Decodes nothing.
        """
        wanted = self.wanted if batch.options.get("which") == "faces" else self.of_themselves
        if wanted is None or self._sidecar is None or batch.options.get("which", "new") not in ("new", "faces"):
            return
        from plugin.tracks_client import TracksClient

        images_changed = False
        try:
            for changed in rematch_outdated(self._store, TracksClient(self._sidecar), wanted.version):
                images_changed |= any(one.kind == "image" for one in changed)
                self._decide(batch, changed)
                yield len(changed)
        except SidecarError as error:
            log.warning(f"stored faces are matched with the newest references later: {error}")
            return
        if images_changed:
            galleries = self._store.faces.outdated_galleries(wanted.version)
            self._decide(batch, galleries)
            yield len(galleries)
        else:
            self._store.faces.set_version("gallery", wanted.version)

    def sum_up(self, job: Job, medium: Medium, image_ids: Sequence[int]) -> Seen | None:
        """Who is seen in a gallery, by its images; None where faces are left out, or none of them was looked at."""
        wanted = self.of_job(job)
        images = self._store.faces.with_tracks("image", image_ids[:MOST_IMAGES]) if wanted is not None else {}
        if wanted is None or not images:
            return None
        made = FaceAnalysis(
            kind="gallery",
            media_id=medium.id,
            name=medium.name,
            run_id=job.run_id,
            content=f"images-{medium.image_count}",
            content_key="",
            view="whole",
            model=wanted.model,
            date=medium.date,
            duration_s=0.0,
            frames=len(images),
            faces=sum(one.faces for one in images.values()),
            gallery_version=wanted.version,
            rules="",
        )
        verdicts = self._store.verdicts.of_contents([one.content_key for one in images.values()])
        return Seen(made, verdicts, tuple(images.values()))

    def _decide(self, batch: Job, media: Sequence[FaceAnalysis]) -> None:
        found = [NewMedium(one.kind, one.media_id, one.name) for one in media]
        self._store.jobs.add_media(batch, "retag", found, {ONLY: FACES})


def is_only_faces(job: Job) -> bool:
    return job.options.get(ONLY) == FACES
