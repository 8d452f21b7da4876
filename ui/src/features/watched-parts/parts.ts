/** What of a scene was watched how often, as places in a lane. Pure. */
import type { Stretch } from "../../schemas/history.ts";

/** left, width: shares of the lane. strength: 0.3 for once to 1 for most often. */
export interface Place {
  left: number;
  width: number;
  strength: number;
  stretch: Stretch;
}

const ONCE = 0.3;
const MOST_FAVOURITES = 3;
/** Shorter ones are where somebody passed by. */
const SHORTEST_S = 5;

export function placesOf(coverage: readonly Stretch[], duration_s: number): Place[] {
  const most = Math.max(...coverage.map(([, , times]) => times), 1);
  const end_s = Math.max(duration_s, ...coverage.map(([, end]) => end));
  return coverage.map((stretch) => {
    const [start, end, times] = stretch;
    return {
      left: start / end_s,
      width: (end - start) / end_s,
      strength: most === 1 ? 1 : ONCE + ((1 - ONCE) * (times - 1)) / (most - 1),
      stretch,
    };
  });
}

/** What was watched oftenest, and more than once: a few, in order of time. */
export function favourites(coverage: readonly Stretch[]): Stretch[] {
  return coverage
    .filter(([start, end, times]) => times > 1 && end - start >= SHORTEST_S)
    .sort(([aStart, aEnd, a], [bStart, bEnd, b]) => b - a || bEnd - bStart - (aEnd - aStart))
    .slice(0, MOST_FAVOURITES)
    .sort(([a], [b]) => a - b);
}
