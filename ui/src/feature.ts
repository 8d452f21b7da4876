/** A feature is one thing that an owner notices. It is switched on by itself, and fails by itself. */
import { report } from "./shared/report.ts";

export interface Feature {
  /** Its file's name. */
  id: string;
  /** Register patches and routes. The signal is aborted when the feature broke or the page goes: end everything then. */
  init(signal: AbortSignal): void;
}

/** Switch features on, each whatever becomes of the others. */
export function start(features: readonly Feature[]): void {
  for (const feature of features) {
    const controller = new AbortController();
    window.addEventListener("pagehide", (event) => {
      // A page that the browser keeps may come back as it was, and nothing would begin anew then.
      if (!event.persisted) controller.abort();
    });
    try {
      feature.init(controller.signal);
    } catch (error) {
      controller.abort();
      report(feature.id, error);
    }
  }
}
