import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { type Place, placeOf } from "./place.ts";
import { Tracker } from "./tracker.ts";
import type { Made, Step } from "./watch.ts";

/** As video.js' player, as far as it is asked. */
class FakePlayer {
  at_s = 0;
  isPaused = true;
  source: number;
  isGone = false;
  readonly video = new EventTarget();
  readonly listeners = new Map<string, Set<() => void>>();

  constructor(source: number) {
    this.source = source;
  }

  on(event: string, listener: () => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }
  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener);
  }
  tell(event: string): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener();
  }
  el = () => ({ querySelector: () => this.video });
  currentTime = () => this.at_s;
  duration = () => 60;
  paused = () => this.isPaused;
  seeking = () => false;
  ended = () => false;
  loop = () => false;
  playbackRate = () => 1;
  readyState = () => 4;
  currentSrc = () => `http://stash/scene/${this.source}/stream`;
  isDisposed = () => this.isGone;

  play(): void {
    this.isPaused = false;
    this.tell("playing");
  }
  run(seconds: number): void {
    for (let quarter = 0; quarter < seconds * 4; quarter++) {
      mock.timers.tick(250);
      if (!this.isPaused) this.at_s += 0.25;
      this.tell("timeupdate");
    }
  }
  dispose(): void {
    this.tell("dispose");
    this.isGone = true;
  }
}

const page = {
  visibilityState: "visible",
  pictureInPictureElement: null,
  player: undefined as FakePlayer | undefined,
  getElementById: () => page.player && { player: page.player },
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1e12 });
  mock.method(performance, "now", () => Date.now() - 1e12);
  page.visibilityState = "visible";
  page.player = undefined;
  Object.assign(globalThis, { window: globalThis, document: page, PluginApi: { utils: {} } });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function follow(place: Place) {
  const events: Made[] = [];
  let ends = 0;
  const tell = (steps: readonly Step[]) => {
    for (const step of steps) {
      if (step.do === "add") events.push(step.event);
      else events[events.length - 1] = step.event;
    }
  };
  const controller = new AbortController();
  const onEnd = () => {
    ends += 1;
  };
  const tracker = new Tracker({ recorder: { look: () => undefined, tell }, onEnd }, controller.signal);
  tracker.go(place);
  const said = () =>
    events.map(({ type, scene_id, body }) =>
      [type.replace("scene_", ""), scene_id, body?.position_s].filter((one) => one !== undefined).join(" "),
    );
  return { tracker, events, said, controller, ends: () => ends };
}

const scene = (id: number, search = "") => placeOf(`/scenes/${id}`, search);

test("the player comes later than its page, and says where it was when it goes", () => {
  const { tracker, said } = follow(scene(1));
  mock.timers.tick(500);
  page.player = new FakePlayer(1);
  mock.timers.tick(150);
  page.player.play();
  page.player.run(2.5);
  page.player.at_s = 2.6;
  page.player.dispose();
  tracker.go(placeOf("/scenes", ""));
  mock.timers.tick(1000);
  assert.deepEqual(said(), [
    "page_enter 1",
    "watch_start 1 0",
    "watch_progress 1 1",
    "view 1",
    "watch_progress 1 2",
    "watch_pause 1 2.6",
    "page_leave 1",
  ]);
  assert.equal(
    [...page.player.listeners.values()].reduce((sum, all) => sum + all.size, 0),
    0,
  );
});

test("along a queue, a film is watched for as long as it still plays, and the next from where it begins", () => {
  const { tracker, events, said } = follow(scene(1));
  const player = new FakePlayer(1);
  page.player = player;
  mock.timers.tick(150);
  player.play();
  player.run(2);
  tracker.go(scene(2, "?qsort=date"));
  player.run(1);
  player.source = 2;
  player.at_s = 0;
  player.tell("timeupdate");
  player.run(1);
  tracker.end();
  const at = said().indexOf("page_leave 1");
  assert.equal(said()[at - 1], "watch_pause 1 3");
  assert.deepEqual(said().slice(at + 1, at + 3), ["page_enter 2", "watch_start 2 0"]);
  assert.deepEqual(events.find(({ type, scene_id }) => type === "scene_page_enter" && scene_id === 2)?.body, {
    referrer: "/scenes/1",
    from: "queue",
  });
  assert.ok(said().at(-2)?.startsWith("watch_pause 2 1"));
});

test("what stood still is left at once; what the player still says of it is nobody's", () => {
  const { tracker, said } = follow(scene(1));
  const player = new FakePlayer(1);
  page.player = player;
  mock.timers.tick(150);
  player.play();
  player.run(1);
  player.isPaused = true;
  player.tell("pause");
  tracker.go(scene(2));
  const count = said().length;
  player.video.dispatchEvent(new Event("ended"));
  player.run(1);
  assert.equal(said().length, count);
  player.source = 2;
  player.at_s = 0;
  player.play();
  assert.equal(said().at(-1), "watch_start 2 0");
});

test("Stash takes the player's own listeners to its end away: the element's stays", () => {
  const { said, ends } = follow(scene(1));
  const player = new FakePlayer(1);
  page.player = player;
  mock.timers.tick(150);
  player.play();
  player.run(1);
  player.listeners.delete("ended");
  player.at_s = 60;
  player.isPaused = true;
  player.tell("pause");
  player.video.dispatchEvent(new Event("ended"));
  assert.equal(said().at(-1), "watch_complete 1 60");
  assert.ok(ends() > 0);
});

test("before the page is hidden, all is told; and in the background, that nobody sees it", () => {
  const { tracker, events, said } = follow(scene(1));
  const player = new FakePlayer(1);
  page.player = player;
  mock.timers.tick(150);
  player.play();
  player.run(1.25);
  mock.timers.tick(200);
  player.at_s = 1.45;
  page.visibilityState = "hidden";
  tracker.look();
  tracker.settle();
  assert.equal(said().at(-1), "watch_progress 1 1.45");
  assert.equal(events.at(-1)?.body?.visible, false);
  player.run(3);
  assert.equal(said().filter((one) => one.startsWith("view")).length, 0, "it was not in sight for long enough");
});

test("pictures count once they were in sight for a second, with all the time that they were", () => {
  const { tracker, events } = follow(placeOf("/images/5", ""));
  mock.timers.tick(800);
  page.visibilityState = "hidden";
  tracker.look();
  mock.timers.tick(60_000);
  page.visibilityState = "visible";
  tracker.look();
  mock.timers.tick(3200);
  tracker.go(placeOf("/galleries/6", ""));
  mock.timers.tick(500);
  tracker.go(placeOf("/galleries", "?q=a"));
  tracker.go(placeOf("/galleries", "?q=abc"));
  mock.timers.tick(3000);
  tracker.go(placeOf("/galleries", "?q=abc&p=2"));
  mock.timers.tick(3000);
  assert.deepEqual(
    events.map(({ type, image_id, body }) => [type, image_id, body]),
    [
      ["image_view", 5, { visible_s: 4 }],
      ["library_search", undefined, { kind: "galleries", words: "abc" }],
    ],
  );
});
