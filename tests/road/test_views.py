"""VR over the whole road: what the left eye sees is found, what the right eye sees is not, and nothing is mixed."""

from __future__ import annotations

import io
from pathlib import Path

import grpc
import numpy as np
import pytest
from PIL import Image

from protos import common_pb2, inference_pb2
from scripts.sample_video import VideoFormat, frame_of
from scripts.sidecar_client import SidecarClient
from tests.asking import Answer, analyze, tag_query
from tests.media.make import write_video

LEFT = inference_pb2.VIEW_LEFT_EYE
WHOLE = inference_pb2.VIEW_WHOLE
SQUARE = VideoFormat(width_px=360, height_px=360)


def stereo(name: str, seconds_in: float) -> np.ndarray:
    """The left eye sees a cat, the right eye a motorcycle."""
    cat, motorcycle = (frame_of(photo, seconds_in, SQUARE) for photo in ("chelsea", "motorcycle_left"))
    return np.ascontiguousarray(np.concatenate([cat, motorcycle], axis=1 if name == "side by side" else 0))


@pytest.fixture(scope="module", params=["side by side", "over and under"])
def film(request: pytest.FixtureRequest, media_dir: Path) -> Path:
    pictures = (stereo(request.param, n / 10) for n in range(120))
    return write_video(media_dir / f"{request.param}.mp4", pictures, fps=10, options={"g": "20"})


@pytest.fixture(scope="module", params=["side by side", "over and under"])
def image(request: pytest.FixtureRequest, media_dir: Path) -> Path:
    path = media_dir / f"{request.param}.jpg"
    Image.fromarray(stereo(request.param, 0.0)).save(path, quality=95)
    return path


def look(client: SidecarClient, path: Path, view: inference_pb2.View) -> Answer:
    asked = inference_pb2.AnalyzeRequest()
    asked.medium.media_id = "vr"
    asked.medium.location.path = str(path)
    asked.medium.tags.CopyFrom(tag_query())
    asked.medium.view = view
    (answer,) = analyze(client, [asked]).values()
    assert answer.error is None
    assert answer.done is not None
    assert answer.started is not None
    return answer


def seconds(summaries: list[common_pb2.TagSummary]) -> dict[str, float]:
    return {tag.tag: tag.seconds for tag in summaries}


def test_the_left_eye_of_a_film_is_recognised_and_the_right_eye_is_not(client: SidecarClient, film: Path) -> None:
    eye = look(client, film, LEFT)
    assert eye.done is not None
    assert eye.started is not None
    assert seconds(list(eye.done.tags)) == {"cat": pytest.approx(12.0, abs=0.5)}
    half = "left half" if film.stem == "side by side" else "top half"
    assert f"the {half} is looked at" in eye.started.plan
    assert f"the {half} is looked at" in eye.done.plan

    whole = look(client, film, WHOLE)
    assert whole.done is not None
    assert not whole.done.from_cache, "samples of the eye are none of the whole picture"
    assert whole.done.content_key == eye.done.content_key
    assert "half" not in whole.done.plan
    again = look(client, film, LEFT)
    assert again.done is not None
    assert again.done.from_cache
    assert f"the {half} is looked at" in again.done.plan
    assert [(span.tag, span.start_s, span.end_s) for span in again.spans] == [
        (span.tag, span.start_s, span.end_s) for span in eye.spans
    ]
    assert [span.score for span in again.spans] == pytest.approx([span.score for span in eye.spans], abs=0.01)


def test_scores_and_searches_say_whose_eye_it_was(client: SidecarClient, film: Path) -> None:
    key = look(client, film, LEFT).done.content_key  # type: ignore[union-attr]
    (scored,) = client.inference.Score(inference_pb2.ScoreRequest(content_keys=[key], tags=tag_query(), view=LEFT))
    assert list(seconds(list(scored.timeline.tags))) == ["cat"]
    look(client, film, WHOLE)
    (whole,) = client.inference.Score(inference_pb2.ScoreRequest(content_keys=[key], tags=tag_query()))
    assert whole.timeline.tags != scored.timeline.tags
    asked = inference_pb2.SearchMomentsRequest(model="lite", words="a cat", limit=1000, min_gap_s=0.0)
    found = {view: [] for view in (WHOLE, LEFT)}  # type: ignore[var-annotated]
    for moment in client.inference.SearchMoments(asked).moments:
        if moment.content_key == key:
            found[moment.view].append(moment.score)
    assert len(found[WHOLE]) + len(found[LEFT]) > 3
    assert min(found[LEFT]) > max(found[WHOLE], default=-1.0)
    asked.views.append(LEFT)
    assert {moment.view for moment in client.inference.SearchMoments(asked).moments} == {LEFT}


def test_the_left_eye_of_an_image(client: SidecarClient, image: Path) -> None:
    eye = look(client, image, LEFT)
    assert eye.done is not None
    assert eye.done.kind == "image"
    assert [tag.tag for tag in eye.done.tags] == ["cat"]
    assert not look(client, image, WHOLE).done.from_cache  # type: ignore[union-attr]


def test_thumbnails_show_the_eye(client: SidecarClient, film: Path) -> None:
    location = inference_pb2.MediaLocation(path=str(film))
    asked = inference_pb2.ThumbnailsRequest(location=location, at_s=[1.0], size_px=120, view=LEFT)
    (picture,) = client.inference.Thumbnails(asked).thumbnails
    with Image.open(io.BytesIO(picture.jpeg)) as eye:
        assert eye.size == (120, 120)
        expected = Image.fromarray(stereo("side by side", 0.0)[:, :360]).resize((120, 120))
        assert np.abs(np.asarray(eye).astype(int) - np.asarray(expected)).mean() < 12


def test_a_key_with_nothing_for_a_view_and_a_view_that_is_none(client: SidecarClient, cuts_video: Path) -> None:
    key = look(client, cuts_video, WHOLE).done.content_key  # type: ignore[union-attr]
    asked = inference_pb2.ScoreRequest(content_keys=[key], tags=tag_query(), view=LEFT)
    (scored,) = client.inference.Score(asked)
    assert common_pb2.ProblemCode.Name(scored.error.code) == "NOT_FOUND"
    asked.view = 7  # type: ignore[assignment]
    with pytest.raises(grpc.RpcError) as refused:
        list(client.inference.Score(asked))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "view is 7; use one of" in str(refused.value.details())
