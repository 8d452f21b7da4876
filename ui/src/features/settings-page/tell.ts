import { changeStashSettings } from "../../host/pluginTask.ts";
import { call } from "../../operations.ts";

/** Change settings that Stash keeps, and let the plugin read them: its operations know them as they were last seen. */
export async function tell(changes: Readonly<Record<string, unknown>>): Promise<void> {
  await changeStashSettings(changes);
  // Its next task reads them by itself; a sidecar that cannot be reached is no reason to call them unsaved.
  void call("status.check", {}).catch(() => undefined);
}
