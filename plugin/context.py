"""What one call of the plugin works with, each part made when it is first used."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from plugin.hooks.hints import read_hints, write_hints
from plugin.hooks.wish import Hints
from plugin.interface.input import ServerConnection
from plugin.settings import OwnerSettings, StashSettings, parse_owner_settings, parse_stash_settings
from plugin.store.store import Store, open_store

if TYPE_CHECKING:
    from plugin.review.performers import FaceRules
    from plugin.review.policy import PolicyBook
    from plugin.review.writer import Writer
    from plugin.sidecar_client import SidecarClient
    from plugin.stash.client import StashClient
    from plugin.stash.transport import Transport
    from plugin.stash.values import StashConfig

OWNER_SETTINGS = "settings"
STASH_SETTINGS = "stash_settings"
STASH_VERSION = "stash_version"
FACES_IN_USE = "people.synced_s"
"""When performers of Stash were last read to their end, Unix seconds; there from then on."""


class Context:
    """is_task: a task, which may take its time and uses stashapi; operations and hooks do not. Close it when done."""

    def __init__(self, server: ServerConnection, is_task: bool, clock: Callable[[], float] = time.time) -> None:
        self.server, self.is_task, self.clock = server, is_task, clock
        self._closers: list[Callable[[], None]] = []
        self._config: StashConfig | None = None

    def close(self) -> None:
        for close in reversed(self._closers):
            close()
        self._closers.clear()

    @functools.cached_property
    def store(self) -> Store:
        """Raises StoreError."""
        store = open_store(self.server.data_dir, self.clock)
        self._closers.append(store.close)
        return store

    @functools.cached_property
    def stash(self) -> StashClient:
        """Nothing is asked yet."""
        from plugin.stash.client import StashClient

        client = StashClient(self._transport())
        self._closers.append(client.close)
        return client

    @property
    def config(self) -> StashConfig:
        """Stash's configuration, read once per call, and left for hooks and for calls that do not ask. StashError."""
        if self._config is None:
            self._config = self.read_config()
        return self._config

    def read_config(self) -> StashConfig:
        """Ask Stash anew."""
        config = self.stash.configuration()
        self._config = config
        settings = dict(config.plugin_settings)
        if self.store.meta.get(STASH_SETTINGS) != settings:
            self.store.meta.set(STASH_SETTINGS, settings)
        if self.store.meta.get(STASH_VERSION) != config.version:
            self.store.meta.set(STASH_VERSION, config.version)
        self._leave_hints(parse_stash_settings(settings))
        return config

    @functools.cached_property
    def stash_settings(self) -> StashSettings:
        """Of Stash's page: asked in tasks; in operations as last seen, for that costs no request."""
        if self.is_task:
            return parse_stash_settings(self.config.plugin_settings)
        return parse_stash_settings(self.store.meta.get(STASH_SETTINGS, {}))

    @property
    def settings(self) -> OwnerSettings:
        """Of the store."""
        return parse_owner_settings(self.store.meta.get(OWNER_SETTINGS, {}))

    @property
    def book(self) -> PolicyBook:
        """All policies."""
        from plugin.review.policy import policy_book

        settings = self.settings
        return policy_book(self.store.policies.rows(), settings.defaults, settings.gallery_share)

    @property
    def face_rules(self) -> FaceRules:
        """How faces become performers. Where their owner looks for faces by hand only, they are suggested."""
        from plugin.review.performers import FaceRules

        settings = self.settings
        return FaceRules(
            mode="auto" if settings.identify_performers == "auto" else "suggest",
            maybes=settings.performer_maybes,
            gallery_share=settings.performer_gallery_share,
            gallery_images=settings.performer_gallery_images,
        )

    @functools.cached_property
    def writer(self) -> Writer:
        from plugin.review.writer import Writer

        settings = self.settings
        return Writer(self.store, self.stash, self.book, settings.tag_suffix, settings.parent_tag)

    def media_headers(self) -> dict[str, str]:
        """Who the sidecar says it is where it reads over Stash's own URLs."""
        if self.config.api_key:
            return {"ApiKey": self.config.api_key}
        if self.config.has_login and self.server.session_cookie:
            return {"Cookie": f"{self.server.cookie_name}={self.server.session_cookie}"}
        return {}

    def connect_sidecar(self, may_restart: bool = False) -> SidecarClient:
        """The sidecar, started where it is ours to start. Raises SidecarError, SetupError (a sentence), StashError."""
        from plugin.sidecar_connection import connect

        client = connect(self, may_restart)
        self._closers.append(client.close)
        return client

    def _transport(self) -> Transport:
        if self.is_task:
            try:
                from plugin.stash.stashapi_transport import StashapiTransport
            except ImportError:
                pass  # a damaged or partial set of dependencies: our own transport does the same
            else:
                return StashapiTransport(self.server)
        from plugin.stash.transport import HttpTransport

        return HttpTransport(self.server)

    def _leave_hints(self, stash_settings: StashSettings) -> None:
        found = read_hints(self.server.data_dir)
        known = found or Hints()
        names = self.settings.workflow_tags
        same_names = (known.tag_me_name, known.reprocess_name) == (names.tag_me, names.reprocess)
        fresh = replace(
            known,
            analyse_new=stash_settings.analyse_new,
            ignore_updates=stash_settings.ignore_updates,
            tag_me_name=names.tag_me,
            reprocess_name=names.reprocess,
            tag_me=known.tag_me if same_names else None,
            reprocess=known.reprocess if same_names else None,
            follow_performers=self.store.meta.get(FACES_IN_USE) is not None,
            read_s=known.read_s if same_names else 0.0,
        )
        if fresh != found:
            write_hints(self.server.data_dir, fresh)
