import * as v from "valibot";
import { counts, kind, plain } from "./common.ts";

export const selfTest = v.object({
  at_s: v.number(),
  summary: v.string(),
  checks: v.array(
    v.object({ name: v.string(), level: v.picklist(["ok", "warn", "fail"]), sentence: v.string(), remedy: v.string() }),
  ),
});

export type SelfTest = v.InferOutput<typeof selfTest>;

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

export const sidecarState = v.object({
  ok: v.boolean(),
  message: v.string(),
  checked_s: v.number(),
  next_try_s: v.nullable(v.number()),
  version: v.string(),
  version_mismatch: v.optional(v.string(), ""),
  model: v.string(),
  device: v.string(),
  address: v.optional(v.string(), ""),
  is_ours: v.optional(v.boolean(), false),
  log_path: v.optional(v.nullable(v.string()), null),
});

const status = v.object({
  ready: v.boolean(),
  /** What the owner must do first; "" where the plugin is ready. */
  instruction: v.optional(v.string(), ""),
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
  sidecar: v.nullable(sidecarState),
  can_analyse: v.boolean(),
  self_test: v.nullish(selfTest),
});
export type Status = v.InferOutput<typeof status>;

/** How it stands where the plugin's packages are not installed: nothing else of it answers then. */
const NOT_READY: Status = {
  ready: false,
  instruction: "",
  version: "",
  stash_version: "",
  drain: {
    state: "idle",
    sentence: "",
    share: 0,
    detail: { done: 0, total: 0, failed: 0, frames_per_s: 0, media: [] },
    heartbeat_s: null,
  },
  queue: {},
  noticed: 0,
  analysed: {},
  failed: 0,
  suggestions: { pending: 0, accepted: 0 },
  sidecar: null,
  can_analyse: false,
  self_test: null,
};
const notReady = v.pipe(
  v.object({ ready: v.literal(false), instruction: v.string() }),
  v.transform(({ instruction }): Status => ({ ...NOT_READY, instruction })),
);

export const STATUS = {
  status: plain(v.union([status, notReady])),
  "status.check": plain(status),
  "sidecar.restart": plain(v.object({ stopped: v.boolean(), sidecar: v.nullable(sidecarState) })),
  "self_test.run": plain(v.object({ ready: v.boolean(), ...selfTest.entries })),
};
