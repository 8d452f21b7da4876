"""Samples for tests: by hand, and any that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from sidecar.tagging.samples import Samples


def make_samples(
    pts_s: ArrayLike, scores: ArrayLike, *, cuts: Sequence[int] = (), duration_s: float | None = None
) -> Samples:
    """scores: (N,) for one tag or (N, K); cuts: indexes of samples that are the first after a cut."""
    times = np.asarray(pts_s, dtype=np.float64)
    table = np.asarray(scores, dtype=np.float32)
    flags = np.isin(np.arange(len(times)), list(cuts))
    columns = table[:, None] if table.ndim == 1 else table
    return Samples(times, flags, columns, float(times[-1]) + 0.04 if duration_s is None else duration_s)


@st.composite
def any_samples(draw: st.DrawFn) -> Samples:
    """Up to 30 samples from 0.02 to 6 s apart, 1 to 4 tags, scores around the thresholds 2 and 2.5, cuts anywhere."""
    count = draw(st.integers(1, 30))
    tags = draw(st.integers(1, 4))
    gaps_s = draw(st.lists(st.sampled_from([0.02, 0.04, 0.2, 0.5, 1.0, 4.0, 6.0]), min_size=count, max_size=count))
    levels = st.sampled_from([-1.0, 1.5, 2.0, 2.2, 2.5, 4.0])
    rows = draw(st.lists(st.lists(levels, min_size=tags, max_size=tags), min_size=count, max_size=count))
    cuts = draw(st.sets(st.integers(0, count - 1)))
    starts_at_zero = draw(st.booleans())
    pts_s = np.cumsum(gaps_s) - (gaps_s[0] if starts_at_zero else 0)
    tail_s = draw(st.sampled_from([0.0, 0.04, 3.0]))
    return make_samples(pts_s, rows, cuts=sorted(cuts), duration_s=float(pts_s[-1]) + tail_s)
