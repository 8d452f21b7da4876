import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, formatQuery, parseQuery } from "./query.ts";

test("what is shown survives the address", () => {
  const query = { ...DEFAULTS, tab: "known", words: "a&b=c", person: "box:https://x/graphql|1-2" } as const;
  assert.deepEqual(parseQuery(formatQuery(query)), query);
  assert.equal(formatQuery(DEFAULTS), "");
  assert.deepEqual(parseQuery("?order=cheapest&ignored=maybe&tab=none"), DEFAULTS);
});

test("a person who is open is among those who are known", () => {
  assert.equal(parseQuery("?person=stash%3A1").tab, "known");
  assert.equal(parseQuery("?group=g1").tab, "unknown");
});
