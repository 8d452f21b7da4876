"""An HTTP request and its answer, as the routes see them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """decoded, without the query; no slash at its end except alone"""
    query: Mapping[str, list[str]]
    raw_query: str
    headers: Mapping[str, str]
    """names in lower case"""
    body: bytes
    is_gone: Callable[[], bool]

    def parameter(self, name: str) -> str:
        """The first value of a query parameter, or ""."""
        return next(iter(self.query.get(name, ())), "")

    def cookies(self, name: str) -> list[str]:
        """Values of a cookie, in the order in which they were sent."""
        values = []
        for part in self.headers.get("cookie", "").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                values.append(value.strip('"'))
        return values

    def form(self) -> Mapping[str, list[str]]:
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def is_from_a_page(self) -> bool:
        """Whether a browser asks for something that a page shows."""
        return "sec-fetch-mode" in self.headers

    @property
    def base_url(self) -> str:
        """Where the client thinks that the server is: from the headers Host and X-Forwarded-*."""
        scheme = self.headers.get("x-forwarded-proto", "http")
        prefix = self.headers.get("x-forwarded-prefix", "").rstrip("/")
        return f"{scheme}://{self.headers.get('host', '127.0.0.1')}{prefix}"


@dataclass(frozen=True)
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    file: Path | None = None
    """served instead of body, with ranges"""
    cookies: tuple[str, ...] = field(default=())

    @staticmethod
    def text(status: int, text: str) -> Response:
        return Response(status, f"{text}\n".encode())

    @staticmethod
    def json(status: int, value: Any, *headers: tuple[str, str]) -> Response:
        body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return Response(status, body, "application/json", headers)

    @staticmethod
    def html(text: str, *headers: tuple[str, str]) -> Response:
        return Response(200, text.encode(), "text/html", headers)

    @staticmethod
    def redirect(url: str) -> Response:
        return Response(302, headers=(("Location", url),))
