"""Analyse media files through the sidecar and print a timeline of tags for each."""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import grpc

from protos import common_pb2, inference_pb2
from scripts.commands.html_report import render
from scripts.commands.timeline_text import ProgressPrinter, render_timeline
from scripts.media_files import media_files
from scripts.named_people import FolderError, enrol, people_in
from scripts.sample_video import write_video
from scripts.sidecar_client import Access, SidecarClient, SidecarUnavailable, connect
from sidecar.engine.request import InvalidRequest, Sampling, Tag, TagQuery
from sidecar.settings import default_data_dir
from sidecar.tagging.vocabulary import TagDefinition, VocabularyError, tags_from_argument, tags_from_file

THUMBNAILS = 24
"""Pictures in the strip of the HTML report."""

_MODES = {"budget": inference_pb2.REFINE_BUDGET, "full": inference_pb2.REFINE_FULL, "none": inference_pb2.REFINE_NONE}


class UsageError(Exception):
    """The command line asks for something impossible. Leaves with status 2."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the command line asks for."""

    paths: tuple[Path, ...]
    query: common_pb2.TagQuery
    sampling: inference_pb2.Sampling
    people: Path | None
    face_model: str
    json_out: str | None
    html_out: Path | None
    data_dir: Path
    access: Access | None
    sidecar_arguments: tuple[str, ...]
    quiet: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 if every file worked, 1 if some failed, 2 for wrong usage."""
    try:
        plan = parse(sys.argv[1:] if arguments is None else arguments)
        files = find_files(plan)
    except UsageError as error:
        print(f"analyze: {error}", file=sys.stderr)
        return 2
    roots = sorted({file.parent for file in files})
    try:
        named = people_in(plan.people) if plan.people else []
    except FolderError as error:
        print(f"analyze: --people: {error}", file=sys.stderr)
        return 2
    try:
        with connect(plan.data_dir, roots, plan.access, plan.sidecar_arguments) as client:
            if plan.people:
                for refusal in enrol(client.faces, named, plan.face_model):
                    print(f"analyze: {refusal.picture} is of no use: {refusal.why}", file=sys.stderr)
            media = analyse(client, files, plan)
            write_outputs(client, media, plan)
    except (SidecarUnavailable, OSError) as error:
        print(f"analyze: {error}", file=sys.stderr)
        return 1
    except grpc.RpcError as error:
        print(f"analyze: the sidecar ended the stream: {_sentence(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("analyze: stopped; what was analysed so far is stored", file=sys.stderr)
        return 130
    return 1 if any(medium["error"] for medium in media) else 0


def parse(arguments: Sequence[str]) -> Plan:
    """Parse the command line; exits with status 2 on wrong usage, raises UsageError on wrong values."""
    parsed = _parser().parse_args(arguments)
    access = None
    if parsed.address:
        token = Path(parsed.token_file).read_text(encoding="utf-8").strip() if parsed.token_file else None
        access = Access(parsed.address, token, Path(parsed.tls_ca) if parsed.tls_ca else None)
    return Plan(
        paths=tuple(Path(path).expanduser() for path in parsed.paths),
        query=_query(parsed.tags, parsed.vocabulary, parsed.model),
        sampling=_sampling(parsed),
        people=Path(parsed.people).expanduser() if parsed.people else None,
        face_model=parsed.face_model,
        json_out=parsed.json,
        html_out=Path(parsed.html) if parsed.html else None,
        data_dir=Path(parsed.data).expanduser().absolute(),
        access=access,
        sidecar_arguments=(f"--device={parsed.device}",),
        quiet=parsed.quiet,
    )


def find_files(plan: Plan) -> list[Path]:
    """The media to analyse; without paths the sample video, made on first use."""
    if not plan.paths:
        sample = plan.data_dir / "sample" / "sample.mp4"
        if not sample.exists():
            print("Making a sample video from scikit-image's photos ...", file=sys.stderr)
            write_video(sample)
        return [sample]
    files = list(dict.fromkeys(media_files(plan.paths)))
    if not files:
        raise UsageError(f"no media files in {', '.join(map(str, plan.paths))}")
    return files


def analyse(client: SidecarClient, files: Sequence[Path], plan: Plan) -> list[dict[str, Any]]:
    """Stream all files to the sidecar; one record per file, in order, printed as each is finished."""
    records = {str(n): _record(file) for n, file in enumerate(files)}
    out = sys.stderr if plan.json_out == "-" else sys.stdout
    progress = None if plan.quiet else ProgressPrinter(sys.stderr)
    finished = 0
    for event in client.inference.Analyze(_requests(files, plan)):
        record = records[event.media_id]
        kind = event.WhichOneof("event")
        if kind == "started":
            record["duration_s"], record["decoder"] = event.started.duration_s, event.started.decoder
            record["width"], record["height"] = event.started.width_px, event.started.height_px
        elif kind == "progress" and progress is not None:
            update = event.progress
            left = update.seconds_left if update.HasField("seconds_left") else None
            progress.update(
                record["path"],
                update.position_s,
                record["duration_s"],
                update.frames_decoded,
                update.frames_per_s,
                left,
            )
        elif kind == "spans":
            record["spans"].extend(_span(span) for span in event.spans.spans)
        elif kind == "faces":
            record["people"] = [_person(track) for track in event.faces.tracks]
        elif kind in ("done", "error"):
            finished += 1
            if kind == "done":
                _fill(record, event.done)
            else:
                record["error"] = _problem(event.error)
            if progress is not None:
                progress.close()
            if not plan.quiet:
                _print_medium(record, out)
    for record in records.values():
        if record["content_key"] is None and record["error"] is None:
            record["error"] = {"code": "internal", "message": "the sidecar closed the stream without an answer"}
    return list(records.values())


def write_outputs(client: SidecarClient, media: Sequence[dict[str, Any]], plan: Plan) -> None:
    """Write the JSON and the HTML report that were asked for."""
    if plan.json_out:
        text = json.dumps({"media": [_public(medium) for medium in media]}, indent=1, ensure_ascii=False) + "\n"
        if plan.json_out == "-":
            sys.stdout.write(text)
        else:
            Path(plan.json_out).write_text(text, encoding="utf-8")
    if plan.html_out:
        with_strips = [{**_public(medium), "strip": _strip(client, medium)} for medium in media]
        plan.html_out.write_text(render({"media": with_strips}), encoding="utf-8")
        print(f"Report: {plan.html_out}", file=sys.stderr)


def _requests(files: Sequence[Path], plan: Plan) -> Iterator[inference_pb2.AnalyzeRequest]:
    for n, file in enumerate(files):
        medium = inference_pb2.MediumRequest(
            media_id=str(n), location=inference_pb2.MediaLocation(path=os.fspath(file))
        )
        if plan.people:
            medium.faces.CopyFrom(inference_pb2.FaceQuery(model=plan.face_model))
        if n == 0:  # those that follow take over what the first one said
            medium.tags.CopyFrom(plan.query)
            medium.sampling.CopyFrom(plan.sampling)
        yield inference_pb2.AnalyzeRequest(medium=medium)


def _record(file: Path) -> dict[str, Any]:
    return {
        "path": str(file),
        "content_key": None,
        "kind": None,
        "duration_s": 0.0,
        "decoder": None,
        "model": None,
        "plan": None,
        "frames_decoded": 0,
        "frames_embedded": 0,
        "from_cache": False,
        "spans": [],
        "tags": [],
        "warnings": [],
        "timings": {},
        "error": None,
    }


def _fill(record: dict[str, Any], done: inference_pb2.Done) -> None:
    for name in (
        "content_key",
        "kind",
        "duration_s",
        "decoder",
        "model",
        "plan",
        "frames_decoded",
        "frames_embedded",
        "from_cache",
    ):
        record[name] = getattr(done, name)
    record["tags"] = [
        {
            "tag": t.tag,
            "category": t.category,
            "seconds": _round(t.seconds),
            "share": _round(t.share),
            "score": _round(t.score),
        }
        for t in done.tags
    ]
    record["warnings"] = [{"code": w.code, "message": w.message} for w in done.warnings]
    record["timings"] = {field.name: _round(value) for field, value in done.timings.ListFields()}


def _span(span: common_pb2.Span) -> dict[str, Any]:
    return {
        "tag": span.tag,
        "category": span.category,
        "start_s": _round(span.start_s),
        "end_s": _round(span.end_s),
        "score": _round(span.score),
        "peak_s": _round(span.peak_s),
        "start_uncertainty_s": _round(span.start_uncertainty_s),
        "end_uncertainty_s": _round(span.end_uncertainty_s),
    }


def _person(track: inference_pb2.Track) -> dict[str, Any]:
    """One track: who it is where that is sure or worth a look, and the numbers that speak for it."""
    best = track.candidates[0] if track.candidates else None
    is_somebody = best is not None and track.decision != common_pb2.FACE_DECISION_UNKNOWN
    return {
        "name": best.name if best is not None and is_somebody else None,
        "track": track.id,
        "spans": [[_round(span.start_s), _round(span.end_s)] for span in track.spans],
        "similarity": _round(best.similarity) if best is not None else None,
        "margin": _round(best.margin) if best is not None else None,
        "views": track.views,
        "decision": common_pb2.FaceDecision.Name(track.decision).removeprefix("FACE_DECISION_").lower(),
    }


def _problem(problem: common_pb2.Problem) -> dict[str, str]:
    return {"code": common_pb2.ProblemCode.Name(problem.code).lower(), "message": problem.message}


def _public(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in ("width", "height")}


def _print_medium(record: dict[str, Any], out: TextIO) -> None:
    width = shutil.get_terminal_size((100, 24)).columns
    unicode = (out.encoding or "").lower().replace("-", "") == "utf8"
    print(render_timeline(record, width, unicode), file=out, flush=True)


def _strip(client: SidecarClient, medium: dict[str, Any]) -> list[dict[str, Any]]:
    """Pictures for the report; none where the medium cannot be read."""
    if medium["error"]:
        return []
    moments = (
        [medium["duration_s"] * (n + 0.5) / THUMBNAILS for n in range(THUMBNAILS)]
        if medium["kind"] == "video"
        else [0.0]
    )
    request = inference_pb2.ThumbnailsRequest(
        location=inference_pb2.MediaLocation(path=medium["path"]), at_s=moments, size_px=192
    )
    try:
        pictures = client.inference.Thumbnails(request).thumbnails
    except grpc.RpcError as error:
        print(f"analyze: no pictures of {medium['path']}: {_sentence(error)}", file=sys.stderr)
        return []
    return [{"pts_s": _round(p.at_s), "jpeg": base64.b64encode(p.jpeg).decode()} for p in pictures]


def _query(tags: Sequence[str], vocabulary: bool, model: str) -> common_pb2.TagQuery:
    definitions: list[TagDefinition] = []
    try:
        for value in tags:
            path = Path(value)
            definitions += tags_from_file(path) if path.is_file() else tags_from_argument(value)
        TagQuery(tags=tuple(Tag(d.name, d.category, d.phrasings) for d in definitions))
    except (VocabularyError, InvalidRequest) as error:
        raise UsageError(f"--tags: {error}") from error
    return common_pb2.TagQuery(
        model=model,
        vocabulary=vocabulary or not definitions,
        tags=[common_pb2.TagDefinition(name=d.name, category=d.category, phrasings=d.phrasings) for d in definitions],
    )


def _sampling(parsed: argparse.Namespace) -> inference_pb2.Sampling:
    sampling = inference_pb2.Sampling(interval_s=parsed.interval, fresh=parsed.fresh)
    if parsed.budget is not None:
        sampling.refine_budget = parsed.budget
    for value in parsed.refine:
        if value in _MODES:
            sampling.refine = _MODES[value]
            continue
        try:
            sampling.refine_s = float(value)
        except ValueError as error:
            raise UsageError(
                f"--refine {value!r} is neither a number of seconds nor one of {', '.join(_MODES)}"
            ) from error
    try:
        Sampling(
            parsed.interval,
            sampling.refine_s or Sampling().refine_s,
            refine_budget=Sampling().refine_budget if parsed.budget is None else parsed.budget,
        )
    except InvalidRequest as error:
        raise UsageError(str(error)) from error
    return sampling


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/analyze",
        description="Print a timeline of tags for media files. Without PATH, for a sample video made from photos.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="file or folder (walked)")
    add(
        "--tags",
        action="append",
        default=[],
        metavar="TAGS",
        help='"a, b", or a file with one tag per line; repeatable',
    )
    add("--vocabulary", action="store_true", help="look for the shipped vocabulary as well as for --tags")
    add("--model", default="", metavar="ID", help="a model of scripts/fetch_models --list (default: the best one here)")
    add(
        "--interval", type=float, default=4.0, metavar="S", help="samples are never further apart (default %(default)s)"
    )
    add(
        "--refine",
        action="append",
        default=[],
        metavar="S|MODE",
        help="boundaries within S seconds (default 0.5); and/or budget (default), full, none; repeatable",
    )
    add("--budget", type=float, metavar="SHARE", help="refinement's share of the coarse cost (default 0.5)")
    add("--people", metavar="FOLDER", help="look for the people of FOLDER too: Name.jpg, or Name/any.jpg")
    add("--face-model", default="", metavar="ID", help="the face model for --people (default: the best one here)")
    add("--fresh", action="store_true", help="forget what is stored and decode anew")
    add("--json", metavar="FILE|-", help="write the result as JSON; - is standard output")
    add("--html", metavar="FILE", help="write a self-contained report")
    add(
        "--data",
        default=str(default_data_dir(os.environ)),
        metavar="DIR",
        help="features and models (default %(default)s)",
    )
    add("--address", metavar="ADDRESS", help="use the sidecar at host:port or unix:/path instead of starting one")
    add("--token-file", metavar="FILE", help="token of the sidecar at --address")
    add("--tls-ca", metavar="FILE", help="PEM certificate that the sidecar at --address is checked against")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="for a sidecar that is started")
    add("--quiet", action="store_true", help="no progress and no timeline")
    return parser


def _sentence(error: grpc.RpcError) -> str:
    return str(error.details() or error.code().name) if isinstance(error, grpc.Call) else str(error)


def _round(value: float) -> float:
    return round(float(value), 4)


if __name__ == "__main__":
    sys.exit(main())
