"""Measurements: what decoding, models and the whole road cost here, as ratios to their floors in one run."""
