import * as v from "valibot";
import { plain } from "./common.ts";

/** See Model in protos/models.proto. default: an empty setting means this one. chosen: this one is used now. */
export const model = v.object({
  id: v.string(),
  job: v.string(),
  licence: v.string(),
  licence_url: v.string(),
  source: v.string(),
  revision: v.optional(v.string(), ""),
  /** "<file>:<sha256>", or "<file>:unknown". */
  checksums: v.optional(v.array(v.string()), []),
  size_bytes: v.number(),
  downloaded_bytes: v.number(),
  dim: v.number(),
  speed_class: v.string(),
  embedded: v.boolean(),
  state: v.string(),
  reason: v.string(),
  device: v.string(),
  runtime: v.string(),
  memory_bytes: v.number(),
  scoring: v.string(),
  note: v.string(),
  default: v.boolean(),
  chosen: v.boolean(),
});
export type Model = v.InferOutput<typeof model>;

const one = { args: v.object({ id: v.string() }), output: v.object({ model: v.nullable(model) }) };

export const MODELS = {
  "models.list": plain(
    v.object({
      version: v.string(),
      model: v.string(),
      default_model: v.string(),
      setting: v.string(),
      vocabulary: v.string(),
      models: v.array(model),
      decoders: v.array(v.object({ name: v.string(), available: v.boolean(), reason: v.string() })),
    }),
  ),
  /** used: whether it is looked for at all. judged: the model in use can tell. */
  "vocabulary.list": plain(
    v.object({
      used: v.boolean(),
      tags: v.array(v.object({ name: v.string(), category: v.string(), judged: v.boolean() })),
    }),
  ),
  "models.load": one,
  "models.unload": one,
  "models.download": { ...one, args: v.object({ id: v.string(), licence: v.string() }) },
  "models.cancel_download": one,
};
