import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE_MS, sessionAt } from "./session.ts";

const newId = () => "new";
const kept = { id: "old", at_ms: 1_000_000, mono_ms: 5, tab: "here" };

test("the first of all", () => {
  assert.deepEqual(sessionAt(undefined, 5, "here", newId), { id: "new", starts: true, resumed: false });
});

test("it goes on, over reloads too, which say so", () => {
  const now_ms = kept.at_ms + IDLE_MS;
  assert.deepEqual(sessionAt(kept, now_ms, "here", newId), { id: "old", starts: false, resumed: true });
  assert.deepEqual(sessionAt(kept, now_ms, "there", newId), { id: "old", starts: true, resumed: true });
});

test("after half an hour of nothing it is another one; whose end is told by the page that knows of it", () => {
  const now_ms = kept.at_ms + IDLE_MS + 1;
  assert.deepEqual(sessionAt(kept, now_ms, "here", newId), { id: "new", starts: true, resumed: false, ended: kept });
  assert.deepEqual(sessionAt(kept, now_ms, "there", newId), { id: "new", starts: true, resumed: false });
});

test("a clock that is set back ends nothing", () => {
  assert.equal(sessionAt(kept, kept.at_ms - 86_400_000, "here", newId).id, "old");
});
