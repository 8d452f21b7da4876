"""The world that the golden answers tell of: small, the same to the last bit at each making, and full of trouble."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugin.analysis.record import Recorder
from plugin.analysis.staleness import Wanted
from plugin.commands.applying import write_now
from plugin.context import Context
from plugin.interface.input import PLUGIN_ID
from plugin.locks import DRAIN_LOCK, exclusive
from plugin.operations.policy import save as save_policies
from plugin.queue.report import AtWork, Tally, detail, sentence
from plugin.queue.requests import request_batch, request_writes
from plugin.setup.self_test import Result
from plugin.setup.task import remember as remember_self_test
from plugin.sidecar_health import remember as remember_sidecar
from plugin.sidecar_values import Capabilities, MediumWish, PathCheck, Picture, Problem
from plugin.stash.values import MediaFile, MediaKind, Medium
from plugin.store.analyses import Analysis, Failure, Span, Total
from plugin.store.jobs import Job, NewMedium
from tests.plugin.clock import Hands
from tests.plugin.world import World
from tests.standin import Standin

NOW_S = 1_764_000_000.0
"""24 November 2025, 16:00 UTC."""

MARKUP = "<img src=x onerror=alert(1)>"
RIGHT_TO_LEFT = 'שלום "עולם" \N{RIGHT-TO-LEFT OVERRIDE}gpj.exe it\'s 👩\N{ZERO WIDTH JOINER}🚀'
LONG = "A title that goes on and on, " * 6 + "and ends"

WANTED = Wanted(model="lite", vocabulary="2025.1", query="q1", interval_s=4.0, policy="p1")


def model_row(model: str, **fields: Any) -> dict[str, Any]:
    """As SidecarClient tells of models."""
    row = {
        "id": model,
        "job": "image_text",
        "licence": "Apache-2.0",
        "licence_url": "https://example.org/licence",
        "source": "inside a package",
        "revision": "0.1.0",
        "checksums": ["model.safetensors:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"],
        "size_bytes": 54_000_000,
        "downloaded_bytes": 0,
        "dim": 384,
        "speed_class": "fast",
        "embedded": True,
        "state": "ready",
        "reason": "",
        "device": "cpu",
        "runtime": "onnx",
        "memory_bytes": 210_000_000,
        "scoring": "class_z",
        "note": "",
    }
    return row | fields


CAPABILITIES = Capabilities(
    version="0.9.0",
    model="lite",
    vocabulary="2025.1",
    scoring="class_z",
    device="cpu",
    models=(
        model_row("lite", note="Small: it knows concrete things, not moods."),
        model_row(
            "open_clip/ViT-B-32-256/datacomp_s34b_b86k",
            licence="MIT",
            source="https://huggingface.co/laion",
            revision="main",
            checksums=["open_clip_model.safetensors:unknown"],
            size_bytes=605_000_000,
            downloaded_bytes=151_250_000,
            dim=512,
            speed_class="medium",
            embedded=False,
            state="downloading",
            device="",
            runtime="",
            memory_bytes=0,
            scoring="background_softmax",
        ),
        model_row(
            f"open_clip/{MARKUP}",
            licence="",
            licence_url="",
            embedded=False,
            state="failed",
            reason="the file's checksum is another one; it was deleted",
            memory_bytes=0,
        ),
    ),
    decoders=(
        {"name": "cpu", "available": True, "reason": ""},
        {"name": "nvdec", "available": False, "reason": "no NVIDIA driver was found"},
    ),
    default_model="lite",
)

SELF_TEST = [
    Result("Python", "ok", "Python 3.12.3 has everything that the plugin needs."),
    Result("Stash", "warn", "Stash v0.27.2 answers, but is older than v0.28.", "Update Stash."),
    Result("Sidecar", "ok", "The sidecar 0.9.0 answers at 127.0.0.1:50151."),
    Result("Media", "fail", f"None of 20 files is visible, for instance /library/{MARKUP}.mp4.", "Set Path mappings."),
]


class Sidecar:
    """What a sidecar would say, without one."""

    def capabilities(self, model: str = "", timeout_s: float = 0.0) -> Capabilities:
        return CAPABILITIES

    def load_model(self, model: str) -> dict[str, Any]:
        return dict(CAPABILITIES.models[0])

    def unload_model(self, model: str) -> None: ...

    def download_model(self, model: str, licence: str) -> None: ...

    def cancel_download(self, model: str) -> None: ...

    def clear_schedule(self) -> None: ...

    def vocabulary(self, model: str = "") -> list[dict[str, Any]]:
        tags = (("cat", "animals", True), (MARKUP, "things", True), ("melancholy", "moods", False))
        return [{"name": name, "category": category, "judged": judged} for name, category, judged in tags]

    def set_schedule(self, url: str, headers: Mapping[str, str], jobs: Sequence[Mapping[str, Any]]) -> None: ...

    def check_paths(self, paths: Sequence[str], timeout_s: float = 0.0) -> tuple[list[PathCheck], list[str]]:
        seen, *unseen = sorted(paths)
        checks = {seen: PathCheck(seen, 1_000_000, "", "")} | {
            path: PathCheck(path, 0, "not_found", f"{path} is not there.") for path in unseen
        }
        return [checks[path] for path in paths], ["/mnt/media"]

    def find_files(self, wanted: Sequence[tuple[str, int]], time_limit_s: float = 0.0) -> list[list[str]]:
        return [[f"/mnt/media/videos/{name}"] for name, _ in wanted]

    def schedule(self) -> list[dict[str, Any]]:
        asked = {"cron": "0 3 * * *", "next_run_s": NOW_S + 39_600}
        return [
            {"id": "nightly", **asked, "last_run_s": NOW_S - 46_800, "last_outcome": "Stash answered 200"},
            {"id": "sweep", **asked, "last_run_s": None, "last_outcome": ""},
        ]

    def thumbnails(
        self, medium: MediumWish, at_s: Sequence[float], size_px: int, timeout_s: float
    ) -> list[Picture] | Problem:
        if "coffee" not in medium.path:
            return Problem(medium.media_id, "truncated", "the file ends after 3 of 61 s")
        return [Picture(one, one - 0.2, b"\xff\xd8 jpeg \xff\xd9") for one in at_s if one < 100]


@dataclass
class GoldenWorld:
    """What cases of golden answers work on. ids: scenes by a short name."""

    world: World
    context: Context
    clock: Hands
    ids: Mapping[str, int]


def make(world: World) -> GoldenWorld:
    """Fill a new world. Its clock stands at NOW_S in the end."""
    clock = Hands()
    clock.now_s = NOW_S - 7 * 86_400
    world.stash.configure_plugin(PLUGIN_ID, sidecarAddress="gpu.example:50151", pathMappings="/library => /mnt/media")
    context = Context(world.server, is_task=False, clock=clock)
    context.connect_sidecar = lambda may_restart=False: Sidecar()  # type: ignore[method-assign, assignment, return-value]
    found = GoldenWorld(world, context, clock, _scenes(world.stash))
    context.read_config()
    remember_sidecar(context, CAPABILITIES)
    save_policies(context, {"rows": POLICIES})
    _first_run(found)
    _second_run(found)
    clock.now_s = NOW_S - 1800
    remember_self_test(context, SELF_TEST)
    _decisions(found)
    _queue(found)
    clock.now_s = NOW_S
    return found


POLICIES = [
    {"label": "coffee", "mode": "auto", "stash_tag": "Beverage: coffee", "required_share": 0.1},
    {"label": "noise", "mode": "off"},
    {"label": MARKUP, "threshold": 2.75, "scoring": "class_z", "phrasings": ["an <b>image</b>", '"x"']},
]


def _scenes(stash: Standin) -> dict[str, int]:
    names = {
        "coffee": ("morning coffee.mp4", "Morning coffee", 125.4),
        "markup": (f"{MARKUP}.mp4", MARKUP, 61.0),
        "hebrew": ("שלום.mkv", RIGHT_TO_LEFT, 3600.0),
        "cut off": ("cut off.mp4", "Cut off", 61.0),
        "waiting": ("waiting.mp4", LONG, 900.0),
        "first": ("first.mp4", "First in work", 1800.0),
        "second": ("second.mp4", "", 240.5),
        "untouched": ("untouched.mp4", "Untouched", 30.0),
    }
    with stash.library.transaction():
        return {
            name: stash.add_scene_without_media(f"/library/{file}", title, duration=duration_s).id
            for name, (file, title, duration_s) in names.items()
        }


def _medium(found: GoldenWorld, kind: MediaKind, media_id: int) -> Medium:
    """Scenes are Stash's; of images and galleries nothing is asked."""
    if kind == "scene":
        return found.context.stash.media(kind, [media_id])[media_id]
    names = {("image", 1): "Latte art", ("image", 2): f"{MARKUP}.png", ("gallery", 1): "Cafés & cats"}
    file = None if kind == "gallery" else MediaFile(f"/library/{media_id}.png", 1000, f"md5-{media_id}")
    return Medium(kind, media_id, names[kind, media_id], {}, file, image_count=2)


def _record(
    found: GoldenWorld, run_id: int, kind: MediaKind, media_id: int, spans: Sequence[Span], totals: Sequence[Total]
) -> None:
    context = found.context
    medium = _medium(found, kind, media_id)
    is_video = kind == "scene"
    made = Analysis(
        kind=kind,
        media_id=media_id,
        name=medium.name,
        run_id=run_id,
        content=medium.file.content if medium.file else "images-2",
        content_key=f"key-{kind}-{media_id}",
        view="whole",
        model="lite",
        vocabulary="2025.1",
        query="q1",
        interval_s=4.0,
        duration_s=medium.file.duration_s if medium.file else 0.0,
        samples=64 if is_video else 1,
        decoder="cpu" if is_video else "",
        plan="keyframes, then 31 of 38 boundaries" if is_video else "",
        warnings=(("truncated", f"the last 0.4 s of {medium.name} cannot be read"),) if spans else (),
        policy=context.book.digest,
        spans=tuple(spans),
        totals=tuple(totals),
    )
    recorder = Recorder(context.store, context.book, context.writer.tags, replace(WANTED, policy=context.book.digest))
    recorder.record(run_id, medium, made)


def _span(label: str, start_s: float, end_s: float, score: float, category: str = "things", **more: Any) -> Span:
    return Span(label, category, start_s, end_s, score, round((start_s + end_s) / 2, 3), score + 0.75, **more)


def _first_run(found: GoldenWorld) -> None:
    """A task that analysed scenes, images and a gallery, and failed at one scene."""
    store, ids = found.context.store, found.ids
    run_id = store.runs.begin("Analyse new", "task")
    batch = _batch(found, run_id, "Analyse new", 10)
    media = [(kind, media_id) for kind, media_id in _FIRST(ids)]
    store.jobs.add_media(batch, "analyse", [NewMedium(kind, media_id) for kind, media_id in media])
    store.jobs.wait_for_children(batch.id, {"selected": True})
    found.clock.now_s += 60
    coffee = [
        _span("coffee", 3.2, 41.68, 3.125, start_uncertainty_s=0.25, end_uncertainty_s=0.5),
        _span("coffee", 80.0, 88.5, 2.75),
        _span("cat", 41.68, 60.0, 4.0, "animals", start_uncertainty_s=0.5),
        _span("noise", 0.0, 125.4, 2.5, ""),
    ]
    _record(
        found,
        run_id,
        "scene",
        ids["coffee"],
        coffee,
        [
            Total("coffee", "things", 46.98, 0.3746, 3.0),
            Total("cat", "animals", 18.32, 0.1461, 4.0),
            Total("noise", "", 125.4, 1.0, 2.5),
        ],
    )
    _record(
        found,
        run_id,
        "scene",
        ids["markup"],
        [_span(MARKUP, 0.0, 30.5, 3.5), _span("cat", 31.0, 61.0, 2.6, "animals")],
        [Total(MARKUP, "things", 30.5, 0.5, 3.5), Total("cat", "animals", 30.0, 0.4918, 2.6)],
    )
    hebrew = [
        _span('חתול "cat" 🐈', 100.0 * n, 100.0 * n + 20.0 + n, 2.5 + n / 8, "animals", end_uncertainty_s=n / 4)
        for n in range(5)
    ]
    _record(found, run_id, "scene", ids["hebrew"], hebrew, [Total(hebrew[0].label, "animals", 110.0, 0.0306, 2.75)])
    _record(found, run_id, "image", 1, [], [Total("coffee", "things", 0.0, 1.0, 3.25)])
    _record(found, run_id, "image", 2, [], [Total("cat", "animals", 0.0, 1.0, 2.875)])
    _record(found, run_id, "gallery", 1, [], [Total("cat", "animals", 0.0, 0.5, 2.875)])
    message = f"{MARKUP}.mp4 ends after 3 of 61 s"
    store.analyses.save_failure(Failure("scene", ids["cut off"], "Cut off", run_id, "", "corrupt", message))
    for job in store.jobs.find(parent_id=batch.id):
        store.jobs.start(job.id)
        found.clock.now_s += 2
        if job.media_id == ids["cut off"] and job.kind == "scene":
            store.jobs.fail(job.id, "corrupt", message)
        else:
            store.jobs.complete(job.id, "2 suggestions wait")
    store.runs.end_finished()


def _FIRST(ids: Mapping[str, int]) -> list[tuple[MediaKind, int]]:  # noqa: N802
    scenes: list[tuple[MediaKind, int]] = [("scene", ids[name]) for name in ("coffee", "markup", "hebrew", "cut off")]
    return [*scenes, ("image", 1), ("image", 2), ("gallery", 1)]


def _second_run(found: GoldenWorld) -> None:
    """What a policy accepted by itself is in Stash; a newer analysis saw less of one scene."""
    store, ids = found.context.store, found.ids
    found.clock.now_s += 3600
    run_id = store.runs.begin("Analyse tagged AI_TagMe", "hook")
    write_now(found.context, run_id, [("scene", ids["coffee"])])
    seen = [_span("cat", 31.0, 61.0, 2.6, "animals")]
    _record(found, run_id, "scene", ids["markup"], seen, [Total("cat", "animals", 30.0, 0.4918, 2.6)])
    store.runs.end(run_id)


def _decisions(found: GoldenWorld) -> None:
    """Suggestions in every state."""
    store = found.context.store
    first, second, third, *_ = store.suggestions.find(type="marker", label=RIGHT_LABEL)
    store.suggestions.reject([first.id])
    store.suggestions.edit(second.id, second.start_s + 1.5, second.end_s)
    store.suggestions.accept([third.id])
    (tag, *_) = store.suggestions.find(type="tag", label="cat", kind="image")
    store.suggestions.reopen([tag.id], held=True)


RIGHT_LABEL = 'חתול "cat" 🐈'


def _queue(found: GoldenWorld) -> None:
    """A batch in work, one that waits, a gallery, what is put off, cancelled or was given up."""
    store, ids, clock = found.context.store, found.ids, found.clock
    clock.now_s = NOW_S - 600
    run_id = store.runs.begin("Analyse everything", "schedule")
    batch = _batch(found, run_id, "Analyse everything", 10)
    names = ("first", "second", "waiting", "untouched", "hebrew", "coffee", "markup")
    store.jobs.add_media(batch, "analyse", [NewMedium("scene", ids[name]) for name in names])
    store.jobs.wait_for_children(batch.id, {"selected": True})
    jobs = {job.media_id: job for job in store.jobs.find(parent_id=batch.id)}
    for name in ("first", "second", "untouched", "hebrew", "coffee"):
        store.jobs.start(jobs[ids[name]].id, _medium(found, "scene", ids[name]).name)
    store.jobs.put_off(jobs[ids["untouched"]].id, "http_error", 'Stash answered "502"', NOW_S + 120)
    store.jobs.fail(jobs[ids["hebrew"]].id, "process_died", "the sidecar ended 3 times while it worked on this")
    store.jobs.complete(jobs[ids["coffee"]].id, "1 tags and 2 markers written, 1 suggestions wait")
    store.jobs.cancel(jobs[ids["markup"]].id)
    clock.now_s += 60
    galleries = _batch(found, store.runs.begin(f"Galleries {MARKUP}", "operation"), f"Galleries {MARKUP}", 20)
    store.jobs.add_media(galleries, "analyse", [NewMedium("gallery", 1, "Cafés & cats")])
    store.jobs.wait_for_children(galleries.id, {"selected": True})
    (gallery,) = store.jobs.find(parent_id=galleries.id)
    store.jobs.start(gallery.id)
    store.jobs.add_media(gallery, "analyse", [NewMedium("image", 1), NewMedium("image", 2)])
    store.jobs.wait_for_children(gallery.id, {"phase": "images"})
    clock.now_s += 60
    request_batch(store, "Re-tag from stored features", "operation", {"which": "stored", "kinds": ["scene"]}, "low")
    request_writes(store, "Apply accepted suggestions", "operation", "high")


def _batch(found: GoldenWorld, run_id: int, title: str, priority: int) -> Job:
    store = found.context.store
    batch = store.jobs.get(store.jobs.add_batch(run_id, title, priority, {"which": "new"}))
    assert batch is not None
    return batch


def at_work(found: GoldenWorld) -> contextlib.ExitStack:
    """A drain holds the lock, and has two media in work. Close what comes back."""
    held = contextlib.ExitStack()
    held.enter_context(exclusive(str(found.world.data_dir / DRAIN_LOCK)))
    store, clock = found.context.store, found.clock
    clock.now_s = NOW_S - 30
    store.drains.begin(3)
    media = (
        AtWork("scene", found.ids["first"], "First in work", "refine", 1312.5, 1800.0, 48.3, 95.0),
        AtWork("scene", found.ids["second"], "second.mp4", duration_s=240.5),
    )
    tally = Tally(done=3, total=9, failed=1, worked=3, wall_s=60.0, media_s=2280.0, frames_per_s=48.3, media=media)
    store.drains.report(sentence(tally), tally.share, detail(tally))
    clock.now_s = NOW_S
    return held
