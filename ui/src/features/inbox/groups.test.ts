import assert from "node:assert/strict";
import { test } from "node:test";
import { after, agreedSince, corrected, type Group, inOrderOf, named, toGroups } from "./groups.ts";

const group = (key: string, count: number, agreed?: [number, number]): Group => ({
  key,
  title: key,
  category: "",
  kind: undefined,
  count,
  agreed,
  top: 4,
  low: 2,
});
const decided = (label: string, verdict: "accept" | "reject" = "accept", media_id = 1) => ({
  verdict,
  row: { id: 1, label, kind: "scene", media_id, run_id: 3, state: "pending" } as const,
});
const keys = (groups: readonly Group[]) => groups.map((one) => one.key);

test("groups have keys and names, whatever they are grouped by", () => {
  const [label] = toGroups("label", [{ label: "cat", category: "animal", count: 2, agreed: [1, 0], top_score: 4 }]);
  assert.deepEqual([label?.key, label?.title, label?.category, label?.top], ["cat", "cat", "animal", 4]);
  const [medium] = toGroups("medium", [{ kind: "image", media_id: 7, name: "a.jpg", count: 1 }]);
  assert.deepEqual([medium?.key, medium?.title], ["image:7", "a.jpg"]);
  const [run] = toGroups("run", [{ run_id: 3, title: "Analyse new", count: 1 }]);
  assert.deepEqual([run?.key, run?.title], ["3", "Analyse new"]);
});

test("counts follow decisions, places do not", () => {
  const groups = [group("cat", 3, [2, 1]), group("dog", 1, [0, 0]), group("car", 1)];
  const since = [decided("cat"), decided("cat", "reject", 2), decided("dog"), decided("car")];
  const now = corrected(groups, "label", since, "dog");
  assert.deepEqual(keys(now), ["cat", "dog"]);
  assert.deepEqual([now[0]?.count, now[0]?.agreed], [1, [3, 2]]);
  assert.equal(now[1]?.count, 0);
  assert.deepEqual(corrected([group("scene:2", 2)], "medium", since, "")[0]?.count, 1);
  assert.equal(corrected(groups, "label", [], "")[0], groups[0]);
  assert.deepEqual(keys(inOrderOf([group("b", 1), group("a", 1)], [group("new", 9), group("a", 5), group("b", 1)])), [
    "b",
    "a",
    "new",
  ]);
  assert.equal(agreedSince(undefined, "cat", since), undefined);
});

test("groups are found by words, and gone on with in order", () => {
  const groups = [group("Cat", 3), { ...group("car", 0), category: "Vehicle" }, group("dog", 1)];
  assert.deepEqual(keys(named(groups, " CA")), ["Cat", "car"]);
  assert.deepEqual(keys(named(groups, "vehicle")), ["car"]);
  assert.equal(after(groups, "Cat")?.key, "dog");
  assert.equal(after(groups, "dog")?.key, "Cat");
  assert.equal(after([group("Cat", 3)], "Cat"), undefined);
});
