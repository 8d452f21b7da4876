import * as v from "valibot";

export const CONTEXTS = ["global_feed", "similar_scene", "prune_candidates"] as const;
const context = v.picklist(CONTEXTS);
export type Context = v.InferOutput<typeof context>;

export const VERDICTS = ["more", "less", "hide", "none"] as const;
const verdict = v.picklist(VERDICTS);
export type Verdict = v.InferOutput<typeof verdict>;

export const FIELD_TYPES = [
  "number",
  "slider",
  "select",
  "enum",
  "boolean",
  "text",
  "search",
  "tags",
  "performers",
] as const;

const config = v.record(v.string(), v.unknown());
export type Config = v.InferOutput<typeof config>;

const bound = v.optional(v.nullable(v.number()), null);

/** One setting of a recommender, in words for people. A type that this version does not know is not shown. */
const field = v.object({
  name: v.string(),
  type: v.string(),
  label: v.string(),
  help: v.string(),
  default: v.unknown(),
  low: bound,
  high: bound,
  step: bound,
  unit: v.optional(v.string(), ""),
  choices: v.optional(v.array(v.object({ value: v.string(), label: v.string() })), []),
  advanced: v.optional(v.boolean(), false),
});
export type Field = v.InferOutput<typeof field>;

/** value, low, high. */
const interval = v.tuple([v.number(), v.number(), v.number()]);

/** How well it foretold what was watched next; shares of 1. cases: of how many. */
const evaluation = v.object({
  hit_rate: interval,
  ndcg: interval,
  coverage: v.number(),
  novelty: v.number(),
  cases: v.number(),
  at_s: v.number(),
});
export type Evaluation = v.InferOutput<typeof evaluation>;

const recommender = v.object({
  id: v.string(),
  label: v.string(),
  description: v.string(),
  contexts: v.array(v.string()),
  needs_seeds: v.boolean(),
  fields: v.array(field),
  config,
  evaluation: v.nullable(evaluation),
  ready: v.boolean(),
  why_not: v.string(),
});
export type Recommender = v.InferOutput<typeof recommender>;

/** What is known of Stash's library. synced_s: when it was last read, null for never. */
const library = v.object({
  scenes: v.number(),
  described: v.number(),
  synced_s: v.nullable(v.number()),
  stale: v.boolean(),
  watched: v.number(),
});
export type Library = v.InferOutput<typeof library>;

const tagReason = v.object({
  name: v.string(),
  tag_id: v.nullable(v.number()),
  seconds: v.number(),
  weight: v.number(),
  score: v.number(),
  is_timed: v.optional(v.boolean(), false),
});
export type TagReason = v.InferOutput<typeof tagReason>;

const named = v.object({ id: v.number(), name: v.string(), score: v.number() });

const sceneReason = v.object({
  scene_id: v.number(),
  title: v.string(),
  similarity: v.number(),
  how: v.string(),
});
export type SceneReason = v.InferOutput<typeof sceneReason>;

/** What its owner did with this very scene; empty where nothing. */
const own = v.object({
  last_s: v.optional(v.number()),
  watched_s: v.optional(v.number(), 0),
  plays: v.optional(v.number(), 0),
  feedback: v.optional(verdict, "none"),
});

const why = v.object({
  sentence: v.string(),
  parts: v.record(v.string(), v.number()),
  tags: v.array(tagReason),
  performers: v.array(named),
  studio: v.nullable(named),
  scenes: v.array(sceneReason),
  history: own,
  debug: v.record(v.string(), v.unknown()),
});
export type Why = v.InferOutput<typeof why>;

const item = v.object({ scene_id: v.number(), title: v.string(), score: v.number(), why });
export type Item = v.InferOutput<typeof item>;

const ids = v.optional(v.array(v.number()));
/** Default: the global feed. */
const where = v.optional(context);
const saved = v.object({ context: where, recommender: v.string() });

export const RECOMMEND = {
  "recommend.list": {
    args: v.object({ context: where }),
    output: v.object({
      context,
      chosen: v.string(),
      recommenders: v.array(recommender),
      best: v.nullable(v.string()),
      library,
    }),
  },
  "recommend.query": {
    args: v.object({
      context: where,
      recommender: v.optional(v.string()),
      config: v.optional(config),
      seeds: ids,
      exclude: ids,
      limit: v.optional(v.number()),
      cursor: v.optional(v.string()),
    }),
    output: v.object({
      recommender: v.string(),
      config,
      warnings: v.array(v.string()),
      items: v.array(item),
      next: v.nullable(v.string()),
      total: v.number(),
      note: v.string(),
      library,
    }),
  },
  "recommend.save": {
    args: v.object({ ...saved.entries, config, chosen: v.optional(v.boolean()) }),
    output: recommender,
  },
  "recommend.reset": { args: saved, output: recommender },
  "recommend.feedback": {
    args: v.object({ scene_id: v.number(), verdict }),
    output: v.object({ scene_id: v.number(), verdict }),
  },
  "recommend.feedback_list": {
    args: v.object({}),
    output: v.object({
      feedback: v.array(v.object({ scene_id: v.number(), title: v.string(), verdict, at_s: v.number() })),
    }),
  },
  "recommend.refresh": {
    args: v.object({}),
    output: v.object({ job_id: v.nullable(v.number()), state: v.string() }),
  },
};
