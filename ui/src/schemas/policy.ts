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

export const POLICY = {
  "policy.list": plain(
    v.object({
      defaults: policyDefaults,
      rows: v.array(policyRow),
      labels: v.array(v.object({ label: v.string(), category: v.string(), media: v.number(), agreed })),
    }),
  ),
  "policy.set": { args: v.object({ rows: v.array(policyRow) }), output: v.object({ saved: v.number() }) },
  "policy.export": plain(v.object({ csv: v.string() })),
  "policy.import": {
    args: v.object({ csv: v.string(), dry_run: v.optional(v.boolean()) }),
    output: v.object({ read: v.number(), changed: v.array(policyRow), notes: v.array(v.string()) }),
  },
};
