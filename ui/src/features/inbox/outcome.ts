/** Decisions as the plugin carries them out, and what came of them. */
import { call } from "../../operations.ts";
import type { Where } from "../../schemas/suggestions.ts";
import type { Verdict } from "./ledger.ts";

/** ids: what was decided; what others had decided before is not among them. queued: media that are written later, by a job. failed: sentences on what Stash refused. */
export interface Outcome {
  verdict: Verdict;
  count: number;
  ids: readonly number[];
  queued: number;
  failed: readonly string[];
}

/** Each request is a run of its own in the plugin's records. */
const MOST_UNDONE = 5000;

export const nothingYet = (verdict: Verdict): Outcome => ({ verdict, count: 0, ids: [], queued: 0, failed: [] });

/** These, in one request. Rejects with OperationError if nothing was done. */
export async function decideThese(verdict: Verdict, ids: readonly number[]): Promise<Outcome> {
  const asked = { ids: [...ids] };
  if (verdict === "accept") {
    const { accepted, written, queued, ids: done } = await call("suggestions.accept", asked);
    return { verdict, count: accepted, ids: done, queued, failed: sentences(written) };
  }
  if (verdict === "reject") {
    const { rejected, failed, ids: done } = await call("suggestions.reject", asked);
    return { verdict, count: rejected, ids: done, queued: 0, failed: texts(failed) };
  }
  const { failed, queued } = await call("suggestions.undo", asked);
  return { verdict, count: ids.length, ids, queued, failed: texts(failed) };
}

/**
 * All that wait and that `where` means, in as many requests as the plugin wants. Never rejects: what was done before
 * something failed is in the outcome.
 */
export async function decideAll(
  verdict: "accept" | "reject",
  where: Where,
  onProgress: (done: number) => void,
): Promise<{ outcome: Outcome; error?: unknown }> {
  let all = nothingYet(verdict);
  try {
    for (;;) {
      const { one, left } = await part(verdict, where);
      all = added(all, one);
      onProgress(all.count);
      // Without progress there would be no end.
      if (left === 0 || one.ids.length === 0) return { outcome: all };
    }
  } catch (error) {
    return { outcome: all, error };
  }
}

async function part(verdict: "accept" | "reject", where: Where): Promise<{ one: Outcome; left: number }> {
  if (verdict === "accept") {
    const { accepted, written, queued, ids, left } = await call("suggestions.accept", { where });
    return { one: { verdict, count: accepted, ids, queued, failed: sentences(written) }, left };
  }
  const { rejected, failed, ids, left } = await call("suggestions.reject", { where });
  return { one: { verdict, count: rejected, ids, queued: 0, failed: texts(failed) }, left };
}

/** Take decisions back, however many. Rejects with OperationError; what came before is done. */
export async function undoThese(ids: readonly number[]): Promise<Outcome> {
  let all = nothingYet("undo");
  for (let at = 0; at < ids.length; at += MOST_UNDONE) {
    all = added(all, await decideThese("undo", ids.slice(at, at + MOST_UNDONE)));
  }
  return all;
}

export function added(a: Outcome, b: Outcome): Outcome {
  return {
    verdict: a.verdict,
    count: a.count + b.count,
    ids: [...a.ids, ...b.ids],
    queued: Math.max(a.queued, b.queued),
    failed: [...a.failed, ...b.failed],
  };
}

function sentences(written: unknown): string[] {
  const failed = written && typeof written === "object" && "failed" in written ? written.failed : [];
  return Array.isArray(failed) ? texts(failed) : [];
}

function texts(failed: readonly unknown[]): string[] {
  return failed.filter((one) => typeof one === "string");
}
