import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "../../schemas/people.ts";
import { boxAt, trackAt } from "./onScreen.ts";

const marks = {
  track_id: "a",
  pts_s: [1, 3, 11],
  boxes: [
    [0, 0, 0.2, 0.2],
    [0.4, 0.2, 0.2, 0.4],
    [0.8, 0, 0.1, 0.1],
  ] as Box[],
};
const spans = [
  [0.5, 5],
  [10, 12],
] as const;

test("between two marks a face is on the line between them", () => {
  assert.deepEqual(boxAt(marks, spans, 2, false), [0.2, 0.1, 0.2, 0.30000000000000004]);
  assert.deepEqual(boxAt(marks, spans, 1, true), marks.boxes[0]);
});

test("at the ends of a span it stays where it was seen; marks of other spans do not draw it away", () => {
  assert.deepEqual(boxAt(marks, spans, 0.5, false), marks.boxes[0]);
  assert.deepEqual(boxAt(marks, spans, 4.9, false), marks.boxes[1]);
  assert.deepEqual(boxAt(marks, spans, 10, false), marks.boxes[2]);
});

test("outside of its spans, and paused far from where it was seen, it is not shown", () => {
  assert.equal(boxAt(marks, spans, 7, false), undefined);
  assert.equal(boxAt(marks, spans, 4.9, true), undefined);
  assert.deepEqual(boxAt(marks, spans, 3.5, true), marks.boxes[1]);
  assert.equal(boxAt({ track_id: "a", pts_s: [], boxes: [] }, spans, 1, false), undefined);
});

test("a face belongs to the track that is there", () => {
  const other = { track_id: "b", pts_s: [2], boxes: [[0.7, 0.7, 0.2, 0.2]] as Box[] };
  const tracks = [
    { id: "a", spans },
    { id: "b", spans },
  ];
  assert.equal(trackAt(tracks, [marks, other], 2, [0.72, 0.7, 0.2, 0.2])?.id, "b");
  assert.equal(trackAt(tracks, [marks, other], 2, [0.2, 0.1, 0.2, 0.3])?.id, "a");
  assert.equal(trackAt(tracks, [marks, other], 2, [0, 0.8, 0.1, 0.1]), undefined);
});
