import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Wanted } from "./wanted.ts";

const settled = async () => {
  for (let n = 0; n < 20; n++) await Promise.resolve();
};
const nothing = () => undefined;

function made(answer: (key: string) => string | null | undefined = (key) => `<${key}>`, most = 3, room = 100) {
  const asked: string[][] = [];
  const wanted = new Wanted<string>({
    ask: async (keys) => {
      asked.push([...keys]);
      const found = new Map<string, string | null>();
      for (const key of keys) {
        const value = answer(key);
        if (value !== undefined) found.set(key, value);
      }
      return found;
    },
    most,
    room,
    delay_ms: 100,
    pause_ms: 1000,
  });
  return { wanted, asked };
}

test("what is on screen is asked for in batches, one at a time, and what left is not", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { wanted, asked } = made();
  let heard = 0;
  const leave = wanted.want("gone", nothing);
  for (const key of ["a", "b", "c", "d"]) wanted.want(key, () => heard++);
  leave();
  mock.timers.tick(100);
  assert.deepEqual(asked, [["b", "c", "d"]]);
  mock.timers.tick(1000);
  assert.equal(asked.length, 1, "the first answer is not there yet");
  await settled();
  assert.equal(heard, 3);
  assert.equal(wanted.get("b"), "<b>");
  assert.equal(wanted.get("a"), undefined);
  mock.timers.tick(100);
  await settled();
  assert.deepEqual(asked[1], ["a"]);
  wanted.want("b", nothing);
  mock.timers.tick(100);
  assert.equal(asked.length, 2, "what is known is not asked for again");
  mock.timers.reset();
});

test("what fails is tried again later, then there is none", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { wanted, asked } = made((key) => {
    if (key === "bad") throw new Error("no");
    return key === "late" ? undefined : null;
  });
  wanted.want("bad", nothing);
  mock.timers.tick(100);
  await settled();
  mock.timers.tick(999);
  assert.equal(asked.length, 1);
  for (let n = 0; n < 3; n++) {
    mock.timers.tick(1000);
    await settled();
  }
  assert.equal(asked.length, 3);
  assert.equal(wanted.get("bad"), null);
  wanted.want("none", nothing);
  wanted.want("late", nothing);
  mock.timers.tick(100);
  await settled();
  assert.equal(wanted.get("none"), null);
  assert.equal(wanted.get("late"), undefined);
  wanted.end();
  mock.timers.tick(10_000);
  assert.equal(asked.length, 4);
  mock.timers.reset();
});

test("what was wanted longest ago makes room", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { wanted } = made(undefined, 10, 2);
  for (const key of ["a", "b", "c"]) wanted.want(key, nothing)();
  for (const key of ["a", "b", "c"]) {
    const leave = wanted.want(key, nothing);
    mock.timers.tick(100);
    await settled();
    leave();
    if (key === "b") wanted.want("a", nothing)();
  }
  assert.deepEqual(
    ["a", "b", "c"].map((key) => wanted.get(key)),
    ["<a>", undefined, "<c>"],
  );
  mock.timers.reset();
});
