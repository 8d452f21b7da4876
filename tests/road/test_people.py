"""Real faces in real videos: named once they are known, nobody before, and never two people of one frame as one."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import av
import grpc
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from protos import common_pb2, faces_pb2, inference_pb2
from scripts.named_people import enrol, people_in
from scripts.sample_video import load_photo
from scripts.sidecar_client import SidecarClient, SidecarProcess

ROOT = Path(__file__).resolve().parent.parent.parent
WIDTH, HEIGHT, FPS = 1280, 720, 25
TIMES_S = 0.6
"""How far a time may be off."""

SIX_FACES = ((65, 284, 105), (275, 179, 88), (452, 300, 126), (734, 365, 104), (883, 89, 105), (1114, 284, 104))
"""Left, top and width of the six faces of one photo, from left to right."""
FRIENDS = tuple(f"Friend {number}" for number in range(1, 7))

Picture = NDArray[np.uint8]


def on_canvas(photo: Picture, height: int = HEIGHT) -> Picture:
    """The photo in the middle of a frame, `height` pixels high at most."""
    image = Image.fromarray(photo)
    image.thumbnail((WIDTH, height), Image.Resampling.LANCZOS)
    frame = Image.new("RGB", (WIDTH, HEIGHT), (30, 34, 38))
    frame.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    return np.asarray(frame)


def mirrored(frame: Picture) -> Picture:
    return np.ascontiguousarray(frame[:, ::-1])


def darkened(frame: Picture) -> Picture:
    return (frame * 0.45).astype(np.uint8)


def closer(frame: Picture) -> Picture:
    """The middle two thirds, filling the frame."""
    part = Image.fromarray(frame).crop((WIDTH // 6, HEIGHT // 6, WIDTH * 5 // 6, HEIGHT * 5 // 6))
    return np.asarray(part.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


HOPPER = on_canvas(load_photo("grace_hopper"))
COLLINS = on_canvas(load_photo("astronaut"))
SIX = on_canvas(load_photo("six_people"))
COFFEE = on_canvas(load_photo("coffee"))

SHOTS: tuple[tuple[Picture, float, tuple[str, ...]], ...] = (
    (HOPPER, 4.2, ("Grace Hopper",)),
    (SIX, 4.6, FRIENDS),
    (mirrored(COLLINS), 3.4, ("Eileen Collins",)),
    (COFFEE, 3.6, ()),
    (darkened(HOPPER), 2.6, ("Grace Hopper",)),
    (on_canvas(load_photo("astronaut"), HEIGHT // 2), 3.4, ("Eileen Collins",)),
    (closer(SIX), 2.8, FRIENDS[1:4]),
)
"""Frame, seconds, who is in it. Copies of photos are the further views: no second real photo of anybody ships."""


def truth() -> dict[str, list[tuple[float, float]]]:
    """Name -> when they are on screen; neighbouring shots joined."""
    found: dict[str, list[tuple[float, float]]] = {}
    at_s = 0.0
    for _, seconds, names in SHOTS:
        for name in names:
            spans = found.setdefault(name, [])
            if spans and abs(spans[-1][1] - at_s) < 1e-6:
                spans[-1] = (spans[-1][0], at_s + seconds)
            else:
                spans.append((at_s, at_s + seconds))
        at_s += seconds
    return found


def write(path: Path, shots: Sequence[tuple[Picture, float]]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": "60", "crf": "20"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture, seconds in shots:
            for _ in range(round(seconds * FPS)):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def film(media_dir: Path) -> Path:
    return write(media_dir / "people.mp4", [(picture, seconds) for picture, seconds, _ in SHOTS])


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One picture of everybody: another copy than any in the film."""
    folder = tmp_path_factory.mktemp("album")
    (folder / "Grace Hopper").mkdir()
    Image.fromarray(load_photo("grace_hopper")).save(folder / "Grace Hopper" / "portrait.jpg", quality=90)
    Image.fromarray(load_photo("astronaut")).save(folder / "Eileen Collins.png")
    photo = Image.fromarray(load_photo("six_people"))
    for name, (left, top, width) in zip(FRIENDS, SIX_FACES, strict=True):
        margin = int(0.8 * width)
        face = photo.crop((left - margin, top - margin, left + width + margin, top + width + margin))
        face.resize((420, 420), Image.Resampling.LANCZOS).save(folder / f"{name}.jpg", quality=92)
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, media_dir: Path, model_cache: Path) -> Iterator[SidecarClient]:
    """Of a sidecar whose people these tests change."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "cache").symlink_to(model_cache)
    with SidecarProcess(folder, [media_dir]) as process:
        client = process.client()
        yield client
        client.close()


def look(client: SidecarClient, path: Path, fresh: bool = False) -> tuple[inference_pb2.FaceReport, inference_pb2.Done]:
    request = inference_pb2.MediumRequest(
        media_id="one",
        location=inference_pb2.MediaLocation(path=str(path)),
        sampling=inference_pb2.Sampling(fresh=fresh),
        faces=inference_pb2.FaceQuery(),
        without_tags=True,
    )
    report, done = None, None
    for event in client.inference.Analyze(iter([inference_pb2.AnalyzeRequest(medium=request)])):
        assert event.WhichOneof("event") != "error", event.error
        report = event.faces if event.WhichOneof("event") == "faces" else report
        done = event.done if event.WhichOneof("event") == "done" else done
    assert report is not None
    assert done is not None
    return report, done


def match(client: SidecarClient, content_key: str) -> inference_pb2.FaceReport:
    (answer,) = client.faces.Match(faces_pb2.MatchRequest(content_keys=[content_key]))
    assert answer.WhichOneof("result") == "report", answer
    return answer.report


def named(report: inference_pb2.FaceReport) -> dict[str, list[inference_pb2.Track]]:
    """Name -> the tracks that are surely that person."""
    found: dict[str, list[inference_pb2.Track]] = {}
    for track in report.tracks:
        if track.decision == common_pb2.FACE_DECISION_MATCH:
            found.setdefault(track.candidates[0].name, []).append(track)
    return found


def spans_of(tracks: list[inference_pb2.Track]) -> list[tuple[float, float]]:
    return sorted((span.start_s, span.end_s) for track in tracks for span in track.spans)


def test_nobody_is_named_before_they_are_known_and_all_are_after_without_decoding(
    film: Path, album: Path, client: SidecarClient
) -> None:
    report, done = look(client, film)
    assert done.frames_decoded > 0
    assert named(report) == {}
    assert not any(track.candidates for track in report.tracks)
    # Two people of one frame are never one track: the photo of six makes six of them, which come and go together.
    start_s, end_s = truth()["Friend 1"][0]
    there = [track for track in report.tracks if any(abs(span.start_s - start_s) < TIMES_S for span in track.spans)]
    assert len(there) == 6
    assert all(any(abs(span.end_s - end_s) < TIMES_S for span in track.spans) for track in there)

    assert enrol(client.faces, people_in(album)) == []
    told = match(client, done.content_key)
    assert told.gallery_version != report.gallery_version
    assert [track.id for track in told.tracks] == [track.id for track in report.tracks]
    for name, wanted in truth().items():
        assert name in named(told), name
        found = spans_of(named(told)[name])
        assert len(found) == len(wanted), (name, found, wanted)
        for (start, end), (wanted_start, wanted_end) in zip(found, wanted, strict=True):
            assert abs(start - wanted_start) <= TIMES_S, (name, found, wanted)
            assert abs(end - wanted_end) <= TIMES_S, (name, found, wanted)
    assert set(named(told)) == set(truth())
    for tracks in named(told).values():
        for track in tracks:
            assert track.candidates[0].margin > 0.3
            assert track.candidates[0].agreeing_views >= 2

    again, done_again = look(client, film)
    assert done_again.frames_decoded == 0
    assert again == told


def test_who_is_not_known_is_nobody_among_many_who_are(film: Path, album: Path, client: SidecarClient) -> None:
    """Each half is looked for while the other half alone is known."""
    _, done = look(client, film)
    everybody = people_in(album)
    for half in (everybody[::2], everybody[1::2]):
        assert enrol(client.faces, half) == []
        assert set(named(match(client, done.content_key))) == {person.name for person in half}
    enrol(client.faces, everybody)


def test_one_decode_serves_tags_and_faces(film: Path, client: SidecarClient) -> None:
    def both(faces: bool, tags: bool) -> inference_pb2.Done:
        medium = inference_pb2.MediumRequest(
            media_id="one",
            location=inference_pb2.MediaLocation(path=str(film)),
            tags=common_pb2.TagQuery(tags=[common_pb2.TagDefinition(name="coffee", phrasings=["a cup of coffee"])]),
            sampling=inference_pb2.Sampling(refine=inference_pb2.REFINE_NONE),
            without_tags=not tags,
        )
        if faces:
            medium.faces.CopyFrom(inference_pb2.FaceQuery())
        events = list(client.inference.Analyze(iter([inference_pb2.AnalyzeRequest(medium=medium)])))
        assert events[-1].WhichOneof("event") == "done", events[-1]
        assert bool([event for event in events if event.WhichOneof("event") == "faces"]) == faces
        return events[-1].done

    together = both(faces=True, tags=True)
    frames = sum(seconds for _, seconds, _ in SHOTS) * FPS
    assert 0 < together.frames_decoded <= frames * 1.05
    assert [tag.tag for tag in together.tags] == ["coffee"]
    assert both(faces=True, tags=True).frames_decoded == 0


def test_who_is_this_in_a_frame_and_in_a_box(film: Path, album: Path, client: SidecarClient) -> None:
    enrol(client.faces, people_in(album))
    location = inference_pb2.MediaLocation(path=str(film))
    six = client.faces.Identify(faces_pb2.IdentifyRequest(location=location, at_s=8.0))
    assert [face.candidates[0].name for face in six.faces] == list(FRIENDS)
    assert all(Image.open(io.BytesIO(face.jpeg)).size == (112, 112) for face in six.faces)
    second = six.faces[1].box
    box = faces_pb2.FaceBox(
        left=second.left - 0.02, top=second.top - 0.02, width=second.width + 0.04, height=second.height + 0.04
    )
    one = client.faces.Identify(faces_pb2.IdentifyRequest(location=location, at_s=8.0, box=box))
    assert [face.candidates[0].name for face in one.faces] == ["Friend 2"]
    assert abs(one.faces[0].box.left - second.left) < 0.02
    tight = faces_pb2.FaceBox(
        left=second.left + 0.01, top=second.top + 0.02, width=second.width - 0.02, height=second.height - 0.04
    )
    assert len(client.faces.Identify(faces_pb2.IdentifyRequest(location=location, at_s=8.0, box=tight)).faces) == 1
    nobody = client.faces.Identify(faces_pb2.IdentifyRequest(location=location, at_s=13.2))
    assert not nobody.faces
    assert "No face" in nobody.note
    sent = client.faces.Identify(faces_pb2.IdentifyRequest(image=(album / "Eileen Collins.png").read_bytes()))
    assert sent.faces[0].candidates[0].name == "Eileen Collins"


def test_unknown_people_are_grouped_merged_named_and_all_of_it_taken_back(
    film: Path, media_dir: Path, client: SidecarClient
) -> None:
    enrol(client.faces, [])
    other = write(media_dir / "more people.mp4", [(mirrored(SIX), 4.0), (HOPPER, 3.0)])
    looked = [look(client, path)[1].content_key for path in (film, other)]
    _regroup(client)
    groups = client.faces.ListGroups(faces_pb2.ListGroupsRequest()).groups
    assert len(groups) == 8
    assert [group.media for group in groups].count(2) == 7  # all but Eileen Collins are in both films

    hopper = next(group for group in groups if _is_alone(client, group.id, looked[1]))
    collins = next(group for group in groups if group.media == 1)
    merged = client.faces.MergeGroups(faces_pb2.MergeGroupsRequest(ids=[collins.id, hopper.id]))
    assert merged.group.tracks == collins.tracks + hopper.tracks
    _regroup(client)
    assert len(_as_sets(client)) == 7
    back = client.faces.UnmergeGroups(faces_pb2.UnmergeGroupsRequest(merge_id=merged.merge_id))
    assert {group.id for group in back.groups} == {collins.id, hopper.id}
    assert _as_sets(client) == {group.id: group.tracks for group in groups}
    two_friends = [group.id for group in groups if group not in (collins, hopper)][:2]
    with pytest.raises(grpc.RpcError) as together:
        client.faces.MergeGroups(faces_pb2.MergeGroupsRequest(ids=two_friends))
    assert together.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "at the same time" in str(together.value.details())

    apart = client.faces.SplitGroup(
        faces_pb2.SplitGroupRequest(id=hopper.id, track_ids=[_tracks(client, hopper.id)[0].track.id])
    )
    assert apart.group.tracks == 1
    _regroup(client)
    assert len(_as_sets(client)) == 9
    assert _as_sets(client)[hopper.id] == hopper.tracks - 1
    client.faces.MergeGroups(faces_pb2.MergeGroupsRequest(ids=[hopper.id, apart.group.id]))
    (whole,) = [
        group
        for group in client.faces.ListGroups(faces_pb2.ListGroupsRequest()).groups
        if group.tracks == hopper.tracks and group.id in (hopper.id, apart.group.id)
    ]
    hopper = whole

    person = faces_pb2.Person(key="folder:Grace", name="Grace")
    answer = client.faces.NameGroup(faces_pb2.NameGroupRequest(id=hopper.id, person=person))
    assert set(answer.content_keys) == set(looked)
    for key in looked:
        assert set(named(match(client, key))) == {"Grace"}
    assert len(client.faces.ListGroups(faces_pb2.ListGroupsRequest()).groups) == 7
    client.faces.UnnameGroup(faces_pb2.UnnameGroupRequest(naming_id=answer.naming_id))
    assert len(_as_sets(client)) == 8
    assert _as_sets(client)[hopper.id] == hopper.tracks
    for key in looked:
        assert named(match(client, key)) == {}
    client.faces.ForgetPeople(faces_pb2.ForgetPeopleRequest(keys=[person.key]))  # she stays, without a reference


def _as_sets(client: SidecarClient) -> dict[str, int]:
    return {group.id: group.tracks for group in client.faces.ListGroups(faces_pb2.ListGroupsRequest()).groups}


def _tracks(client: SidecarClient, group_id: str) -> list[faces_pb2.GroupTrack]:
    return list(client.faces.GetGroup(faces_pb2.GetGroupRequest(id=group_id)).tracks)


def _regroup(client: SidecarClient) -> None:
    answers = list(client.faces.RegroupTracks(faces_pb2.RegroupTracksRequest()))
    assert answers[-1].done
    assert answers[-1].groups == len(client.faces.ListGroups(faces_pb2.ListGroupsRequest()).groups)


def _is_alone(client: SidecarClient, group_id: str, content_key: str) -> bool:
    """Whether it is whom the second film shows by themselves, from 4.0 s on."""
    return any(one.content_key == content_key and one.track.spans[0].start_s > 3.0 for one in _tracks(client, group_id))


def test_what_was_rejected_stays_so(film: Path, album: Path, client: SidecarClient) -> None:
    enrol(client.faces, people_in(album))
    _, done = look(client, film)
    track = named(match(client, done.content_key))["Friend 3"][0]
    verdict = faces_pb2.Verdict(content_key=done.content_key, track_id=track.id, not_keys=[track.candidates[0].keys[0]])
    assert list(client.faces.SetVerdicts(faces_pb2.SetVerdictsRequest(verdicts=[verdict])).known) == [True]
    _regroup(client)
    before = match(client, done.content_key)
    _, again = look(client, film, fresh=True)
    assert again.frames_decoded > 0
    told = match(client, done.content_key)
    assert {one.id for one in told.tracks} == {one.id for one in before.tracks}
    (same,) = [one for one in told.tracks if one.id == track.id]
    assert "Friend 3" not in [candidate.name for candidate in same.candidates]
    assert track.id not in [one.id for one in named(told).get("Friend 3", [])]
    client.faces.SetVerdicts(
        faces_pb2.SetVerdictsRequest(verdicts=[faces_pb2.Verdict(content_key=done.content_key, track_id=track.id)])
    )
    assert "Friend 3" in named(match(client, done.content_key))


def test_what_cannot_be_is_said_and_harms_nothing(film: Path, client: SidecarClient) -> None:
    location = inference_pb2.MediaLocation(path=str(film))
    outside = faces_pb2.FaceBox(left=0.9, top=0.2, width=0.4, height=0.2)
    requests: list[tuple[Callable[[], object], str]] = [
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest(location=location, box=outside)), "not inside"),
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest(location=location, at_s=-1)), "at_s"),
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest(location=location, date="yesterday")), "date"),
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest()), "no picture"),
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest(image=b"GIF89a")), "unreadable"),
        (lambda: client.faces.Identify(faces_pb2.IdentifyRequest(location=location, model="lite")), "lite"),
        (lambda: client.faces.GetGroup(faces_pb2.GetGroupRequest(id="nobody")), "no group"),
        (lambda: client.faces.GetPerson(faces_pb2.GetPersonRequest(key="nobody")), "nobody is known"),
        (lambda: client.faces.UnmergeGroups(faces_pb2.UnmergeGroupsRequest(merge_id="x")), "no merge"),
        (lambda: client.faces.RemoveReferences(faces_pb2.RemoveReferencesRequest(ids=["a"])), "numbers"),
        (lambda: client.faces.ListGroups(faces_pb2.ListGroupsRequest(order="beauty")), "order"),
        (lambda: client.faces.ListPeople(faces_pb2.ListPeopleRequest(after="?")), "after"),
        (lambda: list(client.faces.Match(faces_pb2.MatchRequest())), "content keys"),
        (lambda: client.faces.FacePictures(faces_pb2.FacePicturesRequest(ids=["x"] * 201)), "at most 200"),
    ]
    for ask, word in requests:
        with pytest.raises(grpc.RpcError) as refused:
            ask()
        assert refused.value.code() not in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN), refused.value
        assert word in str(refused.value.details()), refused.value
    answers = list(client.faces.Match(faces_pb2.MatchRequest(content_keys=["x", "oshash-0123456789abcdef-7"])))
    assert [answer.problem.code for answer in answers] == [common_pb2.INVALID_REQUEST, common_pb2.NOT_FOUND]


def test_kill_9_in_the_middle_of_faces_costs_what_was_not_stored(data_dir: Path, media_dir: Path) -> None:
    film = write(media_dir / "short.mp4", [(picture, seconds) for picture, seconds, _ in SHOTS[:3]])
    sampling = inference_pb2.Sampling(interval_s=0.5, refine=inference_pb2.REFINE_NONE)
    medium = inference_pb2.MediumRequest(
        media_id="one",
        location=inference_pb2.MediaLocation(path=str(film)),
        sampling=sampling,
        faces=inference_pb2.FaceQuery(),
        without_tags=True,
    )
    with SidecarProcess(data_dir, [media_dir]) as process:
        first = process.client()
        with pytest.raises(grpc.RpcError):
            for event in first.inference.Analyze(iter([inference_pb2.AnalyzeRequest(medium=medium)])):
                if event.HasField("progress") and event.progress.frames_embedded >= 15:
                    assert process.process is not None
                    process.process.kill()
        first.close()
    with SidecarProcess(data_dir, [media_dir]) as process:
        second = process.client()
        events = list(second.inference.Analyze(iter([inference_pb2.AnalyzeRequest(medium=medium)])))
        assert events[-1].done.frames_embedded < events[-1].done.samples, "what was stored before the kill is kept"
        report = next(event.faces for event in events if event.HasField("faces"))
        start_s, end_s = truth()["Friend 1"][0]
        there = [track for track in report.tracks if abs(track.spans[0].start_s - start_s) <= 0.5]
        assert len(there) == 6
        assert all(abs(track.spans[0].end_s - end_s) <= 0.5 for track in there)
        second.close()


def test_analyze_prints_people(film: Path, album: Path, data_dir: Path) -> None:
    """The acceptance command, with a data folder of its own."""
    command = [sys.executable, "-m", "scripts.commands.analyze", "--people", str(album), str(film)]
    command += ["--json", "-", "--quiet", "--tags", "coffee", "--data", str(data_dir)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    (medium,) = json.loads(answer.stdout)["media"]
    people = medium["people"]
    assert {person["name"] for person in people if person["decision"] == "match"} == set(truth())
    for person in people:
        assert set(person) == {"name", "track", "spans", "similarity", "margin", "views", "decision"}
        assert (person["name"] is None) == (person["decision"] == "unknown")


def test_a_folder_that_names_nobody_is_a_sentence(tmp_path: Path, film: Path) -> None:
    command = [sys.executable, "-m", "scripts.commands.analyze", "--people", str(tmp_path), str(film)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 2
    assert "names nobody" in answer.stderr


def test_all_is_erased_when_asked_word_for_word(film: Path, album: Path, client: SidecarClient) -> None:
    enrol(client.faces, people_in(album))
    _, done = look(client, film)
    with pytest.raises(grpc.RpcError) as refused:
        client.faces.EraseFaces(faces_pb2.EraseFacesRequest(confirmation="yes"))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert named(match(client, done.content_key))
    erased = client.faces.EraseFaces(faces_pb2.EraseFacesRequest(confirmation="erase all faces"))
    assert erased.faces > 0
    assert erased.people == 8
    state = client.faces.GetFaceState(faces_pb2.GetFaceStateRequest())
    assert (state.people, state.references, state.media, state.faces, state.groups) == (0, 0, 0, 0, 0)
    (answer,) = client.faces.Match(faces_pb2.MatchRequest(content_keys=[done.content_key]))
    assert answer.problem.code == common_pb2.NOT_FOUND
