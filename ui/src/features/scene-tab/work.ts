/** Whether a scene's analysis waits, goes on or has ended, told from the queue's rows. Pure. */

import type { StashJob } from "../../host/stashQueue.ts";
import type { Output } from "../../operations.ts";
import type { Job } from "../../schemas/queue.ts";

export type Medium = Output<"queue.medium">;

/** What is waited for. batch: what the owner asked for here. wasActive: it was seen to wait or work. */
export interface Awaited {
  batch?: number;
  wasActive: boolean;
}

/** One look at the queue. batch: the row of awaited.batch, where the scene's own row is not there yet. */
export interface Look {
  medium: Medium;
  batch?: Job;
}

export function isActive(job: Job | null | undefined): boolean {
  return job?.state === "pending" || job?.state === "running";
}

/** The row that tells of what is waited for: the scene's own, or the batch that it is still to be picked from. */
export function rowOf(look: Look | undefined): Job | undefined {
  return (isActive(look?.medium.job) ? look?.medium.job : look?.batch) ?? undefined;
}

/** Whether the scene's own job tells how far what was asked for is; else it is still to be picked from the batch. */
export function isPicked({ job }: Medium, awaited: Awaited): boolean {
  return isActive(job) || awaited.wasActive || (!!job && awaited.batch !== undefined && job.id > awaited.batch);
}

/** Whether there is nothing left to wait for. */
export function hasEnded({ medium, batch }: Look, awaited: Awaited): boolean {
  if (isActive(medium.job)) return false;
  return isPicked(medium, awaited) || !isActive(batch);
}

/** Why it waits. */
export type Wait =
  | { why: "paused"; sentence: string }
  | { why: "later"; at_s: number; sentence: string }
  | { why: "stash"; job: StashJob }
  | { why: "told"; sentence: string }
  | { why: "line"; sentence: string };

/**
 * jobs: Stash's own queue, undefined while unknown. isOurs: whether one of them is the plugin's. The sentence of an
 * idle drain says what it waits for: quiet hours, or a sidecar that cannot be reached; that of a running one how far it is.
 */
export function waitOf(
  look: Look,
  jobs: readonly StashJob[] | undefined,
  isOurs: (job: StashJob) => boolean,
  now_s: number,
): Wait {
  const job = rowOf(look);
  const { drain } = look.medium;
  if (drain?.state === "paused") return { why: "paused", sentence: drain.sentence };
  const other = jobs?.find((one) => one.status === "RUNNING" || one.status === "STOPPING");
  if (other && !isOurs(other)) return { why: "stash", job: other };
  if (job?.next_try_s && job.next_try_s > now_s) return { why: "later", at_s: job.next_try_s, sentence: job.reason };
  const isIdle = jobs !== undefined && !jobs.some(isOurs);
  if (isIdle && drain?.state === "idle" && drain.sentence) return { why: "told", sentence: drain.sentence };
  return { why: "line", sentence: drain?.state === "running" ? drain.sentence : "" };
}
