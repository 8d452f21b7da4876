"""Between the messages of the Taste service and the engine's values."""

from __future__ import annotations

from protos import taste_pb2
from sidecar.convert.inference import to_view
from sidecar.engine.taste import Centre, CentreScores, Done, Found, NeighboursPage, TasteEvent, WatchedScene
from sidecar.taste.pooling import Span

DEFAULT_NEIGHBOURS = 50


def to_scenes(message: taste_pb2.TasteRequest) -> tuple[WatchedScene, ...]:
    """A page. Raises InvalidRequest."""
    return tuple(
        WatchedScene(
            scene.scene_id,
            scene.content_key,
            to_view(scene.view),
            tuple(Span(span.start_s, span.end_s, span.weight) for span in scene.watched),
        )
        for scene in message.scenes
    )


def to_neighbours(message: taste_pb2.TasteRequest) -> int:
    return message.neighbours if message.HasField("neighbours") else DEFAULT_NEIGHBOURS


def from_event(event: TasteEvent) -> taste_pb2.TasteEvent:
    if isinstance(event, NeighboursPage):
        scenes = [
            taste_pb2.SceneNeighbours(
                scene_id=one.scene_id, scene_ids=one.scene_ids.tolist(), scores=one.scores.tolist()
            )
            for one in event.scenes
        ]
        return taste_pb2.TasteEvent(neighbours=taste_pb2.TasteNeighbours(scenes=scenes))
    if isinstance(event, CentreScores):
        lists = {name: getattr(event, name).tolist() for name in ("scene_ids", "scores", "nearest", "likeness")}
        return taste_pb2.TasteEvent(scores=taste_pb2.TasteScores(centre=event.centre, **lists))
    if isinstance(event, Centre):
        centre = taste_pb2.TasteCentre(number=event.number, share=event.share, because=event.because.tolist())
        return taste_pb2.TasteEvent(centre=centre)
    if isinstance(event, Found):
        return taste_pb2.TasteEvent(found=taste_pb2.TasteFound(**event._asdict()))
    if isinstance(event, Done):
        return taste_pb2.TasteEvent(done=taste_pb2.TasteDone(**event._asdict()))
    return taste_pb2.TasteEvent(progress=taste_pb2.TasteProgress(**event._asdict()))
