import { useEffect } from "react";
import { useHistory } from "react-router-dom";
import type { Arguments, Output } from "../../operations.ts";
import { type Asked, useOperation } from "../useOperation.ts";

const MOST_KEPT = 12;
/** What was shown lately, by its question. */
const kept = new Map<string, Output<"recommend.query">>();

/**
 * Ask for recommendations. Who goes back finds what was there: the same scenes, at once. reload() forgets all that was
 * shown, for something is otherwise now.
 */
export function useRanking(args: Arguments<"recommend.query">, enabled = true): Asked<"recommend.query"> {
  const key = JSON.stringify(args);
  const isBack = useHistory().action === "POP";
  const known = isBack ? kept.get(key) : undefined;
  const asked = useOperation("recommend.query", args, { enabled: enabled && !known });
  const { data } = asked;
  useEffect(() => {
    if (!data) return;
    kept.delete(key);
    kept.set(key, data);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
  }, [key, data]);
  return {
    ...asked,
    data: data ?? known,
    loading: asked.loading && !known,
    reload: () => {
      kept.clear();
      asked.reload();
    },
  };
}
