import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { WatchEvent } from "../../schemas/telemetry.ts";
import { Outbox } from "./outbox.ts";
import { type Answer, PARTING, Sender } from "./sender.ts";

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1e12 });
  Object.assign(globalThis, { window: globalThis });
});
afterEach(() => mock.timers.reset());

function made() {
  const sent: { at_s: number; count: number; characters: number }[] = [];
  const outbox = new Outbox({ put: () => undefined, remove: () => undefined }, "tab");
  const plugin = { fails: undefined as { kind: string } | undefined };
  const send = async (events: readonly WatchEvent[]): Promise<Answer> => {
    const at_s = (Date.now() - 1e12) / 1000;
    sent.push({ at_s, count: events.length, characters: JSON.stringify(events).length });
    if (plugin.fails) throw plugin.fails;
    const results = events.map(({ id }) => ({ id, status: "accepted" as const }));
    return { tracking: true, paused_until_s: null, results };
  };
  const sender = new Sender(outbox, send, () => undefined);
  const add = (count = 1) => {
    for (let at = 0; at < count; at++) {
      outbox.add({ type: "scene_view", at_ms: 1, mono_ms: 1, scene_id: 1, watch: "watch" }, "session");
      sender.inTime();
    }
  };
  return { sent, outbox, sender, add, plugin };
}

async function pass(seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 10; step++) {
    mock.timers.tick(100);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
}

test("while all goes on, every half a minute", async () => {
  const { sent, add } = made();
  for (let second = 0; second < 100; second += 5) {
    add();
    await pass(5);
  }
  assert.equal(sent.length, 3);
  assert.ok(sent.every(({ at_s }, at) => at_s - (sent[at - 1]?.at_s ?? 0) >= 30));
});

test("what ended is sent soon, but not one by one", async () => {
  const { sent, add, sender } = made();
  for (let turn = 0; turn < 5; turn++) {
    add();
    sender.soon();
    await pass(0.3);
  }
  await pass(5);
  assert.deepEqual(
    sent.map(({ count }) => count),
    [2, 3],
  );
});

test("what cannot be sent is tried less and less often, and is whole in the end", async () => {
  const { sent, outbox, add, plugin } = made();
  plugin.fails = { kind: "unreachable" };
  add(3);
  await pass(3600);
  assert.ok(sent.length >= 5 && sent.length <= 12, String(sent.length));
  plugin.fails = undefined;
  await pass(1200);
  assert.equal(outbox.size, 0);
});

test("a plugin of another version is left alone for long", async () => {
  const { sent, add, plugin } = made();
  plugin.fails = { kind: "outdated" };
  add();
  await pass(600);
  assert.equal(sent.length, 1);
});

test("a page that goes sends at once what outlives it, and no more", async () => {
  const { sent, outbox, add, sender } = made();
  add(500);
  sender.atOnce();
  assert.equal(sent.length, PARTING.requests);
  for (const { characters } of sent) assert.ok(characters < 15_000);
  await pass(0.1);
  assert.equal(outbox.size, 500 - sent.reduce((sum, { count }) => sum + count, 0));
  sender.end();
  await pass(100);
  assert.equal(sent.length, PARTING.requests);
});
