"""Errors that are sentences for people: whoever meets one shows it, without a stack."""

from __future__ import annotations

from plugin.analysis.paths import PathRuleError
from plugin.installation.failures import SetupError
from plugin.locks import LockHeld
from plugin.operations.arguments import ArgumentError
from plugin.queue.quiet import QuietHoursError
from plugin.queue.select import SelectionError
from plugin.review.policy_csv import PolicyError
from plugin.settings import SettingError
from plugin.sidecar_values import SidecarError
from plugin.stash.errors import StashError
from plugin.store.errors import StoreError

KNOWN_ERRORS: tuple[type[Exception], ...] = (
    ArgumentError,
    LockHeld,
    PathRuleError,
    PolicyError,
    QuietHoursError,
    SelectionError,
    SettingError,
    SetupError,
    SidecarError,
    StashError,
    StoreError,
)
