"""Sends one wake request: an http(s) POST to where the owner said, and nowhere else."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import urlsplit

from sidecar.store import Outcome, WakeTarget
from sidecar.values import Cancelled, IsCancelled

TIMEOUT_S = 30.0
"""For a whole wake request, from looking up the name to the answer's status."""

_POLL_S = 0.1


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the keys elsewhere: it counts as an answer that is no success."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def send(target: WakeTarget, body: bytes, is_cancelled: IsCancelled, timeout_s: float = TIMEOUT_S) -> Outcome:
    """POST body and say how it ended. Never raises for the other side's doing; raises Cancelled within 0.1 s.

    The request runs in a thread that is left behind where it does not end in time: a name server or a server that
    sends a byte now and then cannot be hurried.
    """
    ended: list[Outcome] = []
    thread = threading.Thread(target=lambda: ended.append(_post(target, body, timeout_s)), name="wake", daemon=True)
    thread.start()
    deadline = time.monotonic() + timeout_s + 1.0
    while thread.is_alive() and time.monotonic() < deadline:
        if is_cancelled():
            raise Cancelled
        thread.join(_POLL_S)
    return ended[0] if ended else _no_answer(target, f"nothing came within {timeout_s:.0f} s")


def _post(target: WakeTarget, body: bytes, timeout_s: float) -> Outcome:
    # No proxies from the environment: the owner named this address and no other machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())
    headers = {"User-Agent": "stash-sense-sidecar", **target.headers, "Content-Type": target.content_type}
    request = urllib.request.Request(target.url, body, headers, method="POST")  # noqa: S310 (scheme was checked)
    try:
        with opener.open(request, timeout=timeout_s) as answer:
            return _answered(int(answer.status))
    except urllib.error.HTTPError as error:
        error.close()
        return _answered(error.code)
    except Exception as error:  # whatever a hostile or absent server can cause; only its kind is told
        return _no_answer(target, _reason(error))


def _answered(status: int) -> Outcome:
    ok = 200 <= status < 300
    return Outcome(ok, status, "ok" if ok else f"HTTP {status}")


def _no_answer(target: WakeTarget, reason: str) -> Outcome:
    parts = urlsplit(target.url)
    port = f":{parts.port}" if parts.port else ""
    return Outcome(False, 0, f"{parts.scheme}://{parts.hostname}{port} gave no answer: {reason}")


def _reason(error: Exception) -> str:
    """Why, in words that can hold no secret: never the text of an error that quotes what was sent."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "its certificate is not trusted here"
    if isinstance(cause, TimeoutError):
        return "it took too long"
    if isinstance(cause, OSError) and cause.strerror:
        return str(cause.strerror).lower()
    return type(cause).__name__
