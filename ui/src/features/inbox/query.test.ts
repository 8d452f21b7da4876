import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALL,
  DEFAULTS,
  filtersOf,
  formatQuery,
  groupWithin,
  matches,
  orderOf,
  parseQuery,
  regrouped,
  whereOf,
} from "./query.ts";

test("what is shown survives the address", () => {
  const query = {
    ...DEFAULTS,
    by: "medium",
    group: "scene:12",
    kind: "scene",
    type: "marker",
    words: 'a & "b" <c>',
    min: 2.5,
    state: "rejected",
    order: "newest",
    view: "cards",
    find: "trip",
  } as const;
  assert.deepEqual(parseQuery(formatQuery(query)), query);
  assert.equal(formatQuery(DEFAULTS), "");
  for (const group of [ALL, "all", "label:all", "label:", "*", "tag & more", "ünï"]) {
    assert.equal(parseQuery(formatQuery({ ...DEFAULTS, group })).group, group);
  }
});

test("an address that nobody made is no harm", () => {
  assert.deepEqual(parseQuery("?by=x&kind=y&type=z&min=abc&state=gone&order=1&view=2&unknown=3"), DEFAULTS);
  assert.deepEqual(whereOf({ ...DEFAULTS, by: "medium", group: "scene:x" }), {});
  assert.equal(parseQuery("?min=").min, undefined);
  assert.equal(parseQuery("?min=0").min, 0);
});

test("groups and filters become what the plugin is asked for", () => {
  assert.deepEqual(whereOf({ ...DEFAULTS, group: "cat", min: 0, words: " c " }), {
    label: "cat",
    min_score: 0,
    words: "c",
  });
  assert.deepEqual(whereOf({ ...DEFAULTS, by: "medium", group: "image:3", kind: "scene" }), {
    kind: "image",
    media_id: 3,
  });
  assert.deepEqual(whereOf({ ...DEFAULTS, by: "run", group: "7", type: "tag" }), { run_id: 7, type: "tag" });
  assert.deepEqual(whereOf({ ...DEFAULTS, group: ALL }), {});
  assert.equal(filtersOf({ ...DEFAULTS, min: 0, words: " ", kind: "scene" }), 2);
});

test("a group's rows have the order that suits it", () => {
  assert.equal(orderOf({ ...DEFAULTS, group: "cat" }), "score");
  assert.equal(orderOf({ ...DEFAULTS, by: "medium", group: "scene:1" }), "medium");
  assert.equal(orderOf({ ...DEFAULTS, by: "medium", group: ALL }), "score");
  assert.equal(orderOf({ ...DEFAULTS, state: "applied", group: "cat" }), "newest");
  assert.equal(orderOf({ ...DEFAULTS, order: "medium", group: "cat" }), "medium");
  assert.equal(regrouped({ ...DEFAULTS, group: "cat", order: "medium", min: 3 }, "run").min, 3);
});

test("a group that other filters leave out makes way for the first that they show", () => {
  assert.equal(groupWithin("cat", ["Ada", "cat"]), "cat");
  assert.equal(groupWithin("cat", ["Ada", "Bea"]), "Ada");
  assert.equal(groupWithin(ALL, ["Ada"]), ALL);
  assert.equal(groupWithin("cat", []), "");
});

test("rows are those that a condition means", () => {
  const row = { label: "Cat", kind: "scene", media_id: 2, run_id: 4, type: "tag", score: 3 } as never;
  assert(matches({}, row));
  assert(matches({ label: "Cat", kind: "scene", media_id: 2, run_id: 4, type: "tag", min_score: 3, words: "ca" }, row));
  for (const where of [{ label: "cat" }, { media_id: 3 }, { min_score: 3.1 }, { words: "dog" }, { run_id: 1 }]) {
    assert(!matches(where, row), JSON.stringify(where));
  }
});
