"""Writes the store that stands for the present schema, with a row of everything: run it when a schema is released.

.venv/bin/python -m tests.plugin.store.write_old_store
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from plugin.store.jobs import NewMedium
from plugin.store.migrations import MIGRATIONS
from plugin.store.store import open_store
from plugin.store.suggestions import Draft
from plugin.telemetry.ingest import Rules, ingest
from tests.plugin.store.samples import add_tag_intent, analysis, span, suggest, total


def write_old_store(file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder, lambda: 1_700_000_000.0)
        run_id = store.runs.begin("Analyse new", "task")
        store.analyses.save(analysis(run_id, name="One", spans=(span("cat", 5.0, 15.0),), totals=(total("cat", 10.0),)))
        tag, marker = suggest(store, run_id, Draft("tag", "cat", 3.0), Draft("marker", "cat", 3.0, 5.0, 15.0, 10.0))
        store.suggestions.accept([tag.id])
        (entry,) = store.journal.intend(run_id, [add_tag_intent(tag.id)])
        store.journal.settle(entry.id, "done")
        store.suggestions.mark_applied([tag.id])
        store.suggestions.reject([marker.id])
        store.meta.set("settings", {"interval_s": 2.0})
        store.db.run("INSERT INTO policy (label, mode, updated_s) VALUES ('cat', 'auto', 0)")
        store.db.run("INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (0, 'scene', 2, 'new')")
        batch = store.jobs.get(store.jobs.add_batch(run_id, "Analyse new", 10, {"which": "new"}))
        assert batch is not None
        store.jobs.add_media(batch, "analyse", [NewMedium("scene", 2)])
        store.jobs.wait_for_children(batch.id, {"selected": True})
        store.services.worked("sidecar", "lite on cpu", {"model": "lite"})
        store.recommendations.tell(1, "more")
        store.recommendations.prefer("global_feed", "fresh", {"diversity": 0.5}, chosen=True)
        rules = Rules(tracking=True)
        ingest(
            store,
            rules,
            store.now_s(),
            [_event(1, "scene_watch_start", 0, 0), _event(2, "scene_watch_pause", 30, 30)],
            store.now_s(),
            lambda kind, ids: {},
        )
        store.close()
        db = sqlite3.connect(Path(folder) / "store.db")
        numbers = [
            f"PRAGMA {name} = {db.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        lines = [line for line in db.iterdump() if "sqlite_sequence" not in line]
        db.close()
    file.write_text("\n".join(["PRAGMA journal_mode = WAL;", *lines, *numbers, ""]), "utf-8")


def _event(seq: int, type_: str, position_s: float, mono_s: float) -> dict[str, Any]:
    state = {"position_s": position_s, "rate": 1, "duration_s": 60, "visible": True, "playing": seq == 1}
    named = {"id": f"event-{seq:04}", "session": "session-1", "tab": "tab-00001", "watch": "watch-001"}
    when = {"seq": seq, "at_ms": (1_699_999_000 + mono_s) * 1000, "mono_ms": mono_s * 1000}
    return {"v": 1, "type": type_, "scene_id": 1, "body": state, **named, **when}


if __name__ == "__main__":
    write_old_store(Path(__file__).parent / "old_schemas" / f"schema_{MIGRATIONS[-1].number}.sql")
