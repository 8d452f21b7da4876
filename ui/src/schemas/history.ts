import * as v from "valibot";

export const SOURCES = ["plugin+stash", "plugin", "stash"] as const;
const source = v.picklist(SOURCES);
export type Source = v.InferOutput<typeof source>;

/** start_s, end_s, how often it was watched. */
const stretch = v.tuple([v.number(), v.number(), v.number()]);
export type Stretch = v.InferOutput<typeof stretch>;

/** One stay with one scene. */
const watch = v.object({
  id: v.number(),
  scene_id: v.number(),
  title: v.string(),
  started_s: v.number(),
  ended_s: v.number(),
  wall_s: v.number(),
  played_s: v.number(),
  unique_s: v.number(),
  duration_s: v.number(),
  completed: v.boolean(),
});
export type Watch = v.InferOutput<typeof watch>;

const scene = v.object({
  scene_id: v.number(),
  duration_s: v.number(),
  coverage: v.array(stretch),
  watches: v.array(watch),
  plugin_s: v.number(),
  stash_s: v.number(),
  watched_s: v.number(),
  base_s: v.nullable(v.number()),
  plays: v.number(),
  o_count: v.number(),
  rating100: v.nullable(v.number()),
  last_s: v.nullable(v.number()),
});
export type SceneHistory = v.InferOutput<typeof scene>;

const hours = v.number();
const named = v.array(v.object({ id: v.number(), name: v.string(), hours }));

/** by_hour: of the day, by_weekday: from Monday, by_weekday_hour: both; by the clock of whoever asks. */
const statistics = v.object({
  weeks: v.array(v.object({ start_s: v.number(), hours })),
  total_hours: hours,
  scenes: v.number(),
  watches: v.number(),
  by_hour: v.array(hours),
  by_weekday: v.array(hours),
  by_weekday_hour: v.array(v.array(hours)),
  tags: v.array(v.object({ tag_id: v.nullable(v.number()), name: v.string(), hours })),
  performers: named,
  studios: named,
  scenes_top: v.array(v.object({ scene_id: v.number(), title: v.string(), hours, plays: v.number() })),
  since_s: v.nullable(v.number()),
  note: v.string(),
});
export type Statistics = v.InferOutput<typeof statistics>;

export const HISTORY = {
  "history.list": {
    args: v.object({
      limit: v.optional(v.number()),
      before: v.optional(v.string()),
      scene_id: v.optional(v.number()),
    }),
    output: v.object({ watches: v.array(watch), next: v.nullable(v.string()) }),
  },
  "history.scene": { args: v.object({ id: v.number() }), output: scene },
  "history.remove": { args: v.object({ watch_ids: v.array(v.number()) }), output: v.object({ removed: v.number() }) },
  "history.statistics": {
    args: v.object({
      weeks: v.optional(v.number()),
      source: v.optional(source),
      tz_offset_min: v.optional(v.number()),
    }),
    output: statistics,
  },
};
