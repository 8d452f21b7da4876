import assert from "node:assert/strict";
import { test } from "node:test";
import type { StashJob } from "../../host/stashQueue.ts";
import type { Status } from "../../schemas/status.ts";
import { capital } from "../../shared/capital.ts";
import { headlineOf, liveliness } from "./headline.ts";

const sidecar: NonNullable<Status["sidecar"]> = {
  ok: true,
  message: "lite on cpu",
  checked_s: 0,
  next_try_s: null,
  version: "",
  version_mismatch: "",
  model: "lite",
  device: "cpu",
  address: "",
  is_ours: true,
  log_path: null,
};
const down = { ...sidecar, ok: false, message: "it cannot be reached" };

function status(rest: Partial<Status> = {}, drain: Partial<Status["drain"]> = {}): Status {
  return {
    ready: true,
    instruction: "",
    version: "",
    stash_version: "",
    drain: {
      state: "idle",
      sentence: "done: 3 media",
      share: 0,
      detail: { done: 0, total: 0, failed: 0, frames_per_s: 0, media: [] },
      heartbeat_s: null,
      ...drain,
    },
    queue: {},
    noticed: 0,
    analysed: {},
    failed: 0,
    suggestions: { pending: 0, accepted: 0 },
    sidecar,
    can_analyse: true,
    self_test: null,
    ...rest,
  };
}

const job = (description: string, state: StashJob["status"] = "READY"): StashJob => ({
  id: description,
  status: state,
  description,
  subTasks: null,
  progress: null,
  error: null,
});
const OURS = "Running plugin task: Stash Sense";

test("while nothing is to be done, the last word stands", () => {
  assert.deepEqual(headlineOf(status(), []), { state: "idle", sentence: "done: 3 media" });
  assert.equal(headlineOf(status(), [job("Scanning...", "RUNNING")]).state, "idle");
  assert.equal(liveliness(status(), []), "rests");
});

test("at work, and looking for what is to be done", () => {
  const detail = { done: 1, total: 5, failed: 0, frames_per_s: 0, media: [] };
  const working = status(
    { queue: { pending: 4, running: 1 } },
    { state: "running", sentence: "Medium 2 of 5", detail },
  );
  assert.deepEqual(headlineOf(working, []), { state: "running", isSelecting: false, sentence: "Medium 2 of 5" });
  assert.deepEqual(headlineOf(status({}, { state: "running", sentence: "" }), []), {
    state: "running",
    isSelecting: true,
    sentence: "",
  });
  assert.equal(liveliness(working, undefined), "works");
});

test("what is waited for, the most telling first", () => {
  const waits = { queue: { pending: 4 }, noticed: 1 };
  const scan = job("Scanning...", "RUNNING");
  assert.deepEqual(headlineOf(status(waits), [scan, job(OURS)]), { state: "stash", waiting: 5, job: scan });
  assert.equal(headlineOf(status(waits), [job(OURS)]).state, "soon");
  assert.equal(headlineOf(status(waits, { state: "paused" }), [job(OURS)]).state, "paused");
  assert.deepEqual(headlineOf(status({ ...waits, sidecar: down }), []), {
    state: "sidecar",
    waiting: 5,
    sentence: "it cannot be reached",
  });
  assert.deepEqual(headlineOf(status(waits, { sentence: "quiet hours: 5 media wait until they are over" }), []), {
    state: "told",
    waiting: 5,
    sentence: "quiet hours: 5 media wait until they are over",
  });
  assert.equal(liveliness(status(waits), []), "waits");
  assert.equal(liveliness(status(), [job(OURS)]), "works");
});

test("a sidecar that went away during the work is named", () => {
  const found = headlineOf(
    status({ sidecar: down }, { state: "running", sentence: "5 media wait for the sidecar" }),
    [],
  );
  assert.equal(found.state, "sidecar");
});

test("sentences begin large, what is no word stays as it is", () => {
  assert.equal(capital("the sidecar is away"), "The sidecar is away");
  assert.equal(capital("done: 3 media"), "Done: 3 media");
  for (const same of ["http://host/x is away", "/tmp/x is no file", "5 media wait", "", "x=1"]) {
    assert.equal(capital(same), same);
  }
});
