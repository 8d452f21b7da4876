"""A task or an operation, found by name and run; what went wrong becomes one sentence."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.interface import log
from plugin.interface.input import PluginInput
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.tasks.table import TASKS


def answer(call: PluginInput) -> tuple[object, str | None]:
    """The output, and the sentence of what went wrong (None if nothing did). Other errors are defects, and rise."""
    is_task = "operation" not in call.args
    if is_task:
        log.use_stashapi()
    context = Context(call.server, is_task)
    try:
        return (_run_task if is_task else _run_operation)(context, call.args), None
    except Exception as error:
        from plugin.known_errors import KNOWN_ERRORS

        if not isinstance(error, KNOWN_ERRORS):
            raise
        if is_task:
            log.error(str(error))
        return None, str(error)
    finally:
        context.close()


def _run_task(context: Context, args: Mapping[str, Any]) -> object:
    mode = args.get("mode")
    task = TASKS.get(mode) if isinstance(mode, str) else None
    if task is None:
        raise ArgumentError(f"no task has the mode {mode!r}; there are: {', '.join(TASKS)}")
    output = load(task.handler)(context, args)
    if isinstance(output, str) and output:
        log.info(output)
    return output


def _run_operation(context: Context, args: Mapping[str, Any]) -> object:
    name = args.get("operation")
    operation = OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise ArgumentError(f"no operation is named {str(name)[:100]!r}; README lists them")
    given = {key: value for key, value in args.items() if key != "operation"}
    return load(operation.handler)(context, parse_arguments(operation, given))


def load(handler: str) -> Any:
    """ "module:function" below plugin, imported only now: a call pays for nothing but itself."""
    module, _, function = handler.partition(":")
    return getattr(importlib.import_module(f"plugin.{module}"), function)
