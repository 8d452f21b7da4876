import * as v from "valibot";
import { kind, plain } from "./common.ts";
import { listed } from "./suggestions.ts";

const FACE_DECISIONS = ["unknown", "maybe", "match"] as const;
const decision = v.picklist(FACE_DECISIONS);

/** left, top, width, height, as shares of the upright picture. */
export const box = v.tuple([v.number(), v.number(), v.number(), v.number()]);
export type Box = v.InferOutput<typeof box>;

const boxPerson = v.object({ endpoint: v.string(), name: v.string(), id: v.string() });

/** One identity. keys: all that it is known by, `key` first. performer_id: of Stash. boxes: of stash-boxes. */
export const who = v.object({
  key: v.string(),
  keys: v.array(v.string()),
  name: v.string(),
  performer_id: v.nullable(v.number()),
  boxes: v.array(boxPerson),
});
export type Who = v.InferOutput<typeof who>;

/** similarity: cosine, no probability. margin: its distance to the next identity; the similarity itself where there is none. */
export const candidate = v.object({
  ...who.entries,
  similarity: v.number(),
  margin: v.number(),
  references: v.number(),
  agreeing_views: v.number(),
  source: v.string(),
  reference_id: v.string(),
  lowered: v.array(v.string()),
  decision,
});
export type Candidate = v.InferOutput<typeof candidate>;

const moments = v.array(v.tuple([v.number(), v.number()]));

/** One person as seen in one medium. who: who it is, or may be. */
export const track = v.object({
  id: v.string(),
  spans: moments,
  seconds: v.number(),
  faces: v.number(),
  views: v.number(),
  quality: v.number(),
  best: v.object({ pts_s: v.number(), box }),
  decision,
  who: v.nullable(who),
  confirmed: v.boolean(),
  candidates: v.array(v.object({ ...candidate.entries, rejected: v.boolean() })),
  group_id: v.string(),
  suggestion_id: v.nullable(v.number()),
  suggestion_state: v.string(),
});
export type Track = v.InferOutput<typeof track>;

const identified = v.object({
  box,
  quality: v.number(),
  picture: v.string(),
  candidates: v.array(candidate),
  decision,
  group_id: v.string(),
});
export type Identified = v.InferOutput<typeof identified>;

const points = v.array(
  v.object({
    references: v.string(),
    match: v.number(),
    maybe: v.number(),
    match_false_accepts: v.number(),
    maybe_false_accepts: v.number(),
    basis: v.string(),
    trials: v.number(),
  }),
);

const state = v.object({
  ready: v.boolean(),
  why: v.string(),
  model: v.string(),
  people: v.number(),
  references: v.number(),
  references_by_source: v.record(v.string(), v.number()),
  media: v.number(),
  faces: v.number(),
  tracks: v.number(),
  groups: v.number(),
  search: v.string(),
  search_note: v.string(),
  points,
  size_bytes: v.number(),
  last_import: v.string(),
  boxes: v.array(
    v.object({
      endpoint: v.string(),
      name: v.string(),
      synced_s: v.nullable(v.number()),
      known: v.number(),
      wanted: v.number(),
      problem: v.string(),
    }),
  ),
});
export type FaceState = v.InferOutput<typeof state>;

const known = v.object({
  ...who.entries,
  references: v.record(v.string(), v.number()),
  picture_id: v.string(),
  scenes: v.number(),
});
export type Known = v.InferOutput<typeof known>;

const reference = v.object({
  id: v.string(),
  key: v.string(),
  source: v.string(),
  image_id: v.string(),
  kind: v.string(),
  media_id: v.nullable(v.number()),
  pts_s: v.number(),
  quality: v.number(),
  picture: v.string(),
});
export type Reference = v.InferOutput<typeof reference>;

const group = v.object({
  id: v.string(),
  media: v.number(),
  tracks: v.number(),
  seconds: v.number(),
  best_track: v.string(),
  ignored: v.boolean(),
  newest_s: v.number(),
  candidates: v.array(candidate),
});
export type Group = v.InferOutput<typeof group>;

const merge = v.object({ id: v.string(), group_id: v.string(), groups: v.number(), at_s: v.number() });
export type Merge = v.InferOutput<typeof merge>;

const groupTrack = v.object({
  kind,
  media_id: v.number(),
  name: v.string(),
  content_key: v.string(),
  track_id: v.string(),
  spans: moments,
  seconds: v.number(),
  pts_s: v.number(),
  similarity: v.number(),
});
export type GroupTrack = v.InferOutput<typeof groupTrack>;

const found = v.object({
  performers: v.array(v.object({ id: v.number(), name: v.string(), disambiguation: v.string(), picture: v.string() })),
  boxes: v.array(
    v.object({
      endpoint: v.string(),
      box: v.string(),
      id: v.string(),
      name: v.string(),
      disambiguation: v.string(),
      picture_url: v.string(),
    }),
  ),
  problems: v.array(v.string()),
});
export type Found = v.InferOutput<typeof found>;

const medium = { kind, id: v.number() };
const about = v.object({ ...medium, track_id: v.string(), key: v.string() });
const ids = v.object({ ids: v.array(v.string()) });
const id = v.object({ id: v.string() });
const page = { limit: v.optional(v.number()), after: v.optional(v.string()) };
const media = v.array(v.object(medium));
const nullish = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema), null);

export const PEOPLE = {
  "people.state": plain(state),
  "people.medium": {
    args: v.object(medium),
    output: v.object({
      kind,
      media_id: v.number(),
      looked: v.boolean(),
      model: v.string(),
      frames: v.number(),
      faces: v.number(),
      looked_s: v.nullable(v.number()),
      duration_s: v.number(),
      tracks: v.array(track),
    }),
  },
  "people.on_screen": {
    args: v.object(medium),
    output: v.object({
      marks: v.array(v.object({ track_id: v.string(), pts_s: v.array(v.number()), boxes: v.array(box) })),
    }),
  },
  "people.pictures": { args: ids, output: v.object({ pictures: v.record(v.string(), v.string()) }) },
  "people.identify": {
    args: v.object({ ...medium, at_s: v.optional(v.number()), box: v.optional(v.nullable(box)) }),
    output: v.object({ pts_s: v.number(), note: v.string(), faces: v.array(identified) }),
  },
  "people.suggestions": {
    args: v.object({ ...page, decision: v.optional(v.picklist(["", "match", "maybe"])) }),
    output: v.object({
      count: v.number(),
      next: v.optional(v.nullable(v.string()), null),
      suggestions: v.array(v.object({ ...listed.entries, who })),
    }),
  },
  "people.accept": {
    args: about,
    output: v.object({
      written: v.boolean(),
      suggestion_id: v.nullable(v.number()),
      performer_id: v.nullable(v.number()),
      run_id: v.nullable(v.number()),
      created: v.boolean(),
    }),
  },
  "people.reject": {
    args: about,
    output: v.object({ suggestion_id: v.nullable(v.number()), taken_back: v.number() }),
  },
  "people.list": {
    args: v.object({ ...page, words: v.optional(v.string()) }),
    output: v.object({ people: v.array(known), next: v.string(), total: v.number() }),
  },
  "people.get": {
    args: v.object({ key: v.string() }),
    output: v.object({
      person: known,
      references: v.array(reference),
      links: v.array(v.object({ key: v.string(), other_key: v.string(), why: v.string() })),
    }),
  },
  "people.remove_references": { args: ids, output: v.object({ removed: v.number() }) },
  "people.look_alikes": {
    args: v.object({ key: v.string(), limit: v.optional(v.number()) }),
    output: v.object({
      people: v.array(v.object({ ...who.entries, similarity: v.number(), picture_id: v.string() })),
    }),
  },
  "people.groups": {
    args: v.object({
      ...page,
      order: v.optional(v.picklist(["scenes", "seconds", "newest"])),
      ignored: v.optional(v.boolean()),
      min_media: v.optional(v.number()),
    }),
    output: v.object({ groups: v.array(group), next: v.string(), total: v.number(), merges: v.array(merge) }),
  },
  "people.group": { args: id, output: v.object({ group, tracks: v.array(groupTrack) }) },
  "people.merge": { args: ids, output: v.object({ group: id, merge_id: v.string() }) },
  "people.unmerge": { args: v.object({ merge_id: v.string() }), output: v.object({ groups: v.array(v.unknown()) }) },
  "people.split": {
    args: v.object({ id: v.string(), track_ids: v.array(v.string()) }),
    output: v.object({ group: id }),
  },
  "people.ignore": { args: v.object({ ...ids.entries, ignored: v.boolean() }), output: ids },
  "people.name": {
    args: v.object({
      id: v.string(),
      performer_id: nullish(v.number()),
      create: nullish(v.object({ name: v.string() })),
      box: nullish(v.object({ endpoint: v.string(), id: v.string() })),
    }),
    output: v.object({ naming_id: v.string(), performer_id: v.number(), media, suggested: v.number() }),
  },
  "people.unname": { args: v.object({ naming_id: v.string() }), output: v.object({ media }) },
  "people.find": { args: v.object({ words: v.string(), boxes: v.optional(v.boolean()) }), output: found },
  "people.sync": {
    args: v.object({ endpoint: v.string(), whole: v.optional(v.boolean()) }),
    output: v.unknown(),
  },
  "people.erase": {
    args: v.object({ confirmation: v.literal("erase all faces") }),
    output: v.object({ faces: v.number(), people: v.number() }),
  },
};
