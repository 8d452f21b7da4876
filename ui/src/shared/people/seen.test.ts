import assert from "node:assert/strict";
import { test } from "node:test";
import type { Track, Who } from "../../schemas/people.ts";
import { makeText } from "../../text/text.ts";
import { nameOfPerson, peopleOf, personIn } from "./seen.ts";

const text = makeText("en-GB");
const who = (name: string, ...keys: string[]): Who => ({ key: keys[0] ?? "", keys, name, performer_id: 1, boxes: [] });
const track = (id: string, spans: [number, number][], rest: Partial<Track> = {}): Track => ({
  id,
  spans,
  seconds: spans.reduce((sum, [start_s, end_s]) => sum + end_s - start_s, 0),
  faces: 5,
  views: 3,
  quality: 0.5,
  best: { pts_s: spans[0]?.[0] ?? 0, box: [0, 0, 0.1, 0.1] },
  decision: "unknown",
  who: null,
  confirmed: false,
  candidates: [],
  group_id: "",
  suggestion_id: null,
  suggestion_state: "",
  ...rest,
});

test("tracks of one identity are one person, whichever of its keys comes first", () => {
  const people = peopleOf([
    track("1", [[0, 2]], { who: who("Ada", "stash:1", "box:x|1"), decision: "maybe", quality: 0.9 }),
    track("2", [[5, 9]], { who: who("Ada", "box:x|1", "stash:1"), decision: "match" }),
  ]);
  assert.equal(people.length, 1);
  const [ada] = people;
  assert.deepEqual(ada?.moments, [
    [0, 2],
    [5, 9],
  ]);
  assert.equal(ada?.recognised, "match");
  assert.equal(ada?.best.id, "1");
  assert.equal(personIn(people, { reason: { track_ids: ["2"] } }), ada);
  assert.equal(personIn(people, { reason: {} }), undefined);
});

test("who is known comes first; who is not is numbered as they appear", () => {
  const people = peopleOf([
    track("late", [[50, 99]]),
    track("early", [[1, 2]], { group_id: "g" }),
    track("again", [[7, 8]], { group_id: "g" }),
    track("bea", [[3, 4]], { who: who("Bea", "stash:2"), confirmed: true, decision: "match" }),
  ]);
  assert.deepEqual(
    people.map((one) => [nameOfPerson(text, one), one.recognised, one.seconds]),
    [
      ["Bea", "confirmed", 1],
      ["Unknown 2", "unknown", 49],
      ["Unknown 1", "unknown", 2],
    ],
  );
  const together = peopleOf([track("short", [[0, 2]]), track("long", [[0, 9]])]);
  assert.deepEqual(
    together.map(({ number, best }) => [number, best.id]),
    [
      [1, "long"],
      [2, "short"],
    ],
  );
  assert.deepEqual(peopleOf([]), []);
});
