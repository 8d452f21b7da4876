import * as v from "valibot";
import { kind, plain } from "./common.ts";
import { policyDefaults } from "./policy.ts";

const stored = v.object({
  model: v.string(),
  vocabulary: v.boolean(),
  interval_s: v.number(),
  refine: v.picklist(["budget", "full", "none"]),
  refine_s: v.number(),
  media_at_once: v.number(),
  tag_suffix: v.string(),
  parent_tag: v.string(),
  gallery_share: v.number(),
  analyse_kinds: v.array(kind),
  history_days: v.number(),
  face_model: v.string(),
  identify_performers: v.picklist(["suggest", "auto", "off"]),
  performer_maybes: v.boolean(),
  performer_gallery_share: v.number(),
  performer_gallery_images: v.number(),
  face_sources: v.array(v.string()),
  box_images: v.number(),
  watch_retention_days: v.number(),
  watch_excluded_tags: v.array(v.string()),
  recommend_from: v.picklist(["ai", "stash", "both"]),
  nightly_cron: v.string(),
  sweep_cron: v.string(),
  maintenance_cron: v.string(),
  stash_url: v.string(),
  workflow_tags: v.object({ tag_me: v.string(), tagged: v.string(), errored: v.string(), reprocess: v.string() }),
  defaults: policyDefaults,
});
export type StoredSettings = v.InferOutput<typeof stored>;

export const SETTINGS = {
  "settings.get": plain(
    v.object({
      store: stored,
      stash: v.object({
        sidecar_address: v.string(),
        sidecar_token_file: v.string(),
        path_mappings: v.string(),
        install_sidecar: v.boolean(),
        analyse_new: v.boolean(),
        ignore_updates: v.boolean(),
        track_watching: v.boolean(),
        quiet_hours: v.string(),
      }),
    }),
  ),
  "settings.set": {
    args: v.object({ values: v.record(v.string(), v.unknown()) }),
    output: v.object({ store: stored, note: v.string() }),
  },
  "paths.probe": {
    args: v.object({ rules: v.optional(v.string()), samples: v.optional(v.number()) }),
    output: v.object({
      media_roots: v.array(v.string()),
      rules: v.array(v.string()),
      files: v.array(
        v.object({
          stash: v.string(),
          sidecar: v.string(),
          seen: v.boolean(),
          same_size: v.boolean(),
          problem: v.string(),
        }),
      ),
      suggested: v.array(v.object({ rule: v.string(), files: v.number() })),
      without_mapping: v.string(),
    }),
  },
  "schedule.get": plain(
    v.object({
      jobs: v.array(
        v.object({
          id: v.string(),
          cron: v.string(),
          next_run_s: v.nullable(v.number()),
          last_run_s: v.nullable(v.number()),
          last_outcome: v.string(),
        }),
      ),
    }),
  ),
};
