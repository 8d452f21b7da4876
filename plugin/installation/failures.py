"""What can go wrong while an environment is made, in sentences."""

from __future__ import annotations

import re

DISK_FULL = re.compile(r"No space left on device|os error 28\b|Errno 28\b|not enough space on the disk", re.I)
NO_NETWORK = re.compile(
    r"dns error|failed to lookup address|name resolution|Name or service not known|nodename nor servname|getaddrinfo"
    r"|NewConnectionError|Failed to establish a new connection|Network is unreachable|Connection refused|tcp connect"
    r"|error sending request|Could not connect|Connection timed out|ConnectTimeoutError|ProxyError|tunnel error",
    re.I,
)
CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|SSLError", re.I)
HASH = re.compile(r"hash mismatch|DO NOT MATCH THE HASHES", re.I)
SIDECAR_SIZE = "the sidecar takes 1.4 GB, or 5.2 GB with the CUDA build of torch"


class SetupError(Exception):
    """The environment could not be made. The message says what failed and what to do next."""


def explain(what: str, installer: str, output: list[str], size: str = SIDECAR_SIZE) -> str:
    """Turn an installer's last lines of output into one sentence with a remedy, plus those lines if none fits.

    size: how much space is needed, as part of a sentence.
    """
    text = "\n".join(output)
    tail = "\n".join("    " + line for line in output[-12:])
    if DISK_FULL.search(text):
        return f"the disk is full, so {what} could not be installed. Free some space ({size}) and run it again."
    if HASH.search(text):
        return (
            f"a package of {what} is not the one whose sha256 is pinned, so it was not installed. "
            f"If an index of your own serves it, make it serve the original file.\n{tail}"
        )
    if CERTIFICATE.search(text):
        return (
            f"the package registry's certificate is not trusted here, so {what} could not be installed. "
            "Name your certificate file with `pip config set global.cert FILE` (or PIP_CERT) and run it again."
        )
    if NO_NETWORK.search(text):
        return (
            f"no package registry could be reached, so {what} could not be installed. "
            "Connect to the network, or name a folder or mirror that has the packages with "
            "`pip config set global.find-links FOLDER` or `pip config set global.index-url URL`, and run it again."
        )
    return f"{installer} could not install {what}:\n{tail}"


def is_disk_full(output: list[str]) -> bool:
    """True if the installer stopped because nothing more fits on the disk: no other installer would do better."""
    return DISK_FULL.search("\n".join(output)) is not None
