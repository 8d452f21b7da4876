/** People as lanes of the timeline. Pure. */
import type { Span } from "../../schemas/analysis.ts";
import type { Person } from "../../shared/people/seen.ts";
import type { Moment } from "../../shared/people/words.ts";
import type { Lane } from "./lanes.ts";

/** A person's lane in the timeline. name: what they are called there. */
export function laneOf(person: Person, name: string): Lane {
  return {
    id: person.id,
    label: name,
    category: "",
    standing: "seen",
    seconds: person.seconds,
    spans: spansOf(person.moments, name),
    person,
  };
}

/** Moments as the timeline draws them. */
export function spansOf(moments: readonly Moment[], label: string): Span[] {
  return moments.map(([start_s, end_s]) => ({
    label,
    category: "",
    start_s,
    end_s,
    score: 1,
    peak_s: start_s,
    peak_score: 1,
    start_uncertainty_s: 0,
    end_uncertainty_s: 0,
  }));
}
