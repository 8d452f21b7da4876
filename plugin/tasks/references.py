"""Task Update face references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.interface import log
from plugin.people.asking import ask_for_references, others_wait
from plugin.people.bootstraps import Bootstrapper
from plugin.people.box_states import want
from plugin.people.refresh import Refresh

LOOK_S = 5.0
"""How often it looks whether another job of Stash's waits."""


def update_references(context: Context, args: Mapping[str, Any]) -> str:
    """Bring who is known by face in step with Stash and its stash-boxes. Goes on where it was broken off; steps aside
    for any other job. args.endpoint: a stash-box of which all performers are wanted as well.
    """
    endpoint = str(args.get("endpoint") or "")
    if endpoint:
        want(context.store.meta, endpoint, whole=True)
    sidecar = context.connect_sidecar(may_restart=True)
    with Refresh(context, sidecar) as refresh:
        looked_s = context.clock()
        for share in refresh.run():
            log.progress(share)
            if context.clock() - looked_s >= LOOK_S:
                looked_s = context.clock()
                if others_wait(context.stash.jobs()):
                    ask_for_references(context.stash)
                    return f"another task waits, so the rest goes on behind it; so far {refresh.tally.sentence()}"
    concluded = Bootstrapper(context, sidecar).run()
    return refresh.tally.sentence() + (f"; {concluded}" if concluded else "")
