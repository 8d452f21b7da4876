"""Reads what each extra asks for."""

from __future__ import annotations

import ast
import os
import re

from plugin.installation.failures import SetupError

EMBEDDED = "embedded"
EMBEDDED_FILE = os.path.join("plugin", "installation", "embedded-models.txt")
SECTION = re.compile(r"^\[project\.optional-dependencies\][ \t]*$(.*?)(?=^\[|\Z)", re.M | re.S)
ARRAY = re.compile(r"^([A-Za-z0-9_-]+)[ \t]*=[ \t]*(\[.*?\])[ \t]*(?:#[^\n]*)?$", re.M | re.S)


def read_requirements(sources: str) -> dict[str, list[str]]:
    """Requirement lines of each extra in pyproject.toml, and of "embedded" from embedded-models.txt beside this file.

    Python 3.10 has no TOML reader, and nothing is installed yet when this runs. An array of strings is written the
    same way in TOML and in Python, comments included, so Python's own literal reader takes the one section needed.
    Raises SetupError if a file is missing or has anything else in that section.
    """
    text = _read(os.path.join(sources, "pyproject.toml"))
    section = SECTION.search(text)
    found = ARRAY.findall(section.group(1)) if section else []
    requirements = {}
    for name, array in found:
        try:
            lines = ast.literal_eval(array)
        except (ValueError, SyntaxError) as error:
            raise SetupError(f"extra {name} in pyproject.toml is not a list of strings ({error}).") from error
        requirements[name] = [str(line) for line in lines]
    if not requirements:
        raise SetupError("pyproject.toml has no extras under [project.optional-dependencies].")
    requirements[EMBEDDED] = _read(os.path.join(sources, EMBEDDED_FILE)).splitlines()
    return requirements


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise SetupError(
            f"{path} cannot be read ({error.strerror}). Fetch the repository, or install the plugin, again."
        ) from error
