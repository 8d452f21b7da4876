import assert from "node:assert/strict";
import { test } from "node:test";
import type { StashJob } from "../../host/stashQueue.ts";
import type { Job } from "../../schemas/queue.ts";
import { hasEnded, isPicked, type Medium, waitOf } from "./work.ts";

const job = (id: number, state: Job["state"], rest: Partial<Job> = {}): Job => ({
  id,
  state,
  parent_id: null,
  run_id: 1,
  action: "analyse",
  kind: "scene",
  media_id: 1,
  name: "",
  priority: "high",
  reason_code: "",
  reason: "",
  attempts: 0,
  next_try_s: null,
  cancel_asked: false,
  created_s: 0,
  started_s: null,
  ended_s: null,
  media: {},
  ...rest,
});
const medium = (one: Job | null, drain: Medium["drain"] = null): Medium => ({
  job: one,
  ahead: 0,
  progress: null,
  drain,
});
const stashJob = (description: string, status: StashJob["status"]): StashJob => ({
  id: "1",
  status,
  description,
  subTasks: null,
  progress: 0.5,
  error: null,
});
const isOurs = (one: StashJob) => one.description.startsWith("Stash Sense");

test("an older job of the scene is not the one that was asked for", () => {
  const awaited = { batch: 7, wasActive: false };
  assert(!isPicked(medium(job(5, "completed")), awaited));
  assert(!hasEnded({ medium: medium(job(5, "completed")), batch: job(7, "pending") }, awaited));
  assert(!hasEnded({ medium: medium(null), batch: job(7, "running") }, awaited));
  assert(!hasEnded({ medium: medium(job(8, "running")) }, awaited));
  assert(hasEnded({ medium: medium(job(8, "completed")) }, awaited));
});

test("one that waited already stands for what was asked for", () => {
  const awaited = { batch: 7, wasActive: true };
  assert(!hasEnded({ medium: medium(job(5, "running")) }, awaited));
  assert(hasEnded({ medium: medium(job(5, "completed")) }, awaited));
});

test("a batch that ended without the scene, or is gone, is no longer waited for", () => {
  const awaited = { batch: 7, wasActive: false };
  assert(hasEnded({ medium: medium(null), batch: job(7, "cancelled") }, awaited));
  assert(hasEnded({ medium: medium(null) }, awaited));
});

test("why it waits", () => {
  const waiting = medium(job(8, "pending"), { state: "idle", sentence: "1 media wait for the sidecar: it is away" });
  const wait = (one: Medium, jobs: readonly StashJob[] | undefined) => waitOf({ medium: one }, jobs, isOurs, 100);
  assert.deepEqual(wait(waiting, []), { why: "told", sentence: "1 media wait for the sidecar: it is away" });
  assert.equal(wait(waiting, undefined).why, "line");
  const working = medium(job(8, "pending"), { state: "running", sentence: "Medium 2 of 9" });
  assert.deepEqual(wait(working, [stashJob("Stash Sense", "RUNNING")]), { why: "line", sentence: "Medium 2 of 9" });
  const scan = stashJob("Scanning...", "RUNNING");
  assert.deepEqual(wait(waiting, [scan, stashJob("Stash Sense", "READY")]), { why: "stash", job: scan });
  assert.equal(wait(medium(job(8, "pending"), { state: "paused", sentence: "" }), [scan]).why, "paused");
  const later = medium(job(8, "pending", { next_try_s: 160, reason: "it could not be read" }));
  assert.deepEqual(wait(later, []), { why: "later", at_s: 160, sentence: "it could not be read" });
});
