"""Plugins: what they are, running them, their settings, and packages."""

# ruff: noqa: A002 - arguments are named as the schema names them

from __future__ import annotations

from typing import Any

from tests.standin.api.changes import Input
from tests.standin.api.registry import ApiError, answers
from tests.standin.app import Ask
from tests.standin.jobs import Progress
from tests.standin.plugins.manifest import Hook, Manifest, Setting, Task
from tests.standin.plugins.packages import Package, PackageError, Spec
from tests.standin.times import rfc3339_utc


def _plugin(ask: Ask, manifest: Manifest) -> dict[str, Any]:
    ui, base = manifest.ui, f"{ask.base_url}/plugin/{manifest.id}"
    return {
        "id": manifest.id,
        "name": manifest.shown_name,
        "description": manifest.description,
        "url": manifest.url,
        "version": manifest.version,
        "enabled": manifest.id not in ask.app.settings.disabled_plugins,
        "tasks": [_task(manifest, task) for task in manifest.tasks] or None,
        "hooks": [_hook(manifest, hook) for hook in manifest.hooks] or None,
        "settings": [_setting(setting) for setting in manifest.settings],
        "requires": list(ui.requires) or None,
        "paths": {
            "javascript": _addresses(ui.javascript, f"{base}/javascript"),
            "css": _addresses(ui.css, f"{base}/css"),
        },
    }


def _addresses(files: tuple[str, ...], bundle: str) -> list[str] | None:
    """External ones first, then one address for all files of the plugin's own."""
    external = [file for file in files if file.startswith(("http://", "https://"))]
    return [*external, bundle] if files else None


def _task(manifest: Manifest, task: Task) -> dict[str, Any]:
    return {"name": task.name, "description": task.description, "manifest": manifest}


def _hook(manifest: Manifest, hook: Hook) -> dict[str, Any]:
    named = {"name": hook.task.name, "description": hook.task.description, "hooks": list(hook.triggered_by) or None}
    return {**named, "manifest": manifest}


@answers("PluginTask.plugin", "PluginHook.plugin")
def plugin_of(ask: Ask, source: dict[str, Any]) -> dict[str, Any]:
    return _plugin(ask, source["manifest"])


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "display_name": setting.display_name,
        "description": setting.description,
        "type": setting.type,
    }


@answers("Query.plugins")
def plugins(ask: Ask, source: None) -> list[dict[str, Any]] | None:
    return [_plugin(ask, manifest) for manifest in ask.app.shelf.plugins] or None


@answers("Query.pluginTasks")
def plugin_tasks(ask: Ask, source: None) -> list[dict[str, Any]] | None:
    disabled = ask.app.settings.disabled_plugins
    enabled = [manifest for manifest in ask.app.shelf.plugins if manifest.id not in disabled]
    return [_task(manifest, task) for manifest in enabled for task in manifest.tasks] or None


@answers("Mutation.reloadPlugins")
def reload_plugins(ask: Ask, source: None) -> bool:
    ask.app.shelf.load(ask.app.settings.plugins_path)
    return True


@answers("Mutation.setPluginsEnabled")
def set_plugins_enabled(ask: Ask, source: None, enabledMap: dict[str, bool]) -> bool:  # noqa: N803
    settings = ask.app.settings
    still = [plugin_id for plugin_id in settings.disabled_plugins if not enabledMap.get(plugin_id)]
    newly = [plugin_id for plugin_id, enabled in enabledMap.items() if not enabled]
    settings.set(disabled_plugins=list(dict.fromkeys([*still, *newly])))
    return True


@answers("Mutation.runPluginTask")
def run_plugin_task(
    ask: Ask,
    source: None,
    plugin_id: str,
    task_name: str | None = None,
    description: str | None = None,
    args: list[Input] | None = None,
    args_map: dict[str, Any] | None = None,
) -> int:
    given = dict(args_map) if args_map is not None else _old_args(args or [])
    return ask.app.runner.run_task(ask.asker, plugin_id, task_name, description, given)


def _old_args(args: list[Input]) -> dict[str, Any]:
    return {arg["key"]: _old_value(arg.get("value")) for arg in args}


def _old_value(value: Input | None) -> Any:
    for kind in ("str", "i", "b", "f"):
        if value is not None and value.get(kind) is not None:
            return value[kind]
    if value is not None and value.get("o") is not None:
        return _old_args(value["o"])
    if value is not None and value.get("a") is not None:
        return [_old_value(item) for item in value["a"]]
    return None


@answers("Mutation.runPluginOperation")
def run_plugin_operation(ask: Ask, source: None, plugin_id: str, args: dict[str, Any] | None = None) -> Any:
    return ask.app.runner.run_operation(ask.asker, plugin_id, args or {})


@answers("Mutation.configurePlugin")
def configure_plugin(ask: Ask, source: None, plugin_id: str, input: dict[str, Any]) -> dict[str, Any]:
    """Replaces all that the plugin had."""
    settings = ask.app.settings
    settings.set(plugins={**settings.plugins, plugin_id: input})
    return input


# Packages.


@answers("Query.availablePackages")
def available_packages(ask: Ask, parent: None, type: str, source: str) -> list[dict[str, Any]]:
    _only_plugins(type)
    try:
        found = ask.app.packages.available(source)
    except PackageError as error:
        raise ApiError(str(error)) from error
    return [_package(package, found) for package in _sorted(found)]


@answers("Query.installedPackages")
def installed_packages(ask: Ask, source: None, type: str) -> list[dict[str, Any]]:
    _only_plugins(type)
    try:
        found = ask.app.packages.installed()
    except PackageError as error:
        raise ApiError(str(error)) from error
    return [{**_package(package, {}), "source_package": package.spec} for package in _sorted(found)]


@answers("Package.source_package")
def source_package(ask: Ask, package: dict[str, Any]) -> dict[str, Any] | None:
    """What the source offers now; asked only if somebody wants to know."""
    spec = package["source_package"]
    remote = ask.app.packages.remote(spec) if spec is not None else None
    return None if remote is None else _package(remote, {})


def _package(package: Package, others: dict[Spec, Package]) -> dict[str, Any]:
    required = [others.get(Spec(name, package.source_url)) for name in package.requires]
    return {
        "package_id": package.id,
        "name": package.name,
        "version": package.version or None,
        "date": None if package.date_s is None else rfc3339_utc(package.date_s),
        "requires": [_package(other, others) for other in required if other is not None],
        "sourceURL": package.source_url,
        "source_package": None,
        "metadata": dict(package.metadata),
    }


def _sorted(packages: dict[Spec, Package]) -> list[Package]:
    return [packages[spec] for spec in sorted(packages, key=lambda spec: (spec.id.lower(), spec.id, spec.source_url))]


def _only_plugins(package_type: str) -> None:
    if package_type != "Plugin":
        raise ApiError("the stand-in has plugins only, no scrapers")


@answers("Mutation.installPackages")
def install_packages(ask: Ask, source: None, type: str, packages: list[Input]) -> int:
    return _package_job(ask, type, "Installing packages...", "install", packages)


@answers("Mutation.updatePackages")
def update_packages(ask: Ask, source: None, type: str, packages: list[Input] | None = None) -> int:
    """Without packages: all that have a newer date at their source."""
    return _package_job(ask, type, "Updating packages...", "update", packages or [])


@answers("Mutation.uninstallPackages")
def uninstall_packages(ask: Ask, source: None, type: str, packages: list[Input]) -> int:
    return _package_job(ask, type, "Updating packages...", "uninstall", packages)


def _package_job(ask: Ask, package_type: str, description: str, verb: str, packages: list[Input]) -> int:
    _only_plugins(package_type)
    app, given = ask.app, [Spec(package["id"], package["sourceURL"]) for package in packages]

    def work(progress: Progress) -> None:
        specs = app.packages.upgradable() if verb == "update" and not given else given
        app.packages.work_through(progress, specs, verb)
        if not progress.stopped.is_set():
            app.shelf.load(app.settings.plugins_path)

    return app.jobs.add(description, work)
