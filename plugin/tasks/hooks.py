"""Seeing that Stash starts update hooks only where its owner wants them."""

from __future__ import annotations

from plugin.context import Context
from plugin.interface import log
from plugin.setup.update_hooks import keep_update_hooks
from plugin.stash.errors import StashError


def keep_hooks(context: Context) -> None:
    """Bring the installed manifest in line with the setting ignoreUpdates. What is in the way is a warning."""
    wanted = not context.stash_settings.ignore_updates
    try:
        if keep_update_hooks(context.server.plugin_dir, wanted):
            try:
                context.stash.reload_plugins()
            except StashError:
                keep_update_hooks(context.server.plugin_dir, not wanted)  # so that the next task tries again
                raise
            log.info(f"update hooks are {'on' if wanted else 'off'} from now on")
    except (OSError, StashError) as error:
        log.warning(f"update hooks could not be switched {'on' if wanted else 'off'}: {error}")
