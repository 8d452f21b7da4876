/**
 * Decisions of the owner: seen at once, sent a moment later in one go, taken back if they fail.
 *
 * Each writes to Stash and is a process of its own there, so keys that are pressed quickly are gathered. What waits to be
 * sent is undone for nothing.
 */
import type { ListedSuggestion } from "../../schemas/suggestions.ts";

export type Verdict = "accept" | "reject" | "undo";
export type Decided = Pick<ListedSuggestion, "id" | "label" | "kind" | "media_id" | "run_id" | "state">;

/** One thing that the owner did: a key, a click. */
export interface Act {
  verdict: Verdict;
  rows: readonly Decided[];
  /** waiting: can be dropped. sent: is on its way. done: at `done_ms`. */
  state: "waiting" | "sent" | "done";
  done_ms: number;
  /** Somebody is taking it back. */
  taken: boolean;
}

interface Parts {
  /** Do it. Ids of rows that stay as they were, for Stash did not give up what is written. Rejects if nothing was done. */
  send(verdict: Verdict, rows: readonly Decided[]): Promise<readonly number[]>;
  onChange(): void;
  /** They are shown again by then. */
  onFailed(verdict: Verdict, rows: readonly Decided[], error: unknown): void;
  now?(): number;
  delay_ms?: number;
  longest_ms?: number;
}

/** A request holds no more ids than this. */
export const MOST_AT_ONCE = 500;
const KEPT = 200;

export class Ledger {
  private acts: Act[] = [];
  private readonly parts: Required<Parts>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private first_ms: number | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = { now: Date.now, delay_ms: 700, longest_ms: 3000, ...parts };
  }

  decide(verdict: Verdict, rows: readonly Decided[]): void {
    if (rows.length === 0) return;
    this.acts = [...this.acts, { verdict, rows, state: "waiting", done_ms: 0, taken: false }];
    const now = this.parts.now();
    this.first_ms ??= now;
    clearTimeout(this.timer);
    const wait = Math.min(this.parts.delay_ms, Math.max(0, this.first_ms + this.parts.longest_ms - now));
    this.timer = setTimeout(() => void this.flush(), wait);
    this.parts.onChange();
  }

  /** Send what waits, now. Ends when everything that was decided is there, or failed. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.first_ms = undefined;
    const waiting = this.acts.filter((act) => act.state === "waiting");
    for (const act of waiting) act.state = "sent";
    for (const verdict of ["accept", "reject", "undo"] as const) {
      const acts = waiting.filter((act) => act.verdict === verdict);
      if (acts.length > 0) this.sending = this.sending.then(() => this.sendAll(verdict, acts));
    }
    return this.sending;
  }

  private async sendAll(verdict: Verdict, acts: readonly Act[]): Promise<void> {
    const rows = acts.flatMap((act) => act.rows);
    for (let at = 0; at < rows.length; at += MOST_AT_ONCE) {
      const part = rows.slice(at, at + MOST_AT_ONCE);
      try {
        drop(acts, await this.parts.send(verdict, part));
      } catch (error) {
        // What came before is done and stays so.
        const left = rows.slice(at);
        drop(
          acts,
          left.map((row) => row.id),
        );
        this.settle(acts);
        this.parts.onFailed(verdict, left, error);
        return;
      }
    }
    this.settle(acts);
  }

  private settle(acts: readonly Act[]): void {
    const now = this.parts.now();
    for (const act of acts) {
      act.state = "done";
      act.done_ms = now;
    }
    this.acts = this.acts.filter((act) => act.rows.length > 0);
    this.parts.onChange();
  }

  /** The last thing that was done: dropped where it still waits; else handed over once, for the caller to undo it. */
  takeLast(): { dropped: Act } | { undo: Promise<Act> } | undefined {
    const act = this.acts.filter((one) => !one.taken).pop();
    if (!act) return undefined;
    if (act.state === "waiting") {
      this.acts = this.acts.filter((one) => one !== act);
      this.parts.onChange();
      return { dropped: act };
    }
    act.taken = true;
    return { undo: this.sending.then(() => act) };
  }

  /** These are as they were before. */
  forget(ids: ReadonlySet<number>): void {
    this.acts = this.acts
      .map((act) =>
        act.rows.some((row) => ids.has(row.id)) ? { ...act, rows: act.rows.filter((row) => !ids.has(row.id)) } : act,
      )
      .filter((act) => act.rows.length > 0);
    this.parts.onChange();
  }

  /** Ids of rows that are not in `state` any more, for what was decided here last. */
  hidden(state: Decided["state"]): Set<number> {
    const last = new Map<number, Decided["state"]>();
    for (const act of this.acts) for (const row of act.rows) last.set(row.id, row.state);
    return new Set([...last].filter(([, before]) => before === state).map(([id]) => id));
  }

  /** Decided rows of `state` that an answer, asked for at `asked_ms`, may not know of yet. */
  since(asked_ms: number, state: Decided["state"]): { verdict: Verdict; row: Decided }[] {
    return this.acts
      .filter((act) => act.state !== "done" || act.done_ms > asked_ms)
      .flatMap((act) => act.rows.map((row) => ({ verdict: act.verdict, row })))
      .filter(({ row }) => row.state === state);
  }

  /** Whether something was not told to the plugin yet. */
  get busy(): boolean {
    return this.acts.some((act) => act.state !== "done");
  }

  /** Drop what is long known, so that this does not grow for ever. listed: ids that a list may still hold. */
  tidy(listed: (id: number) => boolean): void {
    if (this.acts.length <= KEPT) return;
    const old = this.acts.slice(0, -KEPT);
    this.acts = [
      ...old.filter((act) => act.state !== "done" || act.rows.some((row) => listed(row.id))),
      ...this.acts.slice(-KEPT),
    ];
  }
}

function drop(acts: readonly Act[], ids: readonly number[]): void {
  const gone = new Set(ids);
  if (gone.size > 0) for (const act of acts) act.rows = act.rows.filter((row) => !gone.has(row.id));
}
