/**
 * One stay with one scene: what the player does becomes events. Pure: samples in, steps out.
 *
 * A sample is taken whenever the player or the page says that something happened, and about four times a second while it
 * plays. Between two samples the video went on by itself, or it jumped; which of both is decided here.
 */
import type { EventType } from "../../schemas/telemetry.ts";

/** at_ms: Unix time, by a clock that may be set; mono_ms: of this load of the page, which only goes forward. */
export interface Moment {
  at_ms: number;
  mono_ms: number;
}

/** How the player stands. duration_s: 0 while it is not known. */
export interface Playing {
  position_s: number;
  rate: number;
  duration_s: number;
  visible: boolean;
  playing: boolean;
}

export interface Sample extends Moment, Playing {
  /** It begins anew by itself at its end. */
  loops: boolean;
}

/** Why a sample is taken. "seeking": a jump began, the position is already the new one; "seeked": it is over. */
export type Cause = "seeking" | "seeked" | "ended" | "other";

/** An event before it has a number. */
export interface Made extends Moment {
  type: EventType;
  watch?: string;
  scene_id?: number;
  image_id?: number;
  gallery_id?: number;
  body?: Readonly<Record<string, unknown>>;
}

/** add: a new event; isOpen: later steps may say more of it. rewrite: say more of the open event. */
export type Step = { do: "add"; event: Made; isOpen: boolean } | { do: "rewrite"; event: Made };

export interface Watch {
  id: string;
  scene_id: number;
  /** The newest sample outside of jumps; none before it first played. */
  last?: Sample;
  /** A jump that is under way. */
  jump?: { from_s: number };
  /** The newest event, while it may be rewritten. */
  open?: { type: "scene_watch_progress" | "scene_seek"; since_ms: number; written_ms: number; from_s: number };
  /** When the newest event was made. */
  told_ms: number;
}

/** How long one progress event goes on. */
export const SEALED_AFTER_MS = 10_000;
/** How often the open one is rewritten: what a crash may lose, with the time between two samples. */
export const REWRITTEN_AFTER_MS = 900;
/** Jumps that follow each other so soon, with next to nothing played between them, are one. */
const SAME_JUMP_MS = 1000;
const SAME_PLACE_S = 0.6;
/** What is nearer is where it was: a stream that was loaded anew, say. */
const SHORTEST_JUMP_S = 0.1;
/** How far ahead a position may be of where it can have got to, before it must have jumped. */
const SLACK_S = 0.75;
/** Two samples of a playing video are not further apart; the rest of the time it stood still. */
const LONGEST_GAP_S = 1;

export function newWatch(id: string, scene_id: number): Watch {
  return { id, scene_id, told_ms: 0 };
}

/** The watch after a sample, and what is to be told. Nothing is, before it first plays. */
export function observe(watch: Watch, now: Sample, cause: Cause): [Watch, Step[]] {
  const { last } = watch;
  if (!last) return now.playing && cause !== "seeking" ? told(watch, now, "scene_watch_start") : [watch, []];
  if (cause === "seeking") return [{ ...watch, jump: watch.jump ?? { from_s: reached(last, now) } }, []];
  if (watch.jump && cause !== "seeked") return [watch, []];

  const from_s = watch.jump?.from_s ?? (hasJumped(last, now) ? reached(last, now) : undefined);
  if (from_s !== undefined && Math.abs(now.position_s - from_s) >= SHORTEST_JUMP_S) {
    return jumped({ ...watch, jump: undefined }, now, from_s);
  }
  return wentOn({ ...watch, jump: undefined }, last, now, cause);
}

function wentOn(watch: Watch, last: Sample, now: Sample, cause: Cause): [Watch, Step[]] {
  if (last.playing !== now.playing || cause === "ended") {
    const stopped = told(watch, now, now.playing ? "scene_watch_start" : "scene_watch_pause");
    if (cause !== "ended") return stopped;
    const [after, steps] = last.playing && !now.playing ? stopped : [watch, []];
    const [ended, more] = told(after, now, "scene_watch_complete");
    return [ended, [...steps, ...more]];
  }
  if (!now.playing) return [{ ...watch, last: now }, []];
  if (last.rate !== now.rate || last.visible !== now.visible) return told(watch, now, "scene_watch_progress");
  return progressed(watch, now);
}

/** The end of the stay, whatever is under way. now: the last of the player, if there is one. */
export function leave(watch: Watch, moment: Moment, now?: Sample): [Watch, Step[]] {
  const [settled, steps] = now ? settle(watch, now) : [watch, []];
  const { last } = settled;
  const stopped =
    last?.playing &&
    told(
      settled,
      { ...last, ...moment, position_s: now ? last.position_s : reached(last, moment), playing: false },
      "scene_watch_pause",
    );
  const [after, more] = stopped || [settled, []];
  return [after, [...steps, ...more, { do: "add", event: simple(watch, moment, "scene_page_leave"), isOpen: false }]];
}

/** Nothing that is open is rewritten any more: it was sent. */
export function sealed(watch: Watch): Watch {
  return { ...watch, open: undefined };
}

/** Tell now of what is going on: before the page is hidden, or gone. */
export function settle(watch: Watch, now: Sample): [Watch, Step[]] {
  if (watch.jump) return observe(watch, now, "seeked");
  const { last } = watch;
  if (!last?.playing || !now.playing || hasJumped(last, now)) return observe(watch, now, "other");
  return told(watch, now, "scene_watch_progress");
}

export function simple(watch: Watch, moment: Moment, type: EventType, body?: Made["body"]): Made {
  const { at_ms, mono_ms } = moment;
  return { type, at_ms, mono_ms, watch: watch.id, scene_id: watch.scene_id, ...(body && { body }) };
}

function told(watch: Watch, now: Sample, type: EventType): [Watch, Step[]] {
  const event = simple(watch, now, type, stateOf(now));
  return [{ ...watch, last: now, open: undefined, told_ms: now.mono_ms }, [{ do: "add", event, isOpen: false }]];
}

function progressed(watch: Watch, now: Sample): [Watch, Step[]] {
  const { open } = watch;
  const event = simple(watch, now, "scene_watch_progress", stateOf(now));
  if (open?.type === "scene_watch_progress") {
    if (now.mono_ms - open.written_ms < REWRITTEN_AFTER_MS) return [{ ...watch, last: now }, []];
    const isLast = now.mono_ms - open.since_ms >= SEALED_AFTER_MS;
    const next = isLast ? undefined : { ...open, written_ms: now.mono_ms };
    return [{ ...watch, last: now, open: next, told_ms: now.mono_ms }, [{ do: "rewrite", event }]];
  }
  if (now.mono_ms - watch.told_ms < REWRITTEN_AFTER_MS) return [{ ...watch, last: now }, []];
  const began = { type: "scene_watch_progress", since_ms: now.mono_ms, written_ms: now.mono_ms, from_s: 0 } as const;
  return [{ ...watch, last: now, open: began, told_ms: now.mono_ms }, [{ do: "add", event, isOpen: true }]];
}

function jumped(watch: Watch, now: Sample, from_s: number): [Watch, Step[]] {
  const { open, last } = watch;
  const seek = (from: number): Made =>
    simple(watch, now, "scene_seek", { from_s: rounded(from), to_s: rounded(now.position_s), ...stateOf(now) });
  const next = (from: number) => ({
    ...watch,
    last: now,
    told_ms: now.mono_ms,
    open: { type: "scene_seek" as const, since_ms: now.mono_ms, written_ms: now.mono_ms, from_s: from },
  });
  const goesOn =
    open?.type === "scene_seek" &&
    now.mono_ms - open.written_ms < SAME_JUMP_MS &&
    last !== undefined &&
    Math.abs(from_s - last.position_s) < SAME_PLACE_S &&
    last.playing === now.playing;
  if (goesOn) return [next(open.from_s), [{ do: "rewrite", event: seek(open.from_s) }]];

  const steps: Step[] = [];
  const { duration_s } = now;
  let from = from_s;
  if (now.loops && last?.playing && duration_s > 0 && from_s > duration_s - 1 && now.position_s < 1) {
    from = duration_s;
    const end = { ...now, position_s: duration_s };
    steps.push({ do: "add", event: simple(watch, now, "scene_watch_complete", stateOf(end)), isOpen: false });
  }
  steps.push({ do: "add", event: seek(from), isOpen: true });
  return [next(from), steps];
}

/** Where a video has got to since a sample that is not the newest. */
function reached(last: Sample, now: Moment): number {
  if (!last.playing) return last.position_s;
  const gone_s = Math.min(Math.max(now.mono_ms - last.mono_ms, 0) / 1000, LONGEST_GAP_S) * last.rate;
  return last.duration_s > 0 ? Math.min(last.position_s + gone_s, last.duration_s) : last.position_s + gone_s;
}

function hasJumped(last: Sample, now: Sample): boolean {
  const went_s = now.position_s - last.position_s;
  const gone_s = last.playing ? ((now.mono_ms - last.mono_ms) / 1000) * Math.max(last.rate, now.rate) : 0;
  return went_s < -SLACK_S / 2 || went_s > gone_s * 1.05 + SLACK_S;
}

function stateOf({ position_s, rate, duration_s, visible, playing }: Playing): Record<string, unknown> {
  return { position_s: rounded(position_s), rate, duration_s: rounded(duration_s), visible, playing };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
