import { useCallback, useMemo } from "react";
import { useHistory, useLocation } from "react-router-dom";
import { formatQuery, parseQuery, type Query } from "./query.ts";

export type ChangeQuery = (changes: Partial<Query>) => void;

/** What the address says is shown, and how to change it. */
export function useQuery(): [Query, ChangeQuery] {
  const history = useHistory();
  const { search } = useLocation();
  const query = useMemo(() => parseQuery(search), [search]);
  const change = useCallback<ChangeQuery>(
    (changes) => {
      const next = formatQuery({ ...parseQuery(history.location.search), ...changes });
      if (next !== history.location.search) history.replace({ ...history.location, search: next });
    },
    [history],
  );
  return [query, change];
}
