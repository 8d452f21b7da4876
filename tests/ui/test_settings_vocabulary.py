"""Policies can be made for what was never found; who agrees to a licence sees what will be checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.conftest import expected, overflow_px

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_whole_vocabulary_is_offered(page: Page, sense: InstalledPlugin, shot: Callable[..., Path]) -> None:
    found = {row["label"] for row in sense.ask("policy.list")["labels"]}
    tags = sense.ask("vocabulary.list")["tags"]
    never_found = next(tag["name"] for tag in tags if tag["judged"] and tag["name"] not in found)
    sense.ask("models.unload", id="lite")
    sense.set_settings(vocabulary=True)
    try:
        page.goto(f"{sense.stash.url}/sense/settings?tab=policy")
        show = page.get_by_role("button", name="Show the whole vocabulary")
        show.wait_for()
        sense.stash.faults.add("status", field="runPluginOperation")
        expected(page).append("500")
        show.click()
        expect(page.get_by_text("The sidecar does not tell its vocabulary")).to_be_visible()
        page.get_by_role("button", name="Try again").click()
        words = page.get_by_role("searchbox")
        words.fill(never_found)
        mode = page.get_by_label(f"Mode of {never_found}")
        expect(mode).to_be_visible()
        shot(page, "settings-policy-vocabulary")
        assert overflow_px(page) <= 0
        mode.select_option("off")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved for what is analysed from now on")).to_be_visible()
        (row,) = [row for row in sense.ask("policy.list")["rows"] if row["label"] == never_found]
        assert row["mode"] == "off"
    finally:
        sense.stash.faults.clear()
        sense.ask("policy.set", rows=[{"label": never_found}])
        sense.set_settings(vocabulary=False)


def test_consent_names_source_and_checksums(phone: Page, sense: InstalledPlugin, shot: Callable[..., Path]) -> None:
    phone.goto(f"{sense.stash.url}/sense/settings?tab=models")
    phone.get_by_role("button", name="Download").first.tap()
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_contain_text("huggingface.co")
    expect(dialog).to_contain_text("Checksums (sha256)")
    expect(dialog).to_contain_text("open_clip_model.safetensors: its source states none")
    expect(dialog.get_by_role("button", name="Download")).to_be_disabled()
    assert overflow_px(phone) <= 0
    shot(phone, "settings-download-phone")
    dialog.get_by_role("button", name="Cancel").tap()
    expect(dialog).to_be_hidden()
