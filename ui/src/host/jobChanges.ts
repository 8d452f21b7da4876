/** Changes of Stash's job queue, for parts that have nothing to show of the queue itself. */
import { gql } from "@apollo/client";
import { apolloClient } from "./pluginApi.ts";
import type { JobChange } from "./stashQueue.ts";

const CHANGES = gql`subscription SenseJobChanges {
  jobsSubscribe { type job { id status description subTasks progress error } }
}`;

/** Hear of each until the signal ends. Where no WebSocket gets through to Stash, nothing is heard. */
export function onJobChange(heard: (change: JobChange) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const subscription = apolloClient()
    .subscribe<{ jobsSubscribe: JobChange }>({ query: CHANGES })
    .subscribe({
      next: ({ data }) => {
        if (data && !signal.aborted) heard(data.jobsSubscribe);
      },
      error: () => undefined,
    });
  signal.addEventListener("abort", () => subscription.unsubscribe());
}
