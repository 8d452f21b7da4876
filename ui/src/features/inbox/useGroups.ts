import { useCallback, useEffect, useRef, useState } from "react";
import { call, OperationError } from "../../operations.ts";
import { type Group, inOrderOf, toGroups } from "./groups.ts";
import { filterOf, type Query } from "./query.ts";

/** More are not listed; words find the others. */
export const MOST_GROUPS = 1000;

interface State {
  key: string;
  groups?: readonly Group[];
  error?: OperationError;
  asked_ms: number;
}

export interface Groups {
  groups: readonly Group[] | undefined;
  /** When the plugin was asked for them. */
  asked_ms: number;
  error: OperationError | undefined;
  loading: boolean;
  reload(): void;
}

/** The groups of what the query means, in the order in which they came first. */
export function useGroups(query: Query): Groups {
  const args = { by: query.by, limit: MOST_GROUPS, state: query.state, ...filterOf(query) };
  const key = JSON.stringify(args);
  const [state, setState] = useState<State>({ key: "", asked_ms: 0 });
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const latest = useRef(args);
  latest.current = args;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the arguments, `turn` for a reload.
  useEffect(() => {
    const controller = new AbortController();
    const asked_ms = Date.now();
    const { by, state: decision, ...filter } = latest.current;
    setLoading(true);
    call(
      "suggestions.groups",
      { by, ...(decision !== "pending" && { states: [decision] }), ...filter },
      controller.signal,
    )
      .then(({ groups }) => {
        if (controller.signal.aborted) return;
        const found = toGroups(by, groups);
        setState((before) => ({
          key,
          asked_ms,
          groups: before.key === key ? inOrderOf(before.groups ?? [], found) : found,
        }));
      })
      .catch((error: unknown) => {
        if (controller.signal.aborted || !(error instanceof OperationError)) return;
        setState((before) => (before.key === key ? { ...before, error } : { key, asked_ms, error }));
      })
      .finally(() => {
        if (!controller.signal.aborted) setLoading(false);
      });
    return () => controller.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const current = state.key === key;
  return {
    groups: current ? state.groups : undefined,
    asked_ms: state.asked_ms,
    error: current ? state.error : undefined,
    loading,
    reload,
  };
}
