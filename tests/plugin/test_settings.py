from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plugin import settings
from plugin.settings import (
    STASH_SETTINGS,
    Defaults,
    OwnerSettings,
    SettingError,
    StashSettings,
    WorkflowTags,
    as_json,
    parse_owner_settings,
    parse_stash_settings,
    with_setting,
)

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "stash-plugin.yml").read_text("utf-8"))


class TestOfStashsPage:
    def test_the_manifest_offers_exactly_these(self) -> None:
        types = {key: value["type"] for key, value in MANIFEST["settings"].items()}
        assert types == {key: {str: "STRING", bool: "BOOLEAN"}[kind] for key, (kind, _) in STASH_SETTINGS.items()}

    def test_an_unset_switch_is_shown_as_off_and_is_off(self) -> None:
        """Stash tells a switch that was never touched from none that is off by nothing."""
        assert all(default is False for kind, default in STASH_SETTINGS.values() if kind is bool)
        assert all(default == "" for kind, default in STASH_SETTINGS.values() if kind is str)

    def test_absent_ones_have_their_defaults(self) -> None:
        assert parse_stash_settings({}) == StashSettings()
        assert {settings._snake(key) for key in STASH_SETTINGS} == {item.name for item in fields(StashSettings)}
        for key, (_, default) in STASH_SETTINGS.items():
            assert getattr(StashSettings(), settings._snake(key)) == default

    def test_what_the_owner_has_set(self) -> None:
        values = {
            "sidecarAddress": " gpu.local:50151 ",
            "sidecarTokenFile": "/secret",
            "pathMappings": "/data => /mnt",
            "installSidecar": True,
            "analyseNew": True,
            "ignoreUpdates": True,
            "trackWatching": True,
            "quietHours": "18:00-23:00",
        }
        assert parse_stash_settings(values) == StashSettings(
            "gpu.local:50151", "/secret", "/data => /mnt", True, True, True, True, "18:00-23:00"
        )

    @pytest.mark.parametrize(
        ("value", "read"),
        [("true", True), ("TRUE ", True), ("1", True), ("false", False), ("", False), (1, False), (None, False)],
    )
    def test_switches_that_other_clients_wrote(self, value: Any, read: bool) -> None:
        assert parse_stash_settings({"analyseNew": value}).analyse_new is read

    @given(
        st.dictionaries(
            st.sampled_from([*STASH_SETTINGS, "other"]),
            st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
        )
    )
    def test_any_values_are_read(self, values: dict[str, Any]) -> None:
        read = parse_stash_settings(values)
        for key, (kind, _) in STASH_SETTINGS.items():
            assert isinstance(getattr(read, settings._snake(key)), kind)


GOOD: dict[str, list[Any]] = {
    "model": ["", "lite", "open_clip/ViT-B-32-256/datacomp_s34b_b86k"],
    "vocabulary": [True, False],
    "interval_s": [0.25, 1, 60],
    "refine": ["budget", "full", "none"],
    "refine_s": [0.04, 10],
    "media_at_once": [1, 8],
    "tag_suffix": ["", " (AI)", "_AI"],
    "parent_tag": ["", "Found by AI"],
    "gallery_share": [0, 1, 0.5],
    "analyse_kinds": [["scene"], ["gallery", "scene"]],
    "history_days": [1, 3650],
    "face_model": ["", "dlib", "insightface@/packs/mine"],
    "identify_performers": ["suggest", "auto", "off"],
    "performer_maybes": [True, False],
    "performer_gallery_share": [0, 0.05, 1],
    "performer_gallery_images": [1, 1000],
    "face_sources": [["all"], [], ["https://box.example/graphql", "A box"]],
    "box_images": [1, 20],
    "watch_retention_days": [0, 730, 36500],
    "watch_excluded_tags": [[], ["Private", "also, this"]],
    "recommend_from": ["ai", "stash", "both"],
    "nightly_cron": ["", "0 3 * * *", "*/5 1-3 * * mon"],
    "sweep_cron": ["0 3 * * *"],
    "maintenance_cron": ["0 3 * * *"],
    "stash_url": ["", "http://stash:9999", "https://stash.home/"],
    "workflow_tags": [{}, {"tag_me": ""}, {"tag_me": "me", "tagged": "t", "errored": "e", "reprocess": "r"}],
    "defaults": [{}, {"mode": "auto"}, {"required_s": 0, "required_share": 1, "marker": False}],
}
BAD: dict[str, list[Any]] = {
    "model": [None, 5, "x" * 301, "a\nb", ["lite"]],
    "vocabulary": [None, 1, "true", []],
    "interval_s": [0, 0.2, 61, "4", None, True, float("nan"), float("inf"), -1, 10**400, [4]],
    "refine": ["", "Budget", None, 1, ["full"], {}],
    "refine_s": [0, 11, "x"],
    "media_at_once": [0, 9, 1.5, "2", True, None, 10**30],
    "tag_suffix": [None, "x" * 51, "a\x00", 5],
    "parent_tag": [None, "x" * 201, "\x1b[31m"],
    "gallery_share": [-0.1, 1.1, "30%"],
    "analyse_kinds": [[], "scene", ["performer"], [["scene"]], [{}], None, {"scene": 1}],
    "history_days": [0, 3651, "90"],
    "face_model": [None, 5, "x" * 301, "a\nb"],
    "identify_performers": ["", "always", None, True],
    "performer_maybes": [None, 1, "yes"],
    "performer_gallery_share": [-0.1, 5, "5%"],
    "performer_gallery_images": [0, 1001, 2.5],
    "face_sources": ["all", None, [5], ["x" * 301], ["a\nb"], ["x"] * 51],
    "box_images": [0, 21, "5", None],
    "watch_retention_days": [-1, 36501, 1.5, "7", None, True],
    "recommend_from": ["", "AI", None, ["ai"]],
    "watch_excluded_tags": ["Private", None, [5], ["x" * 201], ["a\nb"], ["x"] * 201],
    "nightly_cron": ["* * * *", "* * * * * *", None, "daily", "0 3 * *\n*", 5],
    "sweep_cron": ["x"],
    "maintenance_cron": [[]],
    "stash_url": [
        "stash:9999",
        "http://",
        "http://a/b",
        "http://user@host",
        "ftp://x",
        "http://a b",
        "http://x?y",
        None,
    ],
    "workflow_tags": [None, [], "x", {"other": "x"}, {"tag_me": 5}, {"tag_me": "A", "tagged": "a"}, {"tag_me": "a\n"}],
    "defaults": [None, {"mode": "maybe"}, {"mode": None}, {"other": 1}, {"required_share": 20}, {"marker": "yes"}],
}


class TestOfTheStore:
    def test_every_one_can_be_set(self) -> None:
        names = {item.name for item in fields(OwnerSettings)}
        assert names == set(GOOD) == set(BAD) == set(settings._CHECKS)

    @pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in GOOD.items() for value in values])
    def test_what_is_allowed(self, key: str, value: Any) -> None:
        changed = with_setting(OwnerSettings(), key, value)
        others = [item.name for item in fields(OwnerSettings) if item.name != key]
        assert all(getattr(changed, name) == getattr(OwnerSettings(), name) for name in others)
        assert parse_owner_settings(json.loads(json.dumps(as_json(changed)))) == changed

    @pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in BAD.items() for value in values])
    def test_what_is_not_is_refused_and_if_it_is_stored_has_its_default(self, key: str, value: Any) -> None:
        with pytest.raises(SettingError) as caught:
            with_setting(OwnerSettings(), key, value)
        assert key in str(caught.value) and len(str(caught.value)) < 400
        assert parse_owner_settings({key: value, "history_days": 7 if key != "history_days" else value}) == replace(
            OwnerSettings(), history_days=7 if key != "history_days" else 90
        )

    def test_a_name_that_is_none(self) -> None:
        with pytest.raises(SettingError, match=r"no setting is named 'colour'; the settings are: analyse_kinds, "):
            with_setting(OwnerSettings(), "colour", "red")
        assert parse_owner_settings({"colour": "red"}) == OwnerSettings()

    def test_of_an_object_only_what_is_given_changes(self) -> None:
        one = with_setting(OwnerSettings(), "defaults", {"mode": "auto", "max_gap_s": 1})
        two = with_setting(one, "defaults", {"required_s": 3})
        assert two.defaults == Defaults(mode="auto", max_gap_s=1.0, required_s=3.0)
        named = with_setting(OwnerSettings(), "workflow_tags", {"tag_me": "me"})
        assert with_setting(named, "workflow_tags", {"errored": ""}).workflow_tags == WorkflowTags("me", errored="")

    def test_kinds_are_in_their_order_and_once(self) -> None:
        assert with_setting(OwnerSettings(), "analyse_kinds", ["image", "scene", "image"]).analyse_kinds == (
            "scene",
            "image",
        )

    def test_names_of_workflow_tags_that_are_switched_off(self) -> None:
        assert WorkflowTags("", "t", "", "r").names() == ("t", "r")
