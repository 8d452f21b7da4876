from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugin.stash.client import StashClient
from plugin.stash.errors import StashFault
from plugin.stash.mutations import MutationBatch
from plugin.stash.transport import HttpTransport
from plugin.stash.values import MediaRow, StashJob, TagDetail
from tests.plugin.world import World
from tests.standin import Standin
from tests.standin.library.things import Scene
from tests.standin.samples import manifest, picture, program, write_picture


class Counting(HttpTransport):
    asked = 0

    def call(self, document: str, variables: Any = None) -> dict[str, Any]:
        self.asked += 1
        return super().call(document, variables)


@pytest.fixture
def transport(world: World) -> Counting:
    return Counting(world.server)


@pytest.fixture
def client(transport: Counting) -> Any:
    found = StashClient(transport)
    yield found
    found.close()


class TestMedia:
    def test_a_scene_with_all_that_is_needed(self, world: World, client: StashClient) -> None:
        scene = world.stash.add_scene_without_media("/data/1.mp4", "One", tags=["mine"], oshash="00ff", size=77)
        world.stash.add_marker(scene, "mine", 1.5, 2.5, "here")
        found = client.media("scene", [scene.id])[scene.id]
        assert (found.kind, found.id, found.title, set(found.tags.values())) == ("scene", scene.id, "One", {"mine"})
        assert found.file is not None and (found.file.path, found.file.content) == ("/data/1.mp4", "oshash-00ff-77")
        assert found.file.duration_s == 60.0 and not found.file.in_zip
        (marker,) = found.markers
        assert (marker.title, marker.start_s, marker.end_s) == ("here", 1.5, 2.5)
        assert marker.created_s == pytest.approx(world.stash.library.markers_of(scene.id)[0].created_s)
        assert found.url.startswith(world.stash.url) and "/stream" in found.url
        assert client.requests == 1

    def test_images_of_folders_and_of_zips(self, world: World, client: StashClient) -> None:
        image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"), tags=["mine"])
        member = world.stash.add_image_in_zip("a.zip", "2.png", picture(3))
        found = client.media("image", [image.id, member.id])
        assert not found[image.id].file.in_zip and found[member.id].file.in_zip  # type: ignore[union-attr]
        assert found[member.id].file.path.endswith("a.zip/2.png")  # type: ignore[union-attr]
        assert found[image.id].file.fingerprint.startswith("md5-")  # type: ignore[union-attr]
        assert "/image/" in found[image.id].url

    def test_a_gallery_and_its_images(self, world: World, client: StashClient) -> None:
        images = [world.stash.add_image(write_picture(world.stash.library_dir / f"{n}.png", n)) for n in range(5)]
        world.stash.add_image(write_picture(world.stash.library_dir / "other.png", 77))
        gallery = world.stash.add_gallery("A gallery", images)
        assert client.media("gallery", [gallery.id])[gallery.id].image_count == 5
        assert [row.id for row in client.images_of(gallery.id, per_page=2)] == [image.id for image in images]
        assert list(client.images_of(world.stash.add_gallery("Empty").id)) == []

    def test_those_that_are_gone_are_left_out(self, world: World, client: StashClient, transport: Counting) -> None:
        """Stash refuses all for one that is gone."""
        ids = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene").id for number in range(16)]
        assert sorted(client.media("scene", [*ids, 999])) == ids
        assert transport.asked <= 2 * 5 + 1, "by halves"
        assert client.media("scene", [777, 888]) == {}
        assert client.media("image", [1]) == {} and client.media("gallery", [1, 2, 3]) == {}

    @pytest.mark.parametrize("kind", ["scene", "image", "gallery"])
    def test_an_id_that_comes_twice(self, world: World, client: StashClient, kind: Any) -> None:
        image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"))
        world.stash.add_gallery("A gallery", [image])
        world.stash.add_scene_without_media("/1.mp4", "One")
        assert list(client.media(kind, [1, 1, 99, 1])) == [1]

    def test_nothing_asked_for_asks_nothing(self, client: StashClient) -> None:
        assert client.media("scene", []) == {} and client.requests == 0

    def test_another_fault_is_no_absence(self, world: World, client: StashClient) -> None:
        with pytest.raises(StashFault):
            client.media("scene", ["not a number"])  # type: ignore[list-item]


class TestRows:
    @pytest.fixture
    def ids(self, world: World) -> list[int]:
        return [
            world.stash.add_scene_without_media(f"/{n}.mp4", "A scene", tags=["even"] if n % 2 == 0 else []).id
            for n in range(7)
        ]

    def pages(self, client: StashClient, media_filter: dict[str, Any] | None, per_page: int) -> list[list[int]]:
        found, after_id = [], 0
        while True:
            rows, left = client.rows("scene", media_filter, after_id, per_page)
            found.append([row.id for row in rows])
            if len(rows) >= left:
                return found
            after_id = rows[-1].id

    def test_page_by_page_by_ascending_id(self, client: StashClient, ids: list[int]) -> None:
        assert self.pages(client, None, 3) == [ids[:3], ids[3:6], ids[6:]]
        assert self.pages(client, None, 7) == [ids]

    def test_stashs_own_filters(self, world: World, client: StashClient, ids: list[int]) -> None:
        even = {"tags": {"value": [str(world.stash.tag("even").id)], "modifier": "INCLUDES"}}
        assert self.pages(client, even, 2) == [[ids[0], ids[2]], [ids[4], ids[6]]]
        ranged = {"id": {"value": ids[5], "modifier": "LESS_THAN"}, "AND": even}
        assert self.pages(client, ranged, 9) == [[ids[0], ids[2], ids[4]]]
        either = {"id": {"value": ids[0], "modifier": "EQUALS"}, "OR": {"id": {"value": ids[5], "modifier": "EQUALS"}}}
        assert self.pages(client, either, 9) == [[ids[0], ids[5]]]

    def test_what_comes_and_goes_meanwhile_shifts_nothing(
        self, world: World, client: StashClient, ids: list[int]
    ) -> None:
        first, left = client.rows("scene", None, 0, 3)
        assert left == 7
        with world.stash.library.transaction():
            world.stash.library.remove(Scene, ids[0])
            world.stash.library.remove(Scene, ids[3])
        rows, left = client.rows("scene", None, first[-1].id, 3)
        assert [row.id for row in rows] == ids[4:] and left == 3

    def test_what_a_row_says_of_its_content(self, world: World, client: StashClient) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One", oshash="00ff", size=77)
        bare = world.stash.add_scene(title="No file")
        image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"))
        world.stash.add_gallery("A gallery", [image])
        assert client.rows("scene", None, 0, 9)[0] == [MediaRow(scene.id, "oshash-00ff-77"), MediaRow(bare.id, "")]
        assert client.rows("image", None, 0, 9)[0][0].content == client.media("image", [1])[1].file.content  # type: ignore[union-attr]
        assert client.rows("gallery", None, 0, 9)[0][-1].content == "images-1"
        assert client.rows("scene", None, 99, 9) == ([], 0)

    def test_a_filter_that_stash_does_not_know_is_its_fault(self, client: StashClient) -> None:
        with pytest.raises(StashFault, match="nonsense"):
            client.rows("scene", {"nonsense": 1}, 0, 9)

    def test_samples_are_from_all_over(self, client: StashClient, ids: list[int], world: World) -> None:
        world.stash.add_scene(title="No file")
        assert len(client.sample_files(4)) <= 4
        assert {file.path for file in client.sample_files(20)} == {f"/{number}.mp4" for number in range(7)}


class TestTags:
    def test_all_with_their_aliases(self, world: World, client: StashClient) -> None:
        for number in range(30):
            world.stash.add_tag(f"tag {number:02}", aliases=[f"alias {number}"])
        found = client.tags()
        assert len(found) == 30 and (found[3].name, found[3].aliases) == ("tag 03", ("alias 3",))

    def test_making_and_destroying_one(self, world: World, client: StashClient) -> None:
        parent = world.stash.add_tag("parent")
        tag_id = client.create_tag("cat", "made for a test", parent.id)
        made = world.stash.tag("cat")
        assert (made.id, made.description, made.parent_ids, made.ignore_auto_tag) == (
            tag_id, "made for a test", (parent.id,), True,
        )  # fmt: skip
        assert client.tag_detail(tag_id) == TagDetail("cat", (), "made for a test", 0)
        client.destroy_tag(tag_id)
        assert client.tag_detail(tag_id) is None
        with pytest.raises(StashFault, match="already exists"):
            client.create_tag("PARENT")

    def test_every_use_counts(self, world: World, client: StashClient) -> None:
        tag = world.stash.add_tag("cat", aliases=["kitty"])
        stash = world.stash
        scene = stash.add_scene_without_media("/1.mp4", "One", tags=["cat"])
        stash.add_marker(scene, "cat", 1.0, 2.0)
        image = stash.add_image(write_picture(stash.library_dir / "1.png"), tags=["cat"])
        stash.add_gallery("A gallery", [image], tags=["cat"])
        stash.add_performer("Somebody", tag_ids=(tag.id,))
        stash.add_studio("A studio", tag_ids=(tag.id,))
        stash.add_group("A group", tag_ids=(tag.id,))
        stash.add_tag("kitten", parents=["cat"])
        assert client.tag_detail(tag.id) == TagDetail("cat", ("kitty",), "", 8)


class TestJobs:
    @pytest.fixture
    def plugin(self, world: World) -> None:
        body = "time.sleep(float(args.get('seconds', 0))); answer(args)"
        world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program(body)})

    def test_tasks_of_ours_by_their_own_description(self, world: World, client: StashClient, plugin: None) -> None:
        assert client.jobs() == []
        first = client.run_task("Stash Sense", {"mode": "drain", "seconds": 30})
        second = client.run_task("Stash Sense: 3 of 9 done", {"mode": "drain"})
        jobs = client.jobs()
        assert [(job.id, job.description) for job in jobs] == [
            (first, "Stash Sense"),
            (second, "Stash Sense: 3 of 9 done"),
        ]
        assert jobs[0].status in ("READY", "RUNNING") and jobs[1].status == "READY"
        world.stash.graphql("mutation($id: ID!) { stopJob(job_id: $id) }", {"id": first})
        world.stash.wait_for_jobs()
        assert client.find_job(first) == StashJob(first, "CANCELLED", "Stash Sense")
        assert client.find_job(second) == StashJob(second, "FINISHED", "Stash Sense: 3 of 9 done")

    def test_jobs_that_stash_has_forgotten(self, client: StashClient) -> None:
        assert client.find_job(99) is None


class TestConfiguration:
    def test_what_is_read_of_it(self, tmp_path: Path) -> None:
        options = {"username": "owner", "password": "secret", "api_key": "the key"}
        with Standin(tmp_path / "config", tmp_path / "library", **options) as stash:  # type: ignore[arg-type]
            stash.configure_plugin("stash-sense-native", quietHours="08:00-12:00")
            stash.configure_plugin("another", secret="x")
            client = StashClient(HttpTransport(World(stash).server))
            config = client.configuration()
            assert (config.api_key, config.has_login) == ("the key", True)
            assert config.library_paths == (str(stash.library_dir),)
            assert config.plugin_settings == {"quietHours": "08:00-12:00"}
            assert config.version
            stash.clock.advance(10_000)
            assert client.jobs() == [], "from now on the key goes along"
            client.close()

    def test_without_a_login_and_settings(self, world: World, client: StashClient) -> None:
        config = client.configuration()
        assert (config.api_key, config.has_login, config.plugin_settings) == ("", False, {})


def test_an_empty_batch_is_not_sent(client: StashClient) -> None:
    assert client.change(MutationBatch()) == {} and client.requests == 0
