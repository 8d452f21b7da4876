import assert from "node:assert/strict";
import { test } from "node:test";
import type { IngestResult, WatchEvent } from "../../schemas/telemetry.ts";
import { MOST_EVENTS, Outbox } from "./outbox.ts";
import type { Made } from "./watch.ts";

/** What is on the disk: "tab/seq" -> event. */
class Disk {
  readonly kept = new Map<string, WatchEvent>();
  put(event: WatchEvent): void {
    this.kept.set(`${event.tab}/${event.seq}`, structuredClone(event));
  }
  remove(events: readonly WatchEvent[]): void {
    for (const { tab, seq } of events) this.kept.delete(`${tab}/${seq}`);
  }
}

const LOTS = 1e9;
const made = (type: Made["type"], at_ms = 1): Made => ({ type, at_ms, mono_ms: at_ms, scene_id: 1, watch: "watch" });
const answered = (events: readonly WatchEvent[], status: IngestResult["status"] = "accepted"): IngestResult[] =>
  events.map(({ id }) => ({ id, status }));

test("events are numbered without holes, and on the disk at once", () => {
  const disk = new Disk();
  const outbox = new Outbox(disk, "tab");
  for (let at = 0; at < 5; at++) outbox.add(made("scene_view"), "session");
  assert.deepEqual([...disk.kept.keys()], ["tab/1", "tab/2", "tab/3", "tab/4", "tab/5"]);
  const events = outbox.take(LOTS);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
  );
  assert.equal(new Set(events.map(({ id }) => id)).size, 5);
});

test("the open event is rewritten in place, and is not sent before it is sealed", () => {
  const disk = new Disk();
  const outbox = new Outbox(disk, "tab");
  outbox.add(made("scene_watch_progress", 1), "session", true);
  outbox.rewrite({ ...made("scene_watch_progress", 900), body: { position_s: 3 } });
  assert.deepEqual(disk.kept.get("tab/1")?.body, { position_s: 3 });
  assert.deepEqual(outbox.take(LOTS), []);
  outbox.add(made("scene_watch_pause", 1000), "session");
  outbox.rewrite(made("scene_watch_progress", 2000));
  const sent = outbox.take(LOTS);
  assert.deepEqual(
    sent.map(({ type, at_ms }) => [type, at_ms]),
    [
      ["scene_watch_progress", 900],
      ["scene_watch_pause", 1000],
    ],
  );
});

test("what is answered goes, each for itself; the rest is sent anew", () => {
  const disk = new Disk();
  const outbox = new Outbox(disk, "tab");
  for (let at = 0; at < 4; at++) outbox.add(made("scene_view"), "session");
  const sent = outbox.take(LOTS);
  assert.deepEqual(outbox.take(LOTS), [], "nothing is sent twice at a time");
  const [first, second, third] = sent.map(({ id }) => id);
  outbox.settle(sent, [
    { id: first ?? "", status: "accepted" },
    { id: second ?? "", status: "duplicate" },
    { id: third ?? "", status: "refused", code: "invalid", reason: "no" },
    { id: null, status: "refused", code: "invalid" },
  ]);
  assert.deepEqual([...disk.kept.keys()], ["tab/4"]);
  assert.deepEqual(
    outbox.take(LOTS).map(({ seq }) => seq),
    [4],
  );
});

test("batches keep to their size, but never to nothing", () => {
  const outbox = new Outbox(new Disk(), "tab");
  for (let at = 0; at < 100; at++) outbox.add(made("scene_view"), "session");
  const first = outbox.take(2000);
  assert.ok(JSON.stringify(first).length <= 2002 && first.length > 3);
  assert.equal(outbox.take(1).length, 1);
});

test("what others have left goes first, and is theirs still", () => {
  const disk = new Disk();
  const gone = new Outbox(disk, "gone");
  gone.add(made("scene_view"), "session");
  const outbox = new Outbox(disk, "tab");
  outbox.add(made("scene_view"), "session");
  outbox.adopt([...disk.kept.values()].filter(({ tab }) => tab === "gone"));
  assert.ok(outbox.has("gone"));
  const sent = outbox.take(LOTS);
  assert.deepEqual(
    sent.map(({ tab }) => tab),
    ["gone", "tab"],
  );
  outbox.settle(sent, answered(sent));
  assert.ok(!outbox.has("gone") && disk.kept.size === 0);
});

test("with too many, the oldest progress goes, and nothing else as long as there is any", () => {
  const disk = new Disk();
  let told = 0;
  const outbox = new Outbox(disk, "tab", () => {
    told += 1;
  });
  const each = MOST_EVENTS / 2 + 50;
  for (let at = 0; at < each; at++) {
    outbox.add(made("scene_watch_progress"), "session");
    outbox.add(made("scene_seek"), "session");
  }
  assert.equal(outbox.size, MOST_EVENTS);
  assert.equal(disk.kept.size, MOST_EVENTS);
  assert.ok(told > 0);
  const types = [...disk.kept.values()].map(({ type }) => type);
  assert.equal(types.filter((type) => type === "scene_seek").length, each);
  for (let at = 0; at < MOST_EVENTS; at++) outbox.add(made("scene_seek"), "session");
  assert.equal(outbox.size, MOST_EVENTS);
});

test("what is erased is not sent after all", () => {
  const disk = new Disk();
  const outbox = new Outbox(disk, "tab");
  outbox.add(made("scene_view", 10), "session");
  outbox.add(made("scene_watch_progress", 20), "session", true);
  outbox.forgetBefore(20);
  outbox.rewrite(made("scene_watch_progress", 30));
  assert.equal(disk.kept.size + outbox.size, 0);
});
