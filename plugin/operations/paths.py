"""Path mapping put to the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.analysis.paths import best_rules, map_path, parse_rules
from plugin.context import Context


def probe(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Of some of Stash's scene files: which the sidecar sees under the rules (the setting's where none are given), and
    for the others, mappings under which it would. It answers only below its media roots.
    """
    rules = parse_rules(context.stash_settings.path_mappings if args["rules"] is None else args["rules"])
    files = context.stash.sample_files(args["samples"])
    sidecar = context.connect_sidecar()
    mapped = [map_path(file.path, rules) for file in files]
    checks, roots = sidecar.check_paths(mapped)
    unseen = [file for file, check in zip(files, checks, strict=True) if check.code]
    wanted = [(file.path.replace("\\", "/").rsplit("/", 1)[-1], file.size_bytes) for file in unseen[:20]]
    found = sidecar.find_files(wanted) if wanted else []
    pairs = [(file.path, paths[0]) for file, paths in zip(unseen, found, strict=False) if len(paths) == 1]
    return {
        "media_roots": roots,
        "rules": [str(rule) for rule in rules],
        "files": [
            {
                "stash": file.path,
                "sidecar": check.path,
                "seen": not check.code,
                "same_size": not check.code and check.size_bytes == file.size_bytes,
                "problem": check.message,
            }
            for file, check in zip(files, checks, strict=True)
        ],
        "suggested": [{"rule": str(rule), "files": count} for rule, count in best_rules(pairs)[:5]],
        "without_mapping": "files that the sidecar cannot see are read over Stash's own stream URL, which is slower",
    }
