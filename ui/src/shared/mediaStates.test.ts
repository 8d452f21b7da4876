import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Kind } from "../schemas/common.ts";
import { MediaStates, MOST_IDS, type States } from "./mediaStates.ts";

const none = (): void => undefined;
const settled = (ms = 90) => new Promise((resolve) => setTimeout(resolve, ms));

let asked: { kind: Kind; ids: number[]; signal: AbortSignal }[];
let answer: () => Promise<States>;
let now_ms: number;
let states: MediaStates;

beforeEach(() => {
  asked = [];
  now_ms = 1_000_000;
  answer = async () => ({ states: { 1: "analysed", 2: "failed" }, waiting: { 1: 3 } });
  states = new MediaStates(
    (kind, ids, signal) => {
      asked.push({ kind, ids, signal });
      return answer();
    },
    () => now_ms,
  );
});

test("cards that come together are asked for together", async () => {
  let told = 0;
  for (const id of [1, 2, 3]) {
    states.watch("scene", id, () => {
      told += 1;
    });
  }
  assert.deepEqual(states.get("scene", 1), { state: undefined, waiting: 0 });
  await settled();
  assert.deepEqual(
    asked.map(({ kind, ids }) => [kind, ids]),
    [["scene", [1, 2, 3]]],
  );
  assert.equal(states.get("scene", 1).state, "analysed");
  assert.equal(states.get("scene", 1).waiting, 3);
  assert.equal(states.get("scene", 2).state, "failed");
  assert.equal(states.get("scene", 3).state, undefined);
  assert.equal(told, 3);
});

test("each kind has a question of its own, and none is longer than is allowed", async () => {
  for (let id = 1; id <= MOST_IDS + 1; id++) states.watch("scene", id, none);
  states.watch("gallery", 5, none);
  await settled();
  assert.deepEqual(
    asked.map(({ kind, ids }) => [kind, ids.length]),
    [
      ["scene", MOST_IDS],
      ["scene", 1],
      ["gallery", 1],
    ],
  );
});

test("what was asked a moment ago is not asked again, what is old is", async () => {
  states.watch("scene", 1, none)();
  assert.equal(asked.length, 0);
  states.watch("scene", 1, none);
  await settled();
  states.watch("scene", 1, none);
  await settled();
  assert.equal(asked.length, 1);
  now_ms += 61_000;
  states.watch("scene", 1, none);
  await settled();
  assert.equal(asked.length, 2);
});

test("an answer that nobody waits for any more is broken off", async () => {
  answer = () => new Promise(none);
  const leave = [1, 2].map((id) => states.watch("scene", id, none));
  await settled();
  leave[0]?.();
  assert.equal(asked[0]?.signal.aborted, false);
  leave[1]?.();
  assert.equal(asked[0]?.signal.aborted, true);
});

test("a failure shows nothing, and is not repeated at once", async () => {
  answer = async () => Promise.reject(new Error("no"));
  states.watch("scene", 1, none);
  await settled();
  assert.deepEqual(states.get("scene", 1).state, undefined);
  states.watch("scene", 1, none);
  await settled();
  assert.equal(asked.length, 1);
  now_ms += 31_000;
  states.watch("scene", 1, none);
  await settled();
  assert.equal(asked.length, 2);
});

test("after something happened only what is on the page is asked for", async () => {
  states.watch("scene", 1, none);
  states.watch("scene", 2, none)();
  await settled();
  states.forgetAll(false);
  states.forget([{ kind: "scene", id: 1 }]);
  await settled();
  assert.deepEqual(
    asked.map(({ ids }) => ids),
    [[1], [1]],
  );
});

test("what its owner asked for waits, until the queue says what became of it", async () => {
  let told = 0;
  states.watch("scene", 1, () => {
    told += 1;
  });
  await settled();
  assert.equal(states.moving, false);
  states.expect([{ kind: "scene", id: 1 }]);
  assert.equal(states.get("scene", 1).state, "pending");
  assert.equal(states.moving, true);
  // Its batch is not looked at yet: what was known before is still the answer.
  states.forgetAll(false);
  await settled();
  assert.equal(states.get("scene", 1).state, "pending");
  answer = async () => ({ states: { 1: "running" }, waiting: {} });
  states.forgetAll(false);
  await settled();
  assert.equal(states.get("scene", 1).state, "running");
  answer = async () => ({ states: { 1: "analysed" }, waiting: {} });
  states.forgetAll(true);
  await settled();
  assert.equal(states.get("scene", 1).state, "analysed");
  assert.ok(told >= 4);
});
