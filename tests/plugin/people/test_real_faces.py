"""References against the real sidecar with the embedded face model: real photos, over real gRPC."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from skimage import data

from plugin.faces_client import FacesClient
from plugin.faces_values import box_key, stash_key
from plugin.people.refresh import Refresh
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import Access
from tests.plugin.sidecars import real_sidecar
from tests.plugin.world import World
from tests.standin.samples import picture
from tests.standin.stashbox import StashBox


def jpeg(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


def refresh(world: World, client: SidecarClient) -> Refresh:
    with world.process() as context, Refresh(context, client) as made:
        list(made.run())
        return made


def test_a_performer_is_known_by_her_photo_and_by_another_of_a_stash_box(world: World, tmp_path: Path) -> None:
    pytest.importorskip("dlib")
    photo = data.astronaut()  # type: ignore[no-untyped-call]
    world.stash.clock.advance(-60)
    with (
        StashBox() as box,
        real_sidecar(tmp_path / "sidecar") as address,
        contextlib.closing(SidecarClient(Access(address))) as client,
    ):
        world.stash.add_stash_box(box.endpoint, box.api_key, "A box", 6000)
        theirs = box.add_performer("Eileen C.", [jpeg(photo[:, ::-1]), jpeg(photo[:400]), picture(5)])
        eileen = world.stash.add_performer("Eileen", image=jpeg(photo), stash_ids=[(box.endpoint, theirs.id)])
        nobody = world.stash.add_performer("Wall", image=picture(9))
        assert refresh(world, client).tally.problems == 0
        faces = FacesClient(client)
        known = faces.known([stash_key(eileen.id), stash_key(nobody.id)])
        person = known[stash_key(eileen.id)]
        assert person.references["stash"] == 1 and person.references["stash_box"] >= 1
        assert set(person.keys) == {stash_key(eileen.id), box_key(box.endpoint, theirs.id)}
        wall = known.get(stash_key(nobody.id))
        assert wall is None or sum(wall.references.values()) == 0
        # What shows nobody is remembered as well: nothing is fetched, let alone looked at, a second time.
        assert refresh(world, client).tally.fetched == 0 and len(box.fetched()) == 3
        world.stash.graphql("mutation { performersDestroy(ids: [1]) }")
        refresh(world, client)
        assert faces.known([stash_key(eileen.id), box_key(box.endpoint, theirs.id)]) == {}
