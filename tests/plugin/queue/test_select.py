from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugin.analysis.staleness import Wanted
from plugin.queue import select
from plugin.queue.select import SelectionError, Selector, due, selection_of
from plugin.stash.values import MediaRow
from plugin.store.analyses import Failure
from plugin.store.jobs import Job
from tests.plugin.store.samples import ANALYSIS, analysis
from tests.plugin.world import WatchedContext, World
from tests.standin.samples import write_picture

WANTED = Wanted("lite", "v1", "q1", 4.0, "p1")


class TestSelection:
    def test_what_options_say(self) -> None:
        options = {"which": "all", "kinds": ["image", "scene"], "filters": {"scene": {"organized": True}}, "fresh": 1}
        chosen = selection_of(options)
        assert (chosen.which, chosen.kinds, chosen.fresh) == ("all", ("scene", "image"), True)
        assert chosen.filters == {"scene": {"organized": True}}

    def test_without_any(self) -> None:
        assert selection_of({}) == select.Selection("new", ("scene", "image", "gallery"), {}, {})

    def test_ids_say_their_kinds(self) -> None:
        assert selection_of({"which": "ids", "ids": {"image": [1]}, "kinds": []}).kinds == ("image",)

    @pytest.mark.parametrize("which", ["everything", "", None, 5, ["new"], {}])
    def test_another_which_is_refused(self, which: Any) -> None:
        with pytest.raises(SelectionError, match="it must be one of new, all, tagged, stored, ids"):
            selection_of({"which": which})


class TestDue:
    ROW = MediaRow(1, "oshash-a-10")
    FAILED = Failure("scene", 1, "A", 1, "oshash-a-10", "broken", "no frames")

    def test_what_failed_for_a_reason_that_lasts_is_left(self) -> None:
        assert due(self.ROW, None, self.FAILED, WANTED) is None

    def test_until_its_file_changes(self) -> None:
        assert due(replace(self.ROW, content="oshash-b-10"), None, self.FAILED, WANTED) == "analyse"

    def test_what_killed_its_process_is_left_whatever_its_file_is_now(self) -> None:
        died = replace(self.FAILED, code="process_died", content="")
        assert due(self.ROW, None, died, WANTED) is None

    @pytest.mark.parametrize("code", ["io_error", "http_error", "shutting_down"])
    def test_what_failed_for_a_reason_that_passes_is_tried_again(self, code: str) -> None:
        assert due(self.ROW, None, replace(self.FAILED, code=code), WANTED) == "analyse"

    def test_what_did_not_fail(self) -> None:
        assert due(self.ROW, None, None, WANTED) == "analyse"
        assert due(self.ROW, ANALYSIS, None, WANTED) is None
        assert due(self.ROW, ANALYSIS, None, replace(WANTED, query="q2")) == "retag"


@pytest.fixture
def library(world: World) -> World:
    for number in range(1, 8):
        tags = ["AI_TagMe"] if number in (2, 5) else ["AI_Reprocess"] if number == 3 else []
        world.stash.add_scene_without_media(f"/{number}.mp4", f"Scene {number}", tags=tags, oshash=f"{number}", size=1)
    images = [world.stash.add_image(write_picture(world.stash.library_dir / f"{n}.png", n)) for n in (1, 2)]
    world.stash.add_gallery("A gallery", images)
    return world


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "PAGE", 3)


def batch(context: WatchedContext, **options: Any) -> Job:
    run_id = context.store.runs.begin("x", "task")
    found = context.store.jobs.get(context.store.jobs.add_batch(run_id, "x", 10, options))
    assert found is not None
    return found


def selector(context: WatchedContext, wanted: Wanted = WANTED) -> Selector:
    tags = context.writer.tags
    return Selector(context.store, context.stash, wanted, lambda: (tags.find("AI_TagMe"), tags.find("AI_Reprocess")))


def fill(context: WatchedContext, chosen: Job, wanted: Wanted = WANTED) -> list[int]:
    return list(selector(context, wanted).fill(chosen))


def below(context: WatchedContext, chosen: Job) -> list[tuple[str, str | None, int | None]]:
    jobs = context.store.jobs.find(parent_id=chosen.id, limit=100)
    return sorted((job.action, job.kind, job.media_id) for job in jobs)


def seen(context: WatchedContext, *ids: int, **fields: Any) -> None:
    run_id = context.store.runs.begin("before", "task")
    for media_id in ids:
        context.store.analyses.save(analysis(run_id, media_id, content=f"oshash-{media_id}-1", **fields))


class TestFilling:
    def test_everything(self, library: World) -> None:
        with library.process() as context:
            chosen = batch(context, which="all")
            assert fill(context, chosen) == [3, 6, 7, 9, 10]
            assert below(context, chosen) == [
                ("analyse", "gallery", 1),
                ("analyse", "image", 1),
                ("analyse", "image", 2),
                *(("analyse", "scene", number) for number in range(1, 8)),
            ]
            after = context.store.jobs.get(chosen.id)
            assert after is not None and after.state == "running" and after.options["selected"]
            assert context.transport.documents.count("SenseSceneRows") == 3

    def test_what_is_new_or_stale_with_the_least_that_helps(self, library: World) -> None:
        with library.process() as context:
            seen(context, 1, 2)
            seen(context, 3, policy="other")
            seen(context, 4, query="other")
            seen(context, 5, model="other")
            library.stash.change(library.stash.library.file(library.stash.scene(2)), size=2)
            chosen = batch(context, which="new", kinds=["scene"])
            fill(context, chosen)
            assert below(context, chosen) == [
                ("analyse", "scene", 2),
                ("analyse", "scene", 5),
                ("analyse", "scene", 6),
                ("analyse", "scene", 7),
                ("retag", "scene", 3),
                ("retag", "scene", 4),
            ]

    def test_a_library_that_is_up_to_date_is_done_at_once(self, library: World) -> None:
        with library.process() as context:
            seen(context, *range(1, 8))
            chosen = batch(context, which="new", kinds=["scene"])
            fill(context, chosen)
            after = context.store.jobs.get(chosen.id)
            assert after is not None and (after.state, after.reason) == ("completed", "nothing to do")

    def test_marked_media_and_those_to_be_done_afresh(self, library: World) -> None:
        with library.process() as context:
            chosen = batch(context, which="tagged", kinds=["scene"])
            fill(context, chosen)
            jobs = context.store.jobs.find(parent_id=chosen.id)
            assert {job.media_id: job.options["fresh"] for job in jobs} == {2: False, 5: False, 3: True}

    def test_marks_that_stash_does_not_have(self, world: World) -> None:
        world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            chosen = batch(context, which="tagged")
            assert fill(context, chosen) == []
            assert below(context, chosen) == []

    def test_stored_ones_need_nothing_of_stash(self, library: World) -> None:
        with library.process() as context:
            seen(context, 1, 3, 5, 7)
            chosen = batch(context, which="stored", kinds=["scene"])
            found = selector(context)
            context.transport.documents.clear()
            list(found.fill(chosen))
            assert [media_id for _, _, media_id in below(context, chosen)] == [1, 3, 5, 7]
            assert {action for action, _, _ in below(context, chosen)} == {"retag"}
            assert context.transport.documents == []

    def test_stored_ones_of_ids_are_those_that_were_analysed(self, library: World) -> None:
        with library.process() as context:
            seen(context, 1, 3, 5, 7)
            chosen = batch(context, which="stored", ids={"scene": [2, 3, 4, 5, 6, 7]})
            fill(context, chosen)
            assert below(context, chosen) == [("retag", "scene", 3), ("retag", "scene", 5), ("retag", "scene", 7)]

    def test_by_ids(self, library: World) -> None:
        with library.process() as context:
            chosen = batch(context, which="ids", ids={"scene": [7, 1, 1, 5, 3], "gallery": [1]}, fresh=True)
            fill(context, chosen)
            assert [(kind, media_id) for _, kind, media_id in below(context, chosen)] == [
                ("gallery", 1),
                ("scene", 1),
                ("scene", 3),
                ("scene", 5),
                ("scene", 7),
            ]
            assert all(job.options["fresh"] for job in context.store.jobs.find(parent_id=chosen.id))

    @pytest.mark.parametrize(("which", "found"), [("all", [2, 3]), ("tagged", [2, 3])])
    def test_stashs_own_filters(self, library: World, which: str, found: list[int]) -> None:
        few = {
            "scene": {"id": {"value": 4, "modifier": "LESS_THAN"}, "NOT": {"id": {"value": 1, "modifier": "EQUALS"}}}
        }
        with library.process() as context:
            chosen = batch(context, which=which, kinds=["scene"], filters=few)
            fill(context, chosen)
            assert [media_id for _, _, media_id in below(context, chosen)] == found

    @pytest.mark.parametrize("which", ["all", "new", "tagged"])
    @pytest.mark.parametrize("bad", [{"nonsense": 1}, {"id": "five"}, {"AND": 7}])
    def test_a_filter_that_stash_refuses_is_said_and_fails_the_batch_alone(
        self, library: World, which: str, bad: dict[str, Any]
    ) -> None:
        with library.process() as context:
            chosen = batch(context, which=which, kinds=["scene"], filters={"scene": bad})
            with pytest.raises(SelectionError, match="Stash does not take the filter for scene media: Stash answered"):
                fill(context, chosen)

    @pytest.mark.parametrize("which", ["all", "new", "tagged", "stored", "ids"])
    def test_killed_after_any_page_it_goes_on_where_it_was(self, library: World, which: str) -> None:
        options: dict[str, Any] = {"which": which, "ids": {"scene": list(range(1, 8)), "image": [1, 2]}}
        with library.process() as context:
            seen(context, *range(1, 8), query="other")
            whole = batch(context, **options)
            pages = fill(context, whole)
            expected = below(context, whole)
            context.store.jobs.cancel_all()
            for killed_after in range(len(pages)):
                chosen = batch(context, **options)
                for _ in zip(range(killed_after), selector(context).fill(chosen), strict=False):
                    pass
                again = context.store.jobs.next_batch()
                assert again is not None and again.id == chosen.id
                fill(context, again)
                assert below(context, chosen) == expected
                context.store.jobs.cancel_all()

    def test_a_batch_that_is_cancelled_meanwhile_gets_no_more(self, library: World) -> None:
        with library.process() as context:
            chosen = batch(context, which="all", kinds=["scene"])
            pages = selector(context).fill(chosen)
            next(pages)
            context.store.jobs.cancel(chosen.id)
            asked = len(context.transport.documents)
            assert list(pages) == [] and len(context.transport.documents) <= asked + 1
            assert not context.store.jobs.has_work()

    def test_what_waits_already_is_not_added_twice(self, library: World) -> None:
        with library.process() as context:
            first, second = batch(context, which="all"), batch(context, which="all")
            fill(context, first)
            fill(context, second)
            assert len(below(context, first)) == 10 and below(context, second) == []
