import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf, sceneOfSource, withoutBase } from "./place.ts";

test("pages of media", () => {
  assert.deepEqual(placeOf("/scenes/12", ""), { kind: "scene", id: 12, path: "/scenes/12", isQueue: false });
  assert.deepEqual(placeOf("/scenes/12", "?qsort=date&qsortd=desc&t=4"), {
    kind: "scene",
    id: 12,
    path: "/scenes/12",
    isQueue: true,
  });
  assert.equal(placeOf("/images/3", "").kind, "image");
  assert.equal(placeOf("/galleries/3/add", "").kind, "gallery");
});

test("lists, with what is searched in them", () => {
  const found = placeOf("/scenes", '?q=%20two%20words&c=("type":"tags")&c=("type":"rating100")&sortby=date');
  assert.deepEqual(found, {
    kind: "list",
    of: "scenes",
    words: "two words",
    filters: '("type":"tags"),("type":"rating100")',
    path: "/scenes",
  });
  assert.equal(placeOf("/scenes/markers", "?q=x").kind, "list");
  const long = placeOf("/tags", `?q=${"x".repeat(5000)}`);
  assert.equal(long.kind === "list" && long.words.length, 200);
});

test("anything else is nothing of interest", () => {
  for (const path of ["/", "/settings", "/scenes/new", "/scenes/12x", "/sense/inbox", "/performers/4/scenes"]) {
    assert.equal(placeOf(path, "?q=x").kind, "other", path);
  }
});

test("what a proxy puts before the address does not count", () => {
  assert.equal(withoutBase("/stash/scenes/1", "/stash/"), "/scenes/1");
  assert.equal(withoutBase("/scenes/1", "/"), "/scenes/1");
  assert.equal(withoutBase("/stashes", "/stash/"), "/stashes");
});

test("streams say whose they are", () => {
  assert.equal(sceneOfSource("http://host:9999/stash/scene/31/stream?apikey=x"), 31);
  assert.equal(sceneOfSource("http://host/scene/31/stream.m3u8?resolution=FULL_HD"), 31);
  assert.equal(sceneOfSource("blob:http://host/1-2-3"), undefined);
});
