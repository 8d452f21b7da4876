"""Turns HDR pixels (PQ or HLG, BT.2020) into sane 8-bit sRGB. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sidecar.values import RgbImage

# ITU-R BT.2408: diffuse white of HDR graphics and skin lies at 203 cd/m2; it becomes near-white of SDR.
_WHITE_NITS = 203.0
_PEAK_NITS = 1000.0
# Up to here (relative to white, linear) tones stay as they are, so mid-grey (0.18) stays mid-grey.
_KNEE = 0.5
# ITU-R BT.2087: linear BT.2020 to linear BT.709.
_BT2020_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
_BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
_HLG_SYSTEM_GAMMA = 1.2


def hdr_to_srgb(rgb48: NDArray[np.uint16], transfer: Literal["pq", "hlg"]) -> RgbImage:
    """Tone-map full-range BT.2020 R'G'B', uint16 (H, W, 3), to sRGB, uint8 (H, W, 3)."""
    if transfer == "pq":
        linear = _pq_curve()[rgb48]
    else:
        scene = _hlg_curve()[rgb48]
        luma = scene @ _BT2020_LUMA
        # BT.2100 OOTF: display light = peak * luma**(gamma - 1) * scene light
        linear = scene * (np.maximum(luma, 1e-6) ** (_HLG_SYSTEM_GAMMA - 1.0))[..., None]
        linear *= _PEAK_NITS / _WHITE_NITS
    strongest = np.maximum(linear.max(axis=-1, keepdims=True), 1e-6)
    # One factor for all three channels keeps the hue.
    mapped = (linear * (_roll_off(strongest) / strongest)) @ _BT2020_TO_BT709.T
    image: RgbImage = _srgb_curve()[np.clip(mapped * 4095.0 + 0.5, 0, 4095).astype(np.uint16)]
    return image


def _roll_off(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Identity below the knee, then extended Reinhard (Reinhard et al. 2002, eq. 4): the peak becomes 1."""
    over = np.maximum(light - _KNEE, 0.0) / (1.0 - _KNEE)
    peak = (_PEAK_NITS / _WHITE_NITS - _KNEE) / (1.0 - _KNEE)
    rolled = _KNEE + (1.0 - _KNEE) * over * (1.0 + over / peak**2) / (1.0 + over)
    mapped: NDArray[np.float32] = np.where(light <= _KNEE, light, np.minimum(rolled, 1.0)).astype(np.float32)
    return mapped


@lru_cache(maxsize=1)
def _pq_curve() -> NDArray[np.float32]:
    """SMPTE ST 2084 EOTF as a table of 65,536 values; 1.0 is diffuse white."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = (np.arange(65536) / 65535.0) ** (1 / m2)
    nits = 10_000.0 * (np.maximum(power - c1, 0.0) / (c2 - c3 * power)) ** (1 / m1)
    return (nits / _WHITE_NITS).astype(np.float32)


@lru_cache(maxsize=1)
def _hlg_curve() -> NDArray[np.float32]:
    """ARIB STD-B67 inverse OETF as a table of 65,536 values in 0..1 (scene light)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    signal = np.arange(65536) / 65535.0
    return np.where(signal <= 0.5, signal**2 / 3.0, (np.exp((signal - c) / a) + b) / 12.0).astype(np.float32)


@lru_cache(maxsize=1)
def _srgb_curve() -> NDArray[np.uint8]:
    """IEC 61966-2-1 encoding as a table of 4,096 linear steps."""
    linear = np.arange(4096) / 4095.0
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(encoded * 255.0).astype(np.uint8)
