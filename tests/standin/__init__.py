"""A stand-in for Stash: its GraphQL API, its plugin runner, its job queue, its files over HTTP.

    def test_something(tmp_path):
        with Standin(tmp_path / "config", tmp_path / "library") as stash:
            scene = stash.add_scene(video, "A title", tags=["outdoors"])     # a real file; or add_scene_without_media
            stash.add_plugin("echo", MANIFEST, {"main.py": PROGRAM})         # or link_plugin(folder)
            before = stash.snapshot()
            job = stash.run_task("echo", "Task name", {"mode": "x"})         # waits; job.status, job.error
            answer = stash.run_operation("echo", {"scene": scene.id})
            assert stash.tags_of(scene) == ["outdoors"] and stash.snapshot() == before
            assert stash.requests.counts(from_plugin=True) == {"findScenes": 1}

`stash.graphql(document, variables)` asks over HTTP; `stash.connection()` is what a plugin's stdin carries, for clients
under test. `stash.log` has what was logged, `stash.faults.add(...)` and `stash.refusing()` make things go wrong,
`stash.clock.advance(3601)` lets sessions expire, `stash.restart()` keeps the library and forgets the jobs.
`python -m tests.standin --config DIR --library DIR` serves people.

A browser gets a page that treats a plugin's script as Stash's page does (sources in page/, built by scripts/test, or by
`node ui/build.mjs --page tests/standin/page tests/standin/web/built`); tests.browser.Tab opens it. Sprites, covers and
markers' clips that a page asks for are generated then, unless a scan did it.

Where it differs from Stash, it is wrong. Known: nothing is transcoded; plugins of interface rpc or js do not run; no
line of a plugin's log is lost when it ends; hooks of a scan run one at a time whatever parallelTasks says; and there is
no scraper, group mutation, saved filter, phash, caption, DLNA or lock-out of public addresses.

The page has neither wall nor tagger, no previews on hover, no lightbox, no package manager; it does not record what is
watched; its lists filter by words, tag, performer and studio only.
"""

from tests.standin.faults import Fault, Faults
from tests.standin.library.store import NotFound
from tests.standin.requests_log import LoggedRequest, RequestsLog
from tests.standin.standin import GraphQLFailed, Standin

__all__ = ["Fault", "Faults", "GraphQLFailed", "LoggedRequest", "NotFound", "RequestsLog", "Standin"]
