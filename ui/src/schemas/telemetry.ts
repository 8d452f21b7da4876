import * as v from "valibot";
import { plain } from "./common.ts";

export const EVENT_TYPES = [
  "session_start",
  "session_end",
  "scene_view",
  "scene_page_enter",
  "scene_page_leave",
  "scene_watch_start",
  "scene_watch_pause",
  "scene_seek",
  "scene_watch_progress",
  "scene_watch_complete",
  "image_view",
  "gallery_view",
  "library_search",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** As the plugin takes it. tab: one load of one page, whose seq counts from 1. watch: one stay with one scene. */
export const watchEvent = v.object({
  v: v.literal(1),
  id: v.string(),
  type: v.picklist(EVENT_TYPES),
  session: v.string(),
  tab: v.string(),
  seq: v.number(),
  at_ms: v.number(),
  mono_ms: v.number(),
  watch: v.optional(v.string()),
  scene_id: v.optional(v.number()),
  image_id: v.optional(v.number()),
  gallery_id: v.optional(v.number()),
  body: v.optional(v.record(v.string(), v.unknown())),
});
export type WatchEvent = v.InferOutput<typeof watchEvent>;

const state = v.object({
  tracking: v.boolean(),
  paused_until_s: v.nullable(v.number()),
  excluded_tag_ids: v.array(v.number()),
  retention_days: v.number(),
  since_s: v.nullable(v.number()),
  events: v.number(),
  watches: v.number(),
  seconds: v.number(),
  size_bytes: v.number(),
});
export type TelemetryState = v.InferOutput<typeof state>;

const result = v.object({
  id: v.nullable(v.string()),
  status: v.picklist(["accepted", "duplicate", "refused"]),
  reason: v.optional(v.string()),
  code: v.optional(v.string()),
});
export type IngestResult = v.InferOutput<typeof result>;

export const TELEMETRY = {
  "telemetry.state": plain(state),
  "telemetry.ingest": {
    args: v.object({ sent_ms: v.number(), events: v.array(v.unknown()) }),
    output: v.object({ tracking: v.boolean(), paused_until_s: v.nullable(v.number()), results: v.array(result) }),
  },
  "telemetry.pause": { args: v.object({ seconds: v.number() }), output: state },
  "telemetry.export": {
    args: v.object({ after: v.optional(v.string()), limit: v.optional(v.number()) }),
    output: v.looseObject({
      format: v.string(),
      version: v.number(),
      events: v.array(v.unknown()),
      next: v.nullable(v.string()),
    }),
  },
  "telemetry.erase": {
    args: v.object({
      confirmation: v.literal("erase watch history"),
      before_s: v.optional(v.number()),
      scene_id: v.optional(v.number()),
    }),
    output: v.object({ events: v.number(), watches: v.number(), note: v.string() }),
  },
};
