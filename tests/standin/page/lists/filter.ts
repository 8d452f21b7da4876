/** What a list shows, kept in the address. */
import { useCallback, useMemo } from "react";
import { useHistory, useLocation } from "react-router-dom";

export type DisplayMode = "grid" | "list";

export interface ListFilter {
  q: string;
  page: number;
  perPage: number;
  sort: string;
  direction: "ASC" | "DESC";
  display: DisplayMode;
  zoom: number;
  /** Ids that something must have. */
  tag: string;
  performer: string;
  studio: string;
}

export type ChangeFilter = (change: Partial<ListFilter>) => void;

export const PAGE_SIZES = [20, 40, 60, 120, 250, 500];

const NAMES: Record<keyof ListFilter, string> = {
  q: "q",
  page: "p",
  perPage: "perPage",
  sort: "sortby",
  direction: "sortdir",
  display: "disp",
  zoom: "z",
  tag: "tag",
  performer: "performer",
  studio: "studio",
};

const BARE: ListFilter = {
  q: "",
  page: 1,
  perPage: 40,
  sort: "",
  direction: "ASC",
  display: "grid",
  zoom: 1,
  tag: "",
  performer: "",
  studio: "",
};

export function readFilter(search: string, defaults: Partial<ListFilter>): ListFilter {
  const given = new URLSearchParams(search);
  const whole = { ...BARE, ...defaults };
  const number = (name: keyof ListFilter, least: number, standard: number) => {
    const value = given.has(NAMES[name]) ? Number(given.get(NAMES[name])) : Number.NaN;
    return Number.isFinite(value) && value >= least ? value : standard;
  };
  const text = (name: keyof ListFilter, standard: string) => given.get(NAMES[name]) ?? standard;
  return {
    q: text("q", whole.q),
    page: number("page", 1, whole.page),
    perPage: number("perPage", 1, whole.perPage),
    sort: text("sort", whole.sort),
    direction: text("direction", whole.direction.toLowerCase()).toUpperCase() === "DESC" ? "DESC" : "ASC",
    display: text("display", whole.display === "list" ? "1" : "0") === "1" ? "list" : "grid",
    zoom: number("zoom", 0, whole.zoom),
    tag: text("tag", whole.tag),
    performer: text("performer", whole.performer),
    studio: text("studio", whole.studio),
  };
}

export function writeFilter(filter: ListFilter, defaults: Partial<ListFilter>): string {
  const standard = { ...BARE, ...defaults };
  const found = new URLSearchParams();
  for (const name of Object.keys(NAMES) as (keyof ListFilter)[]) {
    if (filter[name] === standard[name]) continue;
    const value = name === "display" ? (filter.display === "list" ? "1" : "0") : String(filter[name]).toLowerCase();
    found.set(NAMES[name], name === "q" ? filter.q : value);
  }
  return found.toString();
}

/** The filter of the address, and how to change it: any change but of the page itself goes back to the first page. */
export function useListFilter(defaults: Partial<ListFilter>): [ListFilter, ChangeFilter] {
  const { search, pathname } = useLocation();
  const history = useHistory();
  // biome-ignore lint/correctness/useExhaustiveDependencies: defaults are constants, written where they are used.
  const filter = useMemo(() => readFilter(search, defaults), [search]);
  const change = useCallback<ChangeFilter>(
    (change) => {
      const keepsPage = "page" in change || "zoom" in change || "display" in change;
      const next = { ...filter, ...(keepsPage ? {} : { page: 1 }), ...change };
      history.push({ pathname, search: writeFilter(next, defaults) });
    },
    [filter, history, pathname, defaults],
  );
  return [filter, change];
}

/** As the API takes it. */
export function findFilter({ q, page, perPage, sort, direction }: ListFilter) {
  return { q, page, per_page: perPage, sort, direction };
}

/** The criteria of the address. */
export function criteria({ tag, performer, studio }: ListFilter) {
  const has = (id: string) => (id ? { value: [id], modifier: "INCLUDES_ALL" } : undefined);
  return {
    tags: has(tag),
    performers: has(performer),
    studios: studio ? { value: [studio], modifier: "INCLUDES" } : undefined,
  };
}
