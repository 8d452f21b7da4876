import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStashJobs } from "../../host/stashJobs.ts";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import { learn } from "../../shared/notice.ts";
import { type Asked, SHORTEST_POLL_S, useOperation } from "../../shared/useOperation.ts";
import { liveliness } from "./headline.ts";

const EVERY_S = { works: SHORTEST_POLL_S, waits: 10, rests: 30 } as const;

export interface Standing {
  status: Asked<"status">;
  /** Stash's own queue; undefined while unknown. */
  jobs: readonly StashJob[] | undefined;
  /** Another whenever something in the plugin's queue may have changed. */
  seen: string;
}

/** How everything stands: looked at every few seconds only while something goes on, and when Stash tells of our jobs. */
export function useStatus(): Standing {
  const reload = useRef<() => void>();
  const onEnd = useCallback((job: StashJob) => {
    if (isOurs(job)) reload.current?.();
  }, []);
  const jobs = useStashJobs(true, onEnd);
  const [lively, setLively] = useState<keyof typeof EVERY_S>("rests");
  const status = useOperation("status", {}, { every_s: EVERY_S[lively] });
  reload.current = status.reload;
  useEffect(() => setLively(liveliness(status.data, jobs)), [status.data, jobs]);

  const ours = (jobs ?? [])
    .filter(isOurs)
    .map((job) => `${job.id} ${job.status}`)
    .join();
  const known = useRef(ours);
  useEffect(() => {
    if (known.current === ours) return;
    known.current = ours;
    reload.current?.();
  }, [ours]);

  useEffect(() => {
    if (status.data) learn(status.data, true);
  }, [status.data]);

  const seen = useMemo(() => {
    if (!status.data) return "";
    const { queue, noticed, drain, failed } = status.data;
    return JSON.stringify([queue, noticed, drain.state, failed, ours]);
  }, [status.data, ours]);
  return { status, jobs, seen };
}
