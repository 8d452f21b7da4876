"""The one JSON document that the plugin writes to standard output. Nothing else may ever be printed there."""

from __future__ import annotations

import json
import os
import sys
from typing import IO


def take_stdout() -> IO[bytes]:
    """Keep standard output for the result and send whatever libraries print to standard error instead."""
    result = os.fdopen(os.dup(1), "wb")
    os.set_inheritable(result.fileno(), False)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return result


def write_result(stream: IO[bytes], output: object, error: str | None = None) -> None:
    """Write {"output", "error"} in UTF-8 and close. NaN and infinity, which are no JSON, become null; what JSON has no
    form for becomes its text, rather than no answer at all.
    """
    try:
        text = json.dumps({"output": output, "error": error}, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        text = json.dumps({"output": _finite(output), "error": error}, ensure_ascii=False, default=str)
    # Lone surrogates (names of files that are no UTF-8) must not end the answer.
    with stream:
        stream.write(text.encode("utf-8", "replace"))


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
