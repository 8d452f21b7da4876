/** A level of scores above which all is accepted. Pure. */
import type { Suggestion } from "../../schemas/suggestions.ts";

type Scored = Pick<Suggestion, "id" | "score">;

/** Levels that differ in what lies above them, from all of it upwards. */
export function levelsOf(suggestions: readonly Scored[]): number[] {
  return [...new Set(suggestions.map((one) => one.score))].sort((a, b) => a - b);
}

export function above(suggestions: readonly Scored[], level: number): number[] {
  return suggestions.filter((one) => one.score >= level).map((one) => one.id);
}
