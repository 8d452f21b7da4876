import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { STATUS } from "./status.ts";

test("a plugin that is not set up says so, and everything else is as if nothing had happened yet", () => {
  const status = v.parse(STATUS.status.output, { ready: false, instruction: "Run the task Set up." });
  assert.equal(status.ready, false);
  assert.equal(status.instruction, "Run the task Set up.");
  assert.equal(status.drain.state, "idle");
  assert.equal(status.sidecar, null);
});

test("an answer that is neither is not understood", () => {
  assert.equal(v.safeParse(STATUS.status.output, { ready: true, instruction: "" }).success, false);
  assert.equal(v.safeParse(STATUS.status.output, {}).success, false);
});
