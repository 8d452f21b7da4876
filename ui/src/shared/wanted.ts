/**
 * Things that rows want to show and that are asked for in batches: what is on screen now, one request at a time, kept
 * while there is room. Rows come and go as one scrolls; what nobody wants any more is not asked for.
 */

interface Parts<Value> {
  /** Values of some of the keys; null for what there is not. Keys that are left out are asked for again, later. */
  ask(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Value | null>>;
  /** Keys in a request. */
  most: number;
  /** Values that are kept. */
  room: number;
  /** How long keys are gathered, and how long nothing is asked after a failure. */
  delay_ms: number;
  pause_ms?: number;
}

/** How often a key is asked for that the answers leave out. */
const TRIES = 3;

export class Wanted<Value> {
  private readonly known = new Map<string, Value | null>();
  private readonly wanted = new Map<string, Set<() => void>>();
  private readonly tries = new Map<string, number>();
  private readonly controller = new AbortController();
  private readonly parts: Parts<Value>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;

  constructor(parts: Parts<Value>) {
    this.parts = parts;
  }

  /** null: there is none. undefined: not known yet. */
  get(key: string): Value | null | undefined {
    return this.known.get(key);
  }

  /** Until what is returned is called. `listener` hears when it is there. */
  want(key: string, listener: () => void): () => void {
    const listeners = this.wanted.get(key) ?? new Set();
    this.wanted.set(key, listeners.add(listener));
    if (this.known.has(key)) this.touch(key);
    else this.plan(this.parts.delay_ms);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.wanted.get(key) === listeners) this.wanted.delete(key);
    };
  }

  /** Ask for nothing any more. */
  end(): void {
    this.controller.abort();
    clearTimeout(this.timer);
  }

  private plan(delay_ms: number): void {
    if (this.timer !== undefined || this.asking || this.controller.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.ask();
    }, delay_ms);
  }

  private missing(): string[] {
    return [...this.wanted.keys()].filter((key) => !this.known.has(key));
  }

  private async ask(): Promise<void> {
    // The newest are on screen for longest.
    const keys = this.missing().slice(-this.parts.most);
    if (keys.length === 0) return;
    let delay_ms = this.parts.delay_ms;
    this.asking = true;
    try {
      const found = await this.parts.ask(keys, this.controller.signal);
      for (const key of keys) this.take(key, found.get(key));
    } catch {
      for (const key of keys) this.take(key, undefined);
      delay_ms = this.parts.pause_ms ?? delay_ms;
    } finally {
      this.asking = false;
    }
    if (this.controller.signal.aborted) return;
    for (const key of keys) for (const listener of this.wanted.get(key) ?? []) listener();
    if (this.missing().length > 0) this.plan(delay_ms);
  }

  private take(key: string, value: Value | null | undefined): void {
    if (value === undefined) {
      const tries = (this.tries.get(key) ?? 0) + 1;
      this.tries.set(key, tries);
      if (tries < TRIES) return;
    }
    this.tries.delete(key);
    this.known.set(key, value ?? null);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.parts.room) break;
      if (!this.wanted.has(oldest)) this.known.delete(oldest);
      else if (this.known.size > this.parts.room * 2) this.known.delete(oldest);
      else break;
    }
  }

  private touch(key: string): void {
    const value = this.known.get(key);
    if (value === undefined) return;
    this.known.delete(key);
    this.known.set(key, value);
  }
}
