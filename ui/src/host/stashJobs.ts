/** What Stash's own job queue is busy with: told by Stash as it changes, to all of our parts over one subscription. */
import { gql } from "@apollo/client";
import { useEffect, useState } from "react";
import { apolloClient } from "./pluginApi.ts";
import { changed, type JobChange, type StashJob } from "./stashQueue.ts";

export interface JobListener {
  /** The queue, in order: when something in it has changed. */
  onQueue?(jobs: readonly StashJob[]): void;
  onChange?(change: JobChange): void;
  /** Whether to ask every few seconds where no WebSocket gets through to Stash. */
  mayAsk: boolean;
}

const FIELDS = "id status description subTasks progress error";
const QUEUE = gql`query StashSenseJobQueue { jobQueue { ${FIELDS} } }`;
const CHANGES = gql`subscription StashSenseJobs { jobsSubscribe { type job { ${FIELDS} } } }`;
const ASK_AGAIN_MS = 5000;
/** Jobs of which nothing was heard for so long may have gone with a Stash that was restarted. */
const SILENCE_MS = 60_000;

const listeners = new Set<JobListener>();
/** undefined: not known yet. */
let queue: readonly StashJob[] | undefined;
let unsubscribe: (() => void) | undefined;
let isDeaf = false;
let asking: Promise<void> | undefined;
let changes = 0;
let timer: number | undefined;

/** Hear of Stash's queue until what is returned is called. */
export function listenToJobs(listener: JobListener): () => void {
  listeners.add(listener);
  if (!unsubscribe) subscribe();
  if (listener.onQueue) {
    if (queue) listener.onQueue(queue);
    else void ask();
  }
  plan();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    unsubscribe?.();
    unsubscribe = undefined;
    queue = undefined;
    isDeaf = false;
    window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}

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
    return listenToJobs({
      onQueue: setJobs,
      onChange: ({ type, job }) => {
        if (type === "REMOVE") onEnd?.(job);
      },
      mayAsk: true,
    });
  }, [enabled, onEnd]);
  return jobs;
}

function subscribe(): void {
  const subscription = apolloClient()
    .subscribe<{ jobsSubscribe: JobChange }>({ query: CHANGES })
    .subscribe({
      next: ({ data }) => {
        if (data) take(data.jobsSubscribe);
      },
      error: () => {
        isDeaf = true;
        plan();
      },
    });
  unsubscribe = () => subscription.unsubscribe();
  document.addEventListener("visibilitychange", onVisible);
}

function take(change: JobChange): void {
  changes += 1;
  if (queue) queue = changed(queue, change);
  for (const listener of [...listeners]) listener.onChange?.(change);
  tell();
  plan();
}

function tell(): void {
  if (!queue) return;
  for (const listener of [...listeners]) listener.onQueue?.(queue);
}

function onVisible(): void {
  if (document.visibilityState === "visible" && wantsQueue()) void ask();
}

function wantsQueue(): boolean {
  return [...listeners].some((listener) => listener.onQueue);
}

/** When to ask by ourselves: where nothing is told, and of jobs that nothing was told of for long. Never while idle. */
function plan(): void {
  window.clearTimeout(timer);
  if (!unsubscribe) return;
  if (isDeaf && [...listeners].some((listener) => listener.mayAsk)) timer = window.setTimeout(look, ASK_AGAIN_MS);
  else if (!isDeaf && queue && queue.length > 0) timer = window.setTimeout(look, SILENCE_MS);
}

function look(): void {
  if (document.visibilityState === "visible") void ask();
  else plan();
}

function ask(): Promise<void> {
  asking ??= askNow().finally(() => {
    asking = undefined;
    plan();
  });
  return asking;
}

async function askNow(): Promise<void> {
  try {
    // What was told while an answer was on its way may be newer than that answer.
    for (let tries = 0; tries < 3; tries++) {
      const before = changes;
      const { data } = await apolloClient().query({ query: QUEUE, fetchPolicy: "no-cache" });
      if (!unsubscribe) return;
      if (changes !== before && tries < 2) continue;
      replace(data.jobQueue ?? []);
      return;
    }
  } catch {
    // Stash restarts, or the owner is logged out: what is shown stays as it was.
  }
}

function replace(jobs: readonly StashJob[]): void {
  const gone = (queue ?? []).filter((job) => !jobs.some((one) => one.id === job.id));
  queue = jobs;
  for (const job of gone) for (const listener of [...listeners]) listener.onChange?.({ type: "REMOVE", job });
  tell();
}
