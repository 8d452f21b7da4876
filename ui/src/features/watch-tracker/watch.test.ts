import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Cause,
  leave,
  type Made,
  newWatch,
  observe,
  REWRITTEN_AFTER_MS,
  type Sample,
  SEALED_AFTER_MS,
  type Step,
  settle,
  type Watch,
} from "./watch.ts";

const DURATION_S = 60;

/** Events as they stand in the end: an open one says what was said of it last. */
function play(events: Made[], steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.do === "add") events.push(step.event);
    else {
      assert.equal(events[events.length - 1]?.type, step.event.type, "only the newest is rewritten");
      events[events.length - 1] = step.event;
    }
  }
}

type Stretch = [number, number];

/** What a reader believes: between two events it went on, from where it was to where it is, or to where it jumped from. */
function believed(events: readonly Made[]): Stretch[] {
  const found: Stretch[] = [];
  let before: Made | undefined;
  for (const event of events) {
    if (!event.body || !("position_s" in event.body)) continue;
    const { from_s, position_s } = event.body as Record<string, number>;
    if (before?.body?.playing) {
      const start_s = Number(before.body.position_s);
      const end_s = Number(from_s ?? position_s);
      const most_s = ((event.mono_ms - before.mono_ms) / 1000) * Number(before.body.rate) * 1.02 + 0.5;
      assert.ok(end_s - start_s <= most_s, `${start_s} to ${end_s} in ${event.mono_ms - before.mono_ms} ms`);
      if (end_s > start_s) found.push([start_s, end_s]);
    }
    before = event;
  }
  return found;
}

function union(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const [start, end] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = joined[joined.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

const length = (stretches: readonly Stretch[]) => union(stretches).reduce((sum, [start, end]) => sum + end - start, 0);

/** How much of one lies outside of the other. */
const outside = (one: readonly Stretch[], other: readonly Stretch[]) => length([...one, ...other]) - length(other);

/** A player that does as browsers do: it tells of jumps, of pauses, and every quarter of a second of going on. */
class Model {
  mono_ms = 1000;
  position_s = 0;
  rate = 1;
  visible = true;
  paused = true;
  isWaiting = false;
  loops = false;
  truth: Stretch[] = [];
  events: Made[] = [];
  watch: Watch = newWatch("watch", 1);
  #told_ms = 0;

  sample(playing = !this.paused && !this.isWaiting): Sample {
    const { mono_ms, position_s, rate, visible, loops } = this;
    return { at_ms: 1e12 + mono_ms, mono_ms, position_s, rate, visible, loops, duration_s: DURATION_S, playing };
  }

  see(cause: Cause = "other", sample = this.sample()): void {
    const [watch, steps] = observe(this.watch, sample, cause);
    this.watch = watch;
    play(this.events, steps);
  }

  /** Time goes by, 10 ms at a time. */
  run(ms: number): void {
    for (let gone = 0; gone < ms; gone += 10) {
      this.mono_ms += 10;
      if (this.paused || this.isWaiting) continue;
      const next_s = Math.min(this.position_s + 0.01 * this.rate, DURATION_S);
      this.truth.push([this.position_s, next_s]);
      this.position_s = next_s;
      if (next_s >= DURATION_S) this.#end();
      else if (this.mono_ms - this.#told_ms >= 250) {
        this.#told_ms = this.mono_ms;
        this.see();
      }
    }
  }

  #end(): void {
    if (this.loops) {
      this.seek(0, 0);
      return;
    }
    this.paused = true;
    this.see();
    this.see("ended");
  }

  seek(to_s: number, lasts_ms = 40): void {
    this.position_s = to_s;
    this.see("seeking", this.sample(false));
    this.mono_ms += lasts_ms;
    this.see("seeked");
  }

  pause(): void {
    this.paused = true;
    this.see();
  }

  play(): void {
    this.paused = false;
    if (this.position_s >= DURATION_S) this.seek(0);
    this.see();
  }

  leave(): void {
    const [watch, steps] = leave(this.watch, this.sample(), this.sample());
    this.watch = watch;
    play(this.events, steps);
  }

  types(): string[] {
    return this.events.map((event) => event.type.replace("scene_", ""));
  }
}

test("what plays from end to end", () => {
  const model = new Model();
  model.run(3000);
  model.play();
  model.run(61_000);
  model.leave();
  assert.deepEqual(model.types(), [
    "watch_start",
    ...Array.from({ length: 6 }, () => "watch_progress"),
    "watch_pause",
    "watch_complete",
    "page_leave",
  ]);
  assert.deepEqual(union(believed(model.events)), [[0, 60]]);
});

test("nothing is told of a video that never played", () => {
  const model = new Model();
  model.seek(30);
  model.visible = false;
  model.see();
  model.leave();
  assert.deepEqual(model.types(), ["page_leave"]);
});

test("a jump is told from where it began, and many in a row are one", () => {
  const model = new Model();
  model.play();
  model.run(4120);
  model.seek(30);
  model.run(2000);
  for (const to_s of [35, 40, 45, 50]) {
    model.seek(to_s);
    model.run(60);
  }
  model.run(2000);
  model.leave();
  assert.deepEqual(
    model.events.filter(({ type }) => type === "scene_seek").map(({ body }) => [body?.from_s, body?.to_s]),
    [
      [4.12, 30],
      [32, 50],
    ],
  );
  assert.ok(outside(believed(model.events), model.truth) < 0.01);
});

test("a jump that nobody told of is noticed", () => {
  const model = new Model();
  model.play();
  model.run(3000);
  model.position_s = 40;
  model.run(3000);
  model.position_s = 10;
  model.run(3000);
  model.leave();
  assert.equal(model.types().filter((type) => type === "seek").length, 2);
  assert.ok(outside(believed(model.events), model.truth) < 0.3);
});

test("a loop completes the scene, and begins it anew", () => {
  const model = new Model();
  model.loops = true;
  model.play();
  model.run(65_000);
  model.leave();
  const at = model.types().indexOf("watch_complete");
  assert.deepEqual(model.types().slice(at, at + 2), ["watch_complete", "seek"]);
  const stretches = believed(model.events);
  assert.ok(Math.abs(stretches.reduce((sum, [start, end]) => sum + end - start, 0) - 65) < 0.1);
});

test("twice as fast, then in the background: both are told when they begin", () => {
  const model = new Model();
  model.play();
  model.run(2000);
  model.rate = 2;
  model.see();
  model.run(2000);
  model.visible = false;
  model.see();
  model.run(2000);
  model.pause();
  model.leave();
  const said = model.events.map(({ body }) => body && [body.position_s, body.rate, body.visible]);
  assert.ok(said.some((one) => JSON.stringify(one) === "[2,2,true]"));
  assert.ok(said.some((one) => JSON.stringify(one) === "[6,2,false]"));
  assert.ok(Math.abs(length(believed(model.events)) - 10) < 0.01);
});

test("a machine that sleeps watches nothing meanwhile", () => {
  const model = new Model();
  model.play();
  model.run(5000);
  model.mono_ms += 3_600_000;
  model.run(5000);
  model.leave();
  assert.deepEqual(union(believed(model.events)), [[0, 10]]);
});

test("a stream that is loaded anew is where it was", () => {
  const model = new Model();
  model.play();
  model.run(5000);
  model.isWaiting = true;
  model.see("seeking", model.sample(false));
  model.mono_ms += 2000;
  model.see("other");
  model.isWaiting = false;
  model.see("seeked");
  model.run(5000);
  model.leave();
  assert.ok(!model.types().includes("seek"));
  assert.deepEqual(union(believed(model.events)), [[0, 10]]);
});

test("a tab that crashes loses less than what is rewritten at once", () => {
  for (let crash_ms = 100; crash_ms < 25_000; crash_ms += 370) {
    const model = new Model();
    model.play();
    model.run(crash_ms);
    const kept = length(believed(model.events));
    assert.ok(crash_ms / 1000 - kept < (REWRITTEN_AFTER_MS + 260) / 1000, `${crash_ms} ms: ${kept} s`);
  }
});

test("events are sealed, for what is sent is not said anew", () => {
  const model = new Model();
  model.play();
  model.run(35_000);
  const progress = model.events.filter(({ type }) => type === "scene_watch_progress");
  assert.ok(progress.length >= 3);
  for (const [at, event] of progress.entries()) {
    const before = progress[at - 1];
    if (before) assert.ok(event.mono_ms - before.mono_ms <= SEALED_AFTER_MS + 2000);
  }
});

test("before a page is hidden, all is told up to now", () => {
  const model = new Model();
  model.play();
  model.run(3330);
  const [, steps] = settle(model.watch, model.sample());
  play(model.events, steps);
  assert.ok(Math.abs(length(believed(model.events)) - 3.33) < 0.001);
});

/** The same numbers each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("whatever is done, what is told is what was played", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = numbers(seed);
    const model = new Model();
    model.loops = random() < 0.3;
    let jumps = 0;
    for (let step = 0; step < 40; step++) {
      const actions: (() => void)[] = [
        () => model.play(),
        () => model.pause(),
        () => {
          jumps += 1;
          model.seek(random() * (DURATION_S - 1), random() * 500);
        },
        () => {
          model.rate = [0.25, 0.5, 1, 1.5, 2][Math.floor(random() * 5)] ?? 1;
          model.see();
        },
        () => {
          model.visible = !model.visible;
          model.see();
        },
        () => {
          model.isWaiting = !model.isWaiting;
          model.see();
        },
      ];
      actions[Math.floor(random() * actions.length)]?.();
      model.run(Math.floor(random() * 4000));
    }
    model.leave();
    const stretches = believed(model.events);
    assert.ok(outside(stretches, model.truth) < 0.05, `seed ${seed}: ${outside(stretches, model.truth)} s too much`);
    // Of jumps that are told as one, what was played between them is let go.
    const lost = outside(model.truth, stretches);
    assert.ok(lost <= 0.65 * jumps && lost < 0.05 * length(model.truth) + 1, `seed ${seed}: ${lost} s too little`);
  }
});
