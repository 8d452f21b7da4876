import { useCallback, useEffect, useRef, useState } from "react";
import { call, OperationError } from "../../operations.ts";
import { SHORTEST_POLL_S } from "../../shared/useOperation.ts";
import { type Awaited, hasEnded, isActive, isPicked, type Look, type Medium } from "./work.ts";

export interface Work {
  /** What was last seen of it; undefined where nothing is waited for, or nothing was seen yet. */
  look: Look | undefined;
  isAwaited: boolean;
  error: OperationError | undefined;
  /** The owner asked for it: wait for this batch. */
  begin(batch: number): void;
  /** Look now. */
  lookNow(): void;
}

/** Between looks while Stash itself is busy with something else: nothing of ours can happen then. */
const WHILE_BUSY_S = 15;

/**
 * Follow a scene's analysis through the queue: while it waits or works and the page is visible, no process oftener
 * than every 3 s. `initial` is what is known of it already; `onEnd` is called with the last look.
 */
export function useWork(
  scene_id: number,
  initial: Medium | undefined,
  isStashBusy: boolean,
  onEnd: (last: Look) => void,
): Work {
  const [awaited, setAwaited] = useState<Awaited>();
  const [look, setLook] = useState<Look>();
  const [error, setError] = useState<OperationError>();
  const [turn, setTurn] = useState(0);
  const end = useRef(onEnd);
  end.current = onEnd;
  const isBusy = useRef(isStashBusy);
  isBusy.current = isStashBusy;

  useEffect(() => {
    if (!initial || !isActive(initial.job)) return;
    setAwaited((before) => before ?? { wasActive: true });
    setLook((before) => before ?? { medium: initial });
  }, [initial]);

  useEffect(() => {
    if (!awaited) return;
    const controller = new AbortController();
    const { signal } = controller;
    let timer: number | undefined;
    const tick = () => {
      if (document.visibilityState === "visible") void next();
      else document.addEventListener("visibilitychange", tick, { once: true, signal });
    };
    const next = async () => {
      try {
        const found = await lookAt(scene_id, awaited, signal);
        if (signal.aborted) return;
        setError(undefined);
        if (isActive(found.medium.job)) awaited.wasActive = true;
        if (hasEnded(found, awaited)) {
          setAwaited(undefined);
          setLook(undefined);
          end.current(found);
          return;
        }
        setLook(found);
      } catch (problem) {
        if (signal.aborted) return;
        setError(problem instanceof OperationError ? problem : new OperationError("unexpected", "", String(problem)));
      }
      timer = window.setTimeout(tick, (isBusy.current ? WHILE_BUSY_S : SHORTEST_POLL_S) * 1000);
    };
    timer = window.setTimeout(tick, turn > 0 || awaited.batch !== undefined ? 300 : SHORTEST_POLL_S * 1000);
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, [scene_id, awaited, turn]);

  const begin = useCallback((batch: number) => {
    setAwaited({ batch, wasActive: false });
    setLook(undefined);
    setTurn(0);
  }, []);
  const lookNow = useCallback(() => setTurn((before) => before + 1), []);
  return { look: awaited ? look : undefined, isAwaited: awaited !== undefined, error, begin, lookNow };
}

async function lookAt(scene_id: number, awaited: Awaited, signal: AbortSignal): Promise<Look> {
  const medium = await call("queue.medium", { kind: "scene", id: scene_id }, signal);
  if (awaited.batch === undefined || isPicked(medium, awaited)) return { medium };
  const { jobs } = await call("queue.list", { roots: true, before_id: awaited.batch + 1, limit: 1 }, signal);
  return { medium, batch: jobs[0]?.id === awaited.batch ? jobs[0] : undefined };
}
