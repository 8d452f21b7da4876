/** What the navigation bar says of our work, made of Stash's queue and of what was last heard. Pure. */
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import type { Notice } from "../../shared/notice.ts";

export type Sign =
  /** share: null while unknown. */
  | { state: "running"; share: number | null }
  /** Our job waits in Stash's queue, behind another. */
  | { state: "queued"; behind: string }
  | { state: "failed"; count: number }
  | { state: "paused"; count: number }
  | { state: "waiting"; count: number; sentence: string };

/** undefined: there is nothing to say. */
export function signOf(jobs: readonly StashJob[] | undefined, { failed, seen, ...notice }: Notice): Sign | undefined {
  const ours = jobs?.filter(isOurs) ?? [];
  const running = ours.find(isAtWork);
  if (running) return { state: "running", share: shareOf(running) };
  if (ours.length > 0) return { state: "queued", behind: jobs?.find(isAtWork)?.description ?? "" };
  if (failed > seen) return { state: "failed", count: failed - seen };
  if (notice.waiting === 0) return undefined;
  if (notice.isPaused) return { state: "paused", count: notice.waiting };
  return { state: "waiting", count: notice.waiting, sentence: notice.sentence };
}

export function isAtWork({ status }: StashJob): boolean {
  return status === "RUNNING" || status === "STOPPING";
}

function shareOf({ progress }: StashJob): number | null {
  return progress !== null && progress > 0 && progress <= 1 ? progress : null;
}
