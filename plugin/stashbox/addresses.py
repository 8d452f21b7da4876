"""Which addresses of the network a stash-box may lead us to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from plugin.stashbox.errors import PictureRefused, StashBoxUnavailable

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""(host, port) -> IP addresses. Raises OSError."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}


def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the internet: none of this machine, of its network, or of nobody."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def parse(url: str) -> SplitResult:
    """A URL of http or https. Raises PictureRefused."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (it is checked only when it is read)
    except ValueError:
        raise PictureRefused("its address is no URL") from None
    if parts.scheme not in PORTS:
        raise PictureRefused(f"its address begins with {parts.scheme[:20]!r}; only http and https are fetched")
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise PictureRefused("its address is no URL")
    return parts


def port_of(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def origin(url: str) -> str:
    """scheme://host:port in lower case."""
    parts = parse(url)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port_of(parts)}"


class Reach:
    """Where one stash-box may lead us: to its own addresses, wherever they are, for its owner configured it; else only
    to public ones. Names are resolved here once, and the address that was checked is the one that is connected to.
    """

    def __init__(self, endpoint: str, resolver: Resolve = resolve) -> None:
        self._endpoint, self._resolve = endpoint, resolver
        self._own: tuple[str, ...] | None = None

    def own(self) -> tuple[str, ...]:
        """The endpoint's addresses. Raises StashBoxUnavailable."""
        if self._own is None:
            parts = urlsplit(self._endpoint)
            try:
                self._own = tuple(self._resolve(parts.hostname or "", port_of(parts)))
            except (OSError, UnicodeError) as error:
                raise StashBoxUnavailable(f"its name cannot be resolved ({_why(error)})") from error
        return self._own

    def addresses(self, url: str) -> tuple[str, ...]:
        """The addresses of a picture's URL that may be connected to. Raises PictureRefused, StashBoxUnavailable."""
        parts = parse(url)
        try:
            found = tuple(self._resolve(parts.hostname or "", port_of(parts)))
        except (OSError, UnicodeError) as error:
            raise StashBoxUnavailable(f"the name of a picture's server cannot be resolved ({_why(error)})") from error
        allowed = tuple(address for address in found if is_public(address) or address in self.own())
        if not allowed:
            raise PictureRefused("its address leads into a private network")
        return allowed


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
