import { useCallback, useEffect, useRef, useState } from "react";
import { call, OperationError } from "../../operations.ts";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { orderOf, type Query, whereOf } from "./query.ts";

const FIRST = 100;
const FURTHER = 500;
/** Who comes back from a scene within this finds the list as it was. */
const REMEMBERED_MS = 10 * 60_000;

interface State {
  key: string;
  rows: readonly ListedSuggestion[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
  count: number;
  newest_id: number;
  asked_ms: number;
  error?: OperationError;
}

export interface Rows {
  /** undefined while the first page is on its way. */
  rows: readonly ListedSuggestion[] | undefined;
  /** How many there were in all when the first page was asked for. */
  count: number;
  /** The newest of all suggestions at that time; 0 while unknown. */
  newest_id: number;
  asked_ms: number;
  isWhole: boolean;
  loading: boolean;
  error: OperationError | undefined;
  more(): void;
  reload(): void;
}

let remembered: { state: State; at_ms: number } | undefined;

/** Rows of what the query means, page by page. `isGone`: rows that need not be remembered when the page is left. */
export function useRows(query: Query, enabled: boolean, isGone: (id: number) => boolean): Rows {
  const args = { states: [query.state], order: orderOf(query), ...whereOf(query) };
  const key = JSON.stringify(args);
  const [state, setState] = useState<State | undefined>(() => recall(key));
  const [loading, setLoading] = useState(false);
  const [turn, setTurn] = useState(0);
  const latest = useRef({ args, key, state, isGone });
  latest.current = { args, key, state, isGone };
  const controller = useRef<AbortController>();
  const isRecalled = useRef(state !== undefined);

  const ask = useCallback(async (after: string | null) => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const { args: asked, key: its } = latest.current;
    const asked_ms = Date.now();
    setLoading(true);
    try {
      const page = await call(
        "suggestions.list",
        { ...asked, limit: after ? FURTHER : FIRST, ...(after && { after }) },
        own.signal,
      );
      if (own.signal.aborted) return;
      setState((before) =>
        after && before?.key === its
          ? { ...before, rows: joined(before.rows, page.suggestions), next: page.next, error: undefined }
          : {
              key: its,
              rows: page.suggestions,
              next: page.next,
              count: page.count,
              newest_id: page.newest_id,
              asked_ms,
            },
      );
    } catch (error) {
      if (own.signal.aborted) return;
      const problem = error instanceof OperationError ? error : new OperationError("unexpected", "", String(error));
      const none = { key: its, rows: [], next: null, count: 0, newest_id: 0, asked_ms };
      setState((before) => ({ ...(before?.key === its ? before : none), error: problem }));
    } finally {
      if (!own.signal.aborted) setLoading(false);
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the arguments, `turn` for a reload.
  useEffect(() => {
    if (!enabled) return;
    if (isRecalled.current && turn === 0) isRecalled.current = false;
    else void ask(null);
    return () => controller.current?.abort();
  }, [key, turn, enabled, ask]);

  useEffect(
    () => () => {
      const { state: last, isGone: gone } = latest.current;
      if (!last || last.error) return;
      const rows = last.rows.filter((row) => !gone(row.id));
      const count = last.count - (last.rows.length - rows.length);
      remembered = { state: { ...last, rows, count }, at_ms: Date.now() };
    },
    [],
  );

  const current = enabled && state?.key === key ? state : undefined;
  return {
    rows: current && (current.rows.length > 0 || !current.error) ? current.rows : undefined,
    count: current?.count ?? 0,
    newest_id: current?.newest_id ?? 0,
    asked_ms: current?.asked_ms ?? 0,
    isWhole: current ? current.next === null : false,
    loading,
    error: current?.error,
    more: useCallback(() => {
      const next = latest.current.state?.next;
      if (next && latest.current.state?.key === latest.current.key) void ask(next);
    }, [ask]),
    reload: useCallback(() => setTurn((before) => before + 1), []),
  };
}

function recall(key: string): State | undefined {
  const found = remembered;
  remembered = undefined;
  return found && found.state.key === key && Date.now() - found.at_ms < REMEMBERED_MS ? found.state : undefined;
}

/** A row that moved between two pages is not there twice. */
function joined(before: readonly ListedSuggestion[], more: readonly ListedSuggestion[]): ListedSuggestion[] {
  const known = new Set(before.map((row) => row.id));
  return [...before, ...more.filter((row) => !known.has(row.id))];
}
