import assert from "node:assert/strict";
import { test } from "node:test";
import { favourites, placesOf } from "./parts.ts";

test("parts lie where they were watched, the stronger the oftener", () => {
  const [once, thrice] = placesOf(
    [
      [0, 50, 1],
      [50, 100, 3],
    ],
    200,
  );
  assert.deepEqual([once?.left, once?.width, once?.strength], [0, 0.25, 0.3]);
  assert.deepEqual([thrice?.left, thrice?.width, thrice?.strength], [0.25, 0.25, 1]);
  assert.equal(placesOf([[0, 10, 1]], 100)[0]?.strength, 1);
});

test("a scene that is longer than Stash knew still fits its lane", () => {
  assert.equal(placesOf([[0, 300, 1]], 100)[0]?.width, 1);
  assert.deepEqual(placesOf([], 100), []);
});

test("favourites were watched more than once, and long enough to be meant", () => {
  assert.deepEqual(
    favourites([
      [0, 20, 1],
      [20, 22, 9],
      [30, 60, 2],
      [60, 70, 5],
      [80, 90, 2],
      [100, 200, 2],
    ]),
    [
      [30, 60, 2],
      [60, 70, 5],
      [100, 200, 2],
    ],
  );
});
