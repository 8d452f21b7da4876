import { useCallback, useMemo } from "react";
import { useHistory, useLocation } from "react-router-dom";
import { formatQuery, parseQuery, type Query } from "./query.ts";

export type ChangeQuery = (change: Partial<Query>, how?: "push" | "replace") => void;

/** The query of the address, and the way to change it. */
export function useQuery(): [Query, ChangeQuery] {
  const history = useHistory();
  const { search } = useLocation();
  const query = useMemo(() => parseQuery(search), [search]);
  const change = useCallback<ChangeQuery>(
    (change, how = "push") => {
      const next = { ...parseQuery(history.location.search), ...change };
      history[how]({ pathname: history.location.pathname, search: formatQuery(next) });
    },
    [history],
  );
  return [query, change];
}
