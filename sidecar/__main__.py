"""The sidecar: `python -m sidecar`. Wires the parts, serves until told to stop, and drains.

When it serves it prints one line of JSON on standard output: {"address": "..."}; its log goes to standard error.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence

from sidecar.engine.engine import Engine
from sidecar.engine.errors import EngineError
from sidecar.logs import configure_logging
from sidecar.process_memory import limit_malloc_arenas
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.server import Listen, ListenError, Server, Tls
from sidecar.settings import Settings, SettingsError, parse_settings
from sidecar.store import FeatureStore, StoreError
from sidecar.version import VERSION

log = logging.getLogger("sidecar.main")


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT. Exit status: 0 after a drain, 1 where it could not start, 2 for wrong usage."""
    try:
        settings = parse_settings(arguments, os.environ)
    except SettingsError as error:
        print(f"sidecar: {error}", file=sys.stderr)  # noqa: T201
        return 2
    configure_logging(settings.log_level)
    limit_malloc_arenas()
    try:
        with contextlib.closing(FeatureStore.open(settings.data_dir)) as store:
            return _serve(settings, store)
    except (StoreError, ListenError, EngineError) as error:
        log.error("%s", error)
        return 1


def _serve(settings: Settings, store: FeatureStore) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tls = Tls(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
    with (
        contextlib.closing(Engine(settings, store)) as engine,
        contextlib.closing(Scheduler(store.schedule)) as scheduler,
    ):
        server = Server(engine, scheduler, Listen(settings.listen, settings.token, tls))
        address = server.start()
        store.announce(address, VERSION, settings.launch_id)
        for decoder in engine.models.decoders():
            log.info("decoder %s: %s", decoder.name, decoder.reason or "ready")
        log.info("stash-sense sidecar %s serves at %s; it reads %s", VERSION, address, _readable(settings))
        scheduler.start()
        print(json.dumps({"address": address}), flush=True)  # noqa: T201
        if settings.exit_on_stdin_eof:
            threading.Thread(target=_wait_for_stdin_eof, args=(stop,), daemon=True).start()
        while not stop.wait(1.0):
            engine.sweep()
            scheduler.sweep()
        scheduler.close()
        log.info("stopping: media in work have %.0f s to finish", settings.drain_s)
        server.drain(settings.drain_s)
    log.info("stopped")
    return 0


def _readable(settings: Settings) -> str:
    """What may be read, for the log."""
    places = ", ".join([*map(str, settings.media_roots), *settings.allowed_origins])
    return places or "nothing: start it with --media-root DIR or --allow-origin ORIGIN"


def _wait_for_stdin_eof(stop: threading.Event) -> None:
    # os.read, for a thread that sits in a buffered reader when Python ends aborts the process.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
