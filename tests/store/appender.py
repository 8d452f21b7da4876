"""Appends to a store for as long as it lives and says what was acknowledged. Started, and killed, by test_kill.py."""

from __future__ import annotations

import sys
from pathlib import Path

from sidecar.store import Coverage, FeatureStore
from tests.store.samples import DIM, MODEL, content, steps, vectors_at

BATCH_ROWS = 7
MEDIA = 2


def append_for_ever(data_dir: Path) -> None:
    """Per medium, rows at 0.5 s steps that go on where the last life stopped; one line per acknowledged append."""
    with FeatureStore.open(data_dir) as store:
        ends = [0 if (found := store.features(content(n), MODEL)) is None else len(found.pts_s) for n in range(MEDIA)]
        while True:
            for number, end in enumerate(ends):
                pts_s = steps(end, end + BATCH_ROWS, 0.5)
                coverage = [Coverage(max(0.0, pts_s[0] - 0.5), pts_s[-1], 0.5)]
                store.append(content(number), MODEL, DIM, pts_s, None, vectors_at(pts_s), coverage)
                ends[number] = end + BATCH_ROWS
                print(number, ends[number], flush=True)


if __name__ == "__main__":
    append_for_ever(Path(sys.argv[1]))
