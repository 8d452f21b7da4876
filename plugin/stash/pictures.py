"""Pictures of performers, from the address at which Stash told us to find it, whatever host its own URLs name."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping

from plugin.interface.input import ServerConnection
from plugin.stash.errors import StashRefused, StashUnavailable

TIMEOUT_S = 60.0
LARGEST_BYTES = 20 * 1024 * 1024
"""What the sidecar takes."""


class StashPictures:
    """One kept connection. Not thread-safe. headers: who asks (Context.media_headers)."""

    def __init__(self, server: ServerConnection, headers: Mapping[str, str]) -> None:
        self._server, self._headers = server, dict(headers)
        self._connection: http.client.HTTPConnection | None = None

    def of_performer(self, performer_id: int) -> bytes | None:
        """The bytes of a performer's picture; None where there is none any more, or none that can be taken in (larger
        than 20 MiB, or no picture). Raises StashUnavailable, StashRefused.
        """
        path = f"/performer/{performer_id}/image"
        try:
            status, kind, data = self._get(path)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            why = getattr(error, "strerror", None) or type(error).__name__
            raise StashUnavailable(f"Stash at {self._server.origin} does not answer ({why})") from error
        if status in (401, 403) or (300 <= status < 400):
            raise StashRefused(
                f"Stash at {self._server.origin} does not show its pictures to the plugin (HTTP {status})"
            )
        if status >= 500:
            raise StashUnavailable(f"Stash at {self._server.origin} answered HTTP {status} for {path}")
        return data if status == 200 and kind.startswith("image/") and 0 < len(data) <= LARGEST_BYTES else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _get(self, path: str) -> tuple[int, str, bytes]:
        is_fresh = self._connection is None
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.request("GET", path, headers=self._headers)
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if is_fresh:
                raise
            return self._get(path)  # it was closed by the server while it was not used
        data = response.read(LARGEST_BYTES + 1)
        if response.will_close or not response.isclosed():
            self.close()
        return response.status, response.headers.get("Content-Type", ""), data

    def _connect(self) -> http.client.HTTPConnection:
        if self._server.scheme == "https":
            context = ssl.create_default_context()
            # As in HttpTransport: the certificate of a local Stash is its own.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return http.client.HTTPSConnection(self._server.host, self._server.port, timeout=TIMEOUT_S, context=context)
        return http.client.HTTPConnection(self._server.host, self._server.port, timeout=TIMEOUT_S)
