"""Many short processes at once, as Stash starts them: none fails, nothing is lost, nobody sees half of anything."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.store.jobs import NewMedium
from plugin.store.store import Store, open_store

ROOT = Path(__file__).parents[3]

WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from plugin.store.store import open_store
name, count = sys.argv[3], int(sys.argv[4])
for number in range(count):
    store = open_store(sys.argv[2])  # anew each time, as each call of the plugin does
    with store.transaction():
        run_id = store.runs.begin(f"{name} {number}", "task")
        store.meta.set(name, number)
        store.meta.set("sum", store.meta.get("sum", 0) + 1)
        store.runs.end(run_id)
    store.close()
    print(number, flush=True)
"""

READER = """
import sys
sys.path.insert(0, sys.argv[1])
from plugin.store.store import open_store
seen = 0
while seen < int(sys.argv[3]):
    store = open_store(sys.argv[2])
    # One statement sees one moment: as many ended runs as the sum says, never half a transaction.
    total, runs, unended = store.db.row(
        "SELECT coalesce((SELECT value FROM meta WHERE key = 'sum'), 0), (SELECT count(*) FROM run),"
        " (SELECT count(*) FROM run WHERE ended_s IS NULL)")
    assert int(total) == runs and unended == 0, (total, runs, unended)
    assert runs >= seen
    seen = runs
    store.close()
"""

STARTER = """
import sys
sys.path.insert(0, sys.argv[1])
from plugin.store.store import open_store
store = open_store(sys.argv[2])
mine = []
while jobs := store.jobs.next_media(5):
    for job in jobs:
        if store.jobs.start(job.id):
            mine.append(job.id)
            store.jobs.complete(job.id)
print(*mine)
"""


def start(code: str, *args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(ROOT), *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("mode", ["WAL", "TRUNCATE"])
def test_two_that_write_and_one_that_reads(store_dir: Path, mode: str) -> None:
    store_dir.mkdir()
    (store_dir / "store.journal-mode").write_text(mode)
    open_store(str(store_dir)).close()
    count = 60
    processes = [start(WRITER, store_dir, name, count) for name in ("one", "two")]
    processes.append(start(READER, store_dir, 2 * count))
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert errors == ["", "", ""]
    store = open_store(str(store_dir))
    assert (store.meta.get("sum"), store.meta.get("one"), store.meta.get("two")) == (2 * count, count - 1, count - 1)
    assert store.db.number("SELECT count(*) FROM run WHERE ended_s IS NOT NULL") == 2 * count
    assert store.db.check() == "ok"
    store.close()


def test_a_job_is_begun_by_one_process_only(store: Store, store_dir: Path) -> None:
    run_id = store.runs.begin("x", "task")
    batch = store.jobs.get(store.jobs.add_batch(run_id, "x", 10, {}))
    assert batch is not None
    store.jobs.add_media(batch, "analyse", [NewMedium("scene", number) for number in range(1, 61)])
    store.jobs.wait_for_children(batch.id, {})
    processes = [start(STARTER, store_dir) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in answers] == ["", ""]
    begun = [int(word) for text, _ in answers for word in text.split()]
    assert sorted(begun) == sorted(job.id for job in store.jobs.find(parent_id=batch.id, limit=100))
    assert store.jobs.get(batch.id).reason == "60 done"  # type: ignore[union-attr]


def test_a_writer_that_is_killed_leaves_whole_transactions(store_dir: Path) -> None:
    open_store(str(store_dir)).close()
    acknowledged = 0
    for _ in range(5):
        process = start(WRITER, store_dir, "one", 100_000)
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(0.1)
        process.kill()
        lines += process.communicate()[0].splitlines(keepends=True)
        acknowledged += sum(line.endswith("\n") for line in lines)
        store = open_store(str(store_dir))
        total = store.meta.get("sum")
        assert total >= acknowledged
        assert total == store.db.number("SELECT count(*) FROM run WHERE ended_s IS NOT NULL")
        assert total == store.db.number("SELECT count(*) FROM run")
        assert store.db.check() == "ok"
        store.close()
        acknowledged = total
