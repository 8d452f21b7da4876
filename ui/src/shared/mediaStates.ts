/** What is known of the media whose cards are on the page: asked for all of them at once, and kept for a while. */
import type { MediaState } from "../schemas/analysis.ts";
import type { Kind } from "../schemas/common.ts";

/** waiting: suggestions that wait for a decision. */
export interface Known {
  state: MediaState | undefined;
  waiting: number;
}

export interface Medium {
  kind: Kind;
  id: number;
}

export interface States {
  states: Record<string, MediaState>;
  waiting: Record<string, number>;
}

/** Rejects where there is no answer. */
export type Ask = (kind: Kind, ids: number[], signal: AbortSignal) => Promise<States>;

/** As many as the plugin answers for in one call. */
export const MOST_IDS = 1000;
const MOST_KEPT = 10_000;
const GATHER_MS = 60;
const FRESH_MS = 60_000;
const AFTER_FAILURE_MS = 30_000;

interface Entry extends Known {
  asked_ms: number;
}

const NOTHING: Known = { state: undefined, waiting: 0 };

export class MediaStates {
  readonly #ask: Ask;
  readonly #now: () => number;
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #known = new Map<string, Entry>();
  /** Asked for by their owner a moment ago: they wait, though no job of theirs is to be seen yet. */
  readonly #expected = new Set<string>();
  readonly #wanted = new Set<string>();
  #asking: { keys: ReadonlySet<string>; controller: AbortController } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** A card is on the page: `changed` is called when something new is known. Returns what ends that. */
  watch(kind: Kind, id: number, changed: () => void): () => void {
    const key = keyOf(kind, id);
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(changed));
    const known = this.#known.get(key);
    if (!known || this.#now() - known.asked_ms >= FRESH_MS) this.#want(key);
    return () => {
      watchers.delete(changed);
      if (watchers.size > 0 || this.#watchers.get(key) !== watchers) return;
      this.#watchers.delete(key);
      this.#wanted.delete(key);
      this.#abortUnwatched();
    };
  }

  /** What is known now; nothing, until an answer came. */
  get(kind: Kind, id: number): Known {
    const key = keyOf(kind, id);
    const known = this.#known.get(key) ?? NOTHING;
    return this.#expected.has(key) ? { ...known, state: "pending" } : known;
  }

  /** Their owner asked for these to be analysed: say so until the queue does. */
  expect(media: readonly Medium[]): void {
    for (const { kind, id } of media) {
      const key = keyOf(kind, id);
      this.#expected.add(key);
      this.#tell(key);
    }
  }

  /** Something happened to these media: ask anew for those on the page, and forget the others. */
  forget(media: readonly Medium[]): void {
    for (const { kind, id } of media) this.#forget(keyOf(kind, id));
  }

  /** Something may have happened to any. settled: whatever was expected is in the queue by now, or done. */
  forgetAll(settled: boolean): void {
    if (settled) {
      const before = [...this.#expected];
      this.#expected.clear();
      for (const key of before) this.#tell(key);
    }
    for (const key of [...this.#known.keys()]) this.#forget(key);
  }

  /** Whether a card on the page shows something that will change by itself. */
  get moving(): boolean {
    return [...this.#watchers.keys()].some((key) => {
      const state = this.#expected.has(key) ? "pending" : this.#known.get(key)?.state;
      return state === "pending" || state === "running";
    });
  }

  #forget(key: string): void {
    if (this.#watchers.has(key)) this.#want(key);
    else this.#known.delete(key);
  }

  #want(key: string): void {
    this.#wanted.add(key);
    // Cards come one by one, within a few milliseconds.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#askNext();
    }, GATHER_MS);
  }

  /** One question at a time, so that no older answer comes behind a newer one. */
  async #askNext(): Promise<void> {
    const [first] = this.#wanted;
    if (this.#asking || first === undefined) return;
    const kind = mediumOf(first).kind;
    const keys = [...this.#wanted].filter((key) => mediumOf(key).kind === kind).slice(0, MOST_IDS);
    for (const key of keys) this.#wanted.delete(key);
    const controller = new AbortController();
    const asking = { keys: new Set(keys), controller };
    this.#asking = asking;
    try {
      const answer = await this.#ask(
        kind,
        keys.map((key) => mediumOf(key).id),
        controller.signal,
      );
      if (!controller.signal.aborted) this.#take(keys, answer);
    } catch {
      // A list without badges is a list. They are asked for again when their cards come back, but not at once.
      if (!controller.signal.aborted) this.#postpone(keys);
    }
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    void this.#askNext();
  }

  #take(keys: readonly string[], { states, waiting }: States): void {
    for (const key of keys) {
      const { id } = mediumOf(key);
      const entry: Entry = { state: states[id], waiting: waiting[id] ?? 0, asked_ms: this.#now() };
      const before = this.#known.get(key);
      const expected = this.#expected.has(key);
      if (entry.state === "pending" || entry.state === "running") this.#expected.delete(key);
      this.#known.set(key, entry);
      if (expected || before?.state !== entry.state || before?.waiting !== entry.waiting) this.#tell(key);
    }
    for (const key of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) break;
      if (!this.#watchers.has(key)) this.#known.delete(key);
    }
  }

  #postpone(keys: readonly string[]): void {
    const asked_ms = this.#now() - FRESH_MS + AFTER_FAILURE_MS;
    for (const key of keys) this.#known.set(key, { ...NOTHING, ...this.#known.get(key), asked_ms });
  }

  /** Nobody looks at any of the media that are being asked for: the page was left. */
  #abortUnwatched(): void {
    if (!this.#asking || [...this.#asking.keys].some((key) => this.#watchers.has(key))) return;
    this.#asking.controller.abort();
    this.#asking = undefined;
    void this.#askNext();
  }

  #tell(key: string): void {
    for (const changed of [...(this.#watchers.get(key) ?? [])]) changed();
  }
}

function keyOf(kind: Kind, id: number): string {
  return `${kind}:${id}`;
}

function mediumOf(key: string): Medium {
  const [kind, id] = key.split(":") as [Kind, string];
  return { kind, id: Number(id) };
}
