"""Tasks that write policies to a file of the data folder, and read them from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from plugin.commands.policies import import_rows
from plugin.context import Context
from plugin.interface import log
from plugin.review.policy_csv import PolicyError, to_csv

FILE_NAME = "tag-policy.csv"
LARGEST_BYTES = 5_000_000


def export_policy(context: Context, _: Mapping[str, Any]) -> str:
    path = os.path.join(context.server.data_dir, FILE_NAME)
    rows = context.store.policies.rows()
    try:
        with open(path + ".new", "w", encoding="utf-8", newline="") as file:
            file.write(to_csv(rows))
        os.replace(path + ".new", path)
    except OSError as error:
        raise PolicyError(f"{path} cannot be written ({error.strerror or error})") from error
    return f"{len(rows)} policies are in {path}"


def import_policy(context: Context, _: Mapping[str, Any]) -> str:
    path = os.path.join(context.server.data_dir, FILE_NAME)
    try:
        if os.path.getsize(path) > LARGEST_BYTES:
            raise PolicyError(f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB")
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path} cannot be read as UTF-8 text ({error}). Put the CSV there, or export one first to see its form."
        ) from error
    imported, _changed = import_rows(context, text)
    for note in imported.notes:
        log.warning(note)
    return f"{len(imported.rows)} policies were read from {path}; run Re-tag from stored features to apply them"
