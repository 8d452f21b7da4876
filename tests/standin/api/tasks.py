"""Jobs over the library: scanning and generating."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from tests.standin.api.changes import Input
from tests.standin.api.registry import answers, to_ints
from tests.standin.app import Ask
from tests.standin.jobs import Progress
from tests.standin.library.adding import Event
from tests.standin.library.media_files import NotMedia
from tests.standin.library.things import Scene


@answers("Mutation.metadataScan")
def metadata_scan(ask: Ask, source: None, input: Input) -> int:
    app = ask.app

    def work(progress: Progress) -> None:
        asker = ask.asker.inside(progress.stopped.is_set)

        def fire(event: Event) -> None:
            app.runner.run_hooks(asker, event.trigger, event.thing_id, None, None)

        app.scanner.scan(
            list(input.get("paths") or ()),
            progress,
            fire,
            rescan=bool(input.get("rescan")),
            sprites=bool(input.get("scanGenerateSprites")),
            covers=bool(input.get("scanGenerateCovers")),
        )

    return app.jobs.add("Scanning...", work)


@answers("Mutation.metadataGenerate")
def metadata_generate(ask: Ask, source: None, input: Input) -> int:
    """Covers and sprites; previews, markers and phashes are accepted and left out."""
    app, wanted = ask.app, to_ints(input.get("sceneIDs"), "scene ids")

    def work(progress: Progress) -> None:
        scenes = app.library.many(Scene, wanted) if wanted else app.library.all(Scene)
        for at, scene in enumerate(scenes):
            if progress.stopped.is_set():
                return
            try:
                if input.get("sprites"):
                    app.generated.make_sprite(scene, bool(input.get("overwrite")))
                if input.get("covers"):
                    app.generated.make_screenshot(scene, bool(input.get("overwrite")))
            except (NotMedia, OSError) as error:
                app.log.error(f"error generating for scene {scene.id}: {error}")
            progress.set((at + 1) / len(scenes))

    return app.jobs.add("Generating...", work)
