import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, DEFAULTS, formatQuery, parseQuery } from "./query.ts";

test("what is shown survives the address", () => {
  const query = { view: "go", by: "least_wanted", after: "r1.40", page: 3 } as const;
  assert.deepEqual(parseQuery(formatQuery(query)), query);
  assert.equal(formatQuery(DEFAULTS), "");
  assert.deepEqual(parseQuery(""), DEFAULTS);
});

test("an address that nobody made shows the beginning", () => {
  assert.deepEqual(parseQuery("?view=x&page=-4"), DEFAULTS);
  assert.equal(parseQuery("?page=7").page, 1);
  assert.equal(parseQuery("?after=r1.40&page=1e99").page, 2);
});

test("each view has its context", () => {
  assert.deepEqual([contextOf("watch"), contextOf("go")], ["global_feed", "prune_candidates"]);
});
