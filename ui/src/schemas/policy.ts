import * as v from "valibot";
import { agreed, plain } from "./common.ts";

export const MODES = ["auto", "suggest", "off"] as const;
const own = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema);

/** One label's own values; null follows the default. */
export const policyRow = v.object({
  label: v.string(),
  mode: own(v.picklist(MODES)),
  stash_tag: own(v.string()),
  required_s: own(v.number()),
  required_share: own(v.number()),
  marker: own(v.boolean()),
  min_marker_s: own(v.number()),
  max_gap_s: own(v.number()),
  threshold: own(v.number()),
  scoring: own(v.string()),
  phrasings: own(v.array(v.string())),
});
export type PolicyRow = v.InferOutput<typeof policyRow>;

export const policyDefaults = v.object({
  mode: v.picklist(MODES),
  required_s: v.number(),
  required_share: v.number(),
  marker: v.boolean(),
  min_marker_s: v.number(),
  max_gap_s: v.number(),
});

const tally = v.object({ tags: v.number(), markers: v.number() });
/**
 * What other policies would do with what is stored of a label. media: where it is suggested, accepted or written. seen:
 * how many media were looked at, of `showing`. sentence: what stored features cannot tell.
 */
const previewed = v.object({
  label: v.string(),
  complete: v.boolean(),
  seen: v.number(),
  showing: v.number(),
  // biome-ignore lint/suspicious/noThenProperty: a number, so no promise.
  media: v.object({ now: v.number(), then: v.number() }),
  // biome-ignore lint/suspicious/noThenProperty: as above.
  pending: v.object({ now: tally, then: tally }),
  written: tally,
  taken_back: tally,
  needs_retag: v.boolean(),
  sentence: v.string(),
});
export type Previewed = v.InferOutput<typeof previewed>;

export const POLICY = {
  "policy.list": plain(
    v.object({
      defaults: policyDefaults,
      rows: v.array(policyRow),
      labels: v.array(v.object({ label: v.string(), category: v.string(), media: v.number(), agreed })),
    }),
  ),
  "policy.set": { args: v.object({ rows: v.array(policyRow) }), output: v.object({ saved: v.number() }) },
  "policy.preview": {
    args: v.object({ rows: v.array(policyRow) }),
    output: v.object({ labels: v.array(previewed), complete: v.boolean() }),
  },
  "policy.export": plain(v.object({ csv: v.string() })),
  "policy.import": {
    args: v.object({ csv: v.string(), dry_run: v.optional(v.boolean()) }),
    output: v.object({ read: v.number(), changed: v.array(policyRow), notes: v.array(v.string()) }),
  },
};
