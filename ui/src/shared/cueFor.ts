import type { Suggestion } from "../schemas/suggestions.ts";
import { type Cue, cueAt } from "./vtt.ts";

/** The cue whose picture shows a suggestion best. A cue's picture is of its beginning, so that counts. Pure. */
export function cueFor(
  cues: readonly Cue[],
  row: Pick<Suggestion, "type" | "peak_s" | "start_s" | "end_s">,
): Cue | undefined {
  const before = cueAt(cues, row.peak_s);
  if (!before || before.start_s >= row.peak_s) return before;
  const next = cues[cues.indexOf(before) + 1];
  if (!next) return before;
  const isWithin = (cue: Cue) => cue.start_s >= row.start_s && cue.start_s < row.end_s;
  if (row.type === "marker" && isWithin(before) !== isWithin(next)) return isWithin(before) ? before : next;
  // A peak is often the very first moment of what is seen: what comes behind it shows it rather than what was before.
  return next.start_s - row.peak_s < 2 * (row.peak_s - before.start_s) ? next : before;
}
