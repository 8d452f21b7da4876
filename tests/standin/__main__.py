"""python -m tests.standin: a stand-in for people."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from tests.standin.standin import Standin


def main() -> None:
    """Serve until SIGTERM or SIGINT. Prints one line of JSON, {"url": ...}, once it answers."""
    options = _options()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    standin = Standin(
        options.config,
        options.library,
        options.port,
        plugins_path=options.plugins,
        username=options.username,
        password=options.password,
        api_key=options.api_key,
    )
    with standin:
        if options.plugins_source:
            source = options.plugins_source
            standin.add_plugin_source(source if "://" in source else Path(source).absolute().as_uri(), name="local")
        print(json.dumps({"url": standin.url}), flush=True)
        stopped.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="folder for settings, plugins and the library file")
    parser.add_argument("--library", type=Path, required=True, help="folder with videos, images and zips")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--plugins", type=Path, help="folder with plugins (default: plugins in the config folder)")
    parser.add_argument("--plugins-source", help="an index.yml (path or URL) to install plugins from")
    parser.add_argument("--username", default="", help="with --password: whoever comes must log in")
    parser.add_argument("--password", default="")
    parser.add_argument("--api-key", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
