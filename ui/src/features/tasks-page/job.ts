/** What can be done to a job, and what is to be said of it. Pure. */
import type { Job } from "../../schemas/queue.ts";

/** Whether others are below it. */
export function isParent(job: Job): boolean {
  return job.action === "batch" || Object.keys(job.media).length > 0;
}

export function canCancel(job: Job): boolean {
  return (job.state === "pending" || job.state === "running") && !job.cancel_asked;
}

/** It failed or was cancelled, itself or something below it. */
export function canRetry(job: Job): boolean {
  const below = (job.media.failed ?? 0) + (job.media.cancelled ?? 0);
  return job.state === "failed" || job.state === "cancelled" || below > 0;
}

export interface Tally {
  done: number;
  failed: number;
  cancelled: number;
  left: number;
  total: number;
}

/** How far what is below it is. */
export function tallyOf({ media }: Job): Tally {
  const of = (state: string) => media[state] ?? 0;
  const left = of("pending") + of("running");
  const tally = { done: of("completed"), failed: of("failed"), cancelled: of("cancelled"), left };
  return { ...tally, total: tally.done + tally.failed + tally.cancelled + left };
}

/** Seconds of the moment that its row names: when it ended, began or was asked for. */
export function momentOf(job: Job): { what: "ended" | "started" | "asked"; at_s: number } {
  if (job.ended_s !== null) return { what: "ended", at_s: job.ended_s };
  if (job.started_s !== null) return { what: "started", at_s: job.started_s };
  return { what: "asked", at_s: job.created_s };
}
