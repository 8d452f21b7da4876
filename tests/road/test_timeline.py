"""From a file to its timeline, on real photos with the embedded model: the right tags at the right times."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from protos import inference_pb2
from scripts.sample_video import Shot, VideoFormat, write_video
from scripts.sidecar_client import SidecarClient, SidecarProcess
from tests.asking import FULL, Answer, analyze, analyze_one, request, tag_query, truth
from tests.conftest import UNEVEN_CUTS

ABSENT = {"guitar": ("a guitar",), "piano": ("a piano",), "dog": ("a dog",), "beach": ("a sandy beach",)}
TOLERANCE_S = 0.6


def assert_tells_the_truth(answer: Answer, shots: tuple[Shot, ...] = UNEVEN_CUTS) -> None:
    assert answer.done is not None, answer.error
    for tag, ranges in truth(shots).items():
        found = answer.of(tag)
        assert len(found) == len(ranges), f"{tag}: {found}, not {ranges}"
        for (start_s, end_s), (true_start_s, true_end_s) in zip(found, ranges, strict=True):
            assert start_s == pytest.approx(true_start_s, abs=TOLERANCE_S)
            assert end_s == pytest.approx(true_end_s, abs=TOLERANCE_S)


def test_the_right_tags_at_the_right_times(client: SidecarClient, cuts_video: Path) -> None:
    query = tag_query()
    query.tags.extend(tag_query(ABSENT).tags)
    answer = analyze_one(client, cuts_video, query=query, sampling=FULL)
    assert_tells_the_truth(answer)
    assert not [span for span in answer.spans if span.tag in ABSENT]
    assert answer.done is not None
    assert answer.done.duration_s == pytest.approx(27.9, abs=0.1)
    assert [warning.code for warning in answer.done.warnings] == []


def test_variable_frame_rate_and_one_keyframe_for_the_whole_video(
    client: SidecarClient, long_gop_vfr_video: Path
) -> None:
    answer = analyze_one(client, long_gop_vfr_video, sampling=FULL)
    assert_tells_the_truth(answer)
    assert answer.started is not None
    assert "throughout" in answer.started.plan


def test_true_boundaries_lie_within_the_stated_uncertainty(client: SidecarClient, cuts_video: Path) -> None:
    sampling = inference_pb2.Sampling(refine=inference_pb2.REFINE_NONE, fresh=True)
    answer = analyze_one(client, cuts_video, sampling=sampling)
    times = sorted({moment for ranges in truth(UNEVEN_CUTS).values() for pair in ranges for moment in pair})
    for span in answer.spans:
        for stated_s, uncertainty_s in (
            (span.start_s, span.start_uncertainty_s),
            (span.end_s, span.end_uncertainty_s),
        ):
            assert min(abs(stated_s - true_s) for true_s in times) <= uncertainty_s + 0.05
    assert max(span.end_uncertainty_s for span in answer.spans) > 0.5, "coarse boundaries must not look sharp"


def test_the_budget_spends_less_than_full_and_finds_the_same_tags(client: SidecarClient, cuts_video: Path) -> None:
    frames = {}
    for refine in (inference_pb2.REFINE_NONE, inference_pb2.REFINE_BUDGET, inference_pb2.REFINE_FULL):
        sampling = inference_pb2.Sampling(refine=refine, fresh=True)
        answer = analyze_one(client, cuts_video, sampling=sampling)
        assert answer.done is not None
        frames[refine] = answer.done.frames_decoded
        assert {span.tag for span in answer.spans} == {"coffee", "cat", "rocket", "motorcycle"}
    none, budget, full = frames.values()
    assert none < budget <= full


def test_the_second_run_decodes_nothing_whatever_the_tags(client: SidecarClient, cuts_video: Path) -> None:
    analyze_one(client, cuts_video)
    answer = analyze_one(
        client, cuts_video, query=tag_query({"an animal": ("a cat", "a dog"), "engine": ("an engine",)})
    )
    assert answer.done is not None
    assert answer.done.from_cache
    assert answer.done.frames_decoded == answer.done.frames_embedded == 0
    assert answer.of("an animal")


def test_a_moved_file_keeps_its_features(client: SidecarClient, cuts_video: Path, media_dir: Path) -> None:
    analyze_one(client, cuts_video)
    copy = media_dir / "moved" / "elsewhere.mp4"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(cuts_video.read_bytes())
    answer = analyze_one(client, copy)
    assert answer.done is not None
    assert answer.done.from_cache


def test_full_refinement_of_a_stored_medium_decodes_only_boundaries(client: SidecarClient, cuts_video: Path) -> None:
    analyze_one(client, cuts_video, sampling=inference_pb2.Sampling(refine=inference_pb2.REFINE_NONE, fresh=True))
    answer = analyze_one(client, cuts_video, sampling=FULL)
    assert_tells_the_truth(answer)
    again = analyze_one(client, cuts_video, sampling=FULL)
    assert again.done is not None
    assert again.done.from_cache


def test_a_refinement_that_never_came_is_made_up_for_once(client: SidecarClient, cuts_video: Path) -> None:
    analyze_one(client, cuts_video, sampling=inference_pb2.Sampling(refine=inference_pb2.REFINE_NONE, fresh=True))
    later, again = (analyze_one(client, cuts_video).done for _ in range(2))
    assert later is not None
    assert again is not None
    assert later.frames_decoded > 0
    assert again.from_cache


def test_two_clients_that_ask_for_one_film_decode_it_once(sidecar: SidecarProcess, cuts_video: Path) -> None:
    analyze_one(sidecar.client(), cuts_video, sampling=inference_pb2.Sampling(interval_s=60, fresh=True))
    sampling = inference_pb2.Sampling(interval_s=0.5)
    decoded: list[int] = []

    def ask() -> None:
        done = analyze_one(sidecar.client(), cuts_video, sampling=sampling).done
        assert done is not None
        decoded.append(done.frames_decoded)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(frames > 0 for frames in decoded) == [False, True]


def test_a_finer_interval_looks_again(client: SidecarClient, cuts_video: Path) -> None:
    first = analyze_one(client, cuts_video, sampling=inference_pb2.Sampling(fresh=True))
    second = analyze_one(client, cuts_video, sampling=inference_pb2.Sampling(interval_s=1.0))
    assert first.done is not None
    assert second.done is not None
    assert second.done.samples > first.done.samples
    assert not second.done.from_cache


def test_an_image_is_tagged_as_a_whole(client: SidecarClient, media_dir: Path) -> None:
    from scripts.sample_video import photo_path

    photo = media_dir / "cat.png"
    photo.write_bytes(photo_path("chelsea").read_bytes())
    answer = analyze_one(client, photo)
    assert answer.done is not None
    assert (answer.done.kind, answer.done.duration_s) == ("image", 0.0)
    assert [(tag.tag, tag.share) for tag in answer.done.tags] == [("cat", 1.0)]
    assert answer.done.content_key.startswith("md5-")
    again = analyze_one(client, photo)
    assert again.done is not None
    assert again.done.from_cache


def test_the_vocabulary_finds_what_is_there(client: SidecarClient, cuts_video: Path) -> None:
    from protos import common_pb2

    answer = analyze_one(client, cuts_video, query=common_pb2.TagQuery(model="lite", vocabulary=True))
    assert answer.done is not None
    found = {tag.tag for tag in answer.done.tags}
    assert {"cat", "motorcycle"} <= found
    assert not found & {"dog", "piano", "beach", "bedroom", "guitar", "car"}


def test_a_tag_that_the_model_cannot_judge_is_said_to_be_left_out(client: SidecarClient, cuts_video: Path) -> None:
    answer = analyze_one(client, cuts_video, query=tag_query({"romantic mood": (), "cat": ("a cat",)}))
    assert answer.done is not None
    (warning,) = answer.done.warnings
    assert warning.code == "tag_not_judged"
    assert "romantic mood" in warning.message
    assert answer.of("cat")


def test_many_media_in_one_stream_share_tags_and_sampling(client: SidecarClient, media_dir: Path) -> None:
    paths = []
    for n in range(6):
        path = media_dir / f"small-{n}.mp4"
        write_video(path, (Shot("chelsea", 2 + n / 10),), VideoFormat(width_px=160, height_px=90))
        paths.append(path)
    first, *others = [request(path) for path in paths]
    for other in others:
        other.medium.ClearField("tags")
        other.medium.ClearField("sampling")
    answers = analyze(client, [first, *others])
    assert len(answers) == 6
    for answer in answers.values():
        assert [span.tag for span in answer.spans] == ["cat"]
