"""What a plugin writes to stderr: log lines and progress."""

from __future__ import annotations

import math
import os
import selectors
import threading
from collections.abc import Callable
from typing import BinaryIO

LEVELS = {"t": "trace", "d": "debug", "i": "info", "w": "warning", "e": "error", "p": "progress", "\x00": "none"}
MAX_LINE_BYTES = 64 * 1024
"""Go's bufio.Scanner gives up on a line that, with its end, needs more."""


class StderrLines:
    """Reads lines until the stream ends, a line is too long, or stop() is called; then the pipe is closed.

    After an overlong line nothing more is heard, and the plugin's next write meets a broken pipe.
    """

    def __init__(
        self,
        stream: BinaryIO,
        plugin_name: str,
        err_log: str,
        say: Callable[[str, str], None],
        on_progress: Callable[[float], None] | None,
    ) -> None:
        """say(level, message) gets the lines; on_progress gets shares from 0 to 1, unchecked."""
        self._stream = stream
        self._prefix = f"[Plugin / {plugin_name}] "
        self._default = err_log if err_log in LEVELS.values() else "error"
        self._say = say
        self._on_progress = on_progress
        self._buffer = b""
        self._lock = threading.Lock()
        self._ended = False
        self._wake_read, self._wake_write = os.pipe()

    def stop(self) -> None:
        """Hear what is in the pipe already, then end.

        Stash closes the pipe when the process has ended, and may even lose lines that were written just before; the
        stand-in does not, so that tests of logs are not left to chance.
        """
        with self._lock:
            if not self._ended:
                os.write(self._wake_write, b".")

    def read_all(self) -> None:
        """Blocks until there is nothing more to hear."""
        try:
            with self._stream as stream, selectors.DefaultSelector() as selector:
                selector.register(stream, selectors.EVENT_READ)
                selector.register(self._wake_read, selectors.EVENT_READ)
                while stream in [key.fileobj for key, _ in selector.select()]:
                    chunk = os.read(stream.fileno(), 32 * 1024)
                    if not self._take(chunk):
                        return
                    if not chunk:
                        break
                self._hear(self._buffer)
        finally:
            # Under the lock: a number that is closed may be somebody else's file before stop() writes to it.
            with self._lock:
                self._ended = True
                os.close(self._wake_read)
                os.close(self._wake_write)

    def _take(self, chunk: bytes) -> bool:
        """Whether the reader goes on."""
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        for line in lines:
            if len(line) >= MAX_LINE_BYTES:
                return False
            self._hear(line)
        return len(self._buffer) < MAX_LINE_BYTES

    def _hear(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").removesuffix("\r")
        if not text:
            return
        level = self._default
        if len(line) >= 4 and text[0] == "\x01" and text[2:3] == "\x02" and text[1] in LEVELS:
            level, text = LEVELS[text[1]], text[3:].strip()
        if level == "progress":
            self._progress(text)
        elif level != "none":
            self._say(level, self._prefix + text)

    def _progress(self, text: str) -> None:
        try:
            value = float(text)
        except ValueError:
            reason = f'strconv.ParseFloat: parsing "{text}": invalid syntax'
            self._say("error", f"Error parsing progress value '{text}': {reason}")
            return
        if self._on_progress is not None and not math.isnan(value):
            self._on_progress(value)
