"""Task Recompute recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.evaluating import evaluate_recommenders
from plugin.commands.recomputing import read_library
from plugin.context import Context
from plugin.interface import log
from plugin.library.taste import recompute


def recompute_recommendations(context: Context, _: Mapping[str, Any]) -> str:
    """Bring everything up to date that recommendations rest on. Each step stands for itself: where it is killed, what
    was done stays, and the next time goes on. Of the library only what has changed is made anew.
    """
    library = read_library(context, lambda share: log.progress(0.4 * share))
    log.info(library)
    taste = recompute(context, lambda share: log.progress(0.4 + 0.4 * share)).sentence
    log.info(taste)
    log.progress(0.8)
    judged = evaluate_recommenders(context.store)
    log.progress(1.0)
    return f"{library}; {taste}; {judged[:1].lower()}{judged[1:].rstrip('.')}"
