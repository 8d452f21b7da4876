"""A hook: decide whether the event matters, leave it in the inbox, see that somebody will look, and be gone.

Stash waits for us inside the owner's click or scan. Standard library only; whatever goes wrong harms nothing else.
"""

from __future__ import annotations

import time

from plugin.hooks.hints import FRESH_S, hints_from, read_hints, write_hints
from plugin.hooks.inbox import drain_works, leave_event
from plugin.hooks.wish import KIND_OF_TYPE, Hints, may_matter, wish_of
from plugin.interface import log
from plugin.interface.input import PLUGIN_ID, HookContext, ServerConnection

TIMEOUT_S = 5.0


def handle(server: ServerConnection, hook: HookContext) -> None:
    """Do all that a hook may do. Errors are a line in the log."""
    if not may_matter(hook):
        return
    hints = read_hints(server.data_dir)
    if hints is None:
        return  # Set up never ran: nobody would look at the event
    kind = KIND_OF_TYPE[hook.type.partition(".")[0]]
    is_fresh = 0 <= time.time() - hints.read_s <= FRESH_S  # not after a clock that was set back
    if (not is_fresh or _lacks_tags(hints)) and kind != "performer":
        hints = _read_anew(server, hints)
    wish = wish_of(hook, hints)
    if wish is None:
        return
    try:
        tag_id = {"tag_me": hints.tag_me, "reprocess": hints.reprocess}.get(wish)
        is_new = leave_event(server.data_dir, kind, hook.object_id, wish, tag_id)
    except OSError as error:
        log.error(f"Stash Sense could not note that {kind} {hook.object_id} is to be looked at: {error}")
        return
    if is_new and not drain_works(server.data_dir):
        _ask_for_drain(server)


def _lacks_tags(hints: Hints) -> bool:
    """Whether a tag that would ask for work did not exist when hints were read: it may have been made just now."""
    return bool((hints.tag_me_name and hints.tag_me is None) or (hints.reprocess_name and hints.reprocess is None))


def _read_anew(server: ServerConnection, known: Hints) -> Hints:
    from plugin.stash.documents import HOOK_HINTS
    from plugin.stash.errors import StashError
    from plugin.stash.transport import HttpTransport

    transport = HttpTransport(server, TIMEOUT_S)
    try:
        variables = {"plugin": [PLUGIN_ID], "tag_me": known.tag_me_name, "reprocess": known.reprocess_name}
        hints = hints_from(transport.call(HOOK_HINTS, variables), known, PLUGIN_ID, time.time())
    except StashError as error:
        log.debug(f"the settings could not be read, so the last known ones are used: {error}")
        return known
    finally:
        transport.close()
    write_hints(server.data_dir, hints)
    return hints


def _ask_for_drain(server: ServerConnection) -> None:
    from plugin.queue.asking import ask_for_drain
    from plugin.stash.client import StashClient
    from plugin.stash.errors import StashError
    from plugin.stash.transport import HttpTransport

    stash = StashClient(HttpTransport(server, TIMEOUT_S))
    try:
        ask_for_drain(stash)
    except StashError as error:
        log.warning(f"the event is noted, but no task could be started for it: {error}")
    finally:
        stash.close()
