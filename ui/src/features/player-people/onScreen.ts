/** Who is on screen at a moment, and where. Pure. */
import type { Output } from "../../operations.ts";
import type { Box } from "../../schemas/people.ts";
import type { Moment } from "../../shared/people/words.ts";
import { overlap } from "./geometry.ts";

/** Where a track's face was seen: boxes by time. */
export type Marks = Output<"people.on_screen">["marks"][number];

/** A paused picture this far from where the face was seen may show it elsewhere. */
const FAR_S = 1;
/** Faces are looked for at moments: a little beside a span they are still there. */
const BESIDE_S = 0.1;
const SAME_FACE = 0.2;

/**
 * A track's box at a moment: between two marks of one span on the line between them, before the first and behind the
 * last as there. undefined outside of its spans, and while paused far from every mark.
 */
export function boxAt(marks: Marks, spans: readonly Moment[], at_s: number, isPaused: boolean): Box | undefined {
  const span = spans.find(([start_s, end_s]) => at_s >= start_s - BESIDE_S && at_s <= end_s + BESIDE_S);
  if (!span) return undefined;
  const before = lastUpTo(marks.pts_s, at_s);
  const isOf = (n: number) => {
    const pts_s = marks.pts_s[n];
    return pts_s !== undefined && pts_s >= span[0] - BESIDE_S && pts_s <= span[1] + BESIDE_S;
  };
  const [a, b] = [isOf(before) ? before : -1, isOf(before + 1) ? before + 1 : -1];
  const [from, to] = [marks.boxes[a], marks.boxes[b]];
  if (!from && !to) return undefined;
  const away_s = Math.min(...[a, b].filter((n) => n >= 0).map((n) => Math.abs((marks.pts_s[n] ?? 0) - at_s)));
  if (isPaused && away_s > FAR_S) return undefined;
  if (!from || !to) return from ?? to;
  const [start_s, end_s] = [marks.pts_s[a] ?? 0, marks.pts_s[b] ?? 0];
  const share = end_s > start_s ? (at_s - start_s) / (end_s - start_s) : 0;
  return from.map((value, n) => value + ((to[n] ?? value) - value) * share) as Box;
}

function lastUpTo(pts_s: readonly number[], at_s: number): number {
  let low = 0;
  let high = pts_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pts_s[middle] ?? 0) <= at_s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

interface Seen {
  id: string;
  spans: readonly Moment[];
}

/** The track whose face is where a face was found; undefined where there is none. */
export function trackAt<Track extends Seen>(
  tracks: readonly Track[],
  marks: readonly Marks[],
  at_s: number,
  face: Box,
): Track | undefined {
  let best: Track | undefined;
  let most = SAME_FACE;
  for (const track of tracks) {
    const own = marks.find(({ track_id }) => track_id === track.id);
    const box = own && boxAt(own, track.spans, at_s, false);
    const share = box ? overlap(box, face) : 0;
    if (share >= most) [best, most] = [track, share];
  }
  return best;
}
