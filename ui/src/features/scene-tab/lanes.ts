/** What was seen in a scene, a lane per tag, and per person. Pure. */
import type { Analysis, Span } from "../../schemas/analysis.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import type { Person } from "../../shared/people/seen.ts";

/** suggested: waits for its owner. accepted: is or comes in Stash. seen: neither, and only shown. */
export type Standing = "suggested" | "accepted" | "seen";

export interface Lane {
  /** A tag's label, or a person's id. */
  id: string;
  label: string;
  category: string;
  standing: Standing;
  /** Total length of the spans. */
  seconds: number;
  /** By time. */
  spans: readonly Span[];
  /** Who it is the lane of; undefined of a tag. */
  person?: Person;
}

const RANK: Record<Standing, number> = { suggested: 0, accepted: 1, seen: 2 };

/** Suggestions first, then what is accepted, then the rest; within each what was seen longest. */
export function lanesOf(analysis: Pick<Analysis, "spans">, suggestions: readonly Suggestion[]): Lane[] {
  const byLabel = new Map<string, Span[]>();
  for (const span of analysis.spans) {
    const known = byLabel.get(span.label);
    if (known) known.push(span);
    else byLabel.set(span.label, [span]);
  }
  const standings = standingsOf(suggestions);
  const lanes = [...byLabel].map(([label, spans]) => ({
    id: label,
    label,
    category: spans[0]?.category ?? "",
    standing: standings.get(label) ?? "seen",
    seconds: spans.reduce((total, span) => total + span.end_s - span.start_s, 0),
    spans: spans.sort((a, b) => a.start_s - b.start_s),
  }));
  return lanes.sort(
    (a, b) => RANK[a.standing] - RANK[b.standing] || b.seconds - a.seconds || a.label.localeCompare(b.label),
  );
}

function standingsOf(suggestions: readonly Suggestion[]): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const one of suggestions) {
    if (one.type === "performer") continue;
    if (one.state === "pending") standings.set(one.label, "suggested");
    else if ((one.state === "accepted" || one.state === "applied") && !standings.has(one.label)) {
      standings.set(one.label, "accepted");
    }
  }
  return standings;
}

/** Lanes whose label or category holds each of the words. */
export function withWords(lanes: readonly Lane[], words: string): readonly Lane[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return lanes;
  return lanes.filter((lane) => {
    const text = `${lane.label} ${lane.category}`.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Lowest and highest score of all spans: scores rank within one model, and only so. */
export function scoreRange(spans: readonly Pick<Span, "score">[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { score } of spans) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Where a lane's span lies that is on screen at a moment, else the nearest one; -1 for none. */
export function nearestSpan(spans: readonly Pick<Span, "start_s" | "end_s">[], at_s: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [n, span] of spans.entries()) {
    const away = at_s < span.start_s ? span.start_s - at_s : Math.max(0, at_s - span.end_s);
    if (away < least) [best, least] = [n, away];
  }
  return best;
}
