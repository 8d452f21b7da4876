import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, isOurs, isTask, type StashJob } from "./stashQueue.ts";

const job = (id: string, rest: Partial<StashJob> = {}): StashJob => ({
  id,
  status: "READY",
  description: "Scanning...",
  subTasks: null,
  progress: null,
  error: null,
  ...rest,
});

test("the queue follows what Stash tells of it", () => {
  const first = changed([], { type: "ADD", job: job("1") });
  const second = changed(first, { type: "ADD", job: job("2") });
  assert.deepEqual(
    second.map((one) => one.id),
    ["1", "2"],
  );
  const running = changed(second, { type: "UPDATE", job: job("1", { status: "RUNNING" }) });
  assert.deepEqual(
    running.map((one) => one.status),
    ["RUNNING", "READY"],
  );
  // An update of a job that we did not hear of before: the answer to the first question was lost.
  assert.equal(changed([], { type: "UPDATE", job: job("3") }).length, 1);
  assert.deepEqual(
    changed(running, { type: "REMOVE", job: job("1") }).map((one) => one.id),
    ["2"],
  );
});

test("the plugin's own work is known by its name", () => {
  for (const description of [
    "Running plugin task: Stash Sense",
    "Stash Sense: 3 of 7 done",
    "Running plugin task: Analyse new",
    "Running plugin task: Group unknown people",
  ]) {
    assert(isOurs(job("1", { description })), description);
  }
  for (const description of [
    "Scanning...",
    "Running plugin task: Analyse newer things",
    "Stash Senses",
    "My Stash Sense",
  ]) {
    assert(!isOurs(job("1", { description })), description);
  }
});

test("a task is known by its name, whether Stash describes it so or we did", () => {
  const name = "Recompute recommendations";
  assert.ok(isTask(job("1", { description: name }), name));
  assert.ok(isTask(job("1", { description: `Running plugin task: ${name}` }), name));
  assert.ok(!isTask(job("1", { description: `${name} of another plugin` }), name));
});
