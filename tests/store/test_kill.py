"""SIGKILL at any moment loses nothing that was acknowledged and corrupts nothing."""

from __future__ import annotations

import logging
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sidecar.store import Coverage, FeatureStore
from tests.store.appender import BATCH_ROWS, MEDIA
from tests.store.samples import MODEL, content, is_true_to_its_times

N_LIVES = 10
ROOT = Path(__file__).parents[2]


def live_and_die(data_dir: Path, lifetime_s: float) -> dict[int, int]:
    """Let an appender live for so long after its first append; the rows per medium that it saw acknowledged."""
    command = [sys.executable, "-m", "tests.store.appender", str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as appender:
        assert appender.stdout is not None
        lines = [appender.stdout.readline()]
        time.sleep(lifetime_s)
        appender.kill()
        lines += appender.stdout.read().splitlines(keepends=True)
    # The last line may have been cut by the kill.
    acknowledged = [line.split() for line in lines if line.endswith("\n")]
    assert acknowledged, "the appender died before its first append"
    return {int(number): int(n_rows) for number, n_rows in acknowledged}


def test_a_killed_writer_loses_and_corrupts_nothing(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(7)
    n_rows = dict.fromkeys(range(MEDIA), 0)
    for _ in range(N_LIVES):
        acknowledged = live_and_die(data_dir, chance.uniform(0.0, 0.25))
        with FeatureStore.open(data_dir) as store, caplog.at_level(logging.WARNING):
            for number in range(MEDIA):
                features = store.features(content(number), MODEL)
                if features is None:
                    assert number not in acknowledged
                    continue
                found = len(features.pts_s)
                assert found >= max(acknowledged.get(number, 0), n_rows[number])
                assert found % BATCH_ROWS == 0
                assert features.pts_s[-1] == (found - 1) * 0.5
                assert features.coverage == (Coverage(0, features.pts_s[-1], 0.5),)
                assert is_true_to_its_times(features)
                n_rows[number] = found
    assert caplog.records == []
    assert min(n_rows.values()) >= N_LIVES


def test_a_killed_owner_frees_its_folder(data_dir: Path) -> None:
    live_and_die(data_dir, 0.0)
    FeatureStore.open(data_dir).close()
