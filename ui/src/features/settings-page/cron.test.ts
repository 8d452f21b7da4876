import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCron, parseCron, rescheduled } from "./cron.ts";

test("common lines are read and written back", () => {
  for (const cron of ["", "0 3 * * *", "30 23 * * 6", "5 0 * * 0", "*/5 * * * *", "0 3 1 * *", "99 3 * * *"]) {
    assert.equal(formatCron(parseCron(cron)), cron);
  }
  assert.deepEqual(parseCron(" 0  3 * * 7 "), { when: "weekly", hour: 3, minute: 0, day: 0 });
  assert.equal(parseCron("0 24 * * *").when, "own");
});

test("another way keeps the time", () => {
  const weekly = rescheduled(parseCron("30 5 * * *"), "weekly");
  assert.equal(formatCron(weekly), "30 5 * * 0");
  assert.equal(formatCron(rescheduled(weekly, "own")), "30 5 * * 0");
  assert.equal(formatCron(rescheduled({ when: "never" }, "own")), "0 3 * * *");
  assert.equal(formatCron(rescheduled(weekly, "never")), "");
});
