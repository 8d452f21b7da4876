/** Changes of Stash's job queue, for parts that have nothing to show of the queue itself. */
import { listenToJobs } from "./stashJobs.ts";
import type { JobChange } from "./stashQueue.ts";

/** Hear of each until the signal ends. Where no WebSocket gets through to Stash, nothing is heard. */
export function onJobChange(heard: (change: JobChange) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const end = listenToJobs({ onChange: heard, mayAsk: false });
  signal.addEventListener("abort", end);
}
