/** When events are sent: seldom while all goes on, soon where something ended, at once where the page may go. */
import type { OperationError, Output } from "../../operations.ts";
import type { WatchEvent } from "../../schemas/telemetry.ts";
import type { Outbox } from "./outbox.ts";

export type Answer = Output<"telemetry.ingest">;

/** Each batch is a process on Stash's machine. */
const EVERY_MS = 30_000;
const SOON_MS = 400;
const APART_MS = 3000;
const LONGEST_REST_MS = 15 * 60_000;

const MOST_CHARACTERS = 200_000;
/** Requests that outlive their page: these together, beside others of the page, have to fit into 64 KiB. */
export const PARTING = { characters: 13_000, requests: 3 };

export class Sender {
  readonly #outbox: Outbox;
  readonly #send: (events: readonly WatchEvent[]) => Promise<Answer>;
  readonly #onAnswer: (answer: Answer) => void;
  #timer: number | undefined;
  #due_ms = Number.POSITIVE_INFINITY;
  #began_ms = Number.NEGATIVE_INFINITY;
  #rested_ms = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #isSending = false;
  #hasEnded = false;

  constructor(
    outbox: Outbox,
    send: (events: readonly WatchEvent[]) => Promise<Answer>,
    onAnswer: (answer: Answer) => void,
  ) {
    this.#outbox = outbox;
    this.#send = send;
    this.#onAnswer = onAnswer;
  }

  /** Something waits. */
  inTime(): void {
    if (this.#due_ms === Number.POSITIVE_INFINITY) this.#plan(Date.now() + EVERY_MS);
  }

  /** Something ended: it is of interest now. */
  soon(): void {
    this.#plan(Math.max(Date.now() + SOON_MS, this.#began_ms + APART_MS));
  }

  /** The page may be gone in a moment. What does not fit stays kept, for the next tab. */
  atOnce(): void {
    for (let requests = 0; requests < PARTING.requests; requests++) {
      const events = this.#outbox.take(PARTING.characters);
      if (events.length === 0) return;
      void this.#attempt(events);
    }
  }

  end(): void {
    this.#hasEnded = true;
    window.clearTimeout(this.#timer);
  }

  #plan(at_ms: number): void {
    if (this.#hasEnded || at_ms >= this.#due_ms) return;
    window.clearTimeout(this.#timer);
    this.#due_ms = Math.max(at_ms, this.#rested_ms);
    this.#timer = window.setTimeout(() => void this.#run(), this.#due_ms - Date.now());
  }

  async #run(): Promise<void> {
    this.#due_ms = Number.POSITIVE_INFINITY;
    if (this.#isSending) return this.soon();
    const events = this.#outbox.take(MOST_CHARACTERS);
    if (events.length === 0) return;
    this.#isSending = true;
    await this.#attempt(events);
    this.#isSending = false;
    if (this.#outbox.size > 0) this.inTime();
  }

  async #attempt(events: readonly WatchEvent[]): Promise<void> {
    this.#began_ms = Date.now();
    try {
      const answer = await this.#send(events);
      this.#failures = 0;
      this.#outbox.settle(events, answer.results);
      if (!this.#hasEnded) this.#onAnswer(answer);
    } catch (error) {
      this.#outbox.putBack(events);
      this.#failures += 1;
      // A plugin that does not know what it is asked will not learn it within minutes.
      const { kind } = error as Partial<OperationError>;
      const isHopeless = kind === "outdated" || kind === "unexpected";
      const rest_ms = isHopeless ? LONGEST_REST_MS : EVERY_MS * 2 ** Math.min(this.#failures - 1, 10);
      this.#rested_ms = Date.now() + Math.min(rest_ms, LONGEST_REST_MS) * (0.75 + Math.random() / 2);
      this.inTime();
    }
  }
}
