import assert from "node:assert/strict";
import { test } from "node:test";
import { makeText } from "../text/text.ts";
import { duration, reasonSentence, scoreAbout, scoreText, unitAbout } from "./reason.ts";

const text = makeText("en-GB");
const ONE = { kind: "scene", type: "tag", start_s: 0, end_s: 0, score: 3.14 } as const;
const TAG = { model: "lite", seconds: 12.4, needed_s: 10, share: 0.35 };

test("a tag says how long it was seen, how long it must be, how sure, and where", () => {
  const moments = [0, 20, 40, 60, 80].map((start_s) => ({ start_s, end_s: start_s + 5 }));
  assert.equal(
    reasonSentence(text, { ...ONE, reason: TAG }, moments),
    "Seen for 12 s, 35% of the scene; 10 s are needed. Score up to 3.1 σ, at 0:00-0:05, 0:20-0:25, 0:40-0:45 and 2 more moments.",
  );
  assert.equal(
    reasonSentence(text, { ...ONE, reason: TAG }),
    "Seen for 12 s, 35% of the scene; 10 s are needed. Score up to 3.1 σ.",
  );
});

test("a marker says where it is surest and how sharp it is", () => {
  const reason = { model: "lite", peak_s: 7, peak_score: 4.21, spans: 2, uncertainty_s: 0.5 };
  const marker = { ...ONE, type: "marker", start_s: 5, end_s: 13, reason } as const;
  assert.equal(
    reasonSentence(text, marker),
    "Seen for 8 s, joined from 2 ranges. Score 3.1 σ, highest at 0:07 (4.2 σ); its bounds are known to within 0.5 s.",
  );
  assert.equal(
    reasonSentence(text, { ...marker, reason: { ...reason, spans: 1, uncertainty_s: 0 } }),
    "Seen for 8 s. Score 3.1 σ, highest at 0:07 (4.2 σ).",
  );
});

test("galleries, images, and reasons without numbers have their sentence too", () => {
  const gallery = {
    ...ONE,
    kind: "gallery",
    reason: { model: "open_clip/a/b", share: 0.4, needed_share: 0.3 },
  } as const;
  assert.equal(reasonSentence(text, gallery), "Seen in 40% of its images, 30% are needed; score 3.14 of 1.");
  assert.equal(reasonSentence(text, { ...ONE, kind: "image", reason: {} }), "Score 3.14.");
  const hostile = { seconds: "<b>", share: null, model: ["lite"], peak_s: {} };
  assert.equal(reasonSentence(text, { ...ONE, reason: hostile }), "Score 3.14.");
  assert.match(reasonSentence(text, { ...ONE, type: "marker", reason: hostile }), /^Seen for 0 s/);
});

test("scores have the unit of their model, and seconds become minutes", () => {
  assert.equal(scoreText(text, 0.756, "open_clip/ViT-B-32/x"), "0.76 of 1");
  assert.equal(scoreText(text, 2.5, "another"), "2.5");
  assert.equal(duration(text, 3.25), "3.3 s");
  assert.equal(duration(text, 725), "12:05");
});

test("what a unit means is said where it is known", () => {
  assert.match(scoreAbout(text, "lite"), /^σ: /);
  assert.match(scoreAbout(text, "open_clip/ViT-B-32/x"), /^Of 1: /);
  assert.equal(scoreAbout(text, ""), "");
  assert.equal(unitAbout(text, "another"), "another");
});
