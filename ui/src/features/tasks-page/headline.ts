/** What happens to our work now, and why nothing does, made of the plugin's word and of Stash's queue. Pure. */
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import type { Status } from "../../schemas/status.ts";

/** waiting: media. "told": the sentence says what is waited for. */
export type Headline =
  | { state: "running"; isSelecting: boolean; sentence: string }
  | { state: "paused"; waiting: number; sentence: string }
  | { state: "stash"; waiting: number; job: StashJob }
  | { state: "soon"; waiting: number }
  | { state: "sidecar"; waiting: number; sentence: string }
  | { state: "told"; waiting: number; sentence: string }
  | { state: "idle"; sentence: string };

export function headlineOf(status: Status, jobs: readonly StashJob[] | undefined): Headline {
  const { drain, sidecar } = status;
  const waiting = waitingOf(status);
  const isDown = sidecar !== null && !sidecar.ok;
  if (drain.state === "running") {
    if (isDown) return { state: "sidecar", waiting, sentence: sidecar.message };
    return { state: "running", isSelecting: drain.detail.total === 0, sentence: drain.sentence };
  }
  if (drain.state === "paused") return { state: "paused", waiting, sentence: drain.sentence };
  const isAsked = jobs?.some(isOurs) ?? false;
  if (isAsked) {
    const other = otherAtWork(jobs);
    return other ? { state: "stash", waiting, job: other } : { state: "soon", waiting };
  }
  if (waiting === 0) return { state: "idle", sentence: drain.sentence };
  if (isDown) return { state: "sidecar", waiting, sentence: sidecar.message };
  return { state: "told", waiting, sentence: drain.sentence };
}

/** Media that wait, with what hooks noticed and nobody has looked at yet. */
export function waitingOf({ queue, noticed }: Status): number {
  return (queue.pending ?? 0) + noticed;
}

/** How lively things are: whether it is worth looking every few seconds, now and then, or hardly ever. */
export function liveliness(
  status: Status | undefined,
  jobs: readonly StashJob[] | undefined,
): "works" | "waits" | "rests" {
  if (status?.drain.state === "running" || jobs?.some(isOurs)) return "works";
  return status && waitingOf(status) + (status.queue.running ?? 0) > 0 ? "waits" : "rests";
}

function otherAtWork(jobs: readonly StashJob[] | undefined): StashJob | undefined {
  return jobs?.find((job) => !isOurs(job) && (job.status === "RUNNING" || job.status === "STOPPING"));
}
