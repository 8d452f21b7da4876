/** Stash's task Set up: what installs the plugin's packages, so it is the one thing that works without them. */
import { useCallback, useRef } from "react";
import { runTask } from "../../host/pluginTask.ts";
import { useStashJobs } from "../../host/stashJobs.ts";
import type { StashJob } from "../../host/stashQueue.ts";

const TASK = "Set up";
const IS_OURS = /(?:^|: )Set up$/;

export interface SetUpTask {
  /** Its job in Stash's queue while it waits or runs. */
  job: StashJob | undefined;
  /** Rejects where Stash does not take it. */
  start(): Promise<void>;
}

export function useSetUp(onEnd: () => void): SetUpTask {
  const latest = useRef(onEnd);
  latest.current = onEnd;
  const ended = useCallback((job: StashJob) => {
    if (IS_OURS.test(job.description)) latest.current();
  }, []);
  const jobs = useStashJobs(true, ended);
  const start = useCallback(async () => {
    await runTask(TASK);
  }, []);
  return { job: jobs?.find((job) => IS_OURS.test(job.description)), start };
}
