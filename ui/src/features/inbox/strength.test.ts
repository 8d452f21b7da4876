import assert from "node:assert/strict";
import { test } from "node:test";
import { previewRange } from "./previewRange.ts";
import { roundDown, stepOf, strength } from "./strength.ts";

test("scores rank among their like", () => {
  assert.deepEqual(
    [4, 3.9, 2, 0.1, -3].map((score) => strength(score, 4)),
    [5, 5, 3, 1, 1],
  );
  assert.equal(strength(9, 4), 5);
  assert.equal(strength(0.5, undefined), 5);
  assert.equal(strength(-1, 0), 1);
});

test("a slider has round steps and misses nothing", () => {
  assert.equal(stepOf(2, 6), 0.1);
  assert.equal(stepOf(0.31, 0.93), 0.01);
  assert.equal(stepOf(3, 3), 0.01);
  assert.equal(roundDown(2.37, 0.1), 2.3);
  assert.equal(roundDown(0.3, 0.1), 0.3);
  assert.equal(roundDown(-0.25, 0.1), -0.3);
});

test("previews stay within their marker, and are neither too short nor too long", () => {
  const at = (type: "tag" | "marker", end_s: number) => previewRange({ type, peak_s: 5, start_s: 3, end_s });
  assert.deepEqual(at("marker", 9), { from_s: 5, to_s: 9 });
  assert.deepEqual(at("marker", 5.2), { from_s: 5, to_s: 7 });
  assert.deepEqual(at("marker", 90), { from_s: 5, to_s: 15 });
  assert.deepEqual(at("tag", 0), { from_s: 5, to_s: 15 });
});
