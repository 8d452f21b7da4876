import { useEffect, useReducer } from "react";
import type { Wanted } from "./wanted.ts";

/** The value of a key while something on screen wants it; undefined while it is on its way, null where there is none. */
export function useWanted<Value>(wanted: Wanted<Value>, key: string | undefined): Value | null | undefined {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => (key === undefined ? undefined : wanted.want(key, again)), [wanted, key]);
  return key === undefined ? null : wanted.get(key);
}
