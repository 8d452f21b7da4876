"""Find moments by words over everything that was analysed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import grpc

from protos import inference_pb2
from scripts.commands.report_medium import clock
from scripts.sidecar_client import SidecarUnavailable, connect
from sidecar.settings import default_data_dir


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 if something was found, 1 if not or if no sidecar could be had, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="scripts/search", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("words", nargs="+", help="what to find, in words")
    add("--limit", type=int, default=20, metavar="N", help="moments at most (default %(default)s)")
    add("--gap", type=float, default=10.0, metavar="S", help="moments of one file are this far apart (default 10)")
    add("--model", default="", metavar="ID", help="the model that the files were analysed with")
    add("--data", default=str(default_data_dir(os.environ)), metavar="DIR", help="where features lie")
    asked = parser.parse_args(arguments)
    if not 1 <= asked.limit <= 1000:
        parser.error(f"--limit is {asked.limit}; it must be from 1 to 1000")
    request = inference_pb2.SearchMomentsRequest(
        model=asked.model, words=" ".join(asked.words), limit=asked.limit, min_gap_s=asked.gap
    )
    try:
        with connect(Path(asked.data).expanduser().absolute(), media_roots=()) as client:
            found = client.inference.SearchMoments(request)
    except SidecarUnavailable as error:
        print(f"search: {error}", file=sys.stderr)
        return 1
    except grpc.RpcError as error:
        print(f"search: {error.details() if isinstance(error, grpc.Call) else error}", file=sys.stderr)
        return 1
    if not found.moments:
        print("Nothing is stored for this model yet. Run scripts/analyze on some files first.", file=sys.stderr)
        return 1
    for rank, moment in enumerate(found.moments, start=1):
        print(f"{rank:4}.  {clock(moment.pts_s):>9}  {moment.score:6.3f}  {moment.path}")
    print(f"(best first, of {found.samples} samples in {found.media} media; scores rank, they are no confidences)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
