/** Decisions on their way to the plugin. Each call is a process there, so those of one kind go together. */

export type Verb = "accept" | "reject" | "undo";

export interface Batch {
  verb: Verb;
  ids: readonly number[];
}

/** Add a decision: to the last batch where that is of its kind, for the order must stay. Pure. */
export function added(batches: readonly Batch[], verb: Verb, ids: readonly number[]): readonly Batch[] {
  const last = batches[batches.length - 1];
  if (last?.verb !== verb) return [...batches, { verb, ids: [...ids] }];
  return [...batches.slice(0, -1), { verb, ids: [...new Set([...last.ids, ...ids])] }];
}

/**
 * Sends one batch after the other; what is decided meanwhile waits. `send` never rejects; `onIdle` is called when all
 * is sent.
 */
export class DecisionQueue {
  private waiting: readonly Batch[] = [];
  private isSending = false;
  private readonly send: (batch: Batch) => Promise<void>;
  private readonly onIdle: () => void;

  constructor(send: (batch: Batch) => Promise<void>, onIdle: () => void) {
    this.send = send;
    this.onIdle = onIdle;
  }

  get isIdle(): boolean {
    return !this.isSending;
  }

  add(verb: Verb, ids: readonly number[]): void {
    if (ids.length === 0) return;
    this.waiting = added(this.waiting, verb, ids);
    if (!this.isSending) void this.work();
  }

  private async work(): Promise<void> {
    this.isSending = true;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      this.waiting = this.waiting.slice(1);
      await this.send(next);
    }
    this.isSending = false;
    this.onIdle();
  }
}
