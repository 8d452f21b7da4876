/** What Stash's own job queue is busy with: told by Stash as it changes, or asked every few seconds where that fails. */
import { gql } from "@apollo/client";
import { useEffect, useState } from "react";
import { apolloClient } from "./pluginApi.ts";
import { changed, type JobChange, type StashJob } from "./stashQueue.ts";

const FIELDS = "id status description subTasks progress error";
const QUEUE = gql`query StashSenseJobQueue { jobQueue { ${FIELDS} } }`;
const CHANGES = gql`subscription StashSenseJobs { jobsSubscribe { type job { ${FIELDS} } } }`;
const ASK_AGAIN_MS = 5000;
/**
 * Stash's queue, in order; undefined while nothing is known, or while not enabled. onEnd: called for each job that
 * leaves the queue.
 */
export function useStashJobs(enabled = true, onEnd?: (job: StashJob) => void): readonly StashJob[] | undefined {
  const [jobs, setJobs] = useState<readonly StashJob[]>();
  useEffect(() => {
    if (!enabled) {
      setJobs(undefined);
      return;
    }
    return watch(setJobs, onEnd);
  }, [enabled, onEnd]);
  return jobs;
}

function watch(
  tell: (change: (jobs: readonly StashJob[] | undefined) => readonly StashJob[]) => void,
  onEnd?: (job: StashJob) => void,
): () => void {
  const client = apolloClient();
  let timer: number | undefined;
  let ended = false;
  let last: readonly StashJob[] = [];

  const take = (jobs: readonly StashJob[]) => {
    last = jobs;
    tell(() => jobs);
  };
  const ask = async () => {
    try {
      const { data } = await client.query({ query: QUEUE, fetchPolicy: "no-cache" });
      if (ended) return;
      const jobs: readonly StashJob[] = data.jobQueue ?? [];
      const gone = last.filter((job) => !jobs.some((one) => one.id === job.id));
      take(jobs);
      for (const job of gone) onEnd?.(job);
    } catch {
      // Stash restarts, or the owner is logged out: what is shown stays as it was.
    }
  };
  const poll = async () => {
    if (document.visibilityState === "visible") await ask();
    if (!ended) timer = window.setTimeout(poll, ASK_AGAIN_MS);
  };
  const subscription = client.subscribe<{ jobsSubscribe: JobChange }>({ query: CHANGES }).subscribe({
    next: ({ data }) => {
      if (!data || ended) return;
      take(changed(last, data.jobsSubscribe));
      if (data.jobsSubscribe.type === "REMOVE") onEnd?.(data.jobsSubscribe.job);
    },
    error: () => {
      // No WebSocket gets through to Stash.
      if (!ended) void poll();
    },
  });
  void ask();
  return () => {
    ended = true;
    window.clearTimeout(timer);
    subscription.unsubscribe();
  };
}
