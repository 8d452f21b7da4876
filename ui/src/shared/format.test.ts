import assert from "node:assert/strict";
import { test } from "node:test";
import { exactTimecode, parseTimecode, range, timecode } from "./format.ts";

test("times read as Stash writes them", () => {
  assert.equal(timecode(75.9), "1:15");
  assert.equal(timecode(3723), "1:02:03");
  assert.equal(timecode(-1), "0:00");
  assert.equal(exactTimecode(75.43), "1:15.4");
  assert.equal(exactTimecode(59.97), "1:00");
  assert.equal(range(18, 27.4), "0:18-0:27");
});

test("times can be typed", () => {
  assert.equal(parseTimecode("1:02:03"), 3723);
  assert.equal(parseTimecode(" 2:03.5 "), 123.5);
  assert.equal(parseTimecode("12.5"), 12.5);
  for (const wrong of ["", "1:", "a", "1:2:3:4", "-3"]) assert.equal(parseTimecode(wrong), undefined);
});
