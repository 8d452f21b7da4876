"""`scripts/setup`: makes the environment ahead of time. Standard library only; runs outside the environment."""

from __future__ import annotations

import argparse

from plugin.installation.installers import CHOICE
from plugin.installation.requirements import read_requirements

USUAL = ("sidecar", "sample", "embedded")

ABOUT = f"""Make .venv and install the extras that are named; the usual ones are {", ".join(USUAL)}. Every other script
does this by itself for the extras that it needs, so this one only saves waiting later. What is installed already is
left alone; a setup that was killed is mended. Packages come from where pip is configured to look."""

MORE = f"""{CHOICE}=uv or pip in the environment picks the installer; otherwise uv is used if it can be had.
Exit status: 0 done, 2 wrong usage, 3 setup failed."""


def extras_asked_for(root: str, arguments: list[str]) -> tuple[str, ...]:
    """The extras that the command line names, each once. Exits with 2 on wrong usage and with 0 after --help."""
    known = sorted(read_requirements(root))
    parser = argparse.ArgumentParser("scripts/setup", description=ABOUT, epilog=MORE)
    parser.add_argument("extras", metavar="EXTRA", nargs="*", help="one of: " + ", ".join(known))
    parser.add_argument("--all", action="store_true", help="every extra")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.extras) - set(known))
    if unknown:
        parser.error(f"no extra is named {', '.join(unknown)}; choose from: {', '.join(known)}")
    return tuple(known) if chosen.all else tuple(dict.fromkeys(chosen.extras)) or USUAL
