import assert from "node:assert/strict";
import { test } from "node:test";
import { Selection } from "./selection.ts";

test("cards tell whether they are selected, also over pages", () => {
  const selection = new Selection();
  const leave = selection.show();
  selection.see(3, true);
  selection.see(1, true);
  selection.see(2, false);
  leave();
  selection.show();
  selection.see(12, true);
  assert.deepEqual(selection.ids, [1, 3, 12]);
  selection.see(3, false);
  assert.deepEqual(selection.ids, [1, 12]);
  selection.clear();
  assert.deepEqual(selection.ids, []);
});

test("a card outside of lists says nothing", () => {
  const selection = new Selection();
  selection.show();
  selection.see(1, true);
  selection.see(1, undefined);
  assert.deepEqual(selection.ids, [1]);
});

test("without cards nobody knows", () => {
  const selection = new Selection();
  selection.see(1, true);
  assert.deepEqual([selection.known, selection.ids], [false, []]);
});
