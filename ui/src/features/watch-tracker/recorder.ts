/**
 * What was made becomes events of a session, numbered, kept and sent; unless it is about what its owner excluded. Until it
 * is known whether it is, it waits here, in order.
 */
import * as v from "valibot";
import type { Outbox } from "./outbox.ts";
import type { MediumKind } from "./place.ts";
import { keptSession, type Session, sessionAt } from "./session.ts";
import { uuid } from "./uuid.ts";
import type { Moment, Step } from "./watch.ts";

const SESSION = "stash-sense-native.session";
/** Steps that wait, at most. */
const MOST_HELD = 500;

export interface Medium {
  kind: MediumKind;
  id: number;
}

export interface Surroundings {
  /** Ids of tags: what has one of them is not remembered. */
  excluded(): readonly number[];
  tagsOf(kind: MediumKind, id: number): Promise<readonly number[]>;
  /** Something was kept. */
  onTold(): void;
}

export class Recorder {
  readonly #outbox: Outbox;
  readonly #tab: string;
  readonly #around: Surroundings;
  #held: { step: Step; key: string }[] = [];
  /** "scene:1" -> whether it may be remembered; absent while that is not known. */
  readonly #verdicts = new Map<string, boolean>();
  #session: Session | undefined;

  constructor(outbox: Outbox, tab: string, around: Surroundings) {
    this.#outbox = outbox;
    this.#tab = tab;
    this.#around = around;
    this.#session = readSession();
  }

  /** Find out whether a medium may be remembered: each time that it is opened, for its tags may have changed. */
  look({ kind, id }: Medium): void {
    const key = `${kind}:${id}`;
    const excluded = new Set(this.#around.excluded());
    if (excluded.size === 0) {
      this.#verdicts.set(key, true);
      return;
    }
    this.#verdicts.delete(key);
    const decide = (mayBe: boolean) => {
      this.#verdicts.set(key, mayBe);
      this.#goOn();
    };
    // Whoever cannot be asked about it: rather nothing than what was to be left alone.
    this.#around.tagsOf(kind, id).then(
      (tags) => decide(!tags.some((tag) => excluded.has(tag))),
      () => decide(false),
    );
  }

  tell(steps: readonly Step[]): void {
    for (const step of steps) {
      const last = this.#held[this.#held.length - 1];
      if (step.do === "rewrite" && last?.step.do === "rewrite") last.step = step;
      else this.#held.push({ step, key: keyOf(step) });
    }
    this.#goOn();
    if (this.#held.length > MOST_HELD) this.#held = this.#held.slice(-MOST_HELD);
  }

  /** The session ends for now: it goes on if the page comes back, or another takes its place in the tab. */
  end(moment: Moment, reason: "pagehide" | "off"): void {
    if (this.#session?.tab !== this.#tab) return;
    this.#outbox.add({ type: "session_end", ...moment, body: { reason } }, this.#session.id);
  }

  /** Leave no trace of it in the tab. */
  forget(): void {
    try {
      window.sessionStorage.removeItem(SESSION);
    } catch {
      // There is none.
    }
  }

  #goOn(): void {
    while (this.#held[0]) {
      const { step, key } = this.#held[0];
      const mayBe = key ? this.#verdicts.get(key) : true;
      if (mayBe === undefined) return;
      this.#held.shift();
      if (mayBe) this.#apply(step);
    }
  }

  #apply(step: Step): void {
    const { event } = step;
    if (step.do === "rewrite") {
      this.#outbox.rewrite(event);
      if (this.#session) this.#keep({ ...this.#session, at_ms: event.at_ms, mono_ms: event.mono_ms });
      return;
    }
    const { at_ms, mono_ms } = event;
    const { id, starts, resumed, ended } = sessionAt(this.#session, at_ms, this.#tab, uuid);
    if (ended) {
      const last = { at_ms: ended.at_ms, mono_ms: ended.mono_ms };
      this.#outbox.add({ type: "session_end", ...last, body: { reason: "idle" } }, ended.id);
    }
    if (starts) this.#outbox.add({ type: "session_start", at_ms, mono_ms, body: { resumed } }, id);
    this.#outbox.add(event, id, step.isOpen);
    this.#keep({ id, at_ms, mono_ms, tab: this.#tab });
    this.#around.onTold();
  }

  #keep(session: Session): void {
    this.#session = session;
    try {
      window.sessionStorage.setItem(SESSION, JSON.stringify(session));
    } catch {
      // It lives as long as the page.
    }
  }
}

function keyOf({ event }: Step): string {
  const { scene_id, image_id, gallery_id } = event;
  if (scene_id !== undefined) return `scene:${scene_id}`;
  if (image_id !== undefined) return `image:${image_id}`;
  return gallery_id !== undefined ? `gallery:${gallery_id}` : "";
}

function readSession(): Session | undefined {
  try {
    const kept = v.safeParse(keptSession, JSON.parse(window.sessionStorage.getItem(SESSION) ?? "null"));
    return kept.success ? kept.output : undefined;
  } catch {
    return undefined;
  }
}
