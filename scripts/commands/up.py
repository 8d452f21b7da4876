"""Show the plugin at work in a Stash: package it, install it, set it up, analyse, print what was found.

Without --stash that is a stand-in for Stash with a small library made from real photos; both lie in .data/up and stay
there. With --stash it is your own Stash, and you are asked before anything in it is changed.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from plugin.interface.input import PLUGIN_ID
from plugin.setup.launch import LaunchError, stop
from plugin.setup.sidecar_environment import sidecar_dir
from scripts import ui
from scripts.commands.package import Package, PackagingError, build
from scripts.demonstration.installing import install, set_up, use_this_environment
from scripts.demonstration.library import PORTRAITS, make_library, make_people, portrait
from scripts.demonstration.report import report
from scripts.demonstration.standin_process import standin
from scripts.demonstration.stash_api import Configuration, DemonstrationError, StashApi, StashError

ROOT = Path(__file__).resolve().parent.parent.parent
Ask = Callable[[str], str]


def main(arguments: Sequence[str] | None = None, ask: Ask = input) -> int:
    """Exit status: 0 if everything was analysed, 1 if something was not, 2 for wrong usage, 130 if stopped before."""
    parsed = _parser().parse_args(arguments)
    if parsed.api_key and not parsed.stash:
        print("up: --api-key belongs to --stash URL", file=sys.stderr)
        return 2
    # Whoever ends us, stand-in and sidecar are ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ui.build_plugin(ROOT)
        package = build(ROOT, ROOT / "dist")
        if parsed.stash:
            return _in_the_owners(parsed, package, ask)
        return _in_a_standin(Path(parsed.data).expanduser().absolute(), parsed.port, package, parsed.once)
    except (DemonstrationError, PackagingError, ui.UiError, StashError, LaunchError, OSError) as error:
        print(f"up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("scripts/up", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--once", action="store_true", help="end after the analysis instead of serving until Ctrl-C")
    add("--port", type=int, default=0, metavar="N", help="port of the stand-in (default: any free one)")
    add("--data", default=str(ROOT / ".data" / "up"), metavar="DIR", help="where stand-in and library lie")
    add("--stash", default="", metavar="URL", help="your own Stash, as http://HOST:9999")
    add("--api-key", default="", metavar="KEY", help="of your Stash, if it has a login (Settings > Security)")
    add("--index", default="", metavar="URL", help="where your Stash reads dist/index.yml (default: a file:// address)")
    return parser


def _in_a_standin(data: Path, port: int, package: Package, once: bool) -> int:
    ui.build_page(ROOT)
    _say("Making a small library from real photos ...")
    make_library(data / "library")
    make_people(data / "library")
    config_dir = data / "stash"
    use_this_environment(config_dir)
    with contextlib.ExitStack() as opened:
        # After Stash, whose plugin would start it anew. For a real Stash the sidecar stays.
        opened.callback(stop, sidecar_dir(str(config_dir / PLUGIN_ID)))
        url = opened.enter_context(standin(config_dir, data / "library", port))
        stash = opened.enter_context(contextlib.closing(StashApi(url)))
        _say(f"A stand-in for Stash serves at {url}")
        stash.wait_for(stash.scan(), _say)
        for name in PORTRAITS:
            stash.ensure_performer(name, portrait(name))
        install(stash, package, package.index.as_uri(), _say)
        if not set_up(stash, _say):
            raise DemonstrationError("Set up found something in the way; see above.")
        _say("Running its task Update face references ...")
        stash.wait_for(stash.run_task("Update face references"), _say)
        complete = _analyse(stash)
        if not once:
            _say(f"\nLook around: {url}/scenes, a scene's tab Sense, {url}/sense/inbox, {url}/sense/people.")
            _say(f"Ctrl-C ends it; what is there stays in {data}.")
            with contextlib.suppress(KeyboardInterrupt):
                while True:
                    time.sleep(3600)
            _say("\nStopping ...")
    return 0 if complete else 1


def _in_the_owners(parsed: argparse.Namespace, package: Package, ask: Ask) -> int:
    with contextlib.closing(StashApi(parsed.stash, parsed.api_key)) as stash:
        configuration = stash.configuration()
        index_url = parsed.index or package.index.as_uri()
        config_dir = _config_dir_here(configuration)
        _say(_intentions(stash, configuration, package, index_url, config_dir))
        if not _agrees(ask, "Do this? [y/N] "):
            _say("Nothing was changed.")
            return 1
        if config_dir is not None:
            use_this_environment(config_dir)
        install(stash, package, index_url, _say)
        if not set_up(stash, _say):
            raise DemonstrationError(
                "Set up found something in the way; see above. Follow the remedies, then run the task Set up again in "
                "Stash, or this once more."
            )
        counts = ", ".join(f"{stash.count(kind)} {name}" for kind, name in _PLURALS.items())
        _say(
            f"\nYour library has {counts}. The task Analyse new looks at all that was not analysed yet; it makes "
            "suggestions in the plugin's own store and marks what it has seen with the tag AI_Tagged. It goes on in "
            "Stash if you leave here, and can be stopped there."
        )
        if not _agrees(ask, "Start it now? [y/N] "):
            _say("It waits for you in Stash, under Settings > Tasks.")
            return 0
        return 0 if _analyse(stash) else 1


_PLURALS = {"scene": "scenes", "image": "images", "gallery": "galleries"}


def _analyse(stash: StashApi) -> bool:
    """Run Analyse new to its end and print what is known of every medium. True if all were analysed."""
    _say("Running its task Analyse new ...")
    stash.wait_for(stash.run_task("Analyse new"), _say)
    stash.wait_until_idle(_say)
    complete = True
    for medium in stash.media():
        answer = stash.operation("scene.analysis", kind=medium.kind, id=medium.id)
        complete = complete and bool(answer["analysis"]) and not answer["failure"]
        people = stash.operation("people.medium", kind=medium.kind, id=medium.id)
        _say("\n" + "\n".join(report(medium, answer, people)))
    waiting = stash.operation("status")["suggestions"]["pending"]
    _say(f"\n{waiting} suggestions wait for a decision.")
    return complete


def _config_dir_here(configuration: Configuration) -> Path | None:
    """Stash's configuration folder, if Stash runs on this machine and file system and we may write there."""
    folder = Path(configuration.config_file).parent
    with contextlib.suppress(OSError):
        if Path(configuration.config_file).is_file() and all(Path(path).is_dir() for path in configuration.library):
            probe = folder / f".{PLUGIN_ID}-probe"
            probe.write_text("")
            probe.unlink()
            return folder
    return None


def _intentions(
    stash: StashApi, configuration: Configuration, package: Package, index_url: str, config_dir: Path | None
) -> str:
    data_dir = f"{config_dir or 'the folder of its configuration file'}/{PLUGIN_ID}"
    lines = [
        f"In the Stash {configuration.version} at {stash.url} this would:",
        f"  - add the package source {index_url}",
        f"  - install the plugin {PLUGIN_ID} {package.version} from it, to {configuration.plugins_path}",
        f"  - run the plugin's task Set up: about 30 MB of Python packages go into {data_dir},",
        "    and the tags with which you can ask for an analysis are made (AI_TagMe, AI_Reprocess)",
    ]
    if config_dir is not None:
        lines.append(f"  - let the plugin start its sidecar with {sys.executable}, named in {data_dir}/sidecar")
    else:
        lines.append(
            "  - leave the sidecar to the plugin's settings, because Stash's files are not on this machine: name its "
            "address there, or agree to its installation"
        )
    return "\n".join([*lines, "Nothing that is in your library now is changed by that."])


def _agrees(ask: Ask, question: str) -> bool:
    try:
        return ask(question).strip().lower() in ("y", "yes")
    except EOFError:
        print("\nThere is nobody to ask.", file=sys.stderr)
        return False


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
