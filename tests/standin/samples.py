"""Small files for tests of the stand-in, and plugins that are a few lines of Python."""

from __future__ import annotations

import io
import json
import textwrap
from pathlib import Path
from typing import Any

import av
from PIL import Image


def write_video(
    path: Path,
    seconds: float = 2.0,
    width_px: int = 64,
    height_px: int = 48,
    shade: int = 0,
    codec: str = "mpeg4",
) -> Path:
    """A real video, 10 frames a second, that gets brighter; shade makes its content different from another's.

    A browser plays it if its codec is libx264.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    frame_of: Any = av.VideoFrame.from_image
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        count = round(seconds * 10)
        for number in range(count):
            level = (shade + number * 200 // count) % 256
            picture = Image.new("RGB", (width_px, height_px), (level, shade % 256, 255 - level))
            for packet in stream.encode(frame_of(picture)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def picture(shade: int = 0, size_px: tuple[int, int] = (8, 6)) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size_px, (shade % 256, 100, 200)).save(out, "PNG")
    return out.getvalue()


def write_picture(path: Path, shade: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture(shade))
    return path


HEAD = """
import json, os, sys, time, urllib.request
document = json.loads(sys.stdin.buffer.read())
args, connection = document["args"], document["server_connection"]

def say(text, level="i"):
    sys.stderr.write(f"\\x01{level}\\x02{text}\\n")
    sys.stderr.flush()

def answer(output=None, error=None):
    print(json.dumps({"output": output, "error": error}), flush=True)

def ask(query, variables=None, cookie=True, key=None):
    headers = {"Content-Type": "application/json"}
    if cookie:
        headers["Cookie"] = "session=" + connection["SessionCookie"]["Value"]
    if key:
        headers["ApiKey"] = key
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    url = f"http://127.0.0.1:{connection['Port']}/graphql"
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as reply:
        return json.loads(reply.read())
"""


def program(body: str) -> str:
    """A plugin's main.py: reads its input, then runs the body, which knows args, connection, say, answer and ask."""
    return HEAD + textwrap.dedent(body)


def manifest(
    *, name: str = "Test", tasks: dict[str, Any] | None = None, hooks: dict[str, list[str]] | None = None, **more: Any
) -> str:
    """A yml for a main.py. tasks: name -> defaultArgs; hooks: name -> triggers."""
    found: dict[str, Any] = {"name": name, "exec": ["python", "{pluginDir}/main.py"], "interface": "raw", **more}
    if tasks is not None:
        found["tasks"] = [{"name": task, "defaultArgs": args or {}} for task, args in tasks.items()]
    if hooks is not None:
        found["hooks"] = [{"name": hook, "triggeredBy": triggers} for hook, triggers in hooks.items()]
    return json.dumps(found)


def post(body: bytes) -> bytes:
    """A whole HTTP request to /graphql, for tests that hang up."""
    head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
