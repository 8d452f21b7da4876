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

Where it differs from Stash, it is wrong. Known: nothing is transcoded; plugins of interface rpc or js do not run; no
line of a plugin's log is lost when it ends; hooks of a scan run one at a time whatever parallelTasks says; and there is
no scraper, group mutation, saved filter, phash, caption, DLNA or lock-out of public addresses.
"""

from tests.standin.faults import Fault, Faults
from tests.standin.library.store import NotFound
from tests.standin.requests_log import LoggedRequest, RequestsLog
from tests.standin.standin import GraphQLFailed, Standin

__all__ = ["Fault", "Faults", "GraphQLFailed", "LoggedRequest", "NotFound", "RequestsLog", "Standin"]
