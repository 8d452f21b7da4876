import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evaluation, Recommender } from "../../schemas/recommend.ts";
import { makeText } from "../../text/text.ts";
import { foretold, nameOf, partName, weighed, whyNothing } from "./words.ts";

const text = makeText("en");

const evaluation: Evaluation = {
  hit_rate: [0.41, 0.3, 0.52],
  ndcg: [0.2, 0.1, 0.3],
  coverage: 0.5,
  novelty: 1,
  cases: 42,
  at_s: 0,
};
const recommender: Recommender = {
  id: "blend",
  label: "Blend",
  description: "",
  contexts: ["global_feed"],
  needs_seeds: false,
  fields: [],
  config: {},
  evaluation,
  ready: true,
  why_not: "",
};

test("what a recommender is worth is said as it was counted", () => {
  assert.equal(
    foretold(text, evaluation),
    "In 4 of 10 tries, its first ten had something that you went on to watch (likely between 3 and 5.2; 42 tries).",
  );
  assert.equal(nameOf(text, recommender, "blend"), "Blend: 4 of 10, works best for you");
  assert.equal(nameOf(text, recommender, "fresh"), "Blend: 4 of 10");
});

test("little evidence is no praise", () => {
  assert.equal(nameOf(text, { ...recommender, evaluation: { ...evaluation, cases: 3 } }, "blend"), "Blend");
  assert.equal(nameOf(text, { ...recommender, evaluation: null }, "blend"), "Blend");
  assert.equal(nameOf(text, { ...recommender, ready: false }, "blend"), "Blend");
});

test("parts stand by weight, those against beside those for", () => {
  const parts = weighed({ tags: 0.2, variety: -0.4, studio: 0, looks: 0.1 });
  assert.deepEqual(
    parts.map(([name, , share]) => [name, share]),
    [
      ["variety", -1],
      ["tags", 0.5],
      ["looks", 0.25],
    ],
  );
  assert.deepEqual(weighed({}), []);
  assert.equal(partName(text, "of_a_later_version"), "of a later version");
});

test("nothing is explained by what there is", () => {
  assert.equal(whyNothing("global_feed", { scenes: 0, watched: 0 }), "recommend.none.scenes");
  assert.equal(whyNothing("global_feed", { scenes: 9, watched: 0 }), "recommend.none.watched");
  assert.equal(whyNothing("global_feed", { scenes: 9, watched: 4 }), "recommend.none.filtered");
  assert.equal(whyNothing("similar_scene", { scenes: 9, watched: 4 }), "recommend.none.similar");
});
