import { useCallback, useEffect, useRef, useState } from "react";
import { pluginApi } from "../host/pluginApi.ts";
import { type Arguments, call, OperationError, type OperationName, type Output } from "../operations.ts";
import { useText } from "../text/text.ts";
import { sentence } from "./Problem.tsx";

/** Each poll is a process on Stash's machine. */
export const SHORTEST_POLL_S = 3;
/** What happens at once calls for one answer, not for one each. */
const SETTLED_MS = 60;

export interface Asked<Name extends OperationName> {
  /** The newest answer; kept while a newer one is on its way or failed. */
  data: Output<Name> | undefined;
  error: OperationError | undefined;
  loading: boolean;
  /** Ask again now. */
  reload(): void;
}

export interface Asking {
  /** Ask again every so many seconds while the page is visible; 0 for never. At least SHORTEST_POLL_S. */
  every_s?: number;
  /** False: do not ask. */
  enabled?: boolean;
}

/** Ask an operation that only reads: now, when `args` change, and as `asking` says. Ends with the component. */
export function useOperation<Name extends OperationName>(
  name: Name,
  args: Arguments<Name>,
  { every_s = 0, enabled = true }: Asking = {},
): Asked<Name> {
  const [state, setState] = useState<{ key: string; data?: Output<Name>; error?: OperationError }>({ key: "" });
  const [loading, setLoading] = useState(enabled);
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify([name, args]);
  const latest = useRef(args);
  latest.current = args;
  const asked = useRef({ turn, answered_ms: 0 });

  useEffect(() => {
    if (!enabled) {
      setLoading(false);
      return;
    }
    const controller = new AbortController();
    const ask = async () => {
      try {
        const data = await call(name, latest.current, controller.signal);
        if (!controller.signal.aborted) setState({ key, data });
      } catch (error) {
        if (controller.signal.aborted) return;
        const failure = asError(error, name);
        setState((before) => ({ key, error: failure, ...(before.key === key && { data: before.data }) }));
      } finally {
        if (!controller.signal.aborted) {
          asked.current.answered_ms = Date.now();
          setLoading(false);
        }
      }
    };
    setLoading(true);
    const isAgain = asked.current.turn !== turn;
    asked.current.turn = turn;
    const timer = window.setTimeout(ask, isAgain ? SETTLED_MS : 0);
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, [name, key, enabled, turn]);

  const reload = useCallback(() => setTurn((before) => before + 1), []);
  useEffect(() => {
    if (!enabled || loading || every_s <= 0) return;
    const controller = new AbortController();
    // A hidden page asks nothing; shown again, it asks at once.
    const tick = () => {
      if (document.visibilityState === "visible") reload();
      else document.addEventListener("visibilitychange", tick, { once: true, signal: controller.signal });
    };
    const due_ms = asked.current.answered_ms + Math.max(every_s, SHORTEST_POLL_S) * 1000;
    const timer = window.setTimeout(tick, Math.max(due_ms - Date.now(), 0));
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, [enabled, loading, every_s, reload]);

  const current = state.key === key;
  return { data: current ? state.data : undefined, error: current ? state.error : undefined, loading, reload };
}

/**
 * Something that the owner asks for: `run` rejects never, `busy` says that it is under way. Who has left meanwhile is told
 * of a failure by a toast.
 */
export function useAction<Args extends unknown[], Result>(
  action: (...args: Args) => Promise<Result>,
  onError: (error: OperationError) => void,
): { run: (...args: Args) => Promise<Result | undefined>; busy: boolean } {
  const [busy, setBusy] = useState(false);
  const toast = pluginApi().hooks.useToast();
  const text = useText();
  const latest = useRef({ action, onError, toast, text });
  latest.current = { action, onError, toast, text };
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const run = useCallback(async (...args: Args) => {
    setBusy(true);
    try {
      return await latest.current.action(...args);
    } catch (error) {
      const { onError, toast, text } = latest.current;
      const failure = asError(error, "");
      if (alive.current) onError(failure);
      else toast.error(sentence(text, failure));
      return undefined;
    } finally {
      if (alive.current) setBusy(false);
    }
  }, []);
  return { run, busy };
}

function asError(error: unknown, name: string): OperationError {
  if (error instanceof OperationError) return error;
  return new OperationError("unexpected", name, error instanceof Error ? error.message : String(error));
}
