"""Every task: its mode (the manifest's defaultArgs, or what the plugin itself asks Stash to run) and its handler."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """handler: "module:function" below plugin, called with (context, args). title: in the manifest; "" for our own."""

    mode: str
    handler: str
    title: str = ""


_ALL = (
    Task("setup", "setup.task:run_setup", "Set up"),
    Task("analyse_new", "tasks.analyse:analyse_new", "Analyse new"),
    Task("analyse_all", "tasks.analyse:analyse_all", "Analyse everything"),
    Task("analyse_tagged", "tasks.analyse:analyse_tagged", "Analyse tagged AI_TagMe"),
    Task("retag", "tasks.analyse:retag", "Re-tag from stored features"),
    Task("identify_performers", "tasks.analyse:identify_performers", "Identify performers"),
    Task("group_unknown", "tasks.people:group_unknown", "Group unknown people"),
    Task("export_faces", "tasks.people:export_faces", "Export face data"),
    Task("erase_faces", "tasks.people:erase_faces", "Erase face data"),
    Task("apply_accepted", "tasks.analyse:apply_accepted", "Apply accepted suggestions"),
    Task("undo_last_run", "tasks.undo:undo_last_run", "Undo last run"),
    Task("export_policy", "tasks.policy:export_policy", "Export tag policy (CSV)"),
    Task("import_policy", "tasks.policy:import_policy", "Import tag policy (CSV)"),
    Task("update_references", "tasks.references:update_references", "Update face references"),
    Task("recompute_recommendations", "tasks.recommendations:recompute_recommendations", "Recompute recommendations"),
    Task("maintenance", "tasks.maintenance:maintain", "Maintenance"),
    Task("drain", "tasks.analyse:drain"),
    Task("stop_sidecar", "tasks.sidecar:stop_sidecar"),
)

TASKS = {task.mode: task for task in _ALL}
