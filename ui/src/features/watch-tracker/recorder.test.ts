import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { WatchEvent } from "../../schemas/telemetry.ts";
import { Outbox } from "./outbox.ts";
import { Recorder } from "./recorder.ts";
import { IDLE_MS } from "./session.ts";
import type { Made, Step } from "./watch.ts";

const kept = new Map<string, string>();
const sessionStorage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
};
beforeEach(() => {
  kept.clear();
  Object.assign(globalThis, { window: { sessionStorage } });
});

const add = (made: Partial<Made>, isOpen = false): Step => ({
  do: "add",
  isOpen,
  event: { type: "scene_view", at_ms: 1000, mono_ms: 1, ...made },
});

function recorder(tagsOf: (id: number) => Promise<number[]>, tab = "tab") {
  const events: WatchEvent[] = [];
  const put = (event: WatchEvent) => {
    const at = events.findIndex(({ id }) => id === event.id);
    if (at < 0) events.push(structuredClone(event));
    else events[at] = structuredClone(event);
  };
  const made = new Recorder(new Outbox({ put, remove: () => undefined }, tab), tab, {
    excluded: () => [7],
    tagsOf: (_, id) => tagsOf(id),
    onTold: () => undefined,
  });
  return { made, events, types: () => events.map(({ type, scene_id }) => `${type} ${scene_id ?? ""}`.trim()) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 1));

test("what is excluded is never kept, not even for a moment; its neighbours are, in their order", async () => {
  const answers = new Map<number, (tags: number[]) => void>();
  const { made, events, types } = recorder((id) => new Promise((resolve) => answers.set(id, resolve)));
  made.look({ kind: "scene", id: 1 });
  made.look({ kind: "scene", id: 2 });
  made.tell([
    add({ scene_id: 1 }, true),
    { do: "rewrite", event: { type: "scene_view", at_ms: 2000, mono_ms: 2, scene_id: 1 } },
  ]);
  made.tell([add({ scene_id: 2 }), add({ type: "library_search" })]);
  answers.get(2)?.([5]);
  await settled();
  assert.deepEqual(types(), []);
  answers.get(1)?.([5, 7]);
  await settled();
  assert.deepEqual(types(), ["session_start", "scene_view 2", "library_search"]);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test("where Stash cannot say what tags it has, it is not remembered", async () => {
  const { made, types } = recorder(() => Promise.reject(new Error("no")));
  made.look({ kind: "scene", id: 1 });
  made.tell([add({ scene_id: 1 })]);
  await settled();
  assert.deepEqual(types(), []);
});

test("a session begins with what is looked at first, goes on in the next page, and ends when nothing happens", async () => {
  const harmless = () => Promise.resolve([]);
  const first = recorder(harmless, "first");
  first.made.end({ at_ms: 1, mono_ms: 1 }, "pagehide");
  assert.deepEqual(first.types(), [], "nothing was looked at");
  first.made.look({ kind: "scene", id: 1 });
  first.made.tell([add({ scene_id: 1 })]);
  await settled();
  first.made.end({ at_ms: 1500, mono_ms: 2 }, "pagehide");
  const second = recorder(harmless, "second");
  second.made.look({ kind: "scene", id: 1 });
  second.made.tell([add({ scene_id: 1, at_ms: 2000 }), add({ scene_id: 1, at_ms: 2001 + IDLE_MS, mono_ms: 9 })]);
  await settled();
  assert.deepEqual(first.types(), ["session_start", "scene_view 1", "session_end"]);
  assert.deepEqual(second.types(), ["session_start", "scene_view 1", "session_end", "session_start", "scene_view 1"]);
  assert.deepEqual(
    second.events.map(({ body }) => body),
    [{ resumed: true }, undefined, { reason: "idle" }, { resumed: false }, undefined],
  );
  assert.equal(second.events[0]?.session, first.events[0]?.session);
  assert.equal(second.events[2]?.at_ms, 2000, "it ended with what was last done");
  assert.notEqual(second.events[3]?.session, first.events[0]?.session);
});
