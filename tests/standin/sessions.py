"""Who asks: session cookies that expire, an API key, and which plugins' hooks a request came through."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

COOKIE = "session"

Visit = tuple[str, str]
"""plugin id, trigger"""


@dataclass(frozen=True)
class Session:
    """What a cookie says. A plugin's cookie carries the hooks that led to it."""

    user: str | None = None
    visits: tuple[Visit, ...] = ()


class Sessions:
    """Makes and reads cookies. A cookie is refused when its signature is wrong or it is older than max_age_s."""

    def __init__(self, now_s: Callable[[], float] = time.time, key: bytes | None = None) -> None:
        self._now_s = now_s
        self._key = key or secrets.token_bytes(32)

    def value_of(self, session: Session, for_plugin: bool = False) -> str:
        """A signed value, stamped with the clock's time."""
        body = {"user": session.user, "visits": session.visits, "at_s": int(self._now_s()), "plugin": for_plugin}
        text = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
        return f"{text}.{self._sign(text)}"

    def read(self, value: str | None, max_age_s: int) -> Session | None:
        """The session of a cookie's value; None if there is none, or it is forged or expired."""
        body = self._body(value)
        if body is None or (max_age_s > 0 and body["at_s"] < int(self._now_s()) - max_age_s):
            return None
        return Session(body["user"], tuple((plugin, trigger) for plugin, trigger in body["visits"]))

    def is_plugin(self, value: str | None) -> bool:
        """Whether a cookie was made for a plugin process, however old it is. For the requests' log alone."""
        body = self._body(value)
        return body is not None and bool(body["plugin"])

    def _body(self, value: str | None) -> dict[str, Any] | None:
        text, _, signature = (value or "").partition(".")
        if not text or not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            return None
        body: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return body

    def set_cookie(self, session: Session, max_age_s: int) -> str:
        """A Set-Cookie header that stamps the session anew."""
        expires = formatdate(time.time() + max_age_s, usegmt=True)
        return f"{COOKIE}={self.value_of(session)}; Path=/; Expires={expires}; Max-Age={max_age_s}; SameSite=Lax"

    def plugin_cookie(self, session: Session) -> dict[str, Any]:
        """Go's http.Cookie as JSON, as server_connection.SessionCookie carries it."""
        return {
            "Name": COOKIE,
            "Value": self.value_of(session, for_plugin=True),
            "Quoted": False,
            "Path": "",
            "Domain": "",
            "Expires": "0001-01-01T00:00:00Z",
            "RawExpires": "",
            "MaxAge": 0,
            "Secure": False,
            "HttpOnly": False,
            "SameSite": 0,
            "Partitioned": False,
            "Raw": "",
            "Unparsed": None,
        }

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
