"""Times as Stash writes them."""

from __future__ import annotations

from datetime import datetime, timezone


def rfc3339(seconds: float) -> str:
    """Whole seconds in the machine's time zone: 2026-01-11T18:07:53+11:00, or Z for UTC."""
    return datetime.fromtimestamp(int(seconds)).astimezone().isoformat(timespec="seconds").replace("+00:00", "Z")


def rfc3339_utc(seconds: float) -> str:
    """Whole seconds in UTC, as Stash keeps what was played."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def rfc3339_nano(seconds: float) -> str:
    """With as many digits of a fraction as there are, as Go's RFC3339Nano."""
    moment = datetime.fromtimestamp(seconds).astimezone()
    whole, zone = moment.strftime("%Y-%m-%dT%H:%M:%S"), moment.isoformat()[-6:]
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{whole}{fraction}{'Z' if zone == '+00:00' else zone}"


def seconds_of(text: str) -> float:
    """Seconds since 1970 of an RFC 3339 text, or of a date or date and time without a zone, which is local time.

    Raises ValueError.
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
