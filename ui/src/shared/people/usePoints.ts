import { useOperation } from "../useOperation.ts";
import type { Point } from "./hints.ts";

/** The operating points, for parts of the page that know no more of the state. undefined until they are there. */
export function usePoints(): readonly Point[] | undefined {
  return useOperation("people.state", {}).data?.points;
}
