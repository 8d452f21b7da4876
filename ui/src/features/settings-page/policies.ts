/** The policy table as values: what is stored, what is changed but not saved, what is shown. Pure. */
import type { Output } from "../../operations.ts";
import type { MODES, PolicyRow } from "../../schemas/policy.ts";

export type Mode = (typeof MODES)[number];
export type Listed = Output<"policy.list">;
/** Key -> the label's row as it would be saved. */
export type Drafts = ReadonlyMap<string, PolicyRow>;

/** One label. stored: its own values as they are; row: as they would be. */
export interface Line {
  key: string;
  label: string;
  category: string;
  media: number;
  agreed: readonly [number, number];
  stored: PolicyRow;
  row: PolicyRow;
  isChanged: boolean;
}

export const VALUES = [
  "mode",
  "stash_tag",
  "required_s",
  "required_share",
  "marker",
  "min_marker_s",
  "max_gap_s",
  "threshold",
  "scoring",
  "phrasings",
] as const satisfies readonly (keyof PolicyRow)[];

/** Labels are the same in whatever case. */
export function keyOf(label: string): string {
  return label.toLowerCase();
}

/** A row with every value named; what is missing or empty follows the default. */
export function whole(row: PolicyRow): PolicyRow {
  const full: Record<string, unknown> = { label: row.label };
  for (const name of VALUES) {
    const value = row[name];
    full[name] = value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;
  }
  if (full.threshold === null) full.scoring = null;
  return full as PolicyRow;
}

export function isSameRow(one: PolicyRow, other: PolicyRow): boolean {
  return JSON.stringify(whole(one)) === JSON.stringify(whole(other));
}

export function hasOwn(row: PolicyRow): boolean {
  return !isSameRow(row, { label: row.label });
}

export interface Named {
  name: string;
  category: string;
}

/** Every label that was seen, has values of its own or is to have some, and those of the vocabulary. */
export function linesOf(
  { rows, labels }: Pick<Listed, "rows" | "labels">,
  drafts: Drafts,
  vocabulary: readonly Named[] = [],
): Line[] {
  const seen = new Map(labels.map((one) => [keyOf(one.label), one]));
  const stored = new Map(rows.map((row) => [keyOf(row.label), row]));
  const looked = new Map(vocabulary.map((one) => [keyOf(one.name), one]));
  const keys = new Set([...seen.keys(), ...stored.keys(), ...drafts.keys(), ...looked.keys()]);
  return [...keys].map((key) => {
    const about = seen.get(key);
    const draft = drafts.get(key);
    const label = stored.get(key)?.label ?? about?.label ?? draft?.label ?? looked.get(key)?.name ?? key;
    const own = stored.get(key) ?? { label };
    return {
      key,
      label,
      category: about?.category ?? looked.get(key)?.category ?? "",
      media: about?.media ?? 0,
      agreed: about?.agreed ?? [0, 0],
      stored: own,
      row: draft ?? own,
      isChanged: !!draft,
    };
  });
}

/** The drafts with another one, or without it where it says what is stored. */
export function drafted(drafts: Drafts, stored: PolicyRow, row: PolicyRow): Drafts {
  const next = new Map(drafts);
  if (isSameRow(stored, row)) next.delete(keyOf(row.label));
  else next.set(keyOf(row.label), whole(row));
  return next;
}

/** A draft over what is stored now: values that were not changed here stay as somebody else left them. */
export function rebased(draft: PolicyRow, before: PolicyRow, now: PolicyRow): PolicyRow {
  const [from, to] = [whole(before), whole(draft)];
  const changed = VALUES.filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]));
  return whole({ ...now, label: draft.label, ...Object.fromEntries(changed.map((name) => [name, to[name]])) });
}

export const OWN = ["all", "own", "changed"] as const;
export const SORTS = ["label", "mode", "media", "agreed"] as const;

export interface View {
  words: string;
  mode: Mode | "";
  category: string;
  own: (typeof OWN)[number];
  sort: (typeof SORTS)[number];
  isDescending: boolean;
}

export const FIRST_VIEW: View = { words: "", mode: "", category: "", own: "all", sort: "label", isDescending: false };

/** What is shown, in order. Stored values decide, so that no line goes away under the hand that changes it. */
export function shownLines(lines: readonly Line[], view: View, fallback: Mode): Line[] {
  const words = view.words.trim().toLowerCase();
  const modeOf = (line: Line): Mode => line.stored.mode ?? fallback;
  const found = lines.filter(
    (line) =>
      (!words || line.key.includes(words) || (line.row.stash_tag ?? "").toLowerCase().includes(words)) &&
      (!view.mode || modeOf(line) === view.mode || (line.isChanged && line.row.mode === view.mode)) &&
      (!view.category || line.category === view.category) &&
      (view.own === "all" || (view.own === "changed" ? line.isChanged : hasOwn(line.stored) || line.isChanged)),
  );
  const turn = view.isDescending ? -1 : 1;
  const byLabel = (a: Line, b: Line) => a.label.localeCompare(b.label);
  const orders: Record<View["sort"], (a: Line, b: Line) => number> = {
    label: byLabel,
    mode: (a, b) => modeOf(a).localeCompare(modeOf(b)),
    media: (a, b) => a.media - b.media,
    agreed: (a, b) => share(a.agreed) - share(b.agreed) || sum(a.agreed) - sum(b.agreed),
  };
  return found.sort((a, b) => turn * orders[view.sort](a, b) || byLabel(a, b));
}

function sum([yes, no]: readonly [number, number]): number {
  return yes + no;
}

function share(agreed: readonly [number, number]): number {
  return sum(agreed) > 0 ? agreed[0] / sum(agreed) : -1;
}

export function categoriesOf(lines: readonly Line[]): string[] {
  return [...new Set(lines.map(({ category }) => category).filter(Boolean))].sort((a, b) => a.localeCompare(b));
}

/** Some values of many rows, changed at once. */
export function changedRow(row: PolicyRow, change: Partial<PolicyRow>, scoring: string): PolicyRow {
  const next = { ...row, ...change };
  // A threshold means something in its unit only: the one of the model that is in use now.
  if ("threshold" in change && !("scoring" in change)) next.scoring = change.threshold == null ? null : scoring || null;
  return whole(next);
}

/** Thresholds that were set before it was known which model is in use take its unit; `drafts` itself if there are none. */
export function inUnit(drafts: Drafts, rows: readonly PolicyRow[], scoring: string): Drafts {
  const stored = new Map(rows.map((row) => [keyOf(row.label), row]));
  const lacking = [...drafts].filter(
    ([key, { threshold, scoring: unit }]) => threshold != null && !unit && threshold !== stored.get(key)?.threshold,
  );
  if (!scoring || lacking.length === 0) return drafts;
  return new Map([...drafts, ...lacking.map(([key, row]) => [key, { ...row, scoring }] as const)]);
}

/** Phrasings as people write them, a line each. */
export function parsePhrasings(text: string): string[] | null {
  const found = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return found.length > 0 ? found : null;
}
