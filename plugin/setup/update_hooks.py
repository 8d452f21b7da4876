"""The switch for update hooks: lines of the installed manifest that Stash reads.

A hook that does nothing still costs a process per edited object, so switching it off means that Stash does not start
it: nothing less than its manifest can say so. An update of the plugin brings the lines back; the next task puts them
out of force again.
"""

from __future__ import annotations

import os
import re

from plugin.interface.input import PLUGIN_ID

_TRIGGER = re.compile(r"^(\s*)(# )?(- (?:Scene|Image|Gallery|Performer)\.Update\.Post\s*)$")


def with_update_hooks(manifest: str, wanted: bool) -> str:
    """The manifest with its update triggers in force, or commented out. Pure."""
    lines = []
    for line in manifest.splitlines(keepends=True):
        found = _TRIGGER.match(line.rstrip("\n"))
        lines.append(f"{found[1]}{'' if wanted else '# '}{found[3]}\n" if found else line)
    return "".join(lines)


def keep_update_hooks(plugin_dir: str, wanted: bool) -> bool:
    """Make the installed manifest say so. True where it had to be changed: then Stash must reload its plugins.

    Raises OSError where the folder may not be written.
    """
    path = os.path.join(plugin_dir, f"{PLUGIN_ID}.yml")
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    changed = with_update_hooks(text, wanted)
    if changed == text:
        return False
    # Not named .yml until it is in place: Stash reads every such file as a plugin.
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        file.write(changed)
    os.chmod(path + ".new", os.stat(path).st_mode & 0o777)
    os.replace(path + ".new", path)
    return True
