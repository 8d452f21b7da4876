import assert from "node:assert/strict";
import { test } from "node:test";
import { cueFor } from "./cueFor.ts";

const CUES = [0, 10, 20, 30].map((start_s) => ({
  start_s,
  end_s: start_s + 10,
  url: "",
  x: 0,
  y: 0,
  width: 1,
  height: 1,
}));
const at = (peak_s: number, start_s = 0, end_s = 0) =>
  cueFor(CUES, { type: end_s ? "marker" : "tag", peak_s, start_s, end_s })?.start_s;

test("a moment is shown by the nearest picture, rather by one behind it", () => {
  assert.deepEqual([at(0), at(12), at(15), at(16), at(39)], [0, 10, 20, 20, 30]);
  assert.equal(cueFor([], { type: "tag", peak_s: 1, start_s: 0, end_s: 0 }), undefined);
});

test("a marker is shown by a picture of its own where there is one", () => {
  assert.equal(at(12, 11, 25), 20, "the nearest one is before it");
  assert.equal(at(18, 9, 19), 10, "the nearest one is behind it");
  assert.equal(at(12, 11, 13), 10, "none is within it");
});
