import * as v from "valibot";

export const KINDS = ["scene", "image", "gallery"] as const;
export const kind = v.picklist(KINDS);
export type Kind = v.InferOutput<typeof kind>;

export const nothing = v.object({});
/** How often the owner accepted and rejected. */
export const agreed = v.tuple([v.number(), v.number()]);
/** State -> how many. */
export const counts = v.record(v.string(), v.number());

/** Asked without arguments. */
export function plain<Output extends v.GenericSchema>(output: Output) {
  return { args: nothing, output };
}
