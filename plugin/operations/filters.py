"""Filters of suggestions, as lists, groups and decisions take them."""

from __future__ import annotations

from plugin.operations.arguments import Argument, choice, identifier, kind, number, text

FILTERS = {
    "kind": Argument(kind, ""),
    "media_id": Argument(identifier, None),
    "type": Argument(choice("tag", "marker", "performer"), ""),
    "label": Argument(text(), ""),
    "words": Argument(text(), ""),
    "run_id": Argument(identifier, None),
    "min_score": Argument(number(-1e6, 1e6), None),
    "up_to_id": Argument(identifier, None),
}
"""Name -> argument; fields of plugin.store.suggestion_query.Chosen."""
