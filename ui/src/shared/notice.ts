/** What was last heard of the plugin's queue, kept by the browser: so that nothing needs to be asked while it rests. */
import * as v from "valibot";
import type { Status } from "../schemas/status.ts";

const KEY = "stash-sense-native.notice";

const schema = v.object({
  /** Media that could not be analysed; and how many of them their owner has been shown. */
  failed: v.number(),
  seen: v.number(),
  waiting: v.number(),
  isPaused: v.boolean(),
  sentence: v.string(),
});
export type Notice = v.InferOutput<typeof schema>;

export const NOTHING: Notice = { failed: 0, seen: 0, waiting: 0, isPaused: false, sentence: "" };

/** The notice after an answer of `status`. isShown: on a page that shows what failed. Pure. */
export function noticed(before: Notice, status: Status, isShown: boolean): Notice {
  if (!status.ready) return NOTHING;
  const failed = status.failed;
  return {
    failed,
    // What was retried and works now makes room for what fails next.
    seen: isShown ? failed : Math.min(before.seen, failed),
    waiting: (status.queue.pending ?? 0) + status.noticed,
    isPaused: status.drain.state === "paused",
    sentence: status.drain.sentence,
  };
}

const listeners = new Set<() => void>();
let known: Notice | undefined;

export function notice(): Notice {
  known ??= read();
  return known;
}

/** Take an answer of `status` into account. */
export function learn(status: Status, isShown: boolean): void {
  const next = noticed(notice(), status, isShown);
  const text = JSON.stringify(next);
  if (text === JSON.stringify(known)) return;
  known = next;
  try {
    window.localStorage.setItem(KEY, text);
  } catch {
    // Where the browser keeps nothing for us, it holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Hear of changes, made in other tabs too. Returns what ends that. */
export function onNotice(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== KEY && event.key !== null) return;
    known = undefined;
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", elsewhere);
  };
}

function read(): Notice {
  try {
    const kept = v.safeParse(schema, JSON.parse(window.localStorage.getItem(KEY) ?? "null"));
    return kept.success ? kept.output : NOTHING;
  } catch {
    return NOTHING;
  }
}
