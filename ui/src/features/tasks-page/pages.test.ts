import assert from "node:assert/strict";
import { test } from "node:test";
import { headSize, type Pages, withHead, withOlder } from "./pages.ts";

const rows = (from: number, to: number, note = "old") =>
  Array.from({ length: from - to + 1 }, (_, at) => ({ id: from - at, note }));
const ids = ({ rows: all }: Pages<{ id: number; note: string }>) => all.map(({ id }) => id);

test("the first page says whether there may be more", () => {
  assert.equal(withHead(undefined, rows(3, 1), 5).hasMore, false);
  assert.equal(withHead(undefined, rows(9, 5), 5).hasMore, true);
});

test("older rows follow", () => {
  const first = withHead(undefined, rows(9, 5), 5);
  const all = withOlder(first, rows(4, 1), 5);
  assert.deepEqual(ids(all), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.equal(all.hasMore, false);
  // The same page twice, as after an impatient click.
  assert.deepEqual(ids(withOlder(all, rows(4, 1), 5)), ids(all));
});

test("the newest are refreshed, and what is older stays", () => {
  const before = { rows: rows(9, 1), hasMore: true };
  const after = withHead(before, rows(11, 5, "new"), 7);
  assert.deepEqual(ids(after), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.equal(after.rows[4]?.note, "new");
  assert.equal(after.rows[8]?.note, "old");
  assert.equal(after.hasMore, true);
  // Most of them are gone: what is left fits into a page.
  assert.deepEqual(ids(withHead(before, rows(9, 8), 7)), [9, 8]);
});

test("as many are asked for as are shown", () => {
  assert.equal(headSize(0, 50, 500), 50);
  assert.equal(headSize(51, 50, 500), 100);
  assert.equal(headSize(5000, 50, 500), 500);
});
