"""The headers that Stash sends with its pages."""

from __future__ import annotations

from collections.abc import Iterable

from tests.standin.plugins.manifest import Manifest


def page_headers(plugins: Iterable[Manifest], disabled: Iterable[str]) -> list[tuple[str, str]]:
    """Content-Security-Policy and its like; what enabled plugins ask for is added."""
    enabled = [plugin for plugin in plugins if plugin.id not in set(disabled)]
    extra = {name: [host for plugin in enabled for host in dict(plugin.ui.csp).get(name, ())] for name in _LISTS}
    for plugin in enabled:
        extra["script-src"] += [file for file in plugin.ui.javascript if file.startswith("http")]
        extra["style-src"] += [file for file in plugin.ui.css if file.startswith("http")]
    rules = [
        "default-src data: 'self' 'unsafe-inline'",
        " ".join(["connect-src data: 'self' ws: wss:", *extra["connect-src"]]),
        "img-src data: *",
        " ".join(["script-src 'self' http://www.gstatic.com https://www.gstatic.com", *_UNSAFE, *extra["script-src"]]),
        " ".join(["style-src 'self' 'unsafe-inline'", *extra["style-src"]]),
        "media-src blob: 'self'",
        "worker-src blob:",
        "child-src 'none'",
        "object-src 'none'",
        "form-action 'self'",
    ]
    return [
        ("Content-Security-Policy", "; ".join(rules)),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
    ]


_LISTS = ("script-src", "style-src", "connect-src")
_UNSAFE = ("'unsafe-inline'", "'unsafe-eval'")
