"""Download a production model, after consent: `python -m scripts.commands.fetch_models`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sidecar.models import download, weights
from sidecar.models.catalogue import CATALOGUE, DEFAULT_PRODUCTION_ID, ModelSpec, resolve
from sidecar.models.errors import ModelError, UnknownModel
from sidecar.settings import default_data_dir

Ask = Callable[[str], str]


def main(arguments: Sequence[str] | None = None, ask: Ask = input) -> int:
    """Fetch one model or list all. Returns 0 when it is here, 1 when it is not, 2 for wrong usage."""
    parsed = _parser().parse_args(arguments)
    models_dir = Path(parsed.data).expanduser().absolute() / "models"
    if parsed.list:
        print(_table(models_dir))
        return 0
    try:
        spec = resolve(parsed.model)
    except UnknownModel as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except ModelError as error:
        print(f"{error}", file=sys.stderr)
        return 1
    if spec.embedded or spec.checkpoint is not None:
        print(f"{spec.id} needs no download.")
        return 0
    if weights.is_present(spec, models_dir):
        print(f"{spec.id} is here already: {models_dir / spec.folder_name}")
        return 0
    print(_offer(spec, models_dir))
    if not parsed.yes and not _consents(ask):
        print("Nothing was downloaded.")
        return 1
    try:
        folder = download.fetch_model(spec, models_dir, _ProgressLine())
    except ModelError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What has arrived is kept; run the same again to go on.", file=sys.stderr)
        return 1
    use = "Faces are known by it from now on" if spec.job == "face" else f"Use it with: --model {spec.id}"
    print(f"\n{spec.id} is in {folder}. {use}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/fetch_models", description=__doc__, allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="list the catalogue and what is here, and download nothing")
    parser.add_argument("--model", default=DEFAULT_PRODUCTION_ID, metavar="ID", help="default: %(default)s")
    parser.add_argument("--yes", action="store_true", help="consent to licence and size beforehand")
    parser.add_argument("--data", default=str(default_data_dir(os.environ)), metavar="DIR", help="the data folder")
    return parser


def _table(models_dir: Path) -> str:
    lines = []
    for spec in CATALOGUE:
        state = "embedded" if spec.embedded else "here" if weights.is_present(spec, models_dir) else "not fetched"
        lines += [f"{spec.id}", f"    {state}; {_size(spec)}; {spec.licence}; {spec.speed_class}", f"    {spec.note}"]
    return "\n".join(lines)


def _offer(spec: ModelSpec, models_dir: Path) -> str:
    known = [file for file in spec.files if file.sha256]
    trust = (
        "Every file is checked against a published sha256."
        if len(known) == len(spec.files)
        else "No published sha256 is known for it: the first download is trusted, and recorded for later."
    )
    return "\n".join(
        [
            f"Model:   {spec.id}",
            f"Source:  {spec.source} (revision {spec.revision})",
            f"Licence: {spec.licence}; {spec.licence_url}",
            f"Size:    {_size(spec)}",
            f"To:      {models_dir / spec.folder_name}",
            trust,
        ]
    )


def _size(spec: ModelSpec) -> str:
    sizes = [file.size_bytes for file in spec.files]
    if sizes and None not in sizes:
        return f"{sum(size or 0 for size in sizes) / 1e6:.0f} MB"
    return f"about {spec.approximate_bytes / 1e6:.0f} MB" if spec.approximate_bytes else "size unknown"


def _consents(ask: Ask) -> bool:
    try:
        return ask("Download it under this licence? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print("\nThere is nobody to ask; run again with --yes to consent.", file=sys.stderr)
        return False


class _ProgressLine:
    """One line on the terminal, rewritten at most five times a second."""

    def __init__(self) -> None:
        self._shown_s = 0.0

    def __call__(self, progress: download.Progress) -> None:
        now_s = time.monotonic()
        is_last = progress.done_bytes == progress.total_bytes
        if now_s - self._shown_s < 0.2 and not is_last:
            return
        self._shown_s = now_s
        done = f"{progress.done_bytes / 1e6:.1f} MB"
        if progress.total_bytes:
            share = progress.done_bytes / progress.total_bytes
            done += f" of {progress.total_bytes / 1e6:.1f} MB ({share:.0%})"
        print(f"\r{progress.file}: {done}   ", end="\n" if is_last else "", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
