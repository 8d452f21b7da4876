"""Errors that are sentences for people: whoever meets one shows it, without a stack."""

from __future__ import annotations

from plugin.analysis.paths import PathRuleError
from plugin.commands.people import PeopleError
from plugin.installation.failures import SetupError
from plugin.locks import LockHeld
from plugin.operations.arguments import ArgumentError
from plugin.queue.quiet import QuietHoursError
from plugin.queue.select import SelectionError
from plugin.review.policy_csv import PolicyError
from plugin.settings import SettingError
from plugin.sidecar_values import SidecarError
from plugin.stash.errors import StashError
from plugin.stashbox.errors import StashBoxError
from plugin.store.errors import StoreError

KNOWN_ERRORS: tuple[type[Exception], ...] = (
    ArgumentError,
    LockHeld,
    PathRuleError,
    PeopleError,
    PolicyError,
    QuietHoursError,
    SelectionError,
    SettingError,
    SetupError,
    SidecarError,
    StashBoxError,
    StashError,
    StoreError,
)
