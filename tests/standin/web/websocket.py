"""Just enough of RFC 6455 for GraphQL subscriptions: text frames, ping, close."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from io import BufferedIOBase

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MAX_MESSAGE_BYTES = 4 * 1024 * 1024


def accept_key(key: str) -> str:
    """Sec-WebSocket-Accept for a client's Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1((key + MAGIC).encode(), usedforsecurity=False).digest()).decode()


class WebSocket:
    """One open connection. send() may be called from any thread."""

    def __init__(self, reader: BufferedIOBase, connection: socket.socket) -> None:
        self._reader = reader
        self._connection = connection
        self._lock = threading.Lock()

    def receive(self) -> str | None:
        """The next text, or None when the client has closed or broke the protocol."""
        message = b""
        while True:
            frame = self._frame()
            if frame is None:
                return None
            final, kind, data = frame
            if kind == CLOSE:
                self._send(CLOSE, data[:2])
                return None
            if kind == PING:
                self._send(PONG, data)
            elif kind in (TEXT, CONTINUATION):
                message += data
                if len(message) > MAX_MESSAGE_BYTES:
                    return None
                if final:
                    return message.decode("utf-8", "replace")

    def send(self, text: str) -> None:
        """Raises OSError when the client is gone."""
        self._send(TEXT, text.encode())

    def close(self, code: int, reason: str) -> None:
        self._send(CLOSE, struct.pack(">H", code) + reason.encode())

    def _send(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = struct.pack(">BB", 0x80 | kind, size)
        elif size < 65536:
            head = struct.pack(">BBH", 0x80 | kind, 126, size)
        else:
            head = struct.pack(">BBQ", 0x80 | kind, 127, size)
        with self._lock:
            self._connection.sendall(head + data)

    def _frame(self) -> tuple[bool, int, bytes] | None:
        head = self._exactly(2)
        if head is None:
            return None
        size = head[1] & 0x7F
        if size >= 126:
            more = self._exactly(2 if size == 126 else 8)
            if more is None:
                return None
            size = int.from_bytes(more, "big")
        masked = head[1] & 0x80
        mask = self._exactly(4)
        if not masked or mask is None or size > MAX_MESSAGE_BYTES:
            return None
        data = self._exactly(size)
        if data is None:
            return None
        plain = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        return bool(head[0] & 0x80), head[0] & 0x0F, plain

    def _exactly(self, size: int) -> bytes | None:
        try:
            data = self._reader.read(size)
        except OSError:
            return None
        return data if len(data) == size else None
