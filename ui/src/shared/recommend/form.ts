/** The settings of a recommender, as a form shows them. Pure. */
import { type Config, FIELD_TYPES, type Field } from "../../schemas/recommend.ts";

export const PRESENCES = ["require", "prefer", "exclude"] as const;
export type Presence = (typeof PRESENCES)[number];

/** tag_id: of Stash, null where none is chosen yet, or where it is one of our labels. Shares are of a scene's length, 0 to 1. */
export interface TagWish {
  tag_id: number | null;
  label: string;
  presence: Presence;
  min_share: number | null;
  max_share: number | null;
  importance: number;
}

/** id: null where nobody is chosen yet. */
export interface PerformerWish {
  id: number | null;
  presence: Presence;
}

export const NEW_TAG: TagWish = {
  tag_id: null,
  label: "",
  presence: "prefer",
  min_share: null,
  max_share: null,
  importance: 1,
};
export const NEW_PERFORMER: PerformerWish = { id: null, presence: "prefer" };
export const MOST_IMPORTANT = 3;

export type FieldType = (typeof FIELD_TYPES)[number];

/** The control that a field gets; undefined for one that this version does not know. */
export function typeOf(field: Field): FieldType | undefined {
  return FIELD_TYPES.find((one) => one === field.type);
}

/** What a field has now: what is saved, where that is of its type. */
export function valueIn(field: Field, config: Config): unknown {
  const value = config[field.name];
  return value !== undefined && fits(field, value) ? value : field.default;
}

function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case "number":
    case "slider":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "select":
    case "enum":
      return field.choices.some((choice) => choice.value === value);
    case "tags":
    case "performers":
      return Array.isArray(value);
    default:
      return typeof value === "string";
  }
}

/** Of the fields that can be shown; the plugin knows the defaults of the others. */
export function valuesOf(fields: readonly Field[], config: Config): Config {
  return Object.fromEntries(
    fields.filter(typeOf).map((field) => {
      const value = valueIn(field, config);
      return [field.name, field.type === "tags" || field.type === "performers" ? chosen(value) : value];
    }),
  );
}

/** Rows in which nothing is chosen yet say nothing. */
function chosen(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((one) => isObject(one) && (isId(one.tag_id) || isId(one.id) || !!one.label));
}

/** Whether a recommender is set otherwise than it came. */
export function isChanged(fields: readonly Field[], config: Config): boolean {
  return fields.some((field) => !isSame(valueIn(field, config), field.default));
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A number within a field's bounds; undefined for what is none. */
export function clamped(field: Pick<Field, "low" | "high">, text: string): number | undefined {
  const trimmed = text.trim().replace(",", ".");
  const value = trimmed === "" ? Number.NaN : Number(trimmed);
  if (!Number.isFinite(value)) return undefined;
  return Math.min(Math.max(value, field.low ?? value), field.high ?? value);
}

export function tagWishes(value: unknown): TagWish[] {
  return objects(value).map((one) => ({
    tag_id: isId(one.tag_id) ? one.tag_id : null,
    label: typeof one.label === "string" ? one.label : "",
    presence: presence(one.presence),
    min_share: share(one.min_share),
    max_share: share(one.max_share),
    importance: typeof one.importance === "number" ? Math.min(Math.max(one.importance, 0), MOST_IMPORTANT) : 1,
  }));
}

/** As the plugin takes it: a tag, or a label, and no bounds where none are set. */
export function fromTagWishes(wishes: readonly TagWish[]): Record<string, unknown>[] {
  return wishes.map(({ tag_id, label, presence, min_share, max_share, importance }) => ({
    ...(label ? { label } : { tag_id }),
    presence,
    ...(min_share !== null && { min_share }),
    ...(max_share !== null && { max_share }),
    ...(presence === "prefer" && { importance }),
  }));
}

export function performerWishes(value: unknown): PerformerWish[] {
  return objects(value).map((one) => ({ id: isId(one.id) ? one.id : null, presence: presence(one.presence) }));
}

/** "12.5" per cent -> 0.125; null for nothing. */
export function shareOf(text: string): number | null {
  const value = clamped({ low: 0, high: 100 }, text);
  return value === undefined ? null : Number((value / 100).toPrecision(6));
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function presence(value: unknown): Presence {
  return PRESENCES.find((one) => one === value) ?? "require";
}

function share(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : null;
}
