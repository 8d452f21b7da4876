import * as v from "valibot";
import { kind } from "./common.ts";
import { ofMedium } from "./queue.ts";
import { suggestion } from "./suggestions.ts";

/** Seconds of the medium, [start_s, end_s); each bound lies within its uncertainty. */
export const span = v.object({
  label: v.string(),
  category: v.string(),
  start_s: v.number(),
  end_s: v.number(),
  score: v.number(),
  peak_s: v.number(),
  peak_score: v.number(),
  start_uncertainty_s: v.number(),
  end_uncertainty_s: v.number(),
});
export type Span = v.InferOutput<typeof span>;

const analysis = v.object({
  name: v.string(),
  run_id: v.nullable(v.number()),
  model: v.string(),
  view: v.string(),
  interval_s: v.number(),
  duration_s: v.number(),
  samples: v.number(),
  decoder: v.string(),
  plan: v.string(),
  warnings: v.array(v.object({ code: v.string(), message: v.string() })),
  done_s: v.number(),
  spans: v.array(span),
  totals: v.array(
    v.object({
      label: v.string(),
      category: v.string(),
      seconds: v.number(),
      share: v.number(),
      score: v.number(),
    }),
  ),
});
export type Analysis = v.InferOutput<typeof analysis>;

const medium = { kind, id: v.number() };
/** left: writes that the owner changed or removed since. failed: sentences. */
const undone = v.object({ taken_back: v.number(), left: v.number(), failed: v.array(v.string()) });

export const MEDIA_STATES = ["analysed", "pending", "running", "failed"] as const;
export type MediaState = (typeof MEDIA_STATES)[number];

export const ANALYSIS = {
  "scene.analysis": {
    args: v.object({ kind: v.optional(kind), id: v.number() }),
    output: v.object({
      ...medium,
      analysis: v.nullable(analysis),
      failure: v.nullable(v.object({ code: v.string(), message: v.string(), failed_s: v.number() })),
      suggestions: v.array(suggestion),
      ...ofMedium,
    }),
  },
  "media.states": {
    args: v.object({ kind, ids: v.array(v.number()) }),
    output: v.object({
      states: v.record(v.string(), v.picklist(MEDIA_STATES)),
      waiting: v.optional(v.record(v.string(), v.number()), {}),
    }),
  },
  "media.undo": {
    args: v.object({ kind, id: v.optional(v.number()), ids: v.optional(v.array(v.number())) }),
    output: undone,
  },
  "runs.list": {
    args: v.object({ limit: v.optional(v.number()), before_id: v.optional(v.number()) }),
    output: v.object({
      runs: v.array(
        v.object({
          id: v.number(),
          title: v.string(),
          origin: v.string(),
          started_s: v.number(),
          ended_s: v.nullable(v.number()),
          undone_s: v.nullable(v.number()),
          analysed: v.number(),
          failed: v.number(),
          suggested: v.number(),
          written: v.number(),
        }),
      ),
    }),
  },
  "runs.undo": { args: v.object({ id: v.number() }), output: undone },
};
