import { useEffect, useState } from "react";
import { onJobChange } from "../../host/jobChanges.ts";
import { isOurs } from "../../host/stashQueue.ts";
import { type Asked, useOperation } from "../../shared/useOperation.ts";

const EVERY_S = { works: 15, rests: 60 } as const;

/** How the plugin stands: asked often only while it finds things, and when a job of ours begins or ends. */
export function useStatus(): Asked<"status"> {
  const [pace, setPace] = useState<keyof typeof EVERY_S>("rests");
  const status = useOperation("status", {}, { every_s: EVERY_S[pace] });
  const { data, reload } = status;
  useEffect(() => {
    const { state } = data?.drain ?? {};
    const waits = (data?.queue.pending ?? 0) > 0 && state !== "paused";
    setPace(state === "running" || waits ? "works" : "rests");
  }, [data]);
  useEffect(() => {
    const until = new AbortController();
    onJobChange(({ type, job }) => type !== "UPDATE" && isOurs(job) && reload(), until.signal);
    return () => until.abort();
  }, [reload]);
  return status;
}
