import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedRow,
  drafted,
  FIRST_VIEW,
  hasOwn,
  inUnit,
  keyOf,
  type Line,
  linesOf,
  parsePhrasings,
  rebased,
  shownLines,
  whole,
} from "./policies.ts";

const LISTED = {
  rows: [
    { label: "Dog", mode: "auto" as const },
    { label: "unseen", phrasings: ["x"] },
  ],
  labels: [
    { label: "dog", category: "animal", media: 3, agreed: [1, 3] as [number, number] },
    { label: "beach", category: "place", media: 9, agreed: [0, 0] as [number, number] },
    { label: "cat", category: "animal", media: 5, agreed: [4, 0] as [number, number] },
  ],
};
const labels = (lines: readonly Line[]) => lines.map(({ label }) => label);

test("labels seen and labels with values of their own are one table", () => {
  const lines = linesOf(LISTED, new Map([["new", { label: "new" }]]));
  assert.deepEqual(labels(lines).sort(), ["Dog", "beach", "cat", "new", "unseen"]);
  const dog = lines.find(({ key }) => key === "dog");
  assert.equal(dog?.media, 3);
  assert.equal(dog?.row.mode, "auto");
  assert.equal(dog?.isChanged, false);
});

test("a draft that says what is stored is none", () => {
  const stored = { label: "Dog", mode: "auto" as const };
  const changed = drafted(new Map(), stored, { ...stored, mode: "off" });
  assert.equal(changed.get("dog")?.mode, "off");
  assert.equal(drafted(changed, stored, { label: "Dog", mode: "auto", stash_tag: "", phrasings: [] }).size, 0);
});

test("what somebody else changed meanwhile is kept", () => {
  const before = { label: "dog", mode: "auto" as const, required_s: 5 };
  const now = { label: "dog", mode: "off" as const, required_s: 5, stash_tag: "Hound" };
  const saved = rebased({ label: "dog", mode: "auto", required_s: null }, before, now);
  assert.equal(saved.mode, "off");
  assert.equal(saved.stash_tag, "Hound");
  assert.equal(saved.required_s, null);
});

test("filters and orders go by what is stored", () => {
  const stored = LISTED.rows[0];
  assert(stored);
  const lines = linesOf(LISTED, drafted(new Map(), stored, { label: "Dog", mode: "off" }));
  const shown = (view: Partial<typeof FIRST_VIEW>) => labels(shownLines(lines, { ...FIRST_VIEW, ...view }, "suggest"));
  assert.deepEqual(shown({}), ["beach", "cat", "Dog", "unseen"]);
  assert.deepEqual(shown({ mode: "auto" }), ["Dog"]);
  assert.deepEqual(shown({ mode: "off" }), ["Dog"]);
  assert.deepEqual(shown({ mode: "suggest" }), ["beach", "cat", "unseen"]);
  assert.deepEqual(shown({ category: "animal" }), ["cat", "Dog"]);
  assert.deepEqual(shown({ own: "own" }), ["Dog", "unseen"]);
  assert.deepEqual(shown({ own: "changed" }), ["Dog"]);
  assert.deepEqual(shown({ words: " DO" }), ["Dog"]);
  assert.deepEqual(shown({ sort: "media", isDescending: true }), ["beach", "cat", "Dog", "unseen"]);
  assert.deepEqual(shown({ sort: "agreed", isDescending: true }).slice(0, 2), ["cat", "Dog"]);
});

test("a threshold takes the unit of the model in use, and goes with it", () => {
  assert.equal(changedRow({ label: "a" }, { threshold: 2 }, "class_z").scoring, "class_z");
  assert.equal(changedRow({ label: "a", threshold: 2, scoring: "class_z" }, { threshold: null }, "x").scoring, null);
  assert.equal(changedRow({ label: "a", threshold: 2, scoring: "class_z" }, { mode: "off" }, "x").scoring, "class_z");
});

test("a threshold that was set before the model was known takes its unit then", () => {
  const drafts = new Map([
    ["cat", whole({ label: "cat", threshold: 2 })],
    ["dog", whole({ label: "dog", threshold: 3, mode: "auto" })],
    ["owl", whole({ label: "owl", threshold: 4, scoring: "other" })],
    ["cow", whole({ label: "cow", mode: "off" })],
  ]);
  const rows = [{ label: "Dog", threshold: 3 }];
  const units = [...inUnit(drafts, rows, "class_z")].map(([key, row]) => [key, row.scoring]);
  assert.deepEqual(units, [
    ["cat", "class_z"],
    ["dog", null],
    ["owl", "other"],
    ["cow", null],
  ]);
  assert.equal(inUnit(drafts, rows, ""), drafts);
  const once = inUnit(drafts, rows, "class_z");
  assert.equal(inUnit(once, rows, "class_z"), once);
});

test("small things", () => {
  assert.equal(hasOwn({ label: "a", mode: null }), false);
  assert.equal(hasOwn({ label: "a", marker: false }), true);
  assert.equal(keyOf("ÄB"), "äb");
  assert.deepEqual(parsePhrasings(" a dog \n\n b|c"), ["a dog", "b|c"]);
  assert.equal(parsePhrasings(" \n"), null);
});

test("labels of the vocabulary are listed too, once", () => {
  const lines = linesOf(LISTED, new Map(), [
    { name: "CAT", category: "other" },
    { name: "Lake", category: "places" },
  ]);
  assert.deepEqual(labels(lines).sort(), ["Dog", "Lake", "beach", "cat", "unseen"]);
  assert.deepEqual(
    lines.filter(({ key }) => key === "lake" || key === "cat").map(({ category, media }) => [category, media]),
    [
      ["animal", 5],
      ["places", 0],
    ],
  );
});
