import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "../../schemas/people.ts";
import {
  between,
  LEAST,
  moved,
  overlap,
  padded,
  pictureIn,
  type Rect,
  resized,
  toPixels,
  toShares,
} from "./geometry.ts";

const near = (a: readonly number[], b: readonly number[]) =>
  assert.ok(a.length === b.length && a.every((value, n) => Math.abs(value - (b[n] ?? 0)) < 1e-9), `${a} is not ${b}`);

const rect = ({ left, top, width, height }: Rect) => [left, top, width, height];

test("a picture of another shape has bars beside it", () => {
  const wide = { width: 1920, height: 1080 };
  near(rect(pictureIn({ width: 1000, height: 1000 }, wide)), [0, 218.75, 1000, 562.5]);
  near(rect(pictureIn({ width: 1600, height: 450 }, wide)), [400, 0, 800, 450]);
  near(rect(pictureIn({ width: 900, height: 900 }, wide, "cover")), [-350, 0, 1600, 900]);
  near(rect(pictureIn({ width: 90, height: 90 }, wide, "fill")), [0, 0, 90, 90]);
  // Before anything is loaded the shape is not known.
  near(rect(pictureIn({ width: 90, height: 50 }, { width: 0, height: 0 })), [0, 0, 90, 50]);
});

test("shares and pixels are each other's inverse, and nothing lies beside the picture", () => {
  const picture = pictureIn({ width: 1000, height: 1000 }, { width: 16, height: 9 });
  const at = toPixels([0.25, 0.5, 0.1, 0.2], picture);
  assert.deepEqual(at, { left: 250, top: 500, width: 100, height: 112.5 });
  near(toShares(at.left, at.top, picture), [0.25, 0.5]);
  near(toShares(-20, 0, picture), [0, 0]);
  near(toShares(2000, 2000, picture), [1, 1]);
});

test("a box is drawn from any corner, moved and sized within the picture", () => {
  near(between([0.5, 0.6], [0.2, 0.1]), [0.2, 0.1, 0.3, 0.5]);
  near(between([1, 1], [1, 1]), [1 - LEAST, 1 - LEAST, LEAST, LEAST]);
  near(moved([0.9, 0, 0.1, 0.1], 0.5, -0.5), [0.9, 0, 0.1, 0.1]);
  near(resized([0.4, 0.4, 0.2, 0.2], 0.1, -0.1), [0.35, 0.45, 0.3, 0.1]);
  near(resized([0, 0, 0.2, 0.2], 9, -9), [0, 0.09, 1, LEAST]);
});

test("what is around a box is looked at as far as the picture goes", () => {
  near(padded([0.4, 0.4, 0.2, 0.1], 0.2), [0.36, 0.38, 0.28, 0.14]);
  near(padded([0, 0.9, 0.5, 0.1], 0.2), [0, 0.88, 0.6, 0.12]);
});

test("how much two boxes have in common", () => {
  const box: Box = [0, 0, 0.2, 0.2];
  assert.equal(overlap(box, box), 1);
  assert.equal(overlap(box, [0.2, 0, 0.2, 0.2]), 0);
  near([overlap(box, [0.1, 0, 0.2, 0.2])], [1 / 3]);
});
