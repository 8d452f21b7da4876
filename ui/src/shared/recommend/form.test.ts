import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field } from "../../schemas/recommend.ts";
import {
  clamped,
  fromTagWishes,
  isChanged,
  performerWishes,
  shareOf,
  tagWishes,
  typeOf,
  valueIn,
  valuesOf,
} from "./form.ts";

const made = (name: string, type: string, initial: unknown, more: Partial<Field> = {}): Field => ({
  name,
  type,
  label: name,
  help: "",
  default: initial,
  low: null,
  high: null,
  step: null,
  unit: "",
  choices: [],
  advanced: false,
  ...more,
});

const FIELDS = [
  made("days", "number", 30, { low: 1, high: 365 }),
  made("how", "enum", "near", { choices: [{ value: "near", label: "Near" }] }),
  made("tags", "tags", []),
  made("hologram", "hologram", 3),
];

test("what is saved is shown where it fits, and the default where it does not", () => {
  assert.equal(valueIn(FIELDS[0] as Field, { days: 7 }), 7);
  assert.equal(valueIn(FIELDS[0] as Field, { days: "seven" }), 30);
  assert.equal(valueIn(FIELDS[1] as Field, { how: "gone" }), "near");
  assert.equal(valueIn(FIELDS[0] as Field, {}), 30);
});

test("a type of a later version is left to the plugin", () => {
  assert.equal(typeOf(FIELDS[3] as Field), undefined);
  assert.deepEqual(Object.keys(valuesOf(FIELDS, { hologram: 9 })), ["days", "how", "tags"]);
});

test("rows in which nothing is chosen are not saved", () => {
  const tags = [{ tag_id: 4, presence: "require" }, { tag_id: null, presence: "prefer" }, { label: "sunset" }, null];
  assert.deepEqual(valuesOf(FIELDS, { tags }).tags, [tags[0], tags[2]]);
});

test("changed means otherwise than it came", () => {
  assert.equal(isChanged(FIELDS, { days: 30, how: "near", tags: [] }), false);
  assert.equal(isChanged(FIELDS, { days: 31 }), true);
});

test("numbers stay within their bounds", () => {
  const days = FIELDS[0] as Field;
  assert.deepEqual(
    ["7", "0", "1000", "2,5", "", "x", "Infinity"].map((text) => clamped(days, text)),
    [7, 1, 365, 2.5, undefined, undefined, undefined],
  );
  assert.deepEqual(["12.5", "", "140"].map(shareOf), [0.125, null, 1]);
});

test("wishes about tags come back as they were sent", () => {
  const sent = [
    { tag_id: 4, presence: "require", min_share: 0.1 },
    { label: "sunset", presence: "prefer", importance: 2 },
    { tag_id: 9, presence: "exclude" },
  ];
  assert.deepEqual(fromTagWishes(tagWishes(sent)), sent);
});

test("what nobody could have saved does no harm", () => {
  assert.deepEqual(tagWishes("x"), []);
  const [wish] = tagWishes([{ tag_id: "4", presence: "love", min_share: 7, importance: 99 }]);
  assert.deepEqual(wish, {
    tag_id: null,
    label: "",
    presence: "require",
    min_share: null,
    max_share: null,
    importance: 3,
  });
  assert.deepEqual(performerWishes([{ id: 3, presence: "exclude" }, 5]), [{ id: 3, presence: "exclude" }]);
});
