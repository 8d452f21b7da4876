import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, EVERYTHING, extend, has, kept, NONE, type Selection, toggle } from "./selection.ts";

const IDS = [5, 3, 9, 1, 7];
const list = (selection: Selection) => [...selection.ids].sort();

test("rows are ticked one by one, and as a range from the last one", () => {
  const one = toggle(NONE, 3, IDS);
  assert.deepEqual(list(extend(one, 1, IDS)), [1, 3, 9]);
  assert.deepEqual(list(extend(one, 5, IDS)), [3, 5]);
  assert.deepEqual(list(extend(extend(one, 7, IDS), 9, IDS)), [1, 3, 7, 9], "a shorter range takes nothing back");
  const off = toggle(extend(one, 7, IDS), 9, IDS);
  assert.deepEqual(list(extend(off, 7, IDS)), [3], "a range from one that was unticked unticks");
  assert.deepEqual(list(extend(NONE, 9, IDS)), [9], "without a beginning it is that one alone");
});

test("everything is also what is not loaded, until one is taken out", () => {
  assert(has(EVERYTHING, 1234));
  assert.equal(countOf(EVERYTHING, 9000), 9000);
  const some = toggle(EVERYTHING, 9, IDS);
  assert.deepEqual(list(some), [1, 3, 5, 7]);
  assert.equal(countOf(some, 9000), 4);
});

test("what is gone is ticked no more", () => {
  const some = toggle(toggle(NONE, 3, IDS), 9, IDS);
  assert.deepEqual(list(kept(some, new Set([9, 1]))), [9]);
  assert.equal(kept(some, new Set(IDS)), some);
});
