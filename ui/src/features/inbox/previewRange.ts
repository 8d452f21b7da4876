import type { ListedSuggestion } from "../../schemas/suggestions.ts";

const SHORTEST_S = 2;
const LONGEST_S = 10;

/** What a preview plays: from the moment on, not beyond the marker's end. Pure. */
export function previewRange(row: Pick<ListedSuggestion, "type" | "peak_s" | "start_s" | "end_s">): {
  from_s: number;
  to_s: number;
} {
  const from_s = row.peak_s;
  const end_s = row.type === "marker" ? row.end_s : from_s + LONGEST_S;
  return { from_s, to_s: Math.min(Math.max(end_s, from_s + SHORTEST_S), from_s + LONGEST_S) };
}
