import assert from "node:assert/strict";
import { test } from "node:test";
import type { StashJob } from "../../host/stashQueue.ts";
import type { Status } from "../../schemas/status.ts";
import { NOTHING, noticed } from "../../shared/notice.ts";
import { signOf } from "./sign.ts";

const job = (description: string, status: StashJob["status"] = "READY", progress: number | null = null): StashJob => ({
  id: description,
  status,
  description,
  subTasks: null,
  progress,
  error: null,
});
const status = (failed: number, pending = 0, state: Status["drain"]["state"] = "idle"): Status => ({
  ready: true,
  instruction: "",
  version: "",
  stash_version: "",
  drain: {
    state,
    sentence: "why",
    share: 0,
    detail: { done: 0, total: 0, failed: 0, frames_per_s: 0, media: [] },
    heartbeat_s: null,
  },
  queue: { pending },
  noticed: 0,
  analysed: {},
  failed,
  suggestions: { pending: 0, accepted: 0 },
  sidecar: null,
  can_analyse: true,
  self_test: null,
});

test("while nothing of ours runs, waits or has failed, nothing is said", () => {
  assert.equal(signOf(undefined, NOTHING), undefined);
  assert.equal(signOf([], NOTHING), undefined);
  assert.equal(signOf([job("Scanning...", "RUNNING", 0.4)], NOTHING), undefined);
});

test("our own job in Stash's queue", () => {
  const ours = "Running plugin task: Stash Sense: 3 of 7 done";
  assert.deepEqual(signOf([job(ours, "RUNNING", 0.4)], NOTHING), { state: "running", share: 0.4 });
  assert.deepEqual(signOf([job(ours, "RUNNING", -1)], NOTHING), { state: "running", share: null });
  assert.deepEqual(signOf([job("Scanning...", "RUNNING"), job(ours)], NOTHING), {
    state: "queued",
    behind: "Scanning...",
  });
});

test("what is left behind when our job has ended", () => {
  const waits = noticed(NOTHING, status(0, 12), false);
  assert.deepEqual(signOf([], waits), { state: "waiting", count: 12, sentence: "why" });
  assert.deepEqual(signOf([], noticed(NOTHING, status(0, 2, "paused"), false)), { state: "paused", count: 2 });
  assert.equal(signOf([], noticed(waits, status(0), false)), undefined);
});

test("what failed is told until its owner has seen it, and again when more fails", () => {
  const two = noticed(NOTHING, status(2, 5), false);
  assert.deepEqual(signOf([], two), { state: "failed", count: 2 });
  const seen = noticed(two, status(2), true);
  assert.equal(signOf([], seen), undefined);
  assert.deepEqual(signOf([], noticed(seen, status(3), false)), { state: "failed", count: 1 });
  const retried = noticed(seen, status(0), false);
  assert.deepEqual(signOf([], noticed(retried, status(1), false)), { state: "failed", count: 1 });
});

test("a plugin that is not set up has nothing to tell", () => {
  assert.deepEqual(noticed({ ...NOTHING, failed: 3 }, { ...status(0), ready: false }, false), NOTHING);
});
