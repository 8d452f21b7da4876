import { useCallback, useEffect, useRef, useState } from "react";
import { changeStashSettings, loggedErrors, runTask, stashSettings } from "../../host/pluginTask.ts";
import type { StashJob } from "../../host/stashQueue.ts";
import { useText } from "../../text/text.ts";

const TASK = "Set up";
const DESCRIPTION = `Running plugin task: ${TASK}`;
const CONSENT = "installSidecar";

export interface SettingUp {
  isBusy: boolean;
  /** Stash is busy with something else. */
  isWaiting: boolean;
  /** 0 to 1, undefined while unknown. */
  share: number | undefined;
  /** What went wrong, as a sentence. */
  problem: string;
  /** Whether the sidecar may be downloaded; undefined while unknown, or where one elsewhere is set. */
  consent: boolean | undefined;
  setConsent(consent: boolean): void;
  start(): Promise<void>;
}

/**
 * The task *Set up*, followed in Stash's queue. isMissing: nothing works without it, so one of this name in the queue is
 * ours, and what it logs as an error is told. onEnd: when it has ended, well or not.
 */
export function useSetUp(jobs: readonly StashJob[] | undefined, isMissing: boolean, onEnd: () => void): SettingUp {
  const { t } = useText();
  const [asked, setAsked] = useState<string>();
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState("");
  const [consent, setConsent] = useState<boolean>();
  const kept = useRef<boolean>();

  useEffect(() => {
    let isWanted = true;
    stashSettings()
      .then((settings) => {
        if (!isWanted || settings.sidecarAddress) return;
        kept.current = settings[CONSENT] === true;
        setConsent(kept.current);
      })
      .catch(() => undefined); // then it is asked on Stash's page of settings
    return () => {
      isWanted = false;
    };
  }, []);

  const job = jobs?.find(({ id, description }) => id === asked || (isMissing && description === DESCRIPTION));
  const began_ms = useRef<number>();
  const latest = useRef({ onEnd, isMissing });
  latest.current = { onEnd, isMissing };
  const isThere = job !== undefined;
  useEffect(() => {
    if (isThere) {
      began_ms.current ??= Date.now();
      return;
    }
    const since_ms = began_ms.current;
    if (since_ms === undefined) return;
    began_ms.current = undefined;
    setAsked(undefined);
    latest.current.onEnd();
    if (!latest.current.isMissing) return;
    // Stash calls a task that failed finished, and keeps the reason in its log.
    loggedErrors(since_ms)
      .then((errors) => setProblem(errors[errors.length - 1] ?? ""))
      .catch(() => undefined);
  }, [isThere]);

  const start = useCallback(async () => {
    setStarting(true);
    setProblem("");
    began_ms.current = undefined;
    try {
      if (consent !== undefined && consent !== kept.current) {
        await changeStashSettings({ [CONSENT]: consent });
        kept.current = consent;
      }
      setAsked(await runTask(TASK));
    } catch (error) {
      setProblem(t("tasks.setup.failed", { message: error instanceof Error ? error.message : String(error) }));
    } finally {
      setStarting(false);
    }
  }, [consent, t]);

  const share = job?.progress ?? undefined;
  return {
    isBusy: isStarting || isThere,
    isWaiting: job?.status === "READY",
    share: share !== undefined && share > 0 ? share : undefined,
    problem,
    consent,
    setConsent,
    start,
  };
}
