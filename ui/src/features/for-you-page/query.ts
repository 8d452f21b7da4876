/** What the page shows, as the query of its address. Pure. */
import type { Context } from "../../schemas/recommend.ts";

export const VIEWS = ["watch", "go"] as const;
export type View = (typeof VIEWS)[number];

/** by: a recommender, "" for the one that was chosen last. after: a cursor, "" for the beginning. page: its number, for people. */
export interface Query {
  view: View;
  by: string;
  after: string;
  page: number;
}

export const DEFAULTS: Query = { view: "watch", by: "", after: "", page: 1 };
const MOST_PAGES = 10_000;

export function contextOf(view: View): Context {
  return view === "go" ? "prune_candidates" : "global_feed";
}

export function parseQuery(search: string): Query {
  const given = new URLSearchParams(search);
  const after = given.get("after") ?? "";
  const page = Number(given.get("page"));
  return {
    view: VIEWS.find((one) => one === given.get("view")) ?? "watch",
    by: given.get("by") ?? "",
    after,
    page: after && Number.isInteger(page) && page > 1 && page < MOST_PAGES ? page : after ? 2 : 1,
  };
}

/** "" or "?…"; what is as it is by default is left out. */
export function formatQuery(query: Query): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [keyof Query, string | number][]) {
    if (value !== DEFAULTS[name]) out.set(name, String(value));
  }
  const text = out.toString();
  return text && `?${text}`;
}
