import { useCallback, useMemo, useRef } from "react";
import { useHistory, useLocation } from "react-router-dom";
import { formatQuery, parseQuery, type Query } from "./query.ts";

export type ChangeQuery = (change: Partial<Query>, how?: "push" | "replace") => void;

/** What the address says, and how to change it: "push" for what the back button shall take back. */
export function useQuery(): [Query, ChangeQuery] {
  const history = useHistory();
  const { search, pathname } = useLocation();
  const query = useMemo(() => parseQuery(search), [search]);
  const latest = useRef({ query, pathname });
  latest.current = { query, pathname };
  const change = useCallback<ChangeQuery>(
    (some, how = "replace") => {
      const next = { ...latest.current.query, ...some };
      // Two changes within one turn: the second knows of the first.
      latest.current.query = next;
      history[how]({ pathname: latest.current.pathname, search: formatQuery(next) });
    },
    [history],
  );
  return [query, change];
}
