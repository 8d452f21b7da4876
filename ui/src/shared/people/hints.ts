/** Whom to show as perhaps alike, where nobody is sure. Pure. */
import type { Candidate, FaceState } from "../../schemas/people.ts";

export type Point = Pick<FaceState["points"][number], "maybe">;

/** Of the least that makes a maybe: what is alike to less than this says nothing. */
const HINT = 0.75;

/** Those who are worth showing: matches and maybes, and who comes near to a maybe. */
export function hints<One extends Pick<Candidate, "decision" | "similarity">>(
  candidates: readonly One[],
  points: readonly Point[] | undefined,
): readonly One[] {
  const least = leastAlike(points);
  return candidates.filter(({ decision, similarity }) => decision !== "unknown" || similarity >= least);
}

/** The cosine from which on two people are worth comparing; infinite where that is not known. */
export function leastAlike(points: readonly Point[] | undefined): number {
  return points?.length ? HINT * Math.min(...points.map(({ maybe }) => maybe)) : Number.POSITIVE_INFINITY;
}
