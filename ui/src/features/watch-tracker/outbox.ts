/** The events of this tab, and of tabs that are gone, until the plugin has taken them. Every change is kept at once. */
import type { IngestResult, WatchEvent } from "../../schemas/telemetry.ts";
import type { EventStore } from "./store.ts";
import { uuid } from "./uuid.ts";
import type { Made } from "./watch.ts";

/** Events that wait, at most: about four hours of watching while nobody takes them. */
export const MOST_EVENTS = 2000;
const MOST_AT_ONCE = 500;

type Kept = Pick<EventStore, "put" | "remove">;

export class Outbox {
  readonly #store: Kept;
  readonly #tab: string;
  readonly #onFull: () => void;
  #events: WatchEvent[] = [];
  /** The newest, while it may be rewritten. */
  #open: WatchEvent | undefined;
  #seq = 0;
  readonly #onTheirWay = new Set<string>();

  constructor(store: Kept, tab: string, onFull: () => void = () => undefined) {
    this.#store = store;
    this.#tab = tab;
    this.#onFull = onFull;
  }

  get size(): number {
    return this.#events.length;
  }

  add(made: Made, session: string, isOpen = false): void {
    this.#seq += 1;
    const { type, at_ms, mono_ms, ...about } = made;
    const event: WatchEvent = {
      v: 1,
      id: uuid(),
      type,
      session,
      tab: this.#tab,
      seq: this.#seq,
      at_ms: Math.round(at_ms),
      mono_ms: Math.round(mono_ms * 10) / 10,
      ...about,
    };
    this.#events.push(event);
    this.#open = isOpen ? event : undefined;
    this.#store.put(event);
    this.#trim();
  }

  /** Say more of the open event. Nothing happens where none of its type is open. */
  rewrite(made: Made): void {
    const { type, at_ms, mono_ms, body } = made;
    const open = this.#open;
    if (open?.type !== type) return;
    Object.assign(open, { at_ms: Math.round(at_ms), mono_ms: Math.round(mono_ms * 10) / 10, body });
    this.#store.put(open);
  }

  seal(): void {
    this.#open = undefined;
  }

  /** Send what a tab that is gone has left. It is kept already. */
  adopt(events: readonly WatchEvent[]): void {
    this.#events = [...events, ...this.#events];
    this.#trim();
  }

  /** Whether anything of a tab waits. */
  has(tab: string): boolean {
    return this.#events.some((event) => event.tab === tab);
  }

  /** What goes next, the oldest first, as JSON within so many characters; it counts as being on its way. */
  take(most_characters: number): WatchEvent[] {
    const taken: WatchEvent[] = [];
    let characters = 0;
    for (const event of this.#events) {
      if (event === this.#open || this.#onTheirWay.has(event.id)) continue;
      characters += JSON.stringify(event).length + 1;
      if (taken.length > 0 && (characters > most_characters || taken.length >= MOST_AT_ONCE)) break;
      taken.push(event);
    }
    for (const event of taken) this.#onTheirWay.add(event.id);
    return taken;
  }

  /** They did not arrive, as far as anybody knows. */
  putBack(events: readonly WatchEvent[]): void {
    for (const event of events) this.#onTheirWay.delete(event.id);
  }

  /** Each that was accepted, known already, or refused, is done with. */
  settle(events: readonly WatchEvent[], results: readonly IngestResult[]): void {
    const answered = new Set(results.map((result) => result.id));
    this.#drop(events.filter((event) => answered.has(event.id)));
    this.putBack(events);
  }

  /** Forget what is older. */
  forgetBefore(at_ms: number): void {
    this.#drop(this.#events.filter((event) => event.at_ms <= at_ms));
  }

  #drop(gone: readonly WatchEvent[]): void {
    if (gone.length === 0) return;
    const ids = new Set(gone.map((event) => event.id));
    this.#events = this.#events.filter((event) => !ids.has(event.id));
    if (this.#open && ids.has(this.#open.id)) this.#open = undefined;
    this.#store.remove(gone);
  }

  /** The oldest progress goes first: where it was going, the next event says. */
  #trim(): void {
    const tooMany = this.#events.length - MOST_EVENTS;
    if (tooMany <= 0) return;
    const free = this.#events.filter((event) => event !== this.#open && !this.#onTheirWay.has(event.id));
    const progress = free.filter(({ type }) => type === "scene_watch_progress").slice(0, tooMany);
    const others = free.filter(({ type }) => type !== "scene_watch_progress");
    this.#drop([...progress, ...others.slice(0, tooMany - progress.length)]);
    this.#onFull();
  }
}
