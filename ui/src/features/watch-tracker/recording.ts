/** While tracking is on and not paused: one after another, what a load of the page needs to remember what is watched. */
import { tagsOf } from "../../host/tagsOf.ts";
import { call } from "../../operations.ts";
import type { WatchEvent } from "../../schemas/telemetry.ts";
import { report } from "../../shared/report.ts";
import { learnWatching, watching } from "../../shared/watching.ts";
import { now } from "./follow.ts";
import { Outbox } from "./outbox.ts";
import { hold, inherit } from "./owners.ts";
import type { Place } from "./place.ts";
import { Recorder } from "./recorder.ts";
import { type Answer, Sender } from "./sender.ts";
import { type EventStore, openStore } from "./store.ts";
import { Tracker } from "./tracker.ts";
import { uuid } from "./uuid.ts";

const ID = "watch-tracker";
/** A page that opens has better to do. */
const INHERITED_AFTER_MS = 2000;
const INHERITED_EVERY_MS = 5 * 60_000;
const MOST_INHERITED = 1000;

export class Recording {
  readonly #tab: string;
  readonly #controller = new AbortController();
  readonly #store: EventStore;
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #recorder: Recorder;
  readonly #tracker: Tracker;
  readonly #release: () => void;
  /** Tabs that are gone, and how to let their locks go. */
  readonly #inherited = new Map<string, () => void>();

  /** place: what is open now. Resolves to undefined where it was aborted meanwhile. */
  static async begin(place: Place, signal: AbortSignal): Promise<Recording | undefined> {
    const tab = uuid();
    const [store, release] = await Promise.all([openStore(), hold(tab)]);
    await store.eraseBefore(watching().erased_ms);
    if (!signal.aborted) return new Recording(tab, store, release, place);
    release();
    store.close();
    return undefined;
  }

  private constructor(tab: string, store: EventStore, release: () => void, place: Place) {
    this.#tab = tab;
    this.#store = store;
    this.#release = release;
    this.#outbox = new Outbox(store, tab, () =>
      report(ID, "nobody takes what is watched; the oldest of it is forgotten"),
    );
    this.#sender = new Sender(this.#outbox, send, (answer) => this.#learn(answer));
    this.#recorder = new Recorder(this.#outbox, tab, {
      excluded: () => watching().excluded_tag_ids,
      tagsOf,
      onTold: () => this.#sender.inTime(),
    });
    const told = { recorder: this.#recorder, onEnd: () => this.#sender.soon() };
    this.#tracker = new Tracker(told, this.#controller.signal);
    this.#tracker.go(place);
    const { signal } = this.#controller;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    document.addEventListener("freeze", () => this.#part(), { signal });
    const inherit = () => void this.#inherit();
    const [first, others] = [
      window.setTimeout(inherit, INHERITED_AFTER_MS),
      window.setInterval(inherit, INHERITED_EVERY_MS),
    ];
    signal.addEventListener("abort", () => {
      window.clearTimeout(first);
      window.clearInterval(others);
    });
  }

  go(place: Place): void {
    this.#tracker.go(place);
  }

  /** What was watched before is to be forgotten, in this browser too. */
  forgetBefore(at_ms: number): void {
    this.#outbox.forgetBefore(at_ms);
    void this.#store.eraseBefore(at_ms);
  }

  /** The page goes, or must not be watched any more: for a while, or for good: then nothing more is sent. */
  end(why: "pagehide" | "paused" | "off"): void {
    this.#tracker.end();
    this.#recorder.end(now(), why === "pagehide" ? why : "off");
    this.#outbox.seal();
    if (why === "off") this.#recorder.forget();
    else this.#sender.atOnce();
    this.#sender.end();
    this.#controller.abort();
    for (const release of this.#inherited.values()) release();
    this.#release();
    this.#store.close();
  }

  #look(): void {
    this.#tracker.look();
    if (document.visibilityState === "hidden") this.#part();
  }

  /** This may be the last that the page hears of. */
  #part(): void {
    this.#tracker.settle();
    this.#outbox.seal();
    this.#sender.atOnce();
  }

  /** Send what tabs that are gone could not. */
  async #inherit(): Promise<void> {
    for (const { tab, newest_ms } of await this.#store.tabs()) {
      if (tab === this.#tab || this.#inherited.has(tab)) continue;
      const release = await inherit(tab, newest_ms, Date.now());
      if (!release) continue;
      if (this.#controller.signal.aborted) return release();
      this.#inherited.set(tab, release);
      this.#outbox.adopt(await this.#store.read(tab, MOST_INHERITED));
      this.#sender.soon();
    }
  }

  #learn({ tracking, paused_until_s }: Answer): void {
    for (const [tab, release] of this.#inherited) {
      if (this.#outbox.has(tab)) continue;
      // There may be more of it than was read at once.
      release();
      this.#inherited.delete(tab);
    }
    learnWatching({ tracking, paused_until_s });
  }
}

function send(events: readonly WatchEvent[]): Promise<Answer> {
  return call("telemetry.ingest", { sent_ms: Date.now(), events: [...events] });
}

/** Ask the plugin whether, and what, may be remembered; unless that was heard of a moment ago. */
export async function inform(longest_ago_ms: number): Promise<void> {
  const { tracking, heard_ms } = watching();
  if (tracking && Math.abs(Date.now() - heard_ms) < longest_ago_ms) return;
  const { tracking: isOn, paused_until_s, excluded_tag_ids } = await call("telemetry.state", {});
  learnWatching({ tracking: isOn, paused_until_s, excluded_tag_ids, heard_ms: Date.now() });
}
