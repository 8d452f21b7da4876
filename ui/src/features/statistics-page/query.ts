/** What the page shows, as the query of its address. Pure. */
import { SOURCES, type Source } from "../../schemas/history.ts";

export const WEEKS = [13, 26, 52, 104, 260] as const;

export interface Query {
  weeks: (typeof WEEKS)[number];
  source: Source;
}

export const DEFAULTS: Query = { weeks: 26, source: "plugin+stash" };

export function parseQuery(search: string): Query {
  const given = new URLSearchParams(search);
  return {
    weeks: WEEKS.find((one) => String(one) === given.get("weeks")) ?? DEFAULTS.weeks,
    source: SOURCES.find((one) => one === given.get("source")) ?? DEFAULTS.source,
  };
}

/** "" or "?…"; what is as it is by default is left out. */
export function formatQuery(query: Query): string {
  const out = new URLSearchParams();
  if (query.weeks !== DEFAULTS.weeks) out.set("weeks", String(query.weeks));
  if (query.source !== DEFAULTS.source) out.set("source", query.source);
  const text = out.toString();
  return text && `?${text}`;
}
