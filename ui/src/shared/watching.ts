/**
 * What was last heard of whether watching may be remembered, kept by the browser: so that a page need not ask before it
 * may begin, and that all tabs hear of a change at once.
 */
import * as v from "valibot";

const KEY = "stash-sense-native.watching";

const schema = v.object({
  /** As the plugin knows Stash's switch. */
  tracking: v.boolean(),
  paused_until_s: v.nullable(v.number()),
  /** With the tags below them. */
  excluded_tag_ids: v.array(v.number()),
  /** Unix milliseconds. */
  heard_ms: v.number(),
  /** What was watched before this is to be forgotten. */
  erased_ms: v.number(),
});
export type Watching = v.InferOutput<typeof schema>;

const UNKNOWN: Watching = { tracking: false, paused_until_s: null, excluded_tag_ids: [], heard_ms: 0, erased_ms: 0 };

const listeners = new Set<() => void>();
let known: Watching | undefined;

export function watching(): Watching {
  known ??= read();
  return known;
}

export function isPaused({ paused_until_s }: Watching, now_ms = Date.now()): boolean {
  return paused_until_s !== null && now_ms < paused_until_s * 1000;
}

/** Take an answer of the plugin into account, or what the owner did. */
export function learnWatching(news: Partial<Watching>): void {
  const { tracking, paused_until_s, excluded_tag_ids, heard_ms, erased_ms } = { ...watching(), ...news };
  const next = { tracking, paused_until_s, excluded_tag_ids, heard_ms, erased_ms };
  if (JSON.stringify(next) === JSON.stringify(known)) return;
  known = next;
  try {
    window.localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Where the browser keeps nothing for us, it holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Hear of changes, made in other tabs too. */
export function onWatching(listener: () => void, signal: AbortSignal): void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== KEY && event.key !== null) return;
    known = undefined;
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", elsewhere, { signal });
  signal.addEventListener("abort", () => listeners.delete(listener));
}

function read(): Watching {
  try {
    const kept = v.safeParse(schema, JSON.parse(window.localStorage.getItem(KEY) ?? "null"));
    return kept.success ? kept.output : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
