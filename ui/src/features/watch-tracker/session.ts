/** A sitting of one browser tab: it goes on over reloads, and ends after half an hour in which nothing happened. Pure. */
import * as v from "valibot";

export const IDLE_MS = 30 * 60_000;

export const keptSession = v.object({ id: v.string(), at_ms: v.number(), mono_ms: v.number(), tab: v.string() });
/** at_ms, mono_ms: of its newest event, which `tab` made. */
export type Session = v.InferOutput<typeof keptSession>;

/**
 * Which session an event at `now_ms` belongs to. ended: the one that went idle before it, if this tab knows of one.
 * starts: whether this load of the page says that it begins or goes on.
 */
export function sessionAt(
  kept: Session | undefined,
  now_ms: number,
  tab: string,
  newId: () => string,
): { id: string; starts: boolean; resumed: boolean; ended?: Session } {
  // A clock that was set back says nothing of how long it was quiet.
  const isOver = !kept || now_ms - kept.at_ms > IDLE_MS;
  if (!isOver) return { id: kept.id, starts: kept.tab !== tab, resumed: true };
  return { id: newId(), starts: true, resumed: false, ...(kept?.tab === tab && { ended: kept }) };
}
