import * as v from "valibot";
import { plain } from "./common.ts";

export const model = v.object({
  id: v.string(),
  job: v.string(),
  licence: v.string(),
  size_bytes: v.number(),
  embedded: v.boolean(),
  state: v.string(),
  reason: v.string(),
  device: v.string(),
  memory_bytes: v.number(),
});
export type Model = v.InferOutput<typeof model>;

export const MODELS = {
  "models.list": plain(
    v.object({
      version: v.string(),
      model: v.string(),
      vocabulary: v.string(),
      models: v.array(model),
      decoders: v.array(v.object({ name: v.string(), available: v.boolean(), reason: v.string() })),
    }),
  ),
};
