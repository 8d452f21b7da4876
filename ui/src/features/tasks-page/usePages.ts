import { useCallback, useEffect, useRef, useState } from "react";
import { OperationError } from "../../operations.ts";
import { headSize, type Pages, type Row, withHead, withOlder } from "./pages.ts";

export const PAGE = 50;
/** As many as the plugin answers with. */
const MOST = 500;

interface Page {
  limit: number;
  before_id?: number;
}

type Join<One extends Row> = (known: Pages<One> | undefined, rows: readonly One[]) => Pages<One>;

export interface Paged<One extends Row> {
  /** undefined: not known yet. */
  rows: readonly One[] | undefined;
  hasMore: boolean;
  isLoading: boolean;
  error: OperationError | undefined;
  more(): void;
  reload(): void;
}

/** What is another when rows may have changed: `seen` by itself, `acted` by what the owner did here. */
export interface Pulse {
  seen: string;
  acted: number;
}

/**
 * Rows of `ask`, the newest first. Asked when `key` changes and when the pulse does: at most every `pause_ms`, or at
 * once for what the owner did.
 */
export function usePages<One extends Row>(
  key: string,
  ask: (page: Page, signal: AbortSignal) => Promise<readonly One[]>,
  pulse: Pulse,
  pause_ms: number,
): Paged<One> {
  const [state, setState] = useState<{ key: string; pages?: Pages<One>; error?: OperationError }>({ key });
  const [isLoading, setLoading] = useState(true);
  const current = state.key === key ? state : { key };
  const latest = useRef({ ask, pages: current.pages, loaded_ms: 0 });
  latest.current.ask = ask;
  latest.current.pages = current.pages;

  // One question after the other, so that no older answer comes behind a newer one.
  const line = useRef<{ signal: AbortSignal; last: Promise<void> }>();
  const load = useCallback(
    (next: (before: Pages<One> | undefined) => { page: Page; join: Join<One> } | undefined) => {
      const waiting = line.current;
      if (!waiting) return;
      const { signal } = waiting;
      waiting.last = waiting.last.then(async () => {
        const step = signal.aborted ? undefined : next(latest.current.pages);
        if (!step) return;
        setLoading(true);
        try {
          const rows = await latest.current.ask(step.page, signal);
          if (!signal.aborted) setState({ key, pages: step.join(latest.current.pages, rows) });
        } catch (problem) {
          if (signal.aborted) return;
          const error =
            problem instanceof OperationError ? problem : new OperationError("unexpected", "", String(problem));
          setState((before) => ({ key, error, ...(before.key === key && { pages: before.pages }) }));
        }
        if (signal.aborted) return;
        latest.current.loaded_ms = Date.now();
        setLoading(false);
      });
    },
    [key],
  );
  const reload = useCallback(
    () =>
      load((before) => {
        const limit = headSize(before?.rows.length ?? 0, PAGE, MOST);
        return { page: { limit }, join: (known, rows) => withHead(known, rows, limit) };
      }),
    [load],
  );
  const more = useCallback(
    () =>
      load((before) => {
        const before_id = before?.rows[before.rows.length - 1]?.id;
        if (before_id === undefined) return undefined;
        return {
          page: { limit: PAGE, before_id },
          join: (known, rows) => withOlder(known ?? { rows: [], hasMore: true }, rows, PAGE),
        };
      }),
    [load],
  );

  useEffect(() => {
    const controller = new AbortController();
    line.current = { signal: controller.signal, last: Promise.resolve() };
    reload();
    return () => controller.abort();
  }, [reload]);

  const { seen, acted } = pulse;
  const known = useRef(pulse);
  useEffect(() => {
    if (known.current.seen === seen && known.current.acted === acted) return;
    const ask = () => {
      known.current = { seen, acted };
      reload();
    };
    if (known.current.acted !== acted) {
      ask();
      return;
    }
    const timer = window.setTimeout(ask, Math.max(0, latest.current.loaded_ms + pause_ms - Date.now()));
    return () => window.clearTimeout(timer);
  }, [seen, acted, pause_ms, reload]);

  return {
    rows: current.pages?.rows,
    hasMore: current.pages?.hasMore ?? false,
    isLoading,
    error: "error" in current ? current.error : undefined,
    more,
    reload,
  };
}
