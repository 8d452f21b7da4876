"""Views of a picture: whose vectors are whose, and how it is said."""

from __future__ import annotations

from sidecar.media.shape import eye_side
from sidecar.values import View

VIEWS: tuple[View, ...] = ("whole", "left_eye")


def feature_key(model_key: str, view: View) -> str:
    """The key under which vectors of a view are stored. That of the whole picture is the model's own."""
    return model_key if view == "whole" else f"{model_key}.view-{view.replace('_', '-')}"


def sentence(view: View, display_width_px: int, display_height_px: int) -> str:
    """A sentence that follows a plan, with a space before it; "" for the whole picture (or one without two halves)."""
    side = eye_side(display_width_px, display_height_px, view)
    if side is None:
        return ""
    half = "left half" if side == "left" else "top half"
    return f" Of each picture ({display_width_px} x {display_height_px}) the {half} is looked at: the left eye."
