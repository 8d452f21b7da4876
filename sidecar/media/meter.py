"""Counts what a decoder did, and what that costs by a fixed price list."""

from __future__ import annotations

from dataclasses import dataclass

# CPU seconds per byte of compressed video and per pixel decoded or scaled. Fitted on Zen 3 cores to H.264 1080p of 1
# and 7 Mbit/s, its keyframes alone, H.264 4k and HEVC 1080p; off by up to a third. Only ratios matter to a budget, and
# the same work costs the same on every machine and in every run.
_S_PER_BYTE = 1.0e-7
_S_PER_DECODED_PIXEL = 1.7e-9
_S_PER_SCALED_PIXEL = 0.6e-9


def decode_cost(compressed_bytes: float, decoded_pixels: float, scaled_pixels: float = 0.0) -> float:
    """Estimated CPU seconds for the given work; deterministic."""
    return compressed_bytes * _S_PER_BYTE + decoded_pixels * _S_PER_DECODED_PIXEL + scaled_pixels * _S_PER_SCALED_PIXEL


@dataclass(frozen=True, slots=True)
class DecodeStats:
    """What a decoder has done so far, over all its passes.

    frames_decoded: pictures that left the codec. frames_scaled: those handed out. packets_read: delivered by the
    demuxer. bytes_decoded: compressed bytes fed to the codec. decode_cost: see decode_cost. last_pts_s: of the last
    picture, 0.0 before the first. duration_s_seen: the end of the latest packet or picture seen, so the least length.
    decode_errors: packets or pictures that were broken.
    """

    frames_decoded: int
    frames_scaled: int
    packets_read: int
    bytes_decoded: int
    decode_cost: float
    last_pts_s: float
    duration_s_seen: float
    decode_errors: int


@dataclass(slots=True)
class Meter:
    """The running counts behind DecodeStats."""

    frames_decoded: int = 0
    frames_scaled: int = 0
    packets_read: int = 0
    bytes_decoded: int = 0
    pixels_decoded: int = 0
    pixels_scaled: int = 0
    last_pts_s: float = 0.0
    duration_s_seen: float = 0.0
    corrupt_pictures: int = 0

    def add(self, other: Meter) -> None:
        """Count what another meter counted."""
        self.frames_decoded += other.frames_decoded
        self.frames_scaled += other.frames_scaled
        self.packets_read += other.packets_read
        self.bytes_decoded += other.bytes_decoded
        self.pixels_decoded += other.pixels_decoded
        self.pixels_scaled += other.pixels_scaled
        self.corrupt_pictures += other.corrupt_pictures
        self.last_pts_s = max(self.last_pts_s, other.last_pts_s)
        self.duration_s_seen = max(self.duration_s_seen, other.duration_s_seen)

    def stats(self, decode_errors: int) -> DecodeStats:
        return DecodeStats(
            frames_decoded=self.frames_decoded,
            frames_scaled=self.frames_scaled,
            packets_read=self.packets_read,
            bytes_decoded=self.bytes_decoded,
            decode_cost=decode_cost(self.bytes_decoded, self.pixels_decoded, self.pixels_scaled),
            last_pts_s=self.last_pts_s,
            duration_s_seen=self.duration_s_seen,
            decode_errors=decode_errors,
        )
