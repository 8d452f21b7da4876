/** Events that plugins listen to: "stash:location". */
class PluginEvents extends EventTarget {
  tell(name: string, data: Record<string, unknown>, id = ""): void {
    this.dispatchEvent(new CustomEvent(`stash:${name}`, { detail: { event: name, ...(id ? { id } : {}), data } }));
  }
}

export const events = new PluginEvents();
