import assert from "node:assert/strict";
import { test } from "node:test";
import type { Span } from "../../schemas/analysis.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { barsOf, strength, transparent } from "./bars.ts";
import { lanesOf, nearestSpan, scoreRange, withWords } from "./lanes.ts";
import { panned, showing, ticks, timeOf, whole, xOf, zoomed } from "./view.ts";

const span = (label: string, start_s: number, end_s: number, score = 3, rest: Partial<Span> = {}): Span => ({
  label,
  category: "things",
  start_s,
  end_s,
  score,
  peak_s: start_s,
  peak_score: score,
  start_uncertainty_s: 0,
  end_uncertainty_s: 0,
  ...rest,
});
const suggestion = (label: string, state: Suggestion["state"]) => ({ label, state }) as Suggestion;

test("lanes: what waits first, then what is accepted, then what was seen longest", () => {
  const spans = [span("cup", 50, 60), span("sea", 0, 40), span("cat", 20, 22), span("dog", 1, 2), span("cat", 0, 3)];
  const lanes = lanesOf({ spans }, [
    suggestion("cat", "applied"),
    suggestion("dog", "applied"),
    suggestion("dog", "pending"),
    suggestion("cup", "rejected"),
    suggestion("gone", "pending"),
  ]);
  assert.deepEqual(
    lanes.map((lane) => [lane.label, lane.standing, lane.seconds]),
    [
      ["dog", "suggested", 1],
      ["cat", "accepted", 5],
      ["sea", "seen", 40],
      ["cup", "seen", 10],
    ],
  );
  assert.deepEqual(
    lanes[1]?.spans.map((one) => one.start_s),
    [0, 20],
  );
  assert.deepEqual(lanesOf({ spans: [] }, []), []);
});

test("lanes are found by words of label and category, whatever their case", () => {
  const lanes = lanesOf({ spans: [span("Red Car", 0, 1), span("car", 0, 1), span("sea", 0, 1)] }, []);
  assert.deepEqual(
    withWords(lanes, "car red").map((lane) => lane.label),
    ["Red Car"],
  );
  assert.equal(withWords(lanes, " THINGS").length, 3);
  assert.equal(withWords(lanes, "(.*").length, 0);
});

test("the span at a moment, else the nearest", () => {
  const spans = [span("a", 0, 10), span("a", 20, 30)];
  assert.equal(nearestSpan(spans, 25), 1);
  assert.equal(nearestSpan(spans, 14), 0);
  assert.equal(nearestSpan(spans, 16), 1);
  assert.equal(nearestSpan([], 1), -1);
});

test("zooming keeps the moment under the pointer, and nothing leaves the scene", () => {
  const view = zoomed(whole(100), 2, 75, 100);
  assert.deepEqual(view, { from_s: 37.5, to_s: 87.5 });
  assert.equal(xOf(75, view, 300), 225);
  assert.equal(timeOf(225, view, 300), 75);
  assert.equal(timeOf(-5, view, 300), 37.5);
  assert.deepEqual(zoomed(view, 0.01, 75, 100), whole(100));
  assert.deepEqual(zoomed(whole(100), 1e9, 0, 100), { from_s: 0, to_s: 2 });
  assert.deepEqual(zoomed(whole(1), 2, 0.5, 1), whole(1));
  assert.deepEqual(panned(view, 1000, 100), { from_s: 50, to_s: 100 });
  assert.deepEqual(panned(view, -1000, 100), { from_s: 0, to_s: 50 });
});

test("a range is brought into view", () => {
  const view = { from_s: 40, to_s: 60 };
  assert.equal(showing(view, 45, 50, 100), view);
  assert.deepEqual(showing(view, 10, 12, 100), { from_s: 8, to_s: 28 });
  assert.deepEqual(showing(view, 80, 90, 100), { from_s: 72, to_s: 92 });
  assert.deepEqual(showing(view, 70, 99, 100), { from_s: 68, to_s: 88 });
});

test("moments on the axis are round and few", () => {
  assert.deepEqual(ticks(whole(17), 5), [0, 5, 10, 15]);
  assert.deepEqual(ticks({ from_s: 61, to_s: 64 }, 5), [61, 62, 63, 64]);
  assert.deepEqual(ticks(whole(7200), 5), [0, 1800, 3600, 5400, 7200]);
  assert(ticks(whole(10 * 86400), 5).length <= 6);
});

test("bars show what is in view, with soft ends", () => {
  const unsure = span("a", 10, 20, 3, { start_uncertainty_s: 1, end_uncertainty_s: 50 });
  const [bar] = barsOf([unsure], whole(100), 100, [2, 4]);
  assert.equal(bar?.left, 9);
  assert.equal(bar?.right, 70);
  assert.equal(bar?.fadeLeft, 2);
  assert.equal(bar?.fadeRight, 30.5);
  assert.equal(barsOf([span("a", 10, 20)], { from_s: 30, to_s: 40 }, 100, [2, 4]).length, 0);
  const [narrow] = barsOf([span("a", 10, 10.01)], whole(1000), 100, [2, 4], 0);
  assert.deepEqual([narrow?.left, narrow?.right, narrow?.isActive], [1, 3, true]);
});

test("scores are shaded among their like, and the weakest is still seen", () => {
  const range = scoreRange([{ score: 2 }, { score: 4 }, { score: 3 }]);
  assert.deepEqual(range, [2, 4]);
  assert.equal(strength(4, range), 1);
  assert(strength(2, range) > 0.3);
  assert.equal(strength(2, [2, 2]), 1);
  assert.deepEqual(scoreRange([]), [0, 0]);
  assert.equal(transparent("rgb(19, 124, 189)"), "rgba(19, 124, 189, 0)");
  assert.equal(transparent("red"), "transparent");
});
