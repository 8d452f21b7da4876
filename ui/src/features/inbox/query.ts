/** What the inbox shows, as the query of its address: a reload, a bookmark and the browser's back button keep it. Pure. */

import { KINDS, type Kind } from "../../schemas/common.ts";
import { type ListedSuggestion, TYPES, type Where } from "../../schemas/suggestions.ts";
import { mediumKey, parseMedium } from "../../shared/mediumKey.ts";

export const GROUPINGS = ["label", "medium", "run"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const STATES = ["pending", "accepted", "applied", "rejected"] as const;
export type State = (typeof STATES)[number];
export const ORDERS = ["score", "newest", "medium"] as const;
export type Order = (typeof ORDERS)[number];
export const VIEWS = ["list", "cards"] as const;

/** group: key of the group that is open, ALL for no group, "" while none was chosen. order "": what suits the grouping. */
export interface Query {
  by: Grouping;
  group: string;
  kind: Kind | "";
  type: (typeof TYPES)[number] | "";
  words: string;
  min: number | undefined;
  state: State;
  order: Order | "";
  view: (typeof VIEWS)[number] | "";
  /** Words in the names of groups. */
  find: string;
}

/** No label is called so: labels hold no line breaks. */
export const ALL = "*\n";
const ALL_SHOWN = "all";
const LABEL = "label:";

export const DEFAULTS: Query = {
  by: "label",
  group: "",
  kind: "",
  type: "",
  words: "",
  min: undefined,
  state: "pending",
  order: "",
  view: "",
  find: "",
};

export function parseQuery(search: string): Query {
  const given = new URLSearchParams(search);
  const one = <Value extends string>(name: string, allowed: readonly Value[], otherwise: Value | ""): Value | "" => {
    const value = given.get(name);
    return allowed.find((known) => known === value) ?? otherwise;
  };
  const min = given.get("min");
  return {
    by: one("by", GROUPINGS, "label") || "label",
    group: groupOf(given.get("group") ?? ""),
    kind: one("kind", KINDS, ""),
    type: one("type", TYPES, ""),
    words: given.get("words") ?? "",
    min: min !== null && min.trim() !== "" && Number.isFinite(Number(min)) ? Number(min) : undefined,
    state: one("state", STATES, "pending") || "pending",
    order: one("order", ORDERS, ""),
    view: one("view", VIEWS, ""),
    find: given.get("find") ?? "",
  };
}

/** The query's text, "" or "?…"; what is as it is by default is left out. */
export function formatQuery(query: Query): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [keyof Query, Query[keyof Query]][]) {
    if (value === undefined || value === DEFAULTS[name]) continue;
    out.set(name, name === "group" ? shownGroup(query.group) : String(value));
  }
  const text = out.toString();
  return text && `?${text}`;
}

// A tag may be called "all" too.
function shownGroup(group: string): string {
  if (group === ALL) return ALL_SHOWN;
  return group === ALL_SHOWN || group.startsWith(LABEL) ? LABEL + group : group;
}

function groupOf(shown: string): string {
  if (shown === ALL_SHOWN) return ALL;
  return shown.startsWith(LABEL) ? shown.slice(LABEL.length) : shown;
}

/** What changes when the owner groups anew: groups of one kind are none of another. */
export function regrouped(query: Query, by: Grouping): Query {
  return { ...query, by, group: "", order: "", find: "" };
}

/** The group to show once filters or state are others: the same where it still is one of these, else the first. */
export function groupWithin(group: string, groups: readonly string[]): string {
  return group === ALL || groups.includes(group) ? group : (groups[0] ?? "");
}

/** How many filters are set beside the group. */
export function filtersOf(query: Query): number {
  return [query.kind, query.type, query.words.trim(), query.min !== undefined].filter(Boolean).length;
}

export function withoutFilters(query: Query): Query {
  return { ...query, kind: "", type: "", words: "", min: undefined };
}

export function orderOf(query: Query): Order {
  if (query.order) return query.order;
  if (query.state !== "pending") return "newest";
  return query.by === "medium" && query.group && query.group !== ALL ? "medium" : "score";
}

/** The filters without the group: what groups are asked with. */
export function filterOf(query: Query): Pick<Where, "kind" | "type" | "words" | "min_score"> {
  return {
    ...(query.kind && { kind: query.kind }),
    ...(query.type && { type: query.type }),
    ...(query.words.trim() && { words: query.words.trim() }),
    ...(query.min !== undefined && { min_score: query.min }),
  };
}

/** Filters and group: what rows are asked with. */
export function whereOf(query: Query): Where {
  const filter: Where = filterOf(query);
  if (!query.group || query.group === ALL) return filter;
  if (query.by === "label") return { ...filter, label: query.group };
  if (query.by === "run") return { ...filter, run_id: Number(query.group) || 0 };
  const medium = parseMedium(query.group);
  return medium ? { ...filter, ...medium } : filter;
}

/** Key of the group that a suggestion is in. */
export function groupOfRow(
  by: Grouping,
  row: Pick<ListedSuggestion, "label" | "kind" | "media_id" | "run_id">,
): string {
  if (by === "label") return row.label;
  return by === "run" ? String(row.run_id) : mediumKey(row.kind, row.media_id);
}

/** Whether a row is one of those that `where` means. */
export function matches(where: Where, row: ListedSuggestion): boolean {
  return (
    (where.label === undefined || where.label === row.label) &&
    (where.kind === undefined || where.kind === row.kind) &&
    (where.media_id === undefined || where.media_id === row.media_id) &&
    (where.run_id === undefined || where.run_id === row.run_id) &&
    (where.type === undefined || where.type === row.type) &&
    (where.min_score === undefined || row.score >= where.min_score) &&
    (where.up_to_id === undefined || row.id <= where.up_to_id) &&
    (where.words === undefined || row.label.toLowerCase().includes(where.words.toLowerCase()))
  );
}
