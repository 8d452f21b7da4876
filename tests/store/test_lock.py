from __future__ import annotations

import os
from pathlib import Path

import pytest

from sidecar.store import FeatureStore, Owner, StoreError, StoreLocked, owner_of


def test_a_second_owner_is_told_who_the_first_is(data_dir: Path) -> None:
    assert owner_of(data_dir) is None
    with FeatureStore.open(data_dir) as store:
        with pytest.raises(StoreLocked, match=f"process {os.getpid()}\\. Use"):
            FeatureStore.open(data_dir)
        store.announce("unix:/run/sidecar.sock")
        with pytest.raises(StoreLocked, match=r"serves at unix:/run/sidecar\.sock"):
            FeatureStore.open(data_dir)
        owner = owner_of(data_dir)
        assert owner is not None
        assert (owner.pid, owner.address) == (os.getpid(), "unix:/run/sidecar.sock")
    assert owner_of(data_dir) is None
    FeatureStore.open(data_dir).close()


def test_a_store_that_could_not_open_frees_the_folder(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "sidecar.db").write_bytes(b"no database, and longer than a header" * 100)
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be read as the sidecar's database"):
            FeatureStore.open(data_dir)
    assert owner_of(data_dir) is None


def test_a_note_that_was_cut_short_is_no_owner(data_dir: Path) -> None:
    with FeatureStore.open(data_dir):
        (data_dir / "sidecar.owner").write_text("12")
        assert owner_of(data_dir) is None
        with pytest.raises(StoreLocked, match="another process"):
            FeatureStore.open(data_dir)


def test_a_note_of_an_earlier_version_is_read(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        store.announce("127.0.0.1:1", "0.1.0", "an id with spaces")
        owner = owner_of(data_dir)
        assert owner is not None
        assert (owner.version, owner.launch_id) == ("0.1.0", "an id with spaces")
        (data_dir / "sidecar.owner").write_text("12\n1000.5\n127.0.0.1:1\n")
        assert owner_of(data_dir) == Owner(12, "127.0.0.1:1", 1000.5, "", "")


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make the data folder"):
        FeatureStore.open(tmp_path / "file" / "data")


def test_a_closed_store_says_so(data_dir: Path) -> None:
    store = FeatureStore.open(data_dir)
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.usage()
