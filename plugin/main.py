"""What Stash starts: one short process per task, hook or operation.

Started as `python -X utf8 -I -S main.py`: without the folders that others put on the path (neighbouring plugins could
shadow our packages there) and without the machine's own packages. Until it knows what it must do, nothing but the
standard library is imported, and little of that.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # typing's own costs a millisecond
if TYPE_CHECKING:
    from plugin.interface.input import PluginInput

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In place of this file's own folder, whose modules are no top-level ones, where Stash runs us without -I.
if sys.path and os.path.abspath(sys.path[0]) == os.path.join(ROOT, "plugin"):
    sys.path[0] = ROOT
else:
    sys.path.insert(0, ROOT)


def main() -> int:
    """Read the call, do it, write one result. Exit status: 0, or 1 where it failed."""
    raw = sys.stdin.buffer.read()
    if _is_idle_update(raw):
        os.write(1, b'{"output": null, "error": null}')
        return 0
    import json

    from plugin.interface.input import InputError, parse_input
    from plugin.interface.output import take_stdout, write_result

    result = take_stdout()
    try:
        call = parse_input(json.loads(raw), ROOT)
    except (InputError, ValueError, RecursionError) as error:  # the last: arguments nested too deeply
        write_result(result, None, f"this is started by Stash, with its own input: {error}")
        return 1
    output: object = None
    sentence: str | None
    try:
        output, sentence = _answer(call)
    except Exception as defect:  # whatever it is, Stash gets one sentence and the log the rest
        sentence = _report(defect)
    write_result(result, output, sentence)
    return 1 if sentence else 0


def _is_idle_update(raw: bytes) -> bool:
    """Whether this is a hook of a medium's update that names no tags: most of a bulk edit's thousand processes.

    Told from the bytes, for decoding them would cost twice what Python's start does. Stash writes its JSON without
    spaces; inside a text each quote has a backslash before it, so no title can look like this. What is not
    recognised takes the long way.
    """
    if b'"hookContext":{' not in raw or b'.Update.Post"' not in raw or b'"Performer.Update.Post"' in raw:
        return False
    # Some of Stash's inputs name every field, with null for what was not given.
    return raw.count(b'"tag_ids"') == raw.count(b'"tag_ids":null')


def _answer(call: PluginInput) -> tuple[object, str | None]:
    """The output and the error, one of them None."""
    if "operation" in call.args:
        gc.disable()  # it ends before there is anything to collect: looking for it would be a tenth of the cost
    if call.hook is not None:
        from plugin.hooks.hook import handle

        handle(call.server, call.hook)
        return None, None
    from plugin.interface import log
    from plugin.setup import dependencies

    if call.args.get("mode") == "setup":
        from plugin.setup.task import run_setup

        return run_setup(call.server, call.args)
    if not dependencies.is_installed(call.server.data_dir):
        instruction = dependencies.missing_instruction(call.server.data_dir)
        if call.args.get("operation") == "status":
            return {"ready": False, "instruction": instruction}, None
        log.error(instruction)
        return None, instruction
    dependencies.activate(call.server.data_dir)
    from plugin.calls import answer

    return answer(call)


def _report(defect: Exception) -> str:
    import traceback
    import zlib

    from plugin.interface import log

    text = "".join(traceback.format_exception(defect))
    incident = f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}"
    log.error(f"Stash Sense failed unexpectedly (incident {incident}):\n{text}")
    return f"Stash Sense failed unexpectedly; Stash's log has the details under incident {incident}"


if __name__ == "__main__":
    sys.exit(main())
