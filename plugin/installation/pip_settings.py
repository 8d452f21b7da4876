"""Where this machine's pip looks for packages, said in uv's words."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import url2pathname


@dataclass(frozen=True)
class UvSettings:
    """Flags and environment variables that make uv look where pip looks. Addresses with passwords are in neither
    flag: other people on the machine can read a process's arguments.
    """

    flags: tuple[str, ...]
    environment: Mapping[str, str]


def ask_pip(pip: list[str]) -> dict[str, str]:
    """Options that pip is configured with, by name; as with pip, variables win over the install section over [global].

    pip: command line of a pip. Empty if it does not answer.
    """
    answer = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    return parse_config_list(answer.stdout) if answer.returncode == 0 else {}


def parse_config_list(text: str) -> dict[str, str]:
    """Read the lines of `pip config list`, such as ``global.find-links='/wheels'`` or ``:env:.no-index='1'``."""
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        section, dot, option = name.rpartition(".")
        if not equals or not dot or section not in ranks:
            continue
        try:
            rank, content = ranks[section], str(ast.literal_eval(value))
        except (ValueError, SyntaxError):
            continue
        if rank >= found.get(option, (0, ""))[0]:
            found[option] = (rank, content)
    return {option: content for option, (_, content) in found.items()}


def to_uv(options: Mapping[str, str], environment: Mapping[str, str]) -> UvSettings:
    """Translate pip's options for uv. What the person has set for uv already (UV_* in `environment`) is left alone.

    Folders that do not exist are dropped: pip passes over them, uv stops at them.
    """
    flags: list[str] = []
    for place in _places(options.get("find-links", "")):
        flags += ["--find-links", place]
    for file in options.get("constraint", "").split():
        flags += ["--constraint", file]
    for name in options.get("only-binary", "").replace(",", " ").split():
        flags += ["--only-binary", name]
    for name in options.get("no-binary", "").replace(",", " ").split():
        flags += ["--no-binary", name]
    if _is_on(options.get("no-index", "")):
        flags.append("--no-index")
    if _is_on(options.get("pre", "")):
        flags += ["--prerelease", "allow"]
    wanted = {
        "UV_DEFAULT_INDEX": options.get("index-url", "").strip(),
        "UV_INDEX": " ".join(_places(options.get("extra-index-url", ""))),
        # pip takes the best version of all indexes; uv by default stops at the first index that has the name.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": " ".join(options.get("trusted-host", "").split()),
        "UV_HTTP_TIMEOUT": options.get("timeout", options.get("default-timeout", "")),
        "SSL_CERT_FILE": options.get("cert", ""),
        "SSL_CLIENT_CERT": options.get("client-cert", ""),
        "ALL_PROXY": options.get("proxy", ""),
    }
    return UvSettings(
        flags=tuple(flags),
        environment={name: value for name, value in wanted.items() if value and name not in environment},
    )


def _places(text: str) -> list[str]:
    """Addresses and existing folders among words separated by blanks, in order, each once."""
    places = [os.path.expanduser(word) if word.startswith("~") else word for word in text.split()]
    return [place for place in dict.fromkeys(places) if _may_exist(place)]


def _may_exist(place: str) -> bool:
    address = urlsplit(place)
    if address.scheme == "file":
        return os.path.exists(url2pathname(address.path))
    # A drive letter ("c:\\wheels") is no scheme.
    return len(address.scheme) > 1 or os.path.exists(place)


def _is_on(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes", "on", "y", "t")
