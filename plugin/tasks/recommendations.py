"""Task Recompute recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.recomputing import read_library
from plugin.commands.watching import forget_unwanted
from plugin.context import Context
from plugin.interface import log
from plugin.library.taste import recompute


def recompute_recommendations(context: Context, _: Mapping[str, Any]) -> str:
    """Bring everything up to date that recommendations rest on. Each step stands for itself: where it is killed, what
    was done stays, and the next time goes on. Only what has changed is made anew.
    """
    sentences = [read_library(context, lambda share: log.progress(0.5 * share))]
    forget_unwanted(context)
    taste = recompute(context, lambda share: log.progress(0.5 + 0.3 * share))
    sentences.append(taste.sentence)
    log.progress(1.0)
    return "; ".join(sentences)
