import assert from "node:assert/strict";
import { test } from "node:test";
import { hints } from "./hints.ts";

const one = (similarity: number, decision: "unknown" | "maybe" | "match" = "unknown") => ({ similarity, decision });

test("who is far from a maybe is not shown as perhaps alike", () => {
  const points = [{ maybe: 0.5 }, { maybe: 0.4 }];
  assert.deepEqual(hints([one(0.9, "match"), one(0.31), one(0.29)], points), [one(0.9, "match"), one(0.31)]);
  assert.deepEqual(hints([one(0.1, "maybe"), one(0.9)], undefined), [one(0.1, "maybe")]);
  assert.deepEqual(hints([one(0.9)], []), []);
});
