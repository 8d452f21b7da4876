import assert from "node:assert/strict";
import { test } from "node:test";
import { cueAt, parseVtt } from "./vtt.ts";

const BASE = "http://stash:9999/scene/abc_thumbs.vtt";
const FILE = `WEBVTT

1
00:00:00.000 --> 00:00:02.500
abc_sprite.jpg#xywh=0,0,160,90

00:02.500 --> 00:05.000 align:start
abc_sprite.jpg#xywh=160,0,160,90

00:00:05.000 --> 01:00:05.000
/other/sheet%202.jpg#xywh=pixel:0,90,80,45
`;

test("cues point into pictures beside the file, in whatever shape", () => {
  const cues = parseVtt(FILE, BASE);
  assert.deepEqual(cues[1], {
    start_s: 2.5,
    end_s: 5,
    url: "http://stash:9999/scene/abc_sprite.jpg",
    x: 160,
    y: 0,
    width: 160,
    height: 90,
  });
  assert.equal(cues[2]?.url, "http://stash:9999/other/sheet%202.jpg");
  assert.equal(cues[2]?.end_s, 3605);
  assert.deepEqual(parseVtt(FILE.replaceAll("\n", "\r\n"), BASE), cues);
});

test("what is no picture of this server is left out", () => {
  for (const place of [
    "https://elsewhere/x.jpg#xywh=0,0,1,1",
    "javascript:alert(1)#xywh=0,0,1,1",
    "abc.jpg",
    "abc.jpg#xywh=0,0,0,0",
    "abc.jpg#xywh=a,0,1,1",
    "http://[#xywh=0,0,1,1",
  ]) {
    assert.deepEqual(parseVtt(`WEBVTT\n\n00:00.000 --> 00:01.000\n${place}\n`, BASE), [], place);
  }
  for (const text of ["", "<html>Not found</html>", "WEBVTT", "WEBVTT\n\nNOTE nothing"]) {
    assert.deepEqual(parseVtt(text, BASE), []);
  }
  assert.deepEqual(parseVtt(FILE, "no address"), []);
});

test("a moment is shown by the last cue that has begun", () => {
  const cues = parseVtt(FILE, BASE);
  assert.equal(cueAt(cues, -1), cues[0]);
  assert.equal(cueAt(cues, 2.49), cues[0]);
  assert.equal(cueAt(cues, 2.5), cues[1]);
  assert.equal(cueAt(cues, 1e9), cues[2]);
  assert.equal(cueAt([], 1), undefined);
});
