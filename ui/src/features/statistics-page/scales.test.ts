import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, months, shade, ticks } from "./scales.ts";

test("an axis has round values and reaches the highest bar", () => {
  assert.deepEqual(ticks(7.3), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticks(0.3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(100), [0, 50, 100]);
  assert.deepEqual(ticks(0), [0, 1]);
  for (const most of [0.001, 0.7, 3, 9.99, 168, 12345]) {
    const found = ticks(most);
    assert.ok((found[found.length - 1] ?? 0) >= most * (1 - 1e-9) && found.length <= 6, String(most));
  }
});

test("bars stand on the ground, side by side, as tall as their values", () => {
  const [low, none, high] = bars([1, 0, 4], 4, 300, 100);
  assert.deepEqual([low?.height, none?.height, high?.height], [25, 0, 100]);
  assert.deepEqual([low?.y, high?.y], [75, 0]);
  assert.ok((low?.x ?? 0) + (low?.width ?? 0) <= (none?.x ?? 0));
  assert.equal(bars([0.0001], 100, 10, 100)[0]?.height, 1);
  assert.deepEqual(bars([], 1, 10, 10), []);
});

test("months are named where they begin, and never over each other", () => {
  const week_s = 7 * 86400;
  const starts = Array.from({ length: 52 }, (_, n) => Date.UTC(2026, 0, 5) / 1000 + n * week_s);
  const wide = months(starts, 1040, 40);
  assert.equal(wide[0], 0);
  assert.equal(wide.length, 12);
  const narrow = months(starts, 300, 40);
  assert.ok(narrow.length >= 4 && narrow.length <= 7, String(narrow));
});

test("a cell is darker the more there is", () => {
  assert.equal(shade(0, 10), 0);
  assert.equal(shade(10, 10), 1);
  assert.ok(shade(1, 10) > 0.25 && shade(1, 10) < shade(5, 10));
  assert.equal(shade(1, 0), 0);
});
