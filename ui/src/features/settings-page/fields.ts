/** The settings that the general part edits, as a table. Pure. */
import { KINDS } from "../../schemas/common.ts";
import { MODES } from "../../schemas/policy.ts";
import type { StoredSettings } from "../../schemas/settings.ts";

export type Value = string | number | boolean | readonly string[];
/** Path of a setting in the store, "defaults.required_s", or its key in Stash's settings of the plugin -> value. */
export type Values = Readonly<Record<string, Value>>;

interface Common {
  id: string;
  initial: Value;
}
export type Field = Common &
  (
    | { type: "switch" | "kinds" | "cron" }
    /** Texts, shown with commas between them. */
    | { type: "list" }
    | { type: "text"; pattern?: RegExp; isWide?: boolean }
    | { type: "number"; unit: "s" | "days" | "none"; step?: number }
    /** 0 to 1, shown as per cent. */
    | { type: "share" }
    | { type: "choice"; choices: readonly string[] }
  );

export const WATCHING = [
  { id: "analyse_kinds", type: "kinds", initial: KINDS },
  { id: "interval_s", type: "number", unit: "s", step: 0.25, initial: 4 },
  { id: "refine", type: "choice", choices: ["budget", "full", "none"], initial: "budget" },
  { id: "refine_s", type: "number", unit: "s", step: 0.1, initial: 0.5 },
  { id: "vocabulary", type: "switch", initial: true },
  { id: "gallery_share", type: "share", initial: 0.3 },
  { id: "media_at_once", type: "number", unit: "none", initial: 2 },
] as const satisfies readonly Field[];

export const PEOPLE = [
  { id: "identify_performers", type: "choice", choices: ["suggest", "auto", "off"], initial: "suggest" },
  { id: "performer_maybes", type: "switch", initial: true },
  { id: "performer_gallery_share", type: "share", initial: 0.05 },
  { id: "performer_gallery_images", type: "number", unit: "none", initial: 2 },
  { id: "face_sources", type: "list", initial: ["all"] },
  { id: "box_images", type: "number", unit: "none", initial: 5 },
  { id: "face_model", type: "text", initial: "" },
] as const satisfies readonly Field[];

export const DEFAULTS = [
  { id: "defaults.mode", type: "choice", choices: MODES, initial: "suggest" },
  { id: "defaults.required_s", type: "number", unit: "s", initial: 10 },
  { id: "defaults.required_share", type: "share", initial: 0.2 },
  { id: "defaults.marker", type: "switch", initial: true },
  { id: "defaults.min_marker_s", type: "number", unit: "s", initial: 5 },
  { id: "defaults.max_gap_s", type: "number", unit: "s", initial: 4 },
] as const satisfies readonly Field[];

export const TAGS = [
  { id: "tag_suffix", type: "text", initial: "" },
  { id: "parent_tag", type: "text", initial: "" },
  { id: "workflow_tags.tag_me", type: "text", initial: "AI_TagMe" },
  { id: "workflow_tags.reprocess", type: "text", initial: "AI_Reprocess" },
  { id: "workflow_tags.tagged", type: "text", initial: "AI_Tagged" },
  { id: "workflow_tags.errored", type: "text", initial: "AI_Errored" },
] as const satisfies readonly Field[];

export const SCHEDULE = [
  { id: "nightly_cron", type: "cron", initial: "" },
  { id: "sweep_cron", type: "cron", initial: "" },
  { id: "maintenance_cron", type: "cron", initial: "" },
] as const satisfies readonly Field[];

export const KEPT = [
  { id: "history_days", type: "number", unit: "days", initial: 90 },
  { id: "stash_url", type: "text", isWide: true, initial: "" },
] as const satisfies readonly Field[];

export const RECOMMENDING = [
  { id: "recommend_from", type: "choice", choices: ["both", "ai", "stash"], initial: "both" },
] as const satisfies readonly Field[];

export const PRIVACY = [
  { id: "watch_excluded_tags", type: "list", initial: [] },
  { id: "watch_retention_days", type: "number", unit: "days", initial: 730 },
] as const satisfies readonly Field[];

/** Those that Stash keeps. The switch of watching is with what is kept of it; path mappings have a part of their own. */
export const STASH = [
  { id: "analyseNew", type: "switch", initial: false },
  { id: "ignoreUpdates", type: "switch", initial: false },
  {
    id: "quietHours",
    type: "text",
    pattern: /^$|^\s*([01]?\d|2[0-3]):[0-5]\d\s*-\s*([01]?\d|2[0-3]):[0-5]\d\s*$/,
    initial: "",
  },
  { id: "sidecarAddress", type: "text", pattern: /^\s*$|^\s*unix:\/.+|^\s*\S+:\d+\s*$/, isWide: true, initial: "" },
  { id: "sidecarTokenFile", type: "text", isWide: true, initial: "" },
  { id: "installSidecar", type: "switch", initial: false },
] as const satisfies readonly Field[];

export const STORE = [
  ...WATCHING,
  ...PEOPLE,
  ...DEFAULTS,
  ...TAGS,
  ...SCHEDULE,
  ...KEPT,
  ...RECOMMENDING,
  ...PRIVACY,
] as const;
export type FieldId = (typeof STORE)[number]["id"] | (typeof STASH)[number]["id"];

/** The store's settings by path. */
export function flat(store: StoredSettings): Values {
  const values: Record<string, Value> = {};
  for (const [key, value] of Object.entries(store)) {
    if (typeof value !== "object" || Array.isArray(value)) values[key] = value as Value;
    else for (const [name, inner] of Object.entries(value)) values[`${key}.${name}`] = inner as Value;
  }
  return values;
}

/** Values by path as settings.set takes them. */
export function nested(values: Values): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(values)) {
    const [key = "", name] = path.split(".");
    if (name) found[key] = { ...(found[key] as Record<string, unknown> | undefined), [name]: value };
    else found[key] = value;
  }
  return found;
}

export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Which setting a sentence of the plugin is about: it begins with its path. */
export function namedIn(sentence: string, ids: readonly string[]): string | undefined {
  const fitting = ids.filter((id) => new RegExp(`^${id.replace(".", "\\.")}\\b`).test(sentence));
  return (
    fitting.sort((a, b) => b.length - a.length)[0] ?? ids.find((id) => sentence.startsWith(id.split(".")[0] ?? id))
  );
}
