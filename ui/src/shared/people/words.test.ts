import assert from "node:assert/strict";
import { test } from "node:test";
import { makeText } from "../../text/text.ts";
import { behind, type Evidence, evidenceOf, evidenceSentence, momentsOf, tracksOf } from "./words.ts";

const text = makeText("en-GB");
const evidence = (rest: Partial<Evidence>): Evidence => ({
  decision: "match",
  similarity: 0.6,
  margin: 0.4,
  references: 4,
  views: 14,
  agreeing_views: 12,
  source: "",
  lowered: [],
  ...rest,
});

test("how far the next best is behind means the same for every model's cosines", () => {
  assert.equal(behind({ similarity: 0.6, margin: 0.4 }), "far");
  assert.equal(behind({ similarity: 0.96, margin: 0.06 }), "far");
  assert.equal(behind({ similarity: 0.5, margin: 0.15 }), "clear");
  assert.equal(behind({ similarity: 0.5, margin: 0.02 }), "close");
  assert.equal(behind({ similarity: 0.5, margin: 0.5 }), "only");
});

test("a reason is a sentence, and no similarity stands in it", () => {
  assert.equal(
    evidenceSentence(text, evidence({}), "Ada"),
    "Looks like Ada, compared with 4 pictures; 12 of 14 views agree. The next best is far behind.",
  );
  const weak = evidence({
    decision: "maybe",
    margin: 0.01,
    references: 1,
    views: 1,
    agreeing_views: 1,
    source: "track",
    lowered: ["few_views", "birthdate", "moon"],
  });
  assert.equal(
    evidenceSentence(text, weak, "Ada"),
    "May be Ada, compared with 1 picture; its only view agrees. Somebody else is nearly as alike. " +
      "Most like what you confirmed. Less sure because the age at the time does not fit, there are few good views.",
  );
  assert.equal(
    evidenceSentence(text, evidence({ views: 0, agreeing_views: 0, margin: 0.6 }), "<b>{x}"),
    "Looks like <b>{x}, compared with 4 pictures. Nobody else is known.",
  );
});

test("what the store kept of a reason may lack anything", () => {
  const empty = { ...evidence({}), decision: "maybe", similarity: 0, margin: 0, references: 0, views: 0 };
  assert.deepEqual(evidenceOf({}), { ...empty, agreeing_views: 0, images: 0 });
  assert.deepEqual(evidenceOf({ lowered: ["sex", 3], similarity: "x", decision: "match" }).lowered, ["sex"]);
  assert.deepEqual(momentsOf({ spans: [[1, 2], [3], "x", [4, Number.NaN]] }), [[1, 2]]);
  assert.deepEqual(momentsOf({ spans: 7 }), []);
  assert.deepEqual(tracksOf({ track_ids: ["a", 2] }), ["a"]);
});
