"""Operations about models, over real gRPC and with a real HTTP server for weights."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.calls import load
from plugin.context import Context
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.sidecar_values import SidecarError
from sidecar.engine import models as engine_models
from sidecar.models.catalogue import LITE
from tests.models.weights_server import HALF, LICENCE, WeightsServer, weights_server
from tests.plugin.sidecars import connected, pictures_server, real_sidecar, said
from tests.plugin.world import World

SHOWN = {
    "id", "job", "licence", "licence_url", "source", "revision", "checksums", "size_bytes", "downloaded_bytes", "dim",
    "speed_class", "embedded", "state", "reason", "device", "runtime", "memory_bytes", "scoring", "note", "default",
    "chosen",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    with weights_server() as found:
        yield found


@pytest.fixture
def context(world: World, server: WeightsServer, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """Its sidecar knows the embedded model and one that the test's server has."""
    spec = replace(server.spec(), approximate_bytes=3_000_000)
    monkeypatch.setattr(engine_models, "CATALOGUE", (LITE, spec))
    with real_sidecar(data_dir) as address, world.process() as process, connected(process, address):
        yield process


def ask(context: Context, name: str, **args: Any) -> dict[str, Any]:
    operation = OPERATIONS[name]
    answer: dict[str, Any] = load(operation.handler)(context, parse_arguments(operation, args))
    return answer


def test_the_list_says_all_that_a_page_shows(context: Context) -> None:
    answer = ask(context, "models.list")
    assert (answer["model"], answer["default_model"], answer["setting"]) == ("lite", "lite", "")
    lite, other = answer["models"]
    assert set(lite) == set(other) == SHOWN
    assert (lite["default"], lite["chosen"], other["default"], other["chosen"]) == (True, True, False, False)
    assert (lite["licence"], lite["state"], lite["scoring"]) == (LITE.licence, "not_loaded", "class_z")
    assert (other["licence"], other["state"], other["size_bytes"]) == (LICENCE, "not_installed", 3_000_000)
    context.store.meta.set("settings", {"model": other["id"]})
    answer = ask(context, "models.list")
    assert (answer["model"], answer["default_model"], answer["setting"]) == (other["id"], "lite", other["id"])
    assert [(row["default"], row["chosen"]) for row in answer["models"]] == [(True, False), (False, True)]


def test_a_download_from_consent_to_the_end(context: Context, server: WeightsServer) -> None:
    model = server.spec().id
    with pytest.raises(SidecarError, match=f"refused it: 'MIT' is not the licence of {model}, which is"):
        ask(context, "models.download", id=model, licence="MIT")
    row = ask(context, "models.download", id=model, licence=LICENCE)["model"]
    assert (row["state"], row["default"]) == ("downloading", False)
    server.half_sent.wait(10)
    while (row := ask(context, "models.list")["models"][1])["downloaded_bytes"] < HALF:
        time.sleep(0.02)
    assert row["state"] == "downloading"
    stopped = ask(context, "models.cancel_download", id=model)["model"]
    assert (stopped["state"], stopped["downloaded_bytes"]) == ("not_installed", HALF)
    assert "was stopped" in stopped["reason"]
    server.go_on.set()
    ask(context, "models.download", id=model, licence=LICENCE)
    while (row := ask(context, "models.list")["models"][1])["state"] == "downloading":
        time.sleep(0.02)
    assert (row["state"], row["downloaded_bytes"]) == ("not_loaded", 0)


def test_loading_and_unloading(context: Context) -> None:
    loaded = ask(context, "models.load", id="lite")["model"]
    assert (loaded["state"], loaded["device"]) == ("ready", "cpu") and loaded["memory_bytes"] > 1_000_000
    unloaded = ask(context, "models.unload", id="lite")["model"]
    assert (unloaded["state"], unloaded["memory_bytes"], unloaded["runtime"]) == ("not_loaded", 0, "")
    assert ask(context, "models.unload", id="never heard of") == {"model": None}
    for name, sentence in (("nonsense", "no model is called 'nonsense'"), ("", "id is empty")):
        with pytest.raises(SidecarError, match=sentence):
            ask(context, "models.load", id=name)


def test_the_vocabulary_is_told_whether_it_was_ever_found_or_not(context: Context) -> None:
    answer = ask(context, "vocabulary.list")
    assert answer["used"] is True and len(answer["tags"]) > 200
    assert {tuple(tag) for tag in answer["tags"]} == {("name", "category", "judged")}
    by_name = {tag["name"]: tag for tag in answer["tags"]}
    assert by_name["cat"]["category"] and by_name["cat"]["judged"] is True
    assert not all(tag["judged"] for tag in answer["tags"]), "the embedded model cannot judge all of it"
    context.store.meta.set("settings", {"vocabulary": False})
    assert ask(context, "vocabulary.list")["used"] is False


@pytest.mark.parametrize("operation", ["models.load", "models.unload", "models.download", "models.cancel_download"])
@pytest.mark.parametrize("model", [5, None, ["lite"], "x" * 301, "a\x00b", {"id": "lite"}])
def test_hostile_ids_are_refused(operation: str, model: Any) -> None:
    with pytest.raises(ArgumentError):
        parse_arguments(OPERATIONS[operation], {"id": model, "licence": "MIT"})


def test_consent_cannot_be_left_out() -> None:
    for licence in ({}, {"licence": None}, {"licence": True}, {"licence": "x" * 501}):
        with pytest.raises(ArgumentError, match="licence"):
            parse_arguments(OPERATIONS["models.download"], {"id": "lite", **licence})


def test_an_older_sidecar_cannot_download_and_says_so(world: World) -> None:
    with said(pictures_server()) as address, world.process() as process, connected(process, address):
        assert ask(process, "models.list")["models"][0]["id"] == "lite"
        with pytest.raises(SidecarError, match="is older than the plugin"):
            ask(process, "models.download", id="lite", licence="MIT")
