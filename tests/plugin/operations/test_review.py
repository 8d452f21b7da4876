"""Operations and tasks against a stand-in: what is not allowed is a sentence, and nothing is done but what was asked
for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.commands.undoing import reject_suggestions, undo_suggestions
from plugin.context import Context
from plugin.installation.failures import SetupError
from plugin.interface.input import PLUGIN_ID
from plugin.operations import analysis as analysis_operations
from plugin.operations import queue as queue_operations
from plugin.operations import runs as run_operations
from plugin.operations import settings as settings_operations
from plugin.operations import suggestions as suggestion_operations
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.suggestions import accept, find, reject
from plugin.operations.table import OPERATIONS
from plugin.queue.schedule import tell_schedule
from plugin.queue.select import Selector
from plugin.review.policy_csv import PolicyError
from plugin.settings import OwnerSettings, SettingError, with_setting
from plugin.sidecar_connection import LONGEST_TOKEN, _tls_ca, _token
from plugin.sidecar_health import known_capabilities
from plugin.stash.errors import StashUnavailable
from plugin.store.suggestions import Draft
from plugin.tasks import analyse
from plugin.tasks.hooks import keep_hooks
from plugin.tasks.policy import export_policy
from plugin.tasks.undo import undo_last_run
from tests.plugin.store.samples import analysis
from tests.plugin.world import World, suggest, write

CAT = Draft("tag", "cat", 3.0)


class TestQueueAdd:
    def add(self, context: Context, **args: Any) -> dict[str, Any]:
        """The options of the batch that it made."""
        answer = queue_operations.add(context, parse_arguments(OPERATIONS["queue.add"], args))
        job = context.store.jobs.get(answer["id"])
        assert job is not None
        return dict(job.options)

    def test_a_run_ends_when_all_of_it_is_cancelled(self, world: World) -> None:
        with world.process() as context:
            self.add(context, ids={"scene": [12]})
            (one,) = context.store.runs.summaries(10)
            assert one.run.ended_s is None
            assert queue_operations.cancel_all(context, {}) == {"cancelled": 1}
            (one,) = context.store.runs.summaries(10)
            assert one.run.ended_s is not None

    def test_ids_mean_those_alone(self, world: World) -> None:
        with world.process() as context:
            options = self.add(context, ids={"scene": [12]})
            assert (options["which"], options["ids"]) == ("ids", {"scene": [12]})

    def test_ids_of_which_the_stored_ones_are_meant(self, world: World) -> None:
        with world.process() as context:
            options = self.add(context, which="stored", ids={"scene": [12, 13]})
            assert (options["which"], options["ids"], options["kinds"]) == ("stored", {"scene": [12, 13]}, [])
            assert context.store.jobs.find()[0].name == "Re-tag 2 scenes"

    @pytest.mark.parametrize(
        "args",
        [
            {"which": "new", "ids": {"scene": [12]}},
            {"which": "all", "ids": {"scene": [12]}},
            {"ids": {"scene": [12]}, "filters": {"scene": {"organized": True}}},
            {"ids": {"scene": []}},
            {"which": "stored", "ids": {"scene": []}},
            {"which": "stored", "ids": {"scene": [12]}, "filters": {"scene": {"organized": True}}},
            {"ids": {"scene": [1 << 63]}},
        ],
    )
    def test_ids_that_would_be_ignored_are_refused(self, world: World, args: dict[str, Any]) -> None:
        with world.process() as context:
            with pytest.raises(ArgumentError):
                self.add(context, **args)
            assert context.store.jobs.find() == []

    def test_a_filter_of_scenes_asks_for_no_images(self, world: World) -> None:
        with world.process() as context:
            assert self.add(context, filters={"scene": {"organized": True}})["kinds"] == ["scene"]
            assert self.add(context, which="all")["kinds"] == ["scene", "image", "gallery"]
            both = self.add(context, kinds=["scene", "image"], filters={"scene": {"organized": False}})
            assert both["kinds"] == ["scene", "image"]


class TestTasks:
    def test_a_filter_of_scenes_asks_for_no_images(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(analyse, "_drain", lambda context: "")
        with world.process() as context:
            analyse.analyse_new(context, {"scene_filter": '{"organized": true}'})
            (batch,) = context.store.jobs.find()
            assert batch.options["kinds"] == ["scene"]

    @pytest.mark.parametrize("run_id", ["abc", "1.5", 1.5, "9" * 30, "9" * 5000, -1, 0, True, [1], {}])
    def test_what_is_no_run_undoes_no_other(self, world: World, run_id: Any) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            suggest(context, context.store.runs.begin("Analyse new", "task"), scene.id, CAT)
            write(context, 1, [scene.id])
            with pytest.raises(ArgumentError, match="run_id"):
                undo_last_run(context, {"run_id": run_id})
            assert undo_last_run(context, {"run_id": "7"}) == "there is no run 7"
            assert world.stash.tags_of(scene) == ["cat"]
            undo_last_run(context, {"run_id": "1"})
            assert world.stash.tags_of(scene) == []

    def test_a_policy_file_that_cannot_be_written_is_a_sentence(self, world: World) -> None:
        with world.process() as context:
            (world.data_dir / "tag-policy.csv.new").mkdir()
            with pytest.raises(PolicyError, match=r"tag-policy\.csv cannot be written"):
                export_policy(context, {})


def test_stored_media_are_chosen_by_filters_too(world: World) -> None:
    """Re-tag with a filter judges what the filter finds, of what was analysed."""
    scenes = [world.stash.add_scene_without_media(f"/{name}.mp4", name, tags=[name]) for name in ("a", "b", "c")]
    tag = world.stash.tag("b")
    chosen = {"scene": {"tags": {"value": [str(tag.id)], "modifier": "INCLUDES", "depth": 0}}}
    with world.process() as context:
        run_id = context.store.runs.begin("Re-tag", "task")
        for scene in scenes[:2]:
            context.store.analyses.save(analysis(run_id, scene.id))
        batch = context.store.jobs.get(
            context.store.jobs.add_batch(
                run_id, "Re-tag", 10, {"which": "stored", "kinds": ["scene"], "filters": chosen}
            )
        )
        assert batch is not None
        list(Selector(context.store, context.stash, None, lambda: (None, None)).fill(batch))  # type: ignore[arg-type]
        media = [(job.action, job.media_id) for job in context.store.jobs.find() if job.action != "batch"]
        assert media == [("retag", scenes[1].id)]


class TestDecisions:
    def test_what_was_written_leaves_stash_when_it_is_rejected(self, world: World) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            (one,) = suggest(context, context.store.runs.begin("Analyse new", "task"), scene.id, CAT)
            write(context, 1, [scene.id])
            rejected, undone = reject_suggestions(context, [one.id, 99])
            assert (rejected, undone.taken_back, world.stash.tags_of(scene)) == ([one.id], 1, [])
            assert context.store.suggestions.get([one.id])[0].state == "rejected"

    def test_what_stash_does_not_give_up_is_not_called_rejected(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            (one,) = suggest(context, context.store.runs.begin("Analyse new", "task"), scene.id, CAT)
            write(context, 1, [scene.id])
            monkeypatch.setattr(context.writer, "carry_out", lambda *_: ([], ["scene 1: no"]))
            rejected, undone = reject_suggestions(context, [one.id])
            assert (rejected, undone.failed) == ([], ("scene 1: no",))
            assert context.store.suggestions.get([one.id])[0].state == "applied"

    @pytest.mark.parametrize("decide", [reject_suggestions, undo_suggestions])
    def test_a_decision_waits_for_who_writes_what_was_accepted(self, world: World, decide: Any) -> None:
        """Else the tag would be in Stash, and its suggestion rejected or waiting."""
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as writing:
            (one,) = suggest(writing, writing.store.runs.begin("Analyse new", "task"), scene.id, CAT)

            def decided() -> None:
                with world.process() as other:
                    decide(other, [one.id])

            thread = threading.Thread(target=decided)
            with writing.writer.turn():
                thread.start()
                thread.join(0.5)
                assert thread.is_alive()
                assert writing.store.suggestions.get([one.id])[0].state == "accepted"
            thread.join(30)
            assert writing.store.suggestions.get([one.id])[0].state in ("rejected", "pending")
            assert world.stash.tags_of(scene) == []


class TestManyMedia:
    """What a list of Stash asks for its cards and its selection."""

    def test_what_was_written_to_them_is_taken_back_at_once(self, world: World) -> None:
        scenes = [world.stash.add_scene_without_media(f"/{n}.mp4", f"Scene {n}") for n in (1, 2, 3)]
        with world.process() as context:
            for scene in scenes:
                suggest(context, context.store.runs.begin("Analyse new", "task"), scene.id, CAT)
                write(context, 1, [scene.id])
            args = parse_arguments(OPERATIONS["media.undo"], {"kind": "scene", "ids": [scenes[0].id, scenes[2].id] * 2})
            assert run_operations.undo_media(context, args) == {"taken_back": 2, "left": 0, "failed": []}
            assert [world.stash.tags_of(scene) for scene in scenes] == [[], ["cat"], []]
            assert [run.run.title for run in context.store.runs.summaries(1)] == ["Undo of 2 media"]

    def test_no_medium_is_no_request(self, world: World) -> None:
        with world.process() as context, pytest.raises(ArgumentError, match="an id, or ids"):
            run_operations.undo_media(context, parse_arguments(OPERATIONS["media.undo"], {"kind": "scene"}))

    def test_their_states_say_how_many_suggestions_wait(self, world: World) -> None:
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            context.store.analyses.save(analysis(run_id, 1))
            suggest(context, run_id, 1, CAT, Draft("marker", "cat", 3.0, 1.0, 9.0), accept=False)
            suggest(context, run_id, 2, CAT)
            answer = analysis_operations.states(context, {"kind": "scene", "ids": [1, 2, 3]})
            assert answer == {"states": {"1": "analysed"}, "waiting": {"1": 2}}


class TestSettings:
    def test_pages_that_save_at_once_keep_each_others_values(self, world: World) -> None:
        changes = [{"interval_s": 2.0}, {"gallery_share": 0.5}, {"history_days": 7}, {"tag_suffix": "_AI"}] * 3

        def change(values: dict[str, Any]) -> None:
            with world.process() as context:
                settings_operations.change(context, {"values": values})

        with world.process() as context:
            assert context.settings.history_days == 90
        threads = [threading.Thread(target=change, args=(values,)) for values in changes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with world.process() as context:
            found = context.settings
        assert (found.interval_s, found.gallery_share, found.history_days, found.tag_suffix) == (2.0, 0.5, 7, "_AI")

    def test_no_kinds_at_all_are_refused(self) -> None:
        with pytest.raises(SettingError, match="one or more"):
            with_setting(OwnerSettings(), "analyse_kinds", [])

    def test_a_long_name_makes_no_long_sentence(self) -> None:
        with pytest.raises(SettingError) as caught:
            with_setting(OwnerSettings(), "x" * 100_000, 1)
        assert len(str(caught.value)) < 1000


class TestTokenAndCertificate:
    def test_a_token_is_the_first_line(self, tmp_path: Path) -> None:
        assert _token("", str(tmp_path)) == ""
        (tmp_path / "sidecar.token").write_bytes(b"secret-1\r\nmore")
        assert _token("", str(tmp_path)) == "secret-1"

    @pytest.mark.parametrize(
        "first_line", [b"s\xc3\xa9cret", b"\xff\xfe", b"two words", b"a\x00b", b"x" * (LONGEST_TOKEN + 1)]
    )
    def test_what_no_header_can_carry_is_refused_and_not_shown(self, tmp_path: Path, first_line: bytes) -> None:
        file = tmp_path / "token"
        file.write_bytes(first_line)
        with pytest.raises(SetupError, match="is no token") as caught:
            _token(str(file), str(tmp_path))
        assert first_line.decode("latin-1") not in str(caught.value)

    @pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff\xfe\xff"])
    def test_a_damaged_certificate_does_not_mean_no_tls(self, tmp_path: Path, content: bytes) -> None:
        assert _tls_ca(str(tmp_path)) == ""
        (tmp_path / "sidecar-ca.pem").write_bytes(content)
        with pytest.raises(SetupError, match=r"sidecar-ca\.pem"):
            _tls_ca(str(tmp_path))


def test_arguments_nested_too_deeply_are_answered(tmp_path: Path) -> None:
    document = b'{"server_connection": {}, "args": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"
    main = Path(__file__).resolve().parents[3] / "plugin" / "main.py"
    command = [sys.executable, "-X", "utf8", "-I", "-S", str(main)]
    answer = subprocess.run(command, input=document, capture_output=True, timeout=60, check=False)
    assert "is started by Stash" in json.loads(answer.stdout)["error"]
    assert answer.stderr == b""


class _Told:
    """A sidecar that only hears schedules."""

    def __init__(self) -> None:
        self.schedules = 0

    def set_schedule(self, *_: Any) -> None:
        self.schedules += 1


def test_another_sidecar_is_told_the_schedule_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.set_up(nightly_cron="0 3 * * *")
    for address, expected in (("one:50051", [True, False]), ("two:50051", [True, False])):
        world.stash.configure_plugin(PLUGIN_ID, sidecarAddress=address)
        with world.process() as context:
            context.read_config()
        for was_told in expected:
            with world.process() as context:
                sidecar = _Told()
                monkeypatch.setattr(context, "connect_sidecar", lambda told=sidecar: told)
                assert tell_schedule(context) is was_told
                assert sidecar.schedules == was_told


def test_what_another_version_remembered_of_the_sidecar_is_no_defect(world: World) -> None:
    with world.process() as context:
        context.store.services.worked("sidecar", "lite on cpu", {"version": "0.1.0"})
        assert known_capabilities(context) is None


def test_a_switch_of_update_hooks_that_stash_did_not_hear_of_is_tried_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / f"{PLUGIN_ID}.yml"
    text = "hooks:\n  - triggeredBy:\n      - Scene.Create.Post\n      - Scene.Update.Post\n"
    manifest.write_text(text)
    world.stash.configure_plugin(PLUGIN_ID, ignoreUpdates=True)
    with world.process() as context:
        context.server = replace(context.server, plugin_dir=str(tmp_path))
        context.read_config()

        def refuse() -> None:
            raise StashUnavailable("Stash restarts")

        with monkeypatch.context() as patched:
            patched.setattr(context.stash, "reload_plugins", refuse)
            keep_hooks(context)
        assert manifest.read_text() == text
        keep_hooks(context)
        assert "# - Scene.Update.Post" in manifest.read_text()


class TestDeciding:
    """By filters: what waits, whoever sees only its first page."""

    def ask(self, context: Context, name: str, **args: Any) -> dict[str, Any]:
        operation = OPERATIONS[name]
        handler = {"suggestions.accept": accept, "suggestions.reject": reject, "suggestions.list": find}[name]
        return handler(context, parse_arguments(operation, args))

    def test_all_that_fits_is_decided(self, world: World) -> None:
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            drafts = (Draft("tag", "dog", 5.0), Draft("marker", "cat", 2.0, 0, 5), Draft("marker", "cat", 4.0, 10, 15))
            dog, weak, strong = suggest(context, run_id, 1, *drafts, accept=False)
            answer = self.ask(context, "suggestions.reject", where={"label": "cat", "min_score": 3.0})
            assert (answer["rejected"], answer["ids"], answer["left"]) == (1, [strong.id], 0)
            answer = self.ask(context, "suggestions.accept", where={"type": "tag"}, write=False)
            assert (answer["accepted"], answer["ids"]) == (1, [dog.id])
            assert [one["id"] for one in self.ask(context, "suggestions.list")["suggestions"]] == [weak.id]

    def test_more_than_one_call_decides(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(suggestion_operations, "MOST_DECIDED", 2)
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            drafts = [Draft("marker", "cat", 2.0, n * 10, n * 10 + 5) for n in range(5)]
            suggest(context, run_id, 1, *drafts, accept=False)
            left = [self.ask(context, "suggestions.reject", where={"label": "cat"})["left"] for _ in range(3)]
            assert left == [3, 1, 0]

    @pytest.mark.parametrize(
        "args",
        [
            {},
            {"ids": []},
            {"ids": [1], "where": {"label": "cat"}},
            {"where": {"state": "rejected"}},
            {"where": {"min_score": "high"}},
            {"where": {"kind": "film"}},
            {"where": []},
        ],
    )
    def test_what_is_meant_must_be_clear(self, world: World, args: dict[str, Any]) -> None:
        with world.process() as context:
            for name in ("suggestions.accept", "suggestions.reject"):
                with pytest.raises(ArgumentError):
                    self.ask(context, name, **args)

    def test_a_cursor_of_another_order_is_refused(self, world: World) -> None:
        with world.process() as context, pytest.raises(ArgumentError, match="after"):
            self.ask(context, "suggestions.list", order="medium", after="[3]")
