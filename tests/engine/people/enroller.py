"""Enrols eight persons and says who was taken in. Started, and killed, by test_enrolment.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sidecar.engine.people.enrolment import Enrolment, Picture
from sidecar.store import FeatureStore
from sidecar.store.faces import PersonRow
from tests.engine.people.faces import PaintedFaces, portrait


def enrol_all(data_dir: Path) -> Iterator[str]:
    """A line for each person, once they are taken in."""
    with FeatureStore.open(data_dir) as store:
        enrolment, model = Enrolment(store.faces), PaintedFaces()
        for person in range(1, 9):
            pictures = [Picture(f"sha256:{person}.{view}", portrait(person, view)) for view in (0, 1, 10, 20)]
            done = enrolment.take_in(PersonRow(f"stash:{person}", f"Person {person}"), "stash", pictures, model)
            yield " ".join([f"stash:{person}", *done.outcomes])


if __name__ == "__main__":
    for line in enrol_all(Path(sys.argv[1])):
        print(line, flush=True)
