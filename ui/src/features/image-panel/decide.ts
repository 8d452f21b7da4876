import * as v from "valibot";
import { call } from "../../operations.ts";

/** Sentences on what Stash refused. */
const refusals = v.fallback(v.object({ failed: v.array(v.string()) }), { failed: [] });

/** Accept or reject a suggestion. Returns what Stash refused. Raises OperationError. */
export async function decide(id: number, accept: boolean): Promise<readonly string[]> {
  if (!accept) return v.parse(refusals, await call("suggestions.reject", { ids: [id] })).failed;
  return v.parse(refusals, (await call("suggestions.accept", { ids: [id] })).written).failed;
}

/** Take the decision back. */
export async function undecide(id: number): Promise<readonly string[]> {
  return v.parse(refusals, await call("suggestions.undo", { ids: [id] })).failed;
}
