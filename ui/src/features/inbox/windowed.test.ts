import assert from "node:assert/strict";
import { test } from "node:test";
import { scrollFor, windowAt } from "./windowed.ts";

const SHAPE = { count: 10_000, columns: 1, row_px: 50, height_px: 420, around: 3 };

test("what is on screen is in the page, and a little around it", () => {
  assert.deepEqual(windowAt(0, SHAPE), { first: 0, last: 13 });
  assert.deepEqual(windowAt(5_025, SHAPE), { first: 97, last: 113 });
  assert.deepEqual(windowAt(10_000 * 50 - 420, SHAPE), { first: 9988, last: 10_000 });
  assert.deepEqual(windowAt(5_025, { ...SHAPE, columns: 4 }), { first: 388, last: 452 });
});

test("lists that are short, empty, or shorter than they were, are whole", () => {
  assert.deepEqual(windowAt(0, { ...SHAPE, count: 0 }), { first: 0, last: 0 });
  assert.deepEqual(windowAt(9_999, { ...SHAPE, count: 3 }), { first: 0, last: 3 });
  assert.deepEqual(windowAt(-30, { ...SHAPE, count: 5, columns: 2 }), { first: 0, last: 5 });
  assert.deepEqual(windowAt(0, { ...SHAPE, height_px: 0 }), { first: 0, last: 4 });
});

test("a row is brought into sight by as little as is needed", () => {
  assert.equal(scrollFor(5, 100, SHAPE), undefined);
  assert.equal(scrollFor(1, 100, SHAPE), 50);
  assert.equal(scrollFor(12, 100, SHAPE), 230);
  assert.equal(scrollFor(12, 0, { ...SHAPE, columns: 4 }), undefined);
});
