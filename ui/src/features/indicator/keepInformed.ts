import { onJobChange } from "../../host/jobChanges.ts";
import { isOurs } from "../../host/stashQueue.ts";
import { call } from "../../operations.ts";
import { learn } from "../../shared/notice.ts";

/** The plugin notes how its work ended before its process does; others of ours may begin at once. */
const SETTLED_MS = 1000;

/** When a job of ours leaves Stash's queue, ask once what is left: the only process that the indicator ever starts. */
export function keepInformed(signal: AbortSignal): void {
  let timer: number | undefined;
  const look = async () => {
    timer = undefined;
    if (document.visibilityState !== "visible") {
      document.addEventListener("visibilitychange", look, { once: true, signal });
      return;
    }
    try {
      learn(await call("status", {}, signal), false);
    } catch {
      // Whoever opens the page of tasks is told what is wrong.
    }
  };
  onJobChange(({ type, job }) => {
    if (type !== "REMOVE" || !isOurs(job)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(look, SETTLED_MS);
  }, signal);
  signal.addEventListener("abort", () => window.clearTimeout(timer));
}
