import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { type Decided, Ledger, type Verdict } from "./ledger.ts";

const row = (id: number, label = "cat"): Decided => ({
  id,
  label,
  kind: "scene",
  media_id: id,
  run_id: 1,
  state: "pending",
});
const settled = async () => {
  for (let n = 0; n < 20; n++) await Promise.resolve();
};

function made(answer: (ids: number[]) => number[] | undefined = () => undefined) {
  const sent: [Verdict, number[]][] = [];
  const failed: number[][] = [];
  let now = 0;
  const ledger = new Ledger({
    send: async (verdict, rows) => {
      const ids = rows.map((one) => one.id);
      sent.push([verdict, ids]);
      return answer(ids) ?? [];
    },
    onChange: () => undefined,
    onFailed: (_, rows) => failed.push(rows.map((one) => one.id)),
    now: () => now,
  });
  const tick = (ms: number) => {
    now += ms;
    mock.timers.tick(ms);
  };
  return { ledger, sent, failed, tick };
}

test("keys that are pressed quickly become one request of each kind", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { ledger, sent, tick } = made();
  ledger.decide("accept", [row(1)]);
  tick(300);
  ledger.decide("reject", [row(2)]);
  ledger.decide("accept", [row(3), row(4)]);
  assert.deepEqual([...ledger.hidden("pending")], [1, 2, 3, 4]);
  tick(600);
  assert.deepEqual(sent, []);
  tick(100);
  await settled();
  assert.deepEqual(sent, [
    ["accept", [1, 3, 4]],
    ["reject", [2]],
  ]);
  assert(!ledger.busy);
  // Who goes on and on does not wait for ever.
  for (let n = 10; n < 16; n++) {
    ledger.decide("accept", [row(n)]);
    tick(650);
  }
  await settled();
  assert.deepEqual(sent[2], ["accept", [10, 11, 12, 13, 14]]);
  mock.timers.reset();
});

test("what waits is undone for nothing, what was sent is handed over", async () => {
  const { ledger, sent } = made();
  ledger.decide("accept", [row(1)]);
  ledger.decide("reject", [row(2)]);
  const last = ledger.takeLast();
  assert(last && "dropped" in last && last.dropped.rows[0]?.id === 2);
  assert.deepEqual([...ledger.hidden("pending")], [1]);
  await ledger.flush();
  assert.deepEqual(sent, [["accept", [1]]]);
  const before = ledger.takeLast();
  assert(before && "undo" in before);
  const act = await before.undo;
  assert.deepEqual(
    act.rows.map((one) => one.id),
    [1],
  );
  ledger.forget(new Set([1]));
  assert.equal(ledger.hidden("pending").size, 0);
  assert.equal(ledger.takeLast(), undefined);
});

test("what fails is shown again, what came before it stays", async () => {
  const { ledger, failed } = made((ids) => {
    if (ids.includes(501)) throw new Error("no");
  });
  ledger.decide(
    "accept",
    Array.from({ length: 600 }, (_, n) => row(n + 1)),
  );
  await ledger.flush();
  assert.deepEqual([failed[0]?.[0], failed[0]?.length], [501, 100]);
  assert.equal(ledger.hidden("pending").size, 500);
  assert(!ledger.busy);
});

test("an answer is corrected by what it cannot know of", async () => {
  const { ledger, tick } = made();
  mock.timers.enable({ apis: ["setTimeout"] });
  ledger.decide("accept", [row(1), row(2, "dog")]);
  tick(10);
  await ledger.flush();
  tick(10);
  ledger.decide("reject", [row(3)]);
  assert.deepEqual(
    ledger.since(5, "pending").map(({ row: one }) => one.id),
    [1, 2, 3],
  );
  assert.deepEqual(
    ledger.since(15, "pending").map(({ verdict, row: one }) => [verdict, one.id]),
    [["reject", 3]],
  );
  await ledger.flush();
  mock.timers.reset();
});

test("what is decided once more is where the last decision left it", async () => {
  const { ledger } = made();
  ledger.decide("reject", [row(1), row(2)]);
  assert.deepEqual([...ledger.hidden("pending")], [1, 2]);
  assert.equal(ledger.hidden("rejected").size, 0);
  ledger.decide("undo", [{ ...row(1), state: "rejected" }]);
  assert.deepEqual([...ledger.hidden("pending")], [2]);
  assert.deepEqual([...ledger.hidden("rejected")], [1]);
  assert.deepEqual(
    ledger.since(0, "rejected").map(({ row: one }) => one.id),
    [1],
  );
  await ledger.flush();
});

test("a long day's decisions do not pile up", async () => {
  const { ledger } = made();
  for (let n = 0; n < 500; n++) ledger.decide("accept", [row(n)]);
  await ledger.flush();
  ledger.tidy((id) => id < 3);
  assert.equal(ledger.hidden("pending").size, 203);
});

test("what Stash does not give up is shown where it was", async () => {
  const { ledger, failed } = made((ids) => ids.filter((id) => id === 2));
  ledger.decide("reject", [row(1), row(2)]);
  ledger.decide("reject", [row(3)]);
  await ledger.flush();
  assert.deepEqual([...ledger.hidden("pending")], [1, 3]);
  assert.deepEqual([failed, ledger.busy], [[], false]);
});
