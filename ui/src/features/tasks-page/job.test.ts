import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../schemas/queue.ts";
import { canCancel, canRetry, isParent, momentOf, tallyOf } from "./job.ts";
import { remedyOf } from "./remedy.ts";

const job = (rest: Partial<Job> = {}): Job => ({
  id: 1,
  parent_id: null,
  run_id: 1,
  action: "analyse",
  kind: "scene",
  media_id: 4,
  name: "",
  priority: "normal",
  state: "pending",
  reason_code: "",
  reason: "",
  attempts: 0,
  next_try_s: null,
  cancel_asked: false,
  created_s: 10,
  started_s: null,
  ended_s: null,
  media: {},
  ...rest,
});

test("a batch is a parent, and so is a gallery whose images are enqueued", () => {
  assert.ok(isParent(job({ action: "batch", kind: null, media_id: null })));
  assert.ok(isParent(job({ kind: "gallery", media: { pending: 2 } })));
  assert.ok(!isParent(job({ kind: "gallery" })));
});

test("what waits or works can be cancelled, once", () => {
  assert.ok(canCancel(job()));
  assert.ok(canCancel(job({ state: "running" })));
  assert.ok(!canCancel(job({ state: "running", cancel_asked: true })));
  assert.ok(!canCancel(job({ state: "completed" })));
});

test("what failed can be retried, also as a part of a batch that is done", () => {
  assert.ok(canRetry(job({ state: "failed" })));
  assert.ok(canRetry(job({ action: "batch", state: "completed", media: { completed: 5, failed: 1 } })));
  assert.ok(!canRetry(job({ action: "batch", state: "completed", media: { completed: 5 } })));
  assert.ok(!canRetry(job()));
});

test("how far a batch is", () => {
  assert.deepEqual(tallyOf(job({ media: { completed: 5, failed: 1, pending: 3, running: 1 } })), {
    done: 5,
    failed: 1,
    cancelled: 0,
    left: 4,
    total: 10,
  });
});

test("the moment that matters", () => {
  assert.deepEqual(momentOf(job()), { what: "asked", at_s: 10 });
  assert.deepEqual(momentOf(job({ started_s: 11 })), { what: "started", at_s: 11 });
  assert.deepEqual(momentOf(job({ started_s: 11, ended_s: 12 })), { what: "ended", at_s: 12 });
});

test("what helps against what", () => {
  assert.equal(remedyOf("not_found")?.to, "/sense/settings");
  assert.equal(remedyOf("constructor"), undefined);
  assert.equal(remedyOf(""), undefined);
});
