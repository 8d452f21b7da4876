/** What the page shows, as the query of its address. Pure. */

export const TABS = ["unknown", "known"] as const;
export type Tab = (typeof TABS)[number];
export const ORDERS = ["scenes", "seconds", "newest"] as const;
export type Order = (typeof ORDERS)[number];

/** group, person: what is open, "" for none. */
export interface Query {
  tab: Tab;
  order: Order;
  ignored: boolean;
  words: string;
  group: string;
  person: string;
}

export const DEFAULTS: Query = { tab: "unknown", order: "scenes", ignored: false, words: "", group: "", person: "" };

export function parseQuery(search: string): Query {
  const given = new URLSearchParams(search);
  const person = given.get("person") ?? "";
  return {
    tab: TABS.find((one) => one === given.get("tab")) ?? (person ? "known" : "unknown"),
    order: ORDERS.find((one) => one === given.get("order")) ?? "scenes",
    ignored: given.get("ignored") === "true",
    words: given.get("words") ?? "",
    group: given.get("group") ?? "",
    person,
  };
}

/** "" or "?…"; what is as it is by default is left out. */
export function formatQuery(query: Query): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [keyof Query, string | boolean][]) {
    if (value !== DEFAULTS[name]) out.set(name, String(value));
  }
  const text = out.toString();
  return text && `?${text}`;
}
