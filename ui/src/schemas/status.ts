import * as v from "valibot";
import { counts, kind, plain } from "./common.ts";

export const selfTest = v.object({
  at_s: v.number(),
  summary: v.string(),
  checks: v.array(
    v.object({ name: v.string(), level: v.picklist(["ok", "warn", "fail"]), sentence: v.string(), remedy: v.string() }),
  ),
});

/** One medium that is in work now. seconds_left: null while unknown. */
export const progress = v.object({
  kind,
  id: v.number(),
  name: v.string(),
  stage: v.string(),
  position_s: v.number(),
  duration_s: v.number(),
  frames_per_s: v.number(),
  seconds_left: v.nullable(v.number()),
});
export type Progress = v.InferOutput<typeof progress>;

const status = v.object({
  ready: v.boolean(),
  version: v.string(),
  stash_version: v.string(),
  drain: v.object({
    state: v.picklist(["running", "paused", "idle"]),
    sentence: v.string(),
    share: v.number(),
    detail: v.object({
      done: v.optional(v.number(), 0),
      total: v.optional(v.number(), 0),
      failed: v.optional(v.number(), 0),
      frames_per_s: v.optional(v.number(), 0),
      media: v.optional(v.array(progress), []),
    }),
    heartbeat_s: v.nullable(v.number()),
  }),
  queue: counts,
  noticed: v.number(),
  analysed: counts,
  failed: v.number(),
  suggestions: v.object({ pending: v.number(), accepted: v.number() }),
  sidecar: v.nullable(
    v.object({
      ok: v.boolean(),
      message: v.string(),
      checked_s: v.number(),
      next_try_s: v.nullable(v.number()),
      version: v.string(),
      model: v.string(),
      device: v.string(),
      address: v.optional(v.string(), ""),
      is_ours: v.optional(v.boolean(), false),
      log_path: v.optional(v.nullable(v.string()), null),
    }),
  ),
  can_analyse: v.boolean(),
  self_test: v.nullish(selfTest),
});
export type Status = v.InferOutput<typeof status>;

export const STATUS = { status: plain(status), "status.check": plain(status) };
