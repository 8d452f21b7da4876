import * as v from "valibot";
import { agreed, kind, plain } from "./common.ts";

export const DECISIONS = ["pending", "accepted", "applied", "rejected", "withdrawn"] as const;
export const TYPES = ["tag", "marker", "performer"] as const;
export type Decision = (typeof DECISIONS)[number];

/**
 * A tag for a medium, a marker [start_s, end_s) for a scene, or a performer, whose name is the label. tag: what its label
 * is called in Stash. score: in the model's unit, of a performer a cosine; no probability.
 */
export const suggestion = v.object({
  id: v.number(),
  run_id: v.number(),
  kind,
  media_id: v.number(),
  type: v.picklist(TYPES),
  label: v.string(),
  tag: v.optional(v.string(), ""),
  category: v.string(),
  start_s: v.number(),
  end_s: v.number(),
  peak_s: v.number(),
  score: v.number(),
  reason: v.record(v.string(), v.unknown()),
  state: v.picklist(DECISIONS),
  decided_by: v.string(),
  held: v.boolean(),
  edited: v.boolean(),
  created_s: v.number(),
  decided_s: v.nullable(v.number()),
});
export type Suggestion = v.InferOutput<typeof suggestion>;

export const listed = v.object({
  ...suggestion.entries,
  name: v.string(),
  agreed,
  duration_s: v.optional(v.nullable(v.number()), null),
});
export type ListedSuggestion = v.InferOutput<typeof listed>;

const where = {
  kind: v.optional(kind),
  media_id: v.optional(v.number()),
  type: v.optional(v.picklist(TYPES)),
  label: v.optional(v.string()),
  words: v.optional(v.string()),
  run_id: v.optional(v.number()),
  min_score: v.optional(v.number()),
  up_to_id: v.optional(v.number()),
};
export const whereSchema = v.object(where);
export type Where = v.InferOutput<typeof whereSchema>;

const ids = v.optional(v.array(v.number()));
const decided = { ids: v.optional(v.array(v.number()), []), left: v.optional(v.number(), 0) };
const failed = v.array(v.unknown());

export const SUGGESTIONS = {
  "suggestions.list": {
    args: v.object({
      states: v.optional(v.array(v.picklist(DECISIONS))),
      ...where,
      order: v.optional(v.picklist(["newest", "score", "medium"])),
      limit: v.optional(v.number()),
      before_id: v.optional(v.number()),
      after: v.optional(v.string()),
    }),
    output: v.object({
      count: v.number(),
      suggestions: v.array(listed),
      next: v.optional(v.nullable(v.string()), null),
      newest_id: v.optional(v.number(), 0),
    }),
  },
  "suggestions.groups": {
    args: v.object({
      by: v.optional(v.picklist(["label", "medium", "run"])),
      states: v.optional(v.array(v.picklist(DECISIONS))),
      limit: v.optional(v.number()),
      kind: where.kind,
      type: where.type,
      words: where.words,
      min_score: where.min_score,
    }),
    output: v.object({
      groups: v.array(
        v.object({
          count: v.number(),
          label: v.optional(v.string()),
          category: v.optional(v.string()),
          kind: v.optional(kind),
          media_id: v.optional(v.number()),
          run_id: v.optional(v.number()),
          title: v.optional(v.string()),
          name: v.optional(v.string()),
          agreed: v.optional(agreed),
          top_score: v.optional(v.number()),
          low_score: v.optional(v.number()),
        }),
      ),
    }),
  },
  "suggestions.accept": {
    args: v.object({ ids, where: v.optional(whereSchema), write: v.optional(v.boolean()) }),
    output: v.object({
      accepted: v.number(),
      written: v.unknown(),
      queued: v.number(),
      run_id: v.optional(v.number()),
      ...decided,
    }),
  },
  "suggestions.reject": {
    args: v.object({ ids, where: v.optional(whereSchema) }),
    output: v.object({ rejected: v.number(), taken_back: v.number(), failed, ...decided }),
  },
  "suggestions.edit": {
    args: v.object({ id: v.number(), start_s: v.number(), end_s: v.number() }),
    output: v.object({ suggestion }),
  },
  "suggestions.apply": plain(v.object({ queued: v.number(), state: v.string() })),
  "suggestions.undo": {
    args: v.object({ ids: v.array(v.number()) }),
    output: v.object({
      taken_back: v.number(),
      left: v.unknown(),
      failed,
      queued: v.optional(v.number(), 0),
    }),
  },
};
