import assert from "node:assert/strict";
import { test } from "node:test";
import { added, type Batch, DecisionQueue } from "./decisionQueue.ts";

test("decisions of one kind go together, and their order stays", () => {
  let batches = added([], "accept", [1]);
  batches = added(batches, "accept", [2, 1]);
  batches = added(batches, "undo", [1]);
  batches = added(batches, "accept", [1]);
  assert.deepEqual(batches, [
    { verb: "accept", ids: [1, 2] },
    { verb: "undo", ids: [1] },
    { verb: "accept", ids: [1] },
  ]);
});

test("one batch is sent at a time, with all that was decided meanwhile in the next", async () => {
  const sent: Batch[] = [];
  let idle = 0;
  let release = () => {};
  const queue = new DecisionQueue(
    (batch) => {
      sent.push(batch);
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    () => idle++,
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  queue.add("accept", []);
  assert(queue.isIdle);
  queue.add("accept", [1]);
  queue.add("reject", [2]);
  queue.add("reject", [3]);
  assert(!queue.isIdle);
  release();
  await settle();
  assert.deepEqual(sent, [
    { verb: "accept", ids: [1] },
    { verb: "reject", ids: [2, 3] },
  ]);
  assert.equal(idle, 0);
  release();
  await settle();
  assert.equal(idle, 1);
  assert(queue.isIdle);
});
