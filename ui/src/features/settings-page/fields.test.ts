import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { flat, namedIn, nested, STASH, STORE } from "./fields.ts";
import { parseNumber, writeNumber } from "./number.ts";

const { output } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../../tests/golden/settings.get.json"), "utf8"),
);

test("every setting of the plugin has a row and its own default", () => {
  const { model, ...store } = flat(output.store);
  assert.equal(model, "", "the models' part sets it");
  assert.deepEqual(Object.fromEntries(STORE.map(({ id, initial }) => [id, initial])), store);
});

test("every setting of Stash's page has a row, or a part of its own", () => {
  const names = Object.keys(output.stash).map((name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()));
  assert.deepEqual([...STASH.map(({ id }) => id), "pathMappings", "trackWatching"].sort(), names.sort());
});

test("paths and objects are the same values", () => {
  assert.deepEqual(nested(flat(output.store)), output.store);
});

test("a sentence names its setting", () => {
  const ids = STORE.map(({ id }) => id);
  assert.equal(namedIn("interval_s is 100; it must be a number", ids), "interval_s");
  assert.equal(namedIn("defaults.required_s is -1", ids), "defaults.required_s");
  assert.equal(namedIn("refine_s is 99", ids), "refine_s");
  assert.equal(namedIn("workflow_tags names one tag twice", ids), "workflow_tags.tag_me");
  assert.equal(namedIn("the store is locked", ids), undefined);
});

test("numbers are read as people write them", () => {
  assert.equal(parseNumber(" 2,5 "), 2.5);
  assert.equal(parseNumber(".5"), 0.5);
  assert.equal(parseNumber(""), null);
  for (const text of ["abc", "1e9", "1.2.3", "--1", "0x10"]) assert.equal(parseNumber(text), undefined, text);
  assert.equal(writeNumber(0.35, 100), "35");
  assert.equal(writeNumber(null), "");
});
