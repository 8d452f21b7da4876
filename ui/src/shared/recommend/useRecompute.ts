import { useCallback, useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { useStashJobs } from "../../host/stashJobs.ts";
import { isTask, type StashJob } from "../../host/stashQueue.ts";
import { call } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import { sentence } from "../Problem.tsx";
import { useAction } from "../useOperation.ts";

const TASK = "Recompute recommendations";

export interface Recompute {
  /** In Stash's queue: waiting, or running. */
  job: StashJob | undefined;
  isAsked: boolean;
  begin(): void;
}

/** The task that reads the library anew. onEnd: called when it is through, whoever began it. */
export function useRecompute(onEnd: () => void): Recompute {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const [isAsked, setAsked] = useState(false);
  const ended = useCallback(
    (job: StashJob) => {
      if (!isTask(job, TASK)) return;
      setAsked(false);
      onEnd();
    },
    [onEnd],
  );
  const job = useStashJobs(true, ended)?.find((one) => isTask(one, TASK));
  const ask = useAction(
    async () => {
      setAsked(true);
      await call("recommend.refresh", {});
    },
    (error) => {
      setAsked(false);
      toast.error(sentence(text, error));
    },
  );
  const { run } = ask;
  const begin = useCallback(() => void run(), [run]);
  return { job, isAsked: isAsked || ask.busy, begin };
}
