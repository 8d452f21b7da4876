"""What a client learns of files before it asks for an analysis."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from protos import common_pb2, media_pb2, media_pb2_grpc
from scripts.sidecar_client import SidecarProcess


@contextlib.contextmanager
def media_of(process: SidecarProcess) -> Iterator[media_pb2_grpc.MediaStub]:
    with grpc.insecure_channel(process.address) as channel:
        yield media_pb2_grpc.MediaStub(channel)


def code(check: media_pb2.PathCheck) -> str:
    return common_pb2.ProblemCode.Name(check.problem.code)


def test_paths_are_checked_and_what_lies_outside_is_not_told(
    sidecar: SidecarProcess, media_dir: Path, cuts_video: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.mp4").write_bytes(b"x")
    paths = [
        cuts_video,
        media_dir / "missing.mp4",
        media_dir,
        tmp_path / "outside.mp4",
        tmp_path / "nothing",
        "C:\\a.mp4",
    ]
    with media_of(sidecar) as media:
        answer = media.CheckPaths(media_pb2.CheckPathsRequest(paths=map(str, paths)))
        seen, missing, folder, outside, nothing, foreign = answer.checks
        assert [check.path for check in answer.checks] == [str(path) for path in paths]
        assert seen.visible.size_bytes == cuts_video.stat().st_size
        assert [code(check) for check in (missing, folder, foreign)] == ["NOT_FOUND", "NOT_A_FILE", "NOT_FOUND"]
        assert code(outside) == code(nothing) == "OUTSIDE_MEDIA_ROOTS"
        assert outside.problem.message.replace("outside.mp4", "nothing") == nothing.problem.message
        assert list(answer.media_roots) == [str(media_dir)]
        assert list(answer.allowed_origins) == []
        with pytest.raises(grpc.RpcError) as refused:
            media.CheckPaths(media_pb2.CheckPathsRequest(paths=["/x"] * 1001))
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "1001 paths were sent; at most 1000" in str(refused.value.details())
        many = media.CheckPaths(media_pb2.CheckPathsRequest(paths=[str(cuts_video)] * 1000))
        assert all(check.HasField("visible") for check in many.checks)


def test_files_are_found_by_name_and_size(sidecar: SidecarProcess, media_dir: Path, cuts_video: Path) -> None:
    size = cuts_video.stat().st_size
    wanted = [
        media_pb2.WantedFile(file_name=cuts_video.name, size_bytes=size),
        media_pb2.WantedFile(file_name=cuts_video.name, size_bytes=size + 1),
    ]
    with media_of(sidecar) as media:
        answer = media.FindFiles(media_pb2.FindFilesRequest(files=wanted))
        assert [list(file.paths) for file in answer.files] == [[str(cuts_video)], []]
        assert (answer.complete, list(answer.media_roots)) == (True, [str(media_dir)])
        for bad, said in (
            (media_pb2.FindFilesRequest(), "0 files were asked for"),
            (media_pb2.FindFilesRequest(files=wanted, time_limit_s=31), "time_limit_s is 31.0"),
            (media_pb2.FindFilesRequest(files=wanted, max_folders=2_000_000), "max_folders is 2000000"),
            (media_pb2.FindFilesRequest(files=[media_pb2.WantedFile(file_name="../a")]), "'../a' is no file name"),
            (media_pb2.FindFilesRequest(files=[media_pb2.WantedFile()]), "'' is no file name"),
        ):
            with pytest.raises(grpc.RpcError) as refused:
                media.FindFiles(bad)
            assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
            assert said in str(refused.value.details())


def test_a_sidecar_may_have_origins_alone_or_nothing(data_dir: Path, cuts_video: Path) -> None:
    with SidecarProcess(data_dir, [], ["--allow-origin=http://stash:9999"]) as process, media_of(process) as media:
        answer = media.CheckPaths(media_pb2.CheckPathsRequest(paths=[str(cuts_video)]))
        assert code(answer.checks[0]) == "OUTSIDE_MEDIA_ROOTS"
        assert (list(answer.media_roots), list(answer.allowed_origins)) == ([], ["http://stash:9999"])
        found = media.FindFiles(media_pb2.FindFilesRequest(files=[media_pb2.WantedFile(file_name="a")]))
        assert (found.complete, found.folders) == (True, 0)
        assert "it reads http://stash:9999" in process.log_file.read_text(encoding="utf-8")
