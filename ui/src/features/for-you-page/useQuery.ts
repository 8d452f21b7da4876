import { useCallback, useMemo } from "react";
import { useHistory, useLocation } from "react-router-dom";
import { formatQuery, parseQuery, type Query } from "./query.ts";

/** trail: cursors of the pages before the one that is gone to, kept by the browser beside the address. */
export type ChangeQuery = (change: Partial<Query>, trail?: readonly string[]) => void;

/** The query of the address, the way to change it, and cursors of the pages before: what was shown is a step back. */
export function useQuery(): [Query, ChangeQuery, readonly string[]] {
  const history = useHistory<unknown>();
  const { search, state } = useLocation<unknown>();
  const query = useMemo(() => parseQuery(search), [search]);
  const change = useCallback<ChangeQuery>(
    (change, trail = []) => {
      const next = { ...parseQuery(history.location.search), ...change };
      history.push({ pathname: history.location.pathname, search: formatQuery(next) }, { trail });
    },
    [history],
  );
  return [query, change, trailOf(state)];
}

function trailOf(state: unknown): readonly string[] {
  const trail = typeof state === "object" && state !== null && "trail" in state ? state.trail : undefined;
  return Array.isArray(trail) && trail.every((one) => typeof one === "string") ? trail : [];
}
