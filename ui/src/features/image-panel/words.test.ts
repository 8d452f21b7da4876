import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../schemas/queue.ts";
import { makeText } from "../../text/text.ts";
import { isUnderWay, type Known, stateSentence } from "./words.ts";

const text = makeText("en-GB");
const job = (state: Job["state"]) => ({ id: 1, state }) as Job;
const known = (more: Partial<Known>): Known => ({ analysis: null, failure: null, job: null, ahead: 0, ...more });
const analysis = { done_s: Date.now() / 1000 - 90 } as Known["analysis"];
const failure = { code: "broken", message: "no frames", failed_s: 5 };

test("what happens to it now is said before what was", () => {
  assert.equal(stateSentence(text, known({ analysis, failure, job: job("running") })), "Is being analysed.");
  const waiting = stateSentence(text, known({ analysis, job: job("pending"), ahead: 2 }));
  assert.equal(waiting, "Waits to be analysed, behind 2 others.");
});

test("then what failed, then what was found", () => {
  const failed = stateSentence(text, known({ analysis, failure, job: job("failed") }));
  assert.equal(failed, "Could not be analysed: no frames");
  assert.equal(stateSentence(text, known({ analysis, job: job("completed") })), "Analysed 2 minutes ago.");
  assert.equal(stateSentence(text, known({})), "Not analysed yet.");
});

test("only a job that is not over changes by itself", () => {
  const states = ["pending", "running", "completed", "failed", "cancelled"] as const;
  assert.deepEqual(
    states.filter((state) => isUnderWay({ job: job(state) })),
    ["pending", "running"],
  );
  assert.equal(isUnderWay({ job: null }), false);
});
