import * as v from "valibot";
import { counts, kind, plain } from "./common.ts";
import { progress } from "./status.ts";

export const JOB_STATES = ["pending", "running", "completed", "failed", "cancelled"] as const;

export const job = v.object({
  id: v.number(),
  parent_id: v.nullable(v.number()),
  run_id: v.nullable(v.number()),
  action: v.string(),
  kind: v.nullable(v.string()),
  media_id: v.nullable(v.number()),
  name: v.string(),
  priority: v.picklist(["high", "normal", "low"]),
  state: v.picklist(JOB_STATES),
  reason_code: v.string(),
  reason: v.string(),
  attempts: v.number(),
  next_try_s: v.nullable(v.number()),
  cancel_asked: v.boolean(),
  created_s: v.number(),
  started_s: v.nullable(v.number()),
  ended_s: v.nullable(v.number()),
  media: counts,
});
export type Job = v.InferOutput<typeof job>;

const medium = v.object({
  job: v.nullable(job),
  ahead: v.number(),
  progress: v.optional(v.nullable(progress), null),
  drain: v.optional(v.nullable(v.object({ state: v.string(), sentence: v.string() })), null),
});
export const ofMedium = medium.entries;

const id = v.object({ id: v.number() });
const priority = v.picklist(["high", "normal", "low"]);

export const QUEUE = {
  "queue.list": {
    args: v.object({
      states: v.optional(v.array(v.picklist(JOB_STATES))),
      words: v.optional(v.string()),
      parent_id: v.optional(v.number()),
      roots: v.optional(v.boolean()),
      limit: v.optional(v.number()),
      before_id: v.optional(v.number()),
    }),
    output: v.object({ count: v.optional(v.number(), 0), jobs: v.array(job) }),
  },
  "queue.medium": { args: v.object({ kind, id: v.number() }), output: medium },
  "queue.add": {
    args: v.object({
      which: v.optional(v.picklist(["new", "all", "tagged", "stored", "ids"])),
      ids: v.optional(v.record(kind, v.array(v.number()))),
      filters: v.optional(v.record(kind, v.any())),
      kinds: v.optional(v.array(kind)),
      fresh: v.optional(v.boolean()),
      priority: v.optional(priority),
      title: v.optional(v.string()),
    }),
    output: v.object({ id: v.number(), state: v.string() }),
  },
  "queue.cancel": { args: id, output: v.object({ cancelled: v.number() }) },
  "queue.cancel_all": plain(v.object({ cancelled: v.number() })),
  "queue.retry": { args: id, output: v.object({ retried: v.number(), state: v.string() }) },
  "queue.pause": plain(v.object({ state: v.string() })),
  "queue.resume": plain(v.object({ state: v.string() })),
};
